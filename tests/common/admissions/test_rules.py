"""The days in which a campaign takes applications, and what is said outside them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from common.admissions.kinds import CampaignStatus, DocumentStage, StageKind
from common.admissions.rules import acceptance_stage, bring_by, refuse_application
from common.reference.kinds import StudyForm

JUNE, AUGUST, NOVEMBER = dt.date(2026, 6, 20), dt.date(2026, 8, 15), dt.date(2026, 11, 25)
ON = dt.date(2026, 7, 1)


def stage(
    start: dt.date = JUNE,
    end: dt.date = AUGUST,
    *,
    kind: StageKind = StageKind.ACCEPT,
    form: StudyForm = StudyForm.FULL_TIME,
    needs_tests: bool = False,
) -> dict[str, Any]:
    return {
        "kind": kind,
        "form": form,
        "needs_tests": needs_tests,
        "date_from": start,
        "date_to": end,
    }


def chosen(*stages: dict[str, Any], on: dt.date = ON, needs_tests: bool = False) -> Any:
    return acceptance_stage(
        stages, CampaignStatus.OPEN, StudyForm.FULL_TIME, needs_tests=needs_tests, on=on
    )


def test_the_stage_is_that_of_the_groups_form_and_of_no_other_kind() -> None:
    other = stage(end=NOVEMBER, form=StudyForm.PART_TIME)
    originals = stage(end=NOVEMBER, kind=StageKind.ORIGINALS)
    assert chosen(other, originals, stage()) == (JUNE, AUGUST)


def test_a_campaign_without_a_stage_for_the_form_sets_no_days() -> None:
    assert chosen(stage(form=StudyForm.PART_TIME)) is None
    assert chosen() is None


def test_a_group_with_tests_keeps_the_stage_with_tests_where_there_is_one() -> None:
    early = stage(end=dt.date(2026, 8, 10), needs_tests=True)
    assert chosen(stage(), early, needs_tests=True) == (JUNE, dt.date(2026, 8, 10))
    assert chosen(stage(), early) == (JUNE, AUGUST)
    assert chosen(stage(), needs_tests=True) == (JUNE, AUGUST)


def test_of_several_stages_the_one_around_the_day_counts_else_the_next_else_the_last() -> None:
    first, second = stage(), stage(dt.date(2026, 9, 1), NOVEMBER)
    assert chosen(second, first) == (JUNE, AUGUST)
    assert chosen(second, first, on=dt.date(2026, 8, 20)) == (dt.date(2026, 9, 1), NOVEMBER)
    assert chosen(second, first, on=dt.date(2026, 12, 1)) == (dt.date(2026, 9, 1), NOVEMBER)


def test_an_additional_intake_has_a_stage_of_its_own() -> None:
    extra = stage(AUGUST, NOVEMBER, kind=StageKind.ADDITIONAL)
    found = acceptance_stage(
        [stage(), extra],
        CampaignStatus.ADDITIONAL,
        StudyForm.FULL_TIME,
        needs_tests=False,
        on=NOVEMBER,
    )
    assert found == (AUGUST, NOVEMBER)


def test_both_ends_of_a_stage_are_inside_and_the_days_beside_it_are_not() -> None:
    span = (JUNE, AUGUST)
    assert refuse_application(CampaignStatus.OPEN, span, JUNE) is None
    assert refuse_application(CampaignStatus.OPEN, span, AUGUST) is None
    assert refuse_application(CampaignStatus.OPEN, span, dt.date(2026, 6, 19)) == (
        "Приём начнётся 20.06.2026; заявление раньше не принимают"
    )
    assert refuse_application(CampaignStatus.OPEN, span, dt.date(2026, 8, 16)) == (
        "Приём закончен 15.08.2026; срок меняют в этапах кампании"
    )


def test_a_paper_may_be_brought_until_the_earliest_end_of_the_chosen_forms() -> None:
    part = stage(end=NOVEMBER, form=StudyForm.PART_TIME)
    late = stage(end=NOVEMBER, kind=StageKind.ORIGINALS)
    full = {StudyForm.FULL_TIME}
    assert bring_by(DocumentStage.APPLY, [stage(), part, late], full) == AUGUST
    assert bring_by(DocumentStage.APPLY, [stage(), part], {StudyForm.PART_TIME}) == NOVEMBER
    assert bring_by(DocumentStage.APPLY, [stage(), part], set()) == AUGUST
    assert bring_by(DocumentStage.APPLY, [stage(end=NOVEMBER), stage()], full) == NOVEMBER
    assert bring_by(DocumentStage.ENROLL, [stage(), late], full) == NOVEMBER
    assert bring_by(DocumentStage.ENROLL, [stage()], full) is None
