"""What points at a record, and the sentence that refuses to delete it while something does: one rule for both ends."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from common.kit.entity import describe, entities
from common.kit.spec import EntitySpec

ELSEWHERE = "другие разделы"
"""Where the records that point lie, to one who may not read them."""


@functools.cache
def pointing_at(name: str) -> tuple[tuple[str, str], ...]:
    """The (entity, reference) pairs whose rows may hold a record of this entity, its own parts included."""
    return tuple(
        (spec.name, field.name)
        for spec in map(describe, entities())
        for field in spec.fields
        if field.target == name and field.field.holds
    )


def refuse_pointed(spec: EntitySpec, found: Mapping[str, int]) -> str:
    """`found`: how many point, by the title of their list or ELSEWHERE."""
    told = ", ".join(
        f"{where} — {count}" if where == ELSEWHERE else f"«{where}» — {count}"
        for where, count in found.items()
    )
    return (
        f"Удалить нельзя: на запись «{spec.one}» ссылаются {told}. "
        "Сначала измените или удалите их, затем удалите снова"
    )
