"""Windows with invented applicants, for the checks of the look and for the eyes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.kit.buttons import button
from client.kit.fields import FlagEdit, FormatEdit, TextEdit
from client.kit.forms import FormArea, Section
from client.kit.pick import ChoiceEdit, LookupEdit
from client.kit.rows import Column
from client.kit.table import PagedTable
from client.kit.words import ElidedLabel, plain
from client.shell.frame import MainFrame
from client.shell.link import Link, LinkState
from client.shell.sign_in import SignIn
from common.kit import formats
from common.people.formats import AVERAGE

SURNAMES = ("Абрамова", "Белоусова", "Воронцова", "Гаврилова", "Дьячкова", "Ёлкина", "Кузнецова",
            "Овчинникова", "Семёнова", "Шаповалова")  # fmt: skip
NAMES = ("Анна", "Мария", "Елизавета", "Ксения", "Полина", "Дарья", "Софья")
PATRONYMICS = ("Ильинична", "Петровна", "Сергеевна", "Олеговна", "Александровна")
PROGRAMMES = (
    "34.02.01 Сестринское дело", "09.02.07 Информационные системы и программирование",
    "38.02.01 Экономика и бухгалтерский учёт", "15.02.16 Технология машиностроения",
)  # fmt: skip
STATES = ("Принято", "На проверке", "Запрошены документы", "Черновик", "Отозвано")
TONES = {
    "Принято": "ok", "На проверке": "accent", "Запрошены документы": "warn",
    "Черновик": "muted", "Отозвано": "bad", "Нужны оригиналы": "warn",
}  # fmt: skip

COLUMNS = (
    Column("name", "ФИО", 236),
    Column("number", "Номер", 82),
    Column("state", "Состояние", 168, pill=True),
    Column("programme", "Специальность", 220),
    Column("average", "Средний балл", 108, right=True),
    Column("birth", "Дата рождения", 118),
    Column("phone", "Телефон", 140),
    Column("snils", "СНИЛС", 128),
    Column("funding", "Основа", 132),
    Column("source", "Как подано", 118),
    Column("original", "Оригинал", 96),
    Column("hostel", "Общежитие", 104),
)


class SampleRows:
    """Invented rows, the same at every run; counts how often pages were asked for."""

    columns: Sequence[Column] = COLUMNS

    def __init__(self, count: int = 1248) -> None:
        self.keys = list(range(count))
        self.asked: list[tuple[int, int]] = []

    def count(self) -> int:
        return len(self.keys)

    def rows(self, start: int, stop: int) -> list[tuple[str, ...]]:
        self.asked.append((start, stop))
        return [self.row(key) for key in self.keys[start:stop]]

    def row(self, key: int) -> tuple[str, ...]:
        name = f"{SURNAMES[key % 10]} {NAMES[key % 7]} {PATRONYMICS[key % 5]}"
        return (
            name, f"{key + 1:04d}", STATES[(key * 7 + key // 3) % 5], PROGRAMMES[key % 4],
            f"{3 + key * 37 % 200 / 100:.2f}".replace(".", ","), f"{key % 28 + 1:02d}.04.2010",
            f"+7 923 481-{key % 90 + 10}-17", f"148-562-{key % 900 + 100} 94",
            ("Областной бюджет", "Договор")[key % 2], ("Лично", "Госуслуги", "Почта")[key % 3],
            ("да", "нет")[key % 2], ("да", "нет")[key // 2 % 2],
        )  # fmt: skip

    def key_at(self, row: int) -> Hashable:
        return self.keys[row]

    def row_of(self, key: Hashable) -> int | None:
        return self.keys.index(key) if key in self.keys else None

    def tone(self, column: str, text: str) -> str:
        return TONES[text]


def sample_list() -> QWidget:
    page = QWidget()
    table = PagedTable(SampleRows(), "Заявления")
    top = QHBoxLayout()
    top.setSpacing(8)
    top.addWidget(ElidedLabel("Заявления 2027", role="title"), 1)
    for text, name in (("Экспорт", "download"), ("Печать", "printer")):
        top.addWidget(button(text, name))
    top.addWidget(button("Новое заявление", "plus", primary=True))
    body = QVBoxLayout(page)
    body.setContentsMargins(16, 12, 16, 14)
    body.setSpacing(10)
    body.addLayout(top)
    body.addWidget(table, 1)
    table.show_sort((("average", True), ("name", False)))
    table.select_keys([4, 6], 4)
    page.table = table  # type: ignore[attr-defined]  # for the tests
    return page


def _find(text: str, limit: int) -> list[tuple[int, str, str]]:
    schools = (
        (1, "Школа № 5, г. Кемерово", "пр-кт Ленина, 59"),
        (2, "Школа № 15, г. Новокузнецк", "ул. Кирова, 12"),
        (3, "Лицей № 22, г. Белово", "ул. Советская, 3"),
    )
    return [school for school in schools if text.casefold() in school[1].casefold()][:limit]


def _school(value: int) -> str:
    return next(label for key, label, _ in _find("", 9) if key == value)


def person_section() -> Section:
    section = Section("1. Поступающий")
    surname, name = FormatEdit(formats.NAME), FormatEdit(formats.NAME)
    surname.set_value("Кузнецова")
    name.set_value("Анна")
    section.add("Фамилия", surname, required=True)
    section.add("Имя", name, required=True)
    section.add("Отчество", FormatEdit(formats.NAME))
    birth, snils, phone = (
        FormatEdit(formats.DAY), FormatEdit(formats.SNILS), FormatEdit(formats.PHONE)
    )  # fmt: skip
    birth.set_value(dt.date(2010, 4, 11))
    section.add("Дата рождения", birth, required=True)
    section.add("СНИЛС", snils)
    section.add("Телефон", phone, required=True)
    snils.line.setText("148-562-903 16")
    snils.settle()
    phone.line.setText("8 923 481 20 17")
    phone._edited(phone.line.text())
    country = ChoiceEdit([("643", "Российская Федерация"), ("398", "Казахстан")])
    country.set_value("643")
    section.add("Гражданство", country, pinnable=True)
    country.set_pinned(True)
    return section


def sample_form() -> QWidget:
    papers = Section("2. Документ и адрес")
    papers.add(
        "Паспорт", FormatEdit(formats.PASSPORT_SERIES, "Паспорт: серия", advance_at=4),
        FormatEdit(formats.PASSPORT_NUMBER, "Паспорт: номер", advance_at=6),
        FormatEdit(formats.DAY, "Паспорт: выдан"), required=True,
    )  # fmt: skip
    papers.add("Код подразделения", FormatEdit(formats.DEPARTMENT_CODE))
    papers.add("Адрес регистрации по месту жительства", TextEdit(lines=2))
    school = Section("3. Образование")
    where = LookupEdit(_find, _school)
    where.set_value(2)
    school.add("Окончил(а)", where)
    school.add("Год окончания", FormatEdit(formats.YEAR), pinnable=True)
    school.add("Средний балл", FormatEdit(AVERAGE), required=True)
    agreed = Section("4. Согласия и пожелания")
    agreed.add("Согласия", FlagEdit(text="Согласие на обработку персональных данных подписано"))
    agreed.add("Общежитие", FlagEdit(text="Нужно место"))
    agreed.add("Примечание", TextEdit())
    page = QWidget()
    body = QVBoxLayout(page)
    body.setContentsMargins(0, 0, 0, 0)
    body.setSpacing(0)
    top = QHBoxLayout()
    top.setContentsMargins(16, 12, 16, 0)
    top.addWidget(ElidedLabel("Кузнецова Анна Ильинична", role="title"), 1)
    top.addWidget(plain("Черновик сохранён в 14:22", role="muted"))
    top.setSpacing(12)
    top.addWidget(button("Записать", "save", primary=True))
    body.addLayout(top)
    body.addWidget(FormArea([person_section(), papers, school, agreed]), 1)
    return page


SECTIONS = (
    ("Приёмная комиссия", (("applications", "Заявления", "inbox"), ("rating", "Рейтинг", "list-ordered"),
                           ("enrolment", "Зачисление", "user-check"))),
    ("Деканат", (("students", "Контингент", "users"), ("groups", "Учебные группы", "layers"),
                 ("sheets", "Ведомости", "clipboard-list"), ("orders", "Приказы", "file-pen"))),
    ("Учебная часть", (("plans", "Учебные планы", "book-open"), ("load", "Нагрузка", "gauge"),
                       ("timetable", "Расписание", "calendar-days"))),
    ("Справочники", (("reference", "Классификаторы", "library"), ("people", "Физические лица", "id-card"))),
)  # fmt: skip


def sample_frame(*, offline: bool = True) -> MainFrame:
    frame = MainFrame(college="Кемеровский профессионально-технический техникум")
    frame.add_section("desk", "Рабочий стол", "layout-dashboard")
    for group, members in SECTIONS:
        for key, title, name in members:
            frame.add_section(key, title, name, group)
    frame.open_tab("desk", "Рабочий стол", QWidget(), "layout-dashboard", closable=False)
    frame.open_tab("card", "Кузнецова А. И.", sample_form(), "user", section="applications")
    frame.set_dirty("card", dirty=True)
    frame.open_tab("applications", "Заявления", sample_list(), "inbox")
    since = dt.datetime(2027, 6, 21, 14, 2, tzinfo=dt.UTC)
    state = LinkState(Link.OFFLINE, since, 3) if offline else LinkState(Link.ONLINE, since)
    frame.set_link(state)
    frame.set_user("Петрова А. С., секретарь приёмной комиссии")
    frame.set_status("Отобрано 1 248 заявлений")
    return frame


def sample_sign_in() -> SignIn:
    window = SignIn("https://epo.kuz-edu.ru", "petrova")
    window.set_error("password", "Неверный логин или пароль. Проверьте раскладку и Caps Lock")
    window.offer_offline("Сервер не отвечает. Можно работать с записями этого компьютера")
    return window
