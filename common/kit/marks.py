"""The marks of a certificate as they are typed — «5 5 4», «5545», «5×12, 4×6, 3×1» — and their exact average."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from common.kit.keys import search_key
from common.kit.unreadable import Unreadable

HOW = "Отметки пишут так: 5 5 4 3 или 5×12, 4×6, 3×1"

_NAMES = (
    (r"отл(?:ично)?", "5"),
    (r"хор(?:ошо)?", "4"),
    (r"уд(?:овл(?:етворительно)?)?", "3"),
    (r"зач(?:ет|тено)?|осв(?:обожден[ао]?)?|не изуч(?:ал[аи]?)?", "n"),
)
_WORD = re.compile(r"[а-я]+(?: изуч[а-я]*)?\.?")
_TIMES = re.compile(r"([0-9]{1,2}|n) ?([x*:=-]) ?([0-9]{1,2}|n) ?(?:шт)?")
_MARKS = {"3", "4", "5"}


@dataclass(frozen=True, slots=True)
class Marks:
    """How many of each; зачёты and освобождения are counted apart and not averaged."""

    fives: int = 0
    fours: int = 0
    threes: int = 0
    excluded: int = 0

    @property
    def total(self) -> int:
        return 5 * self.fives + 4 * self.fours + 3 * self.threes

    @property
    def count(self) -> int:
        return self.fives + self.fours + self.threes

    @property
    def average(self) -> Fraction | None:
        """Exact, for comparing; None where there is nothing to average."""
        return Fraction(self.total, self.count) if self.count else None

    def shown(self, digits: int = 2) -> str:
        """The average rounded half up, as papers have it: «4,37»."""
        return shown(self.total, self.count, digits)


def shown(total: int, count: int, digits: int = 2) -> str:
    """A sum over a count, rounded half up without a float; nothing where there is no count."""
    if not count:
        return ""
    scale: int = 10**digits
    whole, part = divmod((2 * total * scale + count) // (2 * count), scale)
    return f"{whole},{part:0{digits}d}" if digits else str(whole)


def read_marks(text: str) -> Marks:
    """All marks of the text; Unreadable where anything in it is not a mark."""
    written = _plain(text)
    items = [item for item in re.split(r"\s*[,;]\s*", written) if item]
    counted = [_TIMES.fullmatch(item) for item in items]
    pairs = [match for match in counted if match]
    if pairs and len(pairs) == len(items):
        return _of(_by_counts(pairs))
    if any(sign in written for sign in "x*:="):
        raise Unreadable(f"Не понятно, чего сколько. {HOW}")
    return _of(_one_by_one(written))


def _plain(text: str) -> str:
    """Marks as digits, «n» for what is not averaged, «x» for every sign of times."""
    written = re.sub(r"\(([а-я.]+)\)", "", search_key(text))  # «5 (отлично)»
    written = re.sub(r"(?<=[0-9а-я.]) ?[x×х✕·] ?(?=[0-9])", "x", written)
    return _WORD.sub(_sign, written)


def _sign(match: re.Match[str]) -> str:
    word = match.group().rstrip(".")
    if word == "шт":
        return word
    for pattern, sign in _NAMES:
        if re.fullmatch(pattern, word):
            return sign
    raise Unreadable(f"«{word}» — не отметка. {HOW}")


def _by_counts(pairs: list[re.Match[str]]) -> Iterator[tuple[str, int]]:
    """«12×5» is told from «5×12» by what cannot be a mark; where both can, the mark is first."""
    marks_last = any(_is_no_mark(m[1]) for m in pairs) and not any(_is_no_mark(m[3]) for m in pairs)
    counts = [match[1 if marks_last else 3] for match in pairs]
    if all(match[2] == "-" for match in pairs) and not any(map(_is_no_mark, counts)):
        raise Unreadable(f"«5-4» можно понять двояко. {HOW}")
    for match in pairs:
        mark, count = (match[3], match[1]) if marks_last else (match[1], match[3])
        if _is_no_mark(mark) or count == "n":
            raise Unreadable(f"В аттестате нет отметки «{mark}». {HOW}")
        yield mark, int(count)


def _is_no_mark(piece: str) -> bool:
    return piece not in _MARKS and piece != "n"


def _one_by_one(written: str) -> Iterator[tuple[str, int]]:
    for piece in re.sub(r"[\s,;./|-]", "", written):
        if _is_no_mark(piece):
            raise Unreadable(f"В аттестате нет отметки «{piece}». {HOW}")
        yield piece, 1


def _of(found: Iterator[tuple[str, int]]) -> Marks:
    tally: Counter[str] = Counter()
    for mark, count in found:
        tally[mark] += count
    if sum(tally.values()) > 99:
        raise Unreadable("Отметок больше девяноста девяти; проверьте количество")
    return Marks(tally["5"], tally["4"], tally["3"], tally["n"])
