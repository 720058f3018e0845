"""The parts that a handed delete would take along, beside the values of their owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from common.kit.sync import PartSeen

Pairs = Mapping[str, tuple[Any, Any]]


def told(parts: Sequence[PartSeen]) -> str:
    """For the column «Части записи»."""
    return " ".join(_word(part) for part in parts)


def values(parts: Sequence[PartSeen]) -> Iterator[tuple[str, str, Any]]:
    """(entity, field, value), the field under a name that no field of an owner has."""
    for part in parts:
        for name, value in part.seen.items():
            yield part.entity, f"{_word(part)}:{name}", value


def parts(column: str, pairs: Pairs) -> tuple[PartSeen, ...]:
    """The parts, each with those of the values that are its own; an older program told their ids alone."""
    found = []
    for word in column.split():
        entity, _, id = word.rpartition(":")
        seen = {
            name.removeprefix(f"{word}:"): new
            for name, (_, new) in pairs.items()
            if name.startswith(f"{word}:")
        }
        found.append(PartSeen(entity, UUID(id), seen))
    return tuple(found)


def own(pairs: Pairs) -> dict[str, tuple[Any, Any]]:
    """The values of the record itself."""
    return {name: pair for name, pair in pairs.items() if ":" not in name}


def _word(part: PartSeen) -> str:
    return f"{part.entity}:{part.id.hex}"
