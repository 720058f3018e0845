"""Are two records one human being? A weighted likeness with its reasons; a finding, never a refusal."""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass

from common.kit.keys import other_layout, person_key, search_key

SURE = 60
"""From here a person is asked."""

SAME_SNILS = 150
KNOWN = 20_000
"""Names and pairs of them whose answer is kept: of thousands of people most have the name of another."""
_LAYOUT = "набрано в другой раскладке"


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


@functools.lru_cache(KNOWN)
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
        if min(row) > most:  # it can only grow, and most pairs are strangers
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


Name = tuple[str, str, str]


def _name(who: Sighting) -> tuple[Name, bool]:
    """The keys of last, first and middle name, read in the right layout; whether it had to be repaired."""
    typed = (who.last_name, who.first_name, who.middle_name or "")
    (last, a), (first, b), (middle, c) = map(_key, typed)
    return (last, first, middle), a or b or c


@functools.lru_cache(KNOWN)
def _key(word: str) -> tuple[str, bool]:
    repaired = _in_russian(word)
    return search_key(repaired), repaired != word


def _in_russian(word: str) -> str:
    if not re.search("[a-z]", word, re.IGNORECASE) or re.search("[а-яё]", word, re.IGNORECASE):
        return word
    meant = other_layout(word)
    return meant if re.fullmatch("[а-яё' -]+", meant, re.IGNORECASE) else word


def _names(a: Name, b: Name) -> tuple[int, str]:
    if a == b:
        return 50, "совпали ФИО"
    if a[:2] == b[:2] and not (a[2] and b[2]):
        return 45, "совпали фамилия и имя"
    if _same_middle(a, b) and (a[1], a[0]) == b[:2]:
        return 45, "имя и фамилия переставлены"
    if sorted(filter(None, a)) == sorted(filter(None, b)):
        return 40, "части ФИО переставлены"
    middles = (a[2], b[2]) if a[2] and b[2] else ("", "")
    return _typos((*a[:2], middles[0]), (*b[:2], middles[1]))


def _same_middle(a: Name, b: Name) -> bool:
    return a[2] == b[2] or not (a[2] and b[2])


def _typos(a: Name, b: Name) -> tuple[int, str]:
    """Short words are not taken for misspelt: Ан and Ян are two names."""
    slips = 0
    for x, y in zip(a, b, strict=True):
        if x != y:
            slips += distance(x, y) if min(len(x), len(y)) > 3 else 3
        if slips > 2:
            return 0, ""
    return (
        (40, "ФИО различаются опечаткой") if slips == 1 else (30, "ФИО различаются двумя буквами")
    )


def _dates(a: dt.date | None, b: dt.date | None) -> tuple[int, str]:
    if a is None or b is None:
        return 0, ""
    if a == b:
        return 40, "дата рождения"
    if (a.day, a.month, a.year) == (b.month, b.day, b.year):
        return 30, "в дате переставлены день и месяц"
    if distance(f"{a:%d%m%Y}", f"{b:%d%m%Y}", 1) == 1:
        return 20, "дата рождения различается одной цифрой"
    return -20, ""


def near_days(day: dt.date) -> set[dt.date]:
    """The date itself, and whatever it may be a slip of: day and month swapped, one digit other, two digits swapped.

    Of two people whose dates are further apart, or not known, only the number makes one.
    """
    written = f"{day:%d%m%Y}"
    other = [written[:at] + digit + written[at + 1 :] for at in range(8) for digit in "0123456789"]
    swapped = [written[:at] + written[at + 1] + written[at] + written[at + 2 :] for at in range(7)]
    return {found for text in (*other, *swapped, f"{day:%m%d%Y}") if (found := _day(text))}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None


def likeness(a: Sighting, b: Sighting) -> tuple[int, tuple[str, ...]]:
    """0 … 150 and the reasons in Russian; from SURE on a person should look."""
    if a.snils and a.snils == b.snils:
        return SAME_SNILS, ("совпал СНИЛС",)
    (name_a, repaired_a), (name_b, repaired_b) = _name(a), _name(b)
    if not name_a[0] or not name_b[0]:
        return 0, ()
    names, why_names = _names(name_a, name_b)
    if not names:
        return 0, ()
    dates, why_dates = _dates(a.birth_date, b.birth_date)
    other_snils = -25 if a.snils and b.snils else 0
    layout = _LAYOUT if repaired_a != repaired_b else ""
    score = max(0, names + dates + other_snils)
    return score, tuple(filter(None, (why_names, why_dates, layout)))
