"""A record in the words by which people know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from client.store.store import Store

NAMES = ("last_name", "first_name", "middle_name", "reg_no", "name", "full")


def told(store: Store, record: Mapping[str, Any]) -> str:
    """Its own names and those of the person whom it is about."""
    person_id = record.get("person_id")
    person = store.get("person", person_id) if person_id else None
    known = (person or {}) | dict(record)
    return " ".join(str(known[name]) for name in NAMES if known.get(name))
