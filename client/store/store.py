"""What screens and the shell see of the desk's files: records with own work over them, lists, drafts, the outbox."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from client.kit.records import Body, Draft, Touched, Watcher, now_ms
from client.store import contents, drafts, missing, roots
from client.store.cache import Cache, Outdated
from client.store.connection import (
    Connection,
    Damaged,
    DatabaseError,
    OperationalError,
    WrongKey,
    busy,
    is_sound,
    open_file,
)
from client.store.counts import Counts
from client.store.deciding import Deciding
from client.store.decisions import Decisions
from client.store.entry import Entry, touched_by
from client.store.file_box import FileBox
from client.store.journal import LEASE_COMMAND, Journal, set_aside, ticks_ms
from client.store.keys import WRAPPED, fingerprint, keep
from client.store.listed import Listed
from client.store.listing import Listing
from client.store.overlay import Overlay
from client.store.profile import CHECK, OTHER_KEY, check_key, erase, ids_in, is_readable
from client.store.roots import Bundle
from common.administration.kinds import AccessKind
from common.kit.access import taken
from common.kit.buckets import is_rooted, sections_of
from common.kit.entity import spec_of
from common.kit.errors import EpoError
from common.kit.lists import ListSpec
from common.kit.rights import Action, Permissions, permissions
from common.kit.sync import NOTE, READ, Command, LegalNumber, Operation
from common.kit.wire import unpack

BLOCK = 100
CHUNK = 1_000
"""Rows made or read while others wait."""

NOT_SHOWN = (
    "Записано и будет отправлено, но показать не удаётся: на диске нет места. "
    "Освободите место и откройте программу снова; повторять ввод не нужно"
)


class NotShown(EpoError):
    """What is recorded stands in the journal; only the screen could not follow."""


REBUILT = "Копия данных на этом компьютере повреждена; она загружается заново"


class Store(Deciding, Listed):
    """One account's files on this computer. Safe to call from any thread."""

    def __init__(
        self,
        profile: Path,
        key: bytes,
        lists: Sequence[ListSpec] = (),
        *,
        now: Callable[[], int] = now_ms,
        ticks: Callable[[], int] = ticks_ms,
    ) -> None:
        """Damaged files are set aside (journal) or rebuilt (cache); `notes` says so. WrongKey."""
        profile.mkdir(parents=True, exist_ok=True)
        self.profile = profile
        self.key = key
        self.now = now
        self.ticks = ticks
        self.notes: list[str] = []
        self.lock = threading.RLock()
        self.reading = threading.RLock()
        self.watchers: list[Watcher] = []
        self.checked = check_key(profile, key)
        self.journal = self._open_journal()
        if not self.checked:
            keep(profile / CHECK, fingerprint(key).encode())
        self.specs = tuple(lists)
        self.box = FileBox(profile / "files.db", key, now=now, notes=self.notes)
        try:
            self.cache = self._open_cache()
            self._arrange_or_rebuild()
        except (EpoError, DatabaseError):
            self.box.close()
            self.journal.close()
            raise

    # ---- opening

    def _open_journal(self) -> Journal:
        path = self.profile / "journal.db"
        try:
            return Journal(path, self.key, now=self.now, ticks=self.ticks)
        except Damaged:
            if not self.checked:  # nothing says that this is the key of this file
                raise WrongKey(OTHER_KEY) from None
            aside = set_aside(path, dt.datetime.fromtimestamp(self.now() / 1000, dt.UTC))
            self.notes.append(
                f"Журнал этого компьютера повреждён и отложен в файл «{aside.name}». "
                "Войдите снова; файл передайте администратору: в нём могут быть неотправленные записи"
            )
            return Journal(path, self.key, now=self.now, ticks=self.ticks)

    def _open_cache(self) -> Cache:
        path = self.profile / str(self.journal.fact("cache", "cache.db"))
        for other in self.profile.glob("cache*.db"):
            if other != path or self.ended:
                erase(other)  # a second file that was not loaded to its end
        return self._cache_at(path)

    def _cache_at(self, path: Path) -> Cache:
        try:
            cache = Cache(path, self.key)
        except Damaged as fault:
            erase(path)
            if not isinstance(fault, Outdated):
                self.notes.append(REBUILT)
            return Cache(path, self.key)
        if not is_readable(cache):
            cache.close()
            erase(path)
            self.notes.append(REBUILT)
            return Cache(path, self.key)
        return cache

    def reopen_cache(self) -> None:
        """After the files were shut; a second one that is being loaded meanwhile stays where it is."""
        self.cache = self._cache_at(self.cache.path)
        self._arrange_or_rebuild()

    def _arrange_or_rebuild(self) -> None:
        """Damage that shows only in the rows and lists is mended as the rest is."""
        path = self.cache.path
        try:
            self._arrange()
        except OperationalError:
            self.cache.close()
            raise busy(path) from None
        except (Damaged, DatabaseError):
            self.cache.close()
            erase(path)
            self.notes.append(REBUILT)
            self.cache = Cache(path, self.key)
            self._arrange()

    def _arrange(self) -> None:
        """Overlay, lists and a reader over the present cache."""
        at = dt.datetime.fromtimestamp(self.now() / 1000, dt.UTC)
        if said := missing.told(self.journal, self.cache, at):
            self.notes.append(said)
        self.overlay = Overlay(self.journal, self.cache)
        self.decisions = Decisions(self.journal, self.overlay)
        self.listings = {spec.name: Listing(spec, self.overlay) for spec in self.specs}
        touched = self.overlay.rebuild()
        if self.cache.listed():
            for each in self.listings.values():
                each.remake(each.affected(touched))
        else:
            self.rebuild_lists()
        self.reader: Connection = open_file(self.cache.path, self.key, durable=False)

    def rebuild_lists(self) -> None:
        """Make every list anew, and wipe what deleted rows left in their search index."""
        with self.lock:
            for each in self.listings.values():
                each.rebuild()
            self.cache.set_state(unlisted=0)
            self.cache.wipe_traces()

    def close(self) -> None:
        with self.lock, self.reading:
            self.reader.close()
            self.cache.close()
            self.box.close()
            self.journal.close()

    def discard_unused(self) -> bool:
        """Close, and erase a profile in which nobody has ever signed in: a mistyped password must not lock it. Was it so?"""
        unused = self.journal.fact("account") is None and not self.journal.unsettled()
        self.close()
        if unused:
            for path in (*self.profile.glob("cache*.db"), self.journal.path):
                erase(path)
            for name in (CHECK, WRAPPED):
                (self.profile / name).unlink(missing_ok=True)
        return unused

    # ---- who

    @property
    def signed_in(self) -> bool:
        return bool(self.journal.fact("token"))

    @property
    def ended(self) -> str:
        """Why nobody works here any more; empty where access lasts."""
        return str(self.journal.fact("ended", ""))

    def permissions(self) -> Permissions:
        with self.lock:
            return permissions(tuple(self.journal.fact("permissions", [])))

    def may(self, action: Action, entity: str) -> bool:
        """Beyond the roots that are somebody's own, a grant over one's own gives nothing to write."""
        own = set(map(tuple, self.journal.fact("own", [])))
        right = taken(spec_of(entity), action)
        held = {
            (p.section, p.action)
            for p in self.permissions()
            if action is Action.READ
            or is_rooted(entity)
            or (p.section.value, p.pd.value) not in own
        }
        return any((section, right) in held for section in sections_of(entity))

    # ---- records

    def get(self, entity: str, id: UUID | str) -> dict[str, Any] | None:
        """The record as python values, own work over it, under whatever id; None where there is none."""
        found = self.many(entity, [id])
        return next(iter(found.values()), None)

    def many(self, entity: str, ids: Iterable[UUID | str]) -> dict[str, dict[str, Any]]:
        spec = spec_of(entity)
        with self.mending(), self.lock:
            aliases = self.journal.aliases()
            asked = [i.hex if isinstance(i, UUID) else i for i in ids]
            wanted = [aliases.get(id, id) for id in asked]
            rows = self.overlay.records(entity, wanted)
        return {
            id: {name: unpack(spec[name], value) for name, value in row.items()}
            for id, row in rows.items()
        }

    def where(self, entity: str, column: str, value: UUID | str) -> dict[str, dict[str, Any]]:
        """Live records whose column has the value, oldest first."""
        wire = value.hex if isinstance(value, UUID) else value
        with self.mending(), self.lock:
            ids = self.overlay.ids(entity, column, [wire])
        return self.many(entity, ids)

    def all(self, entity: str) -> dict[str, dict[str, Any]]:
        """Every live record of a book, in pieces: nobody waits for the whole of a long one."""
        with self.mending(), self.lock:
            ids = self.overlay.all_ids(entity)
        pieces = [self.many(entity, ids[at : at + CHUNK]) for at in range(0, len(ids), CHUNK)]
        return {id: record for piece in pieces for id, record in piece.items()}

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
            for name, row_id in (row for op in made for row in touched_by(op.body)):
                touched.setdefault(name, set()).add(self.journal.alias(row_id))
            try:
                self.refresh(touched)
                if made:
                    missing.keep(self.cache, self.journal.device, made[-1].no)
            except OperationalError as fault:
                raise NotShown(NOT_SHOWN) from fault
            if book:
                self._renew_lease(book)
        self._wake(touched)
        return made

    def want_numbers(self, book: str) -> None:
        """Ask for a block of this book where the desk has less than half of one."""
        with self.lock:
            asked = self._renew_lease(book)
        if asked:
            self._wake({})

    def note_reading(self, entity: str, id: UUID) -> None:
        """Record that this person is about to see restricted data; EpoError where it cannot be recorded."""
        self.record(lambda _: [Command(READ, {"entity": entity, "id": id.hex})])

    def note(
        self, kind: AccessKind, entity: str = "", id: UUID | None = None, *, rows: int = 0
    ) -> None:
        """For the journal of visits: what happens at this desk, with a link or without; `rows` were taken out."""
        about: dict[str, Any] = {
            "entity": entity,
            "id": id.hex if entity and id else "",
            "rows": rows,
        }
        about = {name: value for name, value in about.items() if value}
        self.record(lambda _: [Command(NOTE, {"kind": kind.value, **about})])

    def _renew_lease(self, book: str) -> bool:
        if self.journal.numbers_left(book) >= BLOCK // 2 or self.journal.asks_for_numbers(book):
            return False
        return bool(self.journal.record(lambda _: [Command(LEASE_COMMAND, {"book": book})]))

    def refresh(self, touched: Touched) -> None:
        """Bring derived rows up to changes of these records."""
        with self.lock:
            self.refresh_overlay(touched)
            for each in self.listings.values():
                each.remake(each.affected(touched))

    def refresh_overlay(self, touched: Touched) -> None:
        with self.lock:
            for entity, ids in touched.items():
                self.overlay.remake(entity, ids)

    def refresh_lists(self, touched: Touched) -> None:
        """After a pull: in small pieces, so that a reader never waits for the whole of it."""
        for each in self.listings.values():
            with self.lock:
                ids = sorted(each.affected(touched))
            for start in range(0, len(ids), CHUNK):
                with self.lock:
                    each.remake(ids[start : start + CHUNK])
        with self.lock:
            self.cache.set_state(unlisted=0)
            if self.cache.lost:
                self._lose_drafts(touched)
            if self.cache.lost or self.cache.left:
                self._wipe_traces()

    def _wipe_traces(self) -> None:
        """What left the cache leaves no byte in its lists, its free pages and the log beside it."""
        if any(each.stale for each in self.listings.values()):
            self.rebuild_lists()
        with self.reading:
            self.cache.wipe_traces()

    def _lose_drafts(self, touched: Touched) -> None:
        """Drafts about records that left this computer leave with them."""
        left = {
            id
            for entity, ids in touched.items()
            for id in ids - self.overlay.records(entity, sorted(ids)).keys()
        }
        for draft in drafts.every(self.journal):
            if left & ids_in(draft.body):
                drafts.drop(self.journal, draft.key)
        self.forget_words()
        self.journal.wipe_traces()
        self.box.keep_only(contents.spoken_of(self.journal, self.overlay))

    # ---- what is known of the records

    def loaded(self) -> bool:
        """Has all that this person may see come from the centre at least once?"""
        with self.lock:
            return self.cache.whole()

    def states(self, entity: str) -> dict[str, str]:
        """The worst state of each record of this kind with something unsettled, its parts included."""
        with self.mending(), self.lock:
            return roots.states(self.journal, self.overlay, entity)

    def holders(self, entity: str, id: str) -> list[tuple[str, str]]:
        """The record itself and what holds it, the nearest first."""
        with self.mending(), self.lock:
            return roots.Roots(self.journal, self.overlay).chains([(entity, id)])[(entity, id)]

    def bundles(self) -> list[Bundle]:
        """What waits or needs a person, by the whole thing that it belongs to."""
        with self.mending(), self.lock:
            return roots.bundles(self.journal, self.overlay)

    # ---- drafts and the outbox

    def save_draft(self, draft: Draft) -> None:
        with self.lock:
            drafts.save(self.journal, draft)

    def drop_draft(self, key: str) -> None:
        with self.lock:
            drafts.drop(self.journal, key)

    def drafts(self) -> list[Draft]:
        with self.lock:
            return drafts.every(self.journal)

    def outbox(self) -> list[Entry]:
        with self.lock:
            return self.journal.unsettled()

    def counts(self) -> Counts:
        with self.lock:
            found = self.journal.counts()
            files = len(contents.waiting(self.overlay, self.box))
        return Counts.of(found, files)

    # ---- being watched

    def watch(self, watcher: Watcher) -> None:
        self.watchers.append(watcher)

    def unwatch(self, watcher: Watcher) -> None:
        self.watchers.remove(watcher)

    def tell(self, touched: Touched) -> None:
        if touched:
            self._wake(touched)

    def _wake(self, touched: Touched) -> None:
        """Also where no record is concerned: a command waits to be sent too."""
        for watcher in list(self.watchers):
            watcher(touched)

    # ---- another cache file

    def swap_cache(self, fresh: Cache) -> None:
        """A wholly loaded second file takes the place of the first, which is erased."""
        with self.lock:
            old = self.cache.path
            self._replace_cache(fresh)
            self.journal.set_facts(cache=fresh.path.name, reload=False)
            self.rebuild_lists()
            erase(old)
        self.tell({spec.main: set() for spec in self.specs})

    def _replace_cache(self, fresh: Cache) -> None:
        with self.lock, self.reading:
            self.reader.close()
            self.cache.close()
            self.cache = fresh
            self._arrange()

    @contextmanager
    def mending(self) -> Iterator[None]:
        """A reading that meets damage says so, and finds a fresh file the next time."""
        try:
            yield
        except OperationalError:
            raise
        except DatabaseError:
            if not self.mend_cache():
                raise
            raise EpoError(REBUILT) from None

    def mend_cache(self) -> bool:
        """Put an empty cache in the place of a damaged one; False where it reads whole."""
        with self.lock:
            if is_sound(self.cache.connection):
                return False
            self._empty_cache()
            self.notes.append(REBUILT)
        self.tell({spec.main: set() for spec in self.specs})
        return True

    def wipe_cache(self) -> None:
        """Nothing of what the centre told stays on this computer."""
        with self.lock:
            self._empty_cache()
            for other in self.profile.glob("cache*.db"):
                if other != self.cache.path:
                    erase(other)
        self.tell({spec.main: set() for spec in self.specs})

    def _empty_cache(self) -> None:
        path = self.cache.path
        with self.reading:
            self.reader.close()
            self.cache.close()
            erase(path)
            self.cache = Cache(path, self.key)
            self._arrange()
