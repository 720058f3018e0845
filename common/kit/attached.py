"""A file that hangs on a record: what is told of it goes with the records, its bytes go apart (SYNC 10).

An entity of files is a part of the record it hangs on and takes its columns from here:
`class DocumentScan(Attached, CollegeOwned)`; storing, sending, rights and the desk's queue follow.
"""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr

from common.kit.columns import choice, integer, text
from common.kit.contents import LONGEST_NAME, MAX_FILE, FileKind, refuse_digest
from common.kit.entity import Entity, entities
from common.kit.kinds import P2, Choice


class FileState(Choice):
    """Of the bytes at the centre; only the centre moves it."""

    AWAITED = "awaited", "Ждёт отправки"
    RECEIVED = "received", "На сервере"


class Attached:
    """Columns of an entity of files; a scan of a paper shows its numbers, so all of them are P2."""

    name: Mapped[str] = text("Имя файла", LONGEST_NAME + 5, pd=P2, search=True)
    content: Mapped[str] = text(
        "Отпечаток содержимого", 64, pd=P2, check=refuse_digest, in_list=False
    )
    kind: Mapped[FileKind] = choice("Вид файла", FileKind, pd=P2)
    size: Mapped[int] = integer("Размер, байт", 1, MAX_FILE, pd=P2)
    state: Mapped[FileState] = choice(
        "Состояние файла", FileState, pd=P2, served=True, default=FileState.AWAITED
    )

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (sa.Index(None, "college_id", "content"),)


@functools.cache
def attached() -> tuple[type[Entity], ...]:
    """Every entity of files."""
    return tuple(entity for entity in entities() if issubclass(entity, Attached))


KEPT = frozenset({"content", "kind", "size", "state"})


def refuse_attached(touched: Collection[str], state: FileState, *, created: bool) -> str | None:
    """What a person may not do with the words about a file: all but its name is settled when it is attached."""
    if created and state is not FileState.AWAITED:
        return "Что файл получен, говорит только сервер: прикрепите файл снова"
    if not created and KEPT.intersection(touched):
        return "Прикреплённый файл не меняют: уберите его и прикрепите новый"
    return None
