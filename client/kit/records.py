"""What lists and forms ask of the store: the kit knows this much of it and no more."""

from __future__ import annotations

import enum
import time
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from common.kit.conditions import Condition
from common.kit.contents import FileKind
from common.kit.rights import Permissions
from common.kit.sync import Command, Delete, LegalNumber, Operation, Restore, Save

Body = Save | Delete | Restore | Command
Touched = dict[str, set[str]]
"""Ids of changed rows by entity."""
Watcher = Callable[[Touched], None]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed and not yet stored; `at` in ms since 1970 UTC."""

    key: str
    screen: str
    title: str
    body: dict[str, Any]
    at: int


@dataclass(frozen=True, slots=True)
class ListRow:
    """What a table paints: the record's id and the shown text of each column."""

    number: int
    id: str
    texts: tuple[str, ...]


class Sift(NamedTuple):
    """Which rows of a list are wanted: words in any order in the visible columns, conditions, and the column they are grouped by."""

    query: str = ""
    visible: Sequence[str] = ()
    conditions: tuple[Condition, ...] = ()
    by: tuple[str, bool] | None = None
    """(column id, descending)."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Rows that share a value: by what they are known and shown, how many they are, and what their columns come to."""

    key: str
    text: str
    count: int
    totals: dict[str, str]


class FilePlace(enum.Enum):
    """Where the bytes of a file are: (words, icon, tone)."""

    WAITS = "ждёт отправки", "cloud-upload", "warn"
    SENT = "отправлен", "cloud-check", "ok"
    ELSEWHERE = "ещё не пришёл", "hourglass", "muted"

    @property
    def words(self) -> str:
        return self.value[0]

    @property
    def icon(self) -> str:
        return self.value[1]

    @property
    def tone(self) -> str:
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a record, as a form shows it."""

    entity: str
    id: str
    name: str
    kind: FileKind
    size: int
    digest: str
    place: FilePlace


class Records(Protocol):
    """The desk's records with own work over them."""

    def get(self, entity: str, id: UUID | str) -> dict[str, Any] | None: ...

    def many(self, entity: str, ids: Iterable[UUID | str]) -> dict[str, dict[str, Any]]: ...

    def where(self, entity: str, column: str, value: UUID | str) -> dict[str, dict[str, Any]]: ...

    def all(self, entity: str) -> dict[str, dict[str, Any]]: ...

    def permissions(self) -> Permissions: ...

    def record(
        self,
        make: Callable[[LegalNumber | None], Sequence[Body]],
        *,
        book: str | None = None,
        numbered: int = 0,
        draft: str | None = None,
    ) -> list[Operation]: ...

    def want_numbers(self, book: str) -> None: ...

    def note_reading(self, entity: str, id: UUID) -> None: ...

    def save_draft(self, draft: Draft) -> None: ...

    def drop_draft(self, key: str) -> None: ...

    def sift(self, name: str, sift: Sift, order: Sequence[tuple[str, bool]]) -> array[int]: ...

    def list_groups(self, name: str, sift: Sift) -> list[GroupRow]: ...

    def list_sums(
        self, name: str, numbers: Sequence[int], keys: Sequence[str]
    ) -> dict[str, tuple[int, int]]: ...

    def list_page(self, name: str, numbers: Sequence[int]) -> list[ListRow]: ...

    def list_number(self, name: str, id: str) -> int | None: ...

    def list_numbers(self, name: str, ids: Sequence[str]) -> dict[str, int]: ...

    def kept(self, name: str) -> dict[str, Any]: ...

    def keep(self, name: str, value: Mapping[str, Any]) -> None: ...

    def states(self, entity: str) -> dict[str, str]: ...

    def loaded(self) -> bool: ...

    def watch(self, watcher: Watcher) -> None: ...

    def unwatch(self, watcher: Watcher) -> None: ...


def watching(store: Records, watcher: Watcher) -> Callable[[], None]:
    """Watch the store; returns what ends it."""
    store.watch(watcher)
    return lambda: store.unwatch(watcher)


def now_ms() -> int:
    """The machine's clock, ms since 1970 UTC."""
    return time.time_ns() // 1_000_000
