"""The server's command line: `epo-server serve|migrate|…`; settings are read here once and handed down."""

from __future__ import annotations

import argparse
import datetime as dt
import secrets
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
import uvicorn

import common.all  # noqa: F401  the declarations
from common.kit.errors import EpoError, Invalid
from server.admissions.demo import ACCOUNTS, make_region
from server.admissions.importing import import_applications
from server.colleges.service import lease_again, lease_numbers
from server.kit import judge, schema
from server.kit.database import open_engine
from server.kit.gate import end_recovery
from server.kit.logs import write_logs
from server.kit.outside import Outside, attach
from server.kit.policy import policy
from server.kit.settings import Settings, read_settings
from server.kit.start import begin_history
from server.kit.web import make_app, openapi_bytes

judge.COMMANDS["lease_numbers"] = lease_numbers
judge.AGAIN["lease_numbers"] = lease_again
COMMANDS_READY = True
"""Every room has registered its commands once this module is imported."""


def system_clock() -> dt.datetime:
    """The one place where the server looks at the machine's clock."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251  everything else is handed this function


def ready_engine(settings: Settings) -> sa.Engine:
    """The engine of a database that is migrated and begun; an empty SQLite is migrated here."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = attach(open_engine(settings.database_url), Outside(settings.data_dir))
    if engine.dialect.name == "sqlite":
        schema.upgrade(engine)
    elif schema.current(engine) != schema.head():
        raise EpoError("База данных не той версии: выполните epo-server migrate")
    begin_history(engine, now=system_clock)
    return engine


def migrate(settings: Settings, arguments: argparse.Namespace) -> int:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = attach(open_engine(settings.database_url), Outside(settings.data_dir))
    schema.upgrade(engine)
    begin_history(engine, now=system_clock)
    sys.stdout.write(f"База данных приведена к версии {schema.head()}\n")
    return 0


def build(settings: Settings) -> Any:
    """The ASGI application for these settings."""
    engine = ready_engine(settings)
    return make_app(engine, now=system_clock, close=engine.dispose)


def serve(settings: Settings, arguments: argparse.Namespace) -> int:
    write_logs()
    uvicorn.run(
        build(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
    )
    return 0


def demo_data(settings: Settings, arguments: argparse.Namespace) -> int:
    engine = ready_engine(settings)
    password = arguments.password or secrets.token_urlsafe(9)
    make_region(
        engine,
        colleges=arguments.colleges,
        students=arguments.students,
        applicants=arguments.applicants,
        seed=arguments.seed,
        password=password,
        canary=arguments.canary,
        now=system_clock,
    )
    for account in ACCOUNTS:
        sys.stdout.write(f"{account.post}: {account.login} / {password}\n")
    return 0


def import_file(settings: Settings, arguments: argparse.Namespace) -> int:
    """Exit code 0 also where single rows were refused: they are named."""
    mapping = _mapping(arguments.mapping)
    report = import_applications(
        ready_engine(settings),
        arguments.college,
        arguments.file,
        mapping=mapping,
        campaign=arguments.campaign,
        dry_run=arguments.dry_run,
        now=system_clock,
    )
    if arguments.json:
        _print(report)
        return 0
    out = sys.stdout.write
    out(
        f"Строк {report.rows}: создано {report.created}, изменено {report.changed}, без изменений {report.unchanged}\n"
    )
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


def end_restore(settings: Settings, arguments: argparse.Namespace) -> int:
    """After a restore: desks have given back what they hold; numbers and letters go out again."""
    end_recovery(ready_engine(settings))
    sys.stdout.write("Восстановление закончено: сервер снова выдаёт номера\n")
    return 0


def print_policy(settings: Settings, arguments: argparse.Namespace) -> int:
    said = policy(ready_engine(settings), now=system_clock)
    _print(said)
    return 0


def print_openapi(settings: Settings, arguments: argparse.Namespace) -> int:
    sys.stdout.buffer.write(openapi_bytes() + b"\n")
    return 0


def _print(said: Any) -> None:
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n")


Run = Callable[[Settings, argparse.Namespace], int]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("epo-server", description="Сервер АИС ЭПО")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--config", type=Path, help="файл настроек TOML")
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, run: Run, help: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, parents=[shared], help=help)
        command.set_defaults(run=run)
        return command

    served = add("serve", serve, "запустить сервер")
    served.add_argument("--host")
    served.add_argument("--port", type=int)
    add("migrate", migrate, "привести базу данных к версии программы")
    add("end-recovery", end_restore, "закончить восстановление из копии")
    demo = add("demo-data", demo_data, "заполнить учебными данными")
    for name, default in (("students", 0), ("applicants", 300), ("colleges", 2), ("seed", 1)):
        demo.add_argument(f"--{name}", type=int, default=default)
    demo.add_argument("--canary", action="store_true")
    demo.add_argument("--password")
    loading = add("import", import_file, "загрузить таблицу")
    loading.add_argument("kind", choices=["applications"])
    loading.add_argument("file", type=Path)
    loading.add_argument("--college", required=True)
    loading.add_argument("--campaign")
    loading.add_argument("--mapping", help='{"base": "9"} или файл с этим')
    loading.add_argument("--dry-run", action="store_true")
    loading.add_argument("--json", action="store_true")
    add("policy", print_policy, "напечатать права").add_argument("--json", action="store_true")
    add("openapi", print_openapi, "напечатать описание API")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 1 refused with the reason, 2 wrong call."""
    parsed = _parser().parse_args(arguments)
    try:
        settings = read_settings(
            parsed.config,
            host=getattr(parsed, "host", None),
            port=getattr(parsed, "port", None),
        )
        code: int = parsed.run(settings, parsed)
    except EpoError as fault:
        sys.stderr.write(f"{fault.message}\n")
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
