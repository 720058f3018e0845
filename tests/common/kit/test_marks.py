"""Marks of a certificate: every way of typing them, and an average that no float has touched."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.kit.marks import Marks, read_marks, shown
from common.kit.unreadable import Unreadable

MANY = Marks(12, 6, 1)


@pytest.mark.parametrize(
    ("typed", "marks"),
    [
        ("5 5 4 4", Marks(2, 2)),
        ("5545", Marks(3, 1)),
        ("5, 5, 4; 3", Marks(2, 1, 1)),
        ("5/4/3", Marks(1, 1, 1)),
        ("5-4-4-5", Marks(2, 2)),
        ("5\t4\n3\u00a05", Marks(2, 1, 1)),
        ("5×12, 4×6, 3×1", MANY),
        ("5x12, 4x6, 3x1", MANY),
        ("5х12, 4х6, 3х1", MANY),
        ("5*12; 4*6; 3*1", MANY),
        ("5 x 12, 4 x 6, 3 x 1", MANY),
        ("12×5, 6×4, 1×3", MANY),
        ("5-12, 4-6, 3-1", MANY),
        ("5: 12, 4: 6, 3: 1", MANY),
        ("5=12, 4=6, 3=1", MANY),
        ("5-12шт, 4-6 шт., 3-1", MANY),
        ("5×4, 4×3", Marks(4, 3)),
        ("5 5 зач 4 осв.", Marks(2, 1, 0, 2)),
        ("5 зачёт зачтено освобождена", Marks(1, 0, 0, 3)),
        ("5×12, зач×2", Marks(12, 0, 0, 2)),
        ("отлично, хорошо, удовл.", Marks(1, 1, 1)),
        ("5 (отлично) 4 (хорошо)", Marks(1, 1)),
        ("", Marks()),
    ],
)
def test_marks_are_read(typed: str, marks: Marks) -> None:
    assert read_marks(typed) == marks


HOW = "Отметки пишут так: 5 5 4 3 или 5×12, 4×6, 3×1"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("5 5 2", f"В аттестате нет отметки «2». {HOW}"),
        ("5 1", f"В аттестате нет отметки «1». {HOW}"),
        ("5-4", f"«5-4» можно понять двояко. {HOW}"),
        ("5×12, 4", f"Не понятно, чего сколько. {HOW}"),
        ("2×12, 6×1", f"В аттестате нет отметки «2». {HOW}"),
        ("5×12, 2×1", f"В аттестате нет отметки «2». {HOW}"),
        ("5 хвост", f"«хвост» — не отметка. {HOW}"),
        ("4,37", f"В аттестате нет отметки «7». {HOW}"),
        ("5×99, 4×99", "Отметок больше девяноста девяти; проверьте количество"),
    ],
)
def test_what_is_no_mark_is_told(typed: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_marks(typed)
    assert str(refused.value) == said


def test_the_average_is_exact_and_leaves_out_what_has_no_mark() -> None:
    marks = Marks(12, 6, 1, 3)
    assert (marks.total, marks.count) == (87, 19)
    assert marks.average == Fraction(87, 19)
    assert Marks(excluded=2).average is None


@pytest.mark.parametrize(
    ("total", "count", "digits", "text"),
    [
        (87, 19, 2, "4,58"),
        (87, 19, 4, "4,5789"),
        (35, 8, 2, "4,38"),  # 4,375: half up, where a float's format says 4,38 or 4,37 by luck
        (33, 8, 2, "4,13"),  # 4,125
        (9, 2, 0, "5"),
        (5, 1, 2, "5,00"),
        (0, 0, 2, ""),
    ],
)
def test_the_average_is_rounded_half_up(total: int, count: int, digits: int, text: str) -> None:
    assert shown(total, count, digits) == text


@given(st.lists(st.sampled_from("345"), max_size=60))
def test_marks_one_by_one_and_counted_are_the_same(marks: list[str]) -> None:
    counts = ", ".join(f"{m}×{marks.count(m)}" for m in "543" if m in marks)
    assert read_marks(" ".join(marks)) == read_marks("".join(marks)) == read_marks(counts)
