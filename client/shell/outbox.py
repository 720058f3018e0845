"""What waits to be sent and what needs a person: every line stays until it is settled."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from client.kit.buttons import button
from client.kit.theme import theme
from client.kit.words import ElidedLabel, plain
from client.shell.record_words import Names
from client.store.journal import Entry
from client.store.store import Store
from common.kit.sync import Delete, Restore, Status
from common.kit.words import counted, plural, spaced

TONES = {
    Status.PENDING: "accent",
    Status.CONFLICT: "bad",
    Status.REFUSED: "bad",
    Status.QUARANTINED: "bad",
    Status.HELD: "warn",
    Status.FAILED: "bad",
}

MOST = 200


class OutboxScreen(QWidget):
    """«Ждут отправки»; `differences_asked` when a person wants to decide about the troubled ones."""

    differences_asked = Signal()

    def __init__(self, store: Store, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.heading = ElidedLabel("Ждут отправки", role="title")
        self.summary = plain("", role="muted")
        self.summary.setWordWrap(True)
        self.decide = button("Решить: открыть «Расхождения»  F8", "git-merge", primary=True)
        self.decide.clicked.connect(self.differences_asked)
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
        entries = self.store.outbox()
        waiting = sum(e.status is Status.PENDING for e in entries)
        said = _summary(waiting, len(entries) - waiting, min(len(entries), MOST))
        files = self.store.counts().files
        self.summary.setText(_files(files, said if entries else "") if files else said)
        self.decide.setVisible(waiting < len(entries))
        names = Names(self.store)
        inner = QWidget(objectName="body")  # type: ignore[call-arg]  # Qt takes properties by name
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        for entry in entries[:MOST]:
            rows.addWidget(_card(names.title(entry), entry))
        rows.addStretch()
        self.area.setWidget(inner)


def _summary(waiting: int, troubled: int, shown: int) -> str:
    """What waits, what needs a person, and how much of it is on screen."""
    if not waiting + troubled:
        return "Всё отправлено."
    parts = []
    if waiting:
        parts.append(
            f"{counted(waiting, 'запись ждёт', 'записи ждут', 'записей ждут')} отправки и "
            f"{plural(waiting, 'уйдёт сама', 'уйдут сами', 'уйдут сами')}, как только появится связь"
        )
    if troubled:
        parts.append(
            f"{counted(troubled, 'запись ждёт', 'записи ждут', 'записей ждут')} вашего решения"
        )
    text = "; ".join(parts) + ". Ничего не потеряно."
    if shown < waiting + troubled:
        text += f" Показаны первые {spaced(shown)} из {spaced(waiting + troubled)}."
    return text


def _files(number: int, records: str) -> str:
    """Beside what is said of the records."""
    waits = counted(number, "файл ждёт", "файла ждут", "файлов ждут")
    goes = plural(number, "уйдёт", "уйдут", "уйдут")
    return f"{records} {waits} отправки и {goes} вслед за записями.".strip()


def _card(title: str, entry: Entry) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    body = QVBoxLayout(card)
    body.setContentsMargins(16, 10, 16, 10)
    body.setSpacing(4)
    body.addWidget(ElidedLabel(f"{DONE.get(type(entry.op.body), '')}{title}", role="strong"))
    state = plain(entry.status.label, role="pill")
    state.setProperty("tone", TONES.get(entry.status, "muted"))
    state.setFixedHeight(theme().px(22))  # less, and Qt drops the round corners
    body.addWidget(state, 0, Qt.AlignmentFlag.AlignLeft)
    said = "\n".join(filter(None, (entry.said, *entry.fields.values())))
    if said:
        text = QPlainTextEdit(said)
        text.setReadOnly(True)
        text.setAccessibleName("Причина")
        text.setMaximumHeight(text.fontMetrics().lineSpacing() * (said.count("\n") + 2) + 16)
        body.addWidget(text)
    return card


DONE: dict[type, str] = {Delete: "В корзину: ", Restore: "Из корзины: "}
"""What was done to the record, where it was not saved."""
