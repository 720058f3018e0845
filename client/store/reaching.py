"""Rows of a list that the words of the search line may mean: initials, another layout, another ending, a middle of a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from client.kit.records import ListRow
from client.store import sifting
from client.store.store import Store
from common.kit.keys import search_key, words
from common.kit.lists import ListSpec

LOOKED_AT = 200
"""Rows that are put in the order of their likeness."""
NAMED_BY = 2
"""Columns by which people know a row: its number and its name."""
SHORTEST = 3
"""Letters that a word keeps when its ending is given up."""

_INITIAL = re.compile(r"\b([^\W\d_])\.")


def reach(store: Store, spec: ListSpec, text: str, few: int) -> list[ListRow]:
    """The likeliest first; fewer letters are tried where the whole words mean nothing."""
    said = _INITIAL.sub(r"\1 ", text)
    keys = [column.key for column in spec.columns[:NAMED_BY]]
    with store.mending(), store.reading:
        reader, rows = store.reader, store.listings[spec.name]
        for tried in (said, *_without_endings(said)):
            if numbers := sifting.some(reader, rows, tried, keys, LOOKED_AT):
                return _likeliest(store, spec, tried, numbers, few)
        numbers = sifting.inside(reader, rows, said, keys, LOOKED_AT)
    return _likeliest(store, spec, said, numbers, few) if numbers else []


def _without_endings(text: str) -> Iterator[str]:
    """«ивановой» is Иванова: one letter less, then two, down to three letters of a word."""
    for less in (1, 2):
        shorter = " ".join(w[: max(SHORTEST, len(w) - less)] for w in text.split())
        if shorter != text:
            yield shorter


def _likeliest(
    store: Store, spec: ListSpec, text: str, numbers: Sequence[int], few: int
) -> list[ListRow]:
    """Words in the order in which they were typed come first; among equals the order of the list stays."""
    asked = words(text)
    rows = store.list_page(spec.name, numbers)
    return sorted(rows, key=lambda row: _distance(asked, row.texts[:NAMED_BY]))[:few]


def _distance(asked: Sequence[Sequence[str]], named: Sequence[str]) -> int:
    """0 where each word begins the word at its place in any of the names."""
    told = [search_key(text).split() for text in named]
    return min(
        sum(_misses(place, spellings, name) for place, spellings in enumerate(asked))
        for name in told
    )


def _misses(place: int, spellings: Sequence[str], name: Sequence[str]) -> int:
    here = name[place] if place < len(name) else ""
    if any(here == spelling for spelling in spellings):
        return 0
    if any(here.startswith(spelling) for spelling in spellings):
        return 1
    if any(word.startswith(spelling) for word in name for spelling in spellings):
        return 3
    return 6
