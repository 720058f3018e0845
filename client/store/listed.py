"""The part of the store that lists are read from, and where a desk keeps how its person left them."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from array import array
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from client.kit.records import GroupRow, ListRow, Sift
from client.store import listing, sifting
from client.store.connection import Connection
from client.store.journal import Journal
from client.store.listing import Listing

Order = Sequence[tuple[str, bool]]

LEFT = "left:"
"""Before the name of a fact that says how something was left at this desk."""


class Listed(ABC):
    """What it needs of the rest of the store is named first."""

    journal: Journal
    listings: Mapping[str, Listing]
    reader: Connection
    reading: threading.RLock
    lock: threading.RLock

    @abstractmethod
    def mending(self) -> AbstractContextManager[None]: ...

    def list_ids(self, name: str, query: str, order: Order, visible: Sequence[str]) -> array[int]:
        """Numbers of the rows whose visible columns hold all words of the query, in order."""
        return self.sift(name, Sift(query, visible), order)

    def sift(self, name: str, sift: Sift, order: Order) -> array[int]:
        with self.mending(), self.reading:
            return sifting.find(self.reader, self.listings[name], sift, order)

    def list_groups(self, name: str, sift: Sift) -> list[GroupRow]:
        with self.mending(), self.reading:
            return sifting.groups(self.reader, self.listings[name], sift)

    def list_sums(
        self, name: str, numbers: Sequence[int], keys: Sequence[str]
    ) -> dict[str, tuple[int, int]]:
        """The sum of each of these columns of numbers in these rows, and how many values it has."""
        with self.mending(), self.reading:
            return sifting.sums(self.reader, self.listings[name], numbers, keys)

    def list_page(self, name: str, numbers: Sequence[int]) -> list[ListRow]:
        with self.mending(), self.reading:
            return listing.page(self.reader, self.listings[name], numbers)

    def list_number(self, name: str, id: str) -> int | None:
        with self.reading:
            row = self.reader.execute(
                f"SELECT number FROM {self.listings[name].table} WHERE id = ?",  # noqa: S608  own names
                (id,),
            ).fetchone()
        return row[0] if row else None

    def list_numbers(self, name: str, ids: Sequence[str]) -> dict[str, int]:
        """Of many rows at once; those that are not there are left out."""
        query = f"SELECT id, number FROM {self.listings[name].table} WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608  own names
        with self.mending(), self.reading:
            return dict(self.reader.execute(query, (json.dumps([*ids]),)).fetchall())

    # ---- how things were left

    def kept(self, name: str) -> dict[str, Any]:
        """What `keep` was given under this name; empty where nothing was."""
        found: dict[str, Any] = self.journal.fact(LEFT + name, {})
        return found

    def keep(self, name: str, value: Mapping[str, Any]) -> None:
        """Primitives that outlive the program, encrypted as all the desk's own is."""
        with self.lock:
            self.journal.set_facts(**{LEFT + name: dict(value)})

    def forget_words(self) -> None:
        """What lists were filtered by when they were left: the words may name whom this desk must know no more."""
        with self.lock:
            for name in self.listings:
                kept = self.kept(f"list:{name}")
                forgotten = [kept.pop(part, None) for part in ("left", "seen")]
                if any(part is not None for part in forgotten):
                    self.keep(f"list:{name}", kept)
