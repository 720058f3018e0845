"""Whatever happens to its rows, a bucket's stored sums equal a recount of its entries, and each row is where its holders are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.admissions.entities import AdmissionCampaign, Applicant
from common.people.entities import Address, Person
from common.people.kinds import AddressKind
from server.kit.checking import findings
from server.kit.commit import commit
from server.kit.session import CollegeSession
from server.kit.tables import sync_entry
from tests.server.conftest import House, now

PEOPLE = 3

STEP = st.tuples(
    st.sampled_from(["rename", "secret", "live", "take", "hand_over", "basket", "restore"]),
    st.integers(0, PEOPLE - 1),
    st.integers(0, PEOPLE - 1),
)


class History:
    """Three people, who come and go as applicants of one campaign."""

    def __init__(self, house: House) -> None:
        self.house = house
        with house.session() as db:
            campaign = db.scalars(sa.select(AdmissionCampaign)).one_or_none()
            if campaign is None:
                campaign = AdmissionCampaign(year=2026, name="Приём")
                db.add(campaign)
            people = [
                Person(last_name="Ёлкина", first_name="Анна", birth_date=now().date())
                for _ in range(PEOPLE)
            ]
            db.add_all(people)
            commit(db, "test.people")
        self.campaign, self.people = campaign.id, [p.id for p in people]
        self.made = 0

    def step(self, db: CollegeSession, kind: str, one: int, other: int) -> None:
        person = db.scalars(sa.select(Person).where(Person.id == self.people[one])).one()
        taken = sa.select(Applicant).where(Applicant.person_id == person.id)
        applicant = db.scalars(taken.order_by(Applicant.id)).first()
        self.made += 1
        match kind:
            case "rename":
                person.last_name = f"Ёлкина{self.made}"
            case "secret":
                person.nationality = f"тайна{self.made}"
            case "live":
                line = f"дом {self.made}"
                db.add(Address(person_id=person.id, kind=AddressKind.ACTUAL, full=line))
            case "take":
                db.add(
                    Applicant(
                        person_id=person.id,
                        campaign_id=self.campaign,
                        reg_no=f"{one}-{self.made}",
                        registered_at=now(),
                    )
                )
            case "hand_over" if applicant is not None:
                applicant.person_id = self.people[other]
            case "basket" if applicant is not None:
                applicant.deleted_at = now()
            case "restore" if applicant is not None:
                applicant.deleted_at = None


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(transactions=st.lists(st.lists(STEP, min_size=1, max_size=4), min_size=1, max_size=6))
def test_sums_equal_a_recount_after_every_transaction(
    ours: House, transactions: list[list[tuple[str, int, int]]]
) -> None:
    history = History(ours)
    for steps in transactions:
        with ours.session() as db:
            for kind, one, other in steps:
                history.step(db, kind, one, other)
                db.flush()
            commit(db, "test.steps")
        assert findings(ours.engine, now=now) == []


def test_a_person_handed_from_one_applicant_to_another_leaves_and_enters(ours: House) -> None:
    history = History(ours)

    def held() -> set[Any]:
        with ours.session() as db:
            query = sa.select(sync_entry.c.row_id).where(
                sync_entry.c.college_id == ours.id,
                sync_entry.c.facet == "person.P0",
                sync_entry.c.gone.is_(False),
            )
            return set(db.scalars(query))

    def did(kind: str, one: int, other: int = 0) -> set[Any]:
        with ours.session() as db:
            history.step(db, kind, one, other)
            commit(db, "test.step")
        return held()

    first, second, _ = history.people
    assert did("take", 0) == {first}
    assert did("hand_over", 0, 1) == {second}
    assert did("basket", 1) == set()
    assert did("restore", 1) == {second}
