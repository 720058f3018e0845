"""Brings the regional reference books up to what ships with the program; what an operator has changed is his."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit import resources
from common.kit.dated import refuse_overlap
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
from server.kit.gate import lock_history
from server.kit.session import Clock, CollegeSession
from server.kit.tables import audit, audit_row

log = logging.getLogger("epo.reference")

Row = Mapping[str, str]
Book = tuple[type[Regional], str, tuple[str, ...], Callable[[Row], dict[str, Any]]]
LOAD = "reference.load"
OURS = (LOAD, "reference.limits")
"""Actions of the journal by which this program, now or in an earlier version, wrote rows of its books."""


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


BOOKS: Sequence[Book] = (
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


def load_reference(engine: sa.Engine, *, now: Clock, books: Sequence[Book] = BOOKS) -> int:
    """Add what is new and correct what nobody else has changed; returns the number of rows touched."""
    with CollegeSession(engine, REGION, now=now) as db:
        lock_history(db)  # two servers that start at once would add everything twice
        theirs = _changed_by_others(db)
        touched = sum(
            _load(db, entity, [read(r) for r in resources.rows("reference", file)], keys, theirs)
            for entity, file, keys, read in books
        )
        if touched:
            commit(db, LOAD)
    return touched


def _changed_by_others(db: CollegeSession) -> set[UUID]:
    """Regional rows that were made, changed or deleted by anything but this loading."""
    query = (
        sa.select(audit_row.c.row_id)
        .join(
            audit,
            sa.and_(audit.c.college_id == audit_row.c.college_id, audit.c.seq == audit_row.c.seq),
        )
        .where(audit_row.c.college_id == REGION, audit.c.action.not_in(OURS))
    )
    return set(db.scalars(query))


def _load(
    db: CollegeSession,
    entity: type[Regional],
    rows: Sequence[Mapping[str, Any]],
    keys: tuple[str, ...],
    theirs: Collection[UUID],
) -> int:
    stored = db.scalars(sa.select(entity)).all()
    present = {tuple(getattr(r, k) for k in keys): r for r in stored}
    kept: list[Any] = [r for r in stored if r.id in theirs]
    names = [f.name for f in describe(entity).fields]
    touched = 0
    for values in rows:
        row = present.get(tuple(values[k] for k in keys))
        if row is None:
            made: Any = entity(**values)
            if "valid_from" in keys and refuse_overlap(
                made, [r for r in kept if r.code == made.code]
            ):
                facts = {"entity": entity.__tablename__, "code": made.code}
                log.warning("a shipped row gives way to the operator's", extra=facts)
                continue
            db.add(made)
            touched += 1
        elif row.id not in theirs and any(
            getattr(row, n) != values[n] for n in names if n in values
        ):
            for name in values:
                setattr(row, name, values[name])
            touched += 1
    return touched
