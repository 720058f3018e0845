"""Figures of tables: a list of 50 000 rows out to a file, and 50 000 new records in from one."""

from __future__ import annotations

import tempfile
import time
from itertools import pairwise
from pathlib import Path
from uuid import UUID

from client.kit.list_source import StoreSource
from client.shell.import_state import Loading
from client.store import importing
from client.store.exporting import Export, Reach, export
from client.store.store import Store
from common.administration.roles import shipped
from common.kit import limited, sheets
from common.kit.lists import ListSpec, plain_list
from common.kit.progress import unwatched
from common.people.entities import Person

PEOPLE = plain_list(Person)
HEADERS = ("Фамилия", "Имя", "Отчество", "Дата рождения", "Место рождения")


def open_desk(place: Path, *specs: ListSpec) -> Store:
    store = Store(place, bytes(32), specs)
    held = [str(p) for p in shipped("admission_secretary").permissions]
    who = {"college": UUID(int=2).hex, "account": UUID(int=1).hex, "name": "Кузьмина О. П."}
    store.journal.set_facts(permissions=held, device="desk", **who)
    return store


def out(store: Store, spec: ListSpec, place: Path) -> dict[str, float]:
    """Seconds by kind of file, of every row and column."""
    keys = tuple(column.key for column in spec.columns)
    source = StoreSource(store, spec, {}).over(store.list_ids(spec.name, "", spec.order, keys))
    found = {}
    for suffix in (".csv", ".xlsx"):
        begun = time.perf_counter()
        export(store, Export(spec, Reach.ALL, source, keys), place / f"Список{suffix}")
        found[suffix] = time.perf_counter() - begun
    return found


def letters(number: int) -> str:
    """Another word for every number."""
    return "".join(chr(ord("а") + int(digit)) for digit in str(number))


def into(rows: int) -> dict[str, float]:
    """Seconds of reading in a child, of the dry run, and of recording."""
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "Список из школ.xlsx"
        people = (
            ("Ёлкина", "Анна", f"Петровна{letters(n)}", "11.04.2010", "г. Кемерово")
            for n in range(rows)
        )
        sheets.write(path, "Лист", HEADERS, people)
        store = open_desk(Path(home) / "desk", PEOPLE)
        marks = [time.perf_counter()]
        loading = Loading(store, "person", limited.read_grid(path), path)
        marks.append(time.perf_counter())
        plan = loading.examine(unwatched)
        marks.append(time.perf_counter())
        done = importing.apply(store, plan)
        marks.append(time.perf_counter())
        assert len(done) == rows
        store.close()
    steps = pairwise(marks)
    return dict(zip(("read", "look", "record"), (b - a for a, b in steps), strict=True))
