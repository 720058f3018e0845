"""The papers of an application show what was typed into it."""

from __future__ import annotations

import pypdfium2
import pytest
from PySide6.QtCore import Qt

from client.admissions.form import AdmissionForm
from client.admissions.printing import package
from client.store.store import Store
from common.admissions.kinds import DocumentState
from common.kit.sync import Save
from common.kit.wire import pack
from common.people.kinds import CaseSource, NameCase, Sex
from tests.client.admissions.conftest import Show, put


@pytest.fixture
def form(store: Store, show: Show) -> AdmissionForm:
    """An applicant whose passport was taken and whose certificate was not."""
    made = AdmissionForm(store)
    typist = show(made, made.discard)
    made.editor("person", "last_name").setFocus()
    typist.type("Ёлкина")
    typist.enter()
    typist.type("Анна")
    typist.enter(2)
    typist.type("11042010")
    typist.go_to("document1.state")
    typist.press(Qt.Key.Key_Space)
    made.save_application()
    return made


def pages(form: AdmissionForm) -> list[str]:
    with pypdfium2.PdfDocument(package(form.store, form.held["applicant"].id)) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_the_receipt_and_the_inventory_list_what_was_taken(form: AdmissionForm) -> None:
    _, receipt, inventory = pages(form)
    for paper in (receipt, inventory):
        assert "Паспорт" in paper
        assert "Аттестат" not in paper
    assert "Всего документов: 1, штук: 1" in receipt


def test_a_paper_that_was_rejected_is_not_on_the_receipt(form: AdmissionForm) -> None:
    put(
        form.store,
        "applicant_document",
        applicant_id=form.held["applicant"].id,
        name="Полис",
        state=DocumentState.REJECTED,
    )
    assert "Полис" not in pages(form)[1]


def test_the_name_is_declined_by_the_rules_and_as_a_registrar_has_settled_it(
    form: AdmissionForm,
) -> None:
    person = form.held["person"].id
    assert "от Ёлкина Анна" in pages(form)[0]  # nobody has said whether it is a man or a woman
    change = Save("person", person, create=False, set={"sex": (None, pack(Sex.FEMALE))})
    form.store.record(lambda _: [change])
    assert "от Ёлкиной Анны" in pages(form)[0]
    put(
        form.store,
        "person_name_case",
        person_id=form.held["person"].id,
        case=NameCase.GENITIVE,
        written="Ёлкиной Аннушки",
        source=CaseSource.MANUAL,
    )
    assert "от Ёлкиной Аннушки" in pages(form)[0]
