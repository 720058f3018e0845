"""`epo-server access-register`: the register of access as a table for the operator."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from common.administration.entities import RoleGrant
from common.kit import sheets
from common.kit.errors import Invalid
from server.administration.register import HEADERS, lines, numbered
from server.administration.service import college_id
from server.kit.acts import Act
from server.kit.noting import note_export
from server.kit.session import Clock


def add_register(parser: argparse.ArgumentParser, run: Callable[[Act], Any]) -> None:
    parser.add_argument("file", type=Path, help="куда записать .xlsx")
    parser.add_argument("--college", required=True)
    for name, word in (("since", "с какого дня"), ("until", "по какой день")):
        parser.add_argument(f"--{name}", type=dt.date.fromisoformat, help=f"{word}, ГГГГ-ММ-ДД")
    parser.set_defaults(run=run(write))


def write(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    """Without days: the month that has ended last."""
    first = now().date().replace(day=1)
    until = arguments.until or first - dt.timedelta(days=1)
    since = arguments.since or until.replace(day=1)
    if since > until:
        raise Invalid("Первый день реестра позже последнего; поменяйте их местами")
    id = college_id(engine, arguments.college, now)
    found = lines(engine, id, since, until, now=now)
    note_export(engine, id, RoleGrant.__tablename__, now=now)
    sheets.write(arguments.file, "Реестр доступов", HEADERS, numbered(found))
    sys.stdout.write(
        f"{arguments.file.name}: строк {len(found)}, {since:%d.%m.%Y} — {until:%d.%m.%Y}\n"
    )
    return 0
