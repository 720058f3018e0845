"""`epo-server work`: long work in a process of its own; `serve` starts one whenever something waits."""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from common.kit.ids import new_id
from server.kit.acts import Act
from server.kit.logs import write_logs
from server.kit.repeating import Repeating
from server.kit.session import Clock
from server.kit.settings import Settings
from server.kit.working import EVERY, Hands, bury, drain


def add_work(parser: argparse.ArgumentParser, run: Callable[[Act], Any]) -> None:
    """`run` makes of an act what the program calls."""
    parser.set_defaults(run=run(work))
    parser.add_argument("--once", action="store_true", help="сделать то, что ждёт, и закончить")
    parser.add_argument("--name", help="имя работника")


def work(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    """Beside `serve` or on another computer of the same database and data folder; ends by Ctrl+C."""
    write_logs()
    name = arguments.name or new_id().hex

    def look() -> None:
        bury(engine, now=now)
        drain(engine, name, now=now)

    if arguments.once:
        drain(engine, name, now=now)
        return 0
    looking = Repeating("work", look, EVERY)
    looking.start()
    with contextlib.suppress(KeyboardInterrupt):
        looking.wait()
    looking.end()
    return 0


def hands_of(engine: sa.Engine, settings: Settings, *, now: Clock) -> Hands:
    """Workers of these settings: their memory and their processor are not the server's."""
    own = {"EPO_DATABASE_URL": settings.database_url, "EPO_DATA_DIR": str(settings.data_dir)}
    home = Path(__file__).resolve().parents[2]

    def begin(name: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "server.app", "work", "--once", "--name", name]
        return subprocess.Popen(command, env=os.environ | own, cwd=home)  # noqa: S603  our own program

    return Hands(engine, begin, now=now)
