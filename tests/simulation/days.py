"""Whole days at a desk, and years: bulk work between two contacts, and records that pass out of what a desk holds."""

from __future__ import annotations

import functools
import random
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.admissions.entities import AdmissionCampaign
from common.kit.entity import spec_of
from common.kit.ids import REGION
from common.kit.sync import Save
from common.reference.entities import RetentionTerm
from server.kit.commit import commit
from server.kit.session import CollegeSession, load
from server.kit.terms import DESK_YEARS
from tests.simulation.base import FIELDS, letters
from tests.simulation.desk import SimDesk
from tests.simulation.oracle import BOTH, ENTITIES
from tests.simulation.work import Work
from tests.simulation.world import START

BATCHES = (1, 5, 20, 60)
HEAP = 24
"""Records of one kind that lie on one table."""
CROWD = 80
"""People beyond whom nobody registers more: a look costs as much as there are rows."""
SHARED = 0.03
"""How often somebody takes a paper from another's heap."""
TERMS = (24, 12, 600)
"""Months that a year stays at the desks after its first of January."""
SECTIONS = dict.fromkeys(ENTITIES, BOTH) | {"admission_campaign": BOTH[:1]}
YEARS = (2022, 2024, 2025, 2026, 2031)

Rows = dict[str, dict[str, Any]]
Fields = list[tuple[str, str]]
"""Of an entity."""


class Days(Work):
    """Many operations at once, as offices make them."""

    passed = 0
    today: set[tuple[str, str]]
    """Cells that were typed into today: nobody types the same twice."""

    def do_day(self, k: int, n: int, f: int, c: int) -> None:
        """Ten to a hundred and twenty changes, typed in batches, one upon another; most days end with a line."""
        desk = self.desk(k)
        chance = random.Random(f"{k} {n} {f} {c}")  # noqa: S311  a seeded history
        heaps = {name: self.seen(desk, name) for name in ENTITIES}
        for _ in range(c % 4 if len(heaps["person"]) < CROWD else 0):
            self.register(desk, next(self.count))
        self.today = set()
        left, fields = 10 * (1 + n % 12), self.open_to(desk)
        self.say(f"{desk.name}: a day of {left} changes")
        while left > 0:
            size = min(left, chance.choice(BATCHES))
            left -= size
            bodies = [b for _ in range(2 * size) if (b := self.typed(desk, heaps, fields, chance))][
                :size
            ]
            if bodies:
                self.guard(desk, functools.partial(self.keep, desk, bodies))
        self.take_note(desk)
        if n % 4:
            self.guard(desk, desk.round)
            self.oracle.look(desk)

    def keep(self, desk: SimDesk, bodies: list[Save]) -> None:
        for op in desk.store.record(lambda _: bodies):
            self.acts.add(op.uuid)
            self.operations += 1

    def typed(
        self, desk: SimDesk, heaps: dict[str, Rows], fields: Fields, chance: random.Random
    ) -> Save | None:
        """A change of a record of this desk's heap, which the next one will see."""
        entity, name = chance.choice(fields)
        rows = heaps[entity]
        place, size = self.living().index(desk), len(self.living())
        own = [id for id in sorted(rows) if int(id[-6:], 16) % size == place][:HEAP]
        heap = sorted(rows) if chance.random() < SHARED else own
        if not heap:
            return None
        id = chance.choice(heap)
        if (id, name) in self.today:
            return None
        self.today.add((id, name))
        row = rows[id]
        value = letters(next(self.count))
        pairs = {m: (row[m], row[m]) for m in spec_of(entity).atom_of(name)}
        rows[id] = {**row, name: value}
        return Save(entity, UUID(id), create=False, set=pairs | {name: (row[name], value)})

    def open_to(self, desk: SimDesk) -> Fields:
        """Fields of the classes that this desk holds."""
        query = "SELECT DISTINCT section, pd FROM bucket"
        held = set(desk.store.cache.connection.execute(query).fetchall())
        found = [
            (entity, name)
            for entity in ENTITIES
            for name in FIELDS[entity]
            if any((s, spec_of(entity)[name].field.pd.value) in held for s in SECTIONS[entity])
        ]
        return found or [("person", "last_name")]

    # ---- years

    def do_years(self, k: int, n: int, f: int, c: int) -> None:
        """What a desk holds changes: by a row of the operator, by a campaign's year, by time."""
        if n % 4 == 0:
            self.hold(TERMS[f % len(TERMS)])
        elif n % 4 == 1:
            self.date_campaign(YEARS[f % len(YEARS)], c)
        elif n % 4 == 2:
            self.campaign(self.desk(k), YEARS[f % len(YEARS)])
        elif self.passed < 2:
            self.pass_year()

    def pass_year(self) -> None:
        self.passed += 1
        self.world.now_ms += 365 * 24 * 3_600_000
        self.say("a year passes")

    def hold(self, months: int) -> None:
        self.say(f"desks hold a year for {months} months")
        with CollegeSession(self.world.engine, REGION, now=self.world.server_now) as db:
            held = db.scalars(sa.select(RetentionTerm).where(RetentionTerm.code == DESK_YEARS))
            row = held.one_or_none()
            if row is None:
                values: Any = {"valid_from": START.date(), "months": months}
                db.add(RetentionTerm(code=DESK_YEARS, name="Годы", **values))
            else:
                row.months = months
            commit(db, "sim.term")

    def date_campaign(self, year: int, c: int) -> None:
        """Its applicants, with all that they bring, are of another year."""
        query = "SELECT id FROM admission_campaign WHERE deleted_at IS NULL ORDER BY id"
        ids = self.world.rows(query)
        id = UUID(ids[c % len(ids)][0])
        self.say(f"cabinet: campaign {id.hex[-6:]} is of {year}")
        with self.world.session() as db:
            load(db, AdmissionCampaign, id).year = year
            commit(db, "sim.web")
