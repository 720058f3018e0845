"""The files of one profile: whose key they have, whether they read, what a draft names, and erasing them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from client.store.cache import Cache
from client.store.connection import DatabaseError, WrongKey
from client.store.keys import fingerprint

CHECK = "key.check"
OTHER_KEY = "Ключ не подходит к данным на этом компьютере"


def check_key(profile: Path, key: bytes) -> bool:
    """Is the key known to be this profile's? False where nothing tells; WrongKey where it is another."""
    path = profile / CHECK
    if not path.exists():
        return False
    if path.read_text(encoding="ascii") != fingerprint(key):
        raise WrongKey(OTHER_KEY)
    return True


def is_readable(cache: Cache) -> bool:
    """Do the small tables read that every pull and every start read?"""
    try:
        cache.cursors()
        cache.connection.execute("SELECT count(*) FROM shape").fetchone()
    except DatabaseError:
        return False
    return True


def ids_in(value: Any) -> set[str]:
    """All ids anywhere in a draft."""
    if isinstance(value, dict):
        return set().union(*map(ids_in, value.values()))
    if isinstance(value, list):
        return set().union(*map(ids_in, value))
    return {value} if isinstance(value, str) and len(value) == 32 else set()


def erase(path: Path) -> None:
    for tail in ("", "-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
