"""An address typed in one line: its parts are told beneath, F2 opens them, and they are stored beside the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from client.kit.asking import Asking
from client.kit.fields import FormatEdit
from client.kit.forms import FieldRow
from common.kit import formats
from common.kit.entity import describe
from common.kit.spec import problems
from common.people.addresses import ParsedAddress, address
from common.people.entities import Address

Parts = dict[str, str | None]

PARTS = tuple(f.name for f in fields(ParsedAddress) if f.name not in {"full", "unparsed"})
"""The columns of an address that its line tells, in the order of an envelope."""

TOGETHER = (
    ("index", "region_code"), ("area",), ("city",), ("city_area",), ("place",), ("street",),
    ("house", "building1"), ("building2", "apartment"),
)  # fmt: skip
"""The lines of the window of parts."""

NARROW = {"index": 8, "region_code": 4, "house": 7, "building1": 7, "building2": 7, "apartment": 7}
CORRECT = "F2 — исправить части"


def told(parts: Mapping[str, str | None]) -> str:
    """«индекс 652050 · город Юрга · улица Ленина»."""
    spec = describe(Address)
    return " · ".join(f"{spec[n].label.lower()} {parts[n]}" for n in PARTS if parts.get(n))


def read(line: str) -> dict[str, str]:
    """The parts that the line tells for certain, but those that their columns would not take."""
    parts = address(line).parts()
    wrong = problems(describe(Address), parts, only=frozenset(parts))
    return {name: value for name, value in parts.items() if name not in wrong}


class AddressEdit(FormatEdit):
    """The line is stored as it was typed; its parts are read from it until a person puts them right."""

    def __init__(
        self,
        label: str = "",
        *,
        stored: Callable[[], Mapping[str, Any]] = dict,
        parent: QWidget | None = None,
    ) -> None:
        """`stored` gives the record that was seen: an untouched line has the parts that stand there."""
        self._stored = stored
        self._given: Parts | None = None
        super().__init__(formats.TEXT, label, parent=parent)
        self.line.setPlaceholderText("652050, г. Юрга, ул. Ленина, 5-12")

    def parts(self) -> Parts:
        if self._given is not None:
            return self._given
        if not self.is_dirty():
            return {name: self._stored().get(name) for name in PARTS}
        return dict.fromkeys(PARTS) | read(self.line.text())

    def also(self) -> Mapping[str, Any]:
        return self.parts()

    def written(self) -> Any:
        """The line; with the parts where a person has put them right."""
        text = self.line.text()
        return text if self._given is None else {"text": text, "parts": self._given}

    def write(self, written: Any) -> None:
        whole = written if isinstance(written, dict) else {"text": written, "parts": None}
        super().write(whole["text"])
        self._given = whole["parts"]
        self._tell()

    def set_value(self, value: Any) -> None:
        self._given = None
        super().set_value(value)

    def settle(self) -> None:
        super().settle()
        self._tell()

    def correct(self) -> None:
        """Opens the parts; what is agreed there stands until the line is typed anew."""
        if self.line.text().strip() and self.line.isEnabled():
            AddressParts(self.parts(), self._take, self.window()).open()

    def _take(self, parts: Parts) -> None:
        if parts != self.parts():
            self._given = parts
            self._tell()
            self.changed.emit()
        self.line.setFocus()

    def _edited(self, text: str) -> None:
        self._given = None
        super()._edited(text)
        self._tell()

    def _tell(self) -> None:
        if not self.is_dirty() or not self.line.text().strip() or self.problem():
            return
        left = () if self._given is not None else address(self.line.text()).unparsed
        if left:
            pieces = ", ".join(f"«{piece}»" for piece in left)
            self.set_message(
                f"Не разобрано: {pieces}. Строка сохранится целиком; {CORRECT}", "warn"
            )
        else:
            self.set_message(f"→ {told(self.parts())}. {CORRECT}", "hint")

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_F2:
            self.correct()
            return True
        return super()._key(event)


class AddressParts(Asking):
    """The parts of one address, each in a field of its own."""

    def __init__(self, parts: Parts, done: Callable[[Parts], object], parent: QWidget) -> None:
        said = "Строка адреса останется такой, как набрана. Здесь — её части для поиска и отчётов."
        super().__init__("Части адреса", said, "Принять", parent)
        self._done = done
        spec = describe(Address)
        self.editors = {
            name: FormatEdit(
                spec[name].field.format or formats.TEXT, spec[name].label, chars=NARROW.get(name)
            )
            for name in PARTS
        }
        for names in TOGETHER:
            row = [self.editors[name] for name in names]
            self.fields.addWidget(FieldRow(row[0].label(), *row))
        for name, editor in self.editors.items():
            editor.set_value(parts.get(name))
            editor.noted.connect(self.grow)

    def agree(self) -> None:
        parts = {name: editor.value() for name, editor in self.editors.items()}
        unread = {name: said for name, e in self.editors.items() if (said := e.problem())}
        wrong = problems(describe(Address), parts, only=frozenset(PARTS)) | unread
        for name, text in wrong.items():
            self.editors[name].set_message(text.split("»: ", 1)[-1], "error")
        if wrong:
            self.editors[next(iter(wrong))].setFocus()
            return
        self.accept()
        self._done(parts)
