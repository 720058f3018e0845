"""A look-up offers what was chosen last first, and makes from what was typed what is not there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from client.admissions.screens import AdmissionPage
from client.kit.creating import Creating
from client.kit.pick import LookupEdit
from client.kit.recent import recent
from client.store.store import Store
from tests.client.admissions.conftest import Show
from tests.client.conftest import Dress
from tests.widget_checks import everything_wrong


def test_a_look_up_creates_from_what_was_typed_and_offers_what_was_chosen_last_first(
    store: Store, show: Show, dress: Dress
) -> None:
    page = AdmissionPage(store)

    def close() -> None:
        page.form.discard()
        page._twin_timer.stop()
        page.background.wait()

    typist = show(page, close)
    typist.go_to("choice1.competitive_group_id")
    typist.type("Банковское дело")
    lookup = page.form.blocks["choice"].rows[0].held.editors["competitive_group_id"]
    typist.press(Qt.Key.Key_Tab)
    assert lookup.message() == ("Ничего не найдено. F3 — создать", "error")
    lookup.setFocus()
    typist.press(Qt.Key.Key_F3)
    (dialog,) = page.window().findChildren(Creating)
    assert dialog.form.value("main", "name") == "Банковское дело"
    assert everything_wrong(dialog) == {}
    dialog.agree()
    assert (
        dialog.form.editor("main", "campaign_id").message()[1] == "error"
    )  # it tells what is missing
    for name, words in (("campaign_id", "Приём"), ("org_specialty_id", "Экономика")):
        dialog.form.editor("main", name).setFocus()
        typist.type(words)
        typist.enter()
    dialog.form.editor("main", "places").setFocus()
    typist.type("25")
    dialog.agree()
    QApplication.processEvents()
    (made,) = (
        i for i, g in store.all("competitive_group").items() if g["name"] == "Банковское дело"
    )
    assert lookup.value().hex == made
    for name, words in (
        ("last_name", "Ёлкина"),
        ("first_name", "Анна"),
        ("birth_date", "11042010"),
    ):
        page.form.editor("person", name).setFocus()
        typist.type(words)
    assert page.store_it(), page.faults.text.text()
    assert recent(store, "competitive_group") == [made]
    following = AdmissionPage(store)
    show(following, following.form.discard)
    field = following.form.blocks["choice"].rows[0].held.editors["competitive_group_id"]
    assert isinstance(field, LookupEdit)
    assert field._options("")[0].id.hex == made
