"""A directed history of a list whose order is one value: two people reorder it without a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from common.admissions.entities import Applicant, Application, CompetitiveGroup
from common.kit.ids import REGION
from common.kit.sync import Operation, Save, Status
from common.reference.entities import OrgSpecialty, Specialty
from common.reference.kinds import ProgrammeKind
from server.kit.commit import commit
from server.kit.session import CollegeSession, load
from tests.simulation.desk import SimDesk
from tests.simulation.directed import directed, drain, expect
from tests.simulation.history import Simulation
from tests.simulation.world import Broken

DAY = dt.date(2026, 7, 1)


def three_choices(s: Simulation) -> tuple[UUID, list[UUID]]:
    """An applicant and his choices, told by a cabinet."""
    with CollegeSession(s.world.engine, REGION, now=s.world.server_now) as db:
        values: dict[str, Any] = {
            "code": "09.02.07",
            "name": "Программирование",
            "kind": ProgrammeKind.PPSSZ,
            "ugs_code": "09.00.00",
            "list_basis": "№ 336",
            "valid_from": DAY,
        }
        specialty = Specialty(**values)
        db.add(specialty)
        commit(db, "sim.region")
    with s.world.session() as db:
        own = OrgSpecialty(specialty_id=specialty.id, short_code="ИС")
        db.add(own)
        applicant = load(db, Applicant, s.first("applicant"))
        made = []
        for place in (1, 2, 3):
            group = CompetitiveGroup(
                campaign_id=applicant.campaign_id,
                org_specialty_id=own.id,
                name=f"Группа {place}",
                qualification=f"{place}",
                places=25,
            )
            choice = Application(
                applicant_id=applicant.id,
                competitive_group_id=group.id,
                priority=place,
                filed_on=DAY,
            )
            db.add_all([group, choice])
            made.append(choice.id)
        commit(db, "sim.choices")
        return applicant.id, made


def reorder(
    s: Simulation, desk: SimDesk, applicant: UUID, seen: Sequence[UUID], new: Sequence[UUID]
) -> Operation:
    pair = ([id.hex for id in seen], [id.hex for id in new])
    body = Save("applicant", applicant, create=False, set={"application": pair})
    before = set(desk.operations())
    s.record(desk, "reorders the choices", lambda _: [body])
    (uuid,) = set(desk.operations()) - before
    return desk.store.journal.entry(uuid.hex).op


def shown(desk: SimDesk) -> list[str]:
    overlay = desk.store.overlay
    rows = overlay.records("application", overlay.all_ids("application"))
    return sorted(rows, key=lambda id: (rows[id]["priority"], id))


@directed("merge_order")
def two_reorder_a_list(s: Simulation) -> None:
    """The second is asked; what stands at the centre is what one of them has said, and never half of each."""
    one, other = s.desks[0], s.desks[2]
    applicant, (a, b, c) = three_choices(s)
    drain(s, one, other)
    first = reorder(s, one, applicant, [a, b, c], [c, a, b])
    second = reorder(s, other, applicant, [a, b, c], [b, a, c])
    if shown(other) != [b.hex, a.hex, c.hex]:
        raise Broken("I5 an own order is not shown")
    drain(s, one)
    drain(s, other)
    expect(one, first, Status.APPLIED.value)
    expect(other, second, Status.CONFLICT.value)
    if shown(one) != [c.hex, a.hex, b.hex]:
        raise Broken(f"I4 an order of nobody: {shown(one)}")
