"""Two records of one human being become one: chosen values and missing rows go over, the other goes to the basket, and back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from client.admissions.screens import AdmissionPage
from client.kit.carrying import take
from client.kit.comparison import Comparison
from client.kit.drafts import write_into
from client.shell.desktop import Desktop
from tests.client.conftest import OpenDesktop
from tests.widget_checks import everything_wrong


@pytest.fixture
def desktop(open_desktop: OpenDesktop, qtbot: QtBot) -> Iterator[Desktop]:
    made = open_desktop()
    made.frame.resize(800, 600)
    made.frame.show()
    yield made
    made.frame.hide()


def page_of(desktop: Desktop) -> AdmissionPage:
    page = desktop.frame.current_page()
    assert isinstance(page, AdmissionPage)
    return page


def type_again(desktop: Desktop, person: UUID) -> AdmissionPage:
    """A second application of somebody who is there, typed with a slip, and with more in it."""
    desktop.work.open_applicant(None)
    page = page_of(desktop)
    seen = desktop.store.get("person", person)
    assert seen is not None
    for name in ("first_name", "middle_name", "birth_date"):
        take(page.form.editor("person", name), seen[name])
    take(page.form.editor("person", "last_name"), f"{seen['last_name']}х")
    take(page.form.editor("person", "birth_place"), "г. Объединённый")
    row = page.form.blocks["achievement"].rows[0].held.editors["name"]
    write_into(row, "Олимпиада по черчению")
    row.changed.emit()
    return page


def compared(page: AdmissionPage, qtbot: QtBot) -> Comparison:
    page._look_for_twins()
    qtbot.waitUntil(lambda: "Похоже" in page.warning.text.text())
    next(b for b in page.warning.buttons if b.text() == "Сравнить").click()
    dialog = page.findChild(Comparison)
    assert isinstance(dialog, Comparison)
    return dialog


def test_20_a_double_is_merged_field_by_field_before_it_is_stored_and_after(
    desktop: Desktop, qtbot: QtBot
) -> None:
    (first, record), *_ = sorted(desktop.store.all("applicant").items())
    count, people = len(desktop.store.all("applicant")), len(desktop.store.all("person"))
    typed = type_again(desktop, record["person_id"])
    dialog = compared(typed, qtbot)
    assert everything_wrong(dialog) == {}
    ticked = {key for key, pick in dialog.picks.items() if pick.isChecked()}
    assert (
        "person.last_name" in dialog.picks.keys() - ticked
    )  # what the other has stays, unless told
    dialog.picks["person.birth_place"].setChecked(True)
    dialog._merge()
    target = page_of(desktop)
    assert target.main_id().hex == first
    assert not desktop.frame.has_tab(typed.form.key)
    assert desktop.store.drafts() == []
    assert target.form.value("person", "birth_place") == "г. Объединённый"
    names = [row.value("name") for row in target.form.rows("achievement")]
    assert "Олимпиада по черчению" in names
    assert target.store_it(), target.faults.text.text()
    assert len(desktop.store.all("applicant")) == count

    doubled = type_again(desktop, record["person_id"])
    take(doubled.form.editor("person", "birth_place"), "г. Второй")
    assert doubled.store_it(), [link.text() for link in doubled.faults.links]
    assert len(desktop.store.all("applicant")) == count + 1
    dialog = compared(doubled, qtbot)
    dialog.picks["person.birth_place"].setChecked(True)
    dialog._merge()
    assert len(desktop.store.all("applicant")) == count + 1  # until the other is stored
    target = page_of(desktop)
    again = [row.value("name") for row in target.form.rows("achievement")]
    assert again.count("Олимпиада по черчению") == 1
    assert target.store_it()
    desktop.work.background.wait()
    qtbot.waitUntil(lambda: len(desktop.store.all("applicant")) == count)
    assert len(desktop.store.all("person")) == people
    qtbot.waitUntil(desktop.frame.undo_bar.isVisible)
    desktop.frame.undo()
    desktop.work.background.wait()
    assert len(desktop.store.all("applicant")) == count + 1
    assert len(desktop.store.all("person")) == people + 1


def test_what_brings_nothing_over_goes_once(desktop: Desktop, qtbot: QtBot) -> None:
    first, second = sorted(desktop.store.all("applicant"))[:2]
    count = len(desktop.store.all("applicant"))
    desktop.work.open_applicant(UUID(second))
    doubled = page_of(desktop)
    doubled.form.blocks.clear()  # no rows to bring over
    desktop.work._merge(doubled, UUID(first), [])
    target = page_of(desktop)
    assert not target.form.is_dirty()
    qtbot.waitUntil(desktop.frame.undo_bar.isVisible)
    desktop.frame.undo()
    desktop.work.background.wait()
    assert len(desktop.store.all("applicant")) == count
    take(target.form.editor("person", "birth_place"), "г. Позже")
    assert target.store_it()
    desktop.work.background.wait()
    assert len(desktop.store.all("applicant")) == count
