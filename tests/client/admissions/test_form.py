"""An application is typed by keys alone: its marks, choices, papers and relatives, what follows from them, what refuses it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.admissions.desk import day_of, now, today
from client.admissions.form import AdmissionForm
from client.admissions.screens import NO_CHOICE, AdmissionPage
from client.kit.comparison import Comparison
from client.kit.records import Draft
from client.store.store import Store
from common.admissions.kinds import CampaignStatus, Carrier, DocumentState
from common.kit.sync import Delete, Save
from common.kit.wire import pack
from common.people.kinds import Kinship, Mark
from tests.client.admissions.conftest import Show
from tests.client.conftest import Dress
from tests.end_to_end.typist import Typist
from tests.widget_checks import everything_wrong

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
Desk = Callable[..., tuple[AdmissionPage, Typist]]


@pytest.fixture
def desk(store: Store, show: Show) -> Desk:
    """Opens the page of an application with the focus on the surname."""

    def opened(
        id: UUID | None = None,
        draft: Draft | None = None,
        pinned: Mapping[str, Any] | None = None,
    ) -> tuple[AdmissionPage, Typist]:
        page = AdmissionPage(store, id, pinned)
        if draft is not None:
            page.restore(draft)

        def close() -> None:
            page.form.discard()
            page._twin_timer.stop()
            page.background.wait()

        typist = show(page, close)
        next(page.form.editors()).setFocus()
        QApplication.processEvents()
        return page, typist

    return opened


def type_name(typist: Typist, last: str = "Ёлкина") -> None:
    typist.type(last)
    typist.enter()
    typist.type("Анна")
    typist.enter(2)
    typist.type("11042010")


def store_it(page: AdmissionPage) -> AdmissionForm:
    assert page.store_it(), page.faults.text.text()
    return page.form


def test_documents_are_ticked_down_the_list_of_the_campaign(store: Store, desk: Desk) -> None:
    page, typist = desk()
    type_name(typist)
    typist.go_to("document1.state")
    typist.press(Qt.Key.Key_Space)
    typist.press(Qt.Key.Key_Down)
    typist.press(Qt.Key.Key_Down)
    typist.press(Qt.Key.Key_Space)
    typist.press(Qt.Key.Key_Insert)
    typist.press(Qt.Key.Key_Tab)
    typist.type("Полис")
    form = store_it(page)
    rows = store.where("applicant_document", "applicant_id", form.held["applicant"].id).values()
    assert [(r["name"], r["state"], r["received_on"], r["received_by"]) for r in rows] == [
        (name, DocumentState.RECEIVED, today(store), "Кузьмина О.П.")
        for name in ("Паспорт", "Фотография", "Полис")
    ]
    assert [r["required_document_id"] is None for r in rows] == [False, False, True]


def test_papers_that_were_not_brought_are_offered_again(store: Store, desk: Desk) -> None:
    page, typist = desk()
    type_name(typist)
    typist.go_to("document2.state")
    typist.press(Qt.Key.Key_Space)
    id = store_it(page).held["applicant"].id
    again, _ = desk(id)
    block = again.form.blocks["document"]
    assert [(r.held.value("name"), r.held.stored) for r in block.rows] == [
        ("Аттестат", True),
        ("Паспорт", False),
        ("Фотография", False),
    ]
    assert not again.form.is_dirty()


def test_a_campaign_without_a_list_offers_the_usual_papers(store: Store, desk: Desk) -> None:
    doomed = [Delete("required_document", UUID(id)) for id in store.all("required_document")]
    store.record(lambda _: doomed)
    page, _ = desk()
    names = [r.held.value("name") for r in page.form.blocks["document"].rows]
    assert names[:2] == ["Заявление о приёме", "Документ, удостоверяющий личность"]
    assert page.form.blocks["document"].rows[0].held.value("carrier") is Carrier.ORIGINAL


def test_the_average_is_counted_live_from_the_marks(store: Store, desk: Desk) -> None:
    page, typist = desk()
    type_name(typist)
    typist.go_to("grade1.subject_name")
    for subject, mark in (("Алгебра", "5"), ("Химия", "4"), ("Физика", "4"), ("Музыка", "зач")):
        typist.type(subject)
        typist.enter()
        typist.type(mark)
        typist.enter()
    average = page.form.editor("education", "average")
    assert average.written() == "4,3333"
    form = store_it(page)
    (education,) = store.all("prior_education").values()
    assert (education["average"], education["marks_sum"], education["marks_count"]) == (
        43_333,
        13,
        3,
    )
    marks = store.where("certificate_grade", "prior_education_id", form.held["education"].id)
    assert [m["mark"] for m in marks.values()] == [Mark.FIVE, Mark.FOUR, Mark.FOUR, Mark.PASSED]
    typist.go_to("grade2.mark")
    typist.type("5")
    typist.enter()
    assert average.written() == "4,6667"


def test_an_average_that_a_person_typed_stays_and_the_difference_is_told(
    store: Store, desk: Desk
) -> None:
    page, typist = desk()
    type_name(typist)
    typist.go_to("education.average")
    typist.type("4,5")
    typist.go_to("grade1.subject_name")
    typist.type("Алгебра")
    typist.enter()
    typist.type("5")
    typist.enter()
    average = page.form.editor("education", "average")
    assert (average.value(), average.message()) == (45_000, ("по отметкам выходит 5,00", "warn"))
    store_it(page)
    (education,) = store.all("prior_education").values()
    assert (education["average"], education["marks_count"]) == (45_000, None)


def test_the_marks_of_a_certificate_are_typed_in_one_line(store: Store, desk: Desk) -> None:
    page, typist = desk()
    type_name(typist)
    typist.go_to("education.average")
    typist.type("5х12, 4х6")
    typist.enter()
    average = page.form.editor("education", "average")
    assert (average.written(), average.message()[0]) == ("4,6667", "по 18 отметкам аттестата")
    store_it(page)
    (education,) = store.all("prior_education").values()
    assert (education["average"], education["marks_sum"], education["marks_count"]) == (
        46_667,
        84,
        18,
    )


def test_a_subject_is_taken_from_the_usual_ones(desk: Desk) -> None:
    page, typist = desk()
    typist.go_to("grade1.subject_name")
    typist.type("общест")
    typist.enter()
    assert page.form.rows("grade")[0].value("subject_name") == "Обществознание"


def choose(typist: Typist, *names: str) -> None:
    typist.go_to("choice1.competitive_group_id")
    for place, name in enumerate(names):
        if place:
            typist.press(Qt.Key.Key_Insert)
        typist.type(name)
        typist.enter()


def chosen(store: Store) -> list[tuple[int, str]]:
    groups = store.all("competitive_group")
    return sorted(
        (a["priority"], groups[a["competitive_group_id"].hex]["name"])
        for a in store.all("application").values()
    )


def test_choices_are_typed_moved_and_removed_with_contiguous_priorities(
    store: Store, desk: Desk
) -> None:
    page, typist = desk()
    type_name(typist)
    choose(typist, "Экономика, бюд", "Экономика, дог", "Финансы")
    typist.go_to("choice3.competitive_group_id")
    typist.press(Qt.Key.Key_Up, ALT)
    typist.press(Qt.Key.Key_Up, ALT)
    store_it(page)
    assert chosen(store) == [
        (1, "Финансы, бюджет"),
        (2, "Экономика, бюджет"),
        (3, "Экономика, договор"),
    ]
    typist.go_to("choice2.competitive_group_id")
    typist.press(Qt.Key.Key_Delete, CTRL)
    store_it(page)
    assert chosen(store) == [(1, "Финансы, бюджет"), (2, "Экономика, договор")]


def test_no_more_choices_than_the_campaign_allows(store: Store, desk: Desk) -> None:
    page, typist = desk()
    type_name(typist)
    choose(typist, "Экономика, бюд", "Экономика, дог", "Финансы")
    typist.press(Qt.Key.Key_Insert)
    block = page.form.blocks["choice"]
    assert (len(block.rows), block.note.text()) == (
        3,
        "По правилам этой кампании специальностей не больше 3",
    )


def test_what_tells_groups_apart_stands_under_the_chosen_one(desk: Desk) -> None:
    page, typist = desk()
    choose(typist, "Экономика, дог")
    editor = page.form.rows("choice")[0].editors["competitive_group_id"]
    assert editor.message() == (
        "Договор об оказании платных услуг · 9 классов · Очная · мест 25",
        "hint",
    )


def test_a_flag_of_the_paper_is_the_same_in_every_choice_also_later(
    store: Store, desk: Desk
) -> None:
    page, typist = desk()
    type_name(typist)
    choose(typist, "Экономика, бюд", "Экономика, дог")
    typist.go_to("choice.first_spo")
    typist.press(Qt.Key.Key_Space)
    store_it(page)
    assert [a["first_spo"] for a in store.all("application").values()] == [False, False]
    typist.press(Qt.Key.Key_Space)
    choose(typist)
    typist.press(Qt.Key.Key_Insert)
    typist.type("Финансы")
    typist.enter()
    store_it(page)
    assert [a["first_spo"] for a in store.all("application").values()] == [True] * 3


def test_several_relatives_are_stored_and_shown_again(store: Store, desk: Desk) -> None:
    page, typist = desk()
    type_name(typist)
    typist.go_to("relative1.last_name")
    typist.type("Ёлкина")
    typist.press(Qt.Key.Key_Insert)
    typist.type("отец")
    typist.enter()
    typist.type("Ёлкин")
    id = store_it(page).held["applicant"].id
    again, _ = desk(id)
    shown = [(r.value("relation"), r.value("last_name")) for r in again.form.rows("relative")]
    assert shown == [(Kinship.MOTHER, "Ёлкина"), (Kinship.FATHER, "Ёлкин")]


def test_restricted_rights_are_seen_only_with_the_right(
    store: Store, clerk_store: Store, show: Show
) -> None:
    for place, shown in ((store, True), (clerk_store, False)):
        form = AdmissionForm(place)
        show(form, form.discard)
        assert ("benefit" in form.blocks) is shown


def test_a_new_application_is_of_a_citizen_with_a_passport(store: Store, desk: Desk) -> None:
    page, typist = desk()
    shown = [
        page.form.editor(part, name).written()[1]
        for part, name in (("citizenship", "country_id"), ("identity", "kind_id"))
    ]
    assert shown == ["Россия", "Паспорт гражданина Российской Федерации"]
    assert not page.form.is_dirty()
    type_name(typist)
    store_it(page)
    assert [len(store.all(e)) for e in ("person_citizenship", "identity_document")] == [1, 0]


def test_pinned_values_go_over_and_nothing_else(store: Store, desk: Desk) -> None:
    page, typist = desk()
    type_name(typist)
    typist.go_to("citizenship.country_id")
    typist.type("Казах")
    typist.enter()
    typist.go_to("education.graduation_year")
    typist.type("2026")
    page.form.editor("education", "graduation_year").set_pinned(True)
    page.form.editor("citizenship", "country_id").set_pinned(True)
    heard: list[object] = []
    page.next_asked.connect(lambda: heard.append(page.form.pinned()))
    typist.press(Qt.Key.Key_Return, CTRL)
    (pinned,) = heard
    following, _ = desk(None, None, pinned)
    form = following.form
    assert form.editor("citizenship", "country_id").written()[1] == "Казахстан"
    assert form.editor("education", "graduation_year").is_pinned()
    assert (form.value("education", "graduation_year"), form.full_name()) == (2026, "")
    assert not form.is_dirty()


def test_the_registration_is_of_the_moment_of_the_first_save(store: Store, desk: Desk) -> None:
    page, typist = desk()
    assert page.form.held["applicant"].seen["registered_at"] is None
    type_name(typist)
    before = now()
    store_it(page)
    (applicant,) = store.all("applicant").values()
    assert before <= applicant["registered_at"] <= now()
    assert store.all("consent") != {}


def test_a_consent_that_was_not_given_is_not_stored(store: Store, desk: Desk) -> None:
    page, typist = desk()
    type_name(typist)
    typist.go_to("choice.consents_to_data")
    typist.press(Qt.Key.Key_Space)
    store_it(page)
    assert store.all("consent") == {}


def test_days_are_those_of_the_college_and_not_of_the_computer(store: Store) -> None:
    late = dt.datetime(2026, 7, 1, 18, 30, tzinfo=dt.UTC)
    assert day_of(store, late) == dt.date(2026, 7, 2)  # Новокузнецк is seven hours ahead


def test_a_group_whose_stage_is_over_is_named_with_its_date_and_not_stored(
    store: Store, desk: Desk
) -> None:
    page, typist = desk()
    type_name(typist)
    choose(typist, "Логистика")
    said = "«Логистика заочная»: приём закончен 15.08.2020; срок меняют в этапах кампании"
    assert page.warning.text.text() == said
    assert page.store_it() is False
    assert page.faults.text.text() == said
    assert store.all("applicant") == {}
    choose(typist, "Финансы")
    store_it(page)


def test_a_campaign_that_is_closed_takes_no_new_applications(store: Store, desk: Desk) -> None:
    page, typist = desk()
    type_name(typist)
    ((id, campaign),) = store.all("admission_campaign").items()
    change = {"status": (pack(campaign["status"]), pack(CampaignStatus.CLOSED))}
    store.record(lambda _: [Save("admission_campaign", UUID(id), create=False, set=change)])
    assert page.store_it() is False
    assert page.faults.text.text().startswith("Приём закрыт")


def test_a_likely_double_is_told_while_the_name_is_typed(
    store: Store, desk: Desk, qtbot: QtBot
) -> None:
    page, typist = desk()
    type_name(typist)
    store_it(page)
    other, again = desk()
    type_name(again)
    again.enter()
    qtbot.waitUntil(lambda: "Похоже" in other.warning.text.text())
    assert "Ёлкина Анна, 11.04.2010" in other.warning.text.text()


def told_of_a_double(desk: Desk, qtbot: QtBot) -> AdmissionPage:
    """The page of a second Ёлкина, with the warning on it."""
    page, typist = desk()
    type_name(typist)
    store_it(page)
    other, again = desk()
    type_name(again, "Елкина")
    again.enter()
    qtbot.waitUntil(lambda: "Похоже" in other.warning.text.text())
    return other


def test_a_likely_double_is_compared_field_by_field(dress: Dress, desk: Desk, qtbot: QtBot) -> None:
    page = told_of_a_double(desk, qtbot)
    page.warning.buttons[0].click()
    dialog = page.findChild(Comparison)
    assert isinstance(dialog, Comparison)
    assert dialog.summary.text() == "Различаются: 1 поле"
    assert [(p.label, p.left, p.right) for p in dialog.pairs if p.differs] == [
        ("Фамилия", "Елкина", "Ёлкина")
    ]
    assert everything_wrong(dialog) == {}
    dialog.reject()


def test_another_person_is_not_asked_about_again_at_this_desk(
    store: Store, desk: Desk, qtbot: QtBot
) -> None:
    page = told_of_a_double(desk, qtbot)
    assert [b.text() for b in page.warning.buttons] == [
        "Сравнить",
        "Открыть",
        "Это другой человек",
    ]
    page.warning.buttons[2].click()
    page.background.wait()
    QApplication.processEvents()
    assert not page.warning.isVisible()
    id = store_it(page).held["applicant"].id
    again, typist = desk(id)
    typist.type(" ")
    again._look_for_twins()
    again.background.wait()
    QApplication.processEvents()
    assert again.warning.text.text() == NO_CHOICE


def test_a_draft_of_an_application_brings_back_its_rows(store: Store, desk: Desk) -> None:
    page, typist = desk()
    type_name(typist)
    typist.go_to("grade1.subject_name")
    typist.type("Алгебра")
    typist.enter()
    typist.type("5")
    typist.enter()
    choose(typist, "Экономика, дог")
    typist.go_to("document2.state")
    typist.press(Qt.Key.Key_Space)
    page.form.drafts.write()
    (draft,) = store.drafts()
    again, _ = desk(None, draft)
    form = again.form
    assert form.editor("education", "average").written() == "5,00"
    assert [r.value("name") for r in form.rows("document")] == ["Аттестат"]
    assert [r.held.value("name") for r in form.blocks["document"].rows] == [
        "Аттестат",
        "Паспорт",
        "Фотография",
    ]
    assert form.faults() == []
    store_it(again)
    assert chosen(store) == [(1, "Экономика, договор")]
