"""The messages of the sync protocol in their final form (SYNC.md): what desk and centre say to each other.

Carried as msgpack, deflated (`application/vnd.epo.sync`), ≤ 1 MB packed and ≤ 8 MB unpacked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from common.kit.kinds import Choice

SCHEMA = 2
"""Number of the operation format this code writes; older ones are translated by upcasters."""

MAX_PACKED = 1_000_000
MAX_UNPACKED = 8_000_000
MAX_ROWS = 2_000
MAX_OPERATIONS = 500
MAX_OPERATION = 256_000
MAX_OFFER = 20_000

END = "~"
"""Sorts after every facet and id: the end of a sequence number."""


class Position(NamedTuple):
    """A place inside a bucket; a page may cut anywhere."""

    seq: int
    facet: str
    id: str


START = Position(0, "", "")


class Bucket(NamedTuple):
    """(college or root, section, class, academic year or 0): the unit of rights and of pulling."""

    scope: str
    section: str
    pd: str
    year: int


class Witness(NamedTuple):
    """A clock value heard from the server and the random mark of its transaction."""

    clock: int
    mark: int
    proof: bytes = b""
    """The server's own word that it once said this, in this history: without it a witness accuses nobody of a restore."""


class Digest(NamedTuple):
    """Number of live entries and sums of the two halves of hash64(facet, id, seq)."""

    rows: int
    low: int
    high: int


class Status(Choice):
    """What became of an operation; final, but for PENDING."""

    PENDING = "pending", "Ожидает отправки"
    APPLIED = "applied", "Синхронизировано"
    CONFLICT = "conflict", "Конфликт"
    REFUSED = "refused", "Отклонено правилом"
    QUARANTINED = "quarantined", "Нет права"
    HELD = "held", "Ждёт решения по связанной записи"
    FAILED = "failed", "Ошибка"
    FORGOTTEN = "forgotten", "Принято ранее"
    SEALED = "sealed", "Передано администратору"
    CLOSED = "closed", "Закрыто"


class Gate(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What every request carries."""

    device: str
    epoch: str | None
    witnesses: list[Witness] = []
    schema: int = SCHEMA


class Cursor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    bucket: Bucket
    pos: Position = START
    until: Position = START
    facets: tuple[str, ...] = ()
    """Facets being reloaded: those up to `until` are sent again, all others only from it."""

    @property
    def stands(self) -> bool:
        """At the end of a moment, with nothing to be told again."""
        return self.pos[1:] == (END, END) and not self.facets


class Level(NamedTuple):
    """Buckets that are read to the end of the same moment: most are, and need no cursor each."""

    seq: int
    buckets: list[Bucket]


class PullRequest(Gate, kw_only=True, forbid_unknown_fields=True):
    ticket: int
    cursors: list[Cursor] = []
    levels: list[Level] = []
    prove: bool = False
    """The sums of buckets that are read to their end are wanted too: they were not compared since the start."""
    limit: int = MAX_ROWS
    handed: list[UUID] = []
    """Own operations that an administrator has: what did he say?"""

    def places(self) -> dict[Bucket, Cursor]:
        """Where every bucket stands, however it was told."""
        found = {
            bucket: Cursor(bucket, Position(level.seq, END, END))
            for level in self.levels
            for bucket in level.buckets
        }
        return found | {cursor.bucket: cursor for cursor in self.cursors}


def levelled(cursors: Iterable[Cursor]) -> tuple[list[Level], list[Cursor]]:
    """The same places in as few words as a request can say them."""
    levels: dict[int, Level] = {}
    others = []
    for cursor in cursors:
        if cursor.stands:
            seq = cursor.pos.seq
            levels.setdefault(seq, Level(seq, [])).buckets.append(cursor.bucket)
        else:
            others.append(cursor)
    return [*levels.values()], others


class YearRequest(PullRequest, kw_only=True, forbid_unknown_fields=True):
    """A page of a year that the desk does not hold, read online; nothing of it is kept."""

    year: int


class FacetRows(msgspec.Struct):
    """Rows of one facet: [id, seq, value, …] in the order of `columns`."""

    facet: str
    columns: list[str]
    rows: list[tuple[Any, ...]]


class Page(msgspec.Struct):
    bucket: Bucket
    frm: Position
    to: Position
    more: bool
    rows: list[FacetRows]
    gone: list[Position]
    digest: Digest | None = None
    """Of the whole bucket at `to`; only with the last page."""


class Raised(NamedTuple):
    """Nothing is new from one moment to another in all buckets that are read to the former, `but` these.

    The region's books have a clock of their own.
    """

    regional: bool
    frm: int
    to: int
    but: list[Bucket]


class Answer(msgspec.Struct, kw_only=True):
    """What every answer carries."""

    epoch: str
    was: str | None = None
    """The epoch of the request, where it is not the server's own."""
    clock: int = 0
    mark: int = 0
    proof: bytes = b""
    witnessed: list[Witness] = []
    """The witnesses of the request that were checked and found true."""


WHOLE = ""
"""In the place of a field's name: the record itself, kept or in the basket."""


class Writer(msgspec.Struct, kw_only=True, frozen=True):
    """Who gave the centre the value that an author had not seen: whom to call about it."""

    name: str
    post: str = ""
    phone: str = ""
    at: int = 0
    """ms since 1970 UTC."""
    account: UUID | None = None
    """None where no person of the college did it: a table was loaded, a command was given at the server."""


class HandedAnswer(msgspec.Struct, kw_only=True, frozen=True):
    """What an administrator has done with an operation that was handed to him."""

    uuid: UUID
    state: str
    who: Writer
    word: str = ""


class PullAnswer(Answer, kw_only=True):
    ticket: int = 0
    buckets: list[Bucket] = []
    """All of the user's buckets; what he holds beyond them he has lost."""
    own: list[tuple[str, str]] = []
    """(section, class) of which he sees only what belongs to roots of his own."""
    since: int = 0
    """The earliest year that a desk holds; what is before it is read online. 0: it holds every year."""
    pages: list[Page] = []
    raised: list[Raised] = []
    sums: list[tuple[Bucket, Digest]] = []
    """Asked for: of the buckets that have no page, for where they stand after this answer."""
    shapes: dict[str, int] = {}
    seal_key: str = ""
    """The recipient of the college's key, to which work is sealed that its author may no longer see."""
    backed_up_to: int = 0
    """Up to here two verified backups hold the present history."""
    recovering: bool = False
    """Restored from a backup: desks are giving back what it had not seen."""
    handed: list[HandedAnswer] = []
    """With the last page: those of the asked ones that an administrator has decided about."""
    more: bool = False
    time: int = 0
    """The server's clock, ms since 1970 UTC."""


class Save(msgspec.Struct, tag="save", frozen=True, forbid_unknown_fields=True):
    """Changed fields, each with the value the author saw; `create` makes the record."""

    entity: str
    id: UUID
    create: bool
    set: dict[str, tuple[Any, Any]]


class PartSeen(NamedTuple):
    """A part that goes with its owner, and the values on the author's screen."""

    entity: str
    """Empty in what older programs wrote: they named no kind."""
    id: UUID
    seen: dict[str, Any]


class Delete(msgspec.Struct, tag="delete", frozen=True, forbid_unknown_fields=True):
    """A record into the basket with its parts, whole or not at all; `seen` and `parts` are what stood on the author's screen."""

    entity: str
    id: UUID
    seen: dict[str, Any] = {}
    parts: tuple[PartSeen, ...] = ()


class Restore(msgspec.Struct, tag="restore", frozen=True, forbid_unknown_fields=True):
    """Out of the basket, with all that went there with it; `seen` and `parts` are what a desk shows before a pull."""

    entity: str
    id: UUID
    seen: dict[str, Any] = {}
    parts: tuple[PartSeen, ...] = ()


class Command(msgspec.Struct, tag="command", frozen=True, forbid_unknown_fields=True):
    """Anything beyond saving a record; `seen` holds the values it rests on."""

    name: str
    args: dict[str, Any] = {}
    seen: dict[str, Any] = {}


CLOSE = "close"
"""A decision that changes nothing: {"reason"}."""
READ = "read"
"""A person is being shown restricted data: {"entity", "id"} of the card; noted in the audit, and nothing else."""
END_ACCESS = "end_access"
"""An account may nothing from this moment on: {"account", "reason", "note"}."""
RESUME_ACCESS = "resume_access"
"""The cause is known and removed: {"account", "cause"}; a new code must be issued."""
DESTROY_LOGIN = "destroy_login"
"""The cause is not known: {"account"}; nobody ever gets this login again."""
NOTE = "note"
"""Something of the journal of visits happened at the desk: {"kind", "entity"?, "id"?}; nothing else is done."""
ADOPT = "adopt"
"""One thing entered twice: {"entity", "mine", "theirs"}; later operations on `mine` go to `theirs`."""


HAND = "hand"
"""An operation that the centre did not take, for an administrator: {"of", "word", "body"}. Nothing is executed."""
SEND_HANDED = "send_handed"
"""The administrator's own: {"handed", "set": {field: (seen, new)}}; the rest goes as its author wrote it."""
RETURN_HANDED = "return_handed"
"""{"handed", "word"}: the author is to decide himself."""


class Replay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a centre had answered to this operation in a history that is no more, under its own seal."""

    result: dict[str, Any]
    mac: bytes


class LegalNumber(NamedTuple):
    """A number consumed by an operation: (series of the desk, book, number)."""

    series: str
    book: str
    number: int


class Operation(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    uuid: UUID
    no: int
    author: UUID
    at: int
    """Desk clock corrected by the last known server offset, ms since 1970 UTC."""
    body: Save | Delete | Restore | Command
    doubt: bool = False
    schema: int = SCHEMA
    after: tuple[UUID, ...] = ()
    resolves: UUID | None = None
    """A decision: the operation that it settles."""
    chain: UUID | None = None
    """The first of the operations linked by `resolves`; a legal number belongs to all of them."""
    number: LegalNumber | None = None
    replay: Replay | None = None


class PushRequest(Gate, kw_only=True, forbid_unknown_fields=True):
    settled_to: int
    operations: list[Operation]


class Outcome(msgspec.Struct, kw_only=True):
    """The recorded answer to one operation; ignored unless it is still pending under (device, no, uuid)."""

    device: str
    no: int
    uuid: UUID
    status: str
    seq: int = 0
    text: str = ""
    fields: dict[str, str] = {}
    """Why, by field."""
    writers: dict[str, Writer] = {}
    """Of a conflict, by field or WHOLE: who wrote what the author had not seen."""
    result: dict[str, Any] = {}
    mac: bytes = b""


class PushAnswer(Answer, kw_only=True):
    outcomes: list[Outcome] = []
    forked: tuple[int, UUID] | None = None
    """This (no, uuid) meets another operation under its number: take a new device id."""
    last: int | None = None
    """The last number the server holds of this device, where the push left a gap."""


class OfferRequest(Gate, kw_only=True, forbid_unknown_fields=True):
    """Everything a desk keeps under any of its ids; sent before the first push of a new device id."""

    uuids: list[UUID]
    replaces: str = ""
    """The device id before this one."""
    forked: bool = False
    """Another copy of this profile works too: this one gets a series of its own."""


class OfferAnswer(Answer, kw_only=True):
    device: str = ""
    series: str = ""
    outcomes: list[Outcome] = []
    sealed: list[UUID] = []


class SealedOperation(msgspec.Struct, forbid_unknown_fields=True):
    uuid: UUID
    blob: bytes


class SealRequest(Gate, kw_only=True, forbid_unknown_fields=True):
    """All that a device key may still do when its account has ended."""

    uuids: list[UUID]
    """What the desk keeps sealed."""
    blobs: list[SealedOperation] = []
    """Some of it."""


class SealAnswer(Answer, kw_only=True):
    lacks: list[UUID] = []
    """Of those asked about: neither settled here nor sealed."""
    safe: list[UUID] = []
    """Held by two verified backups: the desk may let go."""


class FileProgress(msgspec.Struct, kw_only=True):
    """How many bytes of a content have come; from there it goes on."""

    have: int
    whole: bool
    """It is on the shelf, and the records that waited for it say so."""


class SignIn(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    login: str
    password: str
    computer: str
    """A name for people: «ПК-Приёмная-2»."""
    device: str | None = None
    """The desk's own id after the first sign-in."""
    new_password: str = ""
    """Where the password is a one-time code, or must be changed (StepNeeded)."""
    second: str = ""
    """The code of the second factor, or one of its recovery codes."""
    locked: bool = False
    """The computer's records do not open by this password: say only whether it is right (StepNeeded, old)."""


class SignedIn(msgspec.Struct, kw_only=True):
    token: str
    account: UUID
    login: str
    name: str
    post: str
    college: UUID
    college_code: str
    college_name: str
    zone: str
    device: str
    series: str
    permissions: list[str]
    lease_hours: int
    time: int
    ending: str = ""
    """SHA-256 of what the server will show when it says that the access has ended (AccessEnded)."""
    recovery: list[str] = []
    """New recovery codes of the second factor; shown once and kept nowhere."""
