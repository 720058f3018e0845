"""Ctrl+Z beyond one field, and what may be brought later."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from client.admissions.desk import today
from client.admissions.screens import AdmissionPage
from client.store.store import Store
from common.admissions.kinds import StageKind
from common.reference.kinds import StudyForm
from tests.client.admissions.conftest import Show, put
from tests.client.conftest import Dress

CTRL = Qt.KeyboardModifier.ControlModifier
Z, Y = Qt.Key.Key_Z, Qt.Key.Key_Y


def test_the_last_steps_of_a_form_are_taken_back_and_done_again(
    store: Store, show: Show, dress: Dress
) -> None:
    page = AdmissionPage(store)
    form = page.form

    def close() -> None:
        form.discard()
        page._twin_timer.stop()
        page.background.wait()

    typist = show(page, close)
    next(form.editors()).setFocus()
    typist.type("Ёлкина")
    typist.enter()
    typist.type("Анна")
    typist.go_to("choice1.competitive_group_id")
    typist.type("Финансы")
    typist.enter()
    typist.go_to("choice1.competitive_group_id")
    typist.press(Qt.Key.Key_Delete, CTRL)
    assert form.rows("choice") == []

    def shown() -> tuple[object, object, list[object]]:
        groups = store.all("competitive_group")
        chosen = [groups[r.value("competitive_group_id").hex]["name"] for r in form.rows("choice")]
        return form.value("person", "last_name"), form.value("person", "first_name"), chosen

    typist.press(Z, CTRL)
    assert shown() == ("Ёлкина", "Анна", ["Финансы, бюджет"])
    typist.press(Z, CTRL)
    assert shown() == ("Ёлкина", "Анна", [])
    typist.press(Z, CTRL)
    assert shown() == ("Ёлкина", None, [])
    assert typist.editor_name() == "person.last_name"
    typist.press(Y, CTRL)
    assert shown() == ("Ёлкина", "Анна", [])
    typist.press(Z, CTRL)
    typist.press(Z, CTRL)
    assert (shown(), form.is_dirty(), store.drafts()) == ((None, None, []), False, [])
    typist.press(Z, CTRL)  # nothing is left: nothing happens
    typist.type("Ким")
    form.drafts.write()
    assert [d.title for d in store.drafts()] == ["Ким"]


def test_a_missing_paper_says_until_when_it_may_be_brought(store: Store, show: Show) -> None:
    ((campaign, _),) = store.all("admission_campaign").items()
    day = today(store) + dt.timedelta(days=20)
    put(
        store,
        "campaign_stage",
        campaign_id=UUID(campaign),
        kind=StageKind.ORIGINALS,
        form=StudyForm.FULL_TIME,
        date_from=today(store),
        date_to=day,
    )
    page = AdmissionPage(store)

    def close() -> None:
        page.form.discard()
        page._twin_timer.stop()
        page.background.wait()

    typist = show(page, close)
    typist.go_to("choice1.competitive_group_id")
    typist.type("Финансы")
    typist.enter()
    first = page.form.blocks["document"].rows[0].held.editors["state"]
    week = today(store) + dt.timedelta(days=7)
    assert first.message() == (f"можно донести до {week:%d.%m.%Y}", "hint")
    first.set_message("Нужна копия")
    page.form.changed.emit()
    assert first.message() == ("Нужна копия", "error")  # an error stays
    first.set_message(None)
    page.form.changed.emit()
    assert first.message() == (f"можно донести до {week:%d.%m.%Y}", "hint")
    typist.go_to("document1.state")
    typist.press(Qt.Key.Key_Space)
    QApplication.processEvents()
    assert first.message() == ("", "")
