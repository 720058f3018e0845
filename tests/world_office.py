"""The administrator's end of a demo world: accounts that end, the college's key, sealed work."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from common.administration.entities import Account, Role, RoleGrant
from common.administration.kinds import AccountState
from common.kit.deciding import Kept
from common.kit.ids import REGION
from common.kit.rights import Scope
from common.reference.entities import RetentionTerm
from server.administration.sealed import bring, look, set_key
from server.app import system_clock
from server.kit.age_keys import new_key
from server.kit.auth import owner_of
from server.kit.commit import commit
from server.kit.database import open_engine
from server.kit.outside import Outside, attach
from server.kit.release_files import Released
from server.kit.session import CollegeSession
from server.kit.terms import DESK_YEARS
from tests.demo_world import World

ADMIN = "admin"


class Office:
    """Works on the database beside the running server, as the command line does."""

    def __init__(self, world: World) -> None:
        place = Path(world.environment["EPO_DATA_DIR"])
        self.engine = attach(open_engine(world.database_url), Outside(place))
        self.key = place / "college.key"

    def close(self) -> None:
        self.engine.dispose()

    def give_key(self, college: str = "k1") -> None:
        if not self.key.exists():
            set_key(self.engine, college, new_key(self.key), now=system_clock)

    def set_state(self, login: str, state: AccountState) -> None:
        owner = owner_of(self.engine, login)
        assert owner is not None
        with CollegeSession(self.engine, owner.college_id, now=system_clock) as db:
            account = db.scalars(sa.select(Account).where(Account.id == owner.account_id)).one()
            account.state = state
            commit(db, "test.state")

    def hold_years(self, months: int) -> None:
        """What the region says of the years at desks."""
        with CollegeSession(self.engine, REGION, now=system_clock) as db:
            term = sa.select(RetentionTerm).where(RetentionTerm.code == DESK_YEARS)
            db.scalars(term).one().months = months
            commit(db, "test.years")

    def sealed(self) -> list[Kept]:
        return look(self.engine, ADMIN, now=system_clock)

    def release(self) -> list[Released]:
        return bring(self.engine, ADMIN, self.key, [], now=system_clock)

    def change_role(self, login: str, role: str | None, scope: Scope = Scope.COLLEGE) -> None:
        """The account's roles end today; another takes their place, where one is named."""
        owner = owner_of(self.engine, login)
        assert owner is not None
        today = system_clock().date()
        with CollegeSession(self.engine, owner.college_id, now=system_clock) as db:
            held = sa.select(RoleGrant).where(RoleGrant.account_id == owner.account_id)
            for grant in db.scalars(held):
                grant.valid_to = today
            if role is not None:
                role_id = db.scalars(sa.select(Role.id).where(Role.code == role)).one()
                db.add(
                    RoleGrant(
                        account_id=owner.account_id,
                        role_id=role_id,
                        scope=scope,
                        order_number="2-адм",
                        order_date=today,
                        valid_from=today,
                    )
                )
            commit(db, "test.role")
