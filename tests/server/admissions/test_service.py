"""An application outside the days of its campaign stops at the centre, whatever the desk said, judged on the day it was typed."""

from __future__ import annotations

import sqlalchemy as sa

from common.admissions.entities import (
    AdmissionCampaign,
    CompetitiveGroup,
)
from common.admissions.kinds import CampaignStatus
from common.kit.ids import new_id
from common.kit.sync import Delete, Save
from server.kit.commit import commit
from server.kit.push import push
from tests.server.admissions.office import (
    NEXT_MORNING,
    Office,
    application,
    sent,
)
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, statuses


def test_the_last_day_is_the_colleges_and_that_of_the_typing(office: Office) -> None:
    desk = Desk(office.house)
    answer = sent(desk, application(office), NEXT_MORNING)
    assert statuses(answer) == ["refused"]
    assert answer.outcomes[0].text == (
        "ИС очно: Приём закончен 15.07.2026; срок меняют в этапах кампании"
    )
    assert office.count() == 0
    assert statuses(sent(desk, application(office))) == ["applied"]


def test_a_form_without_a_stage_is_bound_by_the_campaign_alone(office: Office) -> None:
    desk = Desk(office.house)
    answer = sent(desk, application(office, office.other_group), NEXT_MORNING)
    assert statuses(answer) == ["applied"]


def test_what_is_pushed_together_is_judged_together(office: Office) -> None:
    desk = Desk(office.house)
    person, applicant = new_id(), new_id()
    named = {"last_name": "Попов", "first_name": "Пётр", "birth_date": "2010-01-01"}
    taken = {
        "person_id": person.hex,
        "campaign_id": office.campaign.hex,
        "reg_no": "01-002",
        "registered_at": "2026-07-16T05:00:00.000000Z",
    }
    chosen = application(office)
    chosen.set["applicant_id"] = (None, applicant.hex)
    bodies = [
        Save("person", person, create=True, set={k: (None, v) for k, v in named.items()}),
        Save("applicant", applicant, create=True, set={k: (None, v) for k, v in taken.items()}),
        chosen,
    ]
    late = int(NEXT_MORNING.timestamp() * 1000)
    answer = desk.push(*(desk.op(body, at=late) for body in bodies))
    assert statuses(answer) == ["applied", "applied", "refused"]


def test_a_campaign_that_is_not_open_takes_nobody_and_still_lets_its_own_be_worked_on(
    office: Office,
) -> None:
    desk = Desk(office.house)
    id = new_id()
    sent(desk, application(office, id=id))
    office.set_status(CampaignStatus.RATING)
    original = Save("application", id, create=False, set={"original": ("copy", "original")})
    moved = Save(
        "application",
        id,
        create=False,
        set={"competitive_group_id": (office.group.hex, office.other_group.hex)},
    )
    new = sent(desk, application(office, office.other_group))
    assert [statuses(sent(desk, original)), statuses(sent(desk, moved)), statuses(new)] == [
        ["applied"],
        ["refused"],
        ["refused"],
    ]


def test_a_closed_campaign_is_changed_by_nobody(office: Office) -> None:
    desk = Desk(office.house)
    id = new_id()
    sent(desk, application(office, id=id))
    office.set_status(CampaignStatus.CLOSED)
    edit = Save("application", id, create=False, set={"original": ("copy", "original")})
    hostel = Save("applicant", office.applicant, create=False, set={"needs_hostel": (False, True)})
    for body in (edit, hostel, Delete("application", id)):
        answer = sent(desk, body)
        assert statuses(answer) == ["refused"]
        assert "Кампания закрыта" in answer.outcomes[0].text
    assert office.count() == 1


def test_the_same_value_again_is_no_change_even_in_a_closed_campaign(office: Office) -> None:
    desk = Desk(office.house)
    id = new_id()
    sent(desk, application(office, id=id))
    office.set_status(CampaignStatus.CLOSED)
    same = Save("application", id, create=False, set={"original": ("copy", "copy")})
    assert statuses(sent(desk, same)) == ["applied"]


def test_a_group_of_another_campaign_is_refused(office: Office) -> None:
    desk = Desk(office.house)
    with office.house.session() as db:
        last = AdmissionCampaign(year=2025, name="Приём 2025", status=CampaignStatus.CLOSED)
        group = db.scalars(sa.select(CompetitiveGroup).limit(1)).one()
        old = CompetitiveGroup(
            campaign_id=last.id, org_specialty_id=group.org_specialty_id, name="Старая", places=1
        )
        db.add_all([last, old])
        commit(db, "test.old")
        old_id = old.id
    assert statuses(sent(desk, application(office, old_id))) == ["refused"]


def test_rules_of_another_college_are_not_met(office: Office, theirs: House) -> None:
    """A reference into another college dangles, and says nothing of what is there."""
    desk = Desk(theirs)
    request = desk.request(desk.op(application(office)))
    answer = push(theirs.engine, desk.caller, request, now=now)
    assert [o.text for o in answer.outcomes] == [
        "Запись ссылается на другую, которой на сервере нет"
    ]
