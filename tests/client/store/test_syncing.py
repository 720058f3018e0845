"""A round of sync against a centre written by hand: pages, gone rows, lost buckets, restores, refusals."""

from __future__ import annotations

from array import array
from uuid import UUID

import pytest

from client.store import answers
from client.store.store import Store
from client.store.syncing import pause, run, sign_in
from common.kit.errors import NotAllowed, Unavailable
from common.kit.ids import new_id
from common.kit.sync import (
    END,
    START,
    Bucket,
    Delete,
    Digest,
    LegalNumber,
    Operation,
    Position,
    PullAnswer,
    PullRequest,
    PushAnswer,
    Raised,
    Save,
    Status,
)
from tests.client.store.centre import CLOSED, COLLEGE, OPEN, PEOPLE, Centre, hex_id, person
from tests.client.store.conftest import OpenStore

VISIBLE = ("last_name", "first_name")


def names(store: Store, query: str = "") -> list[str]:
    numbers = store.list_ids("people", query, (("last_name", False),), VISIBLE)
    return [row.texts[0] for row in store.list_page("people", numbers)]


def create(store: Store, id: UUID, last_name: str) -> Operation:
    values = person(last_name) | {"birth_date": "2010-04-11"}
    body = Save("person", id, create=True, set={n: (None, v) for n, v in values.items()})
    return store.record(lambda _: [body])[0]


def rename(store: Store, id: UUID, seen: str, new: str) -> Operation:
    body = Save("person", id, create=False, set={"last_name": (seen, new)})
    return store.record(lambda _: [body])[0]


def test_rows_of_the_centre_are_seen_at_the_desk(store: Store, centre: Centre) -> None:
    centre.put(hex_id(), person("Кузнецова"))
    done = run(store, centre)
    assert (done.online, done.pulled) == (True, 2)
    assert names(store) == ["Кузнецова"]


def test_a_long_load_comes_in_pages(store: Store, centre: Centre) -> None:
    centre.page = 2
    for last_name in ("Абрамова", "Белова", "Волкова"):
        centre.put(hex_id(), person(last_name))
    run(store, centre)
    assert names(store) == ["Абрамова", "Белова", "Волкова"]
    assert len(centre.pulls) == 3


def test_a_sync_with_nothing_to_do_is_one_request(store: Store, centre: Centre) -> None:
    run(store, centre)
    centre.pulls.clear()
    run(store, centre)
    assert (len(centre.pulls), len(centre.pushes)) == (1, 0)


def test_a_record_typed_offline_is_shown_at_once_and_delivered_once(
    store: Store, centre: Centre
) -> None:
    id = new_id()
    create(store, id, "Ёлкина")
    assert names(store) == ["Ёлкина"]
    assert store.counts().waiting == 1
    run(store, centre)
    run(store, centre)
    assert [op.no for push in centre.pushes for op in push.operations] == [1]
    assert names(store) == ["Ёлкина"]
    assert store.counts().waiting == 0


def test_a_lost_answer_means_the_same_is_sent_again(store: Store, centre: Centre) -> None:
    create(store, new_id(), "Ёлкина")
    centre.lose_answers = 1
    assert run(store, centre).online is False
    assert store.counts().waiting == 1
    run(store, centre)
    assert len(centre.recorded) == 1
    assert store.counts().waiting == 0


def test_own_work_stays_on_screen_between_push_and_pull(store: Store, centre: Centre) -> None:
    id = new_id()
    centre.put(id.hex, person("Кузнецова"))
    run(store, centre)
    rename(store, id, "Кузнецова", "Орлова")
    centre.pulls_before_cut = 0
    assert run(store, centre).pushed == 1
    assert names(store) == ["Орлова"]
    run(store, centre)
    assert names(store) == ["Орлова"]
    assert store.journal.live() == []


def test_a_newer_row_of_the_centre_stands_over_own_work_already_applied(
    store: Store, centre: Centre
) -> None:
    id = new_id()
    centre.put(id.hex, person("Кузнецова"))
    run(store, centre)
    rename(store, id, "Кузнецова", "Орлова")
    run(store, centre)
    centre.put(id.hex, {"last_name": "Соколова"})
    run(store, centre)
    assert names(store) == ["Соколова"]


def test_a_refused_operation_leaves_the_screen_and_stays_in_the_outbox(
    store: Store, centre: Centre
) -> None:
    centre.judge = lambda _op: Status.REFUSED
    create(store, new_id(), "Ёлкина")
    run(store, centre)
    assert names(store) == []
    assert [(e.status, e.said) for e in store.outbox()] == [
        (Status.REFUSED, "Нельзя: приём закрыт")
    ]
    assert store.counts().refused == 1


def test_an_operation_names_own_unresolved_work_on_its_record(store: Store, centre: Centre) -> None:
    id = new_id()
    centre.judge = lambda _op: Status.CONFLICT
    first = create(store, id, "Ёлкина")
    run(store, centre)
    second = rename(store, id, "Ёлкина", "Орлова")
    third = create(store, new_id(), "Чужая")
    assert (second.after, third.after) == ((first.uuid,), ())


def test_a_deleted_record_is_hidden_at_once(store: Store, centre: Centre) -> None:
    id = new_id()
    centre.put(id.hex, person("Кузнецова"))
    run(store, centre)
    store.record(lambda _: [Delete("person", id)])
    assert names(store) == []
    assert store.get("person", id) is None


def test_a_gone_row_leaves_list_and_cache(store: Store, centre: Centre) -> None:
    id = hex_id()
    centre.put(id, person("Кузнецова", snils="90012345678"))
    run(store, centre)
    centre.drop(id)
    run(store, centre)
    assert names(store) == []
    assert store.cache.connection.execute("SELECT count(*) FROM person").fetchone() == (0,)


def test_a_row_stays_while_one_bucket_still_holds_it(store: Store, centre: Centre) -> None:
    id = hex_id()
    centre.mine = [OPEN, PEOPLE]
    centre.put(id, person("Кузнецова"), buckets=(OPEN, PEOPLE))
    run(store, centre)
    centre.drop(id, buckets=(OPEN,))
    run(store, centre)
    assert names(store) == ["Кузнецова"]
    centre.drop(id, buckets=(PEOPLE,))
    run(store, centre)
    assert names(store) == []


def test_a_lost_class_takes_its_columns_and_leaves_the_rest(store: Store, centre: Centre) -> None:
    id = hex_id()
    centre.put(id, person("Кузнецова", snils="90012345678"))
    run(store, centre)
    centre.mine = [OPEN]
    run(store, centre)
    record = store.get("person", id)
    assert record is not None
    assert (record["last_name"], record["snils"]) == ("Кузнецова", None)


def test_a_late_first_page_of_a_bucket_lost_meanwhile_is_not_stored(
    store: Store, centre: Centre
) -> None:
    """Cursors alone would match again (ABA): loaded, revoked, and the first page comes late."""
    id = hex_id()
    centre.put(id, person("Кузнецова", snils="90012345678"))
    late = centre.pull(_request(store))
    run(store, centre)
    centre.mine = []
    run(store, centre)
    assert store.cache.store(late) is None
    assert names(store) == []


def _request(store: Store) -> PullRequest:
    return PullRequest(
        device="device-1", epoch=None, ticket=store.cache.ticket(), cursors=store.cache.cursors()
    )


def test_a_put_never_lowers_what_is_held(store: Store, centre: Centre) -> None:
    id = hex_id()
    centre.mine = [OPEN, PEOPLE]
    centre.put(id, person("Новая"), buckets=(OPEN, PEOPLE))
    centre.entries[PEOPLE][("person.P0", id)].seq -= 1
    centre.entries[PEOPLE][("person.P0", id)].values = {"last_name": "Старая"}
    run(store, centre)
    assert names(store) == ["Новая"]


def test_a_difference_of_sums_heals_by_reading_the_bucket_again(
    store: Store, centre: Centre, open_store: OpenStore
) -> None:
    kept, phantom = hex_id(), hex_id()
    centre.put(kept, person("Кузнецова"))
    run(store, centre)
    c = store.cache.connection
    c.execute("DELETE FROM person")
    c.execute("DELETE FROM held WHERE facet = 'person.P0'")
    c.execute("INSERT INTO person (id, last_name, seq_P0) VALUES (?, 'Призрак', 2)", (phantom,))
    c.execute("INSERT INTO held VALUES (1, 'person.P0', ?, 2)", (phantom,))
    store.close()
    again = open_store()
    run(again, centre)
    assert again.cache.reloaded == [OPEN]
    run(again, centre)
    assert names(again) == ["Кузнецова"]
    assert store_ids(again) == [kept]


def store_ids(store: Store) -> list[str]:
    return [id for (id,) in store.cache.connection.execute("SELECT id FROM person ORDER BY id")]


def test_a_difference_that_does_not_heal_is_reported_and_not_read_for_ever(
    store: Store, centre: Centre
) -> None:
    centre.put(hex_id(), person("Кузнецова"))
    centre.lied = Digest(9, 9, 9)
    for _ in range(4):
        run(store, centre)
        centre.clock += 1
    assert len(centre.pulls) == 4
    assert store.cache.reloaded.count(OPEN) == 2
    assert names(store) == ["Кузнецова"]


def test_a_raised_shape_reads_that_facet_only(store: Store, centre: Centre) -> None:
    id = hex_id()
    centre.put(id, person("Кузнецова", snils="90012345678"))
    run(store, centre)
    centre.shapes["person.P2"] = 2
    centre.entries[CLOSED][("person.P2", id)].values["birth_place"] = "г. Кемерово"
    run(store, centre)
    done = run(store, centre)
    record = store.get("person", id)
    assert record is not None
    assert record["birth_place"] == "г. Кемерово"
    assert done.pulled == 1
    assert [c.facets for c in centre.pulls[-1].cursors] == [("person.P2",)]
    assert run(store, centre).pulled == 0


def test_a_level_rises_but_for_what_is_named_and_what_is_to_be_read_again(
    store: Store, centre: Centre
) -> None:
    centre.mine = [OPEN, CLOSED, PEOPLE]
    centre.put(hex_id(), person("Кузнецова", snils="90012345678"))
    run(store, centre)
    now = centre.clock
    answer = PullAnswer(
        epoch=centre.epoch,
        ticket=store.cache.ticket(),
        buckets=centre.mine,
        shapes=centre.shapes | {"person.P2": 2},
        raised=[Raised(regional=False, frm=now, to=now + 5, but=[OPEN])],
    )
    assert store.cache.store(answer) == {}
    assert {cursor.bucket: cursor.pos for cursor in store.cache.cursors()} == {
        OPEN: Position(now, END, END),
        CLOSED: START,
        PEOPLE: Position(now + 5, END, END),
    }


def test_columns_and_entities_of_a_newer_server_stop_nothing(store: Store, centre: Centre) -> None:
    centre.put(hex_id(), person("Кузнецова"))
    centre.extra["person.P0"] = {"star_sign": "Овен"}
    held = centre.entries[OPEN]
    held[("starship.P0", hex_id())] = next(iter(held.values()))
    assert run(store, centre).online is True
    assert names(store) == ["Кузнецова"]
    assert store.cache.reloaded == []


def test_another_history_is_loaded_aside_and_shown_when_whole(store: Store, centre: Centre) -> None:
    centre.put(hex_id(), person("Старая"))
    run(store, centre)
    centre.epoch, centre.entries = "history-2", {}
    centre.put(hex_id(), person("Другая"))
    create(store, new_id(), "Своя")
    run(store, centre)
    assert names(store) == ["Другая", "Своя"]
    assert store.journal.fact("epoch") == "history-2"
    assert [p.name for p in store.profile.glob("cache*.db")] == [store.cache.path.name]


def test_another_history_cut_off_in_the_middle_is_loaded_again(
    store: Store, centre: Centre, open_store: OpenStore
) -> None:
    centre.put(hex_id(), person("Старая"))
    run(store, centre)
    centre.epoch, centre.entries, centre.page = "history-2", {}, 1
    centre.put(hex_id(), person("Другая"))
    centre.pulls_before_cut = 2
    assert run(store, centre).online is False
    assert names(store) == ["Старая"]
    store.close()
    again = open_store()
    run(again, centre)
    assert names(again) == ["Другая"]


def test_a_silent_restore_is_reloaded_even_where_the_first_try_is_cut_off(
    store: Store, centre: Centre, open_store: OpenStore
) -> None:
    centre.put(hex_id(), person("Старая"))
    run(store, centre)
    centre.denies, centre.entries = True, {}
    centre.put(hex_id(), person("Другая"))
    centre.pulls_before_cut = 1
    assert run(store, centre).online is False
    store.close()
    again = open_store()
    run(again, centre)
    assert names(again) == ["Другая"]


def test_a_change_of_another_history_than_ours_is_not_obeyed(store: Store, centre: Centre) -> None:
    run(store, centre)
    centre.epoch, centre.was = "history-0", "somebody-else"
    assert run(store, centre).online is False
    assert store.journal.fact("epoch") == "history-1"


def test_an_answer_is_obeyed_only_while_its_operation_waits(store: Store, centre: Centre) -> None:
    op = create(store, new_id(), "Ёлкина")
    run(store, centre)
    late = centre.recorded[op.uuid]
    late.status = Status.REFUSED.value
    answer = PushAnswer(epoch=centre.epoch, outcomes=[late])
    assert answers.settle(store.journal, answer) == []
    assert store.journal.entry(op.uuid.hex).status is Status.APPLIED


def test_a_new_device_id_numbers_anew_only_what_waits(store: Store, centre: Centre) -> None:
    answered = create(store, new_id(), "Первая")
    run(store, centre)
    waiting = create(store, new_id(), "Вторая")
    centre.device, centre.last = "device-2", 0
    sign_in(store, centre, "priem1", "password", "ПК-1")
    assert [(op.uuid, op.no) for op in store.journal.pending(9)] == [(waiting.uuid, 1)]
    assert store.journal.entry(answered.uuid.hex).device == "device-1"
    assert run(store, centre).pushed == 1


def test_a_centre_that_lost_the_tail_gets_it_under_its_own_numbers(
    store: Store, centre: Centre
) -> None:
    store.journal.set_facts(last_no=7)
    create(store, new_id(), "Ёлкина")
    run(store, centre)
    assert [op.no for op in centre.pushes[-1].operations] == [1]
    assert store.counts().waiting == 0


def test_numbers_come_from_the_desks_block_and_are_asked_for_in_time(
    store: Store, centre: Centre
) -> None:
    store.want_numbers("applicant:2026")
    store.want_numbers("applicant:2026")
    assert store.counts().waiting == 1
    run(store, centre)
    given: list[LegalNumber | None] = []

    def make(number: LegalNumber | None) -> list[Save]:
        given.append(number)
        return [Save("person", new_id(), create=True, set={"last_name": (None, "Ёлкина")})]

    op = store.record(make, book="applicant:2026")[0]
    store.record(make, book="applicant:2026")
    assert given == [LegalNumber("05", "applicant:2026", 1), LegalNumber("05", "applicant:2026", 2)]
    assert op.number == LegalNumber("05", "applicant:2026", 1)


def test_no_number_is_given_of_a_series_that_is_no_longer_the_desks(
    store: Store, centre: Centre
) -> None:
    store.want_numbers("applicant:2026")
    run(store, centre)
    store.journal.set_facts(series="06")
    op = store.record(lambda _: [Delete("person", new_id())], book="applicant:2026")[0]
    assert op.number is None


def test_being_offline_is_an_answer(store: Store, centre: Centre) -> None:
    centre.trouble = [Unavailable("Сервер занят", retry_after=7)]
    done = run(store, centre)
    assert (done.online, done.why, done.retry_after) == (False, "Сервер занят", 7)


def test_a_push_refused_as_a_whole_does_not_stop_the_pull(store: Store, centre: Centre) -> None:
    run(store, centre)
    create(store, new_id(), "Ёлкина")
    centre.put(hex_id(), person("Чужая"))
    centre.trouble = [NotAllowed("Операции записаны другим пользователем")]
    done = run(store, centre)
    assert (done.stuck, done.pulled) == (True, 2)
    assert store.counts().waiting == 1


@pytest.mark.parametrize(("failures", "ceiling"), [(0, 2.0), (1, 4.0), (3, 16.0), (40, 60.0)])
def test_pauses_grow_to_a_minute_and_are_spread(failures: int, ceiling: float) -> None:
    assert pause(failures, chance=lambda: 1.0) == ceiling
    assert pause(failures, chance=lambda: 0.0) == 0
    assert pause(failures, least=70, chance=lambda: 0.5) == 70


def test_words_in_any_order_and_either_layout_find_a_person(store: Store, centre: Centre) -> None:
    for last, first in (("Ёлкина", "Анна"), ("Елисеева", "Мария"), ("Кузнецова", "Анна")):
        centre.put(hex_id(), person(last, first))
    run(store, centre)
    assert names(store, "анна ёлк") == ["Ёлкина"]
    assert names(store, "елк") == ["Ёлкина"]
    assert names(store, "tkrbyf") == ["Ёлкина"]
    assert names(store, "ан") == ["Ёлкина", "Кузнецова"]
    assert names(store, "анна -\"'*") == []
    assert store.list_ids("people", "нет такой", (("last_name", False),), VISIBLE) == array("q")


def test_screens_are_told_which_records_changed(store: Store, centre: Centre) -> None:
    told: list[dict[str, set[str]]] = []
    store.watch(told.append)
    id = hex_id()
    centre.put(id, person("Кузнецова"))
    run(store, centre)
    assert told == [{"person": {id}}]


def test_a_bucket_of_the_region_may_be_held_beside(store: Store, centre: Centre) -> None:
    centre.mine.append(Bucket(COLLEGE.hex, "reference", "P0", 0))
    assert run(store, centre).online is True
    assert store.cache.whole() is True
