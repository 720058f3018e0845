"""First things of an empty database: its epoch, the region's clock, the shipped roles; and what opens a college."""

from __future__ import annotations

import sqlalchemy as sa

from common.administration.entities import Role
from common.administration.roles import ROLES
from common.colleges.entities import College
from common.kit.ids import REGION
from server.kit.commit import commit, open_clock
from server.kit.gate import EPOCH, write_epoch
from server.kit.rearranging import arrange
from server.kit.session import Clock, CollegeSession
from server.kit.tables import clock, server_fact


def begin_history(engine: sa.Engine, *, now: Clock) -> None:
    """Make an empty, migrated database ready; does nothing to one that is."""
    with engine.begin() as connection:
        begun = connection.scalar(sa.select(server_fact.c.value).where(server_fact.c.name == EPOCH))
        if begun is None:
            write_epoch(connection)
    with CollegeSession(engine, REGION, now=now) as db:
        known = db.execute(sa.select(clock.c.counter).where(clock.c.college_id == REGION)).first()
        if known is None:
            open_clock(db)
        if ship_roles(db) or known is None:
            commit(db, "start")
    arrange(engine, now=now)


def ship_roles(db: CollegeSession) -> bool:
    """Bring the system roles up to what this version ships; says whether anything changed."""
    present = {role.code: role for role in db.scalars(sa.select(Role))}
    changed = False
    for shipped in ROLES:
        role = present.get(shipped.code)
        if role is None:
            role = Role(code=shipped.code, name="", scope=shipped.scope, permissions="")
            db.add(role)
        facts = (shipped.name, shipped.scope, shipped.text)
        if (role.name, role.scope, role.permissions) != facts:
            role.name, role.scope, role.permissions = facts
            changed = True
    return changed


def open_college(engine: sa.Engine, college: College, *, now: Clock) -> None:
    """Store a new college and give it its clock."""
    with CollegeSession(engine, REGION, now=now) as db:
        db.add(college)
        commit(db, "college.open")
    with CollegeSession(engine, college.id, now=now) as db:
        open_clock(db)
        commit(db, "college.open")
