"""The tone of each state's pill: what is done is green, what waits is amber, what ended is red."""

from __future__ import annotations

from common.admissions.kinds import ApplicationState, CampaignStatus

_APPLICATION = {
    ApplicationState.DRAFT: "muted",
    ApplicationState.SUBMITTED: "accent",
    ApplicationState.UNDER_CHECK: "accent",
    ApplicationState.DOCUMENTS_REQUESTED: "warn",
    ApplicationState.ACCEPTED: "ok",
    ApplicationState.IN_RATING: "ok",
    ApplicationState.RECOMMENDED: "ok",
    ApplicationState.ENROLLED: "ok",
    ApplicationState.NOT_PASSED: "bad",
    ApplicationState.WITHDRAWN: "bad",
    ApplicationState.REFUSED: "bad",
    ApplicationState.DOCUMENT_RETURNED: "muted",
}

_CAMPAIGN = {
    CampaignStatus.PREPARATION: "muted",
    CampaignStatus.OPEN: "ok",
    CampaignStatus.RATING: "accent",
    CampaignStatus.ENROLLMENT: "accent",
    CampaignStatus.ADDITIONAL: "ok",
    CampaignStatus.CLOSED: "muted",
}

TONES = {s.label: tone for s, tone in _APPLICATION.items()} | {
    s.label: tone for s, tone in _CAMPAIGN.items()
}
