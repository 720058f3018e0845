"""`epo-server audit`: a damaged journal is named, a period is exported and says nothing that Excel would execute."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import pytest
import sqlalchemy as sa

from common.kit import sheets
from common.kit.ids import new_id
from common.kit.sync import Save
from server.administration.audit_command import HEADERS, add_audit
from server.kit.midnight import run
from server.kit.tables import audit
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, person, statuses, taken


def called(house: House, *words: str) -> int:
    parser = argparse.ArgumentParser()
    shared = argparse.ArgumentParser(add_help=False)
    add_audit(parser, shared, lambda act: act)
    arguments = parser.parse_args(words)
    code: int = arguments.run(house.engine, arguments, now=now)
    return code


def test_midnight_anchors_every_journal_and_verify_compares_them(
    ours: House, theirs: House, capsys: pytest.CaptureFixture[str]
) -> None:
    taken(Desk(ours))
    run(ours.engine, now=now)
    assert called(ours, "verify") == 0
    assert capsys.readouterr().out == "Журнал изменений цел; сверено заверений: 3\n"


def test_verify_names_the_first_bad_record(
    ours: House, theirs: House, capsys: pytest.CaptureFixture[str]
) -> None:
    taken(Desk(ours))
    with ours.engine.begin() as db:
        mine = audit.c.college_id == ours.id
        db.execute(sa.delete(audit).where(mine, audit.c.seq == 3))
    assert called(ours, "verify") == 1
    assert capsys.readouterr().out == "k1: В журнале изменений нет записи 3: её удалили\n"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_period_is_exported_with_who_and_what_and_no_restricted_value(
    ours: House, theirs: House, tmp_path: Path, kind: str
) -> None:
    desk, file = Desk(ours), tmp_path / f"journal.{kind}"
    id = new_id()
    told = desk.push(desk.op(person(id)))
    secret = Save("person", id, create=False, set={"nationality": (None, "тайна")})
    assert statuses(told) + statuses(desk.push(desk.op(secret))) == ["applied"] * 2
    assert called(ours, "export", str(file), "--college", "k1", "--from", "2026-07-01") == 0
    rows = _rows(file)
    pushed = [row for row in rows if row["Действие"] == "push"]
    assert [row["Что"] for row in pushed] == ["создано", "изменено"]
    assert "Фамилия: — → Ёлкина" in pushed[0]["Поля: было → стало"]
    assert pushed[1]["Поля: было → стало"] == "Национальность: ***"
    assert pushed[0]["Учётная запись"] == "admission_secretary.k1"
    assert "тайна" not in file.read_bytes().decode("utf-8", "replace")
    assert called(ours, "export", str(file), "--college", "k1", "--to", "2026-06-30") == 0
    assert _rows(file) == []


def _rows(file: Path) -> list[dict[str, str]]:
    if file.suffix == ".xlsx":
        sheet = sheets.read(file)
        return [dict(zip(sheet.headers, map(str, row), strict=True)) for row in sheet.rows]
    with file.open(encoding="utf-8-sig", newline="") as lines:
        found = [*csv.DictReader(lines, delimiter=";")]
    assert tuple(found[0] if found else HEADERS) == HEADERS
    return found
