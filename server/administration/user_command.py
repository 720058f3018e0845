"""`epo-server user add|reset|end|list`: accounts, where there is no administrator yet or he has lost his password."""

from __future__ import annotations

import argparse
import datetime as dt
import secrets
import sys
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from server.administration.service import Person, add_user, end_user, list_users, reset_user
from server.kit.acts import Act, Acts, print_json
from server.kit.session import Clock


def add_users(
    parser: argparse.ArgumentParser, shared: argparse.ArgumentParser, run: Callable[[Act], Any]
) -> None:
    """`run` makes of an act what the program calls."""
    acts = Acts(parser, shared, run)
    added = acts.add("add", add, "открыть")
    for name in ("college", "name", "role", "order-number"):
        added.add_argument(f"--{name}", required=True)
    added.add_argument("--order-date", type=dt.date.fromisoformat, help="дата акта, ГГГГ-ММ-ДД")
    added.add_argument("--post", help="должность")
    added.add_argument("--phone", help="служебный телефон: его увидят коллеги в «Расхождениях»")
    added.add_argument(
        "--consent-on",
        type=dt.date.fromisoformat,
        help="день, когда подписано согласие на обработку персональных данных, ГГГГ-ММ-ДД",
    )
    changed = acts.add("reset", reset, "дать новый пароль")
    for command in (added, changed, acts.add("end", end, "закрыть")):
        command.add_argument("login")
    for command in (added, changed):
        command.add_argument("--password-stdin", action="store_true")
    listed = acts.add("list", show, "показать")
    listed.add_argument("--college")
    listed.add_argument("--json", action="store_true")


def add(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    who = Person(
        arguments.login,
        arguments.name,
        arguments.role,
        arguments.order_number,
        arguments.order_date or now().date(),
        arguments.post,
        arguments.phone,
        arguments.consent_on,
    )
    password, made = _password(arguments)
    add_user(engine, arguments.college, who, password, now=now)
    return _tell_password(arguments.login, made)


def reset(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    password, made = _password(arguments)
    reset_user(engine, arguments.login, password, now=now)
    return _tell_password(arguments.login, made)


def end(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    end_user(engine, arguments.login, now=now)
    sys.stdout.write(f"Учётная запись {arguments.login} закрыта\n")
    return 0


def show(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    users = list_users(engine, arguments.college, now=now)
    if arguments.json:
        return print_json(users)
    for user in users:
        sys.stdout.write(
            f"{user.college}  {user.login}  {user.name}  {user.state}  {' '.join(user.roles)}\n"
        )
    return 0


def _password(arguments: argparse.Namespace) -> tuple[str, str | None]:
    """The password, and once more where it was made here and must be told."""
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\n"), None
    made = secrets.token_urlsafe(12)
    return made, made


def _tell_password(login: str, made: str | None) -> int:
    told = f"; пароль показан один раз: {made}" if made else ""
    sys.stdout.write(f"{login}: готово{told}\n")
    return 0
