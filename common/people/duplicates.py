"""Are two records one human being? A weighted likeness with its reasons; a finding, never a refusal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from common.kit.keys import other_layout, person_key, search_key

SURE = 60
"""From here a person is asked."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What is known of a person at first sight."""

    last_name: str
    first_name: str
    middle_name: str | None
    birth_date: dt.date | None
    snils: str | None = None

    @property
    def key(self) -> str:
        return person_key(self.last_name, self.first_name, self.middle_name)


def distance(a: str, b: str, most: int = 2) -> int:
    """Typing errors between two words: a letter more, less, other, or two swapped; `most` + 1 where there are more."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return min(last[-1], most + 1)


def _names(a: Sighting, b: Sighting) -> tuple[int, str]:
    if a.key == b.key:
        return 50, "совпали ФИО"
    short_a, short_b = (search_key(f"{s.last_name} {s.first_name}") for s in (a, b))
    if short_a == short_b and not (a.middle_name and b.middle_name):
        return 45, "совпали фамилия и имя"
    if search_key(f"{a.first_name} {a.last_name}") == short_b:
        return 40, "имя и фамилия переставлены"
    if search_key(other_layout(short_a)) == short_b:
        return 45, "совпали ФИО в другой раскладке"
    if distance(a.key, b.key) <= 2:
        return 35, "ФИО различаются опечаткой"
    return 0, ""


def _dates(a: dt.date | None, b: dt.date | None) -> tuple[int, str]:
    if a is None or b is None:
        return 0, ""
    if a == b:
        return 40, "дата рождения"
    if (a.day, a.month, a.year) == (b.month, b.day, b.year):
        return 30, "в дате переставлены день и месяц"
    if distance(a.isoformat(), b.isoformat()) == 1:
        return 20, "дата рождения различается одной цифрой"
    return -20, ""


def likeness(a: Sighting, b: Sighting) -> tuple[int, tuple[str, ...]]:
    """0 … 150 and the reasons in Russian; from SURE on a person should look."""
    if a.snils and b.snils and a.snils == b.snils:
        return 150, ("совпал СНИЛС",)
    names, why_names = _names(a, b)
    if not names:
        return 0, ()
    dates, why_dates = _dates(a.birth_date, b.birth_date)
    other_snils = -25 if a.snils and b.snils else 0
    return names + dates + other_snils, tuple(filter(None, (why_names, why_dates)))
