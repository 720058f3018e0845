"""No code before a recorded consent, and no access after its withdrawal, a refusal or a campaign's close."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa

from common.administration.entities import AccessEnd, Account, AccountHolder
from common.administration.kinds import AccountKind, AccountState, EndReason, EndTrigger
from common.kit.errors import AccessEnded
from common.kit.issuing import Issued, IssueRequest
from common.kit.sync import Delete, Outcome, Save
from common.people.entities import Consent, Person
from server.administration.issuing import MOST, issue
from server.kit.auth import identify
from server.kit.commit import commit
from tests.server.administration.test_ending import Office
from tests.server.administration.test_issuing import hire
from tests.server.conftest import NOW, House, now
from tests.server.kit.desks import Desk

TODAY = "2026-06-30"
"""Of the desks' facts."""


@pytest.fixture
def office(ours: House) -> Office:
    return Office(ours)


Give = Callable[[list[UUID]], Issued]


@pytest.fixture
def codes(ours: House) -> Give:
    """The administrator gives them."""
    caller = ours.caller("org_admin")
    return lambda accounts: issue(ours.engine, caller, IssueRequest(accounts=accounts), now=now)


def change(desk: Desk, entity: str, id: UUID, **pairs: tuple[str | None, str | None]) -> Outcome:
    body = Save(entity, id, create=False, set=dict(pairs))
    (outcome,) = desk.push(desk.op(body)).outcomes
    return outcome


def person_of(house: House, account: UUID) -> tuple[UUID, UUID]:
    """The account's holder, and the consent that he has signed."""
    with house.session() as db:
        person = Person(last_name="Ёлкина", first_name="Анна", birth_date=NOW.date())
        consent = Consent(person_id=person.id, signed_on=NOW.date())
        holder = AccountHolder(account_id=account, person_id=person.id)
        db.add_all([person, consent, holder])
        db.get_one(Account, (house.id, account)).kind = AccountKind.APPLICANT
        commit(db, "test.person")
        return person.id, consent.id


def ends(house: House) -> list[tuple[UUID, EndReason, EndTrigger]]:
    with house.session() as db:
        query = sa.select(AccessEnd.account_id, AccessEnd.reason, AccessEnd.trigger)
        return [(a, r, t) for a, r, t in db.execute(query)]


def state_of(house: House, account: UUID) -> AccountState:
    with house.session() as db:
        return db.get_one(Account, (house.id, account)).state


def test_of_a_thousand_those_without_a_consent_are_left_out_by_name(
    ours: House, codes: Give
) -> None:
    accounts = hire(ours, MOST)
    with ours.session() as db:
        bare = db.scalars(sa.select(Account).where(Account.id.in_(accounts[:2]))).all()
        for account in bare:
            account.consent_on = None
        commit(db, "test.bare")
    told = codes(accounts)
    assert len(told.slips) == MOST - 2
    assert [each.account for each in told.passed] == accounts[:2]
    assert {each.why for each in told.passed} == {
        "нет согласия на обработку персональных данных: получите его под подпись и внесите дату в карточку"
    }


def test_the_consent_of_the_person_is_that_of_his_account(ours: House, codes: Give) -> None:
    (account,) = hire(ours, 1)
    with ours.session() as db:
        db.get_one(Account, (ours.id, account)).consent_on = None
        commit(db, "test.bare")
    assert codes([account]).slips == []
    person_of(ours, account)
    assert [slip.account for slip in codes([account]).slips] == [account]


def test_a_withdrawal_on_the_card_ends_access_at_once(office: Office) -> None:
    token = office.token()
    late = change(office.desk, "account", office.clerk, consent_withdrawn_on=(None, "2026-07-05"))
    assert "ещё не наступил" in late.text
    told = change(office.desk, "account", office.clerk, consent_withdrawn_on=(None, TODAY))
    assert told.status == "applied"
    with pytest.raises(AccessEnded):
        identify(office.house.engine, token, now=now, request_id="")
    assert office.state() is AccountState.CLOSED
    assert ends(office.house) == [(office.clerk, EndReason.RELATION, EndTrigger.WITHDRAWAL)]


def test_a_consent_is_withdrawn_and_never_rubbed_out(office: Office) -> None:
    told = change(office.desk, "account", office.clerk, consent_on=("2026-06-01", None))
    assert "поставьте день отзыва" in told.text
    own = office.desk.caller.account_id
    told = change(office.desk, "account", own, consent_withdrawn_on=(None, TODAY))
    assert "последний администратор" in told.text


def test_a_persons_withdrawal_ends_the_access_of_his_account(ours: House, codes: Give) -> None:
    (account,) = hire(ours, 1)
    with ours.session() as db:
        db.get_one(Account, (ours.id, account)).consent_on = None
        commit(db, "test.bare")
    _, consent = person_of(ours, account)
    codes([account])
    desk = Desk(ours)
    (kept,) = desk.push(desk.op(Delete("consent", consent, {}))).outcomes
    assert "поставьте день отзыва" in kept.text
    assert change(desk, "consent", consent, withdrawn_on=(None, TODAY)).status == "applied"
    assert ends(ours) == []  # signed after that day: given anew
    change(desk, "consent", consent, signed_on=(NOW.date().isoformat(), "2026-06-29"))
    assert state_of(ours, account) is AccountState.CLOSED
    assert ends(ours) == [(account, EndReason.RELATION, EndTrigger.WITHDRAWAL)]
