"""The rest of the protocol on both databases: offers, decisions, adoptions, restores, numbers, and requests that meet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from common.admissions.entities import AdmissionCampaign
from common.colleges.entities import Desk as Place
from common.kit.errors import NotAllowed, Unavailable
from common.kit.ids import REGION, new_id
from common.kit.sync import (
    ADOPT,
    CLOSE,
    Command,
    Delete,
    LegalNumber,
    OfferAnswer,
    OfferRequest,
    Operation,
    Outcome,
    PushAnswer,
    PushRequest,
    Replay,
    Save,
    Witness,
)
from common.people.entities import Person
from server.app import main, ready_engine
from server.kit import gate, judge, pulling, recorded
from server.kit.commit import commit
from server.kit.offer import offer
from server.kit.outside import outside_of
from server.kit.push import push
from server.kit.session import CollegeSession
from server.kit.settings import read_settings
from server.kit.tables import device, number_lease, operation
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, applicant, campaign, person, proved, renamed, statuses

BOOK = "applicant:2026"


def ask(desk: Desk, name: str, *uuids: UUID, **more: Any) -> OfferAnswer:
    """An offer under a new device id."""
    values: dict[str, Any] = {"epoch": None, "replaces": desk.caller.device} | more
    request = OfferRequest(device=name, uuids=list(uuids), **values)
    return offer(desk.house.engine, desk.caller, request, now=now)


def push_under(desk: Desk, name: str, *operations: Operation, **more: Any) -> PushAnswer:
    values: dict[str, Any] = {"epoch": None, "settled_to": 0} | more
    request = PushRequest(device=name, operations=list(operations), **values)
    return push(desk.house.engine, desk.caller, request, now=now)


def at(op: Operation, no: int) -> Operation:
    return msgspec.structs.replace(op, no=no)


def place_of(desk: Desk, series: str) -> None:
    """Give the test's desk a place with a series of its own."""
    with desk.house.session() as db:
        place = Place(
            series=series, computer="ПК", account_id=desk.caller.account_id, opened_on=now().date()
        )
        db.add(place)
        db.execute(
            sa.update(device).where(device.c.device == desk.caller.device).values(desk_id=place.id)
        )
        commit(db, "test.place")


def only(answer: PushAnswer) -> Outcome:
    (outcome,) = answer.outcomes
    return outcome


# ---- device ids


def test_an_offer_tells_what_is_recorded_and_keeps_the_series(ours: House) -> None:
    desk = Desk(ours)
    place_of(desk, "05")
    op = desk.op(person(new_id()))
    desk.push(op)
    answer = ask(desk, "second", op.uuid, new_id())
    assert [(o.uuid, o.status) for o in answer.outcomes] == [(op.uuid, "applied")]
    assert (answer.device, answer.series) == ("second", "05")


def test_a_forked_copy_gets_a_series_that_no_desk_ever_had(ours: House) -> None:
    desk = Desk(ours)
    place_of(desk, "05")
    with ours.session() as db:
        from server.kit.outside import Given

        outside_of(db).keep([Given(ours.id, "07")])
    assert ask(desk, "copy", forked=True).series == "08"
    assert ask(desk, "copy", forked=True).series == "08"


def test_an_operation_known_under_another_device_consumes_its_new_number(ours: House) -> None:
    desk = Desk(ours)
    place_of(desk, "05")
    op = desk.op(person(new_id()))
    first = desk.push(op)
    ask(desk, "second", op.uuid)
    again = push_under(desk, "second", at(op, 1))
    assert only(again).seq == only(first).seq
    later = push_under(desk, "second", at(desk.op(person(new_id())), 2))
    assert (later.forked, later.last, statuses(later)) == (None, None, ["applied"])


def test_a_number_consumed_by_an_echo_is_a_fork_for_another_operation(ours: House) -> None:
    """It was once answered «принято ранее», and the other operation was lost with it."""
    desk = Desk(ours)
    place_of(desk, "05")
    op = desk.op(person(new_id()))
    desk.push(op)
    ask(desk, "second", op.uuid)
    push_under(desk, "second", at(op, 1))
    other = at(desk.op(person(new_id())), 1)
    answer = push_under(desk, "second", other)
    assert (answer.forked, answer.outcomes) == ((1, other.uuid), [])


def test_a_device_that_this_history_does_not_know_is_told_to_take_another(ours: House) -> None:
    desk = Desk(ours)
    op = desk.op(person(new_id()))
    assert push_under(desk, "never-heard-of", op).forked == (1, op.uuid)


def test_a_device_of_another_account_is_refused(ours: House) -> None:
    desk, other = Desk(ours), Desk(ours, "admission_clerk")
    with pytest.raises(NotAllowed):
        push_under(desk, other.caller.device, desk.op(person(new_id())))
    with pytest.raises(NotAllowed):
        ask(desk, other.caller.device)


# ---- memory


def test_answers_that_a_desk_holds_are_erased_and_status_stays(ours: House) -> None:
    desk = Desk(ours)
    op = desk.op(person(new_id(), birth_date="2010-99-99"))
    assert "Дата рождения" in str(only(desk.push(op)).fields)
    request = PushRequest(
        device=desk.caller.device,
        epoch=None,
        settled_to=1,
        operations=[desk.op(person(new_id()))],
    )
    push(ours.engine, desk.caller, request, now=now)
    told = only(desk.push(op))
    assert (told.status, told.text, told.fields) == ("refused", "", {})


def test_an_operation_that_was_purged_is_told_as_taken_before(ours: House) -> None:
    desk = Desk(ours)
    op = desk.op(person(new_id()))
    desk.push(op)
    with ours.session() as db:
        recorded.purge(db, now() + dt.timedelta(days=400))
        commit(db, "test.purge")
    assert statuses(desk.push(op)) == ["forgotten"]


def test_what_the_server_decided_is_told_under_a_seal(ours: House) -> None:
    desk = Desk(ours)
    place_of(desk, "05")
    outcome = only(desk.push(desk.op(Command("lease_numbers", {"book": BOOK}))))
    with ours.session() as db:
        outside = outside_of(db)
        assert outside.is_sealed(outcome.mac, ours.id, outcome.uuid, outcome.result)
        forged = {**outcome.result, "last": 900}
        assert not outside.is_sealed(outcome.mac, ours.id, outcome.uuid, forged)


# ---- decisions


def test_a_decision_settles_an_operation_and_frees_what_it_held(ours: House) -> None:
    desk = Desk(ours)
    p, c = new_id(), new_id()
    wrong, fine = desk.op(person(p, birth_date="2010-99-99")), desk.op(campaign(c))
    held = desk.op(applicant(new_id(), p, c), after=(wrong.uuid,))
    assert statuses(desk.push(wrong, fine, held)) == ["refused", "applied", "held"]
    mended = desk.op(person(p), resolves=wrong.uuid, chain=wrong.uuid)
    again = desk.op(held.body, resolves=held.uuid, after=(mended.uuid,))
    assert statuses(desk.push(mended, again)) == ["applied", "applied"]
    with ours.session() as db:
        assert recorded.unresolved(db, {wrong.uuid, held.uuid}) == set()


def test_a_decision_in_the_same_batch_frees_at_once(ours: House) -> None:
    desk = Desk(ours)
    p = new_id()
    wrong = desk.op(person(p, birth_date="2010-99-99"))
    mended = desk.op(person(p), resolves=wrong.uuid)
    later = desk.op(renamed(p, "Ёлкина", "Петрова"), after=(wrong.uuid,))
    assert statuses(desk.push(wrong, mended, later)) == ["refused", "applied", "applied"]


def test_a_decision_about_something_unknown_closes_it_for_every_copy(ours: House) -> None:
    desk = Desk(ours)
    lost = desk.op(person(new_id()))
    desk.no = 0
    closing = desk.op(Command(CLOSE, {"reason": "не нужно"}), resolves=lost.uuid)
    assert statuses(desk.push(closing)) == ["applied"]
    assert statuses(desk.push(at(lost, 2))) == ["closed"]
    with ours.session() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


def test_closing_without_an_operation_to_close_is_no_command(ours: House) -> None:
    desk = Desk(ours)
    assert statuses(desk.push(desk.op(Command(CLOSE, {"reason": "?"})))) == ["refused"]


def test_what_is_said_of_an_adopted_record_goes_to_the_other(ours: House) -> None:
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    theirs, mine, p, a = new_id(), new_id(), new_id(), new_id()
    one.push(one.op(campaign(theirs)))
    double, fine = two.op(campaign(mine)), two.op(person(p))
    held = two.op(applicant(a, p, mine), after=(double.uuid,))
    assert statuses(two.push(double, fine, held)) == ["refused", "applied", "held"]
    args = {"entity": "admission_campaign", "mine": mine.hex, "theirs": theirs.hex}
    adopting = two.op(Command(ADOPT, args), resolves=double.uuid)
    again = two.op(held.body, resolves=held.uuid)
    named = Save("admission_campaign", mine, create=False, set={"name": ("Приём", "Приём 2026")})
    assert statuses(two.push(adopting, again, two.op(named))) == ["applied"] * 3
    with ours.session() as db:
        assert db.scalars(sa.select(AdmissionCampaign.name)).all() == ["Приём 2026"]


def test_a_record_that_is_there_is_not_adopted_away(ours: House) -> None:
    desk = Desk(ours)
    p, q = new_id(), new_id()
    desk.push(desk.op(person(p)), desk.op(person(q)))
    args = {"entity": "person", "mine": p.hex, "theirs": q.hex}
    assert statuses(desk.push(desk.op(Command(ADOPT, args)))) == ["conflict"]


# ---- faults


@pytest.fixture
def poison() -> Any:
    def handler(db: CollegeSession, command: Command) -> dict[str, Any]:
        raise KeyError("poison")

    judge.COMMANDS["test_poison"] = handler
    yield
    del judge.COMMANDS["test_poison"]


@pytest.mark.usefixtures("poison")
def test_an_unexpected_fault_is_recorded_at_its_third_time_and_blocks_nothing(ours: House) -> None:
    desk = Desk(ours)
    bad, good = desk.op(Command("test_poison")), desk.op(person(new_id()))
    for _ in range(2):
        with pytest.raises(Unavailable):
            desk.push(bad, good)
    assert statuses(desk.push(bad, good)) == ["failed", "applied"]


@pytest.mark.usefixtures("poison")
def test_what_was_answered_before_a_fault_is_told(ours: House) -> None:
    desk = Desk(ours)
    good, bad = desk.op(person(new_id())), desk.op(Command("test_poison"))
    assert statuses(desk.push(good, bad)) == ["applied"]


# ---- restores


def test_a_desk_that_heard_of_a_moment_that_never_was_begins_a_new_history(ours: House) -> None:
    desk = Desk(ours)
    first = desk.pull()
    false = [proved(ours, first.epoch, first.clock + 1_000, 1)]
    answer = desk.pull(epoch=first.epoch, witnesses=false)
    assert answer.was == first.epoch
    assert answer.epoch > first.epoch
    assert desk.pull(epoch=first.epoch, witnesses=false).epoch == answer.epoch
    assert desk.pull().recovering is True


@pytest.mark.parametrize("forgery", ["bare", "made up", "another college", "another history"])
def test_a_witness_that_this_server_never_gave_accuses_nobody(
    ours: House, theirs: House, caplog: pytest.LogCaptureFixture, forgery: str
) -> None:
    desk = Desk(ours)
    first = desk.pull()
    true = Witness(first.clock, first.mark, first.proof)
    lie = {
        "bare": Witness(first.clock + 1_000, 1),
        "made up": Witness(first.clock + 1_000, 1, first.proof),
        "another college": proved(theirs, first.epoch, first.clock + 1_000, 1),
        "another history": proved(ours, gate.new_epoch(), first.clock + 1_000, 1),
    }[forgery]
    answer = desk.pull(epoch=first.epoch, witnesses=[true, lie])
    assert (answer.epoch, answer.was, answer.recovering) == (first.epoch, None, False)
    assert answer.witnessed == [true]  # the desk keeps the other: it is for a person to look at
    assert gate.UNPROVED in caplog.text


def test_every_answer_proves_the_moment_that_it_tells_of(ours: House) -> None:
    desk = Desk(ours)
    place_of(desk, "05")
    pulled = desk.pull()
    pushed = push_under(desk, desk.caller.device, desk.op(person(new_id())), epoch=pulled.epoch)
    offered = ask(desk, new_id().hex, epoch=pulled.epoch)
    for answer in (pulled, pushed, offered):
        assert proved(ours, answer.epoch, answer.clock, answer.mark).proof == answer.proof


def test_an_epoch_newer_than_the_servers_means_a_restore(ours: House) -> None:
    desk = Desk(ours)
    newer = gate.new_epoch()
    answer = desk.pull(epoch=newer, witnesses=[proved(ours, newer, 5, 7)])
    assert answer.was == newer
    assert answer.epoch > newer


def test_a_server_whose_clock_is_behind_begins_a_younger_history_all_the_same(
    ours: House,
) -> None:
    desk = Desk(ours)
    tomorrow = f"{int(gate.new_epoch()[:32], 16) + (86_400_000 << 80):032x}" + "0" * 8
    answer = desk.pull(epoch=tomorrow, witnesses=[proved(ours, tomorrow, 5, 7)])
    assert answer.epoch > tomorrow
    assert desk.pull(epoch=answer.epoch).was is None


@pytest.mark.parametrize(
    "epoch", ["zzz", gate.new_epoch("e" * 40)], ids=["no epoch", "a later one"]
)
def test_an_epoch_that_no_server_ever_said_is_no_evidence(ours: House, epoch: str) -> None:
    desk = Desk(ours)
    before = desk.pull().epoch
    answer = desk.pull(epoch=epoch, witnesses=[Witness(5, 7, b"x" * 16)])
    assert (answer.epoch, answer.was) == (before, epoch)
    assert answer.recovering is False


def test_a_lagging_copy_is_no_restore(ours: House) -> None:
    desk = Desk(ours)
    first = desk.pull()
    lagging = ours.engine.execution_options(**gate.REPLICA)
    copy = House(lagging, ours.id, ours.code)
    desk.house = copy
    with pytest.raises(Unavailable):
        desk.pull(epoch=first.epoch, witnesses=[proved(ours, first.epoch, first.clock + 1_000, 1)])
    desk.house = ours
    assert desk.pull().epoch == first.epoch


def test_in_recovery_a_missing_row_holds_and_no_number_is_given(ours: House) -> None:
    desk = Desk(ours)
    place_of(desk, "05")
    gate.end_history(ours.engine)
    lost = renamed(new_id(), "Ёлкина", "Петрова")
    orphan = applicant(new_id(), new_id(), new_id())
    asking = Command("lease_numbers", {"book": BOOK})
    gone = Delete("person", new_id())
    answer = desk.push(desk.op(lost), desk.op(orphan), desk.op(asking), desk.op(gone))
    assert statuses(answer) == ["held", "held", "applied", "held"]
    assert answer.outcomes[2].result == {}
    gate.end_recovery(ours.engine)
    assert statuses(desk.push(desk.op(lost))) == ["conflict"]


def test_numbers_continue_above_what_any_history_gave(ours: House) -> None:
    desk = Desk(ours)
    place_of(desk, "05")
    asked = [desk.op(Command("lease_numbers", {"book": BOOK})) for _ in range(2)]
    desk.push(asked[0])
    with ours.session() as db:  # the restore of an older backup
        db.execute(sa.delete(number_lease))
        commit(db, "test.restore")
    assert only(desk.push(asked[1])).result["first"] == 101


def test_a_block_that_a_desk_holds_stays_its_own_after_a_restore(ours: House) -> None:
    desk = Desk(ours)
    place_of(desk, "05")
    asking = desk.op(Command("lease_numbers", {"book": BOOK}))
    given = only(desk.push(asking))
    with ours.session() as db:
        db.execute(sa.delete(number_lease))
        db.execute(sa.delete(operation))
        db.execute(sa.update(device).values(last_no=0))
        commit(db, "test.restore")
    again = msgspec.structs.replace(asking, replay=Replay(given.result, given.mac))
    assert only(desk.push(again)).result == given.result


def test_a_number_belongs_to_one_chain_in_every_history(ours: House) -> None:
    desk = Desk(ours)
    number = LegalNumber("05", BOOK, 1)
    wrong = desk.op(person(new_id(), birth_date="2010-99-99"), number=number)
    mended = desk.op(person(new_id()), number=number, resolves=wrong.uuid, chain=wrong.uuid)
    stranger = desk.op(person(new_id()), number=number)
    answer = desk.push(wrong, mended, stranger)
    assert [o.result for o in answer.outcomes] == [{}, {}, {"number": "taken"}]
    assert "уже занят" in answer.outcomes[2].text
    assert statuses(answer) == ["refused", "applied", "applied"]


def test_a_desk_may_forget_what_two_backups_of_this_history_hold(ours: House) -> None:
    desk = Desk(ours)
    stood = []
    for day in range(3):
        taken_at = dt.timedelta(days=day)
        with CollegeSession(ours.engine, ours.id, now=lambda t=taken_at: now() + t) as db:  # type: ignore[misc]  # the type of a bound default is not inferred
            stood.append(gate.read_clock(db).clock)
            pulling.note_backup(db, gate.read_clock(db))
            commit(db, "test.backup")
        expected = 0 if day == 0 else stood[day - 1]
        assert desk.pull().backed_up_to == expected


def test_a_person_deleted_under_a_role_enters_no_bucket_again(ours: House) -> None:
    """Found by the simulation: a role recorded later brought the deleted one back."""
    desk = Desk(ours)
    p, c = new_id(), new_id()
    desk.push(desk.op(person(p)), desk.op(campaign(c)), desk.op(Delete("person", p)))
    desk.push(desk.op(applicant(new_id(), p, c)))
    pages = desk.pull().pages
    assert all(row[0] != p.hex for page in pages for part in page.rows for row in part.rows)


def test_the_same_request_gets_the_same_block_though_its_answer_was_never_heard(
    ours: House,
) -> None:
    desk = Desk(ours)
    place_of(desk, "05")
    asking = desk.op(Command("lease_numbers", {"book": BOOK}))
    given = only(desk.push(asking))
    with ours.session() as db:
        db.execute(sa.delete(number_lease))
        db.execute(sa.delete(operation))
        db.execute(sa.update(device).values(last_no=0))
        commit(db, "test.restore")
    assert only(desk.push(asking)).result == given.result
    assert only(desk.push(desk.op(Command("lease_numbers", {"book": BOOK})))).result["first"] == 101


def test_the_administrator_begins_and_ends_a_recovery_by_one_command_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no desk can prove that the database was put back, his word is enough: a younger history begins."""
    monkeypatch.setenv("EPO_DATA_DIR", str(tmp_path))
    engine = ready_engine(read_settings(None))

    def history() -> tuple[str, bool]:
        with CollegeSession(engine, REGION, now=now) as db:
            return gate.read_history(db)

    first, returning = history()
    assert not returning
    assert main(["begin-recovery"]) == 0
    assert "epo-server end-recovery" in capsys.readouterr().out
    second, returning = history()
    assert second > first
    assert returning
    assert main(["end-recovery"]) == 0
    assert "снова выдаёт номера" in capsys.readouterr().out
    assert history() == (second, False)
    engine.dispose()
