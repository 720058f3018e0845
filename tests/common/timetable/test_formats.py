"""Files in and out: what is read, what is refused and in which words, what comes back."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.kit.errors import EpoError, Invalid, Unavailable
from common.timetable.checker import check
from common.timetable.ctt import ctt_problem, official_text, read_ctt, read_official
from common.timetable.fet_reading import fet_problem, read_fet
from common.timetable.fet_writing import locked_fet, read_activities
from common.timetable.kinds import Kind
from common.timetable.own_json import (
    decoded,
    problem_json,
    read_saved,
    read_solution,
    write_solution,
    write_whole,
)
from common.timetable.problem import Place, Problem, Solution
from tests.common.timetable.samples import at, school, seeded

FET = """<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.8.5">
<Institution_Name>Колледж</Institution_Name>
<Days_List><Number_of_Days>2</Number_of_Days><Day><Name>Пн</Name></Day><Day><Name>Вт</Name></Day></Days_List>
<Hours_List><Number_of_Hours>3</Number_of_Hours><Hour><Name>1</Name></Hour><Hour><Name>2</Name></Hour><Hour><Name>3</Name></Hour></Hours_List>
<Subjects_List><Subject><Name>Физика</Name></Subject></Subjects_List>
<Teachers_List><Teacher><Name>Иванов </Name></Teacher></Teachers_List>
<Students_List><Year><Name>СД-21</Name><Number_of_Students>25</Number_of_Students>
<Group><Name>П1</Name><Number_of_Students>12</Number_of_Students><Subgroup><Name>П1-Б1</Name><Number_of_Students>12</Number_of_Students></Subgroup></Group>
<Group><Name>Б1</Name><Number_of_Students>15</Number_of_Students><Subgroup><Name>П1-Б1</Name><Number_of_Students>12</Number_of_Students></Subgroup><Subgroup><Name>П2-Б1</Name><Number_of_Students>3</Number_of_Students></Subgroup></Group>
</Year></Students_List>
<Activities_List>
<Activity><Teacher>Иванов </Teacher><Subject>Физика</Subject><Students>СД-21</Students><Duration>2</Duration><Total_Duration>2</Total_Duration><Id>7</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>
<Activity><Subject>Физика</Subject><Students>П1</Students><Duration>1</Duration><Total_Duration>1</Total_Duration><Id>9</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>
<Activity><Subject>Физика</Subject><Duration>1</Duration><Total_Duration>1</Total_Duration><Id>11</Id><Activity_Group_Id>0</Activity_Group_Id><Active>false</Active></Activity>
</Activities_List>
<Buildings_List></Buildings_List>
<Rooms_List><Room><Name>8 К</Name><Building></Building><Capacity>30</Capacity><Virtual>false</Virtual></Room></Rooms_List>
<Time_Constraints_List>
<ConstraintBasicCompulsoryTime><Weight_Percentage>100</Weight_Percentage><Active>true</Active></ConstraintBasicCompulsoryTime>
<ConstraintBreakTimes><Weight_Percentage>100</Weight_Percentage><Number_of_Break_Times>1</Number_of_Break_Times><Break_Time><Day>Пн</Day><Hour>3</Hour></Break_Time><Active>true</Active></ConstraintBreakTimes>
<ConstraintStudentsMaxGapsPerWeek><Weight_Percentage>100</Weight_Percentage><Max_Gaps>0</Max_Gaps><Active>true</Active></ConstraintStudentsMaxGapsPerWeek>
<ConstraintTeachersMaxZeroGapsPerAfternoon><Weight_Percentage>100</Weight_Percentage><Active>true</Active></ConstraintTeachersMaxZeroGapsPerAfternoon>
</Time_Constraints_List>
<Space_Constraints_List>
<ConstraintBasicCompulsorySpace><Weight_Percentage>100</Weight_Percentage><Active>true</Active></ConstraintBasicCompulsorySpace>
<ConstraintSubjectPreferredRoom><Weight_Percentage>95</Weight_Percentage><Subject>Физика</Subject><Room>8 К</Room><Active>true</Active></ConstraintSubjectPreferredRoom>
</Space_Constraints_List>
</fet>
"""

CTT = """Name: Toy
Courses: 2
Rooms: 1
Days: 2
Periods_per_day: 2
Curricula: 1
Constraints: 1

COURSES:
Phys t0 2 2 30
Chem t1 1 1 10

ROOMS:
A 20

CURRICULA:
q0 2 Phys Chem

UNAVAILABILITY_CONSTRAINTS:
Phys 0 0

END.
"""


def fet(text: str = FET) -> Problem:
    return fet_problem(text.encode(), "проба.fet")


def test_a_fet_file_becomes_a_problem() -> None:
    problem = fet()
    assert [lesson.id for lesson in problem.lessons] == [7, 9]  # the third is switched off
    assert problem.atoms == ("П1-Б1", "П2-Б1")
    assert problem.lesson_atoms == ((0, 1), (0,))
    assert problem.teachers == ("Иванов ",)  # names may end in a space
    assert [rule.kind for rule in problem.rules] == [
        Kind.CLOSED,
        Kind.GAPS_WEEK,
        Kind.ROOMS,
        Kind.CAPACITY,
    ]


def test_what_is_not_kept_is_named_and_counted() -> None:
    (one,) = fet().unsupported
    assert (one.name, one.count) == ("ConstraintTeachersMaxZeroGapsPerAfternoon", 1)


def test_counts_are_those_of_the_file() -> None:
    counts = dict(fet().counts)
    assert counts["Activity"] == 3
    assert sum(n for name, n in counts.items() if name.startswith("Constraint")) == 6


def test_the_locked_file_holds_the_timetable_and_reads_back() -> None:
    problem = fet()
    solution = Solution((Place(0, (0,)), Place(3)))
    again = fet(locked_fet(problem, solution, FET))
    fixed = [(rule.lessons, rule.slots) for rule in again.rules if rule.kind is Kind.START]
    assert fixed == [((0,), (0,)), ((1,), (3,))]
    assert check(again, solution).hard == 0


def test_a_placement_of_another_file_is_refused(tmp_path: Path) -> None:
    alien = tmp_path / "activities.xml"
    alien.write_text(
        "<Activities_Timetable><Activity><Id>8</Id><Day>Пн</Day><Hour>1</Hour><Room></Room></Activity></Activities_Timetable>"
    )
    with pytest.raises(Invalid, match="занятия № 8 в задаче нет; это решение другого файла"):
        read_activities(fet(), alien)


BOMB = '<?xml version="1.0"?><!DOCTYPE fet [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><fet>&c;</fet>'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FET[:900], "не XML или оборван: строка"),
        ("", "не XML или оборван"),
        (BOMB, "объявлены сущности XML"),
        ("<html></html>", "не файл FET: его корень «html»"),
        (FET.replace('version="6.8.5"', 'version="3.1"'), "версии «3.1»"),
        (FET.replace("<Number_of_Days>2<", "<Number_of_Days>0<"), "названо 2, обещано 0"),
        (FET.replace("<Duration>2<", "<Duration>0<"), "№ 7 «Физика» нулевой длины"),
        (FET.replace("<Students>П1<", "<Students>П9<"), "нет в списке группы «П9»"),
        (FET.replace("<Id>9<", "<Id>7<"), "занятие № 7 записано дважды"),
        (FET.replace("<Day>Пн</Day>", "<Day>Ср</Day>"), "неизвестное имя «Ср»"),
        (FET.replace("<Weight_Percentage>95<", "<Weight_Percentage>много<"), "вес не от 0 до 100"),
        (FET.replace("<Max_Gaps>0<", "<Max_Gaps>-1<"), "поле «Max_Gaps» — не число"),
        ("<fet>" + "<a>" * 60 + "</a>" * 60 + "</fet>", "слишком велик или вложен"),
    ],
)
def test_a_bad_file_gets_one_sentence(text: str, says: str) -> None:
    with pytest.raises(Invalid, match=re.escape(says)):
        fet(text)


def test_a_million_rooms_are_refused() -> None:
    many = "<Room><Name>r</Name></Room>" * 30_000
    with pytest.raises(Invalid, match="Слишком много аудиторий: 30001"):
        fet(FET.replace("<Rooms_List>", f"<Rooms_List>{many}"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"«нет\.fet» не прочитан"):
        read_fet(tmp_path / "нет.fet")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(FET)), st.integers(0, 40))
def test_any_cut_of_a_file_is_read_or_refused_but_never_crashes(start: int, length: int) -> None:
    with suppress(EpoError):
        fet(FET[:start] + FET[start + length :])


def test_a_ctt_instance_has_the_official_rules() -> None:
    problem = ctt_problem(CTT, "toy.ctt")
    assert [lesson.subject for lesson in problem.lessons] == ["Phys", "Phys", "Chem"]
    good = Solution((Place(1, (0,)), Place(2, (0,)), Place(3, (0,))))
    verdict = check(problem, good)
    assert verdict.hard == 0
    # 2 lectures x 10 students over capacity; Phys at (0, 1) stands alone in its day: 2 points
    assert verdict.soft == 20 + 2
    assert check(problem, Solution((Place(0, (0,)), Place(2, (0,)), Place(3, (0,))))).hard == 1


def test_the_official_text_reads_back(tmp_path: Path) -> None:
    problem = ctt_problem(CTT, "toy.ctt")
    solution = Solution((Place(1, (0,)), Place(2, (0,)), Place(3, (0,))))
    text = official_text(problem, solution)
    assert text == "Phys A 0 1\nPhys A 1 0\nChem A 1 1\n"
    path = tmp_path / "toy.sol"
    path.write_text(text)
    assert read_official(problem, path) == solution
    path.write_text(text + "Phys A 0 0\n")
    with pytest.raises(Invalid, match="строка 4"):
        read_official(problem, path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (CTT.replace("Courses: 2", "Courses: 3"), "обещано Courses 3, а строк 2"),
        (CTT.replace("Days: 2", "Days: 0"), "«Days: 0», а нужно число от 1"),
        (CTT.replace("q0 2 Phys Chem", "q0 3 Phys Chem"), "строка не разобрана"),
        ("", "«Courses: », а нужно число"),
    ],
)
def test_a_bad_instance_gets_one_sentence(text: str, says: str) -> None:
    with pytest.raises(Invalid, match=re.escape(says)):
        ctt_problem(text, "toy.ctt")


def test_missing_instance_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="не прочитан"):
        read_ctt(tmp_path / "comp.ctt")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_our_own_json_reads_back_the_same(seed: int) -> None:
    problem = seeded(seed)
    assert decoded(problem_json(problem), "проба.json") == problem


def test_a_solution_comes_back_with_its_problem(tmp_path: Path) -> None:
    path = tmp_path / "solution.json"
    problem = school(2)
    write_solution(path, problem, at(0, 5), 0, 1.5)
    assert read_saved(path) == (problem, at(0, 5))
    with pytest.raises(Invalid, match="решение другой задачи"):
        read_solution(school(3), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(Invalid, match="не решение или оборван"):
        read_saved(path)


def test_a_reference_outside_is_refused() -> None:
    data = problem_json(school(1)).replace(b'"groups":[0]', b'"groups":[99]')
    with pytest.raises(Invalid, match="Занятие № 1 ссылается на преподавателя или группу"):
        decoded(data, "x.json")


def test_a_failed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "solution.json"
    write_whole(path, b"old")
    occupied = path / "below"
    with pytest.raises(Unavailable, match="«below» не записан"):
        write_whole(occupied, b"new")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["solution.json"]
