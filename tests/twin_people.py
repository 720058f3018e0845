"""Seeded people with names as frequent as they are, the same people met again with a slip, and what a desk says of them."""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate

from client.store.sightings import alike
from client.store.store import Store
from common.kit import resources
from common.kit.keys import other_layout
from common.people.duplicates import Sighting
from server.admissions.demo_people import demo_snils

FIRST_BIRTH, DAYS = dt.date(2008, 1, 1), 4 * 365


class People:
    """The same stream for the same seed; a few names are everybody's."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  invented people
        self.made = 0
        self.surnames = list(resources.rows("demo", "surnames.csv"))
        self.patronymics = list(resources.rows("demo", "patronymics.csv"))
        self.names = {
            sex: [r["name"] for r in resources.rows("demo", "names.csv") if r["sex"] == sex]
            for sex in "MF"
        }
        self.weights = {
            n: list(accumulate(1 / (place + 8) for place in range(n)))
            for n in {len(self.surnames), len(self.patronymics), *map(len, self.names.values())}
        }

    def _pick(self, every: list[str]) -> str:
        return self.random.choices(every, cum_weights=self.weights[len(every)])[0]

    def person(self) -> Sighting:
        self.made += 1
        male = self.random.random() < 0.5
        form = "masculine" if male else "feminine"
        return Sighting(
            self._pick([row[form] for row in self.surnames]),
            self._pick(self.names["M" if male else "F"]),
            self._pick([row[form] for row in self.patronymics])
            if self.random.random() > 0.02
            else None,
            FIRST_BIRTH + dt.timedelta(days=self.random.randrange(DAYS)),
            demo_snils(self.made * 7) if self.random.random() > 0.1 else None,
        )

    def again(self, who: Sighting) -> Sighting:
        """The same human being as another desk would type him: one slip, and no number."""
        bare = replace(who, snils=None)
        slip: Callable[[Sighting], Sighting] = self.random.choice(
            [self._e, self._typo, self._swapped_day, self._layout, self._number, self._capitals,
             self._no_middle, self._turned, self._digit]
        )  # fmt: skip
        return slip(who) if slip == self._number else slip(bare)

    def _e(self, who: Sighting) -> Sighting:
        return replace(
            who,
            last_name=who.last_name.replace("ё", "е"),
            first_name=who.first_name.replace("ё", "е"),
        )

    def _typo(self, who: Sighting) -> Sighting:
        at = self.random.randrange(1, len(who.last_name) - 1)
        wrong = self.random.choice("аоеитнс")
        return replace(who, last_name=who.last_name[:at] + wrong + who.last_name[at + 1 :])

    def _swapped_day(self, who: Sighting) -> Sighting:
        day = who.birth_date
        assert day is not None
        return (
            replace(who, birth_date=day.replace(day=day.month, month=day.day))
            if day.day < 13
            else who
        )

    def _layout(self, who: Sighting) -> Sighting:
        return replace(
            who, last_name=other_layout(who.last_name), first_name=other_layout(who.first_name)
        )

    def _number(self, who: Sighting) -> Sighting:
        """Married, and the date misread: only the number tells."""
        return replace(who, last_name="Новофамильная", birth_date=None) if who.snils else who

    def _capitals(self, who: Sighting) -> Sighting:
        return replace(who, last_name=who.last_name.upper(), first_name=who.first_name.upper())

    def _no_middle(self, who: Sighting) -> Sighting:
        return replace(who, middle_name=None)

    def _turned(self, who: Sighting) -> Sighting:
        return replace(who, last_name=who.first_name, first_name=who.last_name)

    def _digit(self, who: Sighting) -> Sighting:
        """The last digit of the day is another one."""
        day = who.birth_date
        assert day is not None
        tens, units = divmod(day.day, 10)
        other = [u for u in range(10) if u != units and 1 <= tens * 10 + u <= 28]
        return (
            replace(who, birth_date=day.replace(day=tens * 10 + self.random.choice(other)))
            if other
            else who
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What a desk of so many people says: of those met again it finds this share, of strangers it doubts that share."""

    people: int
    recall: float
    false: float
    median: float
    worst: float


def fill(store: Store, people: list[Sighting]) -> None:
    """Into the cache, as a pull would have left them."""
    c = store.cache.connection
    c.execute("BEGIN")
    c.executemany(
        "INSERT INTO person (id, last_name, first_name, middle_name, birth_date, snils, seq_P0, seq_P1, seq_P2) "
        "VALUES (?, ?, ?, ?, ?, ?, 1, 1, 1)",
        [
            (f"{n:032x}", p.last_name, p.first_name, p.middle_name,
             p.birth_date.isoformat() if p.birth_date else None, p.snils)
            for n, p in enumerate(people)
        ],
    )  # fmt: skip
    c.execute("COMMIT")


def judge(store: Store, count: int, asked: int, *, seed: int = 2026) -> Told:
    """Fills the desk and asks it of as many people met again as of strangers."""
    stream = People(seed)
    known = [stream.person() for _ in range(count)]
    fill(store, known)
    spent: list[float] = []

    def said(who: Sighting) -> list[str]:
        start = time.perf_counter()
        found = [id for id, *_ in alike(store, who)]
        spent.append(time.perf_counter() - start)
        return found

    chosen = stream.random.sample(range(count), asked)
    hits = sum(f"{n:032x}" in said(stream.again(known[n])) for n in chosen)
    doubts = sum(bool(said(stream.person())) for _ in range(asked))
    return Told(count, hits / asked, doubts / asked, statistics.median(spent), max(spent))
