"""What screens and the shell see of the desk's files: records with own work over them, lists, drafts, the outbox."""

from __future__ import annotations

import datetime as dt
import threading
import time
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from client.kit.records import Body, Draft, ListRow, Touched, Watcher, now_ms
from client.store import listing
from client.store.cache import Cache
from client.store.connection import Connection, Damaged, WrongKey, open_file
from client.store.journal import Entry, Journal, set_aside
from client.store.keys import fingerprint
from client.store.listing import Listing
from client.store.overlay import Overlay
from common.kit.buckets import sections_of
from common.kit.entity import spec_of
from common.kit.lists import ListSpec
from common.kit.rights import Action, Permissions, permissions
from common.kit.sync import Command, LegalNumber, Operation, Status
from common.kit.wire import unpack

BLOCK = 100
LEASE_COMMAND = "lease_numbers"


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits on this computer and what needs a person."""

    waiting: int = 0
    conflict: int = 0
    refused: int = 0
    quarantined: int = 0
    held: int = 0
    failed: int = 0

    @property
    def troubled(self) -> int:
        return self.conflict + self.refused + self.quarantined + self.held + self.failed


class Store:
    """One account's files on this computer. Safe to call from any thread."""

    def __init__(self, profile: Path, key: bytes, lists: Sequence[ListSpec] = ()) -> None:
        """Damaged files are set aside (journal) or rebuilt (cache); `notes` says so. WrongKey."""
        profile.mkdir(parents=True, exist_ok=True)
        self.profile = profile
        self.key = key
        self.notes: list[str] = []
        self.lock = threading.RLock()
        self.reading = threading.Lock()
        self.watchers: list[Watcher] = []
        _check_key(profile, key)
        self.journal = self._open_journal()
        self.cache = self._open_cache()
        self.specs = tuple(lists)
        self._arrange()

    # ---- opening

    def _open_journal(self) -> Journal:
        path = self.profile / "journal.db"
        try:
            return Journal(path, self.key, now=now_ms)
        except Damaged:
            aside = set_aside(path, dt.datetime.fromtimestamp(time.time(), dt.UTC))
            self.notes.append(
                f"Журнал этого компьютера повреждён и отложен в файл «{aside.name}». "
                "Войдите снова; файл передайте администратору: в нём могут быть неотправленные записи"
            )
            return Journal(path, self.key, now=now_ms)

    def _open_cache(self) -> Cache:
        path = self.profile / str(self.journal.fact("cache", "cache.db"))
        try:
            return Cache(path, self.key)
        except Damaged:
            _erase(path)
            self.notes.append("Копия данных на этом компьютере повреждена; она загружается заново")
            return Cache(path, self.key)

    def _arrange(self) -> None:
        self.overlay = Overlay(self.journal, self.cache)
        self.listings = {spec.name: Listing(spec, self.overlay) for spec in self.specs}
        touched = self.overlay.rebuild()
        for each in self.listings.values():
            each.remake(each.affected(touched))
        self.reader: Connection = open_file(self.cache.path, self.key, durable=False)

    def close(self) -> None:
        with self.lock, self.reading:
            self.reader.close()
            self.cache.close()
            self.journal.close()

    # ---- who

    @property
    def signed_in(self) -> bool:
        return bool(self.journal.fact("token"))

    def permissions(self) -> Permissions:
        return permissions(tuple(self.journal.fact("permissions", [])))

    def may(self, action: Action, entity: str) -> bool:
        held = {(p.section, p.action) for p in self.permissions()}
        return any((section, action) in held for section in sections_of(entity))

    # ---- records

    def get(self, entity: str, id: UUID | str) -> dict[str, Any] | None:
        """The record as python values, own work over it; None where there is none."""
        found = self.many(entity, [id])
        return next(iter(found.values()), None)

    def many(self, entity: str, ids: Iterable[UUID | str]) -> dict[str, dict[str, Any]]:
        spec = spec_of(entity)
        wanted = [i.hex if isinstance(i, UUID) else i for i in ids]
        with self.lock:
            rows = self.overlay.records(entity, wanted)
        return {
            id: {name: unpack(spec[name], value) for name, value in row.items()}
            for id, row in rows.items()
        }

    def where(self, entity: str, column: str, value: UUID | str) -> dict[str, dict[str, Any]]:
        """Live records whose column has the value, oldest first."""
        wire = value.hex if isinstance(value, UUID) else value
        with self.lock:
            ids = self.overlay.ids(entity, column, [wire])
        return self.many(entity, ids)

    def all(self, entity: str) -> dict[str, dict[str, Any]]:
        """Every live record of a book; not for the long ones."""
        with self.lock:
            ids = self.overlay.all_ids(entity)
        return self.many(entity, ids)

    def candidates(
        self, last_name: str, birth_date: dt.date | None, snils: str | None
    ) -> list[str]:
        """People who may be this one: the same date, the same СНИЛС, or a surname that begins alike."""
        day = birth_date.isoformat() if birth_date else ""
        start = f"{last_name[:3]}%" if len(last_name) >= 3 else ""
        query = "SELECT id FROM {} WHERE birth_date = ? OR snils = ? OR last_name LIKE ? LIMIT 500"
        with self.lock:
            rows = [
                id
                for table in ("person", "own_person")
                for (id,) in self.cache.connection.execute(
                    query.format(table), (day, snils or "", start)
                )
            ]
        return list(dict.fromkeys(rows))

    # ---- writing

    def record(
        self,
        make: Callable[[LegalNumber | None], Sequence[Body]],
        *,
        book: str | None = None,
        numbered: int = 0,
        draft: str | None = None,
    ) -> list[Operation]:
        """Record operations in one transaction of the journal, and show them at once."""
        with self.lock:
            made = self.journal.record(make, book=book, numbered=numbered, draft=draft)
            touched: Touched = {}
            for op in made:
                if not isinstance(op.body, Command):
                    touched.setdefault(op.body.entity, set()).add(op.body.id.hex)
            self.refresh(touched)
            if book:
                self._renew_lease(book)
        self.tell(touched)
        return made

    def want_numbers(self, book: str) -> None:
        """Ask for a block of this book where the desk has less than half of one."""
        with self.lock:
            self._renew_lease(book)

    def _renew_lease(self, book: str) -> None:
        if self.journal.numbers_left(book) >= BLOCK // 2:
            return
        asked = any(
            isinstance(e.op.body, Command)
            and e.op.body.name == LEASE_COMMAND
            and e.op.body.args.get("book") == book
            for e in self.journal.live()
            if e.status is Status.PENDING
        )
        if not asked:
            self.journal.record(lambda _: [Command(LEASE_COMMAND, {"book": book})])

    def refresh(self, touched: Touched) -> None:
        """Bring derived rows up to changes of these records."""
        for entity, ids in touched.items():
            self.overlay.remake(entity, ids)
        for each in self.listings.values():
            each.remake(each.affected(touched))

    # ---- lists

    def list_ids(
        self, name: str, query: str, order: Sequence[tuple[str, bool]], visible: Sequence[str]
    ) -> array[int]:
        with self.reading:
            return listing.find(self.reader, self.listings[name], query, order, visible)

    def list_page(self, name: str, numbers: Sequence[int]) -> list[ListRow]:
        with self.reading:
            return listing.page(self.reader, self.listings[name], numbers)

    def list_number(self, name: str, id: str) -> int | None:
        with self.reading:
            row = self.reader.execute(
                f"SELECT number FROM {self.listings[name].table} WHERE id = ?",  # noqa: S608
                (id,),
            ).fetchone()
        return row[0] if row else None

    def states(self, entity: str) -> dict[str, str]:
        with self.lock:
            return self.journal.states_of(entity)

    # ---- drafts and the outbox

    def save_draft(self, draft: Draft) -> None:
        with self.lock:
            self.journal.save_draft(draft)

    def drop_draft(self, key: str) -> None:
        with self.lock:
            self.journal.drop_draft(key)

    def drafts(self) -> list[Draft]:
        with self.lock:
            return self.journal.drafts()

    def outbox(self) -> list[Entry]:
        with self.lock:
            return self.journal.unsettled()

    def counts(self) -> Counts:
        with self.lock:
            found = self.journal.counts()
        return Counts(
            found.get("pending", 0),
            *(found.get(s, 0) for s in ("conflict", "refused", "quarantined", "held", "failed")),
        )

    # ---- being watched

    def watch(self, watcher: Watcher) -> None:
        self.watchers.append(watcher)

    def unwatch(self, watcher: Watcher) -> None:
        self.watchers.remove(watcher)

    def tell(self, touched: Touched) -> None:
        if touched:
            for watcher in list(self.watchers):
                watcher(touched)

    def swap_cache(self, fresh: Cache) -> None:
        """A wholly loaded second file takes the place of the first, which is erased."""
        with self.lock, self.reading:
            old = self.cache
            self.reader.close()
            old.close()
            self.cache = fresh
            self.journal.set_facts(cache=fresh.path.name)
            self._arrange()
            for each in self.listings.values():
                each.rebuild()
            _erase(old.path)
        self.tell({spec.main: set() for spec in self.specs})


def _check_key(profile: Path, key: bytes) -> None:
    path = profile / "key.check"
    if not path.exists():
        path.write_text(fingerprint(key), encoding="ascii")
    elif path.read_text(encoding="ascii") != fingerprint(key):
        raise WrongKey("Ключ не подходит к данным на этом компьютере")


def _erase(path: Path) -> None:
    for tail in ("", "-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
