"""A record goes into the basket with its parts in one transaction, and comes back before and after it was sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import common.all  # noqa: F401  the declarations
from client.net.link import Link
from client.shell.lists import LISTS
from client.store import basket
from client.store.store import Store
from client.store.syncing import run, sign_in
from client.store.uses import uses
from common.kit.errors import NotAllowed, RuleBroken
from common.kit.ids import new_id
from common.kit.sync import Delete, Restore, Save
from tests.demo_world import PASSWORD, World, world


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("centre"), applicants=40) as running:
        yield running


def open_desk(centre: World, place: Path, login: str) -> tuple[Store, Link]:
    store, link = Store(place, login.encode().ljust(32), LISTS), Link(centre.address)
    sign_in(store, link, login, PASSWORD, "ПК-1")
    assert run(store, link).online
    return store, link


@pytest.fixture
def desk(centre: World, tmp_path: Path) -> Iterator[tuple[Store, Link]]:
    store, link = open_desk(centre, tmp_path / "desk", "sekretar")
    yield store, link
    store.close()
    link.close()


def shown(store: Store) -> set[str]:
    numbers = store.list_ids("applicants", "", (("name", False),), ["name"])
    return {row.id for row in store.list_page("applicants", numbers)}


def parts(store: Store, id: str) -> dict[str, dict[str, Any]]:
    return store.where("application", "applicant_id", id)


def test_a_record_leaves_every_list_with_its_parts(desk: tuple[Store, Link]) -> None:
    store, _ = desk
    id = min(shown(store))
    owned = set(parts(store, id))
    (made,) = basket.delete(store, "applicant", [id])
    assert owned
    assert isinstance(body := made.body, Delete)
    assert (body.entity, body.id.hex) == ("applicant", id)
    assert {part.id.hex for part in body.parts} >= owned
    assert body.seen["reg_no"]
    assert all(part.seen for part in body.parts)
    assert len(store.outbox()) == 1
    assert (id in shown(store), store.get("applicant", id), parts(store, id)) == (False, None, {})


def test_a_delete_is_taken_back_before_it_is_sent(desk: tuple[Store, Link]) -> None:
    store, link = desk
    id = min(shown(store))
    before, owned = store.get("applicant", id), parts(store, id)
    back = basket.restore(store, basket.delete(store, "applicant", [id]))
    assert isinstance(back[0].body, Restore)
    assert (store.get("applicant", id), parts(store, id)) == (before, owned)
    assert id in shown(store)
    done = run(store, link)
    assert (done.pushed >= len(back) * 2, store.counts().waiting, store.counts().troubled) == (
        True, 0, 0,
    )  # fmt: skip
    assert (store.get("applicant", id), parts(store, id)) == (before, owned)


def test_a_delete_is_taken_back_after_it_was_sent_and_another_desk_sees_both(
    desk: tuple[Store, Link], centre: World, tmp_path: Path
) -> None:
    store, link = desk
    id = max(shown(store))
    before, owned = store.get("applicant", id), parts(store, id)
    made = basket.delete(store, "applicant", [id])
    run(store, link)
    assert (store.counts().waiting, store.counts().troubled) == (0, 0)
    other, other_link = open_desk(centre, tmp_path / "other", "priem1")
    assert id not in shown(other)
    basket.restore(store, made)
    assert store.get("applicant", id) == before
    assert id in shown(store)
    run(store, link)
    run(other, other_link)
    assert [e.said for e in store.outbox()] == []
    for each in (store, other):
        assert (id in shown(each), set(parts(each, id))) == (True, set(owned))
    assert (store.get("applicant", id), parts(store, id)) == (before, owned)
    other.close()
    other_link.close()


def test_a_part_that_somebody_changed_keeps_its_owner(
    desk: tuple[Store, Link], centre: World, tmp_path: Path
) -> None:
    store, link = desk
    id = sorted(shown(store))[1]
    part, row = next(iter(parts(store, id).items()))
    other, other_link = open_desk(centre, tmp_path / "other", "priem1")
    change = {"decision": (row["decision"], "Рекомендован")}
    other.record(lambda _: [Save("application", UUID(part), False, change)])
    run(other, other_link)
    basket.delete(store, "applicant", [id])
    run(store, link)
    owned = set(parts(store, id))
    counts = store.counts()
    assert (counts.conflict, counts.held, len(store.bundles())) == (1, 0, 1)
    (trouble,) = store.troubles()
    assert (
        trouble.entry.said == "Часть записи изменена другим пользователем: «Заявление» — «Решение»"
    )
    assert trouble.writer is not None
    run(other, other_link)
    for each in (store, other):
        assert (id in shown(each), set(parts(each, id))) == (True, owned)
    store.reissue(trouble.entry.op.uuid)
    run(store, link)
    run(other, other_link)
    assert store.counts().troubled == 0
    for each in (store, other):
        assert (id in shown(each), parts(each, id)) == (False, {})
    other.close()
    other_link.close()


def test_who_may_not_write_all_of_a_record_is_told_at_once(centre: World, tmp_path: Path) -> None:
    store, link = open_desk(centre, tmp_path / "clerk", "priem2")
    id = min(shown(store))
    with pytest.raises(NotAllowed, match="Нет права удалять"):
        basket.delete(store, "applicant", [id])
    assert (store.counts().waiting, id in shown(store)) == (0, True)
    store.close()
    link.close()


def test_a_word_that_two_people_are_not_one_keeps_neither_of_them(
    desk: tuple[Store, Link],
) -> None:
    """Found in a review: a double with the greater id could not be deleted."""
    store, link = desk
    lesser, greater = sorted([new_id(), new_id()])
    told = {"last_name": "Ёлкина", "first_name": "Анна", "birth_date": "2010-04-11"}
    name = {field: (None, value) for field, value in told.items()}
    pair = {"person_id": (None, lesser.hex), "other_id": (None, greater.hex)}
    store.record(
        lambda _: [
            Save("person", lesser, create=True, set=name),
            Save("person", greater, create=True, set=name),
            Save("distinct_person", new_id(), create=True, set=pair),
        ]
    )
    assert uses(store, "person", greater) == []
    basket.delete(store, "person", [greater.hex])
    basket.delete(store, "person", [lesser.hex])
    run(store, link)
    assert [each.entry.said for each in store.troubles()] == []
    assert store.many("person", [lesser, greater]) == {}


def test_a_record_that_others_point_at_stays(desk: tuple[Store, Link]) -> None:
    store, _ = desk
    campaign = next(iter(store.all("admission_campaign")))
    with pytest.raises(RuleBroken, match="Удалить нельзя: на запись «Приёмная кампания» ссылаются"):
        basket.delete(store, "admission_campaign", [campaign])
    assert store.counts().waiting == 0
