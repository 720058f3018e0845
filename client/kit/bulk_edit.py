"""«Изменить поле…»: a field, its new value, and what will become of each chosen record before anything is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from client.kit import bulk
from client.kit.asking import Asking
from client.kit.background import Background
from client.kit.bulk import Change
from client.kit.editors import editor_for
from client.kit.fields import Editor
from client.kit.forms import FieldRow
from client.kit.pick import ChoiceEdit
from client.kit.records import Records
from client.kit.rows import Column, FixedRows, TextLine
from client.kit.table import PagedTable
from client.kit.theme import theme
from client.kit.words import plain
from common.kit.entity import spec_of
from common.kit.errors import EpoError
from common.kit.lists import ListSpec
from common.kit.spec import FieldSpec
from common.kit.sync import Operation
from common.kit.words import counted

PAUSE = 150
WILL, STAYS = "Изменится", "Пропуск"
RECORDS = ("запись", "записи", "записей")
OF_RECORDS = ("записи", "записей", "записей")
HOW = (
    "Выберите поле и новое значение: ниже видно, что станет с каждой записью. "
    "Пустое значение очищает поле. Отменить всё разом можно по Ctrl+Z"
)


class Preview(FixedRows[TextLine]):
    columns = (
        Column("name", "Запись", 230, sortable=False),
        Column("before", "Было", 120, sortable=False),
        Column("after", "Станет", 120, sortable=False),
        Column("what", "Что будет", 210, pill=True, sortable=False),
    )


class BulkEdit(Asking):
    """`applied(words, undo)` when the records were changed."""

    applied = Signal(str, object)

    def __init__(
        self, store: Records, listed: ListSpec, ids: Sequence[str], busy: Mapping[str, str],
        parent: QWidget,
    ) -> None:  # fmt: skip
        """`busy` says of some records why they must be left alone."""
        chosen = f"Выбрано: {counted(len(ids), *RECORDS)}. {HOW}"
        super().__init__("Изменить поле у выбранных записей", chosen, "Изменить", parent)
        self.store, self.listed, self.ids, self.busy = store, listed, list(ids), busy
        self.spec = spec_of(listed.main)
        self.background = Background(self)
        self.changes: list[Change] = []
        self.names: dict[str, str] = {}
        """Of the chosen records; read with the first preview."""
        self._storing = self._onward = False
        fields = bulk.fields_of(self.spec, store.permissions())
        self.field = ChoiceEdit([(f, f.label) for f in fields], "Поле")
        self.value: Editor | None = None
        self.row: FieldRow | None = None
        self.said = plain("", role="strong")
        self.said.setWordWrap(True)
        self.table = PagedTable(Preview((), {}), "Что станет с записями", empty="Выберите поле")
        self.table.show_only_rows()
        self.table.setMinimumHeight(theme().px(180))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.look)
        self.fields.addWidget(FieldRow("Поле", self.field))
        self.fields.addWidget(self.said)
        self.fields.addWidget(self.table, 1)
        self.field.changed.connect(self._field_chosen)
        self.yes.setEnabled(False)
        self.resize(min(theme().px(760), 780), min(theme().px(560), 560))
        self.field.setFocus()

    def _field_chosen(self) -> None:
        field: FieldSpec | None = self.field.value()
        if self.row is not None:
            self.fields.removeWidget(self.row)
            self.row.hide()
            self.row.deleteLater()
            self.row = self.value = None
        if field is not None:
            self.value = editor_for(field, self.store)
            self.value.changed.connect(self._pause.start)
            self.value.noted.connect(lambda *_: self._pause.start())
            self.row = FieldRow("Новое значение", self.value)
            self.fields.insertWidget(1, self.row)
            self.row.show()  # else it is shown by a later event, and Enter passes it by
            self.look()

    # ---- before

    def look(self) -> None:
        """What will become of each; asked off the GUI thread."""
        field, editor = self.field.value(), self.value
        self.yes.setEnabled(False)
        if field is None or editor is None:
            return
        if said := editor.problem():
            self._onward = False
            self.said.setText(f"Новое значение: {said}")
            return
        value, store, listed, known = editor.value(), self.store, self.listed, self.names

        def work() -> tuple[dict[str, str], list[Change]]:
            names = known or bulk.names_of(store, listed, self.ids)
            return names, bulk.preview(store, listed, field.name, value, names, self.busy)

        self.background.ask("preview", work, self._looked)

    def _looked(self, told: tuple[dict[str, str], list[Change]]) -> None:
        self.names, changes = told
        self._show(changes)

    def _show(self, changes: list[Change]) -> None:
        self.changes = changes
        lines = [
            TextLine(c.id, (c.name, c.before or "пусто", c.after or "пусто", c.skipped or WILL))
            for c in changes
        ]
        tones = {WILL: "ok"} | {
            c.skipped: "muted" if c.skipped == bulk.SAME else "warn" for c in changes if c.skipped
        }
        self.table.refresh(Preview(lines, tones), total=len(lines))
        number = len(self._changing())
        self.said.setText(self._summary(changes, number))
        words = f"Изменить у {counted(number, *OF_RECORDS)}" if number else "Изменить"
        self.yes.setText(words)
        self.yes.setAccessibleName(words)
        self.yes.setEnabled(number > 0)
        if self._onward and self.yes.isEnabled():
            self.yes.setFocus()
        self._onward = False

    def take_enter(self, field: QWidget) -> bool:
        """From the value to the button, as soon as it is known what that will do."""
        if self.value is None or not self.value.isAncestorOf(field):
            return super().take_enter(field)
        self._onward = True
        self._pause.stop()
        self.look()
        return True

    def _changing(self) -> list[str]:
        return [c.id for c in self.changes if not c.skipped]

    def _summary(self, changes: Sequence[Change], number: int) -> str:
        reasons = Counter(c.skipped for c in changes if c.skipped)
        if not reasons:
            return f"Изменятся все {counted(number, *RECORDS)}"
        said = ", ".join(f"{why} — {times}" for why, times in reasons.most_common(3))
        return f"Изменится: {number}. Пропущено: {sum(reasons.values())} ({said})"

    # ---- done

    def agree(self) -> None:
        field, editor, ids = self.field.value(), self.value, self._changing()
        if field is None or editor is None or not ids or self._pause.isActive():
            return
        if not self.yes.isEnabled():
            return
        value = editor.value()
        self.yes.setEnabled(False)
        self._storing = True
        self.background.ask(
            "apply",
            lambda: bulk.apply(self.store, self.spec, field.name, value, ids),
            lambda made: self._done(field, made),
            self._refuse,
            ended=self._free,
        )

    def _free(self) -> None:
        self._storing = False
        self.yes.setEnabled(True)

    def _refuse(self, fault: EpoError) -> None:
        self.said.setText(fault.message)

    def reject(self) -> None:
        """Not while the records are being changed: whoever changed them must be able to take it back."""
        if not self._storing:
            super().reject()

    def _done(self, field: FieldSpec, made: list[Operation]) -> None:
        store = self.store
        words = f"«{field.label}» изменено у {counted(len(made), *OF_RECORDS)}"
        self.accept()
        self.applied.emit(words, partial(bulk.take_back, store, made))
