"""The server's command line: `epo-server serve|migrate|…`; settings are read here once and handed down."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import datetime as dt
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import uvicorn

import common.all  # noqa: F401  the declarations
from common.administration.entities import (
    AccessEnd,
    Account,
    HandedOperation,
    OrgRole,
    RoleGrant,
    Suspicion,
)
from common.admissions.entities import Applicant, Application
from common.kit.attached import attached
from common.kit.errors import EpoError, Invalid
from common.kit.sync import (
    DESTROY_LOGIN,
    END_ACCESS,
    HAND,
    RESUME_ACCESS,
    RETURN_HANDED,
    SEND_HANDED,
)
from common.people.entities import Consent
from server.administration import consents, ending, granting, handing, operator_feed
from server.administration import pages as account_pages
from server.administration.audit_command import add_audit
from server.administration.deciding_command import add_deciding
from server.administration.operator_command import add_events
from server.administration.region_command import add_region
from server.administration.register_command import add_register
from server.administration.sealed_command import add_sealed
from server.administration.user_command import add_users
from server.administration.watching import refuse_suspicion, watch
from server.administration.web import (
    asked_route,
    change_own_password,
    close_numbers_route,
    decide_asked_route,
    issue_credentials,
    numbers_route,
    sealed_route,
)
from server.administration.web_region import region_events, region_rows
from server.admissions.demo import ACCOUNTS, make_region
from server.admissions.import_command import add_import
from server.admissions.jobs import WORKS
from server.admissions.leaving import follow_refusals
from server.admissions.service import refuse_applicant, refuse_application
from server.admissions.transfer import finish_all
from server.admissions.transfer_command import add_transfer
from server.colleges.service import lease_again, lease_numbers
from server.kit import backup as copies
from server.kit import judge, proved, schema, web_jobs
from server.kit.acts import Act, print_json
from server.kit.age_keys import new_key
from server.kit.checking import findings
from server.kit.consequences import CONSEQUENCES, TELLERS
from server.kit.database import open_engine, unsafe_settings
from server.kit.files import refuse_file
from server.kit.gate import end_history, end_recovery
from server.kit.jobs import JOBS
from server.kit.logs import write_logs
from server.kit.midnight import nights
from server.kit.midnight import run as run_midnight
from server.kit.outside import Outside, attach
from server.kit.policy import policy
from server.kit.refusals import RULES
from server.kit.repeating import Repeating
from server.kit.settings import Settings, read_settings
from server.kit.start import begin_history
from server.kit.walls import admit, weak
from server.kit.web import FACES, HANDLERS, make_app, openapi_bytes
from server.kit.web_history import history_route
from server.kit.work_command import add_work, hands_of
from server.kit.working import EVERY
from server.reference.service import load_reference
from server.web.page import show_problem
from server.web.pages import pages

HANDLERS += [
    issue_credentials,
    change_own_password,
    asked_route,
    decide_asked_route,
    numbers_route,
    close_numbers_route,
    sealed_route,
    region_events,
    history_route,
    *web_jobs.ROUTES,
    region_rows,
    pages(*account_pages.PAGES),
]
for work in WORKS:
    JOBS[work.kind] = work
    HANDLERS.append(web_jobs.start_route(work))
judge.COMMANDS["lease_numbers"] = lease_numbers
judge.COMMANDS[HAND] = handing.hand
judge.COMMANDS[SEND_HANDED] = handing.send
judge.COMMANDS[RETURN_HANDED] = handing.give_back
judge.COMMANDS[END_ACCESS] = ending.end_access
judge.COMMANDS[RESUME_ACCESS] = ending.resume_access
judge.COMMANDS[DESTROY_LOGIN] = ending.destroy_login
RULES[AccessEnd] = ending.refuse_end
RULES[HandedOperation] = handing.refuse_handed
RULES[Account] = granting.refuse_account
RULES[Consent] = consents.refuse_consent
RULES[Suspicion] = refuse_suspicion
RULES[OrgRole] = granting.refuse_org_role
RULES[RoleGrant] = granting.refuse_grant
RULES.update(dict.fromkeys(attached(), refuse_file))
RULES[Applicant] = refuse_applicant
RULES[Application] = refuse_application
judge.AGAIN["lease_numbers"] = lease_again
CONSEQUENCES += [consents.follow_withdrawals, follow_refusals]
TELLERS.append(operator_feed.tell)
FACES.append(show_problem)
Run = Callable[[Settings, argparse.Namespace], int]

COMMANDS_READY = True
"""Every room has registered its commands and rules once this module is imported."""


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


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[sa.Engine]:
    """A ready engine for one command."""
    engine = ready_engine(settings)
    try:
        yield engine
    finally:
        engine.dispose()


def on_database(act: Act) -> Run:
    """A command of a room, on a ready engine."""

    def run(settings: Settings, arguments: argparse.Namespace) -> int:
        with database(settings) as engine:
            return act(engine, arguments, now=system_clock)

    return run


def migrate(settings: Settings, arguments: argparse.Namespace) -> int:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = attach(open_engine(settings.database_url), Outside(settings.data_dir))
    schema.upgrade(engine)
    begin_history(engine, now=system_clock)
    load_reference(engine, now=system_clock)
    if arguments.role is not None:
        admit(engine, arguments.role)
    engine.dispose()
    sys.stdout.write(f"База данных приведена к версии {schema.head()}\n")
    return 0


def build(settings: Settings) -> Any:
    """The ASGI application for these settings, and beside it what happens at midnight."""
    engine = ready_engine(settings)
    finish_all(engine, now=system_clock)
    load_reference(engine, now=system_clock)
    hands = hands_of(engine, settings, now=system_clock)
    beside = [
        nights(engine, now=system_clock),
        watch(engine, now=system_clock),
        Repeating("jobs", hands.look, EVERY),
    ]
    for each in beside:
        each.start()

    def close() -> None:
        for each in beside:
            each.end()
        hands.end()
        engine.dispose()

    return make_app(engine, now=system_clock, close=close, second_factor=settings.second_factor)


def refuse_unsafe(settings: Settings) -> None:
    """EpoError where PostgreSQL may forget what it confirmed or its walls do not bind us, unless the operator knows."""
    engine = open_engine(settings.database_url)
    unsafe, above = unsafe_settings(engine), weak(engine)
    engine.dispose()
    if settings.accept_unsafe_database or not (unsafe or above):
        return
    said = []
    if unsafe:
        said.append(
            f"В PostgreSQL выключено: {', '.join(unsafe)}. При сбое питания база потеряет подтверждённые записи: включите это."
        )
    if above:
        said += [
            *above,
            "Дайте обычной роли права командой migrate --role и назовите её в адресе базы.",
        ]
    raise EpoError(" ".join([*said, "Запустить всё равно: ключ --accept-unsafe-database"]))


def serve(settings: Settings, arguments: argparse.Namespace) -> int:
    refuse_unsafe(settings)
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


def check(settings: Settings, arguments: argparse.Namespace) -> int:
    """Exit code 1 where anything is found in the database; what the operator has let lie is told beside it."""
    engine = attach(open_engine(settings.database_url), Outside(settings.data_dir))
    found, notes = findings(engine, now=system_clock), weak(engine)
    copy = "" if any(f.kind == "schema" for f in found) else proved.state(engine, system_clock())
    if copy and (said := proved.words(engine, system_clock())):
        notes.append(said)
    engine.dispose()
    sys.stderr.writelines(f"{said}\n" for said in notes)
    if arguments.json:
        print_json({"ok": not found, "findings": found, "backup": copy})
    else:
        lines = [f"{f.college or 'база'}: {f.message}" for f in found] or ["Замечаний нет"]
        sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found else 0


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
    if arguments.serve is None:
        return 0
    sys.stdout.flush()
    engine.dispose()
    return serve(dataclasses.replace(settings, port=arguments.serve), arguments)


def backup(settings: Settings, arguments: argparse.Namespace) -> int:
    """Makes a copy, proves one, or makes the key that opens them."""
    if arguments.new_key is not None:
        recipient = new_key(arguments.new_key)
        sys.stdout.write(
            f"Ключ записан в {arguments.new_key.name}; храните его отдельно от сервера\n{recipient}\n"
        )
        return 0
    if arguments.file is None:
        raise Invalid("Назовите файл копии: epo-server backup ФАЙЛ --recipient age1…")
    if arguments.recipient is None and arguments.key is None:
        raise Invalid("Скажите --recipient, чтобы снять копию, или --key, чтобы проверить её")
    file, data_dir = arguments.file, settings.data_dir
    if arguments.recipient is None and file.is_dir():
        file = copies.newest(file)
    with database(settings) as engine:
        if arguments.recipient is not None:
            made = copies.make_backup(engine, data_dir, file, arguments.recipient, now=system_clock)
            _say_copy(arguments, "Копия снята", made)
        if arguments.key is not None:
            made = copies.prove(engine, file, arguments.key, data_dir, now=system_clock)
            _say_copy(arguments, "Копия проверена", made)
    return 0


def restore(settings: Settings, arguments: argparse.Namespace) -> int:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if arguments.file is None or arguments.key is None:
        raise Invalid("Назовите файл копии и ключ: epo-server restore ФАЙЛ --key КЛЮЧ")
    made = copies.restore(settings.database_url, arguments.file, arguments.key, settings.data_dir)
    _say_copy(arguments, "Восстановлено", made)
    if not arguments.json:
        sys.stdout.write(
            "Рабочие места отдадут то, чего не было в копии; после этого: epo-server end-recovery\n"
        )
    return 0


def _say_copy(arguments: argparse.Namespace, words: str, made: copies.Manifest) -> None:
    if arguments.json:
        print_json(made)
    else:
        rows = sum(made.tables.values())
        sys.stdout.write(
            f"{words}: {rows} строк в {len(made.tables)} таблицах, файлов {made.files}, "
            f"снято {made.made_at:%d.%m.%Y %H:%M}\n"
        )


def begin_restore(settings: Settings, arguments: argparse.Namespace) -> int:
    """The word of a person who put back a database, where no desk can prove it: the server's secrets were lost."""
    end_history(ready_engine(settings))
    sys.stdout.write(
        "Началось восстановление: рабочие места отдадут то, чего нет в базе; после этого: epo-server end-recovery\n"
    )
    return 0


def end_restore(settings: Settings, arguments: argparse.Namespace) -> int:
    """After a restore: desks have given back what they hold; numbers and letters go out again."""
    end_recovery(ready_engine(settings))
    sys.stdout.write("Восстановление закончено: сервер снова выдаёт номера\n")
    return 0


def midnight(settings: Settings, arguments: argparse.Namespace) -> int:
    """Exit code 1 where something was found that ought not to be."""
    with database(settings) as engine:
        done = run_midnight(engine, now=system_clock, on=arguments.date)
    if arguments.json:
        print_json(done)
    for night in done if not arguments.json else ():
        sys.stdout.write(
            f"{night.college}: {night.day:%d.%m.%Y}, учётных записей приостановлено {night.suspended}, "
            f"операций забыто {night.forgotten}, файлов ждём снова {night.vanished}, "
            f"файлов убрано {night.removed}, долгих работ убрано {night.swept}\n"
        )
        sys.stdout.writelines(f"  {said}\n" for said in night.findings)
    if not done and not arguments.json:
        sys.stdout.write("За этот день всё уже сделано\n")
    return 1 if any(night.findings for night in done) else 0


def print_policy(settings: Settings, arguments: argparse.Namespace) -> int:
    said = policy(ready_engine(settings), now=system_clock)
    print_json(said)
    return 0


def print_openapi(settings: Settings, arguments: argparse.Namespace) -> int:
    sys.stdout.buffer.write(openapi_bytes() + b"\n")
    return 0


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
    served.add_argument("--accept-unsafe-database", action="store_true", default=None)
    add_work(
        commands.add_parser("work", parents=[shared], help="делать долгие работы отдельно"),
        on_database,
    )
    add("check", check, "сверить базу с самой собой").add_argument("--json", action="store_true")
    add_users(commands.add_parser("user", help="учётные записи"), shared, on_database)
    add_deciding(commands, shared, on_database)
    add_audit(commands.add_parser("audit", help="журнал изменений"), shared, on_database)
    add_sealed(
        commands.add_parser("sealed", help="работа тех, чей доступ прекращён"), shared, on_database
    )
    add_register(
        commands.add_parser(
            "access-register", parents=[shared], help="реестр предоставленных доступов"
        ),
        on_database,
    )
    for word, told, fill in (
        ("events", "события доступа для оператора", add_events),
        ("region", "записи организаций для региона", add_region),
    ):
        fill(commands.add_parser(word, parents=[shared], help=told), on_database)
    add_transfer(
        commands.add_parser("transfer", help="переводы между организациями"), shared, on_database
    )
    copying = add("backup", backup, "снять или проверить зашифрованную копию")
    copying.add_argument(
        "file",
        type=Path,
        nargs="?",
        help="файл копии; с --key и папка: тогда последняя копия в ней",
    )
    copying.add_argument("--recipient", help="строка age1… ключа, которым копию откроют")
    copying.add_argument("--key", type=Path, help="проверить копию этим ключом")
    copying.add_argument("--new-key", type=Path, help="сделать ключ")
    restoring = add("restore", restore, "восстановить копию на пустое место")
    restoring.add_argument("file", type=Path, nargs="?")
    restoring.add_argument("--key", type=Path)
    for command in (copying, restoring):
        command.add_argument("--json", action="store_true")
    migrating = add("migrate", migrate, "привести базу данных к версии программы")
    migrating.add_argument("--role", help="роль PostgreSQL, под которой работает сервер")
    nightly = add("midnight", midnight, "выполнить работу полуночи, если она не выполнена")
    nightly.add_argument("--date", type=dt.date.fromisoformat, help="за какой день, ГГГГ-ММ-ДД")
    nightly.add_argument("--json", action="store_true")
    add("begin-recovery", begin_restore, "сказать серверу, что базу заменили прежней")
    add("end-recovery", end_restore, "закончить восстановление из копии")
    demo = add("demo-data", demo_data, "заполнить учебными данными")
    for name, default in (("students", 0), ("applicants", 300), ("colleges", 2), ("seed", 1)):
        demo.add_argument(f"--{name}", type=int, default=default)
    demo.add_argument("--canary", action="store_true")
    demo.add_argument("--password")
    demo.add_argument("--serve", type=int, metavar="PORT", help="и сразу запустить сервер")
    add_import(
        commands.add_parser("import", parents=[shared], help="загрузить таблицу"), on_database
    )
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
            accept_unsafe_database=getattr(parsed, "accept_unsafe_database", None),
        )
        code: int = parsed.run(settings, parsed)
    except EpoError as fault:
        sys.stderr.write(f"{fault.message}\n")
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
