"""Runs in a copy of the house where Applicant has one field more, and finds it in every derivation."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtWidgets import QApplication

import common.all  # noqa: F401  the declarations
from client.kit.record_form import RecordForm
from client.kit.screen import plain_screen
from client.kit.theme import apply_theme
from client.store.receiving import take_pull
from client.store.store import Store
from common.administration.roles import shipped
from common.admissions.entities import AdmissionCampaign, Applicant
from common.colleges.entities import College
from common.kit.entity import Entity, describe
from common.kit.lists import plain_list
from common.kit.spec import problems
from common.kit.sync import PullRequest
from common.kit.wire import unpack_record
from common.people.entities import Person
from server.kit import schema
from server.kit.auth import Caller
from server.kit.commit import commit
from server.kit.database import open_engine
from server.kit.outside import Outside, attach
from server.kit.pulling import answer_pull
from server.kit.session import CollegeSession
from server.kit.start import begin_history, open_college
from server.kit.tables import audit

NOW = dt.datetime(2026, 7, 1, 5, 0, tzinfo=dt.UTC)


def now() -> dt.datetime:
    return NOW


def main(place: Path) -> None:
    spec = describe(Applicant)
    assert spec["sport"].label == "Вид спорта"
    assert "sport" in Entity.metadata.tables["applicant"].columns
    print("table")

    engine = attach(open_engine(f"sqlite:///{place / 'server.db'}"), Outside(place / "outside"))
    schema.upgrade(engine)
    assert any("sport" in found for found in schema.differences(engine))
    print("difference")
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE applicant ADD COLUMN sport VARCHAR(60)"))

    said = problems(spec, {"sport": "х" * 61}, only=frozenset({"sport"}))
    assert said == {"sport": "«Вид спорта»: не длиннее 60 знаков, сейчас 61"}
    print("validation")
    assert unpack_record(spec, {"sport": "плавание"}) == {"sport": "плавание"}
    print("wire")

    college, applicant = store_one(engine)
    caller = Caller(UUID(int=1), college, "desk", shipped("admission_secretary").permissions)
    answer = answer_pull(engine, caller, PullRequest(device="desk", epoch=None, ticket=0), now=now)
    columns = [f.columns for p in answer.pages for f in p.rows if f.facet == "applicant.P1"]
    assert "sport" in columns[0]
    print("feed")
    with engine.connect() as connection:
        lines = connection.execute(sa.select(audit.c.changes)).scalars().all()
    assert "плавание" in str(lines)
    print("audit")
    at_the_desk(place, answer, applicant)


def store_one(engine: sa.Engine) -> tuple[UUID, UUID]:
    begin_history(engine, now=now)
    college = College(code="k1", short_name="К", full_name="К", town="Юрга")
    open_college(engine, college, now=now)
    with CollegeSession(engine, college.id, now=now) as db:
        person = Person(last_name="Ёлкина", first_name="Анна", birth_date=dt.date(2010, 4, 11))
        campaign = AdmissionCampaign(year=2026, name="Приём")
        values: dict[str, Any] = {"sport": "плавание"}
        applicant = Applicant(
            person_id=person.id,
            campaign_id=campaign.id,
            reg_no="01-001",
            registered_at=NOW,
            **values,
        )
        db.add_all([person, campaign, applicant])
        commit(db, "test")
    return college.id, applicant.id


def at_the_desk(place: Path, answer: Any, applicant: UUID) -> None:
    spec = plain_list(Applicant)
    store = Store(place / "desk", bytes(32), [spec])
    store.journal.set_facts(
        permissions=[str(p) for p in shipped("admission_secretary").permissions],
        device="desk",
        account=UUID(int=2).hex,
    )
    answer.ticket = store.cache.ticket()
    take_pull(store, store.cache, answer, {})
    store.refresh({"applicant": {applicant.hex}})
    record = store.get("applicant", applicant)
    assert record is not None
    assert record["sport"] == "плавание"
    print("cache")
    app = QApplication([])
    apply_theme(app, dark=False)
    form = RecordForm(store, plain_screen(Applicant), applicant)
    assert form.editor("main", "sport").value() == "плавание"
    print("form")
    keys = [c.key for c in spec.columns]
    numbers = store.list_ids(spec.name, "", spec.order, keys)
    assert "плавание" in store.list_page(spec.name, numbers)[0].texts
    print("list")
    assert len(store.list_ids(spec.name, "плав", spec.order, keys)) == 1
    assert len(store.list_ids(spec.name, "плав", spec.order, ["reg_no"])) == 0
    print("filter")
    store.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        main(Path(home))
