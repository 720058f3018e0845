"""The server's own tables: what makes sync, sign-in and audit work and is no entity of the trade."""

from __future__ import annotations

import sqlalchemy as sa

from common.kit.columns import Instant
from common.kit.entity import Entity

metadata = Entity.metadata

BYTEWISE = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")
"""Compared by bytes on every database: cursors depend on it."""


def _college() -> sa.Column[object]:
    return sa.Column("college_id", sa.Uuid, primary_key=True)


server_fact = sa.Table(
    "server_fact",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.String(200), nullable=False),
)

clock = sa.Table(
    "clock",
    metadata,
    _college(),
    sa.Column("counter", sa.BigInteger, nullable=False),
    sa.Column("audit_head", sa.String(64), nullable=False),
)

clock_mark = sa.Table(
    "clock_mark",
    metadata,
    _college(),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("mark", sa.BigInteger, nullable=False),
)

sync_bucket = sa.Table(
    "sync_bucket",
    metadata,
    _college(),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("scope", sa.String(32), nullable=False),
    sa.Column("section", sa.String(30), nullable=False),
    sa.Column("pd", sa.String(2), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("low", sa.BigInteger, nullable=False),
    sa.Column("high", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("college_id", "scope", "section", "pd", "year"),
)

sync_entry = sa.Table(
    "sync_entry",
    metadata,
    _college(),
    sa.Column("bucket", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("facet", BYTEWISE, primary_key=True),
    sa.Column("row_id", sa.Uuid, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("gone", sa.Boolean, nullable=False),
    sa.Index(None, "college_id", "bucket", "seq", "facet", "row_id"),
    sa.Index(None, "college_id", "row_id"),
)

device = sa.Table(
    "device",
    metadata,
    _college(),
    sa.Column("device", sa.String(32), primary_key=True),
    sa.Column("account_id", sa.Uuid, nullable=False),
    sa.Column("desk_id", sa.Uuid, nullable=False),
    sa.Column("last_no", sa.BigInteger, nullable=False),
    sa.Column("settled_to", sa.BigInteger, nullable=False),
    sa.Column("purged_to", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("seen_at", Instant, nullable=False),
)

operation = sa.Table(
    "operation",
    metadata,
    _college(),
    sa.Column("uuid", sa.Uuid, primary_key=True),
    sa.Column("device", sa.String(32), nullable=False),
    sa.Column("no", sa.BigInteger, nullable=False),
    sa.Column("author", sa.Uuid, nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("entity", sa.String(60), nullable=False),
    sa.Column("row_id", sa.Uuid),
    sa.Column("said", sa.String(2000), nullable=False),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("writers", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("result", sa.JSON, nullable=False),
    sa.Column("resolved", sa.Boolean, nullable=False),
    sa.Column("resolves", sa.Uuid),
    sa.Column("chain", sa.Uuid),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Index(None, "college_id", "device", "no"),
)

operation_echo = sa.Table(
    "operation_echo",
    metadata,
    _college(),
    sa.Column("device", sa.String(32), primary_key=True),
    sa.Column("no", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("uuid", sa.Uuid, nullable=False),
)
"""Numbers consumed by operations that had been recorded before, under another number or device."""

operation_failure = sa.Table(
    "operation_failure",
    metadata,
    _college(),
    sa.Column("uuid", sa.Uuid, primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
)

adopted = sa.Table(
    "adopted",
    metadata,
    _college(),
    sa.Column("entity", sa.String(60), primary_key=True),
    sa.Column("mine", sa.Uuid, primary_key=True),
    sa.Column("theirs", sa.Uuid, nullable=False),
)
"""Records entered twice: what a desk calls `mine` is `theirs`."""

asked = sa.Table(
    "asked",
    metadata,
    _college(),
    sa.Column("chain", sa.Uuid, primary_key=True),
    sa.Column("author", sa.Uuid, nullable=False),
    sa.Column("command", sa.String(60), nullable=False),
    sa.Column("result", sa.JSON, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("allowed", sa.Boolean),
    sa.Column("word", sa.String(500), nullable=False),
    sa.Column("decider", sa.Uuid),
    sa.Column("decided_at", Instant),
)
"""Commands that a restore lost and only the administrator repeats (SYNC 8), with what they had been given before."""

backup_mark = sa.Table(
    "backup_mark",
    metadata,
    _college(),
    sa.Column("made_at", Instant, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("mark", sa.BigInteger, nullable=False),
)
"""Where each verified backup stands. A restored database knows only the backups before its own moment."""

sealed = sa.Table(
    "sealed",
    metadata,
    _college(),
    sa.Column("uuid", sa.Uuid, primary_key=True),
    sa.Column("account_id", sa.Uuid, nullable=False),
    sa.Column("device", sa.String(32), nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("sealed_at", Instant, nullable=False),
    sa.Column("blob", sa.LargeBinary, nullable=False),
    sa.Index(None, "college_id", "account_id"),
)
"""Work whose author may no longer bring it, encrypted to the college's key until an administrator releases it."""

number_lease = sa.Table(
    "number_lease",
    metadata,
    _college(),
    sa.Column("series", sa.String(3), primary_key=True),
    sa.Column("book", sa.String(60), primary_key=True),
    sa.Column("top", sa.BigInteger, nullable=False),
)

number_used = sa.Table(
    "number_used",
    metadata,
    _college(),
    sa.Column("series", sa.String(3), primary_key=True),
    sa.Column("book", sa.String(60), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("uuid", sa.Uuid, nullable=False),
)

number_cancelled = sa.Table(
    "number_cancelled",
    metadata,
    _college(),
    sa.Column("series", sa.String(3), primary_key=True),
    sa.Column("book", sa.String(60), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("why", sa.String(500), nullable=False),
    sa.Column("account_id", sa.Uuid, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
"""Lines of a journal that no record will have; a late operation replaces its line (SYNC 7)."""

stored_file = sa.Table(
    "stored_file",
    metadata,
    _college(),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("received_at", Instant, nullable=False),
)
"""Contents that lie whole on the shelf of their college."""

midnight = sa.Table(
    "midnight",
    metadata,
    _college(),
    sa.Column("day", sa.Date, nullable=False),
)
"""The last day of a college's own zone whose midnight work is done."""

job = sa.Table(
    "job",
    metadata,
    _college(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("account_id", sa.Uuid, nullable=False),
    sa.Column("device", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("arguments", sa.JSON, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("done", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("total", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("said", sa.String(2000), nullable=False, server_default=""),
    sa.Column("file", sa.String(200), nullable=False, server_default=""),
    sa.Column("size", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("worker", sa.String(32), nullable=False, server_default=""),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("started_at", Instant),
    sa.Column("beat_at", Instant),
    sa.Column("finished_at", Instant),
    sa.Index(None, "state", "asked_at"),
    sa.Index(None, "college_id", "account_id", "asked_at"),
)
"""Long work: who asked, how far it is, what it made. Its worker says more than once a second that it lives (`beat_at`)."""

audit = sa.Table(
    "audit",
    metadata,
    _college(),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("account_id", sa.Uuid),
    sa.Column("device", sa.String(32), nullable=False),
    sa.Column("request_id", sa.String(40), nullable=False),
    sa.Column("action", sa.String(60), nullable=False),
    sa.Column("changes", sa.JSON, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

audit_row = sa.Table(
    "audit_row",
    metadata,
    _college(),
    sa.Column("row_id", sa.Uuid, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
)
"""Which lines of the audit speak of a row: who wrote a value is asked at every conflict."""

person_key = sa.Table(
    "person_key",
    metadata,
    _college(),
    sa.Column("person_id", sa.Uuid, primary_key=True),
    sa.Column("key", sa.LargeBinary(32), nullable=False),
    sa.Index(None, "key", "college_id"),
)
"""The same human being in several colleges: HMAC of his number under a key outside the database; never synced (SYNC 9)."""

transfer = sa.Table(
    "transfer",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("from_college", sa.Uuid, nullable=False),
    sa.Column("to_college", sa.Uuid, nullable=False),
    sa.Column("row_id", sa.Uuid, nullable=False),
    sa.Column("account_id", sa.Uuid, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("luggage", sa.JSON, nullable=False),
    sa.Column("done_at", Instant),
)
"""Records on their way between two colleges; what they hold is erased when they have arrived."""

login = sa.Table(
    "login",
    metadata,
    sa.Column("login", sa.String(32), primary_key=True),
    sa.Column("college_id", sa.Uuid, nullable=False),
    sa.Column("account_id", sa.Uuid, nullable=False),
    sa.Column("password_hash", sa.String(255)),
    sa.Column("code_hash", sa.String(64)),
    sa.Column("code_to", Instant),
)
"""`code_hash` is of a one-time code that is good until `code_to`; the code itself is nowhere (A10.3)."""

second_factor = sa.Table(
    "second_factor",
    metadata,
    _college(),
    sa.Column("account_id", sa.Uuid, primary_key=True),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("confirmed_at", Instant),
    sa.Column("last_step", sa.BigInteger, nullable=False),
)

recovery_code = sa.Table(
    "recovery_code",
    metadata,
    _college(),
    sa.Column("account_id", sa.Uuid, primary_key=True),
    sa.Column("hash", sa.String(64), primary_key=True),
)

sign_in_failure = sa.Table(
    "sign_in_failure",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("login", sa.String(32), nullable=False),
    sa.Column("device", sa.String(32), nullable=False, server_default=""),
    sa.Column("network", sa.String(45), nullable=False, server_default=""),
    sa.Column("at", Instant, nullable=False),
    sa.Index(None, "login", "at"),
    sa.Index(None, "network", "at"),
)

token = sa.Table(
    "token",
    metadata,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("college_id", sa.Uuid, nullable=False),
    sa.Column("account_id", sa.Uuid, nullable=False),
    sa.Column("device", sa.String(32), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("lease_to", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("browser", sa.String(200), nullable=False, server_default=""),
    sa.Column("last_to", Instant),
    sa.Column("due", sa.String(20), nullable=False, server_default=""),
    sa.Column("second", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("rights", sa.String(64), nullable=False, server_default=""),
    sa.Index(None, "college_id", "account_id"),
)
"""Of desks, and of browsers, which have words for themselves in `browser` (server.kit.browsers): a browser's lasts
to `lease_to` and no longer than `last_to`, opens nothing while a step of the sign-in is `due`, and is changed when
`rights`, a digest, are other than they were; `second`: the second factor was shown.
"""

operator_event = sa.Table(
    "operator_event",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("college_id", sa.Uuid, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("account_id", sa.Uuid, nullable=False),
    sa.Column("name", sa.String(300), nullable=False),
    sa.Column("login", sa.String(32), nullable=False),
    sa.Column("role", sa.String(200), nullable=False),
    sa.Column("act", sa.String(60), nullable=False),
    sa.Column("reason", sa.String(800), nullable=False),
)
"""What the region's operator is told of access, in one numbering of the region: added to and never changed."""

operator_feed = sa.Table(
    "operator_feed",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.BigInteger, nullable=False),
    sa.Column("shown", sa.BigInteger, nullable=False),
)
"""One row: the last number that was given, and the last that was shown as new at the command line."""

access_event = sa.Table(
    "access_event",
    metadata,
    _college(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("account_id", sa.Uuid),
    sa.Column("login", sa.String(32), nullable=False),
    sa.Column("device", sa.String(32), nullable=False),
    sa.Column("computer", sa.String(200), nullable=False),
    sa.Column("address", sa.String(45), nullable=False),
    sa.Column("entity", sa.String(60), nullable=False),
    sa.Column("row_id", sa.Uuid),
    sa.Column("request_id", sa.String(40), nullable=False),
    sa.Column("elsewhere", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("rows", sa.Integer, nullable=False, server_default="0"),
    sa.Index(None, "received_at"),
    sa.Index(None, "college_id", "at", "id"),
    sa.Index(None, "college_id", "account_id", "at"),
    sa.Index(None, "college_id", "row_id"),
)
"""The journal of visits: added to and never changed; the region's rows are those of logins that nobody has.

`elsewhere`: another college's record was asked for; `rows`: how many were taken out.
"""
