"""A desk whose account ends, and what it seals."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import Account
from common.administration.kinds import AccountState
from common.kit.ids import new_id
from common.kit.sealing import seal as sealed_to
from common.kit.sync import (
    Command,
    Operation,
    Save,
    SealAnswer,
    SealedOperation,
    SealRequest,
    SignedIn,
    SignIn,
)
from common.people.entities import Person
from server.administration.sealed import set_key
from server.kit.age_keys import new_key
from server.kit.auth import identify_to_seal
from server.kit.commit import commit
from server.kit.entering import sign_in
from server.kit.seal import seal
from tests.server.conftest import PASSWORD, House, now

CANARY = "Канарейкина"
ADMIN = "org_admin.k1"
CLERK = "admission_clerk.k1"


@dataclass(slots=True)
class Leaver:
    """A clerk's desk whose account ends; what he typed and had not sent."""

    house: House
    key: Path
    recipient: str
    told: SignedIn
    no: int = 0

    def op(self, body: Save | Command, **more: object) -> Operation:
        self.no += 1
        whole: dict[str, object] = {"at": 1_782_800_000_000} | more
        return Operation(uuid=new_id(), no=self.no, author=self.told.account, body=body, **whole)  # type: ignore[arg-type]  # the fields of an operation

    def end(self, state: AccountState = AccountState.CLOSED) -> None:
        with self.house.session() as db:
            account = db.scalars(sa.select(Account).where(Account.login == CLERK)).one()
            account.state = state
            commit(db, "test.end")

    def seal(self, *operations: Operation, kept: list[UUID] | None = None) -> SealAnswer:
        caller = identify_to_seal(self.house.engine, self.told.token, now=now, request_id="")
        request = SealRequest(
            device=self.told.device,
            epoch=None,
            uuids=[op.uuid for op in operations] if kept is None else kept,
            blobs=[SealedOperation(op.uuid, sealed_to(self.recipient, op)) for op in operations],
        )
        return seal(self.house.engine, caller, request, now=now)

    def names(self) -> list[str]:
        with self.house.session() as db:
            return sorted(db.scalars(sa.select(Person.last_name)))


def leaving(ours: House, tmp_path: Path) -> Leaver:
    key = tmp_path / "college.key"
    recipient = new_key(key)
    set_key(ours.engine, "k1", recipient, now=now)
    told = sign_in(
        ours.engine,
        SignIn(login=CLERK, password=PASSWORD, computer="ПК"),
        now=now,
        demand_second=False,
    )
    return Leaver(ours, key, recipient, told)
