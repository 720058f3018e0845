"""A directed history of a grant that is narrowed from the college to one's own."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import RoleGrant
from common.kit.rights import Scope
from common.kit.sync import Save
from server.kit.commit import commit
from tests.simulation.directed import directed, drain
from tests.simulation.history import Simulation
from tests.simulation.world import Broken


def scope(s: Simulation, account: str, wanted: Scope) -> None:
    with s.world.session() as db:
        held = sa.select(RoleGrant).where(RoleGrant.account_id == UUID(account))
        for grant in db.scalars(held):
            grant.scope = wanted
        commit(db, "sim.grant")


@directed("own_is_all", "own_writes_all")
def grant_narrowed_to_ones_own(s: Simulation) -> None:
    """What others have made leaves the desk, one's own stays; what was typed about others' meanwhile is not executed."""
    desk = s.desks[0]
    s.do_bulk(0, 0, 0, 0)
    drain(s, desk)
    s.register(desk, 910)
    drain(s, desk)
    account = desk.store.journal.fact("account")
    rows = s.world.rows("SELECT id, created_by FROM applicant")
    mine = {id for id, maker in rows if maker == account}
    others = set(s.seen(desk, "applicant")) - mine
    if not others or not mine & set(s.seen(desk, "applicant")):
        raise Broken("there is nothing to be narrowed")
    about = min(others)
    row = s.seen(desk, "applicant")[about]
    body = Save("applicant", UUID(about), False, {"reg_no": (row["reg_no"], "Чужая")})
    before = set(desk.operations())
    s.record(desk, "changes what is another's", lambda _: [body])
    (late,) = set(desk.operations()) - before
    scope(s, account, Scope.SELF)
    drain(s, desk)
    ((said,),) = s.world.rows("SELECT status FROM operation WHERE uuid = ?", late.hex)
    if said != "quarantined":
        raise Broken(f"I4 what is another's was {said}")
    kept = {
        id for (id,) in desk.store.cache.connection.execute("SELECT id FROM applicant").fetchall()
    }
    if kept & others or not kept:
        raise Broken("I8 applicants of others are kept, or one's own are not")
    scope(s, account, Scope.COLLEGE)
    drain(s, desk)
