"""The names that a template may use, as plain data: they travel to the child that reads the template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from common.kit.kinds import Choice, PersonalData

Path: TypeAlias = tuple[str, ...]


class Kind(Choice):
    TEXT = "text", "Текст"
    DAY = "day", "Дата"
    MOMENT = "moment", "Дата и время"
    NUMBER = "number", "Число"
    MONEY = "money", "Сумма"
    FLAG = "flag", "Да или нет"
    NAME = "name", "ФИО"
    RECORD = "record", "Запись"
    LIST = "list", "Список"


class Node(msgspec.Struct, frozen=True):
    """One name. `column` is a field's, the reference's, or of a list the reference back to the owner."""

    name: str
    label: str
    kind: Kind
    pd: PersonalData
    column: str = ""
    target: str = ""
    """The entity of a record and of the records of a list."""
    sample: str = ""


Forest: TypeAlias = Mapping[str, Mapping[str, Node]]
"""The names below a record of each entity; those a path begins with under an empty name."""


class Used(msgspec.Struct, frozen=True):
    """The fields that a paper names below a record: as much as is read for it."""

    node: Node
    below: dict[str, Used]
