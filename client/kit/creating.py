"""A new record of a book, made from within the field that looks it up."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from client.kit.asking import Asking
from client.kit.carrying import take
from client.kit.record_form import RecordForm
from client.kit.records import Records
from client.kit.screen import plain_screen
from client.kit.theme import theme
from common.kit.entity import entity_named, spec_of


class Creating(Asking):
    """The plain form of that book with the typed words in its name; `done(id)` once it is stored."""

    def __init__(
        self,
        store: Records,
        entity: str,
        text: str,
        done: Callable[[UUID], object],
        parent: QWidget,
    ) -> None:
        one = spec_of(entity).one
        said = "Новая запись сразу будет выбрана в поле."
        super().__init__(f"Добавить: {one.lower()}", said, "Записать", parent)
        self.form = RecordForm(store, plain_screen(entity_named(entity)))
        self._done = done
        if text:
            take(self.form.editor("main", "name"), text)
        self.fields.addWidget(self.form)
        self.resize(min(theme().px(620), 760), min(theme().px(520), 540))
        (self.form.editor("main", "name") if not text else next(self.form.editors())).setFocus()
        self.rejected.connect(self.form.discard)

    def agree(self) -> None:
        if faults := self.form.faults():
            self.form.show_faults(faults)
            return
        self.form.save()
        self.accept()
        self._done(self.form.held["main"].id)
