"""Rules of admissions: values in, messages by field or a refusal out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from common.admissions.kinds import (
    ApplicationState,
    CampaignStatus,
    DocumentStage,
    Funding,
    StageKind,
)
from common.reference.kinds import EducationBase, StudyForm

OPEN_STATES = (CampaignStatus.OPEN, CampaignStatus.ADDITIONAL)

ACCEPTING = {CampaignStatus.OPEN: StageKind.ACCEPT, CampaignStatus.ADDITIONAL: StageKind.ADDITIONAL}
"""The kind of stage in which a campaign of that state takes applications."""

Stage = tuple[dt.date, dt.date]
"""First and last day, both inside."""


def check_stage(values: Mapping[str, Any]) -> dict[str, str]:
    start, end = values.get("date_from"), values.get("date_to")
    if start is not None and end is not None and end < start:
        return {"date_to": "«По»: раньше начала этапа; поправьте одну из дат"}
    return {}


def check_group(values: Mapping[str, Any]) -> dict[str, str]:
    """Target places and the quota are inside the places of the group."""
    places = values.get("places")
    inside = (values.get("target_places") or 0) + (values.get("quota_places") or 0)
    if places is not None and inside > places:
        return {
            "places": f"«Мест»: {places}, а целевых и по квоте {inside}; сверьте с приказом о КЦП"
        }
    return {}


def acceptance_stage(
    stages: Iterable[Mapping[str, Any]],
    status: CampaignStatus,
    form: StudyForm,
    *,
    needs_tests: bool,
    on: dt.date,
) -> Stage | None:
    """The days in which a group of that form takes applications; None where the campaign sets none.

    `stages` are records of CampaignStage of one campaign. A group with tests keeps the stage with
    tests where there is one. Of several stages the one around `on` counts, else the next, else the last.
    """
    fit = [s for s in stages if s["kind"] is ACCEPTING.get(status) and s["form"] is form]
    fit = [s for s in fit if s["needs_tests"] == needs_tests] or (fit if needs_tests else [])
    spans = sorted((s["date_from"], s["date_to"]) for s in fit)
    return next((span for span in spans if on <= span[1]), spans[-1] if spans else None)


def refuse_application(status: CampaignStatus, stage: Stage | None, on: dt.date) -> str | None:
    """Say why a new application cannot be taken on that day of the college's zone.

    `stage` is the acceptance stage of the application's form, or None where the campaign has none.
    """
    if status not in OPEN_STATES:
        return f"Приём закрыт: кампания в состоянии «{status.label}»; новые заявления не принимают"
    if stage is None:
        return None
    start, end = stage
    if on < start:
        return f"Приём начнётся {start:%d.%m.%Y}; заявление раньше не принимают"
    if on > end:
        return f"Приём закончен {end:%d.%m.%Y}; срок меняют в этапах кампании"
    return None


def refuse_change(status: CampaignStatus) -> str | None:
    """Say why an application that was taken can no longer be changed or removed."""
    if status is CampaignStatus.CLOSED:
        return "Кампания закрыта: заявления в ней больше не меняют; откройте кампанию снова"
    return None


BY_STAGE = {
    DocumentStage.APPLY: (StageKind.ACCEPT, StageKind.ADDITIONAL),
    DocumentStage.ENROLL: (StageKind.ORIGINALS, StageKind.ENROLL),
}
"""Until which stage of the campaign a paper may be brought, the first that the campaign sets."""


def bring_by(
    stage: DocumentStage, stages: Iterable[Mapping[str, Any]], forms: Collection[StudyForm]
) -> dt.date | None:
    """The last day for a paper that was not brought; None where the campaign sets none.

    `stages` are records of CampaignStage; with several forms of study the earliest end counts,
    without one the stages of all forms do.
    """
    known = [s for s in stages if not forms or s["form"] in forms]
    for kind in BY_STAGE[stage]:
        last: dict[StudyForm, dt.date] = {}
        for each in known:
            if each["kind"] is kind:
                last[each["form"]] = max(last.get(each["form"], each["date_to"]), each["date_to"])
        if last:
            return min(last.values())
    return None


OUT = frozenset(
    {
        ApplicationState.NOT_PASSED,
        ApplicationState.WITHDRAWN,
        ApplicationState.REFUSED,
        ApplicationState.DOCUMENT_RETURNED,
    }
)
"""States in which nothing more is expected of an application."""


def still_applies(applications: Iterable[tuple[ApplicationState, CampaignStatus]]) -> bool:
    """Is anything of a person's applications alive? Whoever is enrolled goes on as a student."""
    return any(
        state is ApplicationState.ENROLLED
        or (state not in OUT and status is not CampaignStatus.CLOSED)
        for state, status in applications
    )


def registration_number(series: str, number: int) -> str:
    """The number that a desk gives without a network: «05-001» (domain 4(e))."""
    return f"{series}-{number:03d}"


def check_digit(reg_no: str) -> int:
    """The Luhn digit of the barcode: catches every wrong digit and most swaps."""
    total = 0
    for place, digit in enumerate(reversed([int(c) for c in reg_no if c.isdigit()])):
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def number_book(year: int) -> str:
    """The book in which registration numbers of a year's campaign are counted."""
    return f"applicant:{year}"


PAYERS = {Funding.PAID: "договор", Funding.TARGET: "целевое"}
"""Who pays, where it is not the budget, as the name of a group has it."""


def group_name(
    specialty: str, base: EducationBase | None, form: StudyForm | None, funding: Funding | None
) -> str:
    """«38.02.01 Экономика, на базе 9 кл., очная, бюджет»: a name that tells the group from its neighbours."""
    bases = {EducationBase.SPO: "на базе СПО"}
    told = (
        bases.get(base, f"на базе {base.value} кл.") if base else "",
        form.label.lower() if form else "",
        PAYERS.get(funding, "бюджет") if funding else "",
    )
    return ", ".join(filter(None, (specialty, *told)))
