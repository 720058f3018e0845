"""Drafts: what is typed in a form goes to the journal within a second, and comes back as if it had been typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from client.kit.fields import Editor, FlagEdit, FormatEdit, TextEdit
from client.kit.held import Held, stored_rows
from client.kit.part_rows import RowsBlock
from client.kit.pick import PickEdit
from client.kit.records import Draft, Records, now_ms
from client.kit.screen import Part, Screen
from common.kit.ids import new_id
from common.kit.wire import pack, pack_record, unpack_record

DRAFT_MS = 600
"""A draft is written this long after the last key: well within a second."""


class Drafted(Protocol):
    """What the drafts ask of their form."""

    store: Records
    plan: Screen
    key: str
    held: dict[str, Held]
    blocks: dict[str, RowsBlock]

    def title(self) -> str: ...

    def is_dirty(self) -> bool: ...

    def editors(self) -> Iterator[Editor]: ...

    def focusWidget(self) -> QWidget: ...

    def blank_row(self, part: str) -> Held: ...

    def proposed_rows(self, part: Part, rows: Sequence[Held]) -> list[Held]: ...


class Drafts(QObject):
    """The draft of one form; `written` when it is in the journal, `restored` when it is in the form again."""

    written = Signal()
    restored = Signal()

    def __init__(self, form: Drafted, owner: QObject) -> None:
        super().__init__(owner)
        self.form = form
        self._timer = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._timer.timeout.connect(self.write)

    def write_soon(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def write(self) -> None:
        self.stop()
        form = self.form
        if form.is_dirty():
            title = form.title() or form.plan.title
            form.store.save_draft(Draft(form.key, form.plan.name, title, self.body(), now_ms()))
            self.written.emit()

    def body(self) -> dict[str, Any]:
        form = self.form
        single = {n: h for n, h in form.held.items() if not form.plan.part(n).many}
        typed = [(e.objectName(), e) for h in form.held.values() for e in h.editors.values()]
        return {
            "typed": {name: written_of(e) for name, e in typed if e.is_dirty()},
            "ids": {name: held.id.hex for name, held in single.items()},
            "stored": [name for name, held in single.items() if held.stored],
            "rows": {n: [_row_of(h) for h in b.wanted()] for n, b in form.blocks.items()},
            "gone": {n: [h.id.hex for h in b.gone] for n, b in form.blocks.items()},
            "pins": [name for name, editor in typed if editor.is_pinned()],
            "focus": name_of(form.focusWidget()),
        }

    def restore(self, draft: Draft) -> None:
        """Bring back what was typed before the program ended, what was pinned and the focus too."""
        form, body = self.form, draft.body
        form.key = draft.key
        for name, id in body["ids"].items():
            held = form.held.get(name)
            if held is not None and not held.stored and name not in body["stored"]:
                held.id = UUID(id)
        for name, rows in body["rows"].items():
            if name in form.blocks:
                self._restore_rows(form.plan.part(name), rows, body["gone"].get(name, []))
        for held in form.held.values():
            for editor in held.editors.values():
                if editor.objectName() in body["typed"]:
                    write_into(editor, body["typed"][editor.objectName()])
                if "pins" in body:  # a draft of an earlier version has none
                    editor.set_pinned(editor.objectName() in body["pins"])
        self._focus(body["focus"])
        self.restored.emit()

    def rewind(self, body: Mapping[str, Any]) -> None:
        """Show an earlier state of the same form; what was not typed then is as it is stored."""
        form, now = self.form, self.body()
        for name, rows in body["rows"].items():
            if (rows, body["gone"][name]) != (now["rows"][name], now["gone"][name]):
                self._restore_rows(form.plan.part(name), rows, body["gone"][name])
        for held in form.held.values():
            for name, editor in held.editors.items():
                written = body["typed"].get(editor.objectName())
                if written is not None:
                    write_into(editor, written)
                elif editor.is_dirty():
                    editor.set_value(held.seen.get(name))
        self._focus(body["focus"] or now["focus"])
        if form.is_dirty():
            self.write_soon()
        else:
            self.stop()
            form.store.drop_draft(form.key)
        self.restored.emit()

    def _focus(self, name: str) -> None:
        for editor in self.form.editors():
            if editor.objectName() == name:
                editor.setFocus()

    def _restore_rows(
        self, part: Part, drafted: Sequence[Mapping[str, Any]], gone: Sequence[str]
    ) -> None:
        """The rows in their drafted order; one that somebody deleted meanwhile becomes a new one."""
        form = self.form
        stored = {h.id.hex: h for h in stored_rows(form.store, part, form.held)}
        doomed = [h for id, h in stored.items() if id in gone]
        rows = [stored.get(each["id"]) or self._fresh(part, each) for each in drafted]
        left = [h for h in stored.values() if h not in rows and h not in doomed]
        block = form.blocks[part.name]
        block.show_rows([*rows, *left, *form.proposed_rows(part, [*rows, *left])], doomed)
        block.keep_order([h.id for h in stored.values() if h not in doomed])
        for held, each in zip(rows, drafted, strict=True):
            block.unfold(held)
            for name, written in each["typed"].items():
                if name in held.editors:
                    write_into(held.editors[name], written)

    def _fresh(self, part: Part, each: Mapping[str, Any]) -> Held:
        seen = self.form.blank_row(part.name).seen | unpack_record(part.spec, each["seen"])
        return Held(new_id() if each["stored"] else UUID(each["id"]), seen)


def _row_of(row: Held) -> dict[str, Any]:
    """A stored row by what was changed in it, a new one whole."""
    return {
        "id": row.id.hex,
        "stored": row.stored,
        "seen": {n: v for n, v in pack_record(row.seen).items() if v is not None},
        "typed": {
            n: written_of(e) for n, e in row.editors.items() if not row.stored or e.is_dirty()
        },
    }


def name_of(widget: QWidget | None) -> str:
    """The name of the editor that this widget is in; nothing where it is in none."""
    while widget is not None:
        if isinstance(widget, Editor):
            return widget.objectName()
        widget = widget.parentWidget()
    return ""


def written_of(editor: Editor) -> Any:
    """What stands in an editor, readable or not."""
    if isinstance(editor, FormatEdit | TextEdit):
        return editor.written()
    if isinstance(editor, PickEdit) and editor.value() is None:
        return {"text": editor.line.text()}
    return pack(editor.value())


def write_into(editor: Editor, written: Any) -> None:
    """Put a draft's text back as if it had been typed."""
    clean = editor._clean  # noqa: SLF001  what was stored stays the measure of dirtiness
    if isinstance(editor, FormatEdit):
        editor.write(written)
    elif isinstance(editor, TextEdit | FlagEdit):
        editor.set_value(written)
    elif isinstance(editor, PickEdit) and isinstance(written, dict):
        editor.set_value(None)
        editor.line.setText(written["text"])
        editor.settle()
    else:
        _choose(editor, written)
    editor._clean = clean  # noqa: SLF001  as above


def put_value(editor: Editor, value: Any) -> None:
    """Show a value as if it had been typed: what was stored stays the measure of dirtiness."""
    clean = editor._clean  # noqa: SLF001  as above
    editor.set_value(value)
    editor._clean = clean  # noqa: SLF001  as above


def _choose(editor: Editor, written: Any) -> None:
    """The value of its primitive: an id, else a plain one, else the stored value of a choice."""
    for candidate in (_uuid(written), written):
        if candidate is None and written is not None:
            continue
        try:
            editor.set_value(candidate)
        except ValueError:
            continue
        else:
            return
    for option in getattr(editor, "_all", ()):
        if pack(option.id) == written:
            editor.set_value(option.id)
            return


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
