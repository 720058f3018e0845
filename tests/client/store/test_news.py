"""What arrives for a person is told once, kept until he has read it, and never holds a value."""

from __future__ import annotations

from client.store.news import Kind
from client.store.store import Store
from client.store.syncing import run
from common.kit.ids import new_id
from common.kit.sync import HandedAnswer, Operation, Status, Writer
from tests.client.store.centre import Centre, person
from tests.client.store.conftest import OpenStore
from tests.client.store.test_syncing import create, rename


def kinds(store: Store) -> list[Kind]:
    return [news.kind for news in store.news()]


def test_a_refusal_is_told_once_and_stays_read(
    store: Store, centre: Centre, open_store: OpenStore
) -> None:
    centre.judge = lambda _op: Status.REFUSED
    op = create(store, new_id(), "Ёлкина")
    run(store, centre)
    run(store, centre)
    (news,) = store.news()
    assert (news.kind, news.key, news.read, store.unread()) == (
        Kind.TROUBLE,
        op.uuid.hex,
        False,
        1,
    )
    assert "Ёлкина" not in str(news.said)
    store.read_news([news.place])
    store.close()
    again = open_store()
    assert (again.unread(), [n.read for n in again.news()]) == (0, [True])


def test_what_merged_by_itself_is_told_with_the_fields_that_others_changed(
    store: Store, centre: Centre
) -> None:
    id = new_id()
    centre.put(id.hex, person("Кузнецова", "Анна"))
    run(store, centre)
    op = rename(store, id, "Кузнецова", "Орлова")
    centre.put(id.hex, {"first_name": "Алла"})
    run(store, centre)
    (news,) = store.news()
    assert (news.kind, news.key, dict(news.said)) == (
        Kind.MERGED,
        op.uuid.hex,
        {"fields": ["first_name"]},
    )


def test_ones_own_change_alone_is_no_news(store: Store, centre: Centre) -> None:
    id = new_id()
    centre.put(id.hex, person("Кузнецова"))
    run(store, centre)
    rename(store, id, "Кузнецова", "Орлова")
    run(store, centre)
    assert store.news() == []


def test_what_the_administrator_did_is_told(store: Store, centre: Centre) -> None:
    refused: list[Operation] = []

    def judge(op: Operation) -> Status:
        refused.append(op)
        return Status.REFUSED if len(refused) == 1 else Status.APPLIED

    centre.judge = judge
    op = create(store, new_id(), "Ёлкина")
    run(store, centre)
    store.hand(op.uuid, "проверьте")
    run(store, centre)
    who = Writer(name="Петрова Анна Сергеевна", at=7)
    answer = HandedAnswer(uuid=op.uuid, state="returned", who=who, word="уточните")
    store.hear([answer])
    store.hear([answer])
    assert kinds(store) == [Kind.RETURNED, Kind.TROUBLE]
    assert store.counts().troubled == 1


def test_a_restore_and_the_end_of_its_recovery_are_told(store: Store, centre: Centre) -> None:
    run(store, centre)
    centre.recovering = True
    centre.epoch = "history-2"
    run(store, centre)
    run(store, centre)
    centre.recovering = False
    run(store, centre)
    run(store, centre)
    assert kinds(store) == [Kind.RECOVERED, Kind.RESTORED]


def test_everything_is_read_at_one_stroke(store: Store, centre: Centre) -> None:
    centre.judge = lambda _op: Status.REFUSED
    for name in ("Первая", "Вторая"):
        create(store, new_id(), name)
    run(store, centre)
    assert store.unread() == 2
    store.read_news()
    assert store.unread() == 0
