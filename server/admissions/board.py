"""«Ход приёма» at the centre: the same board, counted by the database and written as a page that stands by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.admissions.board import TAKING_PART, Filed, Group, board, pictures
from common.admissions.entities import AdmissionCampaign, Application, CompetitiveGroup
from common.admissions.jobs import AdmissionsReport
from common.admissions.rules import OPEN_STATES
from common.kit.errors import Invalid
from common.reference.entities import OrgSpecialty, Specialty
from server.kit.chart_svg import page
from server.kit.database import reader
from server.kit.jobs import Ending, Running
from server.kit.refusals import day_of
from server.kit.session import CollegeSession

NONE = "Приёмной кампании {year}нет: укажите год, за который она есть"


def report(run: Running, asked: AdmissionsReport) -> Ending:
    """Of the year that is asked for, else of the open campaign; no person is in it."""
    with CollegeSession(reader(run.engine), run.college_id, now=run.now) as db:
        campaign = _campaign(db, asked.year)
        run.step(0, 2)
        made = board(_filed(db), _groups(db, campaign.id))
        name, day = campaign.name, day_of(db, db.now())
    run.step(1, 2)
    text = page("Ход приёма", f"{name}. На {day:%d.%m.%Y}. {TAKING_PART}", pictures(made))
    run.made.write_text(text, encoding="utf-8")
    return Ending(f"Подано заявлений: {made.whole.filed}", f"Ход приёма {day:%d.%m.%Y}.html")


def _campaign(db: CollegeSession, year: int) -> AdmissionCampaign:
    columns: Any = AdmissionCampaign
    query = sa.select(AdmissionCampaign).where(columns.deleted_at.is_(None))
    query = query.where(columns.year == year) if year else query
    found = db.scalars(query.order_by(columns.year.desc())).all()
    if not found:
        raise Invalid(NONE.format(year=f"{year} года " if year else ""))
    return next((c for c in found if c.status in OPEN_STATES), found[0])


def _filed(db: CollegeSession) -> list[Filed]:
    c: Any = Application
    by = (c.competitive_group_id, c.filed_on, c.state, c.original)
    query = sa.select(*by, sa.func.count()).where(c.deleted_at.is_(None)).group_by(*by)
    return [
        Filed(group.hex, day, state, original, count)
        for group, day, state, original, count in db.execute(query)
    ]


def _groups(db: CollegeSession, campaign: UUID) -> list[Group]:
    g: Any = CompetitiveGroup
    query = (
        sa.select(g.id, g.name, g.funding, g.places, Specialty.code, Specialty.name)
        .join(OrgSpecialty, OrgSpecialty.id == g.org_specialty_id, isouter=True)
        .join(Specialty, Specialty.id == OrgSpecialty.specialty_id, isouter=True)
        .where(g.campaign_id == campaign, g.deleted_at.is_(None))
    )
    return [
        Group(id.hex, name, f"{code} {taught}" if code else name, funding, places)
        for id, name, funding, places, code, taught in db.execute(query)
    ]
