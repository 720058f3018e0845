"""Papers by a template of Word: read at this desk, without a network, by the rights of who prints."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from client.store.store import Store
from common.administration.kinds import AccessKind
from common.kit.access import opens
from common.kit.dates import REGION_ZONE
from common.kit.entity import spec_of
from common.kit.errors import EpoError, NotAllowed
from common.kit.kinds import P3
from common.kit.labels import label
from common.kit.outgoing import plain_name, write_whole
from common.kit.progress import Progress
from common.kit.rights import Action
from common.kit.sync import NOTE, READ, Command
from common.papers.field_tree import collect, forest
from common.papers.filling import BATCH, Told, examine, fill
from common.papers.nodes import Kind, Used
from common.papers.values import FullName, Snapshot

LONGEST_NAME = 120


class StoreReader:
    """The records of a desk as a template sees them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.zone = ZoneInfo(store.journal.fact("zone", REGION_ZONE))

    def get(self, entity: str, id: UUID) -> Mapping[str, Any] | None:
        return self.store.get(entity, id)

    def parts(
        self, entity: str, column: str, owner: UUID
    ) -> Iterable[tuple[UUID, Mapping[str, Any]]]:
        spec = spec_of(entity)
        rows = [(UUID(id), row) for id, row in self.store.where(entity, column, owner).items()]
        return sorted(rows, key=lambda each: each[1][spec.ordered] or 0) if spec.ordered else rows

    def local(self, moment: dt.datetime) -> dt.datetime:
        return moment.astimezone(self.zone)

    @property
    def college(self) -> UUID:
        return UUID(self.store.journal.fact("college"))

    @property
    def today(self) -> dt.date:
        return self.local(dt.datetime.fromtimestamp(self.store.now() / 1000, dt.UTC)).date()


class Made(NamedTuple):
    """The files that were written; records without one and why; names whose case is to be looked at; why it ended before its time."""

    files: tuple[Path, ...]
    refused: tuple[tuple[str, str], ...]
    doubtful: tuple[str, ...]
    why: str = ""


def look(store: Store, entity: str, content: bytes) -> Told:
    """What is wrong with a template about such records; Invalid where the file is refused, NotAllowed where it names what this person may not see."""
    told = examine(content, forest(entity))
    hidden = sorted({f"«{name}»" for name in _hidden(store, entity, told.used)})
    if hidden:
        raise NotAllowed(
            f"В шаблоне есть поля, которые вам не видны: {', '.join(hidden)}. "
            "Попросите распечатать того, кому они видны, или уберите их из шаблона"
        )
    return told


def _hidden(store: Store, entity: str, used: Mapping[str, Used]) -> Iterator[str]:
    """The labels of what this person may not read: fields, references and whole lists."""
    held = store.permissions()
    for each in used.values():
        node = each.node
        guarded = node.target if node.kind is Kind.LIST else entity
        if not opens(held, spec_of(guarded), Action.READ, node.pd):
            yield node.label
        elif node.target:
            yield from _hidden(store, node.target, each.below)


def _is_restricted(used: Mapping[str, Used]) -> bool:
    return any(each.node.pd is P3 or _is_restricted(each.below) for each in used.values())


GONE = "запись удалена или недоступна"


def write_papers(
    store: Store,
    entity: str,
    ids: Sequence[UUID],
    template: Path,
    content: bytes,
    folder: Path,
    told: Progress,
) -> Made:
    """A file for each record, named after template and record, none over another; the journal of visits has it first.

    A record whose paper cannot be made stops nobody. Stopped by a person or a fault it tells how much is done;
    EpoError where that is nothing.
    """
    known, reader = look(store, entity, content), StoreReader(store)
    files: list[Path] = []
    refused: list[tuple[str, str]] = []
    doubtful: list[str] = []
    try:
        for batch in _batches(ids):
            told(len(files) + len(refused), len(ids))
            _note(store, entity, batch, restricted=_is_restricted(known.used))
            taken = [collect(known.used, entity, id, reader) for id in batch]
            papers = fill(content, forest(entity), taken)
            for id, snapshot, paper in zip(batch, taken, papers, strict=True):
                named = _named(store, entity, id)
                said = paper.said if named else GONE
                if said:
                    refused.append((named or id.hex[-6:], said))
                    continue
                path = _free(folder, f"{template.stem} — {named}")
                write_whole(path, partial(_write, paper.content))
                files.append(path)
                if known.cased and not _sure(snapshot):
                    doubtful.append(named)
    except EpoError as fault:
        if not files:
            raise
        return Made(tuple(files), tuple(refused), tuple(doubtful), fault.message)
    return Made(tuple(files), tuple(refused), tuple(doubtful))


def _note(store: Store, entity: str, ids: Sequence[UUID], *, restricted: bool) -> None:
    """One write for all of them."""
    about = [{"entity": entity, "id": id.hex} for id in ids]
    noted = [Command(NOTE, {"kind": AccessKind.PRINT.value, **each}) for each in about]
    read = [Command(READ, each) for each in about] if restricted else []
    store.record(lambda _: [*noted, *read])


def _write(content: bytes, beside: Path) -> None:
    beside.write_bytes(content)


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))


def _sure(snapshot: Snapshot) -> bool:
    for value in snapshot.values():
        rows = value if isinstance(value, list) else [value]
        if any(isinstance(row, dict) and not _sure(row) for row in rows):
            return False
        if isinstance(value, FullName) and not value.sure:
            return False
    return True


def _named(store: Store, entity: str, id: UUID) -> str:
    """As people call it; empty where it is gone."""

    def label_of(other: str, at: UUID) -> str:
        found = store.get(other, at)
        return label(spec_of(other), found, label_of) if found else ""

    return label_of(entity, id)


def _free(folder: Path, name: str) -> Path:
    """A name that the disk takes and nothing has yet."""
    stem = plain_name(name)[:LONGEST_NAME].strip(". ") or "документ"
    tries = (f"{stem}{f' ({n})' if n else ''}.docx" for n in itertools.count())
    return next(path for each in tries if not (path := folder / each).exists())
