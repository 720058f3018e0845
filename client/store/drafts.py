"""What is typed and not recorded yet, kept in the journal's file."""

from __future__ import annotations

import msgspec

from client.kit.records import Draft
from client.store.connection import Transaction
from client.store.journal import Journal


def save(journal: Journal, draft: Draft) -> None:
    with Transaction(journal.connection) as c:
        c.execute(
            "INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?)",
            (draft.key, draft.screen, draft.title, msgspec.msgpack.encode(draft.body), draft.at),
        )


def drop(journal: Journal, key: str) -> None:
    with Transaction(journal.connection) as c:
        c.execute("DELETE FROM draft WHERE key = ?", (key,))


def every(journal: Journal) -> list[Draft]:
    """The oldest first."""
    rows = journal.connection.execute("SELECT key, screen, title, body, at FROM draft ORDER BY at")
    return [Draft(k, s, t, msgspec.msgpack.decode(body), at) for k, s, t, body, at in rows]
