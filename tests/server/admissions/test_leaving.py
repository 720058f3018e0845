"""The access of an applicant of whom nothing more is expected ends by itself, once."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa

from common.administration.entities import AccessEnd, Account, AccountHolder
from common.administration.kinds import AccountKind, AccountState, EndTrigger
from common.admissions.kinds import CampaignStatus
from common.kit.ids import new_id
from common.kit.sync import Save
from common.people.entities import Person
from server.kit.commit import commit
from tests.server.admissions.office import Office, application, sent
from tests.server.conftest import NOW
from tests.server.kit.desks import Desk, statuses


@pytest.fixture
def account(office: Office) -> UUID:
    """The applicant's own, in use."""
    with office.house.session() as db:
        person = db.scalars(sa.select(Person.id)).one()
        made = Account(
            login="elkina.a", name="Ёлкина Анна", kind=AccountKind.APPLICANT, consent_on=NOW.date()
        )
        db.add_all([made, AccountHolder(account_id=made.id, person_id=person)])
        commit(db, "test.account")
        return made.id


def triggers(office: Office) -> list[EndTrigger]:
    with office.house.session() as db:
        return list(db.scalars(sa.select(AccessEnd.trigger)))


def decide(desk: Desk, id: UUID, before: str, after: str) -> None:
    body = Save("application", id, create=False, set={"state": (before, after)})
    assert statuses(sent(desk, body)) == ["applied"]


def test_the_last_refusal_ends_access_and_the_first_does_not(office: Office, account: UUID) -> None:
    desk, ids = Desk(office.house), (new_id(), new_id())
    for group, id in zip((office.group, office.other_group), ids, strict=True):
        assert statuses(sent(desk, application(office, group, id))) == ["applied"]
    decide(desk, ids[0], "submitted", "refused")
    assert triggers(office) == []
    decide(desk, ids[1], "submitted", "withdrawn")
    assert triggers(office) == [EndTrigger.REFUSAL]
    decide(desk, ids[1], "withdrawn", "document_returned")
    office.set_status(CampaignStatus.CLOSED)
    assert triggers(office) == [EndTrigger.REFUSAL]
    with office.house.session() as db:
        assert db.get_one(Account, (office.house.id, account)).state is AccountState.CLOSED


def test_the_close_of_a_campaign_ends_access_but_not_of_the_enrolled(
    office: Office, account: UUID
) -> None:
    desk, id = Desk(office.house), new_id()
    sent(desk, application(office, office.group, id))
    decide(desk, id, "submitted", "enrolled")
    office.set_status(CampaignStatus.CLOSED)
    assert triggers(office) == []
    office.set_status(CampaignStatus.OPEN)
    decide(desk, id, "enrolled", "submitted")
    office.set_status(CampaignStatus.CLOSED)
    assert triggers(office) == [EndTrigger.CAMPAIGN]
