"""`epo-server region`: records of one college, in the name of an official of the region and no wider than his role."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from common.kit.errors import NotAllowed
from server.administration.region_rows import rows_of
from server.administration.service import caller_of
from server.kit.acts import Act, print_json
from server.kit.session import Clock


def add_region(parser: argparse.ArgumentParser, run: Callable[[Act], Any]) -> None:
    parser.add_argument(
        "entity", help="вид записей, как в epo-server policy: account, role_grant, …"
    )
    parser.add_argument("--college", required=True, help="код организации")
    parser.add_argument("--as", dest="login", required=True, help="логин работника региона")
    parser.add_argument("--after", default="", metavar="ID", help="после этой записи")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run(show))


def show(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    caller = caller_of(engine, arguments.login, now=now)
    if not caller.region:
        raise NotAllowed(f"У «{arguments.login}» нет действующей роли региона")
    asked = (arguments.entity, arguments.college, arguments.after)
    told = rows_of(engine, caller, *asked, now=now)
    if arguments.json:
        return print_json(told)
    for row in told.rows:
        said = (f"{label}: {row[n]}" for n, label in told.labels.items() if row[n] is not None)
        sys.stdout.write("  ".join([row["id"], *said]) + "\n")
    if not told.rows:
        sys.stdout.write(f"{told.title}: записей нет\n")
    if told.more:
        sys.stdout.write(f"Это не все: дальше --after {told.rows[-1]['id']}\n")
    return 0
