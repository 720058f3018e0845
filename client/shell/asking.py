"""Small windows of the resolution: values typed by hand, a word why, another record instead of one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from client.kit.asking import Asking
from client.kit.editors import Book, editor_for
from client.kit.fields import Editor, TextEdit
from client.kit.forms import FieldRow
from client.kit.pick import LookupEdit
from client.kit.records import Records
from common.kit.entity import spec_of
from common.kit.spec import FieldSpec, problems
from common.kit.wire import pack

MISSING = "Заполните поле"


class EditValues(Asking):
    """The fields of one atom in their own editors; `typed(values)` gets wire primitives."""

    def __init__(
        self,
        store: Records,
        entity: str,
        fields: Sequence[FieldSpec],
        record: Mapping[str, Any],
        typed: Callable[[dict[str, Any]], object],
        parent: QWidget,
    ) -> None:
        label = fields[0].label
        said = "Поправьте значение: оно станет итогом. Обе прежние версии останутся в журнале"
        super().__init__(f"Править итог: {label}", said, "Готово", parent)
        self.entity, self.record, self.typed = entity, record, typed
        self.editors: dict[str, Editor] = {}
        for f in fields:
            editor = editor_for(f, store)
            editor.setObjectName(f.name)
            editor.set_value(record.get(f.name))
            self.editors[f.name] = editor
            self.fields.addWidget(FieldRow(f.label, editor, required=f.required))
        next(iter(self.editors.values())).setFocus()

    def agree(self) -> None:
        """What cannot be stored is said beside its field, and nothing is lost."""
        values = {name: editor.value() for name, editor in self.editors.items()}
        said = problems(
            spec_of(self.entity), {**self.record, **values}, only=frozenset(self.editors)
        )
        faults = {
            name: editor.problem() or said.get(name, "").split("»: ", 1)[-1].capitalize()
            for name, editor in self.editors.items()
        }
        wrong = [name for name, fault in faults.items() if fault]
        for name in wrong:
            self.editors[name].set_message(faults[name], "error")
        if wrong:
            self.editors[wrong[0]].setFocus()
            return
        self.accept()
        self.typed({name: pack(value) for name, value in values.items()})


class AskWord(Asking):
    """A word without which nothing is done; `given(word)`."""

    def __init__(
        self,
        title: str,
        said: str,
        yes: str,
        label: str,
        missing: str,
        given: Callable[[str], object],
        parent: QWidget,
    ) -> None:
        super().__init__(title, said, yes, parent)
        self.given, self.missing = given, missing
        self.why = TextEdit(label)
        self.fields.addWidget(FieldRow(label, self.why, required=True))
        self.why.setFocus()

    def agree(self) -> None:
        if (word := self.why.value()) is None:
            self.why.set_message(self.missing)
            self.why.setFocus()
            return
        self.accept()
        self.given(word)


class AskWhy(AskWord):
    """Nothing is closed without a word why."""

    def __init__(self, held: str, closed: Callable[[str], object], parent: QWidget) -> None:
        said = (
            "Запись не будет отправлена. Она и причина останутся в журнале; "
            f"введите её заново, если передумаете{held}"
        )
        missing = "Напишите, почему запись закрывают: это останется в журнале"
        super().__init__(
            "Закрыть без отправки", said, "Закрыть запись", "Почему", missing, closed, parent
        )


class AskHand(AskWord):
    """What an administrator is asked for."""

    def __init__(self, handed: Callable[[str], object], parent: QWidget) -> None:
        said = (
            "Администратор увидит запись, ответ сервера и ваши слова. Он поправит её и отправит "
            "от своего имени или вернёт вам. До его решения она остаётся в «Расхождениях», "
            "и вы можете решить сами"
        )
        missing = "Напишите, о чём просите: администратор увидит эти слова рядом с записью"
        super().__init__(
            "Передать администратору", said, "Передать", "О чём просите", missing, handed, parent
        )


class AskReturn(AskWord):
    """What the author is to do himself."""

    def __init__(self, returned: Callable[[str], object], parent: QWidget) -> None:
        said = "Запись вернётся автору в «Расхождения» с вашими словами; решит он сам"
        missing = "Напишите автору, что сделать: без этого запись не возвращают"
        super().__init__(
            "Вернуть автору", said, "Вернуть", "Что сделать", missing, returned, parent
        )


class PickRecord(Asking):
    """Which record of the server stands for one's own new one from now on."""

    def __init__(
        self, store: Records, entity: str, picked: Callable[[UUID], object], parent: QWidget
    ) -> None:
        one = spec_of(entity).one
        said = (
            "Выберите запись, которая уже есть на сервере. Всё, что вы добавили к своей, "
            "перейдёт к ней; ваша новая запись отправлена не будет"
        )
        super().__init__("Принять запись сервера вместо моей", said, "Принять её", parent)
        self.picked = picked
        book = Book(store, entity)
        self.book = LookupEdit(book.find, book.label, one, note_of=book.note)
        self.fields.addWidget(FieldRow(one, self.book, required=True))
        self.book.setFocus()

    def agree(self) -> None:
        chosen = self.book.value()
        if chosen is None:
            self.book.set_message(self.book.problem() or MISSING, "error")
            self.book.setFocus()
            return
        self.accept()
        self.picked(chosen)
