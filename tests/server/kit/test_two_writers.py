"""Two writers at one moment on PostgreSQL, in real threads: nothing is overwritten unseen and no clash is told as a refusal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from common.admissions.entities import Applicant
from common.admissions.importing import HEADERS
from common.colleges.entities import College
from common.kit import sheets
from common.kit.ids import new_id
from common.kit.sync import Delete, Save
from common.people.entities import Person
from server.admissions.demo import make_region
from server.admissions.importing import import_applications
from server.kit.checking import findings
from server.kit.session import CollegeSession
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, applicant, campaign, person, renamed, statuses, taken

T = TypeVar("T")

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
ROUNDS = 8


def together(*acts: Callable[[], T]) -> list[T]:
    """What each returned, all begun at the same moment."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_who_rename_one_person_one_is_told_of_the_conflict(ours: House) -> None:
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    id, _ = taken(one)
    name = "Ёлкина"
    for number in range(ROUNDS):
        letters = "а" * (number + 1)
        new = [f"Петров{letters}", f"Сидоров{letters}"]
        pairs = [(d, d.op(renamed(id, name, n))) for d, n in zip((one, two), new, strict=True)]
        answers = together(*(lambda d=d, op=op: d.push(op) for d, op in pairs))
        said = [statuses(a)[0] for a in answers]
        assert sorted(said) == ["applied", "conflict"]
        name = new[said.index("applied")]
        with ours.session() as db:
            assert db.scalars(sa.select(Person.last_name).where(Person.id == id)).one() == name


def test_batches_that_meet_in_opposite_order_are_applied_and_never_refused(ours: House) -> None:
    """Different fields of the same people, told from both ends: a deadlock would end as something else than applied."""
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    ids = [taken_person(one) for _ in range(12)]
    was: Any = None
    for number in range(ROUNDS):
        new = f"г. Юрга, {number}"
        first = [one.op(changed(id, "birth_place", was, new)) for id in ids]
        second = [
            two.op(changed(id, "medical_policy", was and digits(number - 1), digits(number)))
            for id in reversed(ids)
        ]
        answers = together(lambda: one.push(*first), lambda: two.push(*second))  # noqa: B023  run at once
        assert [set(statuses(a)) for a in answers] == [{"applied"}, {"applied"}]
        was = new
    assert findings(ours.engine, now=now) == []


def test_of_one_who_deletes_and_one_who_points_one_is_told(ours: House) -> None:
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    for number in range(ROUNDS):
        p, c, a = new_id(), new_id(), new_id()
        made = campaign(c)
        made.set["year"] = (None, 2026 + number)
        assert statuses(one.push(one.op(person(p)), one.op(made))) == ["applied"] * 2
        gone, points = one.op(Delete("admission_campaign", c)), two.op(applicant(a, p, c))
        answers = together(lambda: one.push(gone), lambda: two.push(points))  # noqa: B023  run at once
        assert [statuses(each)[0] for each in answers] in (
            ["refused", "applied"],
            ["applied", "conflict"],
        )


def digits(number: int) -> str:
    return f"{1234567890123450 + number}"


def taken_person(desk: Desk) -> Any:
    id = new_id()
    assert statuses(desk.push(desk.op(person(id)))) == ["applied"]
    return id


def changed(id: Any, field: str, was: Any, new: Any) -> Any:
    return Save("person", id, create=False, set={field: (was, new)})


def test_two_imports_at_once_give_contiguous_numbers(engine: sa.Engine, tmp_path: Path) -> None:
    make_region(
        engine,
        colleges=1,
        students=0,
        applicants=0,
        seed=1,
        password="длинный пароль",
        canary=False,
        now=now,
    )

    def book(letter: str) -> Path:
        rows = [
            {
                "Специальность": "09.02.07",
                "ФИО": f"Ёлкина{letter} Анна{'а' * n}",
                "Дата рождения": "11.04.2010",
                "Бюджет/коммерция": "бюджет",
                "Форма обучения": "очная",
            }
            for n in range(5)
        ]
        path = tmp_path / f"{letter}.xlsx"
        sheets.write(path, "Лист", HEADERS, [[r.get(h) for h in HEADERS] for r in rows])
        return path

    def load(path: Path) -> int:
        done = import_applications(
            engine, "k1", path, mapping={}, campaign=None, dry_run=False, now=now
        )
        return done.created

    paths = [book("а"), book("б")]
    assert together(*(lambda p=p: load(p) for p in paths)) == [5, 5]
    with engine.connect() as connection:
        college = connection.execute(sa.select(College.id)).scalar_one()
    with CollegeSession(engine, college, now=now) as db:
        numbers = sorted(db.scalars(sa.select(Applicant.reg_no)))
    assert numbers == [f"00-{n:03d}" for n in range(1, 11)]
