"""Two forms of one human being made one: chosen values, and the rows that the other has not, go over as if they had been typed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from client.kit.drafts import written_of
from client.kit.held import Held
from client.kit.record_form import RecordForm
from common.kit.ids import new_id
from common.kit.kinds import Choice
from common.kit.spec import EntitySpec
from common.kit.wire import pack, pack_record


def bring_over(source: RecordForm, target: RecordForm, picks: Collection[str]) -> int:
    """Into a form of the same screen; the number of rows that went over. Nothing is stored by it."""
    body = target.drafts.body()
    for part, held in source.held.items():
        for name, editor in held.editors.items():
            if f"{part}.{name}" in picks:
                body["typed"][f"{part}.{name}"] = written_of(editor)
    count = 0
    for name, block in source.blocks.items():
        if name not in target.blocks:
            continue
        spec = target.plan.part(name).spec
        there = {_about(spec, held) for held in target.rows(name)}
        fresh = [held for held in block.wanted() if _about(spec, held) not in there]
        body["rows"][name] = [*body["rows"][name], *(_row(target, name, held) for held in fresh)]
        count += len(fresh)
    target.drafts.rewind(body)
    return count


def _about(spec: EntitySpec, held: Held) -> Any:
    """What a row is of: the first of its fields that is chosen from a book, or a text."""
    for name in held.editors:
        field = spec[name]
        if field.target or (field.type is str and not issubclass(field.type, Choice)):
            return pack(held.value(name))
    return held.id


def _row(target: RecordForm, part: str, held: Held) -> dict[str, Any]:
    seen = target.blank_row(part).seen
    return {
        "id": new_id().hex,
        "stored": False,
        "seen": {n: v for n, v in pack_record(seen).items() if v is not None},
        "typed": {name: written_of(editor) for name, editor in held.editors.items()},
    }
