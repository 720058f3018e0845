"""Rows under headings that fold: which row of the table is a heading, and which record each of the others is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from itertools import accumulate
from typing import NamedTuple

from client.kit.records import GroupRow


class Heading(NamedTuple):
    """The key of a row that is no record."""

    group: str


class Outline:
    """Records stand in the order of their groups; each group has a heading, and its records unless it is folded."""

    def __init__(self, groups: Sequence[GroupRow], folded: Collection[str]) -> None:
        self.groups = groups
        self.folded = frozenset(folded)
        shown = [0 if g.key in self.folded else g.count for g in groups]
        self._tops = [0, *accumulate(1 + n for n in shown)]
        self._firsts = [0, *accumulate(g.count for g in groups)]
        self.rows = self._tops[-1]
        self.records = self._firsts[-1]

    def heading(self, row: int) -> GroupRow | None:
        group = bisect_right(self._tops, row) - 1
        return self.groups[group] if self._tops[group] == row else None

    def record(self, row: int) -> int:
        """The number of the record on a row that is no heading."""
        group = bisect_right(self._tops, row) - 1
        return self._firsts[group] + row - self._tops[group] - 1

    def row_of(self, record: int) -> int | None:
        """None where its group is folded."""
        group = bisect_right(self._firsts, record) - 1
        if self.groups[group].key in self.folded:
            return None
        return self._tops[group] + 1 + record - self._firsts[group]

    def row_of_group(self, key: str) -> int | None:
        return next((self._tops[n] for n, g in enumerate(self.groups) if g.key == key), None)

    def records_before(self, row: int) -> int:
        """How many of the rows above this one are records."""
        if row >= self.rows:
            return self.rows - len(self.groups)
        group = bisect_right(self._tops, row) - 1
        return row - group - (1 if self._tops[group] < row else 0)
