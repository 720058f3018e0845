"""The operation that stores what has changed of a record: forms, tables and whatever else changes one make it here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from common.kit.spec import EntitySpec
from common.kit.sync import Save
from common.kit.wire import pack


def save(
    spec: EntitySpec, id: UUID, seen: Mapping[str, Any] | None, values: Mapping[str, Any]
) -> Save | None:
    """The whole of a new record (nothing was `seen`), the changed atoms of a stored one; None where nothing changed."""
    if seen is None:
        fresh = {n: (None, pack(v)) for n, v in values.items() if v is not None}
        return Save(spec.name, id, create=True, set=fresh)
    touched = {n for n, v in values.items() if v != seen.get(n)}
    whole = {mate for n in touched for mate in spec.atom_of(n)}
    pairs = {n: (pack(seen.get(n)), pack(values[n])) for n in sorted(whole)}
    return Save(spec.name, id, create=False, set=pairs) if pairs else None


def reversed_save(body: Save) -> Save:
    """What takes it back: each field as it was seen before, over the value that it was given."""
    back = {name: (new, old) for name, (old, new) in body.set.items()}
    return Save(body.entity, body.id, create=False, set=back)
