"""What one worker of a run makes and all of them use: filled databases that are copied and never written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

PLACE = "EPO_TEST_SHARED"
"""The folder of the run; whoever begins the run makes it, and it ends with it."""
DATABASE = "database"
"""The file in a shared folder that names its database on PostgreSQL."""
PATIENCE = 300.0
MEMORY = Path("/dev/shm")  # noqa: S108  a folder in memory, looked at before it is used
ROOM = 6 * 2**30


@contextmanager
def shared_place() -> Iterator[Path]:
    """For a whole run: the folder, named to every process that begins after."""
    with tempfile.TemporaryDirectory(prefix="epo-shared-") as home:
        os.environ[PLACE] = home
        try:
            yield Path(home)
        finally:
            del os.environ[PLACE]


def once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name: made by the first who asks, and waited for by the others."""
    home = Path(os.environ[PLACE])
    ready = home / name
    with closing(sqlite3.connect(home / f"{name}.lock", timeout=PATIENCE)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        if not ready.exists():
            making = home / f"{name}.making"
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            make(making)
            making.rename(ready)
    return ready


def roomy_memory() -> str:
    """A folder in memory with room for a whole run, or nothing: there a sync costs nothing and no test misses a disk."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return ""
    return str(MEMORY)
