"""`epo-client`: the desktop, or without a window `login`, `do`, `sync`, `status`, `outbox`."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import platformdirs

import common.all  # noqa: F401  the declarations
from client.net.link import Link
from client.shell.lists import LISTS
from client.store.file_sync import Sent, send
from client.store.keys import WRAPPED, GivenKey, KeyringKey, KeySource, PasswordKey, keyring_works
from client.store.lease import refuse_ended_lease
from client.store.password import remember
from client.store.store import Store
from client.store.syncing import Round, run, sign_in
from common.kit.entity import spec_of
from common.kit.errors import EpoError, Invalid
from common.kit.ids import new_id
from common.kit.spec import EntitySpec
from common.kit.sync import Command, Save
from common.kit.wire import unpack_record


def default_profile() -> Path:
    return Path(platformdirs.user_data_dir("ais-epo")) / "profile"


def key_source(arguments: argparse.Namespace, password: str = "") -> KeySource:
    """--key-stdin, EPO_PROFILE_KEY, the keyring, else the password."""
    if arguments.key_stdin:
        return GivenKey(sys.stdin.readline().strip().encode())
    if given := os.environ.get("EPO_PROFILE_KEY"):
        return GivenKey(given.encode())
    if keyring_works() and not (arguments.profile / WRAPPED).exists():
        return KeyringKey()
    return PasswordKey(password or getpass.getpass("Пароль: "))


@contextmanager
def opened(arguments: argparse.Namespace, password: str = "") -> Iterator[Store]:
    arguments.profile.mkdir(parents=True, exist_ok=True)
    key = key_source(arguments, password).key(arguments.profile)
    store = Store(arguments.profile, key, LISTS)
    for note in store.notes:
        sys.stderr.write(note + "\n")
    with closing(store):
        yield store


def refuse_closed(store: Store) -> None:
    """What a person typed and read here is not shown where the window would ask his password."""
    if store.journal.fact("locked", False):
        raise EpoError("Программа заблокирована: откройте её окно и введите пароль")
    if store.signed_in:
        refuse_ended_lease(store)


def link_of(store: Store) -> Link:
    server, token = store.journal.fact("server"), store.journal.fact("token")
    if not server or not token:
        raise EpoError(
            "На этом профиле ещё не входили. Сначала: epo-client login --server … --login …"
        )
    return Link(server, token)


# ---- commands


def login(arguments: argparse.Namespace) -> int:
    password = (
        sys.stdin.readline().rstrip("\n")
        if arguments.password_stdin
        else getpass.getpass("Пароль: ")
    )
    with (
        opened(arguments, password) as store,
        closing(Link(arguments.server)) as link,
    ):
        try:
            answer = sign_in(
                store, link, arguments.login, password, platform.node(), second=arguments.second
            )
        except EpoError:
            store.discard_unused()
            raise
        remember(store, password)
        done = run(store, link)
        said = {
            "account": answer.account.hex,
            "series": answer.series,
            "college": answer.college_code,
        }
        words = f"Вход выполнен: {answer.name}, серия {answer.series}"
        return _say(arguments, said | _status(store, done), words)


def do(arguments: argparse.Namespace) -> int:
    """Operations of a file into the journal; prints their uuids."""
    with opened(arguments) as store:
        refuse_closed(store)
        bodies = [_body(store, item) for item in _read(arguments.file)]
        made = store.record(lambda _: bodies)
    uuids = [str(op.uuid) for op in made]
    return _say(arguments, {"uuids": uuids}, "\n".join(uuids))


def _read(path: Path) -> list[Any]:
    try:
        items = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise Invalid(f"Файл {path.name} не читается: {fault}") from None
    if not isinstance(items, list):
        raise Invalid(f"Файл {path.name}: нужен список операций")
    return items


def _body(store: Store, item: Any) -> Save | Command:
    if not isinstance(item, dict):
        raise Invalid("Операция — это объект с entity и set или с command и args")
    if unknown := item.keys() - {"entity", "id", "set", "command", "args"}:
        raise Invalid(f"Неизвестные ключи операции: {', '.join(sorted(unknown))}")
    if "command" in item:
        return Command(str(item["command"]), dict(item.get("args", {})))
    try:
        spec = spec_of(str(item.get("entity")))
    except KeyError:
        raise Invalid(f"Нет записей вида «{item.get('entity')}»") from None
    pairs = _pairs(spec, item.get("set"))
    id = _uuid(item["id"]) if "id" in item else new_id()
    known = store.get(spec.name, id) is not None
    return Save(spec.name, id, not known, _whole_atoms(store, spec, id, pairs) if known else pairs)


def _uuid(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise Invalid(f"«{text}» — не идентификатор записи") from None


def _pairs(spec: EntitySpec, given: Any) -> dict[str, tuple[Any, Any]]:
    if not isinstance(given, dict) or any(
        not isinstance(pair, list) or len(pair) != 2 for pair in given.values()
    ):
        raise Invalid("set — это объект {поле: [видел, новое]}")
    plain = {name: tuple(map(_wire, pair)) for name, pair in given.items()}
    for side in (0, 1):
        unpack_record(spec, {name: pair[side] for name, pair in plain.items()})
    return {name: (seen, new) for name, (seen, new) in plain.items()}


def _wire(value: Any) -> Any:
    """A UUID in any spelling becomes its 32 digits."""
    if isinstance(value, str) and len(value) == 36:
        try:
            return UUID(value).hex
        except ValueError:
            return value
    return value


def _whole_atoms(
    store: Store, spec: EntitySpec, id: UUID, pairs: dict[str, tuple[Any, Any]]
) -> dict[str, tuple[Any, Any]]:
    """Fields that conflict as one are sent as one."""
    record = store.overlay.records(spec.name, [id.hex])[id.hex]
    mates = {mate for name in pairs for mate in spec.atom_of(name)} - pairs.keys()
    return pairs | {name: (record[name], record[name]) for name in mates}


def sync(arguments: argparse.Namespace) -> int:
    """Records first; files only once those have gone."""
    with opened(arguments) as store, closing(link_of(store)) as link:
        done = run(store, link)
        sent = send(store, link) if done.online and not done.ended else Sent()
        if sent.files:
            done = _both(done, run(store, link))
        said = _status(store, done)
    files = f", файлов {sent.files}" if sent.files else ""
    _say(arguments, said, f"Отправлено {done.pushed}{files}, получено {done.pulled}")
    for why in filter(None, (done.why, sent.why)):
        sys.stderr.write(f"{why}\n")
    return 0 if done.online and not (done.ended or done.stuck or sent.why) else 1


def _both(first: Round, second: Round) -> Round:
    """What two rounds did together; how it ended is the second's."""
    pushed, pulled = first.pushed + second.pushed, first.pulled + second.pulled
    return replace(second, pushed=pushed, pulled=pulled)


def status(arguments: argparse.Namespace) -> int:
    with opened(arguments) as store:
        said, waits = _status(store, Round()), store.counts().files
    files = f", файлов {waits}" if waits else ""
    return _say(arguments, said, f"Ждут отправки: {said['waiting']}{files}")


def outbox(arguments: argparse.Namespace) -> int:
    with opened(arguments) as store:
        refuse_closed(store)
        entries = store.outbox()
    items = [
        {
            "uuid": str(entry.op.uuid),
            "no": entry.op.no,
            "status": entry.status.value,
            "entity": entry.subject[0],
            "id": entry.subject[1],
            "text": entry.said,
            "fields": entry.fields,
        }
        for entry in entries
    ]
    lines = "\n".join(f"{i['no']}\t{i['status']}\t{i['entity']}\t{i['text']}" for i in items)
    return _say(arguments, items, lines or "Всё отправлено")


def _status(store: Store, done: Round) -> dict[str, Any]:
    counts = store.counts()
    return {
        "waiting": counts.waiting,
        "pushed": done.pushed,
        "pulled": done.pulled,
        "conflict": counts.conflict,
        "refused": counts.refused,
        "quarantined": counts.quarantined,
        "held": counts.held,
        "failed": counts.failed,
        "epoch": store.journal.fact("epoch"),
        "online": done.online,
    }


def _say(arguments: argparse.Namespace, said: Any, words: str) -> int:
    text = msgspec.json.encode(said).decode() if arguments.json else words
    sys.stdout.write(text + "\n")
    return 0


def desktop(arguments: argparse.Namespace) -> int:
    from client.shell.start import start  # noqa: PLC0415  Qt is loaded only for the window

    return start(arguments)


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--profile", type=Path, default=default_profile())
    shared.add_argument("--json", action="store_true")
    shared.add_argument(
        "--key-stdin", action="store_true", help="ключ профиля — первая строка ввода"
    )
    parser = argparse.ArgumentParser("epo-client", description="АИС ЭПО", parents=[shared])
    after = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    after.add_argument("--profile", type=Path)  # what stands before the command holds too
    after.add_argument("--json", action="store_true")
    after.add_argument("--key-stdin", action="store_true")
    parser.add_argument("--server")
    parser.add_argument("--demo", action="store_true")
    parser.set_defaults(run=desktop)
    commands = parser.add_subparsers(dest="command")

    def add(
        name: str, act: Callable[[argparse.Namespace], int], help: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, parents=[after], help=help)
        command.set_defaults(run=act)
        return command

    signing = add("login", login, "войти без окна")
    signing.add_argument("--server", required=True)
    signing.add_argument("--login", required=True)
    signing.add_argument("--password-stdin", action="store_true")
    signing.add_argument("--second", default="", help="код подтверждения с телефона")
    add("do", do, "записать операции из файла").add_argument("file", type=Path)
    add("sync", sync, "обменяться с сервером")
    add("status", status, "что ждёт отправки")
    add("outbox", outbox, "список неотправленного и спорного")
    return parser


def leave_no_core() -> None:
    """What lies in memory in clear is not written to a file when the process dies; Windows keeps none unless told to."""
    with contextlib.suppress(ImportError, ValueError):
        import resource  # noqa: PLC0415  it is not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 1 refused with the reason, 2 wrong call."""
    parsed = _parser().parse_args(arguments)
    leave_no_core()
    try:
        code: int = parsed.run(parsed)
    except EpoError as fault:
        sys.stderr.write(f"{fault.message}\n")
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
