"""An operation as the journal holds it, and what it touches."""

from __future__ import annotations

import enum
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from client.kit.records import Body
from common.kit.sync import (
    NOTE,
    READ,
    Command,
    Delete,
    HandedAnswer,
    Operation,
    Restore,
    Save,
    Status,
    Writer,
)
from common.kit.upcasting import read_operation
from common.kit.wire import ids_named


class Handed(enum.Enum):
    """Where an operation stands with an administrator."""

    NO = ""
    ASKED = "asked"
    """The request has not been answered yet."""
    WAITING = "waiting"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as the journal holds it."""

    op: Operation
    device: str
    status: Status
    seq: int
    seen: bool
    said: str
    fields: dict[str, str]
    result: dict[str, Any]
    closed: str
    epoch: str
    """The history that `seq` is of."""
    subject: tuple[str, str]
    """Entity and id of its record, after adoptions; empty for a command."""
    parts: tuple[tuple[str, str], ...]
    """The same of the parts that go with it."""
    writers: dict[str, Writer]
    """Who wrote what its author had not seen, by field or WHOLE, when the centre judged it."""
    handed: Handed
    answer: HandedAnswer | None
    """What an administrator said of it last."""

    @property
    def rows(self) -> list[tuple[str, str]]:
        """All that it touches: its own record first, then the parts that go with it; nothing of a command."""
        return [self.subject, *self.parts] if self.subject[1] else []

    @property
    def away(self) -> bool:
        """An administrator has it: it needs nobody here, though its author may still decide himself."""
        return self.handed in (Handed.ASKED, Handed.WAITING)


def subject(body: Body) -> tuple[str, str]:
    return ("", "") if isinstance(body, Command) else (body.entity, body.id.hex)


def parts_named(body: Body) -> list[tuple[str, str]]:
    """Entity and id of the parts that go with a record; those of which an older program told only the id are not known."""
    parts = body.parts if isinstance(body, Delete | Restore) else ()
    return [(part.entity, part.id.hex) for part in parts if part.entity]


def touched_by(body: Body) -> list[tuple[str, str]]:
    """All that it touches, before adoptions."""
    return [] if isinstance(body, Command) else [subject(body), *parts_named(body)]


def seen_in(body: Delete | Restore, entity: str, id: str) -> dict[str, Any]:
    """The values of this record, or of this part of it, as they were seen."""
    named = (part.seen for part in body.parts if (part.entity, part.id.hex) == (entity, id))
    return next(named, body.seen if entity == body.entity else {})


def is_event(body: Body) -> bool:
    """Noted by the program, and no work of a person."""
    return isinstance(body, Command) and body.name in (READ, NOTE)


EMPTY = msgspec.msgpack.encode({})
"""What most operations have in the place of reasons, results and writers."""
NO_PARTS = "[]"
_ANSWER = msgspec.msgpack.Decoder(HandedAnswer | None)
_WRITERS = msgspec.msgpack.Decoder(dict[str, Writer])


def entry_of(row: Sequence[Any]) -> Entry:
    body, no, device, status, seq, seen, said, fields, result, closed, epoch, *rest = row
    entity, row_id, writers, handed, said_back, parts = rest
    op = msgspec.structs.replace(read_operation(body), no=no)
    return Entry(
        op,
        device,
        Status.of(status),
        seq,
        bool(seen),
        said,
        msgspec.msgpack.decode(fields) if fields != EMPTY else {},
        msgspec.msgpack.decode(result) if result != EMPTY else {},
        closed,
        epoch,
        (entity, row_id),
        tuple((name, id) for name, id in json.loads(parts)) if parts != NO_PARTS else (),
        _WRITERS.decode(writers) if writers != EMPTY else {},
        Handed(handed),
        _ANSWER.decode(said_back),
    )


def named_in(body: Body) -> list[str]:
    """The row of an operation and every row it rests on: those it refers to, and the parts that go with it.

    A restore rests on nothing: where the delete before it was refused, there is nothing to undo.
    """
    match body:
        case Save():
            return [body.id.hex, *(id for _, new in body.set.values() for id in ids_named(new))]
        case Delete():
            return [body.id.hex, *(part.id.hex for part in body.parts)]
        case Restore() | Command():
            return []
