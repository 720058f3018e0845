"""A refusal, or the close of a campaign, ends the access of an applicant of whom nothing more is expected (regulation 10.5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import Account, AccountHolder
from common.administration.kinds import AccountKind, EndReason, EndTrigger
from common.admissions.entities import AdmissionCampaign, Applicant, Application
from common.admissions.kinds import ApplicationState, CampaignStatus
from common.admissions.rules import OUT, still_applies
from server.administration.ending import LIVING, end, name_of
from server.kit.session import Change, CollegeSession

REFUSED = "Все заявления отклонены, отозваны или не прошли по конкурсу"
CLOSED = "Приёмная кампания закрыта, зачисления нет"


def follow_refusals(db: CollegeSession, changes: Sequence[Change]) -> None:
    refused = {
        c.row.applicant_id
        for c in changes
        if isinstance(c.row, Application) and "state" in c.before and c.row.state in OUT
    }
    closed = {
        c.row.id
        for c in changes
        if isinstance(c.row, AdmissionCampaign)
        and "status" in c.before
        and c.row.status is CampaignStatus.CLOSED
    }
    if not refused and not closed:
        return
    accounts = _accounts(db, refused, closed)
    alive = _applications(db, [account.id for account in accounts])
    trigger, note = (
        (EndTrigger.CAMPAIGN, CLOSED) if closed else (EndTrigger.REFUSAL, REFUSED)
    )  # what one transaction does is one of both
    for account in accounts:
        if not still_applies(alive[account.id]):
            end(db, account, EndReason.RELATION, trigger, note, by=name_of(db))


def _accounts(db: CollegeSession, applicants: set[UUID], campaigns: set[UUID]) -> Sequence[Account]:
    """The living accounts of these applicants and of all of these campaigns, in the one order of locks."""
    whose = sa.or_(Applicant.id.in_(applicants), Applicant.campaign_id.in_(campaigns))
    held = (
        sa.select(AccountHolder.account_id)
        .join(Applicant, Applicant.person_id == AccountHolder.person_id)
        .where(whose, AccountHolder.deleted_at.is_(None), Applicant.deleted_at.is_(None))
    )
    query = sa.select(Account).where(
        Account.id.in_(held),
        Account.kind == AccountKind.APPLICANT,
        Account.state.in_(LIVING),
        Account.deleted_at.is_(None),
    )
    return db.scalars(query.order_by(Account.id).with_for_update()).all()


def _applications(
    db: CollegeSession, accounts: Sequence[UUID]
) -> dict[UUID, list[tuple[ApplicationState, CampaignStatus]]]:
    query = (
        sa.select(AccountHolder.account_id, Application.state, AdmissionCampaign.status)
        .join(Applicant, Applicant.person_id == AccountHolder.person_id)
        .join(Application, Application.applicant_id == Applicant.id)
        .join(AdmissionCampaign, AdmissionCampaign.id == Applicant.campaign_id)
        .where(
            AccountHolder.account_id.in_(accounts),
            AccountHolder.deleted_at.is_(None),
            Applicant.deleted_at.is_(None),
            Application.deleted_at.is_(None),
        )
    )
    found: dict[UUID, list[tuple[ApplicationState, CampaignStatus]]] = defaultdict(list)
    for account, state, status in db.execute(query):
        found[account].append((state, status))
    return found
