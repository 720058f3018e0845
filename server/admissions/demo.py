"""A generated region: colleges k1, k2, …, accounts, an open campaign and applicants full of life."""

from __future__ import annotations

import datetime as dt
import random
import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import Account, Role, RoleGrant
from common.administration.kinds import AccountKind
from common.admissions import rules
from common.admissions.entities import (
    AdmissionBenefit,
    AdmissionCampaign,
    Applicant,
    ApplicantDocument,
    Application,
    CampaignStage,
    CompetitiveGroup,
    RequiredDocument,
)
from common.admissions.kinds import (
    ApplicationState,
    BenefitRight,
    CampaignStatus,
    Carrier,
    DocumentStage,
    DocumentState,
    Funding,
    Need,
    OriginalState,
    Source,
    StageKind,
)
from common.colleges.entities import College
from common.kit import resources
from common.kit.dates import REGION_ZONE
from common.kit.kinds import P0, P1, P2, P3
from common.people.entities import Person
from common.reference.entities import BenefitKind, Country, DocumentKind, OrgSpecialty, Specialty
from common.reference.kinds import EducationBase, StudyForm
from server.admissions.demo_people import Books, People
from server.kit.auth import set_password
from server.kit.commit import commit
from server.kit.session import Clock, CollegeSession
from server.kit.start import open_college
from server.kit.tables import number_lease
from server.reference.service import load_reference

BATCH = 400
SERIES = "00"

PROGRAMMES = (
    ("09.02.07", "ИСП", 50, "3 года 10 месяцев"),
    ("23.02.07", "ТОР", 25, "3 года 10 месяцев"),
    ("38.02.01", "ЭБУ", 25, "2 года 10 месяцев"),
    ("15.01.05", "СВ", 25, "1 год 10 месяцев"),
)


PAPERS = ("Заявление о приёме", "Документ, удостоверяющий личность", "Документ об образовании")
"""Named as in the usual list of required papers, so that none of them is asked for twice."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    login: str
    name: str
    post: str
    role: str
    phone: str


ACCOUNTS = (
    DemoAccount("sekretar", "Петрова Анна Сергеевна", "ответственный секретарь приёмной комиссии", "admission_secretary", "+7 3842 00-00-10, каб. 12"),
    DemoAccount("priem1", "Кузьмина Ольга Павловна", "технический секретарь", "admission_clerk", "+7 3842 00-00-11"),
    DemoAccount("priem2", "Волков Илья Андреевич", "технический секретарь", "admission_clerk", "+7 3842 00-00-12"),
    DemoAccount("otdelenie", "Белова Ирина Юрьевна", "заведующий отделением", "admission_reader", "+7 3842 00-00-13"),
    DemoAccount("admin", "Соколов Денис Игоревич", "администратор", "org_admin", "+7 3842 00-00-14"),
)  # fmt: skip


def login_of(account: DemoAccount, college: str) -> str:
    """k1 has the plain logins, others carry their college's code."""
    return account.login if college == "k1" else f"{account.login}-{college}"


def make_region(
    engine: sa.Engine,
    *,
    colleges: int,
    students: int,
    applicants: int,
    seed: int,
    password: str,
    canary: bool,
    now: Clock,
) -> None:
    """Fill a begun database; `applicants` and `students` are of k1, the others get a twentieth."""
    load_reference(engine, now=now)
    shelf = resources.rows("demo", "colleges.csv")[:colleges]
    for number, row in enumerate(shelf):
        share = 1 if number == 0 else 20
        maker = Maker(engine, row, seed=seed, now=now)
        maker.open(password)
        maker.fill(applicants // share, students // share)
        if canary:
            maker.plant_canaries()


class Maker:
    """Makes one college."""

    def __init__(self, engine: sa.Engine, row: dict[str, str], *, seed: int, now: Clock) -> None:
        self.engine = engine
        self.now = now
        self.code = row["code"]
        self.college = College(
            code=row["code"],
            short_name=row["short_name"],
            full_name=row["full_name"],
            town=row["town"],
            address=f"г. {row['town']}, ул. Учебная, д. 1",
            phone="+7 3842 00-00-00",
            head_post="Директору",
            head_name="Учебному Д. Д.",
            demo=True,
        )
        self.today = now().astimezone(zoneinfo.ZoneInfo(REGION_ZONE)).date()
        self.random = random.Random(f"{seed}-{self.code}-choices")  # noqa: S311  invented data
        self.seed = f"{seed}-{self.code}"
        self.groups: list[CompetitiveGroup] = []

    def session(self) -> CollegeSession:
        return CollegeSession(self.engine, self.college.id, now=self.now)

    # ---- the college, its people at the desks, its campaign

    def open(self, password: str) -> None:
        open_college(self.engine, self.college, now=self.now)
        with self.session() as db:
            self._accounts(db, password)
            self._campaign(db)
            db.execute(
                sa.insert(number_lease).values(
                    college_id=self.college.id, series=SERIES, book=self.book, top=0
                )
            )
            commit(db, "demo.open")

    @property
    def book(self) -> str:
        return rules.number_book(self.campaign.year)

    def _accounts(self, db: CollegeSession, password: str) -> None:
        roles = {role.code: role.id for role in db.scalars(sa.select(Role))}
        for demo in ACCOUNTS:
            kind = AccountKind.ORG_ADMIN if demo.role == "org_admin" else AccountKind.STAFF
            login = login_of(demo, self.code)
            account = Account(
                login=login,
                name=demo.name,
                post=demo.post,
                phone=demo.phone,
                kind=kind,
                consent_on=self.today - dt.timedelta(days=1),
            )
            db.add(account)
            db.add(
                RoleGrant(
                    account_id=account.id,
                    role_id=roles[demo.role],
                    order_number="1-адм",
                    order_date=self.today,
                    valid_from=self.today - dt.timedelta(days=1),
                )
            )
            set_password(db, account, password)

    def _campaign(self, db: CollegeSession) -> None:
        year = self.today.year
        self.campaign = AdmissionCampaign(
            year=year,
            name=f"Приём {year} года",
            status=CampaignStatus.OPEN,
            commission_order_number="15-о",
            commission_order_date=dt.date(year, 2, 20),
            chair="Учебный Д. Д.",
            secretary="Петрова А. С.",
            work_hours="пн–пт 9:00–17:00, сб 9:00–13:00",
            address=self.college.address,
            phone=self.college.phone,
        )
        db.add(self.campaign)
        for kind, start, end in (
            (StageKind.ACCEPT, -56, 28),
            (StageKind.ORIGINALS, -56, 35),
            (StageKind.ENROLL, 36, 45),
        ):
            db.add(
                CampaignStage(
                    campaign_id=self.campaign.id,
                    kind=kind,
                    date_from=self.today + dt.timedelta(days=start),
                    date_to=self.today + dt.timedelta(days=end),
                )
            )
        self._groups(db)
        for row in resources.rows("reference", "required_documents.csv"):
            db.add(
                RequiredDocument(
                    campaign_id=self.campaign.id,
                    name=row["name"],
                    condition=row["condition"] or None,
                    need=Need.of(row["need"]),
                    count=int(row["count"]),
                    stage=DocumentStage.of(row["stage"]),
                    blocks_enrolment=row["blocks_enrolment"] == "да",
                )
            )

    def _groups(self, db: CollegeSession) -> None:
        found = {
            s.code: s
            for s in db.scalars(sa.select(Specialty).where(Specialty.list_basis == "order336"))
        }
        for code, short, places, duration in PROGRAMMES:
            specialty = found[code]
            own = OrgSpecialty(specialty_id=specialty.id, short_code=short)
            db.add(own)
            for funding, seats in ((Funding.REGIONAL_BUDGET, places), (Funding.PAID, 15)):
                mark = "бюджет" if funding is Funding.REGIONAL_BUDGET else "договор"
                group = CompetitiveGroup(
                    campaign_id=self.campaign.id,
                    org_specialty_id=own.id,
                    name=f"{code} {specialty.name}, на базе 9 кл., очная, {mark}",
                    base=EducationBase.BASIC,
                    form=StudyForm.FULL_TIME,
                    funding=funding,
                    programme=specialty.kind,
                    places=seats,
                    duration=duration,
                    group_size=25,
                    order_number="320",
                    order_date=dt.date(self.today.year, 4, 28),
                )
                db.add(group)
                self.groups.append(group)

    # ---- people

    def fill(self, applicants: int, students: int) -> None:
        with self.session() as db:
            self._books(db)
        stream = People(self.seed, self.books, self.today)
        for start in range(0, applicants, BATCH):
            self._store(self._applicants(stream, range(start, min(start + BATCH, applicants))))
        for start in range(0, students, BATCH):
            self._store(stream.person() for _ in range(start, min(start + BATCH, students)))
        with self.session() as db:
            db.execute(
                sa.update(number_lease)
                .where(
                    number_lease.c.college_id == self.college.id, number_lease.c.series == SERIES
                )
                .values(top=applicants)
            )
            commit(db, "demo.numbers")

    def _store(self, rows: Iterable[Any]) -> None:
        with self.session() as db:
            db.add_all(rows)
            commit(db, "demo.fill")

    def _books(self, db: CollegeSession) -> None:
        kinds: dict[str, UUID] = dict(
            db.execute(sa.select(DocumentKind.code, DocumentKind.id)).all()
        )
        russia = db.scalars(sa.select(Country.id).where(Country.code == "643")).one()
        self.benefits: Sequence[UUID] = db.scalars(
            sa.select(BenefitKind.id).order_by(BenefitKind.code)
        ).all()
        self.books = Books(kinds["1"], kinds["901"], kinds["13"], russia)

    def _applicants(self, stream: People, numbers: range) -> Iterator[Any]:
        for number in numbers:
            person = stream.person()
            yield person
            papers = list(stream.papers(person))
            yield from papers
            yield from self._folder(person, papers[0].id, number)

    def _folder(self, person: Person, education: UUID, number: int) -> Iterator[Any]:
        r = self.random
        day = self.today - dt.timedelta(days=int(r.triangular(0, 50, 8)))
        hour = dt.time(r.randrange(2, 9), r.randrange(60), tzinfo=dt.UTC)
        applicant = Applicant(
            person_id=person.id,
            campaign_id=self.campaign.id,
            reg_no=rules.registration_number(SERIES, number + 1),
            registered_at=dt.datetime.combine(day, hour),
            source=r.choices(list(Source)[:3], (70, 25, 5))[0],
            prior_education_id=education,
            language_studied=r.choices(("английский", "немецкий"), (9, 1))[0],
            needs_hostel=r.random() < 0.15,
        )
        yield applicant
        yield from self._choices(applicant, day)
        if r.random() < 0.06:
            yield AdmissionBenefit(
                applicant_id=applicant.id,
                right=r.choice(list(BenefitRight)),
                benefit_kind_id=r.choice(self.benefits),
                document="справка",
            )
        for name in PAPERS:
            yield ApplicantDocument(
                applicant_id=applicant.id,
                name=name,
                carrier=Carrier.ORIGINAL if name.startswith("Зая") else Carrier.COPY,
                received_on=day,
                received_by="Кузьмина О. П.",
                state=DocumentState.RECEIVED,
            )

    def _choices(self, applicant: Applicant, day: dt.date) -> Iterator[Application]:
        r = self.random
        state = r.choices(
            (
                ApplicationState.SUBMITTED,
                ApplicationState.UNDER_CHECK,
                ApplicationState.DOCUMENTS_REQUESTED,
                ApplicationState.ACCEPTED,
                ApplicationState.IN_RATING,
                ApplicationState.WITHDRAWN,
            ),
            (18, 10, 7, 45, 15, 5),
        )[0]
        original = r.random() < 0.4
        chosen = r.sample(self.groups, r.choices((1, 2, 3), (55, 30, 15))[0])
        for priority, group in enumerate(chosen, 1):
            yield Application(
                applicant_id=applicant.id,
                competitive_group_id=group.id,
                priority=priority,
                filed_on=day,
                state=state,
                original=OriginalState.ORIGINAL
                if original and priority == 1
                else OriginalState.COPY,
                original_at=day if original and priority == 1 else None,
                agreed=original and priority == 1,
                withdrawn_on=self.today if state is ApplicationState.WITHDRAWN else None,
            )

    # ---- marks that must never be seen elsewhere

    def plant_canaries(self) -> None:
        """One value of each class carries this college's mark."""
        with self.session() as db:
            person = db.scalars(sa.select(Person).order_by(Person.id).limit(1)).one()
            applicant = db.scalars(
                sa.select(Applicant).where(Applicant.person_id == person.id).limit(1)
            ).one()
            person.last_name = canary(P0.value, self.code)
            person.birth_place = canary(P2.value, self.code)
            applicant.language_studied = canary(P1.value, self.code)
            applicant.special_conditions = canary(P3.value, self.code)
            commit(db, "demo.canary")


def canary(pd: str, college: str) -> str:
    return f"КАНАРЕЙКА-{pd}-{college}"
