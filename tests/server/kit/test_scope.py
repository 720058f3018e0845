"""«Только своё»: who made an applicant reads and writes him and what is his; of others he hears nothing."""

from __future__ import annotations

import dataclasses
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from common.kit.contents import digest_of
from common.kit.errors import NotFound
from common.kit.ids import new_id
from common.kit.kinds import P3
from common.kit.rights import Action, Permission, Section
from common.kit.sync import (
    ADOPT,
    Bucket,
    Command,
    Cursor,
    Delete,
    Level,
    PullAnswer,
    Restore,
    Save,
    levelled,
)
from common.people.entities import Person
from server.kit.checking import findings
from server.kit.files import read
from server.kit.rearranging import ARRANGED
from server.kit.scope import Own
from server.kit.start import begin_history
from server.kit.tables import server_fact, sync_bucket, sync_entry
from tests.server.conftest import House, now
from tests.server.kit.desks import (
    Desk,
    applicant,
    campaign,
    paper,
    part,
    person,
    renamed,
    rows_of,
    scan,
    statuses,
    taken,
)


def only_own(house: House) -> Desk:
    """A clerk whose grant reaches only his own."""
    desk = Desk(house, "admission_clerk")
    held = desk.caller.permissions | {Permission(Section.ADMISSIONS, Action.WRITE, P3)}
    own = Own(held, desk.caller.account_id)
    desk.caller = dataclasses.replace(desk.caller, permissions=frozenset(), own=own)
    return desk


def took(desk: Desk, campaign_id: UUID) -> tuple[UUID, UUID]:
    p, a = new_id(), new_id()
    answer = desk.push(desk.op(person(p)), desk.op(applicant(a, p, campaign_id)))
    assert statuses(answer) == ["applied"] * 2
    return p, a


@pytest.fixture
def secretary(ours: House) -> Desk:
    return Desk(ours)


@pytest.fixture
def season(secretary: Desk) -> UUID:
    c = new_id()
    assert statuses(secretary.push(secretary.op(campaign(c)))) == ["applied"]
    return c


def seen(answer: PullAnswer, entity: str) -> set[str]:
    facets = {f.facet for page in answer.pages for f in page.rows}
    return {
        str(row[0])
        for facet in facets
        if facet.partition(".")[0] == entity
        for row in rows_of(answer, facet)
    }


def test_only_ones_own_is_told_and_the_books_are(
    ours: House, secretary: Desk, season: UUID
) -> None:
    theirs = took(secretary, season)
    desk = only_own(ours)
    p, a = took(desk, season)
    answer = desk.pull()
    assert seen(answer, "applicant") == {a.hex}
    assert seen(answer, "person") == {p.hex}
    assert seen(answer, "admission_campaign") == {season.hex}
    assert theirs[1].hex not in {bucket.scope for bucket in answer.buckets}
    assert {("admissions", c) for c in ("P0", "P1", "P2")} <= set(answer.own)
    assert not {"administration", "handed"} & {section for section, _ in answer.own}


def test_a_row_is_in_the_colleges_bucket_and_in_its_roots(
    ours: House, secretary: Desk, season: UUID
) -> None:
    desk = secretary
    _, a = took(desk, season)
    wide = desk.pull()
    assert a.hex in seen(wide, "applicant")
    assert all(bucket.scope != a.hex for bucket in wide.buckets)
    assert Bucket(ours.id.hex, "admissions", "P0", 2026) in wide.buckets
    assert findings(ours.engine, now=now) == []


@pytest.mark.parametrize("what", ["change", "delete", "part", "person", "role", "restore", "book"])
def test_what_is_anothers_is_not_written(
    ours: House, secretary: Desk, season: UUID, what: str
) -> None:
    p, a = took(secretary, season)
    desk = only_own(ours)
    body: Any = {
        "change": Save("applicant", a, False, {"language_studied": (None, "немецкий")}),
        "delete": Delete("applicant", a, {}, ()),
        "part": paper(new_id(), a),
        "person": renamed(p, "не видел", "Чужая"),
        "role": applicant(new_id(), p, season),
        "restore": Restore("applicant", a),
        "book": Save("admission_campaign", season, False, {"phone": (None, "1")}),
    }[what]
    answer = desk.push(desk.op(body))
    assert statuses(answer) == ["quarantined"]
    assert "Ёлкина" not in answer.outcomes[0].text
    assert answer.outcomes[0].writers == {}


def test_ones_own_is_written_with_all_that_belongs_to_it(ours: House, season: UUID) -> None:
    desk = only_own(ours)
    p, a = took(desk, season)
    d = new_id()
    answer = desk.push(
        desk.op(renamed(p, "Ёлкина", "Сосенкина")),
        desk.op(paper(d, a)),
        desk.op(Save("applicant", a, False, {"language_studied": (None, "немецкий")})),
        desk.op(Delete("applicant", a, {}, (part("document", d),))),
        desk.op(Restore("applicant", a)),
    )
    assert statuses(answer) == ["applied"] * 5
    with ours.session() as db:
        assert db.scalar(sa.select(Person.last_name).where(Person.id == p)) == "Сосенкина"


def test_ones_own_cannot_be_hung_on_anothers_person(
    ours: House, secretary: Desk, season: UUID
) -> None:
    foreign, _ = took(secretary, season)
    desk = only_own(ours)
    p, a = took(desk, season)
    moved = Save("applicant", a, False, {"person_id": (p.hex, foreign.hex)})
    mine = new_id()
    adopted = Command(ADOPT, {"entity": "person", "mine": mine.hex, "theirs": foreign.hex})
    assert statuses(desk.push(desk.op(moved), desk.op(adopted))) == ["quarantined"] * 2


def test_a_file_of_anothers_paper_is_not_there(ours: House, secretary: Desk, season: UUID) -> None:
    data = b"%PDF-1.4 canary"
    other, desk = secretary, only_own(ours)
    _, a = took(other, season)
    d = new_id()
    other.push(other.op(paper(d, a)), other.op(scan(new_id(), d, data)))
    with pytest.raises(NotFound):
        read(ours.engine, desk.caller, digest_of(data), 0, 10, now=now)


def test_a_person_of_two_roots_is_in_both_and_leaves_with_the_last(
    ours: House, secretary: Desk, season: UUID
) -> None:
    other, desk = secretary, only_own(ours)
    p, a = took(desk, season)
    second = new_id()
    other.push(other.op(applicant(second, p, season)))
    assert seen(desk.pull(), "person") == {p.hex}
    desk.push(desk.op(Delete("applicant", a, {}, ())))
    assert seen(desk.pull(), "person") == set()
    assert p.hex in seen(other.pull(), "person")
    assert findings(ours.engine, now=now) == []


def test_a_campaign_of_another_year_takes_its_applicants_along(ours: House) -> None:
    desk = Desk(ours)
    _, a = taken(desk)
    before = desk.pull()
    assert a.hex in seen(before, "applicant")
    c = next(iter(seen(before, "admission_campaign")))
    change = Save("admission_campaign", UUID(c), False, {"year": (2026, 2025)})
    assert statuses(desk.push(desk.op(change))) == ["applied"]
    after = desk.pull()
    places = {p.bucket.year for p in after.pages for f in p.rows if f.facet == "person.P1"}
    assert places == {2025}
    assert findings(ours.engine, now=now) == []


def test_a_database_of_an_earlier_version_is_arranged_anew(
    ours: House, secretary: Desk, season: UUID
) -> None:
    _, a = took(secretary, season)
    with ours.engine.begin() as connection:
        connection.execute(sa.delete(server_fact).where(server_fact.c.name == ARRANGED))
        rooted = sync_bucket.c.scope == a.hex
        numbers = sa.select(sync_bucket.c.number).where(rooted).scalar_subquery()
        connection.execute(sa.delete(sync_entry).where(sync_entry.c.bucket.in_(numbers)))
        connection.execute(sa.delete(sync_bucket).where(rooted))
        connection.execute(
            sa.update(sync_bucket).where(sync_bucket.c.year == 2026).values(year=1999)
        )
    assert findings(ours.engine, now=now) != []
    begin_history(ours.engine, now=now)
    assert findings(ours.engine, now=now) == []
    begin_history(ours.engine, now=now)


def statements_of(desk: Desk, cursors: list[Cursor]) -> tuple[int, PullAnswer]:
    """How many statements the answer of a pull takes."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    levels, others = levelled(cursors)
    sa.event.listen(desk.house.engine, "before_cursor_execute", counted)
    try:
        answer = desk.pull(*others, levels=levels, prove=True)
    finally:
        sa.event.remove(desk.house.engine, "before_cursor_execute", counted)
    return count, answer


def test_a_pull_with_nothing_new_costs_the_same_however_many_roots_there_are(
    ours: House, secretary: Desk, season: UUID
) -> None:
    desk = only_own(ours)
    found = []
    for many in (1, 4):
        for _ in range(many):
            took(desk, season)
        first = desk.pull()
        secretary.push(secretary.op(person(new_id())))  # the clock goes on, and nobody is told
        count, answer = statements_of(desk, [Cursor(page.bucket, page.to) for page in first.pages])
        assert (answer.pages, answer.buckets) == ([], first.buckets)
        assert {r.to for r in answer.raised if not r.regional} == {first.clock + 1}
        assert all(not raised.but for raised in answer.raised)
        assert dict(answer.sums) == {page.bucket: page.digest for page in first.pages}
        found.append((count, len(answer.buckets)))
    (few, small), (many, large) = found
    assert few == many
    assert small < large


def test_only_what_changed_has_a_page_of_its_own(
    ours: House, secretary: Desk, season: UUID
) -> None:
    desk = only_own(ours)
    p, a = took(desk, season)
    took(desk, season)
    first = desk.pull()
    secretary.push(secretary.op(renamed(p, "Ёлкина", "Сосенкина")))
    _, answer = statements_of(desk, [Cursor(page.bucket, page.to) for page in first.pages])
    changed = [page.bucket for page in answer.pages]
    assert {bucket.scope for bucket in changed} == {a.hex}
    (raised,) = (r for r in answer.raised if not r.regional)
    assert raised.but == changed


def test_a_page_cut_within_a_moment_is_not_taken_for_its_end(
    ours: House, secretary: Desk, season: UUID
) -> None:
    """The clock goes on between the pages of a root whose rows are all of one moment."""
    desk = only_own(ours)
    took(desk, season)
    wanted = {(f.facet, r[0]) for p in desk.pull().pages for f in p.rows for r in f.rows}
    told: set[tuple[str, str]] = set()
    cursors: dict[Bucket, Cursor] = {}
    for _ in range(80):
        answer = desk.pull(*cursors.values(), limit=1)
        for page in answer.pages:
            cursors[page.bucket] = Cursor(page.bucket, page.to)
            told |= {(f.facet, r[0]) for f in page.rows for r in f.rows}
        if not answer.more:
            break
        secretary.push(secretary.op(person(new_id())))
    assert told == wanted


def test_of_buckets_that_are_not_the_callers_nothing_is_told_at_any_level(
    ours: House, theirs: House
) -> None:
    foreign = [b for b in Desk(theirs).pull().buckets if b.scope == theirs.id.hex]
    answer = Desk(ours).pull(levels=[Level(1, foreign), Level(10**9, foreign)], prove=True)
    told = {bucket for bucket, _ in answer.sums}
    told |= {bucket for raised in answer.raised for bucket in raised.but}
    assert foreign
    assert not (told | set(answer.buckets)) & set(foreign)
