"""Puts the rows of a database made by an earlier version into the buckets of this one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from common.colleges.entities import College
from common.kit.entity import describe, entities, entity_named
from common.kit.ids import REGION
from server.kit.commit import commit
from server.kit.database import reader
from server.kit.places import chunks
from server.kit.session import Clock, CollegeSession
from server.kit.tables import server_fact

ARRANGED = "feed_arranged"
BY = "years and roots"
"""How buckets are named; another word here arranges every database once more."""
MANY = 250
"""Roots a transaction."""


def arrange(engine: sa.Engine, *, now: Clock) -> None:
    """Move what lies elsewhere; does nothing where this was done before. Cut short, it goes on at the next start."""
    done = sa.select(server_fact.c.value).where(server_fact.c.name == ARRANGED)
    with reader(engine).connect() as connection:
        if connection.scalar(done) == BY:
            return
    with CollegeSession(reader(engine), REGION, now=now) as db:
        colleges = db.scalars(sa.select(College.id)).all()
    for college in colleges:
        for spec in map(describe, entities()):
            if spec.root or spec.yearly:
                _arrange(engine, college, spec.name, now)
    with engine.begin() as connection:
        connection.execute(sa.delete(server_fact).where(server_fact.c.name == ARRANGED))
        connection.execute(sa.insert(server_fact).values(name=ARRANGED, value=BY))


def _arrange(engine: sa.Engine, college: Any, name: str, now: Clock) -> None:
    entity: Any = entity_named(name)
    with CollegeSession(reader(engine), college, now=now) as db:
        ids = db.scalars(sa.select(entity.id).order_by(entity.id)).all()
    for chunk in chunks(ids, MANY):
        with CollegeSession(engine, college, now=now) as db:
            db.displaced[name] = set(chunk)
            commit(db, "feed.arrange")
