"""The manual speaks of what the screens show."""

from __future__ import annotations

import re

import pytest

from client.kit.records import FilePlace
from common.kit import resources
from common.kit.jobs import JobState
from common.kit.manual import pages, search
from common.kit.sync import Status

PAGES = tuple(page.name for page in pages())


def page(name: str) -> str:
    return resources.path("manual", f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("status", Status, ids=lambda status: status.value)
def test_every_state_of_an_operation_is_explained(status: Status) -> None:
    assert status.label in page("rabota-bez-svyazi")


@pytest.mark.parametrize(
    "status",
    [Status.CONFLICT, Status.REFUSED, Status.QUARANTINED, Status.HELD, Status.FAILED],
    ids=lambda status: status.value,
)
def test_every_state_that_needs_a_person_says_what_to_do(status: Status) -> None:
    assert status.label in page("rashozhdeniya")


@pytest.mark.parametrize("state", JobState, ids=lambda state: state.value)
def test_every_state_of_long_work_is_explained(state: JobState) -> None:
    assert f"«{state.label}»" in page("dolgie-raboty")


@pytest.mark.parametrize("place", FilePlace, ids=lambda place: place.name.lower())
def test_every_place_of_a_scan_is_explained(place: FilePlace) -> None:
    assert f"«{place.words}»" in page("rabota-bez-svyazi")


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("двойник", "zayavlenie#такой-человек-уже-есть"),
        ("дубль", "zayavlenie#такой-человек-уже-есть"),
        ("копия", "tablicy#загрузить-таблицу"),
        ("отменить", "spiski#корзина"),
        ("удалить", "spiski#корзина"),
        ("фильтр", "spiski#найти"),
        ("пароль", "vhod"),
        ("забыл", "vhod#сменить-пароль"),
        ("распечатать", "pechat"),
        ("excel", "tablicy#сохранить-таблицу"),
        ("эксель", "tablicy#сохранить-таблицу"),
        ("выгрузить", "tablicy#сохранить-таблицу"),
        ("шрифт", "forma#как-это-выглядит"),
    ],
)
def test_what_people_call_a_thing_finds_its_place(said: str, place: str) -> None:
    assert place in [found.link for found in search(said)][:4]


@pytest.mark.parametrize("name", PAGES)
def test_the_pictures_of_the_manual_are_there(name: str) -> None:
    for place in re.findall(r"\]\((\.\./[^)]+)\)", page(name)):
        assert resources.path("manual", *place.split("/")).resolve().is_file(), place
