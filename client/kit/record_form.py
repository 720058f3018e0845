"""The generic form: a Screen's records typed, drafted within a second, and stored as one transaction of operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.kit.editors import editor_for
from client.kit.fields import Editor, FlagEdit, FormatEdit, TextEdit
from client.kit.forms import FieldRow, FormArea, Section
from client.kit.records import Body, Draft, Records, now_ms
from client.kit.screen import Attribute, Card, Line, Part, Screen
from common.kit.buckets import sections_of
from common.kit.ids import new_id
from common.kit.rights import Action, may
from common.kit.spec import problems
from common.kit.sync import LegalNumber, Save
from common.kit.wire import pack

DRAFT_MS = 600
"""A draft is written this long after the last key: well within a second."""

Values = dict[str, Any]
Pairs = dict[str, tuple[Any, Any]]


@dataclass(slots=True)
class Held:
    """A part's record: what was seen when it was opened, and whether it is stored already."""

    id: UUID
    seen: Values
    stored: bool = False
    editors: dict[str, Editor] = field(default_factory=dict)


class RecordForm(QWidget):
    """`changed` after each change by hand; `drafted(text)` when a draft is written; `saved(id)`."""

    changed = Signal()
    drafted = Signal()
    saved = Signal(str)

    def __init__(
        self, store: Records, screen: Screen, id: UUID | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.store, self.plan = store, screen
        self.key = f"{screen.name}:{(id or new_id()).hex}"
        self.held = self._load(id)
        self.sections = [self._section(card) for card in screen.cards]
        self.area = FormArea([s for s in self.sections if s.rows])
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self.area)
        self._timer = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._timer.timeout.connect(self.write_draft)
        self._fill()

    # ---- records behind the parts

    def _load(self, id: UUID | None) -> dict[str, Held]:
        held: dict[str, Held] = {}
        for part in self._in_order():
            record, found = self._find(part, held, id)
            seen = record if record is not None else self._blank(part)
            held[part.name] = Held(found or new_id(), seen, stored=record is not None)
        return held

    def _in_order(self) -> list[Part]:
        """The main part first, then those that main points at, then owners before the owned."""
        main = self.plan.part(self.plan.main)
        ahead = [self.plan.part(name) for name in main.points_at.values()]
        rest = [p for p in self.plan.parts if p is not main and p not in ahead]
        return [main, *ahead, *rest]

    def _find(
        self, part: Part, held: Mapping[str, Held], id: UUID | None
    ) -> tuple[Values | None, UUID | None]:
        if part.name == self.plan.main:
            return (self.store.get(part.spec.name, id), id) if id else (None, None)
        main = held[self.plan.main]
        for reference, name in self.plan.part(self.plan.main).points_at.items():
            target = main.seen.get(reference)
            if name == part.name and target:
                return self.store.get(part.spec.name, target), target
        if part.owner is None or not held[part.owner[1]].stored:
            return None, None
        rows = self.store.where(part.spec.name, part.owner[0], held[part.owner[1]].id)
        alike = [
            (row_id, row)
            for row_id, row in rows.items()
            if all(row.get(k) == v for k, v in part.fixed.items())
        ]
        if part.nth < len(alike):
            row_id, row = alike[part.nth]
            return row, UUID(row_id)
        return None, None

    def _blank(self, part: Part) -> Values:
        values = {f.name: f.default for f in part.spec.fields}
        values |= {name: make() for name, make in part.defaults.items()}
        return values | dict(part.fixed)

    # ---- building

    def _section(self, card: Card) -> Section:
        section = Section(card.title)
        for each in card.lines:
            part = self.plan.part(each.part)
            fields = [a for a in each.fields if self._may(part, a, Action.READ)]
            if fields:
                section.add_row(self._row(each, part, fields))
        return section

    def _may(self, part: Part, attribute: Attribute, action: Action) -> bool:
        held = self.store.permissions()
        pd = part.spec[attribute.key].field.pd
        return any(may(held, section, action, pd) for section in sections_of(part.spec.name))

    def _row(self, each: Line, part: Part, fields: Sequence[Attribute]) -> FieldRow:
        specs = [part.spec[a.key] for a in fields]
        label = each.label or specs[0].label
        editors = []
        for number, f in enumerate(specs):
            advance = each.advance[number] if number < len(each.advance) else 0
            name = f"{label}: {f.label.lower()}" if len(specs) > 1 else label
            editor = editor_for(f, self.store, advance_at=advance, label=name)
            editor.setObjectName(f"{part.name}.{f.name}")
            editor.setEnabled(self._may(part, fields[number], Action.WRITE))
            editor.changed.connect(self._touched)
            self.held[part.name].editors[f.name] = editor
            editors.append(editor)
        required = specs[0].required and not part.optional and not isinstance(editors[0], FlagEdit)
        return FieldRow(label, *editors, required=required, pinnable=each.pinnable)

    def _fill(self) -> None:
        for held in self.held.values():
            for name, editor in held.editors.items():
                editor.set_value(held.seen.get(name))

    def editor(self, part: str, name: str) -> Editor:
        return self.held[part].editors[name]

    def editors(self) -> Iterator[Editor]:
        return self.area.editors()

    # ---- what was typed

    def _touched(self) -> None:
        self._timer.start()
        self.changed.emit()

    def value(self, part: str, name: str) -> Any:
        held = self.held[part]
        editor = held.editors.get(name)
        return editor.value() if editor else held.seen.get(name)

    def values(self, part: Part) -> Values:
        """The whole record as it would be stored."""
        held = self.held[part.name]
        values = dict(held.seen) | {n: self._typed(n, e, held) for n, e in held.editors.items()}
        if part.owner:
            values[part.owner[0]] = self.held[part.owner[1]].id
        for reference, name in part.points_at.items():
            target = self.plan.part(name)
            if self._is_wanted(target):
                values[reference] = self.held[name].id
        return values

    def _typed(self, name: str, editor: Editor, held: Held) -> Any:
        value = editor.value()
        return held.seen.get(name) if value is False and held.seen.get(name) is None else value

    def _is_wanted(self, part: Part) -> bool:
        """Is there anything of this part to store?"""
        held = self.held[part.name]
        if held.stored or not part.optional:
            return True
        return any(
            editor.value() not in (None, "", False, held.seen.get(name)) or editor.problem()
            for name, editor in held.editors.items()
        )

    def dirty_labels(self) -> list[str]:
        return [e.label().split(",")[0] for e in self.editors() if e.is_dirty()]

    def is_dirty(self) -> bool:
        return any(editor.is_dirty() for editor in self.editors())

    # ---- drafts

    def draft_body(self) -> dict[str, Any]:
        typed = {e.objectName(): written_of(e) for e in self.editors() if e.is_dirty()}
        focus = self.focusWidget()
        return {
            "typed": typed,
            "ids": {name: held.id.hex for name, held in self.held.items()},
            "stored": [name for name, held in self.held.items() if held.stored],
            "focus": _editor_name(focus),
        }

    def write_draft(self) -> None:
        self._timer.stop()
        if self.is_dirty():
            body = self.draft_body()
            title = self.title() or self.plan.title
            self.store.save_draft(Draft(self.key, self.plan.name, title, body, now_ms()))
            self.drafted.emit()

    def restore(self, draft: Draft) -> None:
        """Bring back what was typed before the program ended; the focus too."""
        self.key = draft.key
        for name, id in draft.body["ids"].items():
            if name in self.held and not self.held[name].stored:
                self.held[name].id = UUID(id)
        for editor in self.editors():
            if editor.objectName() in draft.body["typed"]:
                write_into(editor, draft.body["typed"][editor.objectName()])
            if editor.objectName() == draft.body.get("focus"):
                editor.setFocus()
        self.changed.emit()

    def title(self) -> str:
        return ""

    # ---- saving

    def faults(self) -> list[tuple[Editor | None, str]]:
        """Everything that stands in the way of storing, in the order of the form."""
        found: list[tuple[Editor | None, str]] = []
        for part in self.plan.parts:
            if not self._is_wanted(part):
                continue
            held = self.held[part.name]
            unread = {n: e.problem() for n, e in held.editors.items() if e.problem()}
            said = problems(part.spec, self.values(part)) | {
                n: f"«{part.spec[n].label}»: {text}" for n, text in unread.items()
            }
            found += [(held.editors.get(name), text) for name, text in said.items()]
        order = {e: place for place, e in enumerate(self.editors())}
        return sorted(found, key=lambda f: order.get(f[0], len(order)) if f[0] else len(order))

    def show_faults(self, faults: Sequence[tuple[Editor | None, str]]) -> None:
        for editor, text in faults:
            if editor is not None:
                editor.set_message(text.split("»: ", 1)[-1].capitalize(), "error")
        first = next((e for e, _ in faults if e is not None), None)
        if first is not None:
            first.setFocus()

    def bodies(self) -> list[Save]:
        """The operations that store what was typed: owners first."""
        made = []
        for part in self._by_owner():
            if not self._is_wanted(part):
                continue
            held = self.held[part.name]
            values = self.values(part)
            if not held.stored:
                fresh: Pairs = {n: (None, pack(v)) for n, v in values.items() if v is not None}
                made.append(Save(part.spec.name, held.id, create=True, set=fresh))
                continue
            touched = {n for n, v in values.items() if v != held.seen.get(n)}
            whole = {mate for n in touched for mate in part.spec.atom_of(n)}
            if whole:
                pairs: Pairs = {n: (pack(held.seen.get(n)), pack(values[n])) for n in sorted(whole)}
                made.append(Save(part.spec.name, held.id, create=False, set=pairs))
        return made

    def _by_owner(self) -> list[Part]:
        """Parts in an order in which every reference points backwards."""
        left = list(self.plan.parts)
        done: list[Part] = []
        while left:
            names = {p.name for p in left}
            ready = [p for p in left if not _needs(p) & (names - {p.name})]
            done += ready
            left = [p for p in left if p not in ready]
        return done

    def save(
        self,
        *,
        book: str | None = None,
        fill: Callable[[LegalNumber | None, list[Save]], list[Save]] | None = None,
    ) -> None:
        """Record the operations and end the draft, in one transaction of the journal."""
        self._timer.stop()
        bodies = self.bodies()
        if bodies:
            place = next(
                (i for i, b in enumerate(bodies) if b.id == self.held[self.plan.main].id), 0
            )

            def make(number: LegalNumber | None) -> Sequence[Body]:
                return fill(number, bodies) if fill else bodies

            self.store.record(make, book=book, numbered=place, draft=self.key)
        else:
            self.store.drop_draft(self.key)
        self.reload()
        self.saved.emit(self.held[self.plan.main].id.hex)

    def reload(self) -> None:
        """Show the stored records again; everything is clean."""
        main = self.held[self.plan.main].id
        fresh = self._load(main)
        for name, held in self.held.items():
            fresh[name].editors = held.editors
        self.held = fresh
        self._fill()
        self.changed.emit()

    def discard(self) -> None:
        """What was typed is given up: the draft goes, nothing is dirty any more."""
        self._timer.stop()
        self.store.drop_draft(self.key)
        for editor in self.editors():
            editor.mark_clean()


def _needs(part: Part) -> set[str]:
    owner = {part.owner[1]} if part.owner else set()
    return owner | set(part.points_at.values())


def _editor_name(widget: QWidget | None) -> str:
    while widget is not None:
        if isinstance(widget, Editor):
            return widget.objectName()
        widget = widget.parentWidget()
    return ""


def written_of(editor: Editor) -> Any:
    """What stands in an editor, readable or not, fit for a draft."""
    if isinstance(editor, FormatEdit | TextEdit):
        return editor.written()
    return pack(editor.value())


def write_into(editor: Editor, written: Any) -> None:
    """Put a draft's text back as if it had been typed."""
    clean = editor._clean  # noqa: SLF001  what was stored stays the measure of dirtiness
    if isinstance(editor, FormatEdit):
        editor.line.setText(written or "")
        editor.settle()
    elif isinstance(editor, TextEdit | FlagEdit):
        editor.set_value(written)
    else:
        _choose(editor, written)
    editor._clean = clean  # noqa: SLF001


def _choose(editor: Editor, written: Any) -> None:
    for candidate in (written, _uuid(written)):
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
