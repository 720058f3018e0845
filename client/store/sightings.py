"""People of this desk who may be one that is being typed."""

from __future__ import annotations

import datetime as dt

from client.store.store import Store


def candidates(
    store: Store, last_name: str, birth_date: dt.date | None, snils: str | None
) -> list[str]:
    """The same date, the same СНИЛС, or a surname that begins alike."""
    day = birth_date.isoformat() if birth_date else ""
    start = f"{last_name[:3]}%" if len(last_name) >= 3 else ""
    query = "SELECT id FROM {} WHERE birth_date = ? OR snils = ? OR last_name LIKE ? LIMIT 500"
    with store.lock:
        rows = [
            id
            for table in ("person", "own_person")
            for (id,) in store.cache.connection.execute(
                query.format(table), (day, snils or "", start)
            )
        ]
    return list(dict.fromkeys(rows))
