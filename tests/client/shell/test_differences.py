"""Merges, each decided with the keyboard; then the server and both desks hold the same record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from client.net.link import Link
from client.shell.asking import AskWhy, EditValues, PickRecord
from client.store import basket
from client.store.store import Store
from client.store.syncing import run
from common.kit.entity import spec_of
from common.kit.ids import new_id
from common.kit.sync import Save, Status
from common.people.kinds import Mark
from tests.client.conftest import Dress, OpenDesktop
from tests.client.shell.quarrel import Desk, Screen, everywhere, first_of, quarrel
from tests.demo_world import World
from tests.widget_checks import everything_wrong, settle

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
PLAIN = Qt.KeyboardModifier.NoModifier

TypeText = Callable[[QWidget, str], None]


def test_a_text_changed_twice_is_mine_by_an_arrow(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str, whose: str
) -> None:
    there.change("person", person, birth_place="г. Белово")
    here.change("person", person, birth_place="г. Кемерово")
    quarrel(here, there)
    assert screen.open() == [(f"{whose} — физическое лицо", "Конфликт", "")]
    screen.enter()
    assert screen.row("Место рождения")[2:] == ("○ г. Кемерово", "○ г. Белово", "", "решите")
    assert "её же изменили: Кузьмина Ольга Павловна" in screen.page.story.text()
    assert screen.page.call.text().startswith(
        "Значение сервера записали: Кузьмина Ольга Павловна, тел. +7 3842 00-00-11, "
    )
    assert screen.page.call.text().endswith(", технический секретарь")
    screen.accept()
    assert "Сначала выберите значение: «Место рождения»" in screen.page.reason.text()
    screen.key(Qt.Key.Key_Left)
    assert screen.row("Место рождения")[4:] == ("г. Кемерово", "ваше")
    screen.accept()
    assert screen.open() == []
    assert everywhere((here, there, centre), "person", person, "birth_place") == [
        {"birth_place": "г. Кемерово"}
    ]


def test_a_lookup_changed_twice_is_the_servers_by_alt_2(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str
) -> None:
    id = first_of(here, "person_citizenship", person)
    countries = {c["name"]: UUID(i) for i, c in here.store.all("country").items()}
    names = [name for name in countries if name != "Россия"][:2]
    there.change("person_citizenship", id, country_id=countries[names[0]])
    here.change("person_citizenship", id, country_id=countries[names[1]])
    quarrel(here, there)
    screen.open()
    screen.enter()
    label = spec_of("person_citizenship")["country_id"].label
    assert screen.row(label)[2:4] == (f"○ {names[1]}", f"○ {names[0]}")
    screen.key(Qt.Key.Key_2, ALT)
    assert screen.row(label)[4:] == (names[0], "с сервера")
    screen.accept()
    assert everywhere((here, there, centre), "person_citizenship", id, "country_id") == [
        {"country_id": countries[names[0]]}
    ]


def test_a_date_changed_twice_is_typed_by_hand(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str
) -> None:
    there.change("person", person, birth_date=dt.date(2010, 4, 11))
    here.change("person", person, birth_date=dt.date(2010, 11, 4))
    quarrel(here, there)
    screen.open()
    screen.enter()
    assert screen.row("Дата рождения")[2:4] == ("○ 04.11.2010", "○ 11.04.2010")
    screen.type_result("Дата рождения", "birth_date", "14.01.2010")
    assert screen.row("Дата рождения")[4:] == ("14.01.2010", "исправлено")
    screen.accept()
    assert everywhere((here, there, centre), "person", person, "birth_date") == [
        {"birth_date": dt.date(2010, 1, 14)}
    ]


def test_half_of_a_passport_here_and_half_there_is_decided_as_one(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str
) -> None:
    id = first_of(here, "identity_document", person)
    before = here.store.get("identity_document", id)
    assert before is not None
    there.change("identity_document", id, number="100200")
    here.change("identity_document", id, series="9998")
    quarrel(here, there)
    screen.open()
    screen.enter()
    screen.go_to("Серия")
    screen.key(Qt.Key.Key_Space)
    assert {row[5] for row in screen.rows()} == {"ваше"}
    screen.key(Qt.Key.Key_Space)
    assert {row[5] for row in screen.rows()} == {"с сервера"}
    screen.key(Qt.Key.Key_1, ALT)
    screen.accept()
    assert everywhere((here, there, centre), "identity_document", id, "series", "number") == [
        {"series": "9998", "number": before["number"]}
    ]


def test_two_different_fields_merge_and_nobody_is_asked(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str
) -> None:
    there.change("person", person, birth_place="г. Тайга")
    here.change("person", person, medical_policy="4200000001")
    quarrel(here, there)
    assert screen.open() == []
    assert screen.listed.summary.text() == "Решать нечего."
    assert everywhere((here, there, centre), "person", person, "birth_place", "medical_policy") == [
        {"birth_place": "г. Тайга", "medical_policy": "4200000001"}
    ]


def test_the_same_value_twice_is_no_difference(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str
) -> None:
    for desk in (there, here):
        desk.change("person", person, birth_place="г. Мариинск")
    quarrel(here, there)
    assert screen.open() == []
    assert everywhere((here, there, centre), "person", person, "birth_place") == [
        {"birth_place": "г. Мариинск"}
    ]


def test_deleted_here_and_changed_there_is_kept(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str
) -> None:
    id = first_of(here, "contact", person)
    there.change("contact", id, value="+79059601142")
    basket.delete(here.store, "contact", [id])
    quarrel(here, there)
    screen.open()
    screen.enter()
    assert screen.rows()[0][:4] == ("Запись", "есть", "○ в корзину", "○ остаётся")
    assert "+7 905 960-11-42" in screen.rows()[1][3] or "9059601142" in screen.rows()[1][3]
    screen.key(Qt.Key.Key_Right)
    screen.accept()
    assert everywhere((here, there, centre), "contact", id, "value") == [{"value": "+79059601142"}]


def test_deleted_here_although_it_was_changed_there(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str
) -> None:
    id = first_of(here, "contact", person)
    there.change("contact", id, value="+79059601143")
    basket.delete(here.store, "contact", [id])
    quarrel(here, there)
    screen.open()
    screen.enter()
    screen.key(Qt.Key.Key_1, ALT)
    screen.accept()
    assert everywhere((here, there, centre), "contact", id) == [None]


def test_a_whole_record_is_deleted_although_a_part_of_it_was_changed_there(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str
) -> None:
    (whole,) = here.store.where("applicant", "person_id", person)
    id = next(iter(here.store.where("application", "applicant_id", whole)))
    there.change("application", id, decision="Рекомендован")
    gone = basket.delete(here.store, "applicant", [whole])
    quarrel(here, there)
    assert len(screen.open()) == 1
    screen.enter()
    assert "изменена другим пользователем: «Заявление» — «Решение»" in screen.page.story.text()
    screen.key(Qt.Key.Key_1, ALT)
    screen.accept()
    for entity, row in (("applicant", whole), ("application", id)):
        assert everywhere((here, there, centre), entity, row) == [None]
    basket.restore(here.store, gone)
    assert everywhere((here, there, centre), "application", id, "decision") == [
        {"decision": "Рекомендован"}
    ]


def test_changed_here_and_deleted_there_comes_back_changed(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str
) -> None:
    id = first_of(here, "contact", person)
    basket.delete(there.store, "contact", [id])
    here.change("contact", id, value="+79059601144")
    quarrel(here, there)
    screen.open()
    screen.enter()
    assert screen.rows()[0][:4] == ("Запись", "есть", "○ вернуть", "○ в корзине")
    assert "на сервере её удалили: Кузьмина Ольга Павловна" in screen.page.story.text()
    screen.key(Qt.Key.Key_1, ALT)
    screen.accept()
    assert everywhere((here, there, centre), "contact", id, "value") == [{"value": "+79059601144"}]


def test_a_refused_value_is_mended_and_sent_again(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str, whose: str
) -> None:
    here.change("person", person, inn="500100732250")
    here.sync()
    assert screen.open() == [(f"{whose} — физическое лицо", "Отклонено правилом", "")]
    screen.enter()
    assert screen.row("ИНН")[5] == "исправьте"
    assert "ИНН" in screen.page.reason.text()
    screen.type_result("ИНН", "inn", "500100732251")
    window = screen.page.findChildren(EditValues)[-1]
    assert window.editors["inn"].message()[1] == "error"
    screen.type_over(window, "inn", "500100732259")
    screen.accept()
    assert everywhere((here, there, centre), "person", person, "inn") == [{"inn": "500100732259"}]


def test_what_one_has_no_right_to_is_closed_with_a_word(
    here: Desk, there: Desk, centre: Desk, screen: Screen
) -> None:
    id, country = next(iter(here.store.all("country").items()))
    here.change("country", id, name="Ошибочное")
    here.sync()
    assert [row[1] for row in screen.open()] == ["Нет права"]
    screen.enter()
    screen.page.close_it.setFocus()
    screen.press(screen.page.close_it, Qt.Key.Key_Space)
    window = screen.page.findChildren(AskWhy)[-1]
    screen.press(window.why.area, Qt.Key.Key_Return, CTRL)
    assert "Напишите, почему" in window.why.message()[0]
    screen.type_text(window.why.area, "Страну правит регион")
    screen.press(window.why.area, Qt.Key.Key_Return, CTRL)
    assert screen.open() == []
    (entry,) = here.store.journal.entries("status = ?", Status.QUARANTINED.value)
    assert entry.closed == "Страну правит регион"
    assert everywhere((here, there, centre), "country", id, "name") == [{"name": country["name"]}]


def test_what_was_held_goes_with_the_decision_it_waited_for(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str, whose: str
) -> None:
    id = here.create("contact", person_id=UUID(person), value="")
    here.change("contact", id, value="+79059601145")
    here.sync()
    shown = screen.open()
    assert [row[1:] for row in shown] == [
        ("Отклонено правилом", "1"),
        ("Ждёт решения по связанной записи", ""),
    ]
    assert shown[1][0].startswith(f"↳ {whose} — контакт")
    screen.enter()
    assert "За этой записью ждут" in screen.page.held.text()
    screen.type_result("Номер или адрес", "value", "временно")
    screen.accept()
    screen.desk.sync()
    while screen.open():  # the held change had seen the empty value: it is one's own to confirm
        screen.enter()
        screen.key(Qt.Key.Key_1, ALT)
        screen.accept()
        screen.desk.sync()
    assert everywhere((here, there, centre), "contact", id, "value") == [{"value": "+79059601145"}]


def test_the_servers_record_takes_over_what_was_said_of_ones_own(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str, whose: str
) -> None:
    twin = here.create(
        "person", last_name="Двойникова", first_name="", birth_date=dt.date(2010, 1, 1)
    )
    contact = here.create("contact", person_id=UUID(twin), value="+79059601146")
    here.sync()
    shown = screen.open()
    assert [row[1] for row in shown] == ["Отклонено правилом", "Ждёт решения по связанной записи"]
    screen.enter()
    screen.page.adopt.setFocus()
    screen.press(screen.page.adopt, Qt.Key.Key_Space)
    window = screen.page.findChildren(PickRecord)[-1]
    screen.type_text(window.book.line, whose)
    screen.press(window.book.line, Qt.Key.Key_Return)
    assert window.book.value() == UUID(person)
    screen.press(window.book.line, Qt.Key.Key_Return, CTRL)
    assert screen.open() == []
    assert everywhere((here, there, centre), "contact", contact, "person_id") == [
        {"person_id": UUID(person)}
    ]


def marks_of(desk: Desk, person: str) -> list[str]:
    education = first_of(desk, "prior_education", person)
    return sorted(desk.store.where("certificate_grade", "prior_education_id", education))


def two_marks(here: Desk, there: Desk, person: str) -> tuple[str, str]:
    """Two marks of one certificate that both desks have."""
    education = UUID(first_of(here, "prior_education", person))
    for subject in ("Алгебра", "Физика"):
        here.create(
            "certificate_grade",
            prior_education_id=education,
            subject_name=subject,
            mark=Mark.of("4"),
        )
    here.sync()
    there.sync()
    found = here.store.many("certificate_grade", marks_of(here, person))
    named = {grade["subject_name"]: id for id, grade in found.items()}
    return named["Алгебра"], named["Физика"]


def test_marks_of_different_subjects_merge_row_by_row(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str
) -> None:
    algebra, physics = two_marks(here, there, person)
    there.change("certificate_grade", algebra, mark=Mark.of("5"))
    here.change("certificate_grade", physics, mark=Mark.of("3"))
    quarrel(here, there)
    assert screen.open() == []
    assert everywhere((here, there, centre), "certificate_grade", algebra, "mark") == [
        {"mark": Mark.of("5")}
    ]
    assert everywhere((here, there, centre), "certificate_grade", physics, "mark") == [
        {"mark": Mark.of("3")}
    ]


def test_one_mark_changed_twice_is_asked_about_alone(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str, whose: str
) -> None:
    algebra, physics = two_marks(here, there, person)
    there.change("certificate_grade", algebra, mark=Mark.of("5"))
    here.change("certificate_grade", algebra, mark=Mark.of("3"))
    here.change("certificate_grade", physics, mark=Mark.of("5"))
    quarrel(here, there)
    assert screen.open() == [(f"{whose} — отметка аттестата Алгебра", "Конфликт", "")]
    screen.enter()
    assert [row[0] for row in screen.rows()] == ["Отметка"]
    screen.key(Qt.Key.Key_Left)
    screen.accept()
    assert everywhere((here, there, centre), "certificate_grade", algebra, "mark") == [
        {"mark": Mark.of("3")}
    ]
    assert everywhere((here, there, centre), "certificate_grade", physics, "mark") == [
        {"mark": Mark.of("5")}
    ]


def test_a_choice_that_was_put_off_is_there_again(
    here: Desk, there: Desk, centre: Desk, screen: Screen, person: str
) -> None:
    there.change("person", person, birth_place="г. Юрга")
    here.change("person", person, birth_place="г. Топки")
    quarrel(here, there)
    screen.open()
    screen.enter()
    screen.key(Qt.Key.Key_Right)
    screen.wait()
    screen.page.later.click()
    assert len(screen.open()) == 1
    screen.enter()
    assert screen.row("Место рождения")[4:] == ("г. Юрга", "с сервера")
    screen.accept()
    assert everywhere((here, there, centre), "person", person, "birth_place") == [
        {"birth_place": "г. Юрга"}
    ]


@pytest.mark.parametrize("size", [(800, 600), (1440, 900)])
@pytest.mark.parametrize("look", [(False, 1.0), (True, 1.0), (False, 1.5)])
def test_nothing_is_cut_and_everything_is_named(
    here: Desk, there: Desk, screen: Screen, person: str, dress: Dress,
    size: tuple[int, int], look: tuple[bool, float],
) -> None:  # fmt: skip
    dress(dark=look[0], scale=look[1])
    id = first_of(here, "identity_document", person)
    there.change("identity_document", id, number="100200")
    there.change("person", person, birth_place="г. Юрга")
    here.change("identity_document", id, series="9998")
    here.change("person", person, birth_place="г. Топки, Кемеровская область — Кузбасс")
    here.change("person", person, inn="500100732250")
    quarrel(here, there)
    screen.frame.resize(*size)
    screen.open()
    assert everything_wrong(screen.frame) == {}
    for uuid in [line.key for line in screen.listed.all]:
        screen.inbox.open_one(uuid)
        screen.wait()
        assert everything_wrong(screen.frame) == {}


def test_the_state_of_the_link_leads_to_what_needs_a_person(
    open_desktop: OpenDesktop, filled_store: Store, qtbot: QtBot, region: World
) -> None:
    person = next(iter(filled_store.all("person")))
    pairs = {"person_id": (None, person), "value": (None, "")}
    filled_store.record(lambda _number: [Save("contact", new_id(), create=True, set=pairs)])
    link = Link(region.address, str(filled_store.journal.fact("token")))
    done = run(filled_store, link)
    link.close()
    desktop = open_desktop()
    desktop.frame.show()
    desktop._rounded(done)
    assert desktop.frame.status.state.words() == "Ждут вашего решения: 1 запись · всё отправлено"
    qtbot.mouseClick(desktop.frame.status.link, Qt.MouseButton.LeftButton)
    assert desktop.frame.current_tab() == "differences"
    desktop.work.open_outbox()
    desktop.work.questions.wait()
    settle()
    qtbot.mouseClick(desktop.frame.tab("outbox").decide, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]  # the outbox
    assert desktop.frame.current_tab() == "differences"
    desktop.frame.hide()
