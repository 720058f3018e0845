"""Keys that belong to a list, a form or a field: the registry tells of them; and the page of the manual that it makes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from client.kit.actions import Action, Actions, shown
from client.kit.list_screen import ListScreen
from client.kit.record_page import RecordPage

LISTS, FORMS, FIELDS, CARDS = "Списки", "Формы", "Поля и строки", "Карточка учётной записи"

_KEYS = (
    (LISTS, "Ins", "Добавить запись"),
    (LISTS, "Del", "Выбранные записи в корзину"),
    (LISTS, "Ctrl+F", "Быстрый отбор: слова и условия; Esc очищает его"),
    (LISTS, "Alt+F", "Отобрать записи как в этой ячейке"),
    (LISTS, "Alt+Shift+F", "Добавить условие"),
    (LISTS, "Alt+S", "Порядок по этому столбцу"),
    (LISTS, "Alt+Shift+S", "И по этому столбцу, следом за прежним"),
    (LISTS, "Shift+Esc", "Снять условие, из-за которого список пуст"),
    (LISTS, "Alt+E", "Изменить поле у выбранных записей"),
    (LISTS, "Alt+G", "Собрать группы по этому столбцу или разобрать их"),
    (LISTS, "Alt+V", "Вид списка: выбрать, сохранить, сбросить"),
    (LISTS, "Ctrl+C", "Скопировать выбранные строки"),
    (LISTS, "Ctrl+Shift+C", "Скопировать с названиями столбцов"),
    (LISTS, "Ctrl+V", "Вставить строки из Excel"),
    (LISTS, "Ctrl+E", "Сохранить таблицу"),
    (LISTS, "Ctrl+Shift+E", "Загрузить таблицу"),
    (LISTS, "Enter", "Открыть запись; в поле — следующее поле"),
    (FORMS, "Ctrl+S", "Записать"),
    (FORMS, "Ctrl+Return", "Записать и следующее; в карточке — записать и закрыть"),
    (FORMS, "Ctrl+P", "Печать"),
    (FIELDS, "F2", "Части адреса; в расхождениях и карточках — исправить"),
    (FIELDS, "F3", "Создать то, чего в списке нет; к сканам строки; в списке — карточка справа"),
    (FIELDS, "F4", "Список значений поля"),
    (FIELDS, "Ctrl+Del", "Убрать строку"),
    (FIELDS, "Alt+Up", "Строку выше"),
    (FIELDS, "Alt+Down", "Строку ниже"),
    (FIELDS, "Ctrl+O", "Прикрепить скан к документу"),
    (CARDS, "Ctrl+I", "Почему видно или не видно"),
    (CARDS, "Ctrl+G", "Доступ: прекратить или возобновить"),
)
TOLD = tuple(Action(f"told {keys}", text, keys, None, group) for group, keys, text in _KEYS)

SILENT = {"Enter", "Del", "Ctrl+C"}
"""Each of them is pressed for many things: where it does nothing there is nothing to say."""

PLACES = {
    LISTS: (ListScreen, "откройте список", "этот список так не умеет, или на это нет права"),
    FORMS: (RecordPage, "откройте карточку", "эта карточка так не умеет"),
    FIELDS: (
        RecordPage,
        "откройте карточку и встаньте в поле",
        "встаньте в поле, для которого это",
    ),
    CARDS: (RecordPage, "откройте карточку учётной записи", "откройте карточку учётной записи"),
}
"""Where the keys of a group act, what to do elsewhere, and what is said there all the same."""


def why_not(action: Action, page: QWidget | None) -> str:
    """Why these keys have done nothing on that page, and the way out; empty where nothing is to be said."""
    if action.shortcut in SILENT:
        return ""
    kind, elsewhere, here = PLACES[action.group]
    way = here if isinstance(page, kind) else elsewhere
    return f"{shown(action.shortcut)} («{action.text.partition(';')[0]}»): {way}"


HEAD = """# Клавиши

Этот список сделан из программы; он же открывается в ней по Ctrl+F1. Клавиши действуют и в русской, и в латинской раскладке.
Всё, у чего клавиши нет, находится по Ctrl+K: наберите слово из названия.
"""


def manual_page(actions: Actions) -> str:
    """The page of the manual: every key of the window, by groups."""
    parts = [HEAD]
    for group, members in actions.by_group().items():
        rows = [f"| {shown(action.shortcut)} | {action.text} |" for action in members]
        parts.append("\n".join([f"## {group}", "| клавиши | что делают |", "|---|---|", *rows]))
    return "\n\n".join(part.strip() for part in parts) + "\n"
