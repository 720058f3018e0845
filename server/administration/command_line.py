"""`epo-server handed …`: what desks have handed to an administrator, listed, sent and returned where there is no desk."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import msgspec
import sqlalchemy as sa

from common.kit.errors import Invalid
from common.kit.sync import RETURN_HANDED, SEND_HANDED, Command
from server.administration import handing
from server.kit.session import Clock
from server.kit.settings import Settings

Opened = Callable[[Settings], AbstractContextManager[sa.Engine]]
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
            command.add_argument("--as", dest="login", required=True, help="логин того, кто решает")

    def list(self, settings: Settings, arguments: argparse.Namespace) -> int:
        with self.opened(settings) as engine:
            found = handing.handed_of(engine, arguments.college, every=arguments.all, now=self.now)
        if arguments.json:
            sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
            return 0
        for line in found:
            sys.stdout.write(
                f"{line.id}  {line.college}  {line.handed_at:%d.%m.%Y %H:%M}  {line.author}  {line.record}  "
                f"{line.state}\n    просит: {line.word}\n    сервер ответил: {line.why}\n"
            )
        if not found:
            sys.stdout.write("Ничего не ждёт\n")
        return 0

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


def _pairs(given: str | None) -> Mapping[str, tuple[Any, Any]]:
    try:
        return msgspec.json.decode(given, type=dict[str, tuple[Any, Any]]) if given else {}
    except msgspec.DecodeError as fault:
        raise Invalid(f"Исправленное (--set) не читается: {fault}") from None
