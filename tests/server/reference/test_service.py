"""A server that is installed and served fresh has the shipped reference rows; a newer release leaves the operator's alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.administration.entities import Role
from common.administration.roles import ROLES
from common.kit.ids import REGION
from common.reference.entities import Country, RetentionTerm, SuspicionLimit
from server.app import build, main
from server.kit.commit import commit
from server.kit.database import open_engine
from server.kit.session import CollegeSession
from server.kit.settings import read_settings
from server.kit.tables import clock
from server.reference.service import BOOKS, Book, load_reference
from tests.server.conftest import now

FIRST, LATER = dt.date(2023, 5, 17), dt.date(2028, 1, 1)
EVENTS = "access_events"


def region(engine: sa.Engine) -> CollegeSession:
    return CollegeSession(engine, REGION, now=now)


def counted(engine: sa.Engine, entity: Any) -> int:
    with region(engine) as db:
        return db.scalar(sa.select(sa.func.count()).select_from(entity)) or 0


def ticks(engine: sa.Engine) -> int:
    with region(engine) as db:
        return int(db.scalars(sa.select(clock.c.counter).where(clock.c.college_id == REGION)).one())


def terms(engine: sa.Engine) -> list[tuple[dt.date, dt.date | None, int]]:
    with region(engine) as db:
        rows = db.scalars(sa.select(RetentionTerm).where(RetentionTerm.code == EVENTS))
        return sorted((r.valid_from, r.valid_to, r.months) for r in rows)


def released(*rows: dict[str, Any]) -> list[Book]:
    """The book of terms as a newer release would ship it: the first rows of the file are read as these."""
    left = list(rows)
    as_shipped = next(read for entity, *_, read in BOOKS if entity is RetentionTerm)
    made = {"code": EVENTS, "name": "Журнал посещений", "basis": None, "valid_to": None}

    def read(row: Mapping[str, str]) -> dict[str, Any]:
        return made | left.pop(0) if left else as_shipped(row)

    return [(RetentionTerm, "retention_terms.csv", ("code", "valid_from"), read)]


NEWER = (
    {"months": 12, "valid_from": FIRST, "valid_to": LATER},
    {"months": 36, "valid_from": LATER},
)


@pytest.fixture
def terms_only() -> list[Book]:
    return [book for book in BOOKS if book[0] is RetentionTerm]


def operate(engine: sa.Engine, **facts: Any) -> None:
    """An operator changes the shipped row."""
    with region(engine) as db:
        row = db.scalars(sa.select(RetentionTerm).where(RetentionTerm.code == EVENTS)).one()
        for name, value in facts.items():
            setattr(row, name, value)
        commit(db, "operator.change")


def test_a_fresh_database_has_all_that_ships_once_it_was_migrated_or_served(
    migrated_url: str, tmp_path: Path
) -> None:
    config = tmp_path / "epo.toml"
    config.write_text(
        f'database_url = "{migrated_url}"\ndata_dir = "{tmp_path / "data"}"\n', "utf-8"
    )
    assert main(["migrate", "--config", str(config)]) == 0
    engine = open_engine(migrated_url)
    assert counted(engine, Role) == len(ROLES)
    assert counted(engine, Country) > 200
    assert counted(engine, SuspicionLimit) == 7
    assert terms(engine) == [(FIRST, None, 12)]
    before = ticks(engine)
    with TestClient(build(read_settings(config))) as client:
        assert client.get("/health/live").status_code == 200
    assert ticks(engine) == before
    engine.dispose()


def test_a_newer_release_closes_its_own_row_and_adds_the_next(
    engine: sa.Engine, terms_only: list[Book]
) -> None:
    load_reference(engine, now=now, books=terms_only)
    load_reference(engine, now=now, books=released(*NEWER))
    assert terms(engine) == [(FIRST, LATER, 12), (LATER, None, 36)]


def test_what_an_operator_has_changed_is_neither_corrected_nor_overlapped(
    engine: sa.Engine, terms_only: list[Book]
) -> None:
    load_reference(engine, now=now, books=terms_only)
    operate(engine, months=60)
    for books in (terms_only, released(*NEWER)):
        assert load_reference(engine, now=now, books=books) == 0
    assert terms(engine) == [(FIRST, None, 60)]


def test_beside_a_row_that_an_operator_has_ended_the_next_one_is_added(
    engine: sa.Engine, terms_only: list[Book]
) -> None:
    load_reference(engine, now=now, books=terms_only)
    operate(engine, months=60, valid_to=LATER)
    assert load_reference(engine, now=now, books=released(*NEWER)) == 1
    assert terms(engine) == [(FIRST, LATER, 60), (LATER, None, 36)]


def test_what_an_operator_has_deleted_does_not_come_back(
    engine: sa.Engine, terms_only: list[Book]
) -> None:
    load_reference(engine, now=now, books=terms_only)
    operate(engine, deleted_at=now())
    assert load_reference(engine, now=now, books=terms_only) == 0
