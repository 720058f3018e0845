"""The lists of the admission office."""

from __future__ import annotations

import datetime as dt

from common.admissions.entities import (
    AdmissionCampaign,
    Applicant,
    Application,
    CompetitiveGroup,
)
from common.admissions.kinds import ApplicationState, OriginalState
from common.kit.lists import ListSpec, Total, children, column, computed, path
from common.people.entities import Person, PriorEducation

Choices = list[tuple[int | None, str | None, ApplicationState | None, OriginalState | None]]

STRONGEST = list(ApplicationState)


def full_name(last: str | None, first: str | None, middle: str | None) -> str:
    return " ".join(filter(None, (last, first, middle)))


def chosen(choices: Choices) -> str:
    """The groups by priority, in one line."""
    ordered = sorted(choices, key=lambda c: c[0] or 99)
    return "; ".join(name for _, name, _, _ in ordered if name)


def state(choices: Choices) -> ApplicationState | str:
    """How far the applicant has got with any of his choices."""
    states = [s for _, _, s, _ in choices if s is not None]
    return max(states, key=STRONGEST.index) if states else "Без заявления"


def original(choices: Choices) -> str:
    states = {o for _, _, _, o in choices}
    if states & {OriginalState.ORIGINAL, OriginalState.E_CONFIRMED}:
        return "Оригинал"
    return "Копия" if OriginalState.COPY in states else "Нет"


def registered_day(moment: dt.datetime | None) -> dt.date | None:
    return moment.date() if moment else None


CHOICES = children(
    Application.applicant_id,
    Application.priority,
    path(Application.competitive_group_id, CompetitiveGroup.name),
    Application.state,
    Application.original,
)

APPLICANTS = ListSpec(
    "applicants",
    "Поступающие",
    Applicant,
    (
        column(Applicant.reg_no, width=100),
        computed(
            "name",
            "ФИО",
            path(Applicant.person_id, Person.last_name),
            path(Applicant.person_id, Person.first_name),
            path(Applicant.person_id, Person.middle_name),
            make=full_name,
            width=240,
        ),
        column(Applicant.person_id, Person.birth_date, width=112),
        computed("choices", "Заявления по приоритету", CHOICES, make=chosen, width=280),
        computed("state", "Состояние", CHOICES, make=state, width=190, pill=True),
        column(Applicant.prior_education_id, PriorEducation.average, width=104, total=Total.MEAN),
        computed("original", "Документ об образовании", CHOICES, make=original, width=110),
        column(Applicant.needs_hostel, label="Общежитие", width=96, inline=True),
        computed(
            "registered",
            "Принято",
            path(Applicant.registered_at),
            make=registered_day,
            width=100,
        ),
        column(Applicant.person_id, Person.snils, width=130, hidden=True),
        column(Applicant.source, width=120, hidden=True, inline=True),
    ),
    (("name", False),),
)

CAMPAIGNS = ListSpec(
    "campaigns",
    "Приёмные кампании",
    AdmissionCampaign,
    (
        column(AdmissionCampaign.year, width=70),
        column(AdmissionCampaign.name, width=320),
        column(AdmissionCampaign.status, width=180, pill=True),
        column(AdmissionCampaign.secretary, width=220, inline=True),
    ),
    (("year", True),),
)

GROUPS = ListSpec(
    "groups",
    "Конкурсные группы",
    CompetitiveGroup,
    (
        column(CompetitiveGroup.name, width=250),
        column(CompetitiveGroup.funding, width=150),
        column(CompetitiveGroup.places, width=64, total=Total.SUM, inline=True),
        column(CompetitiveGroup.base, width=90),
        column(CompetitiveGroup.form, width=120),
        column(CompetitiveGroup.duration, width=140, inline=True),
    ),
    (("name", False),),
)

LISTS = (APPLICANTS, CAMPAIGNS, GROUPS)
