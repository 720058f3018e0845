"""What a person does about operations in trouble: nothing is lost, and nothing else ever closes one."""

from __future__ import annotations

from uuid import UUID

import pytest

from client.store import answers
from client.store.store import Store
from client.store.syncing import run
from common.kit.errors import EpoError
from common.kit.ids import new_id
from common.kit.sync import (
    ADOPT,
    Command,
    Delete,
    OfferAnswer,
    Operation,
    Outcome,
    PartSeen,
    PushAnswer,
    Save,
    Status,
    Writer,
)
from tests.client.store.centre import Centre, person
from tests.client.store.conftest import OpenStore
from tests.client.store.test_syncing import create, names, rename

MONTH = 31 * 24 * 3_600_000


def refuse_the_first(centre: Centre, status: Status = Status.REFUSED) -> None:
    """Trouble for the first operation; what names it is held."""
    first: list[UUID] = []

    def judge(op: Operation) -> Status:
        if not first:
            first.append(op.uuid)
            return status
        return Status.HELD if first[0] in op.after else Status.APPLIED

    centre.judge = judge


def conflicting(store: Store, centre: Centre) -> tuple[UUID, Operation]:
    """A person renamed here and, meanwhile, there."""
    id = new_id()
    centre.put(id.hex, person("Кузнецова"))
    run(store, centre)
    op = rename(store, id, "Кузнецова", "Орлова")
    centre.put(id.hex, {"last_name": "Соколова"})
    refuse_the_first(centre, Status.CONFLICT)
    run(store, centre)
    return id, op


def test_trouble_shows_was_mine_and_the_centres_by_field(store: Store, centre: Centre) -> None:
    _, op = conflicting(store, centre)
    (trouble,) = store.troubles()
    (field,) = trouble.fields
    assert trouble.entry.op.uuid == op.uuid
    assert (field.label, field.was, field.mine, field.server) == (
        "Фамилия",
        "Кузнецова",
        "Орлова",
        "Соколова",
    )
    assert field.differs


def test_a_decision_rests_on_what_the_centre_has_and_is_shown_at_once(
    store: Store, centre: Centre
) -> None:
    id, op = conflicting(store, centre)
    (decision,) = store.decide(op.uuid, {"last_name": "Орлова"})
    assert decision.resolves == op.uuid
    assert isinstance(decision.body, Save)
    assert decision.body.set["last_name"] == ("Соколова", "Орлова")
    assert decision.body.set["first_name"] == ("Анна", "Анна")
    assert decision.after == ()
    assert names(store) == ["Орлова"]
    run(store, centre)
    assert (names(store), store.troubles(), store.counts().waiting) == (["Орлова"], [], 0)
    assert id == decision.body.id


def test_keeping_the_centres_value_closes_with_a_word(store: Store, centre: Centre) -> None:
    _, op = conflicting(store, centre)
    (decision,) = store.decide(op.uuid, {"last_name": "Соколова"})
    assert decision.body == Command("close", {"reason": "Оставлено значение сервера"})
    assert names(store) == ["Соколова"]
    assert store.troubles() == []


def test_an_atom_without_a_choice_is_not_made_of_two_halves(store: Store, centre: Centre) -> None:
    id = new_id()
    centre.put(id.hex, person("Кузнецова", "Анна"))
    run(store, centre)
    pairs = {"last_name": ("Кузнецова", "Орлова"), "first_name": ("Анна", "Анна")}
    (op,) = store.record(lambda _number: [Save("person", id, create=False, set=pairs)])
    centre.put(id.hex, {"first_name": "Алла"})
    refuse_the_first(centre, Status.CONFLICT)
    run(store, centre)
    (decision,) = store.decide(op.uuid, {})
    assert decision.body == Command("close", {"reason": "Оставлено значение сервера"})


def test_the_same_is_not_decided_twice(store: Store, centre: Centre) -> None:
    _, op = conflicting(store, centre)
    store.decide(op.uuid, {})
    with pytest.raises(EpoError, match="решение уже принято"):
        store.reissue(op.uuid)


def test_what_still_waits_is_not_decided(store: Store, centre: Centre) -> None:
    op = create(store, new_id(), "Ёлкина")
    with pytest.raises(EpoError, match="не ждёт решения"):
        store.give_up(op.uuid, "не нужно")


def test_giving_up_wants_a_word(store: Store, centre: Centre) -> None:
    _, op = conflicting(store, centre)
    with pytest.raises(EpoError, match="Напишите, почему"):
        store.give_up(op.uuid, "  ")
    assert len(store.troubles()) == 1


def test_what_waits_at_second_hand_is_named_too_in_its_order(store: Store, centre: Centre) -> None:
    id, role = new_id(), new_id()
    centre.put(id.hex, person("Кузнецова"))
    run(store, centre)
    waiting: set[UUID] = set()

    def judge(op: Operation) -> Status:
        held = waiting.intersection(op.after)
        status = Status.HELD if held else Status.CONFLICT if not waiting else Status.APPLIED
        if status is not Status.APPLIED:
            waiting.add(op.uuid)
        return status

    centre.judge = judge
    first = rename(store, id, "Кузнецова", "Орлова")
    (born,) = store.record(lambda _: [Save("applicant", role, True, {"person_id": (None, id.hex)})])
    (changed,) = store.record(lambda _: [Save("applicant", role, False, {"reg_no": (None, "2")})])
    assert first.uuid not in changed.after
    run(store, centre)
    told = {t.entry.op.uuid: [e.op.uuid for e in t.held] for t in store.troubles()}
    assert told == {
        first.uuid: [born.uuid, changed.uuid],
        born.uuid: [changed.uuid],
        changed.uuid: [],
    }


def test_what_was_held_is_sent_again_behind_the_decision(store: Store, centre: Centre) -> None:
    id = new_id()
    refuse_the_first(centre)
    first = create(store, id, "Ёлкина")
    held = rename(store, id, "Ёлкина", "Орлова")
    run(store, centre)
    assert [(t.entry.status, len(t.held)) for t in store.troubles()] == [
        (Status.REFUSED, 1),
        (Status.HELD, 0),
    ]
    mended, again = store.decide(first.uuid, {"first_name": "Ольга"})
    assert (mended.resolves, again.resolves) == (first.uuid, held.uuid)
    assert again.after == (mended.uuid,)
    run(store, centre)
    assert (names(store), store.troubles()) == (["Орлова"], [])


def test_giving_up_a_new_record_gives_up_what_cannot_live_without_it(
    store: Store, centre: Centre
) -> None:
    id = new_id()
    refuse_the_first(centre)
    first = create(store, id, "Ёлкина")
    rename(store, id, "Ёлкина", "Орлова")
    run(store, centre)
    made = store.give_up(first.uuid, "введена по ошибке")
    assert [op.body for op in made] == [
        Command("close", {"reason": "введена по ошибке"}),
        Command("close", {"reason": "Закрыто вместе с записью, от которой зависит"}),
    ]
    run(store, centre)
    assert (names(store), store.troubles(), store.counts().waiting) == ([], [], 0)


def test_an_adopted_record_takes_over_what_is_said_of_ones_own(
    store: Store, centre: Centre
) -> None:
    mine, theirs = new_id(), new_id()
    centre.put(theirs.hex, person("Ёлкина"))
    refuse_the_first(centre)
    double = create(store, mine, "Ёлкина")
    run(store, centre)
    store.adopt(double.uuid, theirs)
    run(store, centre)
    rename(store, mine, "Ёлкина", "Орлова")
    assert names(store) == ["Орлова"]
    record = store.get("person", theirs)
    assert record is not None
    assert record["last_name"] == "Орлова"


def test_a_part_that_was_adopted_is_shown_as_its_delete_left_it(
    store: Store, centre: Centre
) -> None:
    """Found in a review: the row was remade under the id that nobody has any more."""
    id, mine, theirs = new_id(), new_id(), new_id()
    parts = (PartSeen("contact", mine, {}),)
    (op,) = store.record(lambda _: [Delete("person", id, {}, parts)])
    adoption = {"entity": "contact", "mine": mine.hex, "theirs": theirs.hex}
    store.record(lambda _: [Command(ADOPT, adoption)])
    run(store, centre)
    entry = store.journal.entry(op.uuid.hex)
    assert entry.rows == [("person", id.hex), ("contact", theirs.hex)]


def test_a_delete_in_conflict_is_sent_again_with_what_is_there_now(
    store: Store, centre: Centre
) -> None:
    id = new_id()
    centre.put(id.hex, person("Кузнецова"))
    run(store, centre)
    (op,) = store.record(lambda _: [Delete("person", id, {"last_name": "Кузнецова"})])
    centre.put(id.hex, {"last_name": "Соколова"})
    refuse_the_first(centre, Status.CONFLICT)
    run(store, centre)
    (again,) = store.reissue(op.uuid)
    assert again.body == Delete("person", id, {"last_name": "Соколова"})


def test_what_is_sent_again_unchanged_keeps_the_moment_of_its_fact(
    store: Store, centre: Centre
) -> None:
    refuse_the_first(centre)
    first = create(store, new_id(), "Ёлкина")
    run(store, centre)
    wall = store.now()
    store.journal.now = lambda: wall + MONTH
    (again,) = store.reissue(first.uuid)
    assert again.at == first.at


def test_a_changed_decision_is_of_its_own_moment(store: Store, centre: Centre) -> None:
    refuse_the_first(centre)
    first = create(store, new_id(), "Ёлкина")
    run(store, centre)
    wall = store.now()
    store.journal.now = lambda: wall + MONTH
    (mended,) = store.decide(first.uuid, {"first_name": "Ольга"})
    assert (
        mended.at > first.at + MONTH - 1_000
    )  # the clock of the centre is heard to the millisecond


def test_a_number_that_another_has_stays_in_sight_until_a_word_is_said(
    store: Store, centre: Centre
) -> None:
    op = create(store, new_id(), "Ёлкина")
    run(store, centre)
    store.journal.connection.execute("UPDATE op SET status = 'pending'")
    told = Outcome(
        device=store.journal.device,
        no=op.no,
        uuid=op.uuid,
        status="applied",
        seq=centre.clock,
        text="Номер занят",
        result={"number": "taken"},
    )
    answers.settle(store.journal, PushAnswer(epoch=centre.epoch, outcomes=[told]))
    assert (store.counts().finding, store.counts().troubled) == (1, 1)
    assert [t.entry.said for t in store.troubles()] == ["Номер занят"]
    assert store.give_up(op.uuid, "выдан новый номер") == []
    assert store.troubles() == []


# ---- copies and restores


def test_a_fork_takes_another_id_offers_everything_and_gives_up_its_numbers(
    store: Store, centre: Centre
) -> None:
    store.want_numbers("applicant:2026")
    run(store, centre)
    answered = create(store, new_id(), "Первая")
    run(store, centre)
    waiting = create(store, new_id(), "Вторая")
    before = store.journal.device
    answers.fork(store.journal)
    assert store.journal.numbers_left("applicant:2026") == 0
    centre.series = "06"
    run(store, centre)
    (offer,) = centre.offers
    assert (offer.replaces, offer.forked) == (before, True)
    assert {answered.uuid, waiting.uuid} <= set(offer.uuids)
    assert centre.pushes[-1].device == offer.device != before
    assert [op.uuid for op in centre.pushes[-1].operations] == [waiting.uuid]
    assert (store.journal.fact("series"), store.counts().waiting) == ("06", 0)


def test_what_a_restored_centre_lacks_is_sent_again_in_its_order(
    store: Store, centre: Centre
) -> None:
    first, second = create(store, new_id(), "Первая"), create(store, new_id(), "Вторая")
    run(store, centre)
    third = create(store, new_id(), "Третья")
    centre.epoch, centre.entries, centre.recorded = "history-2", {}, {}
    run(store, centre)
    assert [(op.uuid, op.no) for op in centre.pushes[-1].operations] == [
        (first.uuid, 1),
        (second.uuid, 2),
        (third.uuid, 3),
    ]
    assert names(store) == ["Вторая", "Первая", "Третья"]


def test_executed_work_whose_finding_was_closed_is_sent_again_too(
    store: Store, centre: Centre
) -> None:
    op = create(store, new_id(), "Ёлкина")
    run(store, centre)
    store.journal.connection.execute("UPDATE op SET finding = 1")
    store.give_up(op.uuid, "выдан новый номер")
    centre.epoch, centre.entries, centre.recorded = "history-2", {}, {}
    run(store, centre)
    assert [sent.uuid for sent in centre.pushes[-1].operations] == [op.uuid]
    assert names(store) == ["Ёлкина"]


def test_what_the_centre_has_erased_is_still_said_here(store: Store, centre: Centre) -> None:
    refuse_the_first(centre)
    op = create(store, new_id(), "Ёлкина")
    run(store, centre)
    centre.recorded[op.uuid].text = ""
    answers.fork(store.journal)
    run(store, centre)
    assert [(t.entry.status, t.entry.said) for t in store.troubles()] == [
        (Status.REFUSED, "Нельзя: приём закрыт")
    ]


def test_nothing_is_pushed_before_an_offer_is_answered(store: Store, centre: Centre) -> None:
    run(store, centre)
    create(store, new_id(), "Первая")
    centre.epoch = "history-2"
    answers.change_history(store.journal, OfferAnswer(epoch=centre.epoch))
    centre.trouble = [EpoError("нет")]
    assert run(store, centre).stuck is True
    assert centre.pushes == []


def test_a_given_up_operation_is_not_sent_again_after_a_restore(
    store: Store, centre: Centre
) -> None:
    _, op = conflicting(store, centre)
    store.give_up(op.uuid, "не нужно")
    run(store, centre)
    centre.epoch, centre.recorded = "history-2", {}
    run(store, centre)
    assert op.uuid not in {o.uuid for o in centre.pushes[-1].operations}
    assert [o.resolves for o in centre.pushes[-1].operations] == [op.uuid]


# ---- letting go


def test_settled_work_is_kept_until_it_is_old_and_in_two_backups(
    store: Store, centre: Centre
) -> None:
    create(store, new_id(), "Ёлкина")
    run(store, centre)
    epoch = str(store.cache.epoch())
    assert answers.let_go(store.journal, epoch, centre.clock) == 0
    wall = store.now()
    store.journal.now = lambda: wall + MONTH
    assert answers.let_go(store.journal, epoch, centre.clock - 1) == 0
    assert answers.let_go(store.journal, "another", centre.clock) == 0
    assert answers.let_go(store.journal, epoch, centre.clock) == 1
    assert create(store, new_id(), "Вторая").no == 2


def test_a_clock_that_jumped_is_doubted_until_the_next_contact(
    store: Store, centre: Centre, open_store: OpenStore
) -> None:
    run(store, centre)
    assert create(store, new_id(), "Первая").doubt is False
    wall = store.now()
    store.journal.now = lambda: wall + 3_600_000
    assert create(store, new_id(), "Вторая").doubt is True
    store.close()
    again = open_store()
    assert create(again, new_id(), "Третья").doubt is True
    run(again, centre)
    assert create(again, new_id(), "Четвёртая").doubt is False


# ---- whom to call


def test_the_writer_of_a_value_is_kept_until_somebody_else_writes_it(
    store: Store, centre: Centre
) -> None:
    who = Writer(name="Волков Илья Андреевич", phone="+7 3842 00-00-12", at=7)
    centre.writers = {"last_name": who}
    id, _ = conflicting(store, centre)
    assert [f.writer for f in store.troubles()[0].fields if f.name == "last_name"] == [who]
    centre.put(id.hex, {"last_name": "Третья", "first_name": "Анна"})
    run(store, centre)
    assert {f.writer for f in store.troubles()[0].fields} == {None}
