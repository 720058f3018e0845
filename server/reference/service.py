"""Brings the regional reference books up to what ships with the program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from common.kit import resources
from common.kit.entity import Regional, describe
from common.kit.ids import REGION
from common.reference.entities import (
    AdmissionDeadline,
    BenefitKind,
    Country,
    DocumentKind,
    RetentionTerm,
    RussianRegion,
    Specialty,
    SuspicionLimit,
)
from common.reference.kinds import DocumentUse, EducationBase, ProgrammeKind, StudyForm
from server.kit.commit import commit
from server.kit.session import Clock, CollegeSession

Row = Mapping[str, str]


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _dates(row: Row) -> dict[str, Any]:
    return {
        "valid_from": _day(row["valid_from"]),
        "valid_to": _day(row["valid_to"]),
        "basis": row["basis"] or None,
    }


def _specialty(row: Row) -> dict[str, Any]:
    kind = ProgrammeKind.PPSSZ if row["kind"] == "speciality" else ProgrammeKind.PPKRS
    plain = {name: row[name] for name in ("code", "name", "ugs_code", "list_basis")}
    return plain | {"kind": kind, "qualifications": row["qualifications"] or None} | _dates(row)


def _deadline(row: Row) -> dict[str, Any]:
    return {
        "code": row["code"],
        "name": row["name"],
        "form": StudyForm.of(row["form"]) if row["form"] else None,
        "base": EducationBase.of(row["base"]) if row["base"] else None,
        "month": int(row["month"]),
        "day_of_month": int(row["day_of_month"]),
    } | _dates(row)


def _retention(row: Row) -> dict[str, Any]:
    plain = {"code": row["code"], "name": row["name"], "months": int(row["months"])}
    return plain | _dates(row)


def _limit(row: Row) -> dict[str, Any]:
    return {
        "code": row["code"],
        "name": row["name"],
        "most": int(row["most"]),
        "minutes": int(row["minutes"]),
        "suspends": row["suspends"] == "да",
        "hour_from": int(row["hour_from"]) if row["hour_from"] else None,
        "hour_to": int(row["hour_to"]) if row["hour_to"] else None,
    } | _dates(row)


def _country(row: Row) -> dict[str, Any]:
    return {"code": row["code"], "name": row["name"], "full_name": row["full_name"] or None}


BOOKS: Sequence[tuple[type[Regional], str, tuple[str, ...], Callable[[Row], dict[str, Any]]]] = (
    (Specialty, "specialties.csv", ("code", "list_basis", "name"), _specialty),
    (Country, "countries.csv", ("code",), _country),
    (RussianRegion, "regions.csv", ("code",), lambda r: {"code": r["code"], "name": r["name"]}),
    (
        DocumentKind,
        "document_kinds.csv",
        ("code",),
        lambda r: {"code": r["code"], "name": r["name"], "use": DocumentUse.of(r["use"])},
    ),
    (
        BenefitKind,
        "benefit_kinds.csv",
        ("code",),
        lambda r: {
            "code": r["code"],
            "name": r["name"],
            "category": r["category"],
            "restricted": r["restricted"] == "да",
        },
    ),
    (AdmissionDeadline, "admission_deadlines.csv", ("code", "valid_from"), _deadline),
    (RetentionTerm, "retention_terms.csv", ("code", "valid_from"), _retention),
    (SuspicionLimit, "suspicion_limits.csv", ("code", "valid_from"), _limit),
)


def load_reference(engine: sa.Engine, *, now: Clock) -> int:
    """Add what is new and correct what has changed; returns the number of rows touched."""
    with CollegeSession(engine, REGION, now=now) as db:
        touched = sum(
            _load(db, entity, [read(r) for r in resources.rows("reference", file)], keys)
            for entity, file, keys, read in BOOKS
        )
        if touched:
            commit(db, "reference.load")
    return touched


def ship_limits(engine: sa.Engine, *, now: Clock) -> None:
    """The limits of suspicion where the region has none yet: without them nothing would be noticed."""
    with CollegeSession(engine, REGION, now=now) as db:
        if db.scalars(sa.select(SuspicionLimit.id)).first() is None:
            rows = resources.rows("reference", "suspicion_limits.csv")
            db.add_all([SuspicionLimit(**_limit(row)) for row in rows])
            commit(db, "reference.limits")


def _load(
    db: CollegeSession,
    entity: type[Regional],
    rows: Sequence[Mapping[str, Any]],
    keys: tuple[str, ...],
) -> int:
    present = {tuple(getattr(r, k) for k in keys): r for r in db.scalars(sa.select(entity))}
    names = [f.name for f in describe(entity).fields]
    touched = 0
    for values in rows:
        row = present.get(tuple(values[k] for k in keys))
        if row is None:
            db.add(entity(**values))
            touched += 1
        elif any(getattr(row, n) != values[n] for n in names if n in values):
            for name in values:
                setattr(row, name, values[name])
            touched += 1
    return touched
