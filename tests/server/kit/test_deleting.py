"""A record is deleted with its parts by one operation, whole or not at all, and comes back whole; on both databases."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from common.admissions.entities import Applicant, ApplicantDocument, DocumentScan
from common.kit.attached import FileState
from common.kit.entity import Entity
from common.kit.ids import new_id
from common.kit.kinds import P0, P1, PersonalData
from common.kit.rights import Action, Permission, Section
from common.kit.sync import Delete, Restore, Save
from common.people.entities import DistinctPerson, Person
from server.kit.commit import commit
from server.kit.push import push
from server.kit.tables import audit
from tests.server.conftest import NOW, House
from tests.server.kit.desks import Desk, paper, part, person, scan, statuses, taken

Row = tuple[type[Entity], UUID]
DATA = b"%PDF-1.4\n%%EOF\n"


def whole(desk: Desk) -> tuple[UUID, UUID, UUID]:
    """An applicant, his document and the scan of it."""
    _, a = taken(desk)
    d, s = new_id(), new_id()
    assert statuses(desk.push(desk.op(paper(d, a)), desk.op(scan(s, d, DATA)))) == ["applied"] * 2
    return a, d, s


def seen(a: UUID, d: UUID, s: UUID, name: str = "Паспорт") -> Delete:
    document = part("applicant_document", d, name=name)
    return Delete("applicant", a, {}, (document, part("document_scan", s, name="паспорт.pdf")))


def gone(house: House, *rows: Row) -> list[bool]:
    """Which of these lie in the basket."""
    with house.session() as db:
        return [
            db.scalar(sa.select(entity.deleted_at).where(entity.id == id)) is not None
            for entity, id in rows
        ]


def rows(a: UUID, d: UUID, s: UUID) -> list[Row]:
    return [(Applicant, a), (ApplicantDocument, d), (DocumentScan, s)]


def renamed_paper(d: UUID) -> Save:
    return Save("applicant_document", d, create=False, set={"name": ("Паспорт", "Полис")})


def test_all_of_it_goes_and_comes_back_by_one_line_of_the_history_each(ours: House) -> None:
    desk = Desk(ours)
    made = whole(desk)
    (out,) = desk.push(desk.op(seen(*made))).outcomes
    assert gone(ours, *rows(*made)) == [True] * 3
    (back,) = desk.push(desk.op(Restore("applicant", made[0]))).outcomes
    assert gone(ours, *rows(*made)) == [False] * 3
    assert (out.status, back.status) == ("applied", "applied")
    with ours.session() as db:
        lines = db.execute(
            sa.select(audit.c.seq, audit.c.changes).where(audit.c.seq.in_([out.seq, back.seq]))
        ).all()
    assert [len(line.changes) for line in lines] == [3, 3]


def test_a_part_that_another_has_changed_keeps_the_whole_and_is_named(ours: House) -> None:
    desk, other = Desk(ours), Desk(ours, "admission_clerk")
    made = whole(desk)
    other.push(other.op(renamed_paper(made[1])))
    (told,) = desk.push(desk.op(seen(*made))).outcomes
    assert told.status == "conflict"
    assert told.text == (
        "Часть записи изменена другим пользователем: «Принятый документ» — «Документ»"
    )
    assert [who.account for who in told.writers.values()] == [other.caller.account_id]
    assert gone(ours, *rows(*made)) == [False] * 3
    assert statuses(desk.push(desk.op(seen(*made, name="Полис")))) == ["applied"]


def test_a_part_of_a_part_that_another_has_added_keeps_the_whole(ours: House) -> None:
    desk, other = Desk(ours), Desk(ours, "admission_clerk")
    made = whole(desk)
    other.push(other.op(scan(new_id(), made[1], DATA + b" ")))
    (told,) = desk.push(desk.op(seen(*made))).outcomes
    assert (told.status, told.text) == ("conflict", "К записи добавили части, которых вы не видели")
    assert gone(ours, *rows(*made)) == [False] * 3


def test_who_may_not_write_a_part_deletes_and_restores_nothing_of_it(ours: House) -> None:
    """Found here: the right to the document alone was enough, whatever hung on it."""
    desk, narrow = Desk(ours), Desk(ours, "admission_clerk")
    _, d, s = whole(desk)
    narrow.caller = replace(narrow.caller, permissions=frozenset(map(admissions, (P0, P1))))
    parts = (part("document_scan", s),)
    gone_document = Delete("applicant_document", d, {}, parts)
    (told,) = narrow.push(narrow.op(gone_document)).outcomes
    assert told.status == "quarantined"
    assert told.text == "Нет права удалять всё, что относится к этой записи: другие разделы"
    both: list[Row] = [(ApplicantDocument, d), (DocumentScan, s)]
    assert gone(ours, *both) == [False, False]
    assert statuses(desk.push(desk.op(gone_document))) == ["applied"]
    back = narrow.push(narrow.op(Restore("applicant_document", d, {}, parts)))
    assert statuses(back) == ["quarantined"]
    assert gone(ours, *both) == [True, True]


def admissions(pd: PersonalData) -> Permission:
    return Permission(Section.ADMISSIONS, Action.WRITE, pd)


def test_a_part_of_another_college_named_here_stays_where_it_is(ours: House, theirs: House) -> None:
    stranger, desk = Desk(theirs), Desk(ours)
    made, own = whole(stranger), whole(desk)
    stolen = Delete("applicant", own[0], {}, (*seen(*own).parts, *seen(*made).parts))
    assert statuses(desk.push(desk.op(stolen))) == ["applied"]
    assert gone(ours, *rows(*own)) == [True] * 3
    assert gone(theirs, *rows(*made)) == [False] * 3
    back = Restore("applicant", own[0], {}, seen(*made).parts)
    stranger.push(stranger.op(seen(*made)))
    assert statuses(desk.push(desk.op(back))) == ["applied"]
    assert gone(theirs, *rows(*made)) == [True] * 3


def test_what_belongs_elsewhere_does_not_go_along_though_it_is_named(ours: House) -> None:
    desk = Desk(ours)
    a, d, s = whole(desk)
    another = new_id()
    desk.push(desk.op(paper(another, a)))
    named = (part("document_scan", s), part("applicant_document", another), part("нет", new_id()))
    assert statuses(desk.push(desk.op(Delete("applicant_document", d, {}, named)))) == ["applied"]
    assert gone(ours, (ApplicantDocument, another), (Applicant, a)) == [False, False]


def test_a_part_that_had_gone_before_does_not_come_back_with_the_whole(ours: House) -> None:
    desk = Desk(ours)
    made = whole(desk)
    alone = desk.request(desk.op(Delete("document_scan", made[2])))
    push(ours.engine, desk.caller, alone, now=lambda: NOW - dt.timedelta(days=1))
    assert statuses(desk.push(desk.op(seen(*made)))) == ["applied"]
    assert statuses(desk.push(desk.op(Restore("applicant", made[0])))) == ["applied"]
    assert gone(ours, *rows(*made)) == [False, False, True]


def test_what_one_operation_deleted_does_not_come_back_with_what_the_next_one_did(
    ours: House,
) -> None:
    """Found in a review: both share the moment of a clock that does not move."""
    desk = Desk(ours)
    a, d, s = whole(desk)
    first = desk.op(Delete("applicant_document", d, {}, (part("document_scan", s),)))
    assert statuses(desk.push(first, desk.op(Delete("applicant", a)))) == ["applied"] * 2
    assert statuses(desk.push(desk.op(Restore("applicant", a)))) == ["applied"]
    assert gone(ours, *rows(a, d, s)) == [False, True, True]
    assert statuses(desk.push(desk.op(Restore("applicant_document", d)))) == ["applied"]
    assert gone(ours, *rows(a, d, s)) == [False] * 3


def test_a_file_that_has_come_since_keeps_nothing(ours: House) -> None:
    """Found in a review: only the server turns the state of a file, and nobody is to call about it."""
    desk = Desk(ours)
    a, d, s = whole(desk)
    with ours.session() as db:
        db.scalars(sa.select(DocumentScan)).one().state = FileState.RECEIVED
        commit(db, "file")
    was = part("document_scan", s, name="паспорт.pdf", state="awaited")
    whole_seen = Delete("applicant", a, {}, (part("applicant_document", d), was))
    assert statuses(desk.push(desk.op(whole_seen))) == ["applied"]


def test_a_word_that_two_people_are_not_one_keeps_neither_of_them(ours: House) -> None:
    """Found in a review: whoever had the greater id was held by it for ever."""
    desk, pair = Desk(ours), new_id()
    lesser, greater = sorted([new_id(), new_id()])
    values = {"person_id": (None, lesser.hex), "other_id": (None, greater.hex)}
    word = Save("distinct_person", pair, create=True, set=values)
    both = (desk.op(person(lesser)), desk.op(person(greater)))
    assert statuses(desk.push(*both, desk.op(word))) == ["applied"] * 3
    both_go = (
        Delete("person", greater),
        Delete("person", lesser, {}, (part("distinct_person", pair),)),
    )
    assert statuses(desk.push(*map(desk.op, both_go))) == ["applied"] * 2
    whose: list[Row] = [(Person, lesser), (Person, greater), (DistinctPerson, pair)]
    assert gone(ours, *whose) == [True] * 3
    assert statuses(desk.push(desk.op(Restore("person", lesser)))) == ["applied"]
    assert gone(ours, *whose) == [False, True, False]
    assert statuses(desk.push(desk.op(Restore("person", greater)))) == ["applied"]
    again = Save("distinct_person", new_id(), create=True, set=values)
    assert statuses(desk.push(desk.op(Delete("person", greater)), desk.op(again))) == (
        ["applied"] * 2
    )
