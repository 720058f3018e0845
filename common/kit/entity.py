"""What an entity is, and `describe`: the one door through which everything else follows from a declaration."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, dataclass_transform
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    QueryableAttribute,
    foreign,
    mapped_column,
    relationship,
    remote,
)

from common.kit.columns import (
    Instant,
    choice,
    day,
    flag,
    integer,
    moment,
    money,
    ref,
    text,
)
from common.kit.formats import Format
from common.kit.ids import new_id
from common.kit.kinds import P0
from common.kit.rights import Action, Section
from common.kit.spec import EntitySpec, Field, FieldSpec, RecordCheck

T = TypeVar("T", bound="Entity")


def _kind(index: Any, table: sa.Table) -> str:
    """A key over live rows stands beside the plain index of the same columns."""
    return "uq" if isinstance(index, sa.Index) and index.unique else "ix"


CONVENTION: dict[str, Any] = {
    "kind": _kind,
    "ix": "%(kind)s_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}


def _kept(label: str) -> dict[str, Any]:
    """The info of a column that the house keeps by itself."""
    return {"field": Field(label, P0, in_list=False, managed=True)}


@dataclass_transform(
    kw_only_default=True,
    eq_default=False,
    field_specifiers=(text, integer, money, day, moment, flag, choice, ref),
)
class Entity(DeclarativeBase):
    """Base of every stored thing. Use `Regional` or `CollegeOwned`.

    A declaration says: `__title__` of many and `__one__` of one (Russian), the `__section__` whose
    permissions guard it, and, where it has an owner, `__part_of__`; `__brings__` names references
    whose targets enter its buckets; `__ordered__` names the field of a part that holds its place in
    its owner's list, which is then one value; `__root__` makes it a root with buckets of its own and
    names the column that says whose own it is; `__yearly__` names the reference to what has its year; `__tells__` names the fields that tell namesakes apart where one
    is chosen; `__coded__` says that people call a record by its `code` and its `name` together; `__checks__` are pure whole-record rules; `__changed_by__` is the right that changing it takes.
    """

    metadata = sa.MetaData(naming_convention=CONVENTION)
    __title__: ClassVar[str]
    __one__: ClassVar[str]
    __section__: ClassVar[Section]
    __part_of__: ClassVar[str | None] = None
    __ordered__: ClassVar[str] = ""
    __root__: ClassVar[str] = ""
    __yearly__: ClassVar[str] = ""
    __brings__: ClassVar[tuple[str, ...]] = ()
    __tells__: ClassVar[tuple[str, ...]] = ()
    __coded__: ClassVar[bool] = False
    __checks__: ClassVar[tuple[RecordCheck, ...]] = ()
    __changed_by__: ClassVar[Action] = Action.WRITE

    if TYPE_CHECKING:
        id: Mapped[UUID]  # both bases declare it, each at its place in the key
    version: Mapped[int] = mapped_column(sort_order=90, info=_kept("Версия строки"))
    created_at: Mapped[dt.datetime | None] = mapped_column(
        Instant, sort_order=91, info=_kept("Создано")
    )
    created_by: Mapped[UUID | None] = mapped_column(sort_order=92, info=_kept("Кем создано"))
    changed_at: Mapped[dt.datetime | None] = mapped_column(
        Instant, sort_order=93, info=_kept("Изменено")
    )
    changed_by: Mapped[UUID | None] = mapped_column(sort_order=94, info=_kept("Кем изменено"))
    deleted_at: Mapped[dt.datetime | None] = mapped_column(
        Instant, sort_order=95, info=_kept("В корзине с")
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  as SQLAlchemy types it


class Regional(Entity):
    """What all colleges share."""

    __abstract__ = True
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1, info=_kept("Идентификатор"))


class CollegeOwned(Entity):
    """What belongs to one college, in its key and in every key that points at it."""

    __abstract__ = True
    college_id: Mapped[UUID] = mapped_column(
        primary_key=True, sort_order=-2, info=_kept("Организация")
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1, info=_kept("Идентификатор"))


def link(owner: str, column: str, target: str, *, regional: bool = False) -> Any:
    """The relationship of a reference, by names: `link("Applicant", "person_id", "Person")`.

    Only the id is written, so None is allowed and the college is never touched.
    """

    def join() -> Any:
        classes = {m.class_.__name__: m.class_ for m in Entity.registry.mappers}
        own, other = classes[owner], classes[target]
        match = foreign(getattr(own, column)) == remote(other.id)
        return match if regional else sa.and_(match, own.college_id == remote(other.college_id))

    return relationship(target, primaryjoin=join)


def entities() -> tuple[type[Entity], ...]:
    """Every declared entity, parents before children."""
    return _sorted(len(Entity.metadata.tables))


@functools.cache
def _sorted(_: int) -> tuple[type[Entity], ...]:
    """Anew where one more has been declared."""
    by_table = {m.local_table: m.class_ for m in Entity.registry.mappers}
    tables = Entity.metadata.sorted_tables
    return tuple(by_table[table] for table in tables if table in by_table)


@functools.cache
def entity_named(name: str) -> type[Entity]:
    """The entity of a wire name; KeyError where there is none."""
    return {e.__tablename__: e for e in entities()}[name]


def _field_spec(column: sa.Column[Any]) -> FieldSpec:
    low, high = column.info.get("range", (None, None))
    kind = column.type.python_type
    default = column.default.arg if isinstance(column.default, sa.ColumnDefault) else None
    return FieldSpec(
        name=str(column.key),
        field=column.info["field"],
        type=kind,
        required=not column.nullable,
        max_length=getattr(column.type, "length", None) if kind is str else None,
        target=column.info.get("target"),
        minimum=low,
        maximum=high,
        default=default,
    )


def describe(entity: type[Entity]) -> EntitySpec:
    """Read a declaration into the description that every derivation uses."""
    return _described(entity, len(Entity.metadata.tables))


def _lists(owner: str) -> dict[str, FieldSpec]:
    """The orders of the lists that an entity owns, each as a field of its owner."""
    found = {}
    for mapper in Entity.registry.mappers:
        part: type[Entity] = mapper.class_
        if not part.__ordered__ or part.__part_of__ is None:
            continue
        columns = Entity.metadata.tables[part.__tablename__].columns
        if columns[part.__part_of__].info["target"] == owner:
            place: Field = columns[part.__ordered__].info["field"]
            label = f"Порядок: {part.__title__.lower()}"
            field = Field(label, place.pd, in_list=False)
            found[part.__tablename__] = FieldSpec(part.__tablename__, field, tuple, required=True)
    return found


@functools.cache
def _described(entity: type[Entity], _: int) -> EntitySpec:
    """Anew where one more has been declared: it may be a list of this one."""
    table = Entity.metadata.tables[entity.__tablename__]
    fields = tuple(_field_spec(c) for c in table.columns if not c.info["field"].managed)
    return EntitySpec(
        name=entity.__tablename__,
        title=entity.__title__,
        one=entity.__one__,
        section=entity.__section__,
        regional=issubclass(entity, Regional),
        fields=fields,
        part_of=entity.__part_of__,
        ordered=entity.__ordered__,
        root=entity.__root__,
        yearly=entity.__yearly__,
        brings=entity.__brings__,
        tells=entity.__tells__,
        coded=entity.__coded__,
        uniques=tuple(i.info["unique"] for i in table.indexes if "unique" in i.info),
        checks=entity.__checks__,
        changed_by=entity.__changed_by__,
        by_name={f.name: f for f in fields} | _lists(entity.__tablename__),
    )


def spec_of(name: str) -> EntitySpec:
    return describe(entity_named(name))


def field_of(attribute: QueryableAttribute[Any]) -> FieldSpec:
    """`field_of(Person.last_name)`: the description behind a mapped attribute."""
    owner: type[Entity] = attribute.parent.class_
    return describe(owner)[attribute.key]


def format_of(attribute: QueryableAttribute[Any]) -> Format | None:
    return field_of(attribute).field.format


def _give_id(target: Entity, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Give a new entity its id at once: it may be made on a laptop without a network."""
    kwargs.setdefault("id", new_id())


event.listen(Entity, "init", _give_id, propagate=True)
