"""A year that this desk does not hold (SYNC 4): read at the server into files whose key nobody keeps, and never written."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from client.kit.records import Body, Draft, Touched
from client.net.link import Link
from client.store.connection import Shut
from client.store.receiving import pages
from client.store.store import Store
from common.administration.kinds import AccessKind
from common.kit.entity import entity_named
from common.kit.errors import NotAllowed, Unavailable
from common.kit.rights import Action, Permissions
from common.kit.shared_views import SharedView
from common.kit.sync import LegalNumber, Operation, PullAnswer, PullRequest, YearRequest

FOLDER = "year-"
READ_ONLY = "Записи прежних лет здесь только читают"
CLOSED = "Вкладка этого года закрыта"
CHANGED = "Сервер восстановлен из копии: закройте вкладку и откройте этот год снова"
FACTS = (
    "server", "token", "account", "login", "name", "college", "college_code", "college_name",
    "zone", "device", "permissions",
)  # fmt: skip
"""What screens ask of the desk itself."""


def sweep(profile: Path) -> None:
    """Folders that a program killed has left: their key is gone with it."""
    for place in profile.glob(f"{FOLDER}*"):
        shutil.rmtree(place, ignore_errors=True)


def earlier_years(desk: Store) -> list[tuple[int, str]]:
    """The years that are read online and the names of their campaigns, the newest first."""
    since = int(desk.journal.fact("since", 0))
    found = {c["year"]: c["name"] for c in desk.all("admission_campaign").values()}
    return sorted(((y, name) for y, name in found.items() if y < since), reverse=True)


class PastYear(Store):
    """Shows what a Store shows; `load` brings it, `close` leaves nothing of it."""

    def __init__(self, desk: Store, year: int) -> None:
        place = Path(tempfile.mkdtemp(prefix=FOLDER, dir=desk.profile))
        super().__init__(place, secrets.token_bytes(32), desk.specs, now=desk.now, ticks=desk.ticks)
        self.desk, self.year = desk, year
        with desk.lock:
            facts = {name: desk.journal.fact(name) for name in FACTS}
        self.journal.set_facts(**{n: value for n, value in facts.items() if value is not None})

    def load(self, link: Link) -> None:
        """Page by page until it is whole, or what has changed since; EpoError says why not."""
        late: Touched = {}
        try:
            whole, _ = pages(self, _Line(link, self.year), self.cache, late)
        finally:
            self.refresh_lists(late)
        if not whole:
            raise Unavailable(CHANGED)

    def close(self) -> None:
        """A print or a scan that is still on its way hears so, and nobody is told of a fault."""
        with self.lock, self.reading:
            super().close()
            self.reader = self.cache.connection = self.journal.connection = Shut(CLOSED)
            self.box.key = b""
        shutil.rmtree(self.profile, ignore_errors=True)

    # ---- whatever is asked of the desk goes to the desk, and nothing is written here

    def all(self, entity: str) -> dict[str, dict[str, Any]]:
        """How the office looks at its lists is of no year."""
        shared = issubclass(entity_named(entity), SharedView)
        return self.desk.all(entity) if shared else super().all(entity)

    def permissions(self) -> Permissions:
        return frozenset(p for p in self.desk.permissions() if p.action is Action.READ)

    def note_reading(self, entity: str, id: UUID) -> None:
        self.desk.note_reading(entity, id)

    def note(
        self, kind: AccessKind, entity: str = "", id: UUID | None = None, *, rows: int = 0
    ) -> None:
        self.desk.note(kind, entity, id, rows=rows)

    def record(
        self,
        make: Callable[[LegalNumber | None], Sequence[Body]],
        *,
        book: str | None = None,
        numbered: int = 0,
        draft: str | None = None,
    ) -> list[Operation]:
        raise NotAllowed(READ_ONLY)

    def want_numbers(self, book: str) -> None:
        """None are given here."""

    def kept(self, name: str) -> dict[str, Any]:
        return self.desk.kept(name)

    def keep(self, name: str, value: Mapping[str, Any]) -> None:
        self.desk.keep(name, value)

    def save_draft(self, draft: Draft) -> None:
        """Nothing is typed here."""

    def drop_draft(self, key: str) -> None:
        """There is none."""

    def mend_cache(self) -> bool:
        """What is spoilt is closed and read again."""
        return False


class _Line:
    """The way to the server for one year."""

    def __init__(self, link: Link, year: int) -> None:
        self.link, self.year = link, year

    def pull(self, request: PullRequest) -> PullAnswer:
        return self.link.read_year(YearRequest(year=self.year, **msgspec.structs.asdict(request)))
