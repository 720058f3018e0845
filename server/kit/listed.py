"""A list at the centre: the same columns as at a desk, made of the tables, and sent as a table of Excel by a job."""

from __future__ import annotations

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from common.administration.entities import Account
from common.kit import sheets
from common.kit.entity import entity_named, spec_of
from common.kit.errors import Invalid
from common.kit.jobs import ExportList
from common.kit.keys import search_key, sort_key, words
from common.kit.lists import Children, ListColumn, ListSpec, Path, in_zone, sources_of
from common.kit.rights import Action, Permission, Permissions
from common.kit.spec import text_of
from common.kit.words import counted
from common.kit.xlsx import Cell
from server.kit.database import reader
from server.kit.jobs import Ending, Running, Work
from server.kit.refusals import day_of, zone_of
from server.kit.session import CollegeSession

STEP = 500
"""Rows between two words of how far it is."""
CHUNK = 5_000


def export_of(spec: ListSpec, kind: str, title: str) -> Work:
    """The job that makes a table of this list."""
    return Work(kind, title, ExportList, functools.partial(_export, spec), resumes=True)


def _export(spec: ListSpec, run: Running, asked: ExportList) -> Ending:
    with CollegeSession(reader(run.engine), run.college_id, now=run.now, author=run.author) as db:
        shown = columns_for(spec, run.held)
        made = _made(db, spec, shown, asked, run)
        above = _above(db, spec, asked, len(made))
        day = day_of(db, db.now())
    total = 2 * len(made)  # what is left is the writing

    def lines() -> Iterator[Sequence[Cell]]:
        for number, (cells, _) in enumerate(made):
            if number % STEP == 0:
                run.step(len(made) + number, total)
            yield cells

    sheets.write(run.made, spec.title, [c.label for c in shown], lines(), above)
    run.step(total, total)
    said = counted(len(made), "строка", "строки", "строк")
    return Ending(
        f"Выгружено: {said}",
        f"{spec.title} {day:%d.%m.%Y}.xlsx",
        spec.main,
        len(made),
        tuple(sorted({str(needed) for column in shown for needed in _needed(spec, column)})),
    )


def _above(db: CollegeSession, spec: ListSpec, asked: ExportList, count: int) -> list[str]:
    """Who took it out, when, and what it was narrowed by: it stays with the paper."""
    who = db.scalar(sa.select(Account.name).where(Account.id == db.author.account_id))
    narrowed = [f"«{asked.search}»"] if asked.search else []
    narrowed += [f"год {asked.year}"] if asked.year else []
    narrowed += [f"{spec.column(key).label}: {value}" for key, value in asked.where.items()]
    rows = counted(count, "строка", "строки", "строк")
    return [
        f"{spec.title}: {rows}. Отбор: {', '.join(narrowed) or 'все'}",
        f"Выгружено {day_of(db, db.now()):%d.%m.%Y}: {who}. Содержит персональные данные",
    ]


def columns_for(spec: ListSpec, held: Permissions) -> list[ListColumn]:
    """Those whose every source these rights open in the section of the list."""
    return [column for column in spec.columns if _needed(spec, column) <= held]


def _needed(spec: ListSpec, column: ListColumn) -> Permissions:
    section = spec_of(spec.main).section
    classes = {path.field.field.pd for path in sources_of(column)}
    return frozenset(Permission(section, Action.READ, pd) for pd in classes)


Line = tuple[list[Cell], str]
"""The cells of a row, and what orders it."""


def _made(
    db: CollegeSession, spec: ListSpec, shown: Sequence[ListColumn], asked: ExportList, run: Running
) -> list[Line]:
    wanted = words(asked.search)
    for key in asked.where:
        if key not in {c.key for c in shown}:
            raise Invalid(
                f"В списке «{spec.title}» нет столбца «{key}», по которому просят отобрать"
            )
    order = spec.order[0][0]
    found: list[Line] = []
    total = db.scalar(_narrowed(spec, sa.select(sa.func.count()), asked).select_from(spec.entity))
    for number, values in enumerate(rows_of(db, spec, shown, asked)):
        if number % STEP == 0:
            run.step(number, 2 * (total or 0))
        texts = {c.key: text_of(v, c.format) for c, v in zip(shown, values, strict=True)}
        if all(texts[key] == value for key, value in asked.where.items()) and _answers(
            texts, wanted
        ):
            cells = [_cell(c, v) for c, v in zip(shown, values, strict=True)]
            found.append((cells, sort_key(texts.get(order, ""))))
    found.sort(key=lambda line: line[1], reverse=spec.order[0][1])
    return found


def _answers(texts: Mapping[str, str], wanted: Sequence[Sequence[str]]) -> bool:
    if not wanted:
        return True
    shown = search_key(" ".join(texts.values()))
    return all(any(spelling in shown for spelling in spellings) for spellings in wanted)


def _cell(column: ListColumn, value: Any) -> Cell:
    """Days and numbers as Excel knows them; what has a spelling of its own as it is read."""
    if isinstance(value, dt.date) or (column.format is None and type(value) is int):
        return value
    return text_of(value, column.format)


def _narrowed(spec: ListSpec, query: Any, asked: ExportList) -> Any:
    columns: Any = spec.entity
    query = query.where(columns.deleted_at.is_(None))
    yearly = spec_of(spec.main).yearly
    if not asked.year:
        return query
    if not yearly:
        raise Invalid(f"Записи списка «{spec.title}» не делятся по годам")
    target: Any = entity_named(spec_of(spec.main)[yearly].target or "")
    years = sa.select(target.id).where(target.year == asked.year)
    return query.where(getattr(columns, yearly).in_(years))


def rows_of(
    db: CollegeSession, spec: ListSpec, shown: Sequence[ListColumn], asked: ExportList
) -> Iterator[list[Any]]:
    """The values of these columns, record by record, as `make` has made them."""
    paths = [*dict.fromkeys(path for column in shown for path in column.sources)]
    parts = [*dict.fromkeys(column.children for column in shown if column.children)]
    query = _narrowed(spec, _select(spec.entity, paths), asked)
    zone = zone_of(db)
    for chunk in db.execute(query).partitions(CHUNK):
        ids = [row[0] for row in chunk]
        gathered = {part: _gather(db, part, ids, zone) for part in parts}
        for id, *values in chunk:
            known = {p: in_zone(p, v, zone) for p, v in zip(paths, values, strict=True)}
            yield [_value(column, known, gathered, id) for column in shown]


def _value(
    column: ListColumn,
    known: Mapping[Path, Any],
    gathered: Mapping[Children, Mapping[UUID, list[Any]]],
    id: UUID,
) -> Any:
    given = [known[path] for path in column.sources]
    if column.children is not None:
        given.append(gathered[column.children].get(id, []))
    return column.make(*given) if column.make else given[0]


def _select(entity: Any, paths: Sequence[Path], *first: Any) -> Any:
    """The id, and the value at the end of each path; None where a reference leads nowhere."""
    met: dict[tuple[str, ...], Any] = {(): entity}
    joins: list[tuple[Any, Any]] = []
    for path in paths:
        for length in range(1, len(path.steps) + 1):
            steps = path.steps[:length]
            if steps in met:
                continue
            owner = met[steps[:-1]]
            name = spec_of(_name(owner))[steps[-1]].target or ""
            met[steps] = aliased(entity_named(name))
            joins.append((met[steps], met[steps].id == getattr(owner, steps[-1])))
    shown = [getattr(met[path.steps], path.field.name) for path in paths]
    query = sa.select(*(first or (entity.id,)), *shown).select_from(entity)
    for target, condition in joins:
        query = query.join(target, condition, isouter=True)
    return query


def _name(owner: Any) -> str:
    return str(sa.inspect(owner).mapper.class_.__tablename__)


def _gather(
    db: CollegeSession, part: Children, ids: Sequence[UUID], zone: ZoneInfo
) -> dict[UUID, list[Any]]:
    """The live parts of these records, each as the tuple that `make` takes."""
    entity: Any = entity_named(part.entity)
    reference = getattr(entity, part.reference)
    query = _select(entity, part.paths, reference)
    query = query.where(reference.in_(ids), entity.deleted_at.is_(None)).order_by(entity.id)
    found: dict[UUID, list[Any]] = defaultdict(list)
    for owner, *values in db.execute(query):
        shown = zip(part.paths, values, strict=True)
        found[owner].append(tuple(in_zone(path, value, zone) for path, value in shown))
    return found
