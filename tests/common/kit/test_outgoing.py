"""A file that leaves is whole or is not there, and what stands in its way is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from common.kit.errors import EpoError
from common.kit.outgoing import write_whole
from common.kit.progress import Cancelled


def full(_path: Path) -> None:
    with Path("/dev/full").open("wb") as disk:
        disk.write(b"x" * 100_000)


def written(path: Path) -> None:
    path.write_text("а", encoding="utf-8")


def locked(_path: Path) -> None:
    raise PermissionError(13, "sharing violation")


def stopped(path: Path) -> None:
    path.write_bytes(b"half")
    raise Cancelled("Остановлено")


@pytest.mark.parametrize(
    ("write", "said"),
    [(full, "нет места для файла «Мой список.xlsx»"), (locked, "закройте его и повторите"),
     (stopped, "Остановлено")],
)  # fmt: skip
def test_what_stood_there_stays_where_the_new_one_cannot_be(
    write: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "Мой список.xlsx"
    path.write_bytes(b"before")
    with pytest.raises(EpoError, match=said):
        write_whole(path, write)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [(path.name, b"before")]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EpoError, match=r"Папки «.*Нет такой» нет"):
        write_whole(tmp_path / "Нет такой" / "x.xlsx", lambda p: None)


def test_a_whole_file_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "Отчёт за год.csv"
    write_whole(path, written)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o444 == 0o444
