"""The databases and the colleges of the server's tests."""

from tests.server.conftest import (
    engine,
    migrated_database,
    migrated_file,
    migrated_url,
    open_house,
    ours,
    theirs,
)

__all__ = [
    "engine",
    "migrated_database",
    "migrated_file",
    "migrated_url",
    "open_house",
    "ours",
    "theirs",
]
