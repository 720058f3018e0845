"""Records of two colleges with a recognisable value in every column: whoever is shown one leaves a trace.

A canary is one letter that no alphabet has, so that a column of two letters holds one too; a number or a
day where the column holds no text. Choices and flags say nothing by themselves and have none.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import Account, Role, RoleGrant
from common.administration.kinds import AccountState
from common.colleges.entities import College
from common.kit.attached import Attached, FileState
from common.kit.contents import FileKind, digest_of
from common.kit.entity import Entity, describe, entities
from common.kit.ids import REGION, new_id
from common.kit.kinds import Choice, PersonalData
from common.kit.rights import Scope
from common.kit.spec import FieldSpec
from server.kit import jobs
from server.kit.auth import set_password
from server.kit.commit import commit
from server.kit.files import place_of
from server.kit.session import CollegeSession
from server.kit.start import begin_history, open_college
from server.kit.tables import job, stored_file

NOW = dt.datetime(2026, 7, 1, 5, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
PASSWORD = "Очень длинный пароль"

LETTER, NUMBER, DAY = 0xF0000, 1_900_000_000, dt.date(1700, 1, 1)
TRACE = re.compile(r"[\U000f0000-\U000ffffd]|\b19000\d{5}\b|\b17\d\d-\d\d-\d\d(?=T|\b)")

OURS, THEIRS, SHARED = "k1", "k2", "region"
STALE, ENDED = "whose_grant_ended", "whose_account_ended"
STALE_OFFICIAL = "official_whose_grant_ended"

QUOTING = '{{"last_name": [null, "{}"]}}'
MEANT = {
    ("desk", "series"): {OURS: "91", THEIRS: "92"},
    ("role", "permissions"): {SHARED: ""},
    ("handed_operation", "entity"): dict.fromkeys((OURS, THEIRS), "person"),
    ("handed_operation", "children"): dict.fromkeys((OURS, THEIRS), ""),
    ("handed_operation", "row_id"): dict.fromkeys((OURS, THEIRS), "0" * 32),
    **{
        ("handed_operation", f"values_p{n}"): dict.fromkeys((OURS, THEIRS), QUOTING)
        for n in range(4)
    },
}
"""Columns that the server itself reads; a canary stands where there is a place for it."""


def now() -> dt.datetime:
    return NOW


class Mark(NamedTuple):
    """Where a canary sits."""

    college: str
    entity: str
    field: str
    pd: PersonalData

    def __str__(self) -> str:
        return f"{self.entity}.{self.field} ({self.pd.value}) of {self.college}"


@dataclass
class Place:
    """One college, or the region, with one row of every entity it may have."""

    code: str
    id: UUID
    rows: dict[str, UUID] = field(default_factory=dict)
    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    digests: list[str] = field(default_factory=list)
    jobs: list[UUID] = field(default_factory=list)
    """Long work that has ended; its words and its file hold a canary."""


OVER = " of the region"


def is_official(subject: str | None) -> bool:
    return subject == STALE_OFFICIAL or (subject or "").endswith(OVER)


class Canaries:
    """Gives out canaries, and knows each again in what an answer says."""

    def __init__(self, shared: Place) -> None:
        self.shared = shared
        self.marks: list[Mark] = []
        self.ids: dict[str, Place] = {}

    def value(self, place: Place, entity: str, f: FieldSpec) -> Any:
        """What this column of that place's row holds."""
        meant = MEANT.get((entity, f.name), {}).get(place.code)
        if meant is not None and "{}" not in meant:
            return meant
        if f.target is not None:
            return place.rows.get(f.target) or self.shared.rows.get(f.target)
        if issubclass(f.type, Choice):
            return next(iter(f.type))
        if f.type is bool:
            return True
        number = len(self.marks)
        self.marks.append(Mark(place.code, entity, f.name, f.field.pd))
        day = DAY + dt.timedelta(days=number)
        if f.type is dt.datetime:
            return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
        plain = {int: NUMBER + number, dt.date: day}
        return plain.get(f.type, (meant or "{}").format(chr(LETTER + number)))

    def found(self, text: str) -> set[Mark]:
        """The canaries that this text shows."""
        return {
            self.marks[number]
            for trace in TRACE.findall(text)
            if 0 <= (number := _number(trace)) < len(self.marks)
        }

    def strangers(self, text: str) -> set[str]:
        """The other college's records whose ids this text shows."""
        shown = {self.ids[id].code for id in re.findall(r"[0-9a-f]{32}", text) if id in self.ids}
        return shown & {THEIRS}


def _number(trace: str) -> int:
    if len(trace) == 1:
        return ord(trace) - LETTER
    if "-" in trace:
        return (dt.date.fromisoformat(trace) - DAY).days
    return int(trace) - NUMBER


@dataclass
class Region:
    """Everything that the matrix asks about."""

    engine: sa.Engine
    canaries: Canaries
    shared: Place
    ours: Place
    theirs: Place
    roles: tuple[str, ...]
    officials: tuple[str, ...]
    """Roles of the region that are held there; the same are held, for nothing, in each college."""
    owner: sa.Engine
    """Sees every college's rows: the database itself, whatever walls it has."""
    told: dict[str, list[UUID]] = field(default_factory=dict)
    """Operations, by college, whose answers quote what is stored."""

    @property
    def subjects(self) -> tuple[str, ...]:
        over_all = [f"{role}{OVER}" for role in self.officials]
        return (*self.roles, STALE, ENDED, *over_all, STALE_OFFICIAL)


def make_region(engine: sa.Engine, owner: sa.Engine) -> Region:
    """Two colleges in an empty, migrated database, with an account of every role in each."""
    begin_history(engine, now=now)
    shared = Place(SHARED, REGION)
    canaries = Canaries(shared)
    with CollegeSession(engine, REGION, now=now) as db:
        roles = tuple(db.scalars(sa.select(Role.code).order_by(Role.code)))
        of_region = sa.select(Role.code).where(Role.scope == Scope.REGION).order_by(Role.code)
        officials = tuple(db.scalars(of_region))
        for subject in (*officials, STALE_OFFICIAL):
            held = officials if subject == STALE_OFFICIAL else (subject,)
            ended = TODAY if subject == STALE_OFFICIAL else None
            _open_account(db, official_login(subject), held, Scope.REGION, ended)
        _fill(db, canaries, shared)
        commit(db, "canary")
    places = []
    for code in (OURS, THEIRS):
        college = College(code=code, short_name=code, full_name=code, town="Юрга")
        open_college(engine, college, now=now)
        place = Place(code, college.id, {"college": college.id})
        with CollegeSession(engine, college.id, now=now) as db:
            _fill(db, canaries, place)
            _open_accounts(db, code, roles)
            _end_job(db, place)
            commit(db, "canary")
        places.append(place)
    return Region(engine, canaries, shared, places[0], places[1], roles, officials, owner)


def _fill(db: CollegeSession, canaries: Canaries, place: Place) -> None:
    for entity in entities():
        spec = describe(entity)
        if spec.regional != (place.code == SHARED) or entity is College:
            continue
        values = {f.name: canaries.value(place, spec.name, f) for f in spec.fields}
        if issubclass(entity, Attached):
            values |= _contents(db, place, values["name"])
        row: Any = entity(**values)
        db.add(row)
        db.flush()
        place.rows[spec.name] = row.id
        place.values |= {(spec.name, name): value for name, value in values.items()}
        canaries.ids[row.id.hex] = place


def _end_job(db: CollegeSession, place: Place) -> None:
    """Of an account that nobody signs in by: whoever reads it reads another's."""
    canary = place.values[("person", "last_name")]
    id = new_id()
    result = jobs.place_of(db.get_bind(), db.college_id, id)
    result.parent.mkdir(parents=True, exist_ok=True)
    result.write_text(canary, encoding="utf-8")
    made = {"account_id": place.rows["account"], "device": "", "kind": "export-applicants"}
    told = {"state": "done", "said": canary, "file": "x.xlsx", "size": 4, "asked_at": NOW}
    row = {"college_id": db.college_id, "id": id, "arguments": {}, "finished_at": NOW}
    db.execute(sa.insert(job).values(**row, **made, **told))
    place.jobs.append(id)


def _contents(db: CollegeSession, place: Place, canary: str) -> dict[str, Any]:
    """A file on the shelf whose bytes hold the canary of its name."""
    data = f"%PDF-1.4 {canary}".encode()
    digest = digest_of(data)
    file = place_of(db.get_bind(), db.college_id, digest).whole
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    known = {"digest": digest, "size": len(data), "kind": "pdf", "received_at": NOW}
    db.execute(sa.insert(stored_file).values(college_id=db.college_id, **known))
    place.digests.append(digest)
    return {
        "content": digest,
        "size": len(data),
        "kind": FileKind.of("pdf"),
        "state": FileState.RECEIVED,
    }


def login_of(subject: str, code: str) -> str:
    return official_login(subject) if is_official(subject) else f"{subject}.{code}"[:32]


def official_login(subject: str) -> str:
    return f"{subject.removesuffix(OVER)}.{SHARED}"[:32]


def _open_accounts(db: CollegeSession, code: str, roles: tuple[str, ...]) -> None:
    for subject in (*roles, STALE, ENDED):
        held = roles if subject in (STALE, ENDED) else (subject,)
        ended = TODAY if subject == STALE else None
        _open_account(db, login_of(subject, code), held, Scope.COLLEGE, ended)


def _open_account(
    db: CollegeSession, login: str, roles: tuple[str, ...], scope: Scope, ended: dt.date | None
) -> None:
    known = {role.code: role.id for role in db.scalars(sa.select(Role))}
    account = Account(login=login, name=login.partition(".")[0])
    db.add(account)
    for role in roles:
        db.add(
            RoleGrant(
                account_id=account.id,
                role_id=known[role],
                scope=scope,
                order_number="1",
                order_date=TODAY,
                valid_from=TODAY - dt.timedelta(days=9),
                valid_to=ended,
            )
        )
    set_password(db, account, PASSWORD)


def end_account(region: Region, subject: str) -> None:
    """Close the account, as the office does it, while its desk is signed in."""
    with CollegeSession(region.engine, region.ours.id, now=now) as db:
        login = login_of(subject, region.ours.code)
        db.scalars(
            sa.select(Account).where(Account.login == login)
        ).one().state = AccountState.CLOSED
        commit(db, "canary.end")


def dump(engine: sa.Engine, place: Place) -> dict[str, list[str]]:
    """Everything that the database holds of this college, by table."""
    found: dict[str, list[str]] = {}
    with engine.connect() as connection:
        for table in Entity.metadata.sorted_tables:
            if "college_id" in table.c:
                rows = connection.execute(sa.select(table).where(table.c.college_id == place.id))
                found[table.name] = sorted(map(str, rows))
    return found


def canary_rows(engine: sa.Engine, place: Place) -> dict[str, str]:
    """The canaries' own rows as they are now, by entity."""
    found = {}
    with engine.connect() as connection:
        for entity in entities():
            table = Entity.metadata.tables[entity.__tablename__]
            if table.name in place.rows:
                query = sa.select(table).where(table.c.id == place.rows[table.name])
                found[table.name] = str(connection.execute(query).one())
    return found
