"""What goes over from one record to the next: pinned values, and by F9 any value of the last one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from client.kit.drafts import put_value
from client.kit.fields import Editor
from client.kit.held import Held, find, stored_rows
from client.kit.records import Records
from client.kit.screen import Part, Screen
from common.kit.ids import new_id
from common.kit.unreadable import Unreadable
from common.kit.wire import pack, unpack


def pinned_of(held: Mapping[str, Held]) -> dict[str, Any]:
    """The pinned values as primitives, by «part.field»."""
    return {
        editor.objectName(): pack(editor.value())
        for each in held.values()
        for editor in each.editors.values()
        if editor.is_pinned()
    }


def carry(
    store: Records, plan: Screen, held: Mapping[str, Held], pinned: Mapping[str, Any]
) -> None:
    """Begin a new record with what the last one left; it is nothing typed, so nothing is dirty."""
    for key, written in pinned.items():
        part, name = key.split(".")
        each = held.get(part)
        if each is not None and not each.stored and name in each.editors:
            value = _known(store, plan.part(part), name, written)
            each.seen[name] = value
            each.editors[name].set_value(value)
            each.editors[name].set_pinned(True)


def _known(store: Records, part: Part, name: str, written: Any) -> Any:
    """The value, unless what it names is no longer there."""
    field = part.spec[name]
    try:
        value = unpack(field, written)
    except (ValueError, Unreadable):
        return None
    gone = field.target is not None and value and store.get(field.target, value) is None
    return None if gone else value


def held_of(store: Records, plan: Screen, id: UUID | None, **seen: Any) -> dict[str, Held]:
    """The stored records behind a form that is not made; `seen` stands for a main one that is not there."""
    found: dict[str, Held] = {}
    for each in plan.from_main():
        missing = Held(new_id(), dict(seen) if each.name == plan.main else {})
        found[each.name] = find(store, plan, each, found, id) or missing
    return found


def value_of(
    store: Records, plan: Screen, id: UUID, part: Part, name: str, place: int | None
) -> Any:
    """What that field of a stored record holds; `place` from 0 on among many rows."""
    found = held_of(store, plan, id)
    if place is None:
        return found[part.name].seen.get(name)
    rows = stored_rows(store, part, found)
    return rows[place].seen.get(name) if place < len(rows) else None


def take(editor: Editor, value: Any) -> None:
    """Put it in as if it had been typed."""
    put_value(editor, value)
    editor.changed.emit()
