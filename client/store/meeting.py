"""What a page of the pull means to the person at the desk: his record was changed by others too, or something was handed to him."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from client.kit.records import Touched
from client.store import news
from client.store.cache import Cache
from client.store.connection import Transaction
from client.store.handed import HANDED
from client.store.news import Kind
from client.store.store import Store
from common.administration.kinds import HandedState
from common.kit.entity import spec_of
from common.kit.sync import PullAnswer, Save

Place = tuple[str, str]
Values = dict[Place, Mapping[str, Any]]


class Meeting:
    """Made before a page is stored, asked after it; only the file that screens show counts."""

    def __init__(self, store: Store, cache: Cache, answer: PullAnswer) -> None:
        self.store, self.cache = store, cache
        self.first = not cache.whole()
        self.coming = self._coming(answer) if cache is store.cache and not self.first else {}
        self.own = self._own()
        self.before = self._values() if self.own else {}

    def _coming(self, answer: PullAnswer) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for page in answer.pages:
            for facet in page.rows:
                name = facet.facet.partition(".")[0]
                found.setdefault(name, set()).update(row[0] for row in facet.rows)
        return found

    def _own(self) -> dict[Place, list[tuple[str, frozenset[str]]]]:
        """Changes of one's own, over the rows that are coming, that the cache has not told back yet."""
        found: dict[Place, list[tuple[str, frozenset[str]]]] = {}
        for name, ids in self.coming.items():
            for id, entries in self.store.journal.live_of(name, ids).items():
                for entry in entries:
                    body = entry.op.body
                    if isinstance(body, Save) and not body.create:
                        named = (entry.op.uuid.hex, frozenset(body.set))
                        found.setdefault((name, id), []).append(named)
        return found

    def _values(self) -> Values:
        found: Values = {}
        for name, id in self.own:
            try:
                spec = spec_of(name)
            except KeyError:
                continue
            names = [f.name for f in spec.fields]
            for key, row in self.cache.rows(spec, [id]).items():
                found[(name, key)] = dict(zip(names, row, strict=False))
        return found

    def tell(self, touched: Touched) -> None:
        """After the page was stored."""
        if self.own:
            news.tell_merged(self.store.journal, self.before, self._values(), self.own)
        if self.coming.get(HANDED):
            self._tell_handed(self.coming[HANDED])

    def _tell_handed(self, ids: set[str]) -> None:
        spec = spec_of(HANDED)
        names = [f.name for f in spec.fields]
        waiting = []
        for id, row in self.cache.rows(spec, sorted(ids)).items():
            record = dict(zip(names, row, strict=False))
            if record["state"] == HandedState.WAITING.value:
                waiting.append((id, f"{id}:{record['handed_at']}", record["author"]))
        if waiting:
            with Transaction(self.store.journal.connection) as c:
                for id, key, author in waiting:
                    news.tell(self.store.journal, c, Kind.HANDED, key, (HANDED, id), who=author)
