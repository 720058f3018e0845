"""Operations of older programs (SYNC 4): translated step by step, never refused for their age."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from common.kit.errors import Invalid, Unavailable
from common.kit.sync import HAND, SCHEMA, Operation, PushRequest

Step = Callable[[dict[str, Any]], dict[str, Any]]


def _parts_with_values(raw: dict[str, Any]) -> dict[str, Any]:
    """1 → 2: a delete named its parts by their ids alone, and each of them by a delete of its own before it."""
    body = raw.get("body")
    if not isinstance(body, dict):
        return raw
    if body.get("type") == "delete":
        return raw | {"body": _with_parts(body)}
    args = body.get("args")
    if body.get("name") == HAND and isinstance(args, dict) and isinstance(args.get("body"), dict):
        return raw | {"body": body | {"args": args | {"body": _with_parts(args["body"])}}}
    return raw


def _with_parts(body: dict[str, Any]) -> dict[str, Any]:
    if "children" not in body:
        return body
    kept = {name: value for name, value in body.items() if name != "children"}
    return kept | {"parts": [["", id, {}] for id in body["children"]]}


UPCASTERS: dict[int, Step] = {1: _parts_with_values}
"""From this schema to the next: what was written as msgpack builtins, and is returned as such.

A step is kept for as long as a journal may hold operations of its schema: two versions, and the journal's retention.
"""

UNKNOWN = "Запись составлена неверно: программа не знает её вида; обратитесь к администратору"
NEWER = "Запись сделана более новой программой, чем эта: обновите программу, запись сохранена"


def raised(raw: Any, steps: Mapping[int, Step] = UPCASTERS, *, to: int = SCHEMA) -> dict[str, Any]:
    """The same operation in the present schema; Unavailable where it is of a newer one: it must wait, not be lost.

    Invalid where it is of none.
    """
    schema = raw.get("schema", 1) if isinstance(raw, dict) else None
    if type(schema) is not int or (schema < to and schema not in steps):
        raise Invalid(UNKNOWN)
    if schema > to:
        raise Unavailable(NEWER, retry_after=3600)
    told: dict[str, Any] = raw
    while schema < to:
        schema, told = schema + 1, {**steps[schema](told), "schema": schema + 1}
    return told


_OPERATION = msgspec.msgpack.Decoder(Operation)


def read_operation(packed: bytes) -> Operation:
    """An operation from the journal, of whatever age."""
    try:
        op = _OPERATION.decode(packed)
    except msgspec.ValidationError:
        return msgspec.convert(raised(msgspec.msgpack.decode(packed)), Operation)
    if op.schema == SCHEMA:
        return op
    return msgspec.convert(raised(msgspec.msgpack.decode(packed)), Operation)


def read_push(packed: bytes) -> PushRequest:
    """A push whose operations may be of older schemas; ValidationError where it is none at all."""
    try:
        request = msgspec.msgpack.decode(packed, type=PushRequest)
    except msgspec.ValidationError:
        return _older(packed)
    if all(op.schema == SCHEMA for op in request.operations):
        return request
    return _older(packed)


def _older(packed: bytes) -> PushRequest:
    raw = msgspec.msgpack.decode(packed)
    operations = raw.get("operations") if isinstance(raw, dict) else None
    if isinstance(operations, list) and all(isinstance(op, dict) for op in operations):
        raw["operations"] = [raised(op) for op in operations]
    return msgspec.convert(raw, PushRequest)
