"""`epo-server sealed key|list|release|close`: the administrator's end of sealed work."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.errors import Invalid
from server.administration import sealed
from server.administration.service import college_id
from server.kit.acts import Act, Acts, print_json
from server.kit.age_keys import new_key
from server.kit.session import Clock


def set_key(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    """The key to which a college's desks seal what their people may no longer see."""
    if arguments.recipient is not None:
        sealed.set_key(engine, arguments.college, arguments.recipient, now=now)
        return 0
    if arguments.new_key is None:
        raise Invalid("Скажите --new-key ФАЙЛ, чтобы сделать ключ, или --recipient age1…")
    college_id(engine, arguments.college, now)
    recipient = new_key(arguments.new_key)
    sealed.set_key(engine, arguments.college, recipient, now=now)
    sys.stdout.write(
        f"Ключ записан в {arguments.new_key.name}; храните его отдельно от сервера\n{recipient}\n"
    )
    return 0


def show(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    found = sealed.look(engine, arguments.login, now=now)
    if arguments.json:
        return print_json(found)
    lines = [
        "  ".join((str(k.uuid), k.sealed_at, k.login, k.author, k.computer, k.status)).rstrip()
        for k in found
    ]
    sys.stdout.write("\n".join(lines or ["Запечатанных записей нет"]) + "\n")
    return 0


def release(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    """Exit code 1 where something stays sealed."""
    found = sealed.bring(engine, arguments.login, arguments.key, arguments.uuid, now=now)
    if arguments.json:
        print_json(found)
    else:
        for each in found:
            said = "принято" if each.applied else "осталось запечатанным"
            why = f": {each.said}" if each.said else ""
            sys.stdout.write(f"{each.uuid}  {said}{why}\n")
    return 0 if all(each.applied for each in found) else 1


def close(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    """What the key does not open is erased only where that is said."""
    key, uuid, unopened = arguments.key, arguments.uuid, arguments.unopened
    sealed.give_up(engine, arguments.login, key, uuid, arguments.reason, unopened=unopened, now=now)
    sys.stdout.write(f"{uuid}  закрыто\n")
    return 0


def add_sealed(
    parser: argparse.ArgumentParser,
    shared: argparse.ArgumentParser,
    run: Callable[[Act], Any],
) -> None:
    """`run` makes of an act what the program calls."""
    add = Acts(parser, shared, run).add
    keyed = add("key", set_key, "ключ организации, которым запечатывают")
    keyed.add_argument("--college", required=True)
    keyed.add_argument("--new-key", type=Path, help="сделать ключ и записать его в этот файл")
    keyed.add_argument("--recipient", help="строка age1… ключа, который уже есть")
    listing = add("list", show, "показать, что ждёт администратора")
    releasing = add("release", release, "принять от имени администратора")
    closing = add("close", close, "закрыть, не принимая")
    for command in (listing, releasing, closing):
        command.add_argument("--login", required=True, help="администратор, от чьего имени")
    for command in (releasing, closing):
        command.add_argument("--key", type=Path, required=True, help="файл ключа организации")
    releasing.add_argument("uuid", type=UUID, nargs="*", help="какие; без них — все")
    closing.add_argument("uuid", type=UUID)
    closing.add_argument("--reason", required=True, help="почему: останется в журнале")
    closing.add_argument(
        "--unopened",
        action="store_true",
        help="стереть и то, чего ключ не открывает: запечатанное прежним ключом пропадёт",
    )
    for command in (listing, releasing):
        command.add_argument("--json", action="store_true")
