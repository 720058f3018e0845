"""What the admission office refuses: applications outside the days of their campaign, changes in a closed one."""

from __future__ import annotations

from uuid import UUID

from common.admissions import rules
from common.admissions.entities import (
    AdmissionCampaign,
    Applicant,
    CampaignStage,
    CompetitiveGroup,
)
from common.kit.entity import describe
from server.kit.refusals import Proposal
from server.kit.session import CollegeSession, find, live

CHOICE = frozenset({"applicant_id", "competitive_group_id"})
"""What makes another application of one: judged like a new one."""


def refuse_applicant(db: CollegeSession, proposal: Proposal) -> str | None:
    """A dangling reference is left to the database, which names it."""
    campaign = find(db, AdmissionCampaign, proposal.values["campaign_id"])
    if campaign is None:
        return None
    if proposal.created or "campaign_id" in proposal.touched:
        return rules.refuse_application(campaign.status, None, proposal.on)
    return rules.refuse_change(campaign.status)


def refuse_application(db: CollegeSession, proposal: Proposal) -> str | None:
    applicant = find(db, Applicant, proposal.values["applicant_id"])
    group = find(db, CompetitiveGroup, proposal.values["competitive_group_id"])
    campaign = find(db, AdmissionCampaign, applicant.campaign_id) if applicant else None
    if group is None or campaign is None:
        return None
    if group.campaign_id != campaign.id:
        return f"Группа «{group.name}» другой кампании; выберите группу кампании «{campaign.name}»"
    if not proposal.created and not proposal.touched & CHOICE:
        return rules.refuse_change(campaign.status)
    stage = rules.acceptance_stage(
        stages_of(db, campaign.id),
        campaign.status,
        group.form,
        needs_tests=group.needs_test,
        on=proposal.on,
    )
    said = rules.refuse_application(campaign.status, stage, proposal.on)
    return f"{group.name}: {said}" if said else None


def stages_of(db: CollegeSession, campaign_id: UUID) -> list[dict[str, object]]:
    """The campaign's stages as records, as the pure rules take them."""
    names = [f.name for f in describe(CampaignStage).fields]
    found = live(db, CampaignStage, campaign_id=campaign_id)
    return [{name: getattr(stage, name) for name in names} for stage in found]
