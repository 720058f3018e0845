"""`poe bench`: figures as ratios against the limit or a plain loop in the same run; medians; `--json FILE` writes them."""

from __future__ import annotations

import argparse
import functools
import json
import math
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import sqlcipher3

import common.all  # noqa: F401  the declarations
from client.admissions.board import filed_in
from client.kit.records import Sift
from client.net.link import Link, Offline
from client.shell.lists import LISTS
from client.store.reaching import reach
from client.store.store import Store
from client.store.syncing import run, sign_in
from common.admissions.lists import APPLICANTS
from common.kit import conditions
from common.kit.ids import new_id
from common.kit.sync import PullAnswer, PullRequest, Save
from tests import bench_sign_ins, bench_tables, twin_people
from tests.demo_world import BY_HAND, PASSWORD, world

REPEATS = 5
PULLS = 3
ROWS_EACH = 26
"""Facet rows that an applicant of the demo brings to a desk."""
SIZES = (10_000, 70_000, 280_000)
SOME = 500
GROWTH = {"first": 1.15, "sync": 0.15, "push": 0.15}
"""A load may grow with its rows; what concerns a few rows may not grow with the rest."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`ratio` of what was measured to `against`; right where it keeps the budget."""

    ratio: float
    against: str
    budget: float
    ok: bool
    measured: str


def timed(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def median(act: Callable[[], Any], repeats: int = REPEATS) -> float:
    return statistics.median(timed(act) for _ in range(repeats))


def at_most(seconds: float, limit: float) -> Figure:
    return Figure(
        seconds / limit,
        f"limit {limit * 1000:.0f} ms",
        1.0,
        seconds <= limit,
        f"{seconds * 1000:.1f} ms",
    )


def at_least(rate: float, base: float, budget: float, unit: str) -> Figure:
    return Figure(
        rate / base,
        f"raw loop, {base:.0f} {unit}",
        budget,
        rate >= base * budget,
        f"{rate:.0f} {unit}",
    )


def raw_rate(store: Store, place: Path) -> float:
    """The rows that the desk holds, upserted by one loop into an encrypted file with the same indexes, nothing else."""
    tables = [
        r[0]
        for r in store.cache.connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('person', 'address', 'contact', 'applicant', 'application', 'applicant_document', 'prior_education', 'identity_document', 'relative', 'consent', 'person_citizenship', 'certificate_grade')"
        )
    ]
    connection = sqlcipher3.connect(str(place / "raw.db"), isolation_level=None)
    connection.execute("PRAGMA key = \"x'" + "11" * 32 + "'\"")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    work = []
    for table in tables:
        rows = store.cache.connection.execute(f"SELECT * FROM {table}").fetchall()
        columns = [c[1] for c in store.cache.connection.execute(f"PRAGMA table_info({table})")]
        names = ", ".join(f'"{c}"' for c in columns)
        connection.execute(f"CREATE TABLE {table} ({names}, PRIMARY KEY (id))")
        for (sql,) in store.cache.connection.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
            (table,),
        ).fetchall():
            connection.execute(sql)
        sets = ", ".join(f'"{c}" = excluded."{c}"' for c in columns)
        work.append(
            (
                f"INSERT INTO {table} ({names}) VALUES ({','.join('?' * len(columns))}) ON CONFLICT (id) DO UPDATE SET {sets}",
                rows,
            )
        )

    keys = [c.key for c in APPLICANTS.columns]
    names = ", ".join(f"c_{key}" for key in keys)
    connection.execute(
        f"CREATE VIRTUAL TABLE find USING fts5({names}, content='', contentless_delete=1, "
        "tokenize='unicode61 remove_diacritics 0', prefix='1 2 3')"
    )
    texts = store.cache.connection.execute(
        f"SELECT number, {names} FROM list_applicants"
    ).fetchall()
    marks = ",".join("?" * (len(keys) + 1))
    work.append((f"INSERT INTO find (rowid, {names}) VALUES ({marks})", texts))

    def load() -> None:
        connection.execute("BEGIN")
        for sql, rows in work:
            for row in rows:
                connection.execute(sql, row)
        connection.execute("COMMIT")

    seconds = timed(load)
    count = sum(len(rows) for _, rows in work)
    connection.close()
    return count / seconds


def commits_rate(place: Path, count: int) -> float:
    """One-row commits on a plain SQLite as durable as the server's."""
    import sqlite3

    connection = sqlite3.connect(place / "commits.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE t (id TEXT PRIMARY KEY, a, b, c)")

    def load() -> None:
        for number in range(count):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO t VALUES (?, ?, ?, ?)", (str(number), "a", "b", "c"))
            connection.execute("COMMIT")

    seconds = timed(load)
    connection.close()
    return count / seconds


def sync_figures(applicants: int, operations: int) -> dict[str, Figure]:
    with (
        tempfile.TemporaryDirectory() as home,
        world(Path(home), applicants=applicants, patience=BY_HAND) as centre,
    ):
        place = Path(home)
        rows, pulls, pull = first_pulls(place, centre.address)
        store, link = desk(place / "desk", centre.address)
        told = cut_and_resume(store, link, pulls // 2)
        held = store.cache.connection.execute("SELECT count(*) FROM held").fetchone()[0]
        idle = median(lambda: run(store, link), 21)
        bodies = [_person() for _ in range(operations)]
        store.record(lambda _: bodies)
        seconds = timed(lambda: run(store, link))
        assert store.counts().waiting == store.counts().troubled == 0
        commits = commits_rate(place, operations)
        store.close()
    few = idle_of_a_small_region()
    return {
        f"first pull of {rows} facet rows": pull,
        "rows sent where a first pull was cut": Figure(
            told / held, "the rows held", 1.0, told <= held, f"{told} rows"
        ),
        "sync with nothing to do": at_most(idle, 0.020),
        "the same beside 10 applicants": Figure(
            idle / few, f"{few * 1000:.1f} ms", 1.5, idle <= few * 1.5, f"{idle * 1000:.1f} ms"
        ),
        f"push of {operations} operations": at_least(operations / seconds, commits, 0.2, "ops/s"),
    }


def desk(place: Path, address: str) -> tuple[Store, Counting]:
    store, link = Store(place, bytes(32), LISTS), Counting(address)
    sign_in(store, link, "sekretar", PASSWORD, "ПК")
    return store, link


class Counting(Link):
    """Counts its pulls; the line may be cut after some of them."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.pulls, self.left = 0, 10**6

    def pull(self, request: PullRequest) -> PullAnswer:
        self.pulls += 1
        if self.pulls > self.left:
            raise Offline("the line is cut")
        return super().pull(request)


def first_pulls(place: Path, address: str) -> tuple[int, int, Figure]:
    """Rows, requests and the figure: each pull beside a raw loop of the same moment, for the machine is not alone; the median counts."""
    found: list[tuple[int, int, Figure]] = []
    for number in range(PULLS):
        store, link = desk(place / f"first{number}", address)
        start = time.perf_counter()
        done = run(store, link)
        pulled = done.pulled / (time.perf_counter() - start)
        raw = raw_rate(store, store.profile)
        found.append((done.pulled, link.pulls, at_least(pulled, raw, 0.25, "rows/s")))
        store.close()
    return sorted(found, key=lambda each: each[2].ratio)[PULLS // 2]


def cut_and_resume(store: Store, link: Counting, pulls: int) -> int:
    """The rows told in all, where the line was cut after so many requests of a first pull; then an idle round is one request."""
    link.left = pulls
    first = run(store, link)
    assert not first.online
    link.left = 10**6
    second = run(store, link)
    assert second.online
    link.pulls = 0
    run(store, link)
    assert link.pulls == 1
    return first.pulled + second.pulled


def idle_of_a_small_region() -> float:
    with (
        tempfile.TemporaryDirectory() as home,
        world(Path(home), applicants=10, patience=BY_HAND) as centre,
    ):
        store, link = desk(Path(home) / "desk", centre.address)
        run(store, link)
        seconds = median(lambda: run(store, link), 21)
        store.close()
    return seconds


def growth_figures(sizes: Sequence[int]) -> dict[str, Figure]:
    """How work grows with the rows of a desk: t ~ rows ** exponent, over several sizes."""
    rows: list[int] = []
    spent: dict[str, list[float]] = defaultdict(list)
    for size in sizes:
        with (
            tempfile.TemporaryDirectory() as home,
            world(Path(home), applicants=round(size / ROWS_EACH), patience=BY_HAND) as centre,
        ):
            store, link = desk(Path(home) / "desk", centre.address)
            start = time.perf_counter()
            rows.append(run(store, link).pulled)
            spent["first pull"].append(time.perf_counter() - start)
            spent["sync with nothing to do"].append(median(lambda: run(store, link), 21))  # noqa: B023  called at once
            spent[f"push of {SOME} operations"].append(median(lambda: _push(store, link), 3))  # noqa: B023  called at once
            store.close()
    told = " / ".join(map(str, rows))
    return {
        f"growth: {name}": Figure(
            exponent(rows, times),
            f"the exponent at {told} rows",
            GROWTH[name.split(" ")[0]],
            exponent(rows, times) <= GROWTH[name.split(" ")[0]],
            " / ".join(f"{t * 1000:.0f}" for t in times) + " ms",
        )
        for name, times in spent.items()
    }


def _push(store: Store, link: Link) -> None:
    bodies = [_person() for _ in range(SOME)]
    store.record(lambda _: bodies)
    run(store, link)


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """The slope of the straight line through the logarithms."""
    return statistics.linear_regression([*map(math.log, sizes)], [*map(math.log, times)]).slope


def _person() -> Save:
    values = {"last_name": "Иванова", "first_name": "Анна", "birth_date": "2010-04-11"}
    return Save("person", new_id(), create=True, set={k: (None, v) for k, v in values.items()})


def list_figures(rows: int) -> dict[str, Figure]:
    """A list of `rows` applicants made at the desk itself: three entities, computed columns."""
    with tempfile.TemporaryDirectory() as home:
        store = Store(Path(home), bytes(32), LISTS)
        fill(store, rows)
        keys = [c.key for c in APPLICANTS.columns if not c.hidden]
        ids = store.list_ids("applicants", "", APPLICANTS.order, keys)
        assert len(ids) == rows

        def first() -> None:
            store.listings["applicants"].kept = None  # as after a start
            found = store.list_ids("applicants", "", APPLICANTS.order, keys)
            store.list_page("applicants", found[:128])

        figures = {f"open the list of {rows}": at_most(median(first), 0.100)}
        for words in ("и", "ив", "иван анн", "bdfyjdf", "09.02"):
            typed = functools.partial(store.list_ids, "applicants", words, APPLICANTS.order, keys)
            figures[f"keystroke «{words}»"] = at_most(median(typed), 0.050)
        for text in (
            "сост:принято",
            "балл:>4 общ:нет",
            "фио:иван",
            "анн дата:01.01.2010..01.06.2010",
        ):
            asked = conditions.read(APPLICANTS.columns, text)
            sift = Sift(asked.words, keys, asked.conditions)
            chips = functools.partial(store.sift, "applicants", sift, APPLICANTS.order)
            figures[f"chips «{text}»"] = at_most(median(chips), 0.300)
        grouped = Sift("", keys, (), ("person_id__birth_date", False))

        def gather() -> None:
            store.listings["applicants"].kept = None
            store.sift("applicants", grouped, APPLICANTS.order)
            store.list_groups("applicants", grouped)

        figures["group by the day of birth"] = at_most(median(gather), 1.2)
        for words in ("bdfyjdf", "иванова а", "елкиной анне"):
            sought = functools.partial(reach, store, APPLICANTS, words, 4)
            figures[f"palette «{words}»"] = at_most(median(sought), 0.050)
        sought = functools.partial(reach, store, APPLICANTS, "узнецов", 4)
        figures["palette «узнецов», a look at each row"] = at_most(median(sought), 0.200)
        figures["jump to the middle"] = at_most(
            median(lambda: store.list_page("applicants", ids[rows // 2 : rows // 2 + 128])), 0.002
        )
        groups = [*store.all("competitive_group")]
        board = f"the board over {rows} applications, beside the window"
        figures[board] = at_most(median(lambda: filed_in(store, groups)), 0.300)
        store.close()
    return figures


def twin_figures(people: int) -> dict[str, Figure]:
    """Of so many seeded people: who is met again, who is a stranger, and how long the desk thinks of one."""
    with tempfile.TemporaryDirectory() as home:
        store = Store(Path(home), bytes(32), LISTS)
        told = twin_people.judge(store, people, SOME)
        store.close()
    found, doubted = f"{told.recall:.1%}", f"{told.false:.2%}"
    return {
        f"people met again among {people}": Figure(
            told.recall / 0.95, "19 in 20 found", 1.0, told.recall >= 0.95, found
        ),
        f"strangers doubted among {people}": Figure(
            told.false / 0.01, "1 in 100", 1.0, told.false <= 0.01, doubted
        ),
        "a double looked for": at_most(told.median, 0.300),
    }


def table_figures(rows: int) -> dict[str, Figure]:
    """Tables of `rows` rows out of the list of applicants, and into people."""
    with tempfile.TemporaryDirectory() as home:
        store = bench_tables.open_desk(Path(home) / "desk", *LISTS)
        fill(store, rows)
        out = bench_tables.out(store, APPLICANTS, Path(home))
        store.close()
    into = bench_tables.into(rows)
    limits = {".csv": 3.0, ".xlsx": 12.0, "read": 12.0, "look": 15.0, "record": 60.0}
    named = {".csv": "csv export", ".xlsx": "xlsx export", "read": "xlsx import: reading",
             "look": "xlsx import: dry run", "record": "xlsx import: recording"}  # fmt: skip
    return {f"{named[n]} of {rows}": at_most(t, limits[n]) for n, t in (out | into).items()}


def fill(store: Store, rows: int) -> None:
    """Rows straight into the cache, as a pull would have left them, then one rebuild of the list."""
    surnames = ("Иванова", "Петрова", "Ёлкина", "Сидорова", "Кузнецова", "Абрамова")
    names = ("Анна", "Мария", "Дарья", "Полина")
    group = new_id().hex
    c = store.cache.connection
    c.execute("BEGIN")
    c.execute(
        "INSERT INTO competitive_group (id, name, seq_P0) VALUES (?, ?, 1)",
        (group, "09.02.07 Информационные системы"),
    )
    for number in range(rows):
        person, applicant, education = (UUID(int=number * 4 + k + 1).hex for k in range(3))
        c.execute(
            "INSERT INTO person (id, last_name, first_name, birth_date, snils, seq_P0, seq_P1, seq_P2) VALUES (?, ?, ?, ?, ?, 1, 1, 1)",
            (
                person,
                surnames[number % 6],
                f"{names[number % 4]}",
                f"20{10 + number % 2}-0{number % 9 + 1}-11",
                f"{number:011d}",
            ),
        )
        c.execute(
            "INSERT INTO prior_education (id, person_id, average, seq_P1) VALUES (?, ?, ?, 1)",
            (education, person, 30_000 + number % 20_000),
        )
        c.execute(
            "INSERT INTO applicant (id, person_id, prior_education_id, reg_no, registered_at, source, needs_hostel, seq_P0, seq_P1) VALUES (?, ?, ?, ?, '2026-07-01T05:00:00.000000Z', 'personal', 0, 1, 1)",
            (applicant, person, education, f"05-{number:05d}"),
        )
        c.execute(
            "INSERT INTO application (id, applicant_id, competitive_group_id, priority, filed_on, state, original, seq_P0, deleted) VALUES (?, ?, ?, 1, ?, 'accepted', 'copy', 1, 0)",
            (UUID(int=number * 4 + 4).hex, applicant, group, f"2026-07-{number % 28 + 1:02d}"),
        )
    c.execute("COMMIT")
    store.listings["applicants"].rebuild()


def morning_figures(people: int, at_once: int) -> dict[str, Figure]:
    """Sign-ins against what argon2 alone gives on this machine, and the wait of everybody else."""
    found = bench_sign_ins.morning(people, at_once)
    rate = at_least(found.rate, found.alone, 0.5, "sign-ins/s")
    against = f"argon2 alone, {found.alone:.0f}/s"
    return {
        f"a morning of {people} sign-ins": replace(rate, against=against),
        f"another desk's request meanwhile, p95 of {found.others}": at_most(
            found.p95, bench_sign_ins.WAIT_MOST
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--rows", type=int, default=70_000)
    parser.add_argument("--applicants", type=int, default=2_500, help="о 20 строк на поступающего")
    parser.add_argument("--operations", type=int, default=5_000)
    parser.add_argument("--people", type=int, default=bench_sign_ins.PEOPLE)
    parser.add_argument(
        "--at-once", type=int, default=bench_sign_ins.AT_ONCE, help="сколько из них входят разом"
    )
    parser.add_argument(
        "--table-rows", type=int, default=50_000, help="строк таблицы туда и обратно"
    )
    parser.add_argument("--tables", action="store_true", help="только таблицы")
    parser.add_argument("--morning", action="store_true", help="только утро входов")
    parser.add_argument("--growth", action="store_true", help="и показатели роста: три размера")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, help="строк у рабочего места"
    )
    asked = parser.parse_args()
    figures = {} if asked.tables else morning_figures(asked.people, asked.at_once)
    if not asked.morning:
        figures |= table_figures(asked.table_rows)
    if not asked.morning and not asked.tables:
        figures |= list_figures(asked.rows) | twin_figures(asked.rows)
        figures |= sync_figures(asked.applicants, asked.operations)
    if asked.growth:
        figures |= growth_figures(asked.sizes)
    for name, figure in figures.items():
        mark = "ok " if figure.ok else "BAD"
        print(
            f"{mark} {name:44} {figure.measured:>16}  ratio {figure.ratio:.2f} to {figure.against} (budget {figure.budget})"
        )
    if asked.json:
        asked.json.write_text(
            json.dumps({n: asdict(f) for n, f in figures.items()}, ensure_ascii=False, indent=1),
            "utf-8",
        )


if __name__ == "__main__":
    main()
