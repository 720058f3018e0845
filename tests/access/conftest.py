"""The databases and the colleges of the server's tests."""

from tests.server.conftest import (
    copy_of,
    engine,
    filled_url,
    migrated_url,
    open_house,
    ours,
    theirs,
)

__all__ = [
    "copy_of",
    "engine",
    "filled_url",
    "migrated_url",
    "open_house",
    "ours",
    "theirs",
]
