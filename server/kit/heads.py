"""Heads of the journals of changes, kept outside the database: whoever rewrites a journal to its end is still found out.

One signed file a day, a line a college; midnight writes it. The signature is the server's own (secrets.toml):
a copy of the file that lies elsewhere proves the journal even where the server itself has been taken over.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.kit.gate import read_epoch
from server.kit.outside import Outside, outside_of
from server.kit.session import CollegeSession
from server.kit.tables import clock

HEADS = "heads"


class Head(msgspec.Struct, frozen=True):
    """Where a journal ended at that moment."""

    college: UUID
    code: str
    epoch: str
    seq: int
    hash: str
    at: dt.datetime


class Anchor(NamedTuple):
    """One line of the files; `head` is None where its signature is not the server's."""

    place: str
    head: Head | None


class Signed(msgspec.Struct, frozen=True):
    head: msgspec.Raw
    mac: str


def write_head(db: CollegeSession, code: str, day: dt.date) -> Head:
    """Add the present head of this session's college to the file of that day; on the disk when it returns."""
    stood = db.execute(
        sa.select(clock.c.counter, clock.c.audit_head).where(clock.c.college_id == db.college_id)
    ).one()
    head = Head(db.college_id, code, read_epoch(db), stood.counter, stood.audit_head, db.now())
    outside = outside_of(db)
    said = msgspec.json.encode(head)
    line = msgspec.json.encode(Signed(msgspec.Raw(said), outside.sign(said)))
    folder = outside.folder / HEADS
    folder.mkdir(exist_ok=True)
    handle = os.open(
        folder / f"{day:%Y-%m-%d}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600
    )
    try:
        os.write(handle, line + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)
    return head


def anchors(outside: Outside, folder: Path | None = None) -> Iterator[Anchor]:
    """Every line of the server's own files, or of a copy that was kept elsewhere."""
    for file in sorted((folder or outside.folder / HEADS).glob("*.jsonl")):
        for number, line in enumerate(file.read_bytes().splitlines(), 1):
            yield Anchor(f"{file.name}, строка {number}", _head(outside, line))


def _head(outside: Outside, line: bytes) -> Head | None:
    try:
        signed = msgspec.json.decode(line, type=Signed)
        if outside.has_signed(signed.mac, bytes(signed.head)):
            return msgspec.json.decode(signed.head, type=Head)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
    return None
