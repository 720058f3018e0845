"""`epo-server audit verify|export`: is the journal of changes the one that was written, and what does it say of a period."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from common.administration.entities import Account
from common.colleges.entities import College
from common.kit import sheets
from common.kit.entity import spec_of
from common.kit.errors import Invalid
from common.kit.ids import REGION
from server.administration.service import places
from server.kit import audit
from server.kit.acts import Act, Acts, print_json
from server.kit.database import reader
from server.kit.heads import anchors
from server.kit.noting import note_export
from server.kit.outside import outside_at
from server.kit.session import Clock, CollegeSession

REGION_CODE = "region"
KINDS = {"create": "создано", "change": "изменено", "delete": "удалено", "read": "показано"}
HEADERS = (
    "№",
    "Когда",
    "Кто",
    "Учётная запись",
    "Компьютер",
    "Запрос",
    "Действие",
    "Вид записи",
    "Запись",
    "Что",
    "Поля: было → стало",
    "Отпечаток",
)


class Found(msgspec.Struct, omit_defaults=True):
    """What is wrong with one college's journal; `seq` is its first bad record."""

    college: str
    message: str
    seq: int = 0


def add_audit(
    parser: argparse.ArgumentParser, shared: argparse.ArgumentParser, run: Callable[[Act], Any]
) -> None:
    """`run` makes of an act what the program calls."""
    acts = Acts(parser, shared, run)
    verified = acts.add("verify", verify, "проверить, тот ли это журнал изменений, что был записан")
    verified.add_argument("--heads", type=Path, help="папка с копией заверений, хранимой отдельно")
    verified.add_argument("--json", action="store_true")
    exported = acts.add("export", export, "выгрузить журнал изменений за период")
    exported.add_argument("file", type=Path, help="имя с .xlsx или .csv")
    exported.add_argument("--from", dest="since", type=dt.date.fromisoformat, metavar="ГГГГ-ММ-ДД")
    exported.add_argument("--to", dest="until", type=dt.date.fromisoformat, metavar="ГГГГ-ММ-ДД")
    for command in (verified, exported):
        command.add_argument("--college", required=command is exported)


def verify(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    """Exit code 1 where any journal is not what was written."""
    heads = [*anchors(outside_at(engine), arguments.heads)]
    found = [Found("", said) for said in audit.forged(heads)]
    told = [] if arguments.college else [(REGION, REGION_CODE)]
    for id, code in [*told, *places(engine, arguments.college, now)]:
        with CollegeSession(reader(engine), id, now=now) as db:
            fault = audit.first_fault(db, heads)
        if fault is not None:
            found.append(Found(code, fault.message, fault.seq))
    if arguments.json:
        print_json({"ok": not found, "anchors": len(heads), "findings": found})
    else:
        lines = [f"{f.college or 'заверения'}: {f.message}" for f in found]
        lines = lines or [f"Журнал изменений цел; сверено заверений: {len(heads)}"]
        sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found else 0


def export(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    """The days are the college's own; the last one is included."""
    write = {".xlsx": sheets.write, ".csv": sheets.write_csv}.get(arguments.file.suffix.lower())
    if write is None:
        raise Invalid("Имя файла должно кончаться на .xlsx или .csv")
    id, _ = places(engine, arguments.college, now)[0]
    note_export(engine, id, "", now=now)
    with CollegeSession(reader(engine), id, now=now) as db:
        name = db.scalars(sa.select(College.zone).where(College.id == id)).one()
        zone = ZoneInfo(name)
        since = _midnight(arguments.since, zone)
        until = arguments.until and arguments.until + dt.timedelta(days=1)
        rows = _rows(db, zone, since, _midnight(until, zone))
        write(arguments.file, "Журнал изменений", HEADERS, rows)
    sys.stdout.write(f"Журнал выгружен в {arguments.file.name}\n")
    return 0


def _midnight(day: dt.date | None, zone: ZoneInfo) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), zone) if day else None


def _rows(
    db: CollegeSession, zone: ZoneInfo, since: dt.datetime | None, until: dt.datetime | None
) -> Iterator[list[Any]]:
    """One row a changed record; a line that changed none has one of its own."""
    names: dict[UUID | None, Any] = {
        row.id: row for row in db.execute(sa.select(Account.id, Account.name, Account.login))
    }
    for line in audit.lines_between(db, since, until):
        who = names.get(line["account_id"])
        start = [
            line["seq"],
            f"{line['at'].astimezone(zone):%d.%m.%Y %H:%M:%S}",
            who.name if who else "",
            who.login if who else "",
            line["device"],
            line["request_id"],
            line["action"],
        ]
        for change in line["changes"] or [{}]:
            yield [*start, *_said(change), line["hash"]]


def _said(change: dict[str, Any]) -> list[str]:
    if not change:
        return ["", "", "", ""]
    spec = spec_of(change["entity"])
    fields = "; ".join(
        f"{spec[name].label if name in spec.by_name else name}: {_pair(pair)}"
        for name, pair in change["set"].items()
    )
    return [spec.one, change["id"], KINDS.get(change["kind"], change["kind"]), fields]


def _pair(pair: Any) -> str:
    """Restricted values were never written."""
    if not isinstance(pair, list):
        return str(pair)
    before, after = ("—" if value is None else str(value) for value in pair)
    return f"{before} → {after}"
