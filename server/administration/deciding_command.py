"""`epo-server handed|asked|numbers …`: what only an administrator decides, where there is no desk of his."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from common.kit.deciding import Lease
from common.kit.errors import Invalid
from common.kit.sync import RETURN_HANDED, SEND_HANDED, Command
from server.administration import asked, handing, lines
from server.administration.service import in_name_of
from server.kit.acts import Act, Acts, print_json
from server.kit.commit import commit
from server.kit.session import Clock

DECIDER = "логин того, кто решает"


def add_deciding(commands: Any, shared: argparse.ArgumentParser, run: Callable[[Act], Any]) -> None:
    """Into the parser of the server; `run` makes of an act what the program calls."""

    def acts(word: str, help: str) -> Acts:
        return Acts(commands.add_parser(word, help=help), shared, run)

    _add_handed(acts("handed", "переданное администратору"))
    _add_asked(acts("asked", "что повторить после восстановления"))
    _add_numbers(acts("numbers", "номера рабочих мест"))


def _lists(command: argparse.ArgumentParser, *, decided: bool = True) -> None:
    command.add_argument("--college")
    command.add_argument("--json", action="store_true")
    if decided:
        command.add_argument("--all", action="store_true", help="и то, о чём уже решено")


def _decides(command: argparse.ArgumentParser, subject: str) -> None:
    command.add_argument(subject)
    command.add_argument("--as", dest="login", required=True, help=DECIDER)


# ---- handed over


def _add_handed(acts: Acts) -> None:
    _lists(acts.add("list", list_handed, "показать, что ждёт"))
    sent = acts.add("send", send, "отправить от своего имени")
    sent.add_argument("--set", help='исправленное: {"inn": [null, "500100732259"]}')
    returned = acts.add("return", give_back, "вернуть автору с пояснением")
    returned.add_argument("--word", required=True)
    for command in (sent, returned):
        _decides(command, "id")


def list_handed(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    found = handing.handed_of(engine, arguments.college, every=arguments.all, now=now)
    said = [
        f"{line.id}  {line.college}  {line.handed_at:%d.%m.%Y %H:%M}  {line.author}  {line.record}  "
        f"{line.state}\n    просит: {line.word}\n    сервер ответил: {line.why}"
        for line in found
    ]
    return print_json(found) if arguments.json else _say(said)


def send(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    args = {"handed": arguments.id, "set": _pairs(arguments.set)}
    with in_name_of(engine, arguments.login, now=now) as db:
        handing.send(db, Command(SEND_HANDED, args))
        commit(db, SEND_HANDED)
    sys.stdout.write("Отправлено; автор узнает об этом при следующем обмене\n")
    return 0


def give_back(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    args = {"handed": arguments.id, "word": arguments.word}
    with in_name_of(engine, arguments.login, now=now) as db:
        handing.give_back(db, Command(RETURN_HANDED, args))
        commit(db, RETURN_HANDED)
    sys.stdout.write("Возвращено; автор увидит пояснение при следующем обмене\n")
    return 0


def _pairs(given: str | None) -> Mapping[str, tuple[Any, Any]]:
    try:
        return msgspec.json.decode(given, type=dict[str, tuple[Any, Any]]) if given else {}
    except msgspec.DecodeError as fault:
        raise Invalid(f"Исправленное (--set) не читается: {fault}") from None


# ---- after a restore


def _add_asked(acts: Acts) -> None:
    _lists(acts.add("list", list_asked, "показать, что ждёт"))
    for name, words in (("allow", "разрешить повторить"), ("refuse", "не повторять")):
        command = acts.add(name, decide_asked, words)
        _decides(command, "id")
        command.add_argument("--word", default="", required=name == "refuse")


def list_asked(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    found = asked.list_asked(engine, arguments.college, every=arguments.all, now=now)
    said = [
        f"{line.id}  {line.college}  {line.made_at:%d.%m.%Y %H:%M}  {line.author}  {line.command}  "
        f"{line.state} {line.word}\n    было выдано: {line.given}"
        for line in found
    ]
    return print_json(found) if arguments.json else _say(said)


def decide_asked(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    with in_name_of(engine, arguments.login, now=now) as db:
        allow = arguments.what == "allow"
        asked.decide_asked(db, arguments.id, allow=allow, word=arguments.word)
        commit(db, "asked.decide")
    sys.stdout.write("Решено; рабочее место автора отправит это ещё раз\n")
    return 0


# ---- numbers


def _add_numbers(acts: Acts) -> None:
    _lists(acts.add("list", list_numbers, "показать выданное"), decided=False)
    closed = acts.add("close", close_numbers, "погасить номера рабочего места")
    _decides(closed, "series")
    closed.add_argument("--word", required=True, help="почему")


def list_numbers(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    found = lines.list_leases(engine, arguments.college, now=now)
    return print_json(found) if arguments.json else _say([_lease(each) for each in found])


def _lease(lease: Lease) -> str:
    seen = f"{lease.last_contact:%d.%m.%Y}" if lease.last_contact else "никогда"
    closed = f", погашено {lease.closed_on:%d.%m.%Y}" if lease.closed_on else ""
    return (
        f"{lease.college}  серия {lease.series}  {lease.book}  {lease.computer}, {lease.who}, на связи {seen}: "
        f"выдано до {lease.top}, занято {lease.used}, свободно {len(lease.free)}, погашено строк {lease.cancelled}{closed}"
    )


def close_numbers(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    with in_name_of(engine, arguments.login, now=now) as db:
        closed = lines.close_series(db, arguments.series, arguments.word)
        commit(db, "numbers.close")
    sys.stdout.write(f"Погашено строк: {closed}\n")
    return 0


def _say(said: Sequence[str]) -> int:
    sys.stdout.writelines(f"{line}\n" for line in said or ["Ничего не ждёт"])
    return 0
