"""Rows of a part are added, changed, moved and removed by keys alone, and nothing typed into them is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import common.all  # noqa: F401  the declarations
from client.kit.record_form import RecordForm
from client.kit.screen import Card, Part, Screen, line, rows
from client.store.store import Store
from common.administration.roles import shipped
from common.admissions.entities import AdmissionCampaign, RequiredDocument
from common.kit.sync import Delete
from tests.client.conftest import Dress
from tests.end_to_end.typist import Typist
from tests.widget_checks import everything_wrong

SCREEN = Screen(
    "Кампания",
    (
        Part("main", AdmissionCampaign, optional=False),
        Part("paper", RequiredDocument, ("campaign_id", "main"), many=True, numbered="count"),
    ),
    (
        Card("Кампания", (line("main", AdmissionCampaign.year), line("main", AdmissionCampaign.name))),
        Card(
            "Документы",
            (
                rows(
                    "paper",
                    line("paper", RequiredDocument.name),
                    line("paper", RequiredDocument.need, RequiredDocument.condition),
                ),
                line("paper", RequiredDocument.blocks_enrolment),
            ),
        ),
        Card("Комиссия", (line("main", AdmissionCampaign.chair),)),
    ),
    "main",
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path, bytes(32))
    made.journal.set_facts(
        permissions=[str(p) for p in shipped("admission_secretary").permissions],
        device="desk",
        account=UUID(int=1).hex,
    )
    yield made
    made.close()


def shown(store: Store, qtbot: QtBot, id: UUID | None = None) -> tuple[RecordForm, Typist]:
    form = RecordForm(store, SCREEN, id)
    qtbot.addWidget(form, before_close_func=lambda _: form.discard())
    form.resize(900, 700)
    form.show()
    form.activateWindow()
    qtbot.waitActive(form)
    next(form.editors()).setFocus()
    QApplication.processEvents()
    return form, Typist()


def typed(store: Store, qtbot: QtBot, *names: str) -> tuple[RecordForm, Typist]:
    """A campaign with these papers, typed and stored."""
    form, typist = shown(store, qtbot)
    typist.type("2027")
    typist.enter()
    typist.type("Приём")
    typist.enter()
    for place, name in enumerate(names):
        if place:
            typist.press(Qt.Key.Key_Insert)
        typist.type(name)
    assert form.faults() == []
    form.save()
    return form, typist


def papers(store: Store) -> list[tuple[int, str]]:
    return sorted((p["count"], p["name"]) for p in store.all("required_document").values())


def test_ins_adds_a_row_and_each_row_is_stored_at_its_place(store: Store, qtbot: QtBot) -> None:
    typed(store, qtbot, "Паспорт", "Аттестат", "Фото")
    assert papers(store) == [(1, "Паспорт"), (2, "Аттестат"), (3, "Фото")]


def test_a_row_left_empty_is_not_stored_and_is_no_fault(store: Store, qtbot: QtBot) -> None:
    form, typist = typed(store, qtbot, "Паспорт")
    typist.press(Qt.Key.Key_Insert)
    assert typist.editor_name() == "paper2.name"
    assert (form.is_dirty(), form.faults(), form.bodies()) == (False, [], [])


def test_enter_in_the_last_field_begins_the_next_row_and_leaves_from_an_empty_one(
    store: Store, qtbot: QtBot
) -> None:
    _, typist = typed(store, qtbot, "Паспорт")
    typist.go_to("paper1.condition")
    typist.enter()
    assert typist.editor_name() == "paper2.name"
    typist.enter()
    assert typist.editor_name() == "paper.blocks_enrolment"


def test_tab_walks_the_rows_in_their_order_also_when_one_was_moved(
    store: Store, qtbot: QtBot
) -> None:
    form, typist = typed(store, qtbot, "Паспорт", "Аттестат", "Фото")
    typist.press(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert typist.editor_name() == "paper2.name"
    form.editor("main", "name").setFocus()
    walked = []
    for _ in range(10):
        typist.press(Qt.Key.Key_Tab)
        walked.append(typist.editor_name())
    fields = ("name", "need", "condition")
    assert walked == [
        *(f"paper{place}.{field}" for place in (1, 2, 3) for field in fields),
        "paper.blocks_enrolment",
    ]


def test_moved_rows_keep_contiguous_places(store: Store, qtbot: QtBot) -> None:
    form, typist = typed(store, qtbot, "Паспорт", "Аттестат", "Фото")
    for _ in range(3):  # one more than there is room for
        typist.press(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert form.is_dirty()
    form.save()
    assert papers(store) == [(1, "Фото"), (2, "Паспорт"), (3, "Аттестат")]
    assert not form.is_dirty()


def test_a_removed_row_becomes_a_delete_with_the_values_seen(store: Store, qtbot: QtBot) -> None:
    form, typist = typed(store, qtbot, "Паспорт", "Аттестат")
    gone = form.rows("paper")[0].id
    typist.go_to("paper1.name")
    typist.press(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert typist.editor_name() == "paper1.name"
    deleted, moved = form.bodies()
    assert isinstance(deleted, Delete)
    assert (deleted.id, deleted.seen["name"], deleted.seen["need"]) == (gone, "Паспорт", "copy")
    assert not isinstance(moved, Delete)
    form.save()
    assert papers(store) == [(1, "Аттестат")]


def test_the_last_row_may_go_and_another_take_its_place(store: Store, qtbot: QtBot) -> None:
    form, typist = typed(store, qtbot, "Паспорт")
    typist.press(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    typist.type("Аттестат")
    form.save()
    assert papers(store) == [(1, "Аттестат")]


def test_a_reopened_record_shows_its_rows_by_their_places(store: Store, qtbot: QtBot) -> None:
    form, typist = typed(store, qtbot, "Паспорт", "Аттестат")
    typist.press(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    form.save()
    again, _ = shown(store, qtbot, form.held["main"].id)
    assert [row.value("name") for row in again.rows("paper")] == ["Аттестат", "Паспорт"]
    assert not again.is_dirty()


def test_what_is_wrong_with_a_row_is_said_with_its_place_and_beside_it(
    store: Store, qtbot: QtBot
) -> None:
    form, typist = typed(store, qtbot, "Паспорт", "Аттестат")
    typist.go_to("paper1.name")
    typist.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    typist.press(Qt.Key.Key_Delete)
    ((editor, text),) = form.faults()
    assert text == "Требуемый документ 1, «Документ»: заполните поле"
    assert editor is form.rows("paper")[0].editors["name"]
    form.show_faults(form.faults())
    assert editor.message() == ("Заполните поле", "error")


def test_a_line_outside_of_the_rows_is_typed_once_and_written_to_every_row(
    store: Store, qtbot: QtBot
) -> None:
    form, typist = typed(store, qtbot, "Паспорт", "Аттестат")
    typist.go_to("paper.blocks_enrolment")
    typist.press(Qt.Key.Key_Space)
    form.save()
    typist.go_to("paper2.name")
    typist.press(Qt.Key.Key_Insert)
    typist.type("Фото")
    form.save()
    assert [p["blocks_enrolment"] for p in store.all("required_document").values()] == [True] * 3


def test_a_draft_brings_back_rows_typed_moved_and_removed(store: Store, qtbot: QtBot) -> None:
    form, typist = typed(store, qtbot, "Паспорт", "Аттестат", "Фото")
    typist.press(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    typist.go_to("paper3.name")
    typist.press(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    typist.press(Qt.Key.Key_Insert)
    typist.type("СНИЛС")
    typist.press(Qt.Key.Key_Tab)
    typist.type("неведомо")  # fits no choice
    typist.press(Qt.Key.Key_Tab)
    form.drafts.write()
    (draft,) = store.drafts()
    again, _ = shown(store, qtbot, form.held["main"].id)
    again.drafts.restore(draft)
    assert [row.value("name") for row in again.rows("paper")] == ["Паспорт", "Фото", "СНИЛС"]
    assert [gone.value("name") for gone in again.blocks["paper"].gone] == ["Аттестат"]
    assert again.rows("paper")[2].editors["need"].problem()
    assert again.bodies() == form.bodies()
    assert again.is_dirty()


def test_what_is_given_up_leaves_the_stored_rows(store: Store, qtbot: QtBot) -> None:
    form, typist = typed(store, qtbot, "Паспорт", "Аттестат")
    typist.press(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    form.discard()
    assert (form.is_dirty(), form.bodies()) == (False, [])
    assert len(form.rows("paper")) == 2


@pytest.mark.parametrize(("dark", "scale"), [(False, 1.0), (True, 1.5)])
@pytest.mark.parametrize(("width", "height"), [(640, 600), (1200, 900)])
def test_nothing_is_wrong_with_the_look_of_rows(
    store: Store, qtbot: QtBot, dress: Dress, *, dark: bool, scale: float, width: int, height: int
) -> None:
    dress(dark=dark, scale=scale)
    form, _ = typed(store, qtbot, "Паспорт", "Аттестат")
    form.resize(width, height)
    assert everything_wrong(form) == {}
