"""«Ход приёма»: counts of applications put side by side with places; no person is in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from common.admissions.kinds import ApplicationState, Funding, OriginalState
from common.kit.charts import Picture, Series, bars, columns, donut, height_of_bars, lines, shown

GONE = (
    ApplicationState.DRAFT,
    ApplicationState.WITHDRAWN,
    ApplicationState.REFUSED,
    ApplicationState.DOCUMENT_RETURNED,
)
"""States in which an application takes no part in the competition."""
BROUGHT = (OriginalState.ORIGINAL, OriginalState.E_CONFIRMED)
BASES = {
    Funding.PAID: "По договорам",
    Funding.TARGET: "Целевое обучение",
}
BUDGET = "За счёт бюджета"


@dataclass(frozen=True, slots=True)
class Filed:
    """So many applications to one group, of one day and in one state."""

    group: str
    day: dt.date
    state: ApplicationState
    original: OriginalState
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """A competitive group of the campaign."""

    id: str
    name: str
    programme: str
    funding: Funding
    places: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`filed` are those that take part; `originals` of them have brought the original."""

    name: str
    places: int
    filed: int
    originals: int

    @property
    def competition(self) -> float | None:
        """People for a place; None where there are no places."""
        return round(self.filed / self.places, 1) if self.places else None


@dataclass(frozen=True, slots=True)
class Board:
    """Every day from the first to the last; programmes, groups and bases from the most filed."""

    days: tuple[tuple[dt.date, int], ...]
    programmes: tuple[Standing, ...]
    groups: tuple[Standing, ...]
    bases: tuple[Standing, ...]
    whole: Standing

    def together(self) -> list[int]:
        """How many had been filed by the end of each day."""
        found, so_far = [], 0
        for _, count in self.days:
            so_far += count
            found.append(so_far)
        return found


def board(filed: Iterable[Filed], groups: Sequence[Group]) -> Board:
    """Applications to other groups are of other campaigns and do not count."""
    known = {group.id: group for group in groups}
    days: Counter[dt.date] = Counter()
    standing: Counter[str] = Counter()
    originals: Counter[str] = Counter()
    for each in filed:
        if each.group not in known or each.state is ApplicationState.DRAFT:
            continue
        days[each.day] += each.count
        if each.state not in GONE:
            standing[each.group] += each.count
            originals[each.group] += each.count * (each.original in BROUGHT)

    def by(name_of: Callable[[Group], str]) -> tuple[Standing, ...]:
        named: dict[str, list[Group]] = defaultdict(list)
        for group in groups:
            named[name_of(group)].append(group)
        found = [_sum(name, of, standing, originals) for name, of in named.items()]
        return tuple(sorted(found, key=lambda s: (-s.filed, s.name)))

    return Board(
        _every_day(days),
        by(lambda group: group.programme),
        by(lambda group: group.name),
        by(lambda group: BASES.get(group.funding, BUDGET)),
        _sum("Всего", groups, standing, originals),
    )


def _sum(
    name: str, groups: Sequence[Group], standing: Counter[str], originals: Counter[str]
) -> Standing:
    return Standing(
        name,
        sum(g.places for g in groups),
        sum(standing[g.id] for g in groups),
        sum(originals[g.id] for g in groups),
    )


def _every_day(days: Counter[dt.date]) -> tuple[tuple[dt.date, int], ...]:
    if not days:
        return ()
    first, last = min(days), max(days)
    every = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return tuple((day, days[day]) for day in every)


# ---- what is drawn

HEAD = ("Мест", "Подано", "Оригиналов", "На место")
RECENT = 8
"""Days of the table; the chart has them all."""
TAKING_PART = "Без отозванных и отклонённых заявлений"


def pictures(made: Board) -> tuple[Picture, ...]:
    return (
        _by_day(made),
        _towards_the_plan(made),
        _compared("По специальностям", "Специальность", made.programmes),
        _compared("По конкурсным группам", "Группа", made.groups),
        _by_basis(made),
    )


def line_of(standing: Standing) -> tuple[str, ...]:
    numbers = (standing.places, standing.filed, standing.originals)
    competition = standing.competition
    last = "—" if competition is None else shown(competition)
    return (standing.name, *map(shown, numbers), last)


def _by_day(made: Board) -> Picture:
    labels = [f"{day:%d.%m}" for day, _ in made.days]
    series = Series("Подано за день", tuple(float(count) for _, count in made.days))
    every = zip(made.days, made.together(), strict=True)
    rows = [(f"{day:%d.%m.%Y}", shown(count), shown(total)) for (day, count), total in every]
    return Picture(
        "Заявления по дням",
        f"Все поданные, в таблице последние {RECENT} дней",
        partial(columns, labels, series),
        260,
        ("День", "Подано", "Всего"),
        tuple(rows[: -RECENT - 1 : -1]),
    )


def _towards_the_plan(made: Board) -> Picture:
    labels = [f"{day:%d.%m}" for day, _ in made.days]
    plan = Series("Мест по плану", tuple(float(made.whole.places) for _ in made.days))
    filed = Series("Подано всего", tuple(map(float, made.together())))
    return Picture(
        "Подано и план приёма",
        f"{TAKING_PART} — в таблице; на графике все поданные",
        partial(lines, labels, (filed, plan)),
        240,
        ("Кампания", *HEAD),
        (line_of(made.whole),),
    )


def _compared(title: str, what: str, standings: Sequence[Standing]) -> Picture:
    names = [s.name for s in standings]
    series = (
        Series("Подано", tuple(float(s.filed) for s in standings)),
        Series("Мест", tuple(float(s.places) for s in standings)),
        Series("Оригиналов", tuple(float(s.originals) for s in standings)),
    )
    draw = partial(bars, names, series)
    rows = tuple(map(line_of, standings))
    return Picture(title, TAKING_PART, draw, height_of_bars(names, series), (what, *HEAD), rows)


def _by_basis(made: Board) -> Picture:
    names = [s.name for s in made.bases]
    draw = partial(donut, names, [float(s.filed) for s in made.bases])
    rows = tuple(map(line_of, made.bases))
    return Picture("По основе обучения", TAKING_PART, draw, 180, ("Основа", *HEAD), rows)
