"""What is missing in a row of numbers, and how it is told: «2, 4–7»."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def gaps(free: Iterable[int], top: int) -> tuple[list[int], list[int]]:
    """The free numbers that were passed by, and those at the end that nobody has come to."""
    missing = sorted(free)
    rest: list[int] = []
    while missing and missing[-1] == top - len(rest):
        rest.insert(0, missing.pop())
    return missing, rest


def ranges(numbers: Sequence[int]) -> str:
    """Neighbours together."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(f"{p[0]}–{p[-1]}" if len(p) > 1 else str(p[0]) for p in parts)
