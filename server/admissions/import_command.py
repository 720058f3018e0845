"""`epo-server import`: a table of applications, loaded at the server's command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from common.kit.errors import Invalid
from server.admissions.importing import import_applications
from server.kit.acts import Act, print_json
from server.kit.session import Clock


def add_import(parser: argparse.ArgumentParser, run: Callable[[Act], Any]) -> None:
    """`run` makes of an act what the program calls."""
    parser.set_defaults(run=run(load))
    parser.add_argument("kind", choices=["applications"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--college", required=True)
    parser.add_argument("--campaign")
    parser.add_argument("--mapping", help='{"base": "9"} или файл с этим')
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--json", action="store_true")


def load(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    """Exit code 0 also where single rows were refused: they are named."""
    mapping = _mapping(arguments.mapping)
    report = import_applications(
        engine,
        arguments.college,
        arguments.file,
        mapping=mapping,
        campaign=arguments.campaign,
        dry_run=arguments.dry_run,
        now=now,
    )
    if arguments.json:
        print_json(report)
        return 0
    out = sys.stdout.write
    out(f"{report.words()}\n")
    for title, faults in (("Ошибки", report.errors), ("Сохранено текстом", report.notes)):
        if faults:
            out(f"{title}: {len(faults)}\n")
        for fault in faults:
            out(f"  строка {fault.row}, «{fault.column}»: {fault.message}\n")
    return 0


def _mapping(given: str | None) -> dict[str, str]:
    """JSON in the argument or in a file: {"base": "9"}."""
    if given is None:
        return {}
    text = Path(given).read_text(encoding="utf-8") if Path(given).is_file() else given
    try:
        found = msgspec.json.decode(text, type=dict[str, str])
    except msgspec.DecodeError as fault:
        raise Invalid(f"Соответствие (--mapping) не читается: {fault}") from None
    if unknown := found.keys() - {"base"}:
        raise Invalid(f"Неизвестные ключи соответствия: {', '.join(sorted(unknown))}")
    return found
