"""Which rows of a stored list answer words and conditions, in what order, and what they come to by groups."""

from __future__ import annotations

import datetime as dt
import json
from array import array
from collections.abc import Sequence

from client.kit.records import GroupRow, Sift
from client.store.connection import Connection
from client.store.listing import Listing
from common.kit import formats
from common.kit.conditions import MOST, Condition, Op, sorted_as
from common.kit.keys import search_key, words
from common.kit.lists import Kind, ListColumn, Total, choices_of, kind_of

FEW = 3_000
"""Up to so many found rows the database sorts them; more are picked out of the whole order."""

Order = Sequence[tuple[str, bool]]
Clause = tuple[str, list[str]]
"""A piece of SQL and its parameters."""


def find(connection: Connection, listing: Listing, sift: Sift, order: Order) -> array[int]:
    """Numbers of the rows whose visible columns hold all words of the query, and that meet the conditions, in order."""
    sorting = _sorting(listing, order, sift.by)
    if not words(sift.query) and not sift.conditions:
        return _ordered(connection, listing, sorting)
    found = _meeting(connection, listing, sift)
    if len(found) > FEW:
        wanted = set(found)
        return array("q", (n for n in _ordered(connection, listing, sorting) if n in wanted))
    return array("q", _sorted(connection, listing, found, sorting))


def _meeting(connection: Connection, listing: Listing, sift: Sift, most: int = -1) -> list[int]:
    """The rows that are asked for, in no order; words alone are a matter of the index, and no row is looked at."""
    if sift.conditions:
        where, values = _where(listing, sift)
        query = f"SELECT number FROM {listing.table} WHERE {where} LIMIT {most}"  # noqa: S608  own names
    else:
        query, values = f"{_index(listing)} LIMIT {most}", [_match(sift)]
    return [number for (number,) in connection.execute(query, values)]


def some(
    connection: Connection, listing: Listing, query: str, visible: Sequence[str], most: int
) -> list[int]:
    """Some of the rows that hold all words, at most so many, in the order of the list; the rest is not looked for."""
    if not words(query):
        return []
    found = _meeting(connection, listing, Sift(query, visible), most)
    return _sorted(connection, listing, found, _sorting(listing, listing.spec.order, None))


def inside(
    connection: Connection, listing: Listing, query: str, keys: Sequence[str], most: int
) -> list[int]:
    """Rows that have every word of three letters or more somewhere inside one of these columns; a look at each row."""
    asked = [spellings for spellings in words(query) if any(len(w) >= 3 for w in spellings)]
    if not asked:
        return []
    tests, given = [], []
    for spellings in asked:
        likes = [f"s_{key} LIKE ?" for key in keys for _ in spellings]
        tests.append(f"({' OR '.join(likes)})")
        given += [f"%{_plain(w).replace('%', '')}%" for _ in keys for w in spellings]
    where = " AND ".join(tests)
    sorting = _sorting(listing, listing.spec.order, None)
    asking = f"SELECT number FROM {listing.table} WHERE {where} ORDER BY {sorting} LIMIT ?"  # noqa: S608  own names
    return [number for (number,) in connection.execute(asking, [*given, most])]


def _sorted(
    connection: Connection, listing: Listing, numbers: Sequence[int], sorting: str
) -> list[int]:
    marks = ",".join("?" * len(numbers))
    query = f"SELECT number FROM {listing.table} WHERE number IN ({marks}) ORDER BY {sorting}"  # noqa: S608  own names
    return [number for (number,) in connection.execute(query, list(numbers))]


def groups(connection: Connection, listing: Listing, sift: Sift) -> list[GroupRow]:
    """The values of the column by which rows are grouped, with how many rows have each; one group of all where there is none."""
    where, values = _where(listing, sift)
    totals = [each for each in listing.spec.columns if each.total is not None]
    sums = _sums([each.key for each in totals])
    column, descending = sift.by or ("", False)
    key, shown = _group_key(listing, column), _group_key(listing, column, prefix="c")
    rows = connection.execute(
        f"SELECT {', '.join((key, f'min({shown})', 'count(*)', *sums))} FROM {listing.table} "  # noqa: S608  own names
        f"WHERE {where or '1'} GROUP BY {key} ORDER BY {key} {'DESC' if descending else 'ASC'}",
        values,
    )
    return [
        GroupRow(
            row[0],
            row[1] or "",
            row[2],
            {c.key: _total(c, *row[3 + 2 * n : 5 + 2 * n]) for n, c in enumerate(totals)},
        )
        for row in rows
    ]


def sums(
    connection: Connection, listing: Listing, numbers: Sequence[int], keys: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """Of each column the sum in these rows and the number of its values."""
    query = (
        f"SELECT {', '.join(_sums(keys))} FROM {listing.table} "  # noqa: S608  own names
        "WHERE number IN (SELECT value FROM json_each(?))"
    )
    row = connection.execute(query, (json.dumps([*numbers]),)).fetchone()
    return {key: (row[2 * n] or 0, row[2 * n + 1]) for n, key in enumerate(keys)}


def _sums(keys: Sequence[str]) -> list[str]:
    """Two values of each column: its sum, and how many rows have a value."""
    return [
        f"{what} FILTER (WHERE s_{key} <> '')"
        for key in keys
        for what in (f"sum(CAST(s_{key} AS INTEGER) - {MOST})", "count(*)")
    ]


def _group_key(listing: Listing, by: str, *, prefix: str = "s") -> str:
    """Moments are grouped by their day."""
    if not by:
        return "''"
    is_day = kind_of(listing.spec.column(by)) is Kind.DAY
    return f"substr({prefix}_{by}, 1, 10)" if is_day else f"{prefix}_{by}"


def _total(column: ListColumn, value: int | None, rows: int) -> str:
    if value is None or not rows:
        return ""
    show = (column.format or formats.INTEGER).show
    return show(value) if column.total is Total.SUM else show(round(value / rows))


# ---- conditions


def _where(listing: Listing, sift: Sift) -> Clause:
    clauses = _conditions(listing, sift.conditions)
    if words(sift.query):
        clauses.append((f"number IN ({_index(listing)})", [_match(sift)]))
    return " AND ".join(sql for sql, _ in clauses), [v for _, values in clauses for v in values]


def _index(listing: Listing) -> str:
    """The rows of the index that match; `_match` says what."""
    return f"SELECT rowid FROM {listing.index} WHERE {listing.index} MATCH ?"  # noqa: S608  own names


def _match(sift: Sift) -> str:
    """Every word of the query, in any spelling and with any ending, in the visible columns."""
    columns = "{" + " ".join(f"c_{key}" for key in sift.visible) + "} : "
    return " AND ".join(
        "(" + " OR ".join(f'{columns}"{_plain(w)}"*' for w in spellings) + ")"
        for spellings in words(sift.query)
    )


def _conditions(listing: Listing, conditions: Sequence[Condition]) -> list[Clause]:
    """Values of one column that are asked for by several conditions are either of them."""
    either: dict[str, list[Clause]] = {}
    found: list[Clause] = []
    for each in conditions:
        sql, values = _one(listing.spec.column(each.column), each)
        if each.negated:
            found.append((f"NOT ({sql})", values))
        elif each.op in {Op.HAS, Op.IS}:
            either.setdefault(each.column, []).append((sql, values))
        else:
            found.append((sql, values))
    for same in either.values():
        sql = " OR ".join(f"({sql})" for sql, _ in same)
        found.append((f"({sql})", [v for _, values in same for v in values]))
    return found


def _one(column: ListColumn, asked: Condition) -> Clause:
    stored = f"s_{column.key}"
    if asked.op is Op.EMPTY:
        return f"{stored} = ''", []
    low, high = (sorted_as(column, text) if text else "" for text in (asked.low, asked.high))
    after = (_after(column, low), _after(column, high))
    match asked.op:
        case Op.HAS if kind_of(column) is Kind.TEXT or not _is_known(column, asked.low):
            parts = search_key(asked.low).split()
            return " AND ".join([f"instr({stored}, ?) > 0"] * len(parts)), parts
        case Op.HAS | Op.IS:
            return f"{stored} >= ? AND {stored} < ?", [low, after[0]]
        case Op.MORE:
            return f"{stored} >= ?", [after[0]]
        case Op.LEAST:
            return f"{stored} >= ?", [low]
        case Op.LESS:
            return f"{stored} <> '' AND {stored} < ?", [low]
        case Op.MOST:
            return f"{stored} <> '' AND {stored} < ?", [after[0]]
        case _:
            return f"{stored} >= ? AND {stored} < ?", [low, after[1]]


def _after(column: ListColumn, stored: str) -> str:
    """The first key of sorting after all that a spelt value stands for: of a day, the next day's."""
    if stored and kind_of(column) is Kind.DAY:
        return (dt.date.fromisoformat(stored) + dt.timedelta(days=1)).isoformat()
    return f"{stored}\0"


def _is_known(column: ListColumn, text: str) -> bool:
    """Words beside those of a closed list are searched as words."""
    return kind_of(column) is not Kind.CHOICE or text in {m.label for m in choices_of(column)}


# ---- order


def _sorting(listing: Listing, order: Order, by: tuple[str, bool] | None) -> str:
    told = [(_group_key(listing, by[0]), by[1])] if by else []
    told += [(f"s_{key}", down) for key, down in order]
    parts = [f"{key} {'DESC' if down else 'ASC'}" for key, down in told]
    return ", ".join([*parts, "number"])


def _ordered(connection: Connection, listing: Listing, sorting: str) -> array[int]:
    """All rows in that order; kept until another connection writes."""
    version = connection.execute("PRAGMA data_version").fetchone()[0]
    key = (id(connection), version, sorting)
    if listing.kept is None or listing.kept[0] != key:
        rows = connection.execute(f"SELECT number FROM {listing.table} ORDER BY {sorting}")  # noqa: S608  own names
        listing.kept = key, array("q", (number for (number,) in rows))
    return listing.kept[1]


def _plain(word: str) -> str:
    return word.replace('"', " ").strip() or "\u0001"
