"""Files at the centre (SYNC 10): contents on the shelf of their college, opened by the rights of the record they hang on.

Nothing here says whether another college has a content: whoever may not have it is told that there is none.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.attached import FileState, attached, refuse_attached
from common.kit.contents import HEAD, MAX_FILE, PIECE, kind_of, refuse_content, refuse_digest
from common.kit.entity import spec_of
from common.kit.errors import Invalid, NotFound, Unavailable
from common.kit.rights import Action, Section, may
from common.kit.sync import FileProgress
from server.kit.auth import Caller
from server.kit.commit import commit
from server.kit.database import reader
from server.kit.noting import note_denied
from server.kit.outside import outside_at
from server.kit.places import holders
from server.kit.refusals import Proposal
from server.kit.scope import allows
from server.kit.session import Clock, CollegeSession
from server.kit.tables import stored_file

ABSENT = "Такого файла нет"
NO_ROOM = "На сервере не хватает места для файлов; файл будет отправлен позже"
PARTS = "parts"


def refuse_file(db: CollegeSession, proposal: Proposal) -> str | None:
    """The rule of every entity of files, for RULES."""
    if proposal.deleted:
        return None
    state: FileState = proposal.values["state"]
    return refuse_attached(proposal.touched, state, created=proposal.created)


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a content of that size, from `at` on."""

    digest: str
    size: int
    at: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where one content of one college lies, whole or as far as one desk has sent it."""

    digest: str
    size: int
    whole: Path
    part: Path

    @property
    def have(self) -> int:
        """How much this desk has sent itself."""
        return self.part.stat().st_size if self.part.exists() else 0

    def have_whole(self) -> int | None:
        """Its length on the shelf; None where it is not there."""
        return self.whole.stat().st_size if self.whole.exists() else None

    def add(self, piece: Piece) -> None:
        """Written where it belongs: what two requests bring of the same content is the same."""
        with room():
            self.part.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.part, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.seek(piece.at)
                file.write(piece.body)

    def shelve(self) -> bool:
        """Put the whole content where it is found; False where what came is not it, and is thrown away."""
        with room(), self.part.open("r+b") as file:
            os.fsync(file.fileno())
            same = hashlib.file_digest(file, "sha256").hexdigest() == self.digest
            file.seek(0)
            refused = refuse_content("файл", file.read(HEAD), self.size)
        if not same or refused:
            self.part.unlink(missing_ok=True)
        if same and refused:
            raise Invalid(refused)
        if same:
            with room():
                self.whole.parent.mkdir(parents=True, exist_ok=True)
                self.part.replace(self.whole)
                for folder in (self.whole.parent, self.whole.parent.parent):
                    _settle(folder)
        return same


@contextlib.contextmanager
def room() -> Iterator[None]:
    """Unavailable, in words, where the disk is full."""
    try:
        yield
    except OSError as fault:
        raise Unavailable(NO_ROOM, retry_after=60) from fault


def _settle(folder: Path) -> None:
    """A name in a folder survives a power cut only when the folder itself is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def shelf(engine: sa.Engine | sa.Connection, college_id: UUID) -> Path:
    return outside_at(engine).files / college_id.hex


def place_of(
    engine: sa.Engine | sa.Connection, college_id: UUID, digest: str, size: int = 0, desk: str = ""
) -> Place:
    folder = shelf(engine, college_id)
    sender = hashlib.sha256(desk.encode()).hexdigest()[:16]  # a desk's id is a client's word
    return Place(digest, size, folder / digest[:2] / digest, folder / PARTS / f"{digest}-{sender}")


# ---- rights


def _rows(db: CollegeSession, digest: str, *where: Any) -> list[Any]:
    """Live records that this content hangs on."""
    found: list[Any] = []
    for entity in attached():
        columns: Any = entity
        query = sa.select(entity).where(
            columns.content == digest, columns.deleted_at.is_(None), *(w(columns) for w in where)
        )
        found += db.scalars(query.order_by(columns.id).with_for_update() if where else query)
    return found


def _opens(db: CollegeSession, caller: Caller, row: Any, action: Action) -> bool:
    """Does this record open its content to him?"""
    spec = spec_of(type(row).__tablename__)
    pd = spec["content"].field.pd
    held = allows(db, caller.permissions, caller.own, spec.name, row.id, action)
    sections = {Section.of(place.section) for place in holders(db, spec.name, [row.id])[row.id]}
    return any(may(held, section, action, pd) for section in sections)


def _check(engine: sa.Engine, caller: Caller, digest: str, action: Action, now: Clock) -> bool:
    """Has he come by this content already? A record that he has made of its digest alone says nothing of that.

    NotFound, in the same words, where there is no such content, it is another college's, or no right to it.
    """
    if refuse_digest(digest) is None:
        with CollegeSession(reader(engine), caller.college_id, now=now) as db:
            rows = _rows(db, digest)
            opened = [row for row in rows if _opens(db, caller, row, action)]
            known = any(row.state is FileState.RECEIVED for row in opened)
            if known or (opened and action is Action.WRITE):
                return known
            kept = [] if opened else [(row.__tablename__, row.id) for row in rows[:1]]
        for entity, id in kept:
            note_denied(engine, caller, now=now, entity=entity, row_id=id)
    raise NotFound(ABSENT)


# ---- receiving


def receive(engine: sa.Engine, caller: Caller, piece: Piece, *, now: Clock) -> FileProgress:
    """How much has come; the last byte puts it on the shelf and tells those records that waited for it and are his to write.

    Whoever has not come by it yet sends all of it, though it may lie here: a digest is no secret. NotFound until a record that it hangs on is here.
    """
    known = _check(engine, caller, piece.digest, Action.WRITE, now)
    if not 0 < piece.size <= MAX_FILE or piece.at + len(piece.body) > piece.size:
        raise Invalid("Размер файла назван неверно")
    place = place_of(engine, caller.college_id, piece.digest, piece.size, caller.device)
    if not (known and place.whole.exists()):
        if piece.body and 0 <= piece.at <= place.have:
            place.add(piece)
        if place.have < place.size:
            return FileProgress(have=place.have, whole=False)
        if not place.shelve():
            return FileProgress(have=0, whole=False)
    with CollegeSession(engine, caller.college_id, now=now, author=caller.author) as db:
        _receive(db, caller, place)
    return FileProgress(have=place.have_whole() or 0, whole=True)


def _receive(db: CollegeSession, caller: Caller, place: Place) -> None:
    rows = _rows(db, place.digest, lambda file: file.state == FileState.AWAITED)
    waiting = [row for row in rows if _opens(db, caller, row, Action.WRITE)]
    for row in waiting:
        row.state = FileState.RECEIVED
    c = stored_file.c
    known = db.execute(
        sa.select(c.size).where(c.college_id == db.college_id, c.digest == place.digest)
    ).first()
    if known is None:
        with place.whole.open("rb") as file:
            kind = kind_of(file.read(HEAD))
        db.execute(
            sa.insert(stored_file).values(
                college_id=db.college_id,
                digest=place.digest,
                size=place.have_whole(),
                kind=kind.value if kind else "",
                received_at=db.now(),
            )
        )
    if waiting or known is None:
        commit(db, "file")


# ---- giving


def read(
    engine: sa.Engine, caller: Caller, digest: str, at: int, most: int, *, now: Clock
) -> bytes:
    """At most so many bytes from there on; empty at the end."""
    _check(engine, caller, digest, Action.READ, now)
    try:
        with place_of(engine, caller.college_id, digest).whole.open("rb") as file:
            file.seek(min(max(at, 0), MAX_FILE))
            return file.read(min(max(most, 0), PIECE))
    except FileNotFoundError:
        raise NotFound(ABSENT) from None


def vanished(db: CollegeSession) -> list[str]:
    """Digests of what was received whole and does not lie whole on the shelf of this session's college."""
    c = stored_file.c
    found = db.execute(
        sa.select(c.digest, c.size).where(c.college_id == db.college_id).order_by(c.digest)
    )
    return [
        digest
        for digest, size in found
        if place_of(db.get_bind(), db.college_id, digest).have_whole() != size
    ]
