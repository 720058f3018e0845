"""What waits to be sent and what needs a person, by whole things: every line stays until it is settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.kit.background import Background
from client.kit.buttons import button
from client.kit.rows import Column, FixedRows, answering
from client.kit.table import PagedTable
from client.kit.words import ElidedLabel, plain
from client.shell.record_words import RecordWords
from client.shell.states import state_words, tone_of
from client.store.counts import Counts
from client.store.entry import Entry
from client.store.roots import Bundle, state_of
from client.store.store import Store
from common.kit.sync import Delete, Restore
from common.kit.words import counted, plural, spaced

CHANGES = ("изменение", "изменения", "изменений")
MOST = 200
"""More whole things than these are told of by their number."""

DONE: dict[type, str] = {Delete: "В корзину: ", Restore: "Из корзины: "}
"""What was done to the record, where it was not saved."""


class Part(NamedTuple):
    """One operation in words."""

    title: str
    state: str
    tone: str
    said: str


class Whole(NamedTuple):
    """A whole thing with its operations."""

    title: str
    state: str
    tone: str
    parts: tuple[Part, ...]


class Waiting(NamedTuple):
    counts: Counts
    number: int
    """Of whole things."""
    shown: tuple[Whole, ...]


def waiting(store: Store) -> Waiting:
    """Everything in words; for a thread of its own."""
    bundles = store.bundles()
    names = RecordWords(store)
    shown = tuple(_whole(names, bundle) for bundle in bundles[:MOST])
    return Waiting(store.counts(), len(bundles), shown)


def _whole(names: RecordWords, bundle: Bundle) -> Whole:
    parts = tuple(_part(names, entry) for entry in bundle.entries)
    worst = next(n for n, e in enumerate(bundle.entries) if state_of(e) == bundle.state)
    title = parts[0].title if len(parts) == 1 else names.named(*bundle.place) or parts[0].title
    return Whole(title, parts[worst].state, parts[worst].tone, parts)


def _part(names: RecordWords, entry: Entry) -> Part:
    title = f"{DONE.get(type(entry.op.body), '')}{names.title(entry)}"
    said = "\n".join(filter(None, (entry.said, *entry.fields.values())))
    return Part(title, state_words(entry), tone_of(entry), said)


class Line(NamedTuple):
    """A line of the table: a whole thing, or one of its parts."""

    key: tuple[int, int]
    """Place of the whole thing, and of the part in it; -1 for the whole itself."""
    texts: tuple[str, ...]
    tone: str
    said: str


class Lines(FixedRows[Line]):
    """The rows of the list: a part beneath the whole thing that it belongs to."""

    columns: Sequence[Column] = (
        Column("record", "Запись", 330, sortable=False),
        Column("state", "Состояние", 210, pill=True, sortable=False),
        Column("said", "Что ответил сервер", 280, sortable=False),
    )

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__(lines, {line.texts[1]: line.tone for line in lines})


def lines_of(wholes: Sequence[Whole], unfolded: set[str]) -> Iterator[Line]:
    for place, whole in enumerate(wholes):
        single = len(whole.parts) == 1
        sign = "" if single else "▾ " if whole.title in unfolded else "▸ "
        more = "" if single else f" — {counted(len(whole.parts), *CHANGES)}"
        said = whole.parts[0].said if single else ""
        texts = (f"{sign}{whole.title}{more}", whole.state, said.replace("\n", " · "))
        yield Line((place, -1), texts, whole.tone, said)
        if not single and whole.title in unfolded:
            for n, part in enumerate(whole.parts):
                told = (f"    {part.title}", part.state, part.said.replace("\n", " · "))
                yield Line((place, n), told, part.tone, part.said)


class OutboxScreen(QWidget):
    """«Ждут отправки»: Enter unfolds a whole thing; `differences_asked` when a person wants to decide."""

    differences_asked = Signal()

    def __init__(self, store: Store, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store, self.background = store, background
        self.found: Waiting | None = None
        self.unfolded: set[str] = set()
        """Titles of what is open, so that a reload leaves it so."""
        self.summary = plain("Смотрю, что ждёт…", role="muted")
        self.summary.setWordWrap(True)
        self.decide = button("Решить: открыть «Расхождения»  F8", "git-merge", primary=True)
        self.decide.clicked.connect(self.differences_asked)
        self.decide.hide()
        self.table = PagedTable(Lines(()), "Ждут отправки", empty="Всё отправлено")
        self.table.opened.connect(self._turn)
        self.table.filter_asked.connect(lambda _text: self._show_lines())
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(10)
        body.addWidget(ElidedLabel("Ждут отправки", role="title"))
        body.addWidget(self.summary)
        body.addWidget(self.decide, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self.table, 1)
        self.setFocusProxy(self.table.view)
        self.table.show_loading()
        self.reload()

    def reload(self) -> None:
        """Ask off the GUI thread: the store may be busy with a pull."""
        self.background.ask("outbox", lambda: waiting(self.store), self._show, owner=self)

    def _show(self, found: Waiting) -> None:
        first, self.found = self.found is None, found
        self.summary.setText(_summary(found))
        self.decide.setVisible(found.counts.troubled > 0)
        self._show_lines()
        if first and found.shown:
            self.table.select_keys([(0, -1)], (0, -1))
            if self.isVisible():
                self.table.view.setFocus()

    def _show_lines(self) -> None:
        """Under a filter everything is unfolded: what is looked for may be a part."""
        wholes = self.found.shown if self.found else ()
        quick = self.table.quick.text()
        unfolded = {whole.title for whole in wholes} if quick.strip() else self.unfolded
        every = list(lines_of(wholes, unfolded))
        shown = answering(every, quick)
        self.table.refresh(Lines(shown), total=len(every))

    def _turn(self, key: object) -> None:
        """A whole thing is folded or unfolded; what needs a person leads to where he decides."""
        if self.found is None or not isinstance(key, tuple):
            return
        whole = self.found.shown[key[0]]
        if key[1] == -1 and len(whole.parts) > 1:
            self.unfolded ^= {whole.title}
            self._show_lines()
        elif self.decide.isVisibleTo(self) and whole.parts[max(key[1], 0)].tone in ("bad", "warn"):
            self.differences_asked.emit()


def _summary(found: Waiting) -> str:
    """What waits, what needs a person, what is with an administrator, and how much of it is on screen."""
    counts = found.counts
    if not found.number + counts.files:
        return "Всё отправлено."
    parts = []
    if waits := counts.waiting:
        parts.append(
            f"{counted(waits, 'изменение ждёт', 'изменения ждут', 'изменений ждут')} отправки и "
            f"{plural(waits, 'уйдёт само', 'уйдут сами', 'уйдут сами')}, как только появится связь"
        )
    if troubled := counts.troubled:
        parts.append(
            f"{counted(troubled, 'изменение ждёт', 'изменения ждут', 'изменений ждут')} вашего решения"
        )
    if handed := counts.handed:
        parts.append(f"{counted(handed, 'изменение', 'изменения', 'изменений')} у администратора")
    if files := counts.files:
        parts.append(
            f"{counted(files, 'файл ждёт', 'файла ждут', 'файлов ждут')} отправки и "
            f"{plural(files, 'уйдёт', 'уйдут', 'уйдут')} вслед за записями"
        )
    text = "; ".join(parts) + ". Ничего не потеряно."
    if len(found.shown) < found.number:
        text += f" Показаны первые {spaced(len(found.shown))} записей из {spaced(found.number)}."
    return text
