"""A table that is taken out and brought back changes nothing, for every declared entity and whatever its values are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

import common.all  # noqa: F401  the declarations
from common.kit import exchange, sheets
from common.kit.entity import describe, entities, spec_of
from common.kit.examining import Asked, Fate, examine
from common.kit.grids import read_grid
from common.kit.ids import new_id
from common.kit.kinds import Choice, PersonalData
from common.kit.labels import Names
from common.kit.rights import Action, Permission, Permissions, Section
from common.kit.spec import EntitySpec, FieldSpec
from tests.hostile import TEXTS

EVERYTHING: Permissions = frozenset(
    Permission(s, a, c) for s in Section for a in Action for c in PersonalData
)
ROWS = 3
Books = dict[str, dict[str, dict[str, Any]]]
SHORT = [text for name, text in TEXTS.items() if name not in {"very_long", "repeating"}]


def value(f: FieldSpec, books: Books, dice: Random) -> Any:
    """Whatever a record may hold: rules are for those who type it, a table has to bring it back all the same."""
    if not f.required and dice.random() < 0.2:
        return None
    if f.target is not None:
        return dice.choice([*map(UUID, books[f.target]), new_id()])
    if f.type is str:
        letters = "".join(
            chr(dice.choice((*range(32, 127), *range(1040, 1104), 10, 13, 160))) for _ in range(9)
        )
        return dice.choice([dice.choice(SHORT), letters, "0012", "'=1", "_x0041_", ""])
    if f.type is bool:
        return dice.random() < 0.5
    if f.type is int:
        return dice.randint(f.minimum or 0, 10**14 if f.maximum is None else f.maximum)
    if f.type is dt.date:
        return dt.date(1800, 1, 1) + dt.timedelta(days=dice.randrange(146_000))
    if f.type is dt.datetime:
        return dt.datetime(1950, 1, 1, tzinfo=dt.UTC) + dt.timedelta(
            microseconds=dice.randrange(6 * 10**15)
        )
    return (
        dice.choice(list(f.type)) if issubclass(f.type, Choice) else UUID(int=dice.getrandbits(128))
    )


def world(dice: Random) -> Books:
    """A few records of every entity, pointing at each other."""
    books: Books = {}
    for spec in map(describe, entities()):
        books[spec.name] = {}
        books[spec.name] = {
            new_id().hex: {f.name: value(f, books, dice) for f in spec.fields} for _ in range(ROWS)
        }
    return books


def taken_back(spec: EntitySpec, books: Books, path: Path) -> list[tuple[Fate, str]]:
    """Out to a file and in again, by the code of the record."""
    names = Names(lambda entity: books[entity])
    out = exchange.columns(spec, EVERYTHING, Action.READ)
    rows = [exchange.cells_of(out, id, row, names) for id, row in books[spec.name].items()]
    write = sheets.write_csv if path.suffix == ".csv" else sheets.write
    write(path, spec.title, [c.header for c in out], rows, ["Выгружено", "=1+1"])
    grid = read_grid(path)
    heads = exchange.find_heads(grid, out)
    assert set(heads.places) == {c.name for c in out}
    asked = Asked(spec, out, heads.places, erase=True)
    plan = examine(asked, exchange.data_rows(grid, heads), Names(lambda entity: books[entity]))
    headers = {c.name: c.header for c in out}
    return [(line.fate, line.why(headers)) for line in plan.lines]


@settings(max_examples=3, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(seed=st.integers(0, 10**9), suffix=st.sampled_from([".xlsx", ".csv"]))
@example(seed=1, suffix=".xlsx")
@example(seed=2, suffix=".csv")
def test_what_was_taken_out_and_brought_back_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, seed: int, suffix: str
) -> None:
    place, books = tmp_path_factory.mktemp("trip"), world(Random(seed))  # noqa: S311  dice of a test
    for spec in map(describe, entities()):
        back = taken_back(spec, books, place / f"{spec.name}{suffix}")
        assert back == [(Fate.SAME, "")] * ROWS, spec.name


def test_one_changed_cell_is_one_changed_value(tmp_path: Path) -> None:
    spec = spec_of("country")
    books: Books = {"country": {new_id().hex: {"code": "643", "name": "Россия", "full_name": None}}}
    names = Names(lambda entity: books[entity])
    out = exchange.columns(spec, EVERYTHING, Action.READ)
    ((id, row),) = books["country"].items()
    cells = exchange.cells_of(out, id, row, names)
    cells[1] = "Российская Федерация"
    asked = Asked(spec, out, {c.name: n for n, c in enumerate(out)}, erase=True)
    plan = examine(asked, [(2, tuple(cells))], names)
    save = plan.save_of(plan.lines[0])
    assert (save.create, save.id.hex) == (False, id)
    assert save.set == {"name": ("Россия", "Российская Федерация")}
