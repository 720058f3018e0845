"""What answers do to the journal (SYNC 2, 5, 7, 8): statuses, leases, another device id, another history, letting go."""

from __future__ import annotations

from uuid import UUID

import msgspec

from client.store import news
from client.store.connection import Connection, Transaction
from client.store.entry import Entry
from client.store.journal import LEASE_COMMAND, Journal
from client.store.news import Kind
from common.kit.ids import new_id
from common.kit.sync import (
    ADOPT,
    HAND,
    Answer,
    Command,
    OfferAnswer,
    OfferRequest,
    Outcome,
    PushAnswer,
    Status,
)

KEPT = 30 * 24 * 3_600_000
"""Settled operations stay at least so long, ms."""

RESTORED, FORKED = "restored", "forked"
"""Why a device id is new; the fact `offer` holds it until the centre has answered the offer."""

FINDING = "taken"

TROUBLE = (Status.CONFLICT, Status.REFUSED, Status.QUARANTINED, Status.FAILED)
"""What a person is told of as it arrives; what is held stands behind one of these."""


def settle(journal: Journal, answer: PushAnswer) -> list[Entry]:
    """Take outcomes, each only while its operation is pending under that device and number.

    The numbers that they bring and the moment they witness are the desk's in the same transaction.
    """
    settled = []
    with Transaction(journal.connection) as c:
        journal.hear(c, answer)
        for outcome in answer.outcomes:
            row = c.execute(
                "SELECT 1 FROM op WHERE uuid = ? AND device = ? AND no = ? AND status = 'pending'",
                (outcome.uuid.hex, outcome.device, outcome.no),
            ).fetchone()
            if row:
                settled.append(_take(journal, c, outcome, answer.epoch))
    return settled


def _take(journal: Journal, c: Connection, outcome: Outcome, epoch: str) -> Entry:
    status = Status.of(outcome.status)
    if status is Status.FORGOTTEN:
        status = Status.APPLIED
    key = outcome.uuid.hex
    c.execute(
        "UPDATE op SET status = ?, seq = ?, epoch = ? WHERE uuid = ?",
        (status.value, outcome.seq, epoch, key),
    )
    if (
        outcome.text or outcome.fields
    ):  # the centre erases what a desk has heard: what is kept here stays
        why, who = map(msgspec.msgpack.encode, (outcome.fields, outcome.writers))
        c.execute(
            "UPDATE op SET said = ?, fields = ?, writers = ? WHERE uuid = ?",
            (outcome.text, why, who, key),
        )
    if outcome.result:
        taken = status is Status.APPLIED and outcome.result.get("number") == FINDING
        c.execute(
            "UPDATE op SET result = ?, mac = ?, finding = ? WHERE uuid = ?",
            (msgspec.msgpack.encode(outcome.result), outcome.mac, int(taken), key),
        )
    if status in TROUBLE:
        news.tell(journal, c, Kind.TROUBLE, key, _subject(c, key), status=status.value)
    if status is Status.CLOSED:
        news.tell(journal, c, Kind.CLOSED, key, _subject(c, key))
        c.execute(
            "UPDATE op SET closed = ? WHERE uuid = ? AND closed = ''",
            (outcome.text or status.label, key),
        )
    entry = journal.entry(key)
    if isinstance(entry.op.body, Command) and entry.op.body.name == HAND:
        _take_handed(c, entry.op.body, taken=status is Status.APPLIED)
    if status is Status.APPLIED and isinstance(entry.op.body, Command):
        _take_lease(journal, c, entry, entry.op.body)
        _take_alias(c, entry.op.body)
    return entry


def _subject(c: Connection, uuid: str) -> tuple[str, str]:
    entity, row_id = c.execute("SELECT entity, row_id FROM op WHERE uuid = ?", (uuid,)).fetchone()
    return entity, row_id


def _take_handed(c: Connection, body: Command, *, taken: bool) -> None:
    """The administrator has it; where he cannot, it needs its author again."""
    c.execute(
        "UPDATE op SET handed = ? WHERE uuid = ? AND handed IN ('asked', 'waiting')",
        ("waiting" if taken else "", body.args["of"]),
    )


def _take_lease(journal: Journal, c: Connection, entry: Entry, body: Command) -> None:
    """A block of another series than the desk's own was asked for by what this copy was made from."""
    given = entry.result
    if body.name == LEASE_COMMAND and given and given["series"] == journal.fact("series"):
        c.execute(
            "INSERT OR IGNORE INTO lease VALUES (?, ?, ?, ?, ?)",
            (given["series"], given["book"], given["first"], given["last"], given["first"]),
        )


def _take_alias(c: Connection, body: Command) -> None:
    if body.name == ADOPT:
        entity, mine, theirs = (body.args[n] for n in ("entity", "mine", "theirs"))
        c.execute("INSERT OR REPLACE INTO alias VALUES (?, ?, ?)", (entity, mine, theirs))
        c.execute("UPDATE alias SET theirs = ? WHERE theirs = ?", (theirs, mine))
        c.execute("UPDATE op SET row_id = ? WHERE row_id = ?", (theirs, mine))
        c.execute("UPDATE OR REPLACE op_part SET row_id = ? WHERE row_id = ?", (theirs, mine))


def hear_recovery(journal: Journal, *, recovering: bool) -> None:
    """The centre was restored and desks give back what it lacks; its end is told once."""
    if recovering == journal.fact("recovering", False):
        return
    with Transaction(journal.connection) as c:
        journal.write_facts(c, recovering=recovering)
        if not recovering:
            news.tell(journal, c, Kind.RECOVERED, str(journal.fact("epoch")))


def mark_seen(journal: Journal, epoch: str, seq: int) -> list[Entry]:
    """Applied operations of this history up to this moment are in the cache now; said once, never taken back."""
    where = "status = 'applied' AND seen = 0 AND epoch = ? AND seq <= ?"
    with Transaction(journal.connection) as c:
        rows = c.execute(f"SELECT uuid FROM op WHERE {where}", (epoch, seq)).fetchall()  # noqa: S608  own words
        c.execute(f"UPDATE op SET seen = 1 WHERE {where}", (epoch, seq))  # noqa: S608  own words
    return [journal.entry(uuid) for (uuid,) in rows]


# ---- another device id


def renumber(journal: Journal, last: int) -> None:
    """The centre holds this device's operations up to `last`: number what waits from there."""
    with Transaction(journal.connection) as c:
        _number(c, journal.device, last)


def _number(c: Connection, device: str, last: int) -> None:
    waiting = c.execute("SELECT place FROM op WHERE status = 'pending' ORDER BY place").fetchall()
    c.executemany(
        "UPDATE op SET device = ?, no = ? WHERE place = ?",
        [(device, no, place) for no, (place,) in enumerate(waiting, last + 1)],
    )


def take_device(journal: Journal, name: str) -> None:
    """The id that a sign-in gave. Where it is another than before, nothing is sent until an offer is answered."""
    former = journal.device
    with Transaction(journal.connection) as c:
        if former and former != name:
            _new_device(journal, c, name, RESTORED)
        else:
            journal.write_facts(c, device=name)


def is_fork(journal: Journal, no: int, uuid: UUID) -> bool:
    """Does the answer speak of an operation that still waits under this number? A late one says nothing."""
    row = journal.connection.execute(
        "SELECT 1 FROM op WHERE uuid = ? AND device = ? AND no = ? AND status = 'pending'",
        (uuid.hex, journal.device, no),
    ).fetchone()
    return row is not None


def fork(journal: Journal) -> None:
    """Another copy of this profile works under the same id: leave it the id, the series and the numbers."""
    with Transaction(journal.connection) as c:
        c.execute("DELETE FROM lease")
        journal.write_facts(c, series="")
        _new_device(journal, c, new_id().hex, FORKED)


def change_history(journal: Journal, answer: Answer) -> None:
    """Another history: this answer is its first witness; another device id, and a cache that stands until one of it is whole."""
    with Transaction(journal.connection) as c:
        c.execute("DELETE FROM witness")
        journal.write_facts(c, epoch=answer.epoch, reload=True)
        journal.hear(c, answer)
        news.tell(journal, c, Kind.RESTORED, answer.epoch)
        _new_device(journal, c, new_id().hex, RESTORED)


def _new_device(journal: Journal, c: Connection, name: str, why: str) -> None:
    outstanding = journal.fact("offer", "")
    replaces = journal.fact("replaces", "") if outstanding else journal.device
    why = FORKED if FORKED in (outstanding, why) else why
    journal.write_facts(c, device=name, last_no=0, offer=why, replaces=replaces)
    _number(c, name, 0)


def offer_of(journal: Journal) -> OfferRequest | None:
    """What must be asked before anything is pushed; None where nothing must."""
    why = journal.fact("offer", "")
    if not why:
        return None
    rows = journal.connection.execute("SELECT uuid FROM op ORDER BY place").fetchall()
    return OfferRequest(
        device=journal.device,
        epoch=journal.fact("epoch"),
        witnesses=journal.witnesses(),
        uuids=[UUID(uuid) for (uuid,) in rows],
        replaces=journal.fact("replaces", ""),
        forked=why == FORKED,
    )


def take_offer(journal: Journal, answer: OfferAnswer) -> list[Entry]:
    """What the centre has is answered; what it lacks waits again, in the order in which it was made."""
    if answer.device != journal.device or answer.epoch != journal.fact("epoch"):
        return []
    if not journal.fact("offer", ""):
        return []
    known = {outcome.uuid.hex: outcome for outcome in answer.outcomes}
    sealed = {uuid.hex for uuid in answer.sealed}
    changed = []
    with Transaction(journal.connection) as c:
        journal.hear(c, answer)
        journal.write_facts(c, offer="", replaces="", series=answer.series)
        rows = c.execute("SELECT uuid, status, closed FROM op ORDER BY place").fetchall()
        for uuid, status, closed in rows:
            if closed and status != Status.APPLIED.value:
                continue  # a finding that was closed leaves its operation what it is: executed, or to be sent
            if uuid in known:
                _take(journal, c, known[uuid], answer.epoch)
            elif uuid in sealed:
                c.execute("UPDATE op SET status = 'sealed' WHERE uuid = ?", (uuid,))
            elif status != Status.PENDING.value:
                c.execute(
                    "UPDATE op SET status = 'pending', seq = 0, epoch = '', seen = 0, finding = 0, closed = '', "
                    "said = '', fields = x'80', writers = x'80' WHERE uuid = ?",
                    (uuid,),
                )
            else:
                continue
            changed.append(uuid)
        _number(c, journal.device, 0)
    return [journal.entry(uuid) for uuid in changed]


# ---- letting go


def let_go(journal: Journal, epoch: str, backed_up_to: int) -> int:
    """Forget what is settled, shown by the cache, a month old and in two backups; how many went."""
    before = journal.now() + journal.fact("offset", 0) - KEPT
    settled = (
        "status = 'applied' AND seen = 1 AND (finding = 0 OR closed <> '') "
        "AND epoch = ? AND seq <= ? AND at < ?"
    )
    some = f"SELECT 1 FROM op WHERE {settled} LIMIT 1"  # noqa: S608  own words
    if journal.connection.execute(some, (epoch, backed_up_to, before)).fetchone() is None:
        return 0
    with Transaction(journal.connection) as c:
        keep_last_number(journal, c)
        news.forget(c, before)
        gone = c.execute(f"DELETE FROM op WHERE {settled}", (epoch, backed_up_to, before)).rowcount  # noqa: S608  own words
        gone += c.execute(
            "DELETE FROM op WHERE closed <> '' AND decision <> '' AND at < ? "
            "AND decision NOT IN (SELECT uuid FROM op)",
            (before,),
        ).rowcount
    return int(gone)


def keep_last_number(journal: Journal, c: Connection) -> None:
    """Before operations leave the journal: the desk's numbers go on where they stood."""
    top = c.execute("SELECT max(no) FROM op WHERE device = ?", (journal.device,)).fetchone()[0]
    journal.write_facts(c, last_no=max(top or 0, journal.fact("last_no", 0)))
