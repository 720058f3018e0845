"""Histories too rare for weight: each holds unplanted, and falls with its bug."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from client.store.connection import Transaction
from common.kit.sync import Operation, Save
from server.kit import gate
from server.kit.commit import commit
from server.kit.session import load
from tests.simulation.base import BOOK
from tests.simulation.desk import SimDesk
from tests.simulation.history import Simulation
from tests.simulation.world import Broken

Directed = Callable[[Simulation], None]

DIRECTED: dict[str, Directed] = {}
"""By the name of the bug that each is for."""


def directed(*bugs: str) -> Callable[[Directed], Directed]:
    def keep(history: Directed) -> Directed:
        DIRECTED.update(dict.fromkeys(bugs, history))
        return history

    return keep


# ---- words of a history


def drain(s: Simulation, *desks: SimDesk) -> None:
    for _ in range(2):
        for desk in desks:
            s.world.now_ms += 1_000
            s.guard(desk, desk.round)
            s.oracle.look(desk)


def change(s: Simulation, desk: SimDesk, entity: str, name: str, value: str) -> Operation:
    """A change of the first visible record of that kind."""
    id, row = min(s.seen(desk, entity).items())
    body = Save(entity, UUID(id), create=False, set={name: (row[name], value)})
    before = set(desk.operations())
    s.record(desk, f"{entity}.{name} = {value}", lambda _: [body])
    (uuid,) = set(desk.operations()) - before
    return desk.store.journal.entry(uuid.hex).op


def cabinet(s: Simulation, entity: Any, name: str, value: str) -> None:
    with s.world.session() as db:
        setattr(load(db, entity, s.first(entity.__tablename__)), name, value)
        commit(db, "sim.web")


def new_desk(s: Simulation, name: str, login: str) -> SimDesk:
    desk = SimDesk(s.world, name, login, s.world.folder / name)
    desk.sign_in()
    s.desks.append(desk)
    drain(s, desk)
    return desk


def clone(s: Simulation, desk: SimDesk) -> SimDesk:
    s.world.cloned += 1
    copy = desk.copy(f"{desk.name}+")
    s.desks.append(copy)
    return copy


def status(desk: SimDesk, op: Operation) -> str:
    return desk.operations()[op.uuid][0]


def expect(desk: SimDesk, op: Operation, wanted: str) -> None:
    if (found := status(desk, op)) != wanted:
        raise Broken(f"{desk.name}: an operation is {found}, not {wanted}")


# ---- the histories


@directed("no_cas", "page_aba")
def late_first_page(s: Simulation) -> None:
    """A bucket is loaded, lost, and its first page comes late: comparing cursors alone is ABA."""
    desk = s.desks[1]
    desk.spoil_cache()
    request = desk.ask("pull")
    answer = desk.send("pull", request)
    drain(s, desk)
    s.world.set_role("boris", "sim.dean.P2")
    drain(s, desk)
    desk.take("pull", request, answer)
    kept = desk.store.cache.connection.execute(
        "SELECT count(*) FROM bucket WHERE section = 'dean' AND pd = 'P2'"
    ).fetchone()[0]
    if kept:
        raise Broken("I8 a bucket that was lost is back")


@directed("number_rights")
def number_without_right(s: Simulation) -> None:
    """The number of an operation whose right is missing is consumed all the same."""
    desk = s.desks[1]
    s.world.set_role("boris", "sim.dean.P0")
    s.register(desk, 900)
    for role in ("sim.admissions.P0", "sim.admissions.P1"):
        s.world.set_role("boris", role)
    drain(s, desk)


@directed("transient_refused")
def busy_database(s: Simulation) -> None:
    desk = s.desks[0]
    change(s, desk, "admission_campaign", "chair", "Новая")
    s.world.trouble = 3
    drain(s, desk)


@directed("renumber_replay")
def leased_before_the_restore(s: Simulation) -> None:
    """A block of numbers that a desk holds is the centre's too, once the desk has told of it again."""
    desk = s.desks[2]
    s.world.backup()
    desk.store.want_numbers(BOOK)
    drain(s, desk)
    held = _blocks(desk)
    s.world.restore(0, silent=False)
    drain(s, desk)
    gate.end_recovery(s.world.engine)
    drain(s, desk)
    query = "SELECT top FROM number_lease WHERE book = ? AND series = ?"
    known = s.world.rows(query, BOOK, desk.store.journal.fact("series"))
    if not held or _blocks(desk) != held or known != [(max(last for _, last in held),)]:
        raise Broken(f"I12 the desk gives numbers of {held}, the centre has leased up to {known}")


def _blocks(desk: SimDesk) -> set[tuple[int, int]]:
    return set(desk.store.journal.connection.execute("SELECT first, last FROM lease").fetchall())


@directed("lease_reissue")
def series_given_again(s: Simulation) -> None:
    """A desk signed in after the backup; after the restore another one signs in."""
    s.world.backup()
    first = new_desk(s, "К5", "vera")
    s.world.set_role("vera", "sim.admissions.P1")
    first.store.want_numbers(BOOK)
    drain(s, first)
    s.register(first, 901)
    s.world.restore(0, silent=False)
    gate.end_recovery(s.world.engine)
    second = new_desk(s, "К6", "vera")
    second.store.want_numbers(BOOK)
    drain(s, second)
    s.register(second, 902)


@directed("wit_max")
def evidence_overwritten(s: Simulation) -> None:
    """A push made before a silent restore arrives after it, above the moment that proves the restore."""
    from common.admissions.entities import AdmissionCampaign

    desk, other = s.desks[0], s.desks[3]
    drain(s, desk, other)
    s.world.backup()
    drain(s, desk, other)
    s.world.backup()
    s.world.backups.reverse()
    change(s, desk, "admission_campaign", "secretary", "Петрова")
    request = desk.ask("push")
    change(s, other, "applicant", "reg_no", "Потерян")
    s.guard(other, lambda: other.send("push", other.ask("push")))
    pulled = desk.ask("pull")
    desk.take("pull", pulled, desk.send("pull", pulled))
    s.lost.update(other.operations())
    other.close()
    other.dead = True
    s.world.restore(0, silent=True)
    for value in ("А", "Б", "В"):
        cabinet(s, AdmissionCampaign, "phone", value)
    answer = s.guard(desk, lambda: desk.send("push", request))
    if answer is not None:
        desk.take("push", request, answer)


@directed("bare_word")
def slander(s: Simulation) -> None:
    """A journal says that it has heard of what never was: only the server's own word begins a new history."""
    desk, other = s.desks[0], s.desks[3]
    drain(s, desk, other)
    epoch = s.world.epoch()
    with Transaction(desk.store.journal.connection) as c:
        c.execute("INSERT INTO witness (clock, mark) VALUES (1000000, 1)")
        c.execute("UPDATE witness SET mark = mark + 1 WHERE proof <> x''")
    change(s, desk, "admission_campaign", "secretary", "Петрова")
    drain(s, desk, other)
    if s.world.epoch() != epoch:
        raise Broken("I15 the word of a desk began a new history")


@directed("decision_held")
def decision_behind_its_own(s: Simulation) -> None:
    """A conflict, a younger operation behind it, then the decision about the first."""
    from common.admissions.entities import AdmissionCampaign

    desk = s.desks[0]
    drain(s, desk)
    cabinet(s, AdmissionCampaign, "chair", "Чужая")
    first = change(s, desk, "admission_campaign", "chair", "Своя")
    change(s, desk, "admission_campaign", "secretary", "Другая")
    drain(s, desk)
    expect(desk, first, "conflict")
    decision, *_ = desk.store.decide(first.uuid, {"chair": "Своя"})
    drain(s, desk)
    expect(desk, decision, "applied")


@directed("held_stranger")
def stranger_holds(s: Simulation) -> None:
    from common.admissions.entities import AdmissionCampaign

    desk, other = s.desks[0], s.desks[3]
    drain(s, desk, other)
    cabinet(s, AdmissionCampaign, "chair", "Чужая")
    first = change(s, desk, "admission_campaign", "chair", "Своя")
    drain(s, desk, other)
    expect(desk, first, "conflict")
    second = change(s, other, "admission_campaign", "secretary", "Другая")
    drain(s, other)
    expect(other, second, "applied")


@directed("closed_back")
def given_up_comes_back(s: Simulation) -> None:
    from common.admissions.entities import AdmissionCampaign

    desk = s.desks[0]
    drain(s, desk)
    s.world.backup()
    first = change(s, desk, "admission_campaign", "chair", "Своя")
    cabinet(s, AdmissionCampaign, "chair", "Чужая")
    drain(s, desk)
    expect(desk, first, "conflict")
    desk.store.give_up(first.uuid, "не нужно")
    s.acts.update(desk.operations())
    s.oracle.given_up.add(first.uuid)
    drain(s, desk)
    s.world.restore(0, silent=False)
    gate.end_recovery(s.world.engine)
    drain(s, desk)


@directed("unseen_number", "fork_lease", "no_fork")
def two_copies(s: Simulation) -> None:
    """A profile is copied, and both copies register: one of them gets other numbers, or hears of it."""
    desk = s.desks[0]
    copy = clone(s, desk)
    s.register(desk, 903)
    s.register(copy, 904)
    drain(s, desk, copy)
    s.register(copy, 905)
    printed = [e.op.number for e in copy.store.journal.entries("1") if e.op.number]
    if printed[-1].series == desk.store.journal.fact("series") and len(printed) > 1:
        raise Broken("I6 a forked copy goes on giving numbers of the shared block")
    drain(s, copy)


@directed("seen_cut")
def page_cut_before_own_row(s: Simulation) -> None:
    """Own work is acknowledged; the first page ends some buckets and is cut before its row."""
    desk = s.desks[0]
    drain(s, desk)
    s.bulk_of(2)
    change(s, desk, "applicant", "language_studied", "Своя")
    request = desk.ask("push")
    desk.take("push", request, desk.send("push", request))
    desk.wire.limit = 7
    request = desk.ask("pull")
    desk.take("pull", request, desk.send("pull", request))
    desk.wire.limit = 2_000
    s.oracle.look(desk)


@directed("adopt_forgotten")
def adopted(s: Simulation) -> None:
    """Two desks make the campaign of one year; the second takes the first one's and works on."""
    one, two = s.desks[0], s.desks[2]
    s.campaign(one, 2007)
    s.campaign(two, 2007)
    drain(s, one, two)
    (trouble,) = two.store.troubles()
    mine = trouble.entry.op.body
    assert isinstance(mine, Save)
    two.store.adopt(trouble.entry.op.uuid, UUID(s.twin(two, mine)))
    s.acts.update(two.operations())
    drain(s, two)
    body = Save("admission_campaign", mine.id, create=False, set={"chair": (None, "Новая")})
    (op,) = two.store.record(lambda _: [body])
    s.acts.add(op.uuid)
    drain(s, two)
    expect(two, op, "applied")
    drain(s, one)


@directed("revoke_erase")
def settled_then_out_of_sight(s: Simulation) -> None:
    """Settled work of a class that its author loses; then the centre is restored to before it."""
    desk = s.desks[0]
    drain(s, desk)
    s.world.backup()
    op = change(s, desk, "applicant", "language_studied", "Своя")
    drain(s, desk)
    expect(desk, op, "applied")
    s.world.set_role("anna", "sim.admissions.P1")
    drain(s, desk)
    s.world.restore(0, silent=False)
    gate.end_recovery(s.world.engine)
    drain(s, desk)


@directed("seal_lost")
def left_and_restored(s: Simulation) -> None:
    """The work of one who has left is at the centre, and the centre is restored to before it."""
    desk = s.desks[1]
    drain(s, desk)
    s.world.backup()
    change(s, desk, "applicant", "language_studied", "Своя")
    s.do_end(1, 0, 0, 0)
    drain(s, desk)
    s.world.restore(0, silent=False)
    gate.end_recovery(s.world.engine)
    drain(s, desk)


@directed("refused_forgets")
def returned_and_restored(s: Simulation) -> None:
    """An access has come back, and the centre is restored to when it had ended: it knows neither the token nor a living account."""
    desk = s.desks[1]
    s.do_end(1, 0, 0, 0)
    drain(s, desk)
    s.world.backup()
    s.do_end(1, 0, 0, 0)
    drain(s, desk)
    change(s, desk, "applicant", "reg_no", "Ждёт")
    s.world.restore(0, silent=False)
    drain(s, desk)
    if not desk.waits:
        raise Broken(f"I13 {desk.name}: whose access has ended was let in")


def play_directed(s: Simulation, history: Directed) -> str:
    """The invariant that fell, or nothing."""
    try:
        history(s)
        s.quiet()
    except Broken as broken:
        return str(broken)
    return ""
