"""`epo-server events`: what is new for the region's operator, or everything after a number."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from server.administration.operator_feed import OperatorEvent, since, unread
from server.kit.acts import Act, print_json
from server.kit.session import Clock


def add_events(parser: argparse.ArgumentParser, run: Callable[[Act], Any]) -> None:
    parser.add_argument(
        "--since",
        type=int,
        metavar="N",
        help="все события после номера N, показанные тоже; без него — только новые, каждое один раз",
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run(show))


def show(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    """What is shown as new is marked before it is written: a torn print is looked up by its number."""
    asked: int | None = arguments.since
    told = unread(engine, now=now) if asked is None else since(engine, asked, now=now)
    if arguments.json:
        return print_json(told)
    sys.stdout.writelines(f"{_line(event)}\n" for event in told.events)
    if not told.events:
        none = "Новых событий нет" if asked is None else f"После № {asked} событий нет"
        sys.stdout.write(f"{none}\n")
    if told.more:
        sys.stdout.write(f"Это не все: дальше epo-server events --since {told.events[-1].number}\n")
    return 0


def _line(event: OperatorEvent) -> str:
    told = (event.kind, f"{event.name} ({event.login})", event.role, event.act, event.reason)
    return f"{event.number}  {event.at:%d.%m.%Y %H:%M} UTC  {event.college}  " + " · ".join(
        filter(None, told)
    )
