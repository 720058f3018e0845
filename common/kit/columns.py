"""Column helpers: each returns an ordinary SQLAlchemy column that carries a Field in .info.

Nothing here is hidden: `text("Фамилия", 100, pd=P0)` is `mapped_column(String(100), info={"field": …})`.
The personal-data class `pd` has no default on purpose.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import MappedColumn, mapped_column

from common.kit.formats import Format
from common.kit.kinds import Choice, PersonalData
from common.kit.spec import Check, Field

E = TypeVar("E", bound=Choice)

REQUIRED: Any = object()
"""Stands for «no default»: the value must be given where the entity is made."""


def _column(
    kind: Any, field: Field, default: Any, extra: dict[str, Any] | None = None, *rest: Any
) -> MappedColumn[Any]:
    options: dict[str, Any] = {} if default is REQUIRED else {"default": default}
    return mapped_column(kind, *rest, info={"field": field} | (extra or {}), **options)


def text(
    label: str,
    length: int,
    *,
    pd: PersonalData,
    help: str = "",
    format: Format | None = None,
    check: Check | None = None,
    heading: str = "",
    in_list: bool = True,
    search: bool = False,
    multiline: bool = False,
    atom: str = "",
    told: Callable[[Any], str] | None = None,
    default: str | None = REQUIRED,
) -> MappedColumn[str]:
    """A text of at most `length` characters; `format` says how it is typed and shown, `told` how it is shown only."""
    field = Field(label, pd, help, format, check, heading, in_list, search, multiline, atom, told)
    return _column(sa.String(length), field, default)


def integer(
    label: str,
    minimum: int,
    maximum: int,
    *,
    pd: PersonalData,
    help: str = "",
    format: Format | None = None,
    heading: str = "",
    in_list: bool = True,
    atom: str = "",
    default: int | None = REQUIRED,
) -> MappedColumn[int]:
    field = Field(label, pd, help, format, None, heading, in_list, atom=atom)
    return _column(sa.Integer(), field, default, {"range": (minimum, maximum)})


def money(
    label: str,
    *,
    pd: PersonalData,
    help: str = "",
    format: Format | None = None,
    heading: str = "",
    in_list: bool = True,
    atom: str = "",
    default: int | None = REQUIRED,
) -> MappedColumn[int]:
    """A sum in kopecks, never a float."""
    field = Field(label, pd, help, format, None, heading, in_list, atom=atom)
    return _column(sa.BigInteger(), field, default, {"range": (0, 10**14)})


def day(
    label: str,
    *,
    pd: PersonalData,
    help: str = "",
    format: Format | None = None,
    check: Check | None = None,
    heading: str = "",
    in_list: bool = True,
    atom: str = "",
    default: dt.date | None = REQUIRED,
) -> MappedColumn[dt.date]:
    """A calendar date of the college's own zone."""
    return _column(
        sa.Date(), Field(label, pd, help, format, check, heading, in_list, atom=atom), default
    )


def moment(
    label: str,
    *,
    pd: PersonalData,
    help: str = "",
    heading: str = "",
    in_list: bool = True,
    atom: str = "",
    default: dt.datetime | None = REQUIRED,
) -> MappedColumn[dt.datetime]:
    """An instant in UTC; read back with its zone on both databases."""
    return _column(
        Instant(), Field(label, pd, help, None, None, heading, in_list, atom=atom), default
    )


def flag(
    label: str,
    *,
    pd: PersonalData,
    help: str = "",
    heading: str = "",
    in_list: bool = True,
    default: bool | None = REQUIRED,
) -> MappedColumn[bool]:
    return _column(sa.Boolean(), Field(label, pd, help, None, None, heading, in_list), default)


def choice(
    label: str,
    kind: type[E],
    *,
    pd: PersonalData,
    help: str = "",
    heading: str = "",
    in_list: bool = True,
    atom: str = "",
    served: bool = False,
    default: E | None = REQUIRED,
) -> MappedColumn[E]:
    """Stored as text, so that adding a member needs no migration; `served` where only the server turns it."""
    stored = sa.Enum(
        kind, native_enum=False, create_constraint=False, length=40, values_callable=_values
    )
    field = Field(label, pd, help, None, None, heading, in_list, atom=atom, served=served)
    return _column(stored, field, default)


def ref(
    label: str,
    target: str,
    *,
    pd: PersonalData,
    regional: bool = False,
    holds: bool = True,
    help: str = "",
    heading: str = "",
    in_list: bool = True,
    atom: str = "",
    default: UUID | None = REQUIRED,
) -> MappedColumn[UUID]:
    """A reference with its composite foreign key and index; it cannot leave its college.

    `regional=True` where the target is a regional book; `holds=False` where the target may be deleted all the same.
    """
    field = Field(label, pd, help, None, None, heading, in_list, atom=atom, holds=holds)
    column = _column(sa.Uuid(), field, default, {"target": target})

    def attach(col: sa.Column[UUID], owner: sa.Table) -> None:
        own = [col] if regional else [owner.c.college_id, col]
        theirs = [f"{target}.id"] if regional else [f"{target}.college_id", f"{target}.id"]
        owner.append_constraint(sa.ForeignKeyConstraint(own, theirs, ondelete="RESTRICT"))
        lead = [owner.c.college_id] if "college_id" in owner.c else []
        sa.Index(None, *lead, col)

    event.listen(column.column, "after_parent_attach", attach)
    return column


def unique(*columns: str, regional: bool = False) -> sa.Index:
    """A key over live rows; a deleted row does not stand in the way of a new one."""
    live = sa.text("deleted_at IS NULL")
    names = columns if regional else ("college_id", *columns)
    return sa.Index(
        None,
        *names,
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
        info={"unique": columns},
    )


class Instant(sa.TypeDecorator[dt.datetime]):
    """A moment in UTC; naive values are refused, SQLite's naive answers get their zone back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[dt.datetime]:
        return dt.datetime

    def process_bind_param(
        self, value: dt.datetime | None, dialect: sa.Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(dt.UTC)

    def process_result_value(
        self, value: dt.datetime | None, dialect: sa.Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def _values(kind: type[Choice]) -> list[str]:
    return [str(member.value) for member in kind]
