"""Specimens for the page of visual rules: one picture of each look, made of the very widgets that the screens are made of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from client.kit.banner import Banner
from client.kit.buttons import button
from client.kit.chart_view import ChartCard
from client.kit.fields import FormatEdit
from client.kit.forms import FieldRow
from client.kit.rows import Column, FixedRows, TextLine
from client.kit.table import PagedTable
from client.kit.theme import apply_theme, named, restyle, theme
from client.kit.words import plain
from common.kit import formats
from common.kit.charts import Picture, Series, bars

Settle = Callable[..., None]
TYPES = (
    ("title", "Заголовок экрана — 20, полужирный"),
    ("heading", "Заголовок карточки — 15, полужирный"),
    ("", "Обычный текст и поля — 13"),
    ("muted", "Пояснение — 13, приглушённый"),
    ("small", "Мелкое пояснение — 12"),
    ("group", "ПОДПИСЬ РАЗДЕЛА — 11, ПОЛУЖИРНЫЙ"),
)
TONES = (
    ("ok", "Сделано: «Поступающие» сохранены"),
    ("accent", "Новое: пришла запись с другого стола"),
    ("warn", "Проверьте: похоже на двойника, № 01-0412"),
    ("bad", "Не получилось: нет связи. Работа сохранена здесь"),
)
STATES = (("", "Обычное"), ("pinned", "Закреплено"), ("warn", "Проверьте"), ("error", "Ошибка"))


class People(FixedRows[TextLine]):
    columns = (Column("name", "ФИО", 220), Column("state", "Состояние", 150, pill=True))


def card(title: str) -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame()
    frame.setProperty("role", "card")
    body = QVBoxLayout(frame)
    body.setContentsMargins(18, 14, 18, 16)
    body.setSpacing(8)
    body.addWidget(plain(title, role="heading"))
    return frame, body


def words() -> QFrame:
    frame, body = card("Слова")
    for role, text in TYPES:
        body.addWidget(plain(text, role=role))
    body.addStretch()
    return frame


def tones() -> QFrame:
    frame, body = card("Тон сообщения")
    for tone, text in TONES:
        banner = Banner(tone)
        banner.say(text)
        body.addWidget(banner)
    line = QHBoxLayout()
    for tone, text in (
        ("ok", "Принято"),
        ("accent", "Идёт"),
        ("warn", "Ждёт"),
        ("bad", "Отклонено"),
    ):
        pill = plain(f"● {text}", role="pill")
        restyle(pill, "tone", tone)
        line.addWidget(pill)
    line.addStretch()
    body.addLayout(line)
    body.addStretch()
    return frame


def fields() -> QFrame:
    frame, body = card("Поле и его состояния")
    for state, label in STATES:
        editor = FormatEdit(formats.DAY, label)
        body.addWidget(FieldRow(label, editor, required=state == "error"))
        if state in {"warn", "error"}:
            said = "раньше начала приёма" if state == "warn" else "такого дня нет"
            editor.set_message(said, state)
        if state == "pinned":
            restyle(editor.line, "state", state)
    body.addStretch()
    return frame


def buttons() -> QFrame:
    frame, body = card("Действия")
    line = QHBoxLayout()
    line.addWidget(button("Записать", "check", primary=True))
    line.addWidget(button("Печать", "printer"))
    off = button("Отменить", "circle-x")
    off.setEnabled(False)
    line.addWidget(off)
    line.addWidget(button("Показать всё", quiet=True))
    line.addStretch()
    body.addLayout(line)
    body.addWidget(plain("Главное действие одно и стоит последним справа", role="muted"))
    body.addStretch()
    return frame


def table(*, empty: bool) -> PagedTable:
    lines = [
        TextLine("1", ("Абрамов Илья", "Принято")),
        TextLine("2", ("Белова Анна", "Отклонено")),
    ]
    known = {"Принято": "ok", "Отклонено": "bad"}
    said = "Никого не нашлось: отбор «яя» ничего не оставил. Esc уберёт его"
    made = PagedTable(People([] if empty else lines, known), "Поступающие", empty=said)
    made.setFixedHeight(theme().px(170))
    return made


def chart() -> ChartCard:
    names = ("09.02.07 Информационные системы", "15.01.05 Сварщик")
    filed, places = Series("Подано", (75.0, 47.0)), Series("Мест", (50.0, 25.0))
    rows = ((names[0], "50", "75"), (names[1], "25", "47"))
    draw = partial(bars, names, (filed, places))
    picture = Picture(
        "График и его таблица", "Цвет, узор и число", draw, 110, ("Группа", "Мест", "Подано"), rows
    )
    return ChartCard(picture)


def specimens() -> QWidget:
    whole = named(QWidget(), "root")
    grid = QGridLayout(whole)
    grid.setContentsMargins(16, 16, 16, 16)
    grid.setSpacing(12)
    for place, made in enumerate((words(), tones(), fields(), buttons())):
        grid.addWidget(made, place // 2, place % 2)
    grid.addWidget(table(empty=False), 2, 0)
    grid.addWidget(table(empty=True), 2, 1)
    grid.addWidget(chart(), 3, 0, 1, 2)
    return whole


def look(app: QApplication, place: Path, settle: Settle) -> None:
    """`look_light.png` and `look_dark.png`."""
    for name in ("light", "dark"):
        apply_theme(app, dark=name == "dark")
        made = specimens()
        made.resize(1040, 900)
        made.show()
        made.setFocus()
        settle(app)
        made.grab().save(str(place / f"look_{name}.png"))
        made.deleteLater()
