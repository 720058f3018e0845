"""A list on paper: what is seen on the screen, its head on every page, the pages numbered."""

from __future__ import annotations

from collections.abc import Sequence

from common.papers.layout import WIDE, Sheet, gap, long_grid, paper, title, words

MOST_ROWS = 3_000
"""More of them are a book that nobody reads, and take minutes to lay out."""
LONGEST = 400
"""Signs of a cell; a longer text would not go on one page."""
WIDEST = 40
"""Signs of a text that a column is made wide for; longer ones wrap."""
SIZE = 8


def table_paper(
    name: str,
    above: Sequence[str],
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    author: str,
) -> bytes:
    """`above` is said once, under the name."""
    sample = [headers, *rows[:500]]
    widths = [
        max(4, *(min(len(row[place]), WIDEST) for row in sample)) for place in range(len(headers))
    ]
    cut = [[c if len(c) <= LONGEST else f"{c[:LONGEST]}…" for c in row] for row in rows]
    told = [words(line, 9) for line in above]
    pieces = (title(name), *told, gap(2), long_grid(headers, cut, widths, size=SIZE, width=WIDE))
    return paper([Sheet(name, pieces, name, wide=True)], author=author)
