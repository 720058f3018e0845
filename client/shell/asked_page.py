"""«Просьбы и номера»: what only an administrator repeats after a restore, and the numbers that desks hold; read at the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from client.kit.buttons import button
from client.kit.rows import Column, FixedRows, TextLine, answering
from client.kit.tick import Tick
from client.shell.asking import AskWord
from client.shell.online import OnlinePage
from client.shell.record_words import COMMANDS, moment
from client.store.store import Store
from common.kit.deciding import (
    ALLOWED,
    REFUSED,
    WAITS,
    Asked,
    AskedLine,
    Decided,
    Lease,
    Leases,
    SeriesClosed,
)
from common.kit.entity import spec_of
from common.kit.gaps import gaps, ranges
from common.kit.words import counted

ASKED_TONES = {WAITS: "warn", ALLOWED: "ok", REFUSED: "muted"}
OPEN, CLOSED = "Действует", "Погашена"
LEASE_TONES = {OPEN: "ok", CLOSED: "muted"}

NOTHING_ASKED = "После восстановления из копии ничего не ждёт вашего решения"


def command_words(name: str) -> str:
    return COMMANDS.get(name, "Действие на сервере")


def given_words(given: Mapping[str, Any]) -> str:
    """A number that was given, before anything else; ids mean nothing to people."""
    told = {"number": "№ {}", "series": "серия {}", "first": "с {}", "last": "по {}"}
    return ", ".join(told[name].format(given[name]) for name in told if name in given)


def book_words(book: str) -> str:
    """«Поступающие, 2026»."""
    entity, _, year = book.partition(":")
    try:
        title = spec_of(entity).title
    except KeyError:
        return book  # of a newer server
    return f"{title}, {year}" if year else title


class AskedRows(FixedRows[TextLine]):
    columns: Sequence[Column] = (
        Column("at", "Когда сделано", 140, sortable=False),
        Column("author", "Кто", 220, sortable=False),
        Column("command", "Что повторить", 230, sortable=False),
        Column("given", "Было выдано", 210, sortable=False),
        Column("state", "Решение", 170, pill=True, sortable=False),
        Column("word", "Почему", 220, sortable=False),
    )


def asked_line(line: AskedLine) -> TextLine:
    given = given_words(line.given)
    texts = (
        moment(line.made_at), line.author, command_words(line.command), given, line.state, line.word,
    )  # fmt: skip
    return TextLine(line.id, texts)


class AskedPage(OnlinePage):
    """What the restored history had lost: allowed, or refused with a word that its author reads."""

    def __init__(self, store: Store, server: str) -> None:
        rows = AskedRows([], ASKED_TONES)
        super().__init__(store, server, rows, "Просьбы", empty=NOTHING_ASKED)
        self.found: list[AskedLine] = []
        self.every = Tick("И те, о которых уже решено")
        self.every.toggled.connect(self.reload)
        self.filters.addWidget(self.every, 1)
        self.top.insertWidget(1, button("Не повторять…  Del", "ban", run=self.refuse))
        self.top.insertWidget(1, button("Разрешить повторить", "check", run=self.allow))
        self.table.delete_asked.connect(lambda _keys: self.refuse())
        self.table.filter_asked.connect(lambda _text: self._show())
        self.table.show_loading()
        self.reload()

    def reload(self) -> None:
        every = self.every.isChecked()
        self.ask("asked", lambda link: link.asked_list(every=every), self._take)

    def chosen(self) -> AskedLine | None:
        """The current line that waits; it is said where there is none."""
        key = self.table.current_key()
        line = next((each for each in self.found if each.id == key), None)
        if line is None:
            self.said.setText("Выберите действие, о котором решаете")
        elif line.state != WAITS:
            self.said.setText(f"Об этом уже решено: {line.state}")
            return None
        return line

    def allow(self) -> None:
        if line := self.chosen():
            self.ask("decide", lambda link: link.decide_asked(line.id, allow=True), self._decided)

    def refuse(self) -> None:
        if line := self.chosen():
            AskWord(
                "Не повторять",
                f"{command_words(line.command)}, {line.author}. Автор увидит ваши слова",
                "Не повторять",
                "Почему",
                "Напишите, почему не повторять: автор увидит эти слова",
                lambda word: self.ask(
                    "decide",
                    lambda link: link.decide_asked(line.id, allow=False, word=word),
                    self._decided,
                ),
                self,
            ).open()

    def _decided(self, _answer: Decided) -> None:
        self.reload()

    def _take(self, answer: Asked) -> None:
        self.found = answer.rows
        self._show()

    def _show(self) -> None:
        lines = answering([asked_line(each) for each in self.found], self.table.quick.text())
        self.table.refresh(AskedRows(lines, ASKED_TONES), total=len(self.found))
        waits = sum(each.state == WAITS for each in self.found)
        self.said.setText(
            f"Ждут решения: {counted(waits, 'действие', 'действия', 'действий')}. "
            "Рабочее место автора отправит разрешённое само"
            if waits
            else NOTHING_ASKED
        )


class LeaseRows(FixedRows[TextLine]):
    columns: Sequence[Column] = (
        Column("series", "Серия", 70, sortable=False),
        Column("book", "Что нумеруют", 180, sortable=False),
        Column("computer", "Рабочее место", 170, sortable=False),
        Column("who", "Чьё", 220, sortable=False),
        Column("state", "Серия сейчас", 120, pill=True, sortable=False),
        Column("used", "Занято", 80, right=True, sortable=False),
        Column("gaps", "Пропуски", 150, sortable=False),
        Column("rest", "Ещё не начаты", 130, sortable=False),
        Column("cancelled", "Погашено", 90, right=True, sortable=False),
        Column("seen", "На связи", 140, sortable=False),
    )


def lease_key(lease: Lease) -> str:
    return f"{lease.series}|{lease.book}"


def lease_line(lease: Lease) -> TextLine:
    missing, rest = gaps(lease.free, lease.top)
    state = CLOSED if lease.closed_on else OPEN
    texts = (
        lease.series,
        book_words(lease.book),
        lease.computer,
        lease.who,
        state,
        str(lease.used),
        ranges(missing),
        ranges(rest),
        str(lease.cancelled),
        moment(lease.last_contact) or "никогда",
    )
    return TextLine(lease_key(lease), texts)


class NumbersPage(OnlinePage):
    """Who holds which block, what of it is used, and where a number is missing; Del closes a series."""

    def __init__(self, store: Store, server: str) -> None:
        rows = LeaseRows([], LEASE_TONES)
        super().__init__(store, server, rows, "Номера", empty="Номеров ещё не выдавали")
        self.found: list[Lease] = []
        self.top.insertWidget(1, button("Погасить серию…  Del", "ban", run=self.cancel))
        self.table.delete_asked.connect(lambda _keys: self.cancel())
        self.table.filter_asked.connect(lambda _text: self._show())
        self.table.show_loading()
        self.reload()

    def reload(self) -> None:
        self.ask("leases", lambda link: link.leases(), self._take)

    def cancel(self) -> None:
        key = self.table.current_key()
        lease = next((each for each in self.found if lease_key(each) == key), None)
        if lease is None:
            self.said.setText("Выберите серию, номера которой погасить")
        elif lease.closed_on:
            self.said.setText(f"Серия {lease.series} погашена {lease.closed_on:%d.%m.%Y}")
        else:
            series = lease.series
            AskWord(
                f"Погасить серию {series}",
                f"{lease.computer}, {lease.who}. Все свободные номера этого рабочего места станут погашенными "
                "строками журнала, новых оно не получит. Так закрывают компьютер, которого больше нет",
                "Погасить",
                "Почему",
                "Напишите, почему гасите номера: это останется в журнале",
                lambda word: self.ask(
                    "close", lambda link: link.close_series(series, word), self._closed
                ),
                self,
            ).open()

    def _closed(self, answer: SeriesClosed) -> None:
        lines = counted(answer.cancelled, "номер", "номера", "номеров")
        self.ask(
            "leases",
            lambda link: link.leases(),
            lambda told: self._take(told, f"Погашено: {lines}"),
        )

    def _take(self, answer: Leases, said: str = "") -> None:
        self.found = answer.rows
        self._show(said)

    def _show(self, said: str = "") -> None:
        lines = answering([lease_line(each) for each in self.found], self.table.quick.text())
        self.table.refresh(LeaseRows(lines, LEASE_TONES), total=len(self.found))
        holes = sum(len(gaps(each.free, each.top)[0]) for each in self.found if not each.closed_on)
        self.said.setText(
            said
            or f"{counted(len(lines), 'блок', 'блока', 'блоков')} номеров, пропущено номеров: {holes}. "
            "Пропуск — номер, который рабочее место прошло и ещё не прислало"
        )


class RequestsPage(QStackedWidget):
    """Both, one at a time: what waits for a decision comes first."""

    def __init__(self, store: Store, server: str) -> None:
        super().__init__()
        self.asked, self.numbers = AskedPage(store, server), NumbersPage(store, server)
        for page, other, words, icon in (
            (self.asked, self.numbers, "К номерам", "list-ordered"),
            (self.numbers, self.asked, "К просьбам", "list-checks"),
        ):
            self.addWidget(page)
            page.top.insertWidget(1, button(words, icon, run=partial(self.turn, other)))
        self.setFocusProxy(self.asked)

    def turn(self, page: QWidget) -> None:
        self.setFocusProxy(page)
        self.setCurrentWidget(page)
        page.setFocus()

    def reload(self) -> None:
        self.asked.reload()
        self.numbers.reload()
