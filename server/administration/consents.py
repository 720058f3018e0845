"""Consents to the processing of personal data beside the accounts that stand on them: whose are recorded, and what a withdrawal ends."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from common.administration.consent import refuse_access, refuse_withdrawal
from common.administration.entities import Account, AccountHolder
from common.administration.kinds import EndReason, EndTrigger
from common.kit.entity import field_of
from common.people.entities import Consent
from common.people.kinds import ConsentKind
from server.administration.ending import LIVING, end, name_of
from server.kit.places import chunks
from server.kit.refusals import Proposal, day_of
from server.kit.session import Change, CollegeSession

NOTE = "Отозвано согласие на обработку персональных данных"
STANDS = (
    "На этом согласии стоит доступ учётной записи «{}»: не удаляйте его, а поставьте день отзыва"
)


class Paper(NamedTuple):
    """A consent, wherever it is recorded."""

    signed_on: dt.date | None
    withdrawn_on: dt.date | None


def papers_of(db: CollegeSession, accounts: Collection[Account]) -> dict[UUID, list[Paper]]:
    """By account: what its card says, and what its person has signed."""
    found: dict[UUID, list[Paper]] = defaultdict(list)
    for account in accounts:
        found[account.id].append(Paper(account.consent_on, account.consent_withdrawn_on))
    for chunk in chunks(sorted(found)):
        query = (
            sa.select(AccountHolder.account_id, Consent.signed_on, Consent.withdrawn_on)
            .join(Consent, Consent.person_id == AccountHolder.person_id)
            .where(
                AccountHolder.account_id.in_(chunk),
                AccountHolder.deleted_at.is_(None),
                Consent.kind == ConsentKind.PERSONAL_DATA,
                Consent.deleted_at.is_(None),
            )
        )
        for account_id, signed, withdrawn in db.execute(query):
            found[account_id].append(Paper(signed, withdrawn))
    return found


def accounts_of(people: Collection[UUID]) -> sa.Select[UUID]:
    """The accounts that these persons hold."""
    return sa.select(AccountHolder.account_id).where(
        AccountHolder.person_id.in_(people), AccountHolder.deleted_at.is_(None)
    )


def refuse_consent(db: CollegeSession, asked: Proposal) -> str | None:
    """A paper on which an account stands is withdrawn, not deleted."""
    values = asked.values
    label = field_of(Consent.withdrawn_on).label
    if said := refuse_withdrawal(values["withdrawn_on"], label, asked.on):
        return said
    if not asked.deleted or values["kind"] is not ConsentKind.PERSONAL_DATA:
        return None
    query = sa.select(Account.login).where(
        Account.id.in_(accounts_of([values["person_id"]])), Account.state.in_(LIVING)
    )
    login = db.scalar(query.order_by(Account.login).limit(1))
    return STANDS.format(login) if login else None


def follow_withdrawals(db: CollegeSession, changes: Sequence[Change]) -> None:
    """Whoever has no consent any more has no access from this transaction on."""
    touched = {
        c.row.id
        for c in changes
        if isinstance(c.row, Account) and _withdrawn(c, "consent_on", "consent_withdrawn_on")
    }
    people = {
        c.row.person_id
        for c in changes
        if isinstance(c.row, Consent) and _withdrawn(c, "signed_on", "withdrawn_on")
    }
    if not touched and not people:
        return
    whose = sa.or_(Account.id.in_(touched), Account.id.in_(accounts_of(people)))
    query = sa.select(Account).where(whose, Account.state.in_(LIVING), Account.deleted_at.is_(None))
    accounts = db.scalars(query.order_by(Account.id).with_for_update()).all()
    papers, today = papers_of(db, accounts), day_of(db, db.now())
    for account in accounts:
        if refuse_access(papers[account.id], today):
            end(
                db, account, EndReason.RELATION, EndTrigger.WITHDRAWAL, NOTE,
                by=name_of(db),
            )  # fmt: skip


def _withdrawn(change: Change, signed: str, withdrawn: str) -> bool:
    """Is there a withdrawal, and has this transaction had to do with it?"""
    touched = change.created or not change.before.keys().isdisjoint((signed, withdrawn))
    return touched and getattr(change.row, withdrawn) is not None
