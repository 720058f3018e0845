"""Check 18: one whole application by key events alone, what it costs, and what the next one keeps."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import pytest
from PySide6.QtCore import Qt

from client.admissions.screens import AdmissionPage
from client.store.store import Store
from common.admissions.kinds import DocumentState
from tests.client.admissions.conftest import Show
from tests.client.conftest import Dress

CTRL = Qt.KeyboardModifier.ControlModifier
BESIDE = 80
"""The most keys beside the letters of the data."""

TYPED: Mapping[str, str] = {
    "person.last_name": "Кузнецова",
    "person.first_name": "Анна",
    "person.middle_name": "Ильинична",
    "person.birth_date": "11042010",
    "person.sex": "ж",
    "person.snils": "11223344595",
    "person.birth_place": "г. Юрга Кемеровской обл.",
    "identity.series": "3224",
    "identity.number": "904511",
    "identity.issued_on": "20042024",
    "identity.department_code": "420012",
    "identity.issued_by": "ГУ МВД России по Кемеровской области",
    "registration.full": "652050, г. Юрга, ул. Ленина, д. 5, кв. 12",
    "mobile.value": "89234812017",
    "education.number": "04224000988123",
    "education.issued_on": "20062026",
    "education.org_name": "МБОУ СОШ № 5 г. Юрги",
    "education.graduation_year": "2026",
    "education.average": "5х12, 4х6",
    "choice1.competitive_group_id": "Финанс",
}
"""By the fields, in the order of the paper."""


def test_18_a_whole_application_costs_no_more_than_80_keys_beside_its_letters(
    store: Store, show: Show, dress: Dress, capsys: pytest.CaptureFixture[str]
) -> None:
    pages: list[AdmissionPage] = []

    def begin(pinned: Mapping[str, Any] | None = None) -> AdmissionPage:
        page = AdmissionPage(store, None, pinned)
        page.next_asked.connect(lambda: pages.append(begin_quietly(page.form.pinned())))
        return page

    def begin_quietly(pinned: Mapping[str, Any]) -> AdmissionPage:
        return AdmissionPage(store, None, pinned)

    page = begin()

    def close() -> None:
        for each in (page, *pages):
            each.form.discard()
            each._twin_timer.stop()
            each.background.wait()

    typist = show(page, close)
    next(page.form.editors()).setFocus()
    page.form.editor("education", "graduation_year").set_pinned(True)
    for name, text in TYPED.items():
        typist.go_to(name)
        typist.type(text)
    typist.enter(2)
    typist.press(Qt.Key.Key_Insert)
    typist.type("Экономика, бю")
    typist.enter()
    typist.go_to("document1.state")
    for step in (Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space):
        typist.press(step)
    typist.go_to("relative1.last_name")
    typist.type("Кузнецова")
    typist.enter()
    typist.type("Мария")
    typist.go_to("applicant.needs_hostel")
    typist.press(Qt.Key.Key_Space)
    typist.press(Qt.Key.Key_Return, CTRL)
    beside = typist.keys - typist.letters
    with capsys.disabled():
        sys.stdout.write(
            f"\none application: {typist.keys} keys, {typist.letters} letters, {beside} beside them\n"
        )
    assert page.faults.links == [], [link.text() for link in page.faults.links]
    ((_, applicant),) = store.all("applicant").items()
    assert applicant["needs_hostel"]
    (person,) = store.all("person").values()
    assert (person["last_name"], person["snils"]) == ("Кузнецова", "11223344595")
    (address,) = store.all("address").values()
    assert (address["city"], address["street"], address["house"]) == ("Юрга", "Ленина", "5")
    assert len(store.all("application")) == 2
    received = [
        d for d in store.all("applicant_document").values() if d["state"] is DocumentState.RECEIVED
    ]
    assert len(received) == 2
    assert [r["first_name"] for r in store.all("relative").values()] == ["Мария"]
    assert beside <= BESIDE
    (following,) = pages
    kept = {editor.objectName() for editor in following.form.editors() if editor.is_pinned()}
    assert kept == {"education.graduation_year"}
    assert following.form.value("education", "graduation_year") == 2026
    assert following.form.full_name() == ""
