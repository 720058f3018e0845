"""`epo-server handed|asked|numbers …`: what only an administrator decides, where there is no desk of his."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import msgspec
import sqlalchemy as sa

from common.kit.errors import Invalid, NotFound
from common.kit.sync import RETURN_HANDED, SEND_HANDED, Command
from server.administration import asked, handing, lines
from server.kit.auth import owner_of
from server.kit.commit import commit
from server.kit.session import Author, Clock, CollegeSession
from server.kit.settings import Settings

Opened = Callable[[Settings], AbstractContextManager[sa.Engine]]
DECIDER = "логин того, кто решает"
Run = Callable[[Settings, argparse.Namespace], int]


class Commands:
    """`add_to` puts them into the parser of the server."""

    def __init__(self, opened: Opened, now: Clock) -> None:
        self.opened, self.now = opened, now

    def add_to(self, commands: Any, shared: argparse.ArgumentParser) -> None:
        parser = commands.add_parser("handed", help="переданное администратору")
        below = parser.add_subparsers(dest="what", required=True)

        def add(name: str, run: Run, help: str) -> argparse.ArgumentParser:
            command: argparse.ArgumentParser = below.add_parser(name, parents=[shared], help=help)
            command.set_defaults(run=run)
            return command

        listed = add("list", self.list, "показать, что ждёт")
        listed.add_argument("--college")
        listed.add_argument("--all", action="store_true", help="и то, о чём уже решено")
        listed.add_argument("--json", action="store_true")
        sent = add("send", self.send, "отправить от своего имени")
        sent.add_argument("--set", help='исправленное: {"inn": [null, "500100732259"]}')
        returned = add("return", self.give_back, "вернуть автору с пояснением")
        returned.add_argument("--word", required=True)
        for command in (sent, returned):
            command.add_argument("id")
            command.add_argument("--as", dest="login", required=True, help=DECIDER)
        self._add_asked(
            commands.add_parser("asked", help="что повторить после восстановления"), shared
        )
        self._add_numbers(commands.add_parser("numbers", help="номера рабочих мест"), shared)

    def _add_asked(self, parser: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
        below = parser.add_subparsers(dest="what", required=True)
        listed = below.add_parser("list", parents=[shared], help="показать, что ждёт")
        listed.set_defaults(run=self.list_asked)
        listed.add_argument("--college")
        listed.add_argument("--all", action="store_true", help="и то, о чём уже решено")
        listed.add_argument("--json", action="store_true")
        for name, words in (("allow", "разрешить повторить"), ("refuse", "не повторять")):
            command = below.add_parser(name, parents=[shared], help=words)
            command.set_defaults(run=self.decide_asked)
            command.add_argument("id")
            command.add_argument("--as", dest="login", required=True, help=DECIDER)
            command.add_argument("--word", default="", required=name == "refuse")

    def _add_numbers(
        self, parser: argparse.ArgumentParser, shared: argparse.ArgumentParser
    ) -> None:
        below = parser.add_subparsers(dest="what", required=True)
        listed = below.add_parser("list", parents=[shared], help="показать выданное")
        listed.set_defaults(run=self.list_numbers)
        listed.add_argument("--college")
        listed.add_argument("--json", action="store_true")
        closed = below.add_parser("close", parents=[shared], help="погасить номера рабочего места")
        closed.set_defaults(run=self.close_numbers)
        closed.add_argument("series")
        closed.add_argument("--as", dest="login", required=True, help=DECIDER)
        closed.add_argument("--word", required=True, help="почему")

    # ---- after a restore

    def list_asked(self, settings: Settings, arguments: argparse.Namespace) -> int:
        with self.opened(settings) as engine:
            found = asked.list_asked(engine, arguments.college, every=arguments.all, now=self.now)
        if arguments.json:
            return _print(found)
        for line in found:
            sys.stdout.write(
                f"{line.id}  {line.college}  {line.made_at:%d.%m.%Y %H:%M}  {line.author}  {line.command}  "
                f"{line.state} {line.word}\n    было выдано: {line.given}\n"
            )
        return _nothing(found)

    def decide_asked(self, settings: Settings, arguments: argparse.Namespace) -> int:
        allow = arguments.what == "allow"
        with self.opened(settings) as engine, self._as(engine, arguments.login) as db:
            asked.decide_asked(db, arguments.id, allow=allow, word=arguments.word)
            commit(db, "asked.decide")
        sys.stdout.write("Решено; рабочее место автора отправит это ещё раз\n")
        return 0

    # ---- numbers

    def list_numbers(self, settings: Settings, arguments: argparse.Namespace) -> int:
        with self.opened(settings) as engine:
            found = lines.list_leases(engine, arguments.college, now=self.now)
        if arguments.json:
            return _print(found)
        for lease in found:
            seen = f"{lease.last_contact:%d.%m.%Y}" if lease.last_contact else "никогда"
            closed = f", погашено {lease.closed_on:%d.%m.%Y}" if lease.closed_on else ""
            sys.stdout.write(
                f"{lease.college}  серия {lease.series}  {lease.book}  {lease.computer}, {lease.who}, на связи {seen}: "
                f"выдано до {lease.top}, занято {lease.used}, свободно {len(lease.free)}, погашено строк {lease.cancelled}{closed}\n"
            )
        return _nothing(found)

    def close_numbers(self, settings: Settings, arguments: argparse.Namespace) -> int:
        with self.opened(settings) as engine, self._as(engine, arguments.login) as db:
            closed = lines.close_series(db, arguments.series, arguments.word)
            commit(db, "numbers.close")
        sys.stdout.write(f"Погашено строк: {closed}\n")
        return 0

    def _as(self, engine: sa.Engine, login: str) -> CollegeSession:
        """A session in the name of that login."""
        owner = owner_of(engine, login)
        if owner is None:
            raise NotFound(f"Учётной записи «{login}» нет")
        author = Author(owner.account_id)
        return CollegeSession(engine, owner.college_id, now=self.now, author=author)

    # ---- handed over

    def list(self, settings: Settings, arguments: argparse.Namespace) -> int:
        with self.opened(settings) as engine:
            found = handing.handed_of(engine, arguments.college, every=arguments.all, now=self.now)
        if arguments.json:
            return _print(found)
        for line in found:
            sys.stdout.write(
                f"{line.id}  {line.college}  {line.handed_at:%d.%m.%Y %H:%M}  {line.author}  {line.record}  "
                f"{line.state}\n    просит: {line.word}\n    сервер ответил: {line.why}\n"
            )
        return _nothing(found)

    def send(self, settings: Settings, arguments: argparse.Namespace) -> int:
        args = {"handed": arguments.id, "set": _pairs(arguments.set)}
        with self.opened(settings) as engine:
            handing.act_as(engine, arguments.login, Command(SEND_HANDED, args), now=self.now)
        sys.stdout.write("Отправлено; автор узнает об этом при следующем обмене\n")
        return 0

    def give_back(self, settings: Settings, arguments: argparse.Namespace) -> int:
        args = {"handed": arguments.id, "word": arguments.word}
        with self.opened(settings) as engine:
            handing.act_as(engine, arguments.login, Command(RETURN_HANDED, args), now=self.now)
        sys.stdout.write("Возвращено; автор увидит пояснение при следующем обмене\n")
        return 0


def _print(found: object) -> int:
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    return 0


def _nothing(found: Sequence[object]) -> int:
    if not found:
        sys.stdout.write("Ничего не ждёт\n")
    return 0


def _pairs(given: str | None) -> Mapping[str, tuple[Any, Any]]:
    try:
        return msgspec.json.decode(given, type=dict[str, tuple[Any, Any]]) if given else {}
    except msgspec.DecodeError as fault:
        raise Invalid(f"Исправленное (--set) не читается: {fault}") from None
