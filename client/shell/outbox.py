"""What waits to be sent and what needs a person, by whole things: every line stays until it is settled."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from client.kit.background import Background
from client.kit.buttons import button
from client.kit.icons import icon
from client.kit.theme import theme
from client.kit.words import ElidedLabel, plain
from client.shell.record_words import Names
from client.shell.states import state_words, tone_of
from client.store.journal import Entry
from client.store.roots import Bundle, state_of
from client.store.store import Counts, Store
from common.kit.sync import Delete, Restore
from common.kit.words import counted, plural, spaced

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
    names = Names(store)
    shown = tuple(_whole(names, bundle) for bundle in bundles[:MOST])
    return Waiting(store.counts(), len(bundles), shown)


def _whole(names: Names, bundle: Bundle) -> Whole:
    parts = tuple(_part(names, entry) for entry in bundle.entries)
    worst = next(n for n, e in enumerate(bundle.entries) if state_of(e) == bundle.state)
    title = parts[0].title if len(parts) == 1 else names.named(*bundle.place) or parts[0].title
    return Whole(title, parts[worst].state, parts[worst].tone, parts)


def _part(names: Names, entry: Entry) -> Part:
    title = f"{DONE.get(type(entry.op.body), '')}{names.title(entry)}"
    said = "\n".join(filter(None, (entry.said, *entry.fields.values())))
    return Part(title, state_words(entry), tone_of(entry), said)


class OutboxScreen(QWidget):
    """«Ждут отправки»; `differences_asked` when a person wants to decide about the troubled ones."""

    differences_asked = Signal()

    def __init__(self, store: Store, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.background = Background(self)
        self.unfolded: set[str] = set()
        """Titles of what is open, so that a reload leaves it so."""
        self.heading = ElidedLabel("Ждут отправки", role="title")
        self.summary = plain("Смотрю, что ждёт…", role="muted")
        self.summary.setWordWrap(True)
        self.decide = button("Решить: открыть «Расхождения»  F8", "git-merge", primary=True)
        self.decide.clicked.connect(self.differences_asked)
        self.decide.hide()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setAccessibleName("Список неотправленного и спорного")
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(10)
        body.addWidget(self.heading)
        body.addWidget(self.summary)
        body.addWidget(self.decide, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self.area, 1)
        self.setFocusProxy(self.area)
        self.reload()

    def reload(self) -> None:
        """Ask off the GUI thread: the store may be busy with a pull."""
        self.background.ask("outbox", lambda: waiting(self.store), self._show)

    def _show(self, found: Waiting) -> None:
        self.summary.setText(_summary(found))
        self.decide.setVisible(found.counts.troubled > 0)
        inner = QWidget(objectName="body")  # type: ignore[call-arg]  # Qt takes properties by name
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        for whole in found.shown:
            rows.addWidget(Card(whole, self.unfolded))
        rows.addStretch()
        self.area.setWidget(inner)


def _summary(found: Waiting) -> str:
    """What waits, what needs a person, what is with an administrator, and how much of it is on screen."""
    counts = found.counts
    if not found.number:
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
    text = "; ".join(parts) + ". Ничего не потеряно."
    if len(found.shown) < found.number:
        text += f" Показаны первые {spaced(len(found.shown))} записей из {spaced(found.number)}."
    return text


class Card(QFrame):
    """A whole thing; its parts are folded until they are asked for."""

    def __init__(self, whole: Whole, unfolded: set[str]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.whole, self.unfolded = whole, unfolded
        self.parts = QWidget()
        self.fold: QPushButton | None = None
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(ElidedLabel(whole.title, role="strong"), 1)
        top.addWidget(_pill(whole.state, whole.tone))
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 10, 16, 10)
        body.setSpacing(4)
        body.addLayout(top)
        if len(whole.parts) == 1:
            if whole.parts[0].said:
                body.addWidget(_reason(whole.parts[0].said))
            return
        self.fold = button("", "chevron-right", quiet=True, run=self.turn)
        body.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self.parts)
        self._fill()
        self._show(opened=whole.title in unfolded)

    def _fill(self) -> None:
        rows = QVBoxLayout(self.parts)
        rows.setContentsMargins(theme().px(20), 0, 0, 0)
        rows.setSpacing(6)
        for part in self.whole.parts:
            line = QHBoxLayout()
            line.setSpacing(10)
            line.addWidget(ElidedLabel(part.title), 1)
            line.addWidget(_pill(part.state, part.tone))
            rows.addLayout(line)
            if part.said:
                rows.addWidget(_reason(part.said))

    def turn(self) -> None:
        opened = self.whole.title not in self.unfolded
        (self.unfolded.add if opened else self.unfolded.discard)(self.whole.title)
        self._show(opened=opened)

    def _show(self, *, opened: bool) -> None:
        assert self.fold is not None  # noqa: S101  only then there is something to fold
        self.parts.setVisible(opened)
        changes = counted(len(self.whole.parts), "изменение", "изменения", "изменений")
        words = f"{'Скрыть' if opened else 'Показать'}: {changes}"
        self.fold.setText(f" {words}")
        self.fold.setIcon(icon("chevron-down" if opened else "chevron-right", "muted"))
        self.fold.setAccessibleName(f"{words}, {self.whole.title}")


def _pill(state: str, tone: str) -> QWidget:
    made = plain(state, role="pill")
    made.setProperty("tone", tone)
    made.setFixedHeight(theme().px(22))  # less, and Qt drops the round corners
    return made


def _reason(said: str) -> QWidget:
    text = QPlainTextEdit(said)
    text.setReadOnly(True)
    text.setAccessibleName("Причина")
    text.setMaximumHeight(text.fontMetrics().lineSpacing() * (said.count("\n") + 2) + 16)
    return text
