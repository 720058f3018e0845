"""Sealing (SYNC 4, 9): work that this person may no longer see is encrypted to the college's key and kept until the backups hold it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from client.kit.records import Touched
from client.net.link import Transport
from client.store import contents
from client.store.answers import KEPT, keep_last_number
from client.store.connection import Connection, Transaction
from client.store.entry import Entry
from client.store.journal import LEASE_COMMAND, Journal
from client.store.overlay import Overlay
from client.store.roots import Roots
from client.store.sending import BATCH_BYTES, subjects
from client.store.store import Store
from common.kit.buckets import is_rooted, sections_of, years_of
from common.kit.entity import spec_of
from common.kit.errors import AccessEnded, EpoError, Unavailable
from common.kit.ids import new_id
from common.kit.kinds import PersonalData
from common.kit.sealing import SEALED_PIECE, SealedPiece, seal
from common.kit.sync import (
    MAX_OFFER,
    MAX_OPERATIONS,
    Command,
    PartSeen,
    PullAnswer,
    Save,
    SealAnswer,
    SealedOperation,
    SealRequest,
    Status,
)
from common.kit.words import counted, plural
from common.kit.years import is_held

KEPT_FACTS = (
    "server", "token", "ending", "account", "login", "name", "college", "college_code", "college_name",
    "zone", "device", "series", "epoch", "last_no", "offset", "cache", "seal_key", "offer", "replaces",
)  # fmt: skip
"""What the desk of an ended account still needs to hand its work over; the rest of what it knew goes."""

SETTLED = "closed <> '' OR (status = 'applied' AND finding = 0)"
"""Nobody is waited for."""

Place = tuple[str, PersonalData]
"""An entity and a class of its data."""


# ---- buckets that are lost


def lose_sight(journal: Journal, overlay: Overlay, answer: PullAnswer) -> Touched:
    """Settled work about what the user's buckets hold no longer: let go where two backups have it, else sealed.

    Said in the journal before the cache stores the answer; returns the records whose work went. Without a
    key of the college nothing is lost: what the backups do not have stays until there is one.
    """
    if answer.seal_key and answer.seal_key != journal.fact("seal_key"):
        journal.set_facts(seal_key=answer.seal_key)
    sight = Sight(answer)
    said = _sight(journal, sight)
    if said == journal.fact("sight"):
        return {}
    lost = sight.lost(journal.entries(SETTLED), Roots(journal, overlay))
    key = str(journal.fact("seal_key", ""))
    before = journal.now() + journal.fact("offset", 0) - KEPT
    needed = [e for e in lost if e.status is Status.APPLIED and not _is_safe(e, answer, before)]
    shown = {uuid for e in journal.unsettled() for uuid in e.op.after}
    stay = {
        e.op.uuid
        for e in lost
        if (e in needed and not key) or (e.status is not Status.APPLIED and e.op.uuid in shown)
    }  # what was given up is named by what still waits behind it
    going = [e for e in lost if e.op.uuid not in stay]
    with Transaction(journal.connection) as c:
        _seal(journal, c, needed if key else (), key)
        _drop(journal, c, going)
        if not stay:
            journal.write_facts(c, sight=said | {"settled": max(0, said["settled"] - len(going))})
    if going:
        journal.wipe_traces()
    return subjects(going)


class Sight:
    """What a user's buckets show: whole classes of a section, or only what belongs to roots of his own."""

    def __init__(self, answer: PullAnswer) -> None:
        held = {(bucket.section, bucket.pd) for bucket in answer.buckets}
        self.own = set(answer.own)
        self.classes = held - self.own
        self.roots = {bucket.scope for bucket in answer.buckets} if self.own else set()
        self.since = answer.since

    def told(self) -> list[str]:
        whole = [".".join(each) for each in self.classes]
        own = [f"own {section}.{pd}" for section, pd in self.own]
        since = [f"since {self.since}"] if self.since else []
        return sorted([*whole, *own, *since, *self.roots])

    def lost(self, entries: Sequence[Entry], roots: Roots) -> list[Entry]:
        unseen = [e for e in entries if not self._covers(e, self._whole)]
        if self.own:
            chains = roots.chains(e.subject for e in unseen)
            unseen = [
                e
                for e in unseen
                if not (self._covers(e, self._some) and self._is_own(chains[e.subject]))
            ]
        return unseen + self._passed([e for e in entries if e not in unseen], roots)

    def _passed(self, entries: Sequence[Entry], roots: Roots) -> list[Entry]:
        """Those on records that belong to no year but such as this desk holds no longer."""
        if not self.since:
            return []
        chains = roots.chains(e.subject for e in entries if _is_yearly(e.subject[0]))
        years = roots.years(place for chain in chains.values() for place in chain)
        found = {
            e.subject: [years[p] for p in chains.get(e.subject, ()) if p in years] for e in entries
        }
        return [
            e
            for e in entries
            if found[e.subject] and not any(is_held(y, self.since) for y in found[e.subject])
        ]

    def _is_own(self, chain: Sequence[tuple[str, str]]) -> bool:
        return any(id in self.roots for _, id in chain)

    def _covers(self, entry: Entry, shows: Callable[[str, str, str], bool]) -> bool:
        """Is all that it tells of among what is shown so?"""
        return all(
            any(shows(entity, section.value, pd.value) for section in sections_of(entity))
            for entity, pd in _places(entry)
        )

    def _whole(self, entity: str, section: str, pd: str) -> bool:
        return (section, pd) in self.classes or (
            (section, pd) in self.own and not is_rooted(entity)
        )

    def _some(self, entity: str, section: str, pd: str) -> bool:
        return (section, pd) in self.own or self._whole(entity, section, pd)


def _sight(journal: Journal, sight: Sight) -> dict[str, Any]:
    """What `lose_sight` rests on: all work is looked through again only where this has changed.

    Work that settles concerns only one who has lost something: nobody else is made to wait for it.
    """
    told = sight.told()
    known = journal.fact("sight", {"told": [], "narrowed": False})
    narrowed = known["narrowed"] or not set(told).issuperset(known["told"])
    query = f"SELECT count(*) FROM op WHERE {SETTLED}"  # noqa: S608  own words
    settled = int(journal.connection.execute(query).fetchone()[0]) if narrowed else 0
    return {"told": told, "narrowed": narrowed, "settled": settled}


def _places(entry: Entry) -> set[Place]:
    """What the operation tells of."""
    body = entry.op.body
    if isinstance(body, Command):
        return set()
    try:
        spec = spec_of(body.entity)
    except KeyError:
        return set()  # of a newer program
    told = body.set if isinstance(body, Save) else body.seen
    found = {(spec.name, spec[name].field.pd) for name in told if name in spec.by_name}
    if isinstance(body, Save):
        return found
    return found.union(*map(_of_part, body.parts))


def _of_part(part: PartSeen) -> set[Place]:
    try:
        spec = spec_of(part.entity)
    except KeyError:
        return set()  # of a newer program, or told by an older one without its values
    return {(spec.name, spec[name].field.pd) for name in part.seen if name in spec.by_name}


def _is_yearly(entity: str) -> bool:
    try:
        return years_of(entity) == {True}
    except KeyError:
        return False  # a command, or of a newer program


def _is_safe(entry: Entry, answer: PullAnswer, before: int) -> bool:
    """Held by two backups of the present history, and a month old."""
    return entry.op.at < before and entry.epoch == answer.epoch and entry.seq <= answer.backed_up_to


def _seal(journal: Journal, c: Connection, entries: Iterable[Entry], key: str) -> None:
    """What is settled is held by the centre until it says otherwise."""
    c.executemany(
        "INSERT OR IGNORE INTO sealed (uuid, at, blob, unsent, held) VALUES (?, ?, ?, ?, ?)",
        [
            (e.op.uuid.hex, e.op.at, seal(key, e.op), int(not held), int(held))
            for e in entries
            for held in [e.status is Status.APPLIED]
        ],
    )


def _drop(journal: Journal, c: Connection, entries: Iterable[Entry]) -> None:
    """Their payloads leave the journal; the desk's numbers go on where they stood."""
    keep_last_number(journal, c)
    c.executemany("DELETE FROM op WHERE uuid = ?", [(e.op.uuid.hex,) for e in entries])


# ---- access that has ended


def is_proven(wanted: str, fault: AccessEnded) -> bool:
    """Does this come from the server of the last sign-in, which left `wanted`? A stranger's word wipes nothing."""
    try:
        proof = bytes.fromhex(fault.fields.get("proof", ""))
    except ValueError:
        return False
    return bool(wanted) and hmac.compare_digest(hashlib.sha256(proof).hexdigest(), wanted)


def end_access(store: Store, fault: AccessEnded) -> None:
    """Seal what was not given up, then wipe all that this desk knew of others; said again it changes nothing.

    Where the college has no key the work stays in the journal, which nobody opens, until there is one.
    """
    with store.lock:
        journal = store.journal
        key = fault.fields.get("seal_key", "") or str(journal.fact("seal_key", ""))
        entries = journal.entries("1")
        first = not journal.fact("ended", "")
        if first or (key and (entries or store.box.whole())):
            if first:  # later nothing tells which contents were not sent
                unsent = contents.undecided(journal) | contents.waiting(store.overlay, store.box)
                store.box.keep_only(unsent)
            _close_journal(journal, fault.message, key, entries)
            if key:
                seal_files(store, key)
            store.wipe_cache()


def _close_journal(journal: Journal, said: str, key: str, entries: list[Entry]) -> None:
    """A request for numbers is no work of a person: it is not worth an administrator's time."""
    work = [e for e in entries if not e.closed and not _is_lease(e)]
    marks = ",".join("?" * len(KEPT_FACTS))
    with Transaction(journal.connection) as c:
        if key:
            _seal(journal, c, work, key)
            _drop(journal, c, entries)
        for table in ("draft", "lease"):
            c.execute(f"DELETE FROM {table}")  # noqa: S608  own words
        c.execute(f"DELETE FROM fact WHERE name NOT IN ({marks})", KEPT_FACTS)  # noqa: S608  own words
        journal.write_facts(c, ended=said, seal_key=key)
    journal.wipe_traces()


def seal_files(store: Store, key: str) -> None:
    """Every content that is still here, piece by piece, after the operations that speak of it; then the box is empty.

    One that is damaged here is said and let go: nobody can read it any more.
    """
    known = store.journal.connection.execute("SELECT DISTINCT content FROM sealed").fetchall()
    sealed_before = {digest for (digest,) in known}
    for digest in sorted(store.box.whole() - sealed_before):
        try:
            content = store.box.read(digest)
        except EpoError as fault:
            store.notes.append(fault.message)
            continue
        if content is not None:
            _seal_content(store.journal, key, digest, content)
    store.box.keep_only(())


def _seal_content(journal: Journal, key: str, digest: str, content: bytes) -> None:
    """The whole of it or nothing."""
    author, moment = UUID(journal.fact("account")), journal.now() + journal.fact("offset", 0)
    with Transaction(journal.connection) as c:
        for at in range(0, len(content), SEALED_PIECE):
            body = content[at : at + SEALED_PIECE]
            piece = SealedPiece(new_id(), author, digest, len(content), at, body)
            c.execute(
                "INSERT INTO sealed (uuid, at, blob, unsent, held, content) VALUES (?, ?, ?, 1, 0, ?)",
                (piece.uuid.hex, moment, seal(key, piece), digest),
            )


def _is_lease(entry: Entry) -> bool:
    return isinstance(entry.op.body, Command) and entry.op.body.name == LEASE_COMMAND


def words(journal: Journal) -> str:
    """What happened, for the person at the desk; empty where access lasts."""
    said = str(journal.fact("ended", ""))
    if not said:
        return ""
    told = f"{said}. Данные этой программы на компьютере стёрты."
    left = len(journal.entries("closed = ''"))
    if left:
        stay = plural(left, "останется", "останутся", "останутся")
        return (
            f"{told} {counted(left, 'неотправленная запись', 'неотправленные записи', 'неотправленных записей')} "
            f"{stay} здесь под замком, пока у организации не появится ключ: скажите администратору"
        )
    waiting, given = kept(journal)
    if waiting:
        return f"{told} Ждут передачи администратору, когда будет связь: {waiting}"
    return f"{told} Неотправленное передано администратору: {given}" if given else told


def kept(journal: Journal) -> tuple[int, int]:
    """How much is sealed here that the centre has not, and how much of what had not been sent it has now.

    A file counts once, however many pieces it is in.
    """
    row = journal.connection.execute(
        "SELECT count(DISTINCT thing) FILTER (WHERE held = 0), "
        "count(DISTINCT thing) FILTER (WHERE held = 1 AND unsent = 1 AND thing NOT IN "
        "(SELECT content FROM sealed WHERE held = 0)) "
        "FROM (SELECT iif(content = '', uuid, content) AS thing, held, unsent FROM sealed)"
    ).fetchone()
    return int(row[0]), int(row[1])


# ---- at each contact


def deliver(store: Store, link: Transport) -> None:
    """Offer the uuids of all that is kept sealed, and hand over what the centre lacks."""
    with store.lock:
        rows = store.journal.connection.execute("SELECT uuid FROM sealed ORDER BY place")
        uuids = [uuid for (uuid,) in rows.fetchall()]
    for start in range(0, len(uuids), MAX_OFFER):
        _deliver(store, link, uuids[start : start + MAX_OFFER])


def _deliver(store: Store, link: Transport, uuids: list[str]) -> None:
    while True:
        request = seal_request(store, uuids)
        lacking = take_seal(store, request, link.seal(request))
        if not lacking:
            return
        if lacking & {each.uuid for each in request.blobs}:
            raise Unavailable("Сервер не принял запечатанные записи; попробуем позже")


def seal_request(store: Store, uuids: list[str]) -> SealRequest:
    """As many of the blobs as fit, of those that the centre is not known to hold."""
    blobs: list[SealedOperation] = []
    size = 0
    wanted = set(uuids)
    with store.lock:
        journal = store.journal
        rows = journal.connection.execute(
            "SELECT uuid, blob FROM sealed WHERE held = 0 ORDER BY place"
        )
        for uuid, blob in rows:
            size += len(blob)
            if blobs and (size > BATCH_BYTES or len(blobs) == MAX_OPERATIONS):
                break
            if uuid in wanted:
                blobs.append(SealedOperation(UUID(uuid), blob))
        rows.close()
        return SealRequest(
            device=journal.device,
            epoch=journal.fact("epoch"),
            witnesses=journal.witnesses(),
            uuids=[UUID(uuid) for uuid in uuids],
            blobs=blobs,
        )


def take_seal(store: Store, request: SealRequest, answer: SealAnswer) -> set[UUID]:
    """Note what the centre holds, let go of what its backups hold; what it lacks still."""
    lacking = set(answer.lacks)
    journal = store.journal
    before = journal.now() + journal.fact("offset", 0) - KEPT
    with store.lock, Transaction(journal.connection) as c:
        journal.hear(c, answer)
        c.executemany(
            "UPDATE sealed SET held = ? WHERE uuid = ?",
            [(int(uuid not in lacking), uuid.hex) for uuid in request.uuids],
        )
        c.executemany(
            "DELETE FROM sealed WHERE uuid = ? AND at < ?",
            [(uuid.hex, before) for uuid in answer.safe if answer.was is None],
        )
    return lacking
