"""What arrived for the person at this desk while he worked: kept in the journal, read or not (UX 2.4: the bell)."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from client.store.connection import Connection, Transaction
from client.store.journal import Journal
from common.kit.kinds import Choice

KEPT = 30 * 24 * 3_600_000
"""What was read stays this long, ms."""


class Kind(Choice):
    """What happened; the label is what the list says first."""

    TROUBLE = "trouble", "Сервер не принял запись"
    RETURNED = "returned", "Администратор вернул запись"
    SENT = "sent", "Администратор отправил запись"
    CLOSED = "closed", "Решено на другом компьютере"
    MERGED = "merged", "Слито само с чужим изменением"
    HANDED = "handed", "Вам передали запись"
    RESTORED = "restored", "Сервер восстановлен из копии"
    RECOVERED = "recovered", "Восстановление сервера закончено"


class Opens(enum.Enum):
    """Where a line leads."""

    DIFFERENCES = "differences"
    HANDED = "handed"
    RECORD = "record"
    NOTHING = "nothing"


LEADS = {
    Kind.TROUBLE: Opens.DIFFERENCES,
    Kind.RETURNED: Opens.DIFFERENCES,
    Kind.HANDED: Opens.HANDED,
    Kind.SENT: Opens.RECORD,
    Kind.CLOSED: Opens.RECORD,
    Kind.MERGED: Opens.RECORD,
    Kind.RESTORED: Opens.NOTHING,
    Kind.RECOVERED: Opens.NOTHING,
}


@dataclass(frozen=True, slots=True)
class News:
    place: int
    kind: Kind
    key: str
    """Of what it speaks: an operation, a record, a history; the same is told once."""
    at: int
    subject: tuple[str, str]
    said: Mapping[str, Any]
    """Names of fields, a word; never values."""
    read: bool


def tell(
    journal: Journal,
    c: Connection,
    kind: Kind,
    key: str,
    subject: tuple[str, str] = ("", ""),
    **said: Any,
) -> None:
    """Within the transaction of what happened; told before, it is not told again."""
    at = journal.now() + journal.fact("offset", 0)
    c.execute(
        "INSERT OR IGNORE INTO news (kind, key, at, entity, row_id, said) VALUES (?, ?, ?, ?, ?, ?)",
        (kind.value, key, at, *subject, msgspec.msgpack.encode(said)),
    )


def every(journal: Journal, limit: int = 500) -> list[News]:
    """The newest first."""
    rows = journal.connection.execute(
        "SELECT place, kind, key, at, entity, row_id, said, read FROM news ORDER BY place DESC LIMIT ?",
        (limit,),
    )
    return [
        News(place, Kind.of(kind), key, at, (entity, id), msgspec.msgpack.decode(said), bool(read))
        for place, kind, key, at, entity, id, said, read in rows
    ]


def unread(journal: Journal) -> int:
    row = journal.connection.execute("SELECT count(*) FROM news WHERE read = 0").fetchone()
    return int(row[0])


def mark_read(journal: Journal, places: Iterable[int] | None) -> None:
    """Those, or all."""
    with Transaction(journal.connection) as c:
        if places is None:
            c.execute("UPDATE news SET read = 1 WHERE read = 0")
        else:
            c.executemany("UPDATE news SET read = 1 WHERE place = ?", [(p,) for p in places])


def forget(c: Connection, before: int) -> None:
    """What was read long ago."""
    c.execute("DELETE FROM news WHERE read = 1 AND at < ?", (before,))


# ---- what a pull brings


def tell_merged(
    journal: Journal,
    before: Mapping[tuple[str, str], Mapping[str, Any]],
    after: Mapping[tuple[str, str], Mapping[str, Any]],
    own: Mapping[tuple[str, str], Sequence[tuple[str, frozenset[str]]]],
) -> None:
    """Records of which one changed some fields and somebody else, meanwhile, others.

    `own`: by record, one's own operations (uuid, fields) that the screens still show over the cache.
    """
    found = []
    for place, operations in own.items():
        old, new = before.get(place), after.get(place)
        if not old or not new:
            continue
        mine = {name for _, names in operations for name in names}
        theirs = sorted(n for n, value in new.items() if n not in mine and value != old.get(n))
        if theirs:
            found.append((place, operations[-1][0], theirs))
    if found:
        with Transaction(journal.connection) as c:
            for place, uuid, theirs in found:
                tell(journal, c, Kind.MERGED, uuid, place, fields=theirs)
