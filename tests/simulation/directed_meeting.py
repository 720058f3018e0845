"""Directed histories of requests that meet, of restores and of what a later run has found."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from common.admissions.entities import AdmissionCampaign, Applicant
from common.kit.ids import new_id
from common.kit.sync import Delete, Save
from server.kit import gate
from server.kit.commit import commit
from server.kit.session import load
from tests.simulation.directed import cabinet, change, clone, directed, drain, expect
from tests.simulation.garden import MEANWHILE, meanwhile
from tests.simulation.history import Simulation
from tests.simulation.world import Broken


@directed("sequence")
def another_commits_first(s: Simulation) -> None:
    """While a push is under way a cabinet writes, and a desk reads up to that."""
    desk, reader = s.desks[0], s.desks[3]
    drain(s, desk, reader)
    change(s, desk, "applicant", "reg_no", "Своя")

    def other() -> None:
        cabinet(s, AdmissionCampaign, "chair", "Чужая")
        drain(s, reader)

    MEANWHILE.append(other)
    drain(s, desk)
    meanwhile()


@directed("top_after_rows")
def write_behind_a_page(s: Simulation) -> None:
    desk = s.desks[0]
    drain(s, desk)
    cabinet(s, AdmissionCampaign, "chair", "Первая")
    MEANWHILE.append(lambda: cabinet(s, AdmissionCampaign, "phone", "Вторая"))
    drain(s, desk)
    meanwhile()


@directed("check_then_write")
def another_writes_first(s: Simulation) -> None:
    """Between the comparison and the write a cabinet changes the same field."""
    desk = s.desks[0]
    drain(s, desk)
    change(s, desk, "admission_campaign", "chair", "Своя")
    MEANWHILE.append(lambda: cabinet(s, AdmissionCampaign, "chair", "Чужая"))
    drain(s, desk)
    meanwhile()


@directed("double_inflight")
def one_operation_in_two_requests(s: Simulation) -> None:
    """The answer is late, the desk asks again, and both requests are at the centre at once."""
    desk = s.desks[0]
    drain(s, desk)
    s.do_command(0, 0, 0, 0)
    request = desk.ask("push")
    MEANWHILE.append(lambda: s.guard(desk, lambda: desk.send("push", request)))
    answer = s.guard(desk, lambda: desk.send("push", request))
    meanwhile()
    if answer is not None:
        desk.take("push", request, answer)
    drain(s, desk)


@directed("other_author")
def another_signs_in(s: Simulation) -> None:
    """Another user's program finds this journal, and sends it."""
    desk, other = s.desks[0], s.desks[1]
    drain(s, desk, other)
    change(s, desk, "admission_campaign", "chair", "Своя")
    request = desk.ask("push")
    s.guard(other, lambda: other.send("push", request))


@directed("wit_cache")
def evidence_lost_with_the_cache(s: Simulation) -> None:
    """Work is acknowledged, the centre is restored without a word, and the cache is lost before anybody asks."""
    desk, other = s.desks[0], s.desks[3]
    drain(s, desk, other)
    s.world.backup()
    change(s, desk, "admission_campaign", "chair", "Своя")
    request = desk.ask("push")
    desk.take("push", request, desk.send("push", request))
    s.world.restore(0, silent=True)
    desk.spoil_cache()
    for value in ("А", "Б", "В"):
        cabinet(s, AdmissionCampaign, "phone", value)


@directed("grant_noclock")
def right_given_back_by_a_lagging_copy(s: Simulation) -> None:
    """A right ends; a copy that does not know it yet answers the next pull."""
    desk = s.desks[1]
    drain(s, desk)
    copy = s.world.folder / "replica.db"
    s.world.copy_database(copy)
    s.world.replica = copy
    s.world.set_role("boris", "sim.dean.P2")
    drain(s, desk)
    s.do_replica(1, 1, 0, 0)
    kept = desk.store.cache.connection.execute(
        "SELECT count(*) FROM bucket WHERE section = 'dean' AND pd = 'P2'"
    ).fetchone()[0]
    if kept:
        raise Broken("I8 a right that ended is back")


def only(body: Save, _: object) -> list[Save]:
    return [body]


@directed("seen_cursor")
def page_cut_within_a_moment(s: Simulation) -> None:
    """Two own changes of one moment, and pages that are cut between their rows."""
    desk = s.desks[0]
    s.bulk_of(3)
    drain(s, desk)
    for limit in range(1, 9):
        for id, row in sorted(s.seen(desk, "applicant").items())[-3:]:
            pairs = {"special_conditions": (row["special_conditions"], f"{limit}-{id[-3:]}")}
            body = Save("applicant", UUID(id), create=False, set=pairs)
            s.record(desk, f"applicant {id[-6:]}", partial(only, body))
        request = desk.ask("push")
        desk.take("push", request, desk.send("push", request))
        desk.wire.limit = limit
        for _ in range(4):
            request = desk.ask("pull")
            desk.take("pull", request, desk.send("pull", request))
            s.oracle.look(desk)
        desk.wire.limit = 2_000
        drain(s, desk)


@directed("late_fork")
def fork_heard_twice(s: Simulation) -> None:
    """A copy hears that it is one, goes on under its own id, and hears it once more."""
    desk = s.desks[0]
    drain(s, desk)
    copy = clone(s, desk)
    change(s, desk, "admission_campaign", "chair", "Одна")
    drain(s, desk)
    change(s, copy, "admission_campaign", "phone", "Другая")
    request = copy.ask("push")
    answer = copy.send("push", request)
    copy.take("push", request, answer)
    drain(s, copy)
    series = copy.store.journal.fact("series")
    copy.take("push", request, answer)
    drain(s, copy)
    if copy.store.journal.fact("series") != series:
        raise Broken("I6 a late answer took the series of a desk that is no copy any more")


@directed("wit_pull")
def push_into_a_lost_history(s: Simulation) -> None:
    """The centre is restored without a word, and the next request is a push."""
    desk = s.desks[0]
    drain(s, desk)
    s.world.backup()
    change(s, desk, "admission_campaign", "chair", "Своя")
    drain(s, desk)
    s.world.restore(0, silent=True)
    change(s, desk, "admission_campaign", "secretary", "Петрова")
    answer = s.guard(desk, lambda: desk.send("push", desk.ask("push")))
    if answer is None or answer.was is None:
        raise Broken("I10 a push was taken into a history that lost what its desk had sent")


@directed("closed_finding")
def closed_finding_after_a_restore(s: Simulation) -> None:
    """A number was taken by a copy, a person has said so and closed it; then the centre is restored."""
    desk = s.desks[0]
    drain(s, desk)
    copy = clone(s, desk)
    s.world.backup()
    s.register(desk, 903)
    s.register(copy, 904)
    drain(s, desk, copy)
    for trouble in copy.store.troubles():
        copy.store.give_up(trouble.entry.op.uuid, "Знаю")
        s.oracle.given_up.add(trouble.entry.op.uuid)
    s.world.restore(0, silent=False)
    gate.end_recovery(s.world.engine)
    drain(s, desk, copy)


@directed("late_parts")
def a_part_made_with_its_delete(s: Simulation) -> None:
    """An address is made and its person deleted in one push: the part goes with its owner."""
    desk = s.desks[0]
    drain(s, desk)
    s.do_delete(0, 2, 0, 0)
    deletes = [e.op.body for e in desk.store.outbox() if isinstance(e.op.body, Delete)]
    person = deletes[-1].id
    drain(s, desk)
    desk = s.desks[0]
    s.register(desk, 905)
    newest = max(s.seen(desk, "person"))
    s.address(desk, newest, 906)
    bodies = s.deletion(desk, "person", newest)
    s.record(desk, "deletes", lambda _: bodies)
    body = Save(
        "address", new_id(), True, {"person_id": (None, person.hex), "full": (None, "Сирота")}
    )
    s.record(desk, "address of a deleted person", lambda _: [body])
    orphan = desk.store.journal.entries("1")[-1].op
    drain(s, desk)
    expect(desk, orphan, "conflict")


@directed("pointed_deleted")
def deleted_where_another_points(s: Simulation) -> None:
    """One desk deletes a campaign that looks empty there; another has just registered somebody for it, and the other way round."""
    desk, other = s.desks[0], s.desks[3]
    s.campaign(desk, 2031)
    drain(s, desk, other)
    (campaign,) = [
        id for id, row in s.seen(desk, "admission_campaign").items() if row["year"] == 2031
    ]
    person = min(s.seen(other, "person"))
    body = s.application(new_id(), person, campaign, None)
    s.record(other, "applies", lambda _: [body])
    drain(s, other)
    gone = Delete("admission_campaign", UUID(campaign))
    s.record(desk, "deletes", lambda _: [gone])
    drain(s, desk)
    refused = desk.store.journal.entries("1")[-1].op
    expect(desk, refused, "refused")
    desk.store.give_up(refused.uuid, "оставлена")
    s.acts.update(desk.operations())
    s.oracle.given_up.add(refused.uuid)
    drain(s, desk)
    late = s.application(new_id(), person, campaign, None)
    with s.world.session() as db:
        load(db, Applicant, body.id).deleted_at = db.now()
        commit(db, "sim.web")
    s.record(desk, "deletes", lambda _: [gone])
    drain(s, desk)
    expect(desk, desk.store.journal.entries("1")[-1].op, "applied")
    s.record(other, "applies", lambda _: [late])
    op = other.store.journal.entries("1")[-1].op
    drain(s, other)
    expect(other, op, "conflict")


@directed("fact_again")
def deadline_confirmed_later(s: Simulation) -> None:
    """A program started without a line records in time; its clock is doubted, and a person confirms the next day."""
    desk = s.desks[0]
    drain(s, desk)
    desk.close()
    s.do_command(0, 2, 0, 0)
    (doubted,) = [e.op for e in desk.store.outbox()]
    drain(s, desk)
    expect(desk, doubted, "conflict")
    s.world.now_ms += 24 * 3_600_000
    drain(s, desk)
    confirmed, *_ = desk.store.reissue(doubted.uuid)
    s.acts.add(confirmed.uuid)
    drain(s, desk)
    expect(desk, confirmed, "applied")


@directed("no_resend")
def lost_work_is_sent_again(s: Simulation) -> None:
    """A backup, work that is acknowledged after it, and a restore that everybody is told of."""
    desk = s.desks[0]
    drain(s, desk)
    s.world.backup()
    change(s, desk, "admission_campaign", "chair", "Своя")
    drain(s, desk)
    s.world.restore(0, silent=False)
    gate.end_recovery(s.world.engine)
    drain(s, desk)


@directed("epoch_back")
def an_older_copy_after_a_restore(s: Simulation) -> None:
    """Restored twice: a desk knows a history that the second copy had not begun."""
    desk = s.desks[0]
    drain(s, desk)
    s.world.backup()
    s.world.restore(0, silent=False)
    gate.end_recovery(s.world.engine)
    change(s, desk, "admission_campaign", "chair", "Своя")
    drain(s, desk)
    known = desk.store.journal.fact("epoch")
    s.world.restore(0, silent=True)
    drain(s, desk)
    if s.world.epoch() <= known:
        raise Broken("I15 an old history is back, and nobody began a new one")
