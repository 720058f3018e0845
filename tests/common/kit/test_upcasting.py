"""Operations of older programs are translated, and those of newer ones wait."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from common.kit.errors import Invalid, Unavailable
from common.kit.ids import new_id
from common.kit.sync import HAND, SCHEMA, Command, Delete, Operation, PartSeen, PushRequest, Save
from common.kit.upcasting import raised, read_operation, read_push


def older(raw: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 called the surname by another name."""
    body = raw["body"]
    names = {"surname": "last_name"}
    return raw | {"body": body | {"set": {names.get(n, n): v for n, v in body["set"].items()}}}


def newer(raw: dict[str, Any]) -> dict[str, Any]:
    return raw | {"doubt": False}


def operation(**more: Any) -> Operation:
    body = Save("person", new_id(), create=True, set={"last_name": (None, "Ёлкина")})
    return Operation(uuid=new_id(), no=1, author=new_id(), at=0, body=body, **more)


def test_two_steps_are_taken_one_after_the_other() -> None:
    raw = {"schema": 1, "body": {"set": {"surname": [None, "Ёлкина"]}}}
    found = raised(raw, {1: older, 2: newer}, to=3)
    assert found == {
        "schema": 3,
        "doubt": False,
        "body": {"set": {"last_name": [None, "Ёлкина"]}},
    }


def test_an_operation_of_a_newer_program_waits() -> None:
    with pytest.raises(Unavailable, match="обновите программу"):
        read_operation(msgspec.msgpack.encode(operation(schema=SCHEMA + 1)))


def test_a_push_with_operations_of_this_schema_is_read_as_it_is() -> None:
    op = operation()
    request = PushRequest(device="d", epoch=None, settled_to=0, operations=[op])
    assert read_push(msgspec.msgpack.encode(request)).operations == [op]


def test_what_is_no_push_is_said_to_be_none() -> None:
    with pytest.raises(msgspec.ValidationError):
        read_push(msgspec.msgpack.encode({"operations": "?"}))


@pytest.mark.parametrize("schema", ["2", None, True, 0, -1, 1.5])
def test_a_schema_that_never_was_is_refused_in_words(schema: Any) -> None:
    """Found by hostile calls: the server answered with a fault."""
    with pytest.raises(Invalid, match="не знает её вида"):
        raised({"schema": schema}, {1: newer}, to=2)


def test_parts_that_an_older_program_named_by_their_ids_are_named_still() -> None:
    id, part, other = new_id(), new_id(), new_id()
    old = {"type": "delete", "entity": "person", "id": id.hex, "children": [part.hex, other.hex]}
    raw = msgspec.to_builtins(operation()) | {"schema": 1}
    gone = read_operation(msgspec.msgpack.encode(raw | {"body": old}))
    parts = (PartSeen("", part, {}), PartSeen("", other, {}))
    assert gone.body == Delete("person", id, {}, parts)
    assert gone.schema == SCHEMA
    asked = {"type": "command", "name": HAND, "args": {"of": id.hex, "body": old}}
    handed = read_operation(msgspec.msgpack.encode(raw | {"body": asked})).body
    assert isinstance(handed, Command)
    assert handed.args["body"]["parts"] == [["", part.hex, {}], ["", other.hex, {}]]
    assert "children" not in handed.args["body"]
