"""The generic form: a Screen's records typed, and stored as one transaction of operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.kit.carrying import carry, pinned_of, take, value_of
from client.kit.drafts import Drafts, name_of
from client.kit.editors import editor_for, may_create
from client.kit.fault_list import Fault
from client.kit.fields import Editor, FlagEdit
from client.kit.file_strip import FileStrip
from client.kit.focus import FieldWalk, bring_into_sight
from client.kit.forms import FieldRow, FormArea, Section
from client.kit.held import Held, Values, delete_of, find, order_of, save_of, stored_rows
from client.kit.owned import owned
from client.kit.part_rows import RowsBlock
from client.kit.pick import Create
from client.kit.reading import note_card
from client.kit.recent import note_recent
from client.kit.records import Body, Records
from client.kit.screen import Attribute, Card, Line, Part, Rows, Screen
from client.kit.undoing import Undoing
from common.kit.access import opens
from common.kit.ids import new_id
from common.kit.kinds import P3
from common.kit.rights import Action
from common.kit.spec import FieldSpec, problems
from common.kit.sync import Delete, LegalNumber, Save


class RecordForm(FieldWalk):
    """`changed` after each change by hand; `drafted` when a draft is written; `saved(id)`;
    `create_asked(entity, typed text, what takes the id)` where a look-up is to have a new record.

    Of a part with many rows `held` keeps what is typed once for all of them; the rows are in `blocks`.
    """

    changed = Signal()
    drafted = Signal()
    saved = Signal(str)
    create_asked = Signal(str, str, object)

    def __init__(
        self, store: Records, screen: Screen, id: UUID | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.store, self.plan = store, screen
        self.rights = store.permissions()
        self.held: dict[str, Held] = {}
        self._load(id)
        if self.held[screen.main].stored:
            note_card(store, screen, self.held[screen.main].id)
        self.key = f"{screen.name}:{self.held[screen.main].id.hex}"
        self.blocks: dict[str, RowsBlock] = {}
        every = [each for card in screen.cards for each in card.lines]
        self.lines = {each.part: each.lines for each in every if isinstance(each, Rows)}
        self.files = {e.part: e.files for e in every if isinstance(e, Rows) and e.files}
        self.sections = [self._section(card) for card in screen.cards]
        self.area = FormArea([s for s in self.sections if s.rows])
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self.area)
        self.drafts = Drafts(self, self)
        self.drafts.written.connect(self.drafted)
        self.drafts.restored.connect(self.changed)
        for editor in self.editors():
            editor.pin_changed.connect(self.drafts.write_soon)
        self.steps = Undoing(self.drafts, self)
        self.changed.connect(self.steps.note)
        self._fill()
        self.steps.begin()

    # ---- what a special form may say

    def presets(self, part: Part) -> Values:
        """What a new record of this part begins with, beside the defaults of its fields."""
        return {}

    def proposals(self, part: Part, rows: Sequence[Held]) -> list[Values]:
        """Rows that are offered after those that there are; stored only where something is typed into them."""
        return []

    def row_limit(self, part: str) -> tuple[int, str] | None:
        """The most rows of a part, and what to say about it."""
        return None

    def row_files(self, part: str, held: Held) -> FileStrip | None:
        """The files on a row; None where rows of this part have none."""
        return None

    def row_typed(self, part: str, row: Held, name: str) -> None:
        """A field of a row was changed by hand."""

    def special_editor(self, part: str, name: str, label: str) -> Editor | None:
        """A widget of its own for a field; None where the kind of the field says which one."""
        return None

    def title(self) -> str:
        """The words by which people know this record, as they are typed."""
        named = "name" in self.plan.part(self.plan.main).spec.by_name
        return str(self.value(self.plan.main, "name") or "") if named else ""

    # ---- records behind the parts

    def _load(self, id: UUID | None) -> None:
        self.held = {}
        for part in self.plan.from_main():
            found = find(self.store, self.plan, part, self.held, id)
            if part.many:
                self.held[part.name] = Held(new_id(), found.seen if found else self._blank(part))
            else:
                self.held[part.name] = found or Held(new_id(), self._blank(part))

    def _rows(self, part: Part) -> list[Held]:
        rows = stored_rows(self.store, part, self.held)
        return rows + self.proposed_rows(part, rows)

    def proposed_rows(self, part: Part, rows: Sequence[Held]) -> list[Held]:
        return [
            Held(new_id(), self._blank(part) | values, proposed=True)
            for values in self.proposals(part, rows)
        ]

    def _blank(self, part: Part) -> Values:
        values = {f.name: f.default for f in part.spec.fields}
        return values | self.presets(part) | dict(part.fixed)

    def blank_row(self, part: str) -> Held:
        return Held(new_id(), self._blank(self.plan.part(part)))

    # ---- building

    def _section(self, card: Card) -> Section:
        section = Section(card.title)
        for each in card.lines:
            part = self.plan.part(each.part)
            if isinstance(each, Rows):
                if self._readable(part, each.lines[0].fields):
                    section.add_block(self._block(each, part))
            elif fields := self._readable(part, each.fields):
                section.add_row(self._row(each, part, fields))
        return section

    def _readable(self, part: Part, fields: Sequence[Attribute]) -> list[Attribute]:
        return [a for a in fields if self._may(part, str(a.key), Action.READ)]

    def _may(self, part: Part, name: str, action: Action) -> bool:
        return opens(self.rights, part.spec, action, part.spec[name].field.pd)

    def _row(self, each: Line, part: Part, fields: Sequence[Attribute]) -> FieldRow:
        specs = [part.spec[str(a.key)] for a in fields]
        label = each.label or specs[0].label
        editors = self._editors(each, part, fields, self.held[part.name])
        for editor, f in zip(editors, specs, strict=True):
            editor.setObjectName(f"{part.name}.{f.name}")
            editor.set_label(f"{label}: {f.label.lower()}" if len(specs) > 1 else label)
            editor.changed.connect(self._touched)
        optional = part.optional or part.many
        needed = specs[0].required and specs[0].default != ""
        required = needed and not optional and not isinstance(editors[0], FlagEdit)
        if required:
            editors[0].set_label(f"{editors[0].label()}, обязательное поле")
        return FieldRow(label, *editors, required=required, pinnable=each.pinnable)

    def _editors(
        self, each: Line, part: Part, fields: Sequence[Attribute], held: Held
    ) -> list[Editor]:
        """New editors of a line, kept in `held`."""
        made = []
        for place, attribute in enumerate(fields):
            f = part.spec[str(attribute.key)]
            advance = each.advance[place] if place < len(each.advance) else 0
            label = each.label if place == 0 else ""
            first = each if place == 0 else Line(each.part, each.fields)
            editor = self.special_editor(part.name, f.name, each.label or f.label) or editor_for(
                f,
                self.store,
                advance_at=advance,
                label=label,
                tick=first.tick,
                suggest=first.suggest,
                format=first.format,
                create=self._creator(f) if first.creates else None,
            )
            editor.setEnabled(self._may(part, f.name, Action.WRITE))
            held.editors[f.name] = editor
            made.append(editor)
        return made

    def _creator(self, f: FieldSpec) -> Create | None:
        """Makes a record of the book that a field looks up in, where this person may."""
        if f.target is None or not may_create(self.rights, f.target):
            return None
        target = f.target
        return lambda text, done: self.create_asked.emit(target, text, done)

    def _block(self, each: Rows, part: Part) -> RowsBlock:
        fixed = not all(self._may(part, f.name, Action.WRITE) for f in part.spec.fields)
        block = RowsBlock(
            self, part.name, part.spec.one, add=each.add, numbered=bool(part.numbered), fixed=fixed
        )
        block.changed.connect(self._touched)
        block.typed.connect(lambda row, name: self.row_typed(part.name, row, name))
        self.blocks[part.name] = block
        return block

    def row_lines(self, part: str, held: Held, *, first: bool) -> list[list[Editor]]:
        plan = self.plan.part(part)
        return [
            self._editors(line, plan, fields, held)
            for line in (self.lines[part][:1] if first else self.lines[part][1:])
            if (fields := self._readable(plan, line.fields))
        ]

    def _fill(self) -> None:
        for held in self.held.values():
            held.show()
        for name, block in self.blocks.items():
            block.show_rows(self._rows(self.plan.part(name)))

    def take_back(self, *, again: bool = False) -> bool:
        return self.steps.redo() if again else self.steps.undo()

    def way(self) -> list[QWidget]:
        """The focus walks the fields in the order of the paper, also those that came later."""
        return [field for e in self.editors() if (field := e.focusProxy()) is not None]

    def editor(self, part: str, name: str) -> Editor:
        return self.held[part].editors[name]

    def editors(self) -> Iterator[Editor]:
        return self.area.editors()

    def rows(self, part: str) -> list[Held]:
        """The rows that would be stored, in the order of the screen."""
        return self.blocks[part].wanted() if part in self.blocks else []

    # ---- what was typed

    def _touched(self) -> None:
        self.drafts.write_soon()
        self.changed.emit()

    def value(self, part: str, name: str) -> Any:
        return self.held[part].value(name)

    def values(self, part: Part) -> Values:
        """The whole record as it would be stored."""
        values = self._owned(part, self.held[part.name].values())
        for reference, name in part.points_at.items():
            if self._is_wanted(self.plan.part(name)):
                values[reference] = self.held[name].id
        return values

    def row_values(self, part: Part, row: Held, place: int) -> Values:
        """One of many, at its place from 1 on, with what is typed once for all of them."""
        shared = self.held[part.name].editors
        values = row.values() | {
            name: editor.value()
            for name, editor in shared.items()
            if editor.is_dirty() or not row.stored
        }
        if part.numbered:
            values[part.numbered] = place
        return self._owned(part, values)

    def _owned(self, part: Part, values: Values) -> Values:
        """With the reference to its owner; a text that may be empty but not absent is empty."""
        empty = {f.name: "" for f in part.spec.fields if f.default == "" and not values[f.name]}
        owner = {part.owner[0]: self.held[part.owner[1]].id} if part.owner else {}
        return values | empty | owner

    def _is_wanted(self, part: Part) -> bool:
        """Is there anything of this part to store?"""
        held = self.held[part.name]
        owned = (p for p in self.plan.parts if p.many and p.owner and p.owner[1] == part.name)
        return (
            held.stored
            or not part.optional
            or held.is_filled()
            or any(self.rows(p.name) for p in owned)
        )

    def dirty_labels(self) -> list[str]:
        said = [e.label().split(",")[0] for e in self.editors() if e.is_dirty()]
        moved = [b.one for b in self.blocks.values() if b.is_dirty()]
        return said or list(dict.fromkeys(moved))

    def is_dirty(self) -> bool:
        blocks = self.blocks.values()
        return any(h.is_dirty() for h in self.held.values()) or any(b.is_dirty() for b in blocks)

    # ---- from one record to the next

    def pinned(self) -> dict[str, Any]:
        return pinned_of(self.held)

    def carry(self, pinned: Mapping[str, Any]) -> None:
        carry(self.store, self.plan, self.held, pinned)

    def take_from(self, id: UUID) -> bool:
        """Fill the field in focus with what it holds in that record; False where it holds nothing."""
        for part, name, place, editor in self._places():
            if editor.focusProxy() is self.focusWidget() and editor.isEnabled():
                if part.spec[name].field.pd is P3:
                    self.store.note_reading(self.plan.name, id)
                value = value_of(self.store, self.plan, id, part, name, place)
                if value is not None:
                    take(editor, value)
                return value is not None
        return False

    def stored_ids(self) -> list[UUID]:
        """The stored records that this card shows, the main one first."""
        single = [h for n, h in self.held.items() if not self.plan.part(n).many]
        rows = [row.held for block in self.blocks.values() for row in block.rows]
        return [held.id for held in [*single, *rows] if held.stored]

    def focused_field(self) -> FieldSpec | None:
        focused = self.focusWidget()
        for part, name, _, editor in self._places():
            if editor.focusProxy() is focused:
                return part.spec[name]
        return None

    def _places(self) -> Iterator[tuple[Part, str, int | None, Editor]]:
        for part in self.plan.parts:
            for name, editor in self.held[part.name].editors.items():
                yield part, name, None, editor
            rows = self.blocks[part.name].rows if part.name in self.blocks else []
            for place, row in enumerate(rows):
                for name, editor in row.held.editors.items():
                    yield part, name, place, editor

    # ---- saving

    def faults(self) -> list[Fault]:
        """Everything that stands in the way of storing, in the order of the form."""
        found: list[Fault] = []
        for part in self.plan.parts:
            if part.many:
                rows = self.rows(part.name)
                for place, row in enumerate(rows, 1):
                    said = self._faults(part, row, self.row_values(part, row, place))
                    one = f"{part.spec.one} {place}, " if len(rows) > 1 else ""
                    found += [(editor, one + text) for editor, text in said]
            elif self._is_wanted(part):
                found += self._faults(part, self.held[part.name], self.values(part))
        order = {e: place for place, e in enumerate(self.editors())}
        return sorted(found, key=lambda f: order.get(f[0], len(order)) if f[0] else len(order))

    def _faults(self, part: Part, held: Held, values: Values) -> list[Fault]:
        unread = {n: f"«{part.spec[n].label}»: {text}" for n, text in held.unread().items()}
        said = problems(part.spec, values) | unread
        return [(held.editors.get(name), text) for name, text in said.items()]

    def show_faults(self, faults: Sequence[Fault]) -> None:
        for editor, text in faults:
            if editor is not None:
                editor.set_message(text.split("»: ", 1)[-1].capitalize(), "error")
        first = next((e for e, _ in faults if e is not None), None)
        if first is not None:
            self.jump(first)

    def jump(self, editor: Editor) -> None:
        """To a field, wherever the form is scrolled to."""
        editor.setFocus(Qt.FocusReason.TabFocusReason)
        bring_into_sight(editor)

    def bodies(self) -> list[Body]:
        """The operations that store what was typed: owners first, rows that go before rows that come."""
        made: list[Body] = []
        for part in self.plan.by_owner():
            if part.many:
                made += self._row_bodies(part)
            elif self._is_wanted(part):
                save = save_of(part.spec, self.held[part.name], self.values(part))
                made += [save] if save else []
        return made

    def _row_bodies(self, part: Part) -> Iterator[Body]:
        if part.name not in self.blocks:
            return
        block, rows = self.blocks[part.name], self.rows(part.name)
        for gone in block.gone:
            yield self._delete(part, gone)
        ordered = part.spec.ordered
        for place, row in enumerate(rows, 1):
            values = self.row_values(part, row, place)
            if row.stored and ordered:
                values[ordered] = row.seen[ordered]  # it is said once, of the whole list
            if save := save_of(part.spec, row, values):
                yield save
        if ordered and part.owner and self.held[part.owner[1]].stored and block.is_reordered():
            yield order_of(part.spec, self.held[part.owner[1]], rows)

    def _delete(self, part: Part, gone: Held) -> Delete:
        readable = {f.name for f in part.spec.fields if self._may(part, f.name, Action.READ)}
        return delete_of(part.spec, gone, readable, owned(self.store, part.spec.name, gone.id))

    def save(
        self,
        *,
        book: str | None = None,
        fill: Callable[[LegalNumber | None, list[Body]], list[Body]] | None = None,
    ) -> None:
        """Record the operations and end the draft, in one transaction of the journal."""
        self.drafts.stop()
        bodies = self.bodies()
        if bodies:
            main = self.held[self.plan.main].id
            place = next((i for i, b in enumerate(bodies) if _is_of(b, main)), 0)

            def make(number: LegalNumber | None) -> Sequence[Body]:
                return fill(number, bodies) if fill else bodies

            self.store.record(make, book=book, numbered=place, draft=self.key)
            note_recent(self.store, self._pointed_at())
        else:
            self.store.drop_draft(self.key)
        self.reload()
        self.saved.emit(self.held[self.plan.main].id.hex)

    def _pointed_at(self) -> dict[str, list[UUID]]:
        """What was chosen by hand in look-ups, by book."""
        found: dict[str, list[UUID]] = {}
        for part, name, _, editor in self._places():
            target = part.spec[name].target
            if target and editor.is_dirty() and (value := editor.value()) is not None:
                found.setdefault(target, []).append(value)
        return found

    def reload(self) -> None:
        """Show the stored records again; everything is clean, the focus stays."""
        focus = name_of(self.focusWidget())
        before = self.held
        self._load(before[self.plan.main].id)
        for name, fresh in self.held.items():
            fresh.editors = before[name].editors
        self._fill()
        for editor in self.editors():
            if focus and editor.objectName() == focus:
                editor.setFocus()
        self.changed.emit()
        self.steps.begin()

    def discard(self) -> None:
        """What was typed is given up: the draft goes, nothing is dirty any more."""
        self.drafts.stop()
        self.store.drop_draft(self.key)
        for held in self.held.values():
            for editor in held.editors.values():
                editor.mark_clean()
        for name, block in self.blocks.items():
            block.show_rows(self._rows(self.plan.part(name)))
        self.steps.begin()


def _is_of(body: Body, id: UUID) -> bool:
    return isinstance(body, Save | Delete) and body.id == id
