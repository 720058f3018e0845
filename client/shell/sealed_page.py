"""«Запечатанное»: the work of people whose access has ended. What opens it is a key that lies with the operator of the server."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from client.kit.asking import Asking
from client.kit.buttons import button
from client.kit.rows import Column, FixedRows, TextLine, answering
from client.kit.theme import theme
from client.shell.asking import AskWord
from client.shell.online import OnlinePage
from client.store.store import Store
from common.kit.deciding import Kept, Sealed
from common.kit.words import counted, spaced

KEY = "КЛЮЧ"
WHO = "epo-server sealed"
OPERATOR = (
    "Запечатанное открывает только ключ организации. На рабочих местах его нет: файл хранит оператор сервера. "
    "Передайте ему эту команду; вместо слова КЛЮЧ он поставит путь к файлу ключа."
)
TAKES = "Записи разберут по правам, которые были у автора, и от вашего имени. Что принять нельзя, останется запечатанным, и команда скажет почему."
CLOSES = "Запись не примут никогда, даже если копия того рабочего места её принесёт. Ваша причина останется в журнале."


class KeptRows(FixedRows[TextLine]):
    columns: Sequence[Column] = (
        Column("author", "Чья работа", 240, sortable=False),
        Column("computer", "Рабочее место", 180, sortable=False),
        Column("at", "Запечатано", 140, sortable=False),
        Column("status", "До этого", 190, pill=True, sortable=False),
        Column("size", "Размер, байт", 110, right=True, sortable=False),
        Column("login", "Логин", 120, sortable=False),
        Column("number", "Номер", 290, sortable=False),
    )


NEW = "Не отправлялось"


def kept_line(kept: Kept) -> TextLine:
    texts = (
        kept.author, kept.computer, kept.sealed_at, kept.status or NEW,
        spaced(kept.size), kept.login, str(kept.uuid),
    )  # fmt: skip
    return TextLine(str(kept.uuid), texts)


def release_command(login: str, uuids: Sequence[str]) -> str:
    return (
        shlex.join([*WHO.split(), "release", "--login", login, "--key"])
        + f" {KEY}"
        + "".join(f" {uuid}" for uuid in uuids)
    )


def close_command(login: str, uuid: str, reason: str) -> str:
    said = shlex.join([*WHO.split(), "close", uuid, "--login", login, "--reason", reason])
    return f"{said} --key {KEY}"


class CommandToCopy(Asking):
    """`copied` once it is in the clipboard."""

    def __init__(self, title: str, said: str, command: str, parent: QWidget) -> None:
        super().__init__(title, f"{OPERATOR} {said}", "Скопировать команду", parent)
        self.command = QPlainTextEdit(command)
        self.command.setReadOnly(True)
        self.command.setAccessibleName("Команда для оператора сервера")
        self.command.setFixedHeight(theme().px(84))
        self.fields.addWidget(self.command)
        self.yes.setFocus()

    def agree(self) -> None:
        QGuiApplication.clipboard().setText(self.command.toPlainText())
        self.accept()


class SealedPage(OnlinePage):
    """Who, from which computer, when, and how much; what is in it nobody sees here."""

    def __init__(self, store: Store, server: str) -> None:
        super().__init__(
            store, server, KeptRows([], {}), "Запечатанное", empty="Запечатанных записей нет"
        )
        self.found: list[Kept] = []
        self.total = 0
        self.login = str(store.journal.fact("login", ""))
        self.top.insertWidget(1, button("Закрыть…  Del", "ban", run=self.give_up))
        self.top.insertWidget(1, button("Принять…", "lock-open", run=self.release))
        self.table.delete_asked.connect(lambda _keys: self.give_up())
        self.table.filter_asked.connect(lambda _text: self._show())
        self.table.show_loading()
        self.reload()

    def reload(self) -> None:
        self.ask("sealed", lambda link: link.sealed(), self._take)

    def release(self) -> None:
        """The chosen ones, or all where none is chosen."""
        if not self.found:
            self.said.setText("Принимать нечего")
            return
        uuids = [str(key) for key in self.table.selected_keys()]
        command = release_command(self.login, uuids)
        CommandToCopy("Принять запечатанное", TAKES, command, self).open()

    def give_up(self) -> None:
        key = self.table.current_key()
        if key is None:
            self.said.setText("Выберите запись, которую закрыть, не принимая")
            return
        AskWord(
            "Закрыть, не принимая",
            CLOSES,
            "Дальше",
            "Почему",
            "Напишите, почему запись закрывают: это останется в журнале",
            lambda word: CommandToCopy(
                "Закрыть, не принимая", CLOSES, close_command(self.login, str(key), word), self
            ).open(),
            self,
        ).open()

    def _take(self, answer: Sealed) -> None:
        self.found, self.total = answer.rows, answer.total
        self._show()

    def _show(self) -> None:
        lines = answering([kept_line(each) for each in self.found], self.table.quick.text())
        self.table.refresh(KeptRows(lines, {NEW: "warn"}), total=len(self.found))
        self.said.setText(_summary(self.found, self.total))


def _summary(found: Sequence[Kept], total: int) -> str:
    if not found:
        return "Сюда попадает неотправленная работа людей, чей доступ прекращён"
    people = Counter(each.author for each in found).most_common()
    said = "; ".join(f"{name} — {number}" for name, number in people)
    rest = f" Показаны первые {len(found)}." if total > len(found) else ""
    return f"{counted(total, 'запись', 'записи', 'записей')}: {said}.{rest} Что внутри, не видно и здесь"
