"""«Изменить поле…»: seen before, applied as one, taken back as one; rights and what is being typed are minded."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.kit import bulk
from client.kit.bulk_edit import BulkEdit
from client.kit.list_screen import ListScreen
from client.kit.record_page import RecordPage
from client.shell.desktop import Desktop
from client.shell.lists import LISTS
from client.store.store import Store
from client.store.syncing import run
from common.admissions.kinds import ReturnMethod
from common.admissions.lists import APPLICANTS
from common.kit.entity import describe
from common.kit.kinds import P3
from common.kit.rights import Action
from tests.client.conftest import OpenDesktop
from tests.demo_world import World
from tests.widget_checks import everything_wrong

MANY = 30
POST = ReturnMethod.POST


@pytest.fixture
def desktop(open_desktop: OpenDesktop, qtbot: QtBot) -> Desktop:
    made = open_desktop()
    with qtbot.waitActive(made.frame):
        made.frame.show()
    made.work.open_section("applicants")
    qtbot.waitUntil(lambda: listed(made).total >= MANY)
    return made


def listed(desktop: Desktop) -> ListScreen:
    screen = desktop.frame.tab("applicants")
    assert isinstance(screen, ListScreen)
    return screen


def choose(screen: ListScreen, count: int) -> list[str]:
    ids = [screen.source.id_at(row) for row in range(count)]
    screen.table.select_keys(ids, ids[0])
    return ids


def open_dialog(screen: ListScreen) -> BulkEdit:
    screen.change_field()
    return screen.findChildren(BulkEdit)[-1]


def ask(dialog: BulkEdit, field: str, value: Any, qtbot: QtBot) -> None:
    """As a person does: the field, then its value; the preview answers both."""
    dialog.field.choose(next(o for o in dialog.field._all if o.id.name == field))
    assert dialog.value is not None
    dialog.value.set_value(value)
    dialog.look()
    after = bulk.words_of(dialog.store, dialog.spec[field], value)
    qtbot.waitUntil(lambda: {c.after for c in dialog.changes if not c.skipped} <= {after})
    qtbot.waitUntil(lambda: dialog.changes != [])


def values(store: Store, ids: list[str]) -> list[Any]:
    return [store.many("applicant", ids)[id]["return_method"] for id in ids]


def last_audit(world: World, store: Store) -> list[dict[str, Any]]:
    """The last line of this college that speaks of applicants: each college counts its own, and visits stand beside them."""
    query = (
        "SELECT changes FROM audit WHERE college_id = ? AND instr(changes, '\"applicant\"') "
        "ORDER BY seq DESC LIMIT 1"
    )
    with closing(sqlite3.connect(world.database_url.removeprefix("sqlite:///"))) as base:
        ((changes,),) = base.execute(query, (store.journal.fact("college"),)).fetchall()
    told: list[dict[str, Any]] = json.loads(changes)
    return told


def test_17_a_field_of_thirty_is_previewed_applied_and_undone_as_one(
    desktop: Desktop, region: World, qtbot: QtBot
) -> None:
    screen, store = listed(desktop), desktop.store
    ids = choose(screen, MANY)
    before = values(store, ids)
    changing = [id for id, value in zip(ids, before, strict=True) if value is not POST]
    dialog = open_dialog(screen)
    ask(dialog, "return_method", POST, qtbot)
    qtbot.waitUntil(dialog.yes.isEnabled)
    assert [c.id for c in dialog.changes if not c.skipped] == changing
    assert {c.skipped for c in dialog.changes if c.id not in changing} <= {bulk.SAME}
    assert dialog.yes.text() == f"Изменить у {len(changing)} записей"
    assert everything_wrong(dialog) == {}
    assert values(store, ids) == before
    dialog.agree()
    qtbot.waitUntil(lambda: values(store, ids) == [POST] * MANY)
    qtbot.waitUntil(desktop.frame.undo_bar.isVisible)
    assert run(store, desktop.link).online
    group = [c for c in last_audit(region, store) if c["entity"] == "applicant"]
    assert {c["id"] for c in group} == set(changing)
    assert all(set(c["set"]) == {"return_method"} for c in group)
    desktop.frame.actions_of_window.trigger("undo")
    qtbot.waitUntil(lambda: values(store, ids) == before)
    assert run(store, desktop.link).online
    assert store.counts().troubled == 0
    assert len(last_audit(region, store)) == len(changing)


def test_what_is_being_typed_and_what_does_not_fit_is_left_alone_and_says_why(
    desktop: Desktop, qtbot: QtBot
) -> None:
    screen = listed(desktop)
    ids = choose(screen, 3)
    desktop.work.open_applicant(UUID(ids[1]))
    page = desktop.frame.current_page()
    assert isinstance(page, RecordPage)
    editor = page.form.editor("applicant", "language_studied")
    editor.line.setText("немецкий")  # type: ignore[attr-defined]  # a line of text
    editor.changed.emit()
    page.show_state()
    desktop.work.open_section("applicants")
    choose(screen, 3)
    dialog = open_dialog(screen)
    ask(dialog, "language_studied", "я" * 51, qtbot)
    qtbot.waitUntil(lambda: "не длиннее 50 знаков" in dialog.said.text())
    assert not dialog.yes.isEnabled()
    ask(dialog, "language_studied", "испанский", qtbot)
    qtbot.waitUntil(dialog.yes.isEnabled)
    assert {c.id: c.skipped for c in dialog.changes}[ids[1]] == "открыта и не записана"
    assert everything_wrong(dialog) == {}
    dialog.reject()
    page.form.discard()


class Broken:
    """A desk whose disk fails."""

    def many(self, _entity: str, _ids: object) -> None:
        raise OSError("диск")


def test_after_a_fault_of_the_program_the_window_can_be_left(
    desktop: Desktop, qtbot: QtBot
) -> None:
    screen = listed(desktop)
    choose(screen, MANY)
    dialog = open_dialog(screen)
    ask(dialog, "return_method", POST, qtbot)
    qtbot.waitUntil(dialog.yes.isEnabled)
    dialog.store = Broken()  # type: ignore[assignment]  # it is asked for nothing else
    with qtbot.captureExceptions() as raised:
        dialog.agree()
        dialog.reject()
        assert dialog.isVisible()
        qtbot.waitUntil(lambda: [kind for kind, _, _ in raised] == [OSError])
    qtbot.waitUntil(dialog.yes.isEnabled)
    dialog.reject()
    assert not dialog.isVisible()


def test_with_nothing_chosen_it_says_what_to_do(desktop: Desktop) -> None:
    screen = listed(desktop)
    screen.table.view.clearSelection()
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
    QApplication.sendEvent(screen.table.view, event)
    screen.change_field()
    assert screen.filter.bar.said.text() == "Выберите записи, у которых изменить поле."
    assert screen.findChildren(BulkEdit) == []


@pytest.mark.parametrize("spec", LISTS, ids=lambda spec: spec.name)
def test_no_list_offers_what_may_not_be_given_to_many(spec: Any) -> None:
    from tests.client.admissions.conftest import SECRETARY

    entity = describe(spec.entity)
    offered = bulk.fields_of(entity, SECRETARY.permissions)
    keys = {name for names in entity.uniques for name in names}
    for f in offered:
        assert f.field.pd is not P3
        assert f.name not in keys | set(entity.brings) | {entity.part_of, entity.yearly}
    readers = frozenset(p for p in SECRETARY.permissions if p.action is Action.READ)
    assert bulk.fields_of(entity, readers) == []
    if spec is APPLICANTS:
        assert {f.name for f in offered} >= {"source", "needs_hostel", "return_method"}
        assert {f.name for f in offered} & {"reg_no", "person_id", "campaign_id"} == set()
