"""A table made to harm ends with its child, in one sentence; an honest large one is read."""

from __future__ import annotations

import datetime as dt
import pickle
import time
from pathlib import Path

import pytest

from common.kit import sheets, xlsx
from common.kit.child import Limits
from common.kit.errors import Invalid
from common.kit.limited import _Plain, read_table


def table(path: Path, rows: int) -> Path:
    line: list[xlsx.Cell] = [
        "Ёлкина Анна",
        "+7 923 111-22-33",
        dt.date(2010, 4, 11),
        4.5,
        "=1+1",
        None,
    ]
    sheets.write(path, "Лист", ["ФИО", "Телефон", "Дата", "Балл", "Слова", "Пусто"], [line] * rows)
    return path


def test_an_honest_table_comes_back_as_it_is(tmp_path: Path) -> None:
    file = table(tmp_path / "Приём.xlsx", 2_000)
    assert read_table(file) == sheets.read(file)


def test_a_hostile_file_is_refused_in_words_and_in_time(
    hostile_file: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(hostile_file)
    began = time.monotonic()
    with pytest.raises(Invalid, match=r"Файл|таблиц"):
        read_table(file)
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    ("limits", "rows"), [(Limits(memory=60 << 20), 5_000), (Limits(patience=0.01), 10)]
)
def test_beyond_its_limits_the_child_is_ended(limits: Limits, rows: int, tmp_path: Path) -> None:
    file = table(tmp_path / "Приём.xlsx", rows)
    with pytest.raises(Invalid, match=r"«Приём.xlsx» не читается в отведённых пределах"):
        read_table(file, limits)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"Файл «нет\.xlsx» не открывается"):
        read_table(tmp_path / "нет.xlsx")


def test_what_a_child_says_is_never_run() -> None:
    import io

    with pytest.raises(pickle.UnpicklingError, match=r"builtins\.print"):
        _Plain(io.BytesIO(pickle.dumps(print))).load()
