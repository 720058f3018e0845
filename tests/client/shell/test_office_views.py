"""The office's views: made by its heads, seen at every desk within each one's rights, and quarrelled over like any record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from client.kit.list_screen import ListScreen
from client.kit.office_views import class_of
from client.kit.views import PLAIN
from client.shell.lists import LISTS
from common.admissions.lists import APPLICANTS
from common.kit.buckets import sections_of
from common.kit.conditions import Condition, Op
from common.kit.ids import new_id
from common.kit.kinds import P1, P2
from common.kit.shared_views import NUMBERS, read_part, shared_in, write_part
from common.kit.sync import Status
from tests.client.conftest import Dress
from tests.client.shell.quarrel import Desk, Screen, everywhere, quarrel
from tests.demo_world import World
from tests.hostile import TEXTS
from tests.widget_checks import everything_wrong, settle

ACCEPTED = Condition("state", Op.HAS, "Принято")
NUMBER = Condition("person_id__snils", Op.HAS, "112-233")
ENTITY = "admissions_view"
Open = Callable[[Desk], ListScreen]


@pytest.fixture
def open_list(qtbot: QtBot, dress: Dress) -> Iterator[Open]:
    made: list[ListScreen] = []

    def make(desk: Desk) -> ListScreen:
        screen = ListScreen(desk.store, APPLICANTS)
        made.append(screen)
        qtbot.addWidget(screen)
        screen.resize(900, 560)
        screen.show()
        answered(screen)
        return screen

    yield make
    for screen in made:
        screen.menu.keep()
        screen.background.wait()
        screen.hide()
        screen.store.keep("list:applicants", {})


@pytest.fixture
def visitors(region: World, tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    """A reader of the office, and the secretary of another college."""
    made = [Desk(tmp_path / login, region, login) for login in ("otdelenie", "sekretar-k2")]
    yield made[0], made[1]
    for desk in made:
        desk.close()


def answered(screen: ListScreen) -> None:
    for _ in range(3):
        screen.background.wait()
        settle()


def lines(screen: ListScreen) -> dict[str, QPushButton]:
    screen.menu.open()
    assert screen.menu.panel is not None
    return {b.text().strip(): b for b in screen.menu.panel.findChildren(QPushButton)}


def press(screen: ListScreen, words: str, name: str = "") -> None:
    line = lines(screen)[words]
    if name:
        assert screen.menu.panel is not None
        screen.menu.panel.name.set_value(name)
    line.click()
    answered(screen)


def notes(screen: ListScreen) -> set[str]:
    assert screen.menu.panel is not None
    return {label.text() for label in screen.menu.panel.findChildren(QLabel)}


def labelled(screen: ListScreen) -> str:
    return screen.menu.button.text().strip()


def common_view(desk: Desk, screen: ListScreen, name: str) -> str:
    screen.filter.add(ACCEPTED)
    screen.filter.add(NUMBER)
    screen.table.show_column(3, shown=False)
    press(screen, "Сделать общим", name)
    desk.sync()
    return next(id for id, record in desk.store.all(ENTITY).items() if record["name"] == name)


def test_a_view_of_the_office_is_seen_by_all_and_changed_by_its_heads(
    here: Desk, there: Desk, open_list: Open
) -> None:
    mine = open_list(here)
    id = common_view(here, mine, "Принятые")
    assert (labelled(mine), mine.menu.is_changed()) == ("Принятые", False)
    assert "Принятые" not in dict(mine.menu.views.names()).values()

    clerk = open_list(there)
    there.sync()
    answered(clerk)
    assert "Принятые" in lines(clerk)
    assert "ОБЩИЕ ВИДЫ" in notes(clerk)
    press(clerk, "Принятые")
    assert clerk.filter.conditions == (ACCEPTED, NUMBER)
    assert clerk.visible() == mine.visible()
    clerk.group_by("source")
    assert labelled(clerk) == "Принятые *"
    shown = set(lines(clerk))
    assert {"Сбросить вид", "Сохранить себе"} <= shown
    assert shown & {"Сохранить для всех", "Удалить у всех", "Переименовать у всех"} == set()
    assert "Сделать общим" not in shown
    assert clerk.menu.panel is not None
    clerk.menu.panel.close_quietly()
    press(clerk, "Сохранить себе", "Мои принятые")
    assert labelled(clerk) == "Мои принятые"
    press(clerk, "Принятые")
    assert clerk.by == ""

    mine.filter.drop_one(NUMBER)
    press(mine, "Сохранить для всех")
    assert labelled(mine) == "Принятые"
    here.sync()
    there.sync()
    answered(clerk)
    assert [*clerk.filter.conditions] == [ACCEPTED]
    assert labelled(clerk) == "Принятые"
    assert everything_wrong(clerk) == {}

    there.change(ENTITY, id, name="Не моё")
    there.sync()
    (trouble,) = there.store.troubles()
    assert trouble.entry.status is Status.QUARANTINED
    there.store.give_up(trouble.entry.op.uuid, "проверка")

    press(mine, "Удалить у всех")
    assert labelled(mine) == "Весь список *"
    here.sync()
    there.sync()
    answered(clerk)
    assert labelled(clerk) == "Весь список *"
    assert "Принятые" not in lines(clerk)


def test_a_view_of_a_newer_program_is_not_made_the_offices(here: Desk, open_list: Open) -> None:
    newer = {"version": 9, "name": "Новый", "order": ["name"], "shades": [1]}
    here.store.keep("list:applicants", {"views": {"a": newer}, "chosen": "a"})
    screen = open_list(here)
    assert labelled(screen) == "Новый"
    assert "Сделать общим" not in lines(screen)


def test_what_was_chosen_while_a_view_was_being_stored_stays_chosen(
    here: Desk, open_list: Open
) -> None:
    screen = open_list(here)
    screen.menu.save_as("Мой поспешный")
    screen.filter.add(ACCEPTED)
    screen.menu.share("Поспешный")
    screen.menu.choose(PLAIN)
    answered(screen)
    assert (labelled(screen), screen.menu.is_changed()) == ("Весь список", False)
    assert list(screen.menu.views.names()) == []

    press(screen, "Поспешный")
    screen.filter.add(NUMBER)
    screen.menu.save()
    screen.menu.choose(PLAIN)
    answered(screen)
    assert (labelled(screen), screen.menu.is_changed()) == ("Весь список", False)
    press(screen, "Поспешный")
    assert screen.filter.conditions == (ACCEPTED, NUMBER)
    press(screen, "Удалить у всех")


def test_the_offices_views_are_read_again_when_they_have_changed(
    here: Desk, open_list: Open
) -> None:
    menu = open_list(here).menu
    assert menu.views.office.whole
    assert menu.wants({ENTITY: {new_id().hex}})
    assert not menu.wants({"person": {new_id().hex}})


def test_a_view_tells_nobody_more_than_its_list(
    here: Desk, visitors: tuple[Desk, Desk], open_list: Open
) -> None:
    common_view(here, open_list(here), "С номерами")
    reader, stranger = visitors
    reader.sync()
    stranger.sync()
    (record,) = [r for r in reader.store.all(ENTITY).values() if r["name"] == "С номерами"]
    assert record[NUMBERS] is None
    assert not any("112-233" in str(value) for value in record.values())
    screen = open_list(reader)
    press(screen, "С номерами")
    assert screen.filter.conditions == (ACCEPTED,)
    hidden = "условий, которые видны не всем: 1"
    assert hidden in screen.filter.bar.said.text()
    lines(screen)
    assert f"Не показано: {hidden}" in notes(screen)
    assert stranger.store.all(ENTITY) == {}


def test_two_heads_quarrel_over_a_view_in_words(
    here: Desk, there: Desk, centre: Desk, screen: Screen, open_list: Open, qtbot: QtBot
) -> None:
    listed = open_list(here)
    id = common_view(here, listed, "Спорный")
    listed.hide()
    with qtbot.waitActive(screen.frame):
        screen.frame.activateWindow()
    centre.sync()

    def without(desk: Desk, label: str) -> None:
        said = read_part(desk.store.all(ENTITY)[id]["layout"])
        said["told"] = [each for each in said["told"] if each != label]
        desk.change(ENTITY, id, layout=write_part(said))

    without(centre, "Дата рождения")
    without(here, "ФИО")
    quarrel(here, centre)
    ((title, state, _),) = screen.open()
    assert (title, state) == ("Общий вид списка Спорный", "Конфликт")
    screen.enter()
    row = screen.row("Столбцы и порядок")
    assert "ФИО" not in row[2]
    assert "ФИО" in row[3]
    assert "{" not in "".join(row)
    screen.go_to("Столбцы и порядок")
    screen.key(Qt.Key.Key_F2)
    assert "выберите одну из сторон" in screen.page.reason.text()
    screen.key(Qt.Key.Key_Left)
    screen.accept()
    (told,) = everywhere((here, there, centre), ENTITY, id, "layout")
    assert told is not None
    assert "ФИО" not in read_part(told["layout"])["told"]


def test_what_another_version_wrote_is_shown_as_far_as_it_is_understood_and_kept(
    here: Desk, open_list: Open
) -> None:
    screen = open_list(here)
    id = common_view(here, screen, "Будущий")
    record = here.store.all(ENTITY)[id]
    layout, asked = read_part(record["layout"]), read_part(record["asked"])
    layout["order"].insert(1, "shades")
    layout["sort"] = [["shades", True]]
    layout["labels"]["shades"] = "Оттенок"
    layout["later"] = {"any": [1]}
    asked["conditions"] += [
        ["shades", "is", "синий", "", False],
        ["name", "near", "Анна", "", False],
    ]
    here.change(ENTITY, id, layout=write_part(layout), asked=write_part(asked))
    answered(screen)
    press(screen, "Будущий")
    assert screen.filter.conditions == (ACCEPTED, NUMBER)
    said = screen.filter.bar.said.text()
    for each in ("условие «Оттенок: синий»", "условие «ФИО: Анна»", "столбец «Оттенок»"):
        assert each in said
    screen.table.show_column(5, shown=False)
    press(screen, "Сохранить для всех")
    kept = here.store.all(ENTITY)[id]
    assert read_part(kept["layout"])["order"][-1] == "shades"
    conditions = [*read_part(kept["asked"])["conditions"], *read_part(kept[NUMBERS])["conditions"]]
    assert {each[0] for each in conditions} == {"state", "person_id__snils", "shades", "name"}

    layout["version"] = 9
    here.change(ENTITY, id, layout=write_part(layout))
    answered(screen)
    shown = lines(screen)
    assert "Будущий  (новее программы)" in shown
    assert "Удалить у всех" not in shown


@pytest.mark.parametrize(
    "part", [*list(TEXTS.values())[:5], "[" * 5_000, '{"version":1,"order":7}', "null"]
)
def test_nonsense_in_a_view_breaks_no_list(here: Desk, open_list: Open, part: str) -> None:
    values: dict[str, Any] = {"name": "Чужое", "list_name": "applicants", "layout": part[:20_000]}
    id = here.create(ENTITY, **values, asked=part[:20_000])
    screen = open_list(here)
    screen.menu.choose(id)
    answered(screen)
    assert screen.look() == screen.menu.plain
    screen.menu.office.drop(screen.menu.views.office.views[UUID(id).hex])


def test_every_shared_list_has_a_place_for_what_its_columns_say() -> None:
    shared = []
    for spec in LISTS:
        entity = next(filter(None, map(shared_in, sections_of(spec.main))), None)
        if entity is not None:
            shared.append(spec.name)
            classes = {class_of(column) for column in spec.columns}
            assert P2 not in classes or NUMBERS in entity.by_name, spec.name
            assert min(f.field.pd.value for f in entity.fields) == P1.value
    assert {"applicants", "campaigns", "groups", "accounts", "grants"} <= set(shared)
