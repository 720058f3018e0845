"""Which whole things unsettled operations belong to (SYNC 1): an application with its person, contacts and marks is one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from client.store.entry import Entry, Handed
from client.store.journal import Journal
from client.store.overlay import Overlay
from common.kit.buckets import brought_by
from common.kit.entity import spec_of
from common.kit.spec import EntitySpec
from common.kit.sync import Command, Delete, Save, Status

Place = tuple[str, str]
"""An entity and a record's id."""

WORST = (
    "conflict",
    "refused",
    "quarantined",
    "failed",
    "returned",
    "finding",
    "held",
    "handed",
    "pending",
)
"""The first of those that meet in one record is what is shown of it."""


class Roots:
    """Steps from records to what holds them, many at a time; own records that no cache has are known too."""

    def __init__(self, journal: Journal, overlay: Overlay) -> None:
        self.overlay = overlay
        self.own: dict[Place, Mapping[str, Any]] = {}
        for entry in journal.troubled():
            if entry.subject[1]:
                self.own.setdefault(entry.subject, _said(entry))

    def above(self, entity: str, ids: Iterable[str]) -> Iterator[tuple[str, Place]]:
        """(id, what holds it): the owner of a part, the roles that bring a root."""
        try:
            spec = spec_of(entity)
        except KeyError:
            return  # of a newer program
        wanted = sorted(ids)
        if spec.part_of is not None:
            target = spec[spec.part_of].target or ""
            for id, owner in self._references(spec, spec.part_of, wanted).items():
                yield id, (target, owner)
        for name, reference in brought_by(entity):
            bringer = spec_of(name)
            found = self.overlay.ids(name, reference, wanted)
            for at, held in self._references(bringer, reference, found).items():
                yield held, (name, at)
            for (own, at), said in self.own.items():
                if own == name and said.get(reference) in wanted and at not in found:
                    yield said[reference], (name, at)

    def _references(self, spec: EntitySpec, name: str, ids: Sequence[str]) -> dict[str, str]:
        place = [f.name for f in spec.fields].index(name)
        rows = self.overlay.tuples(spec, ids)
        found = {id: row[place] for id, row in rows.items() if row[place]}
        for id in ids:
            if id not in found and (said := self.own.get((spec.name, id), {}).get(name)):
                found[id] = said
        return found

    def chains(self, places: Iterable[Place]) -> dict[Place, list[Place]]:
        """Each place with all that holds it, the nearest first."""
        begun = dict.fromkeys(places)
        parents: dict[Place, list[Place]] = {}
        level = set(begun)
        while level:
            by_entity: dict[str, set[str]] = defaultdict(set)
            for entity, id in level:
                by_entity[entity].add(id)
                parents[(entity, id)] = []
            for entity, ids in by_entity.items():
                for id, above in self.above(entity, ids):
                    parents[(entity, id)].append(above)
            level = {above for place in level for above in parents[place]} - parents.keys()
        return {place: list(_walk(parents, place)) for place in begun}

    def years(self, places: Iterable[Place]) -> dict[Place, int]:
        """Of those of these that belong to a year, which one; the others are not named."""
        by_entity: dict[str, set[str]] = defaultdict(set)
        for entity, id in places:
            by_entity[entity].add(id)
        found: dict[Place, int] = {}
        for entity, ids in by_entity.items():
            spec = spec_of(entity)
            if not spec.yearly:
                continue
            kept = self._references(spec, spec.yearly, sorted(ids))
            target = spec[spec.yearly].target or ""
            rows = self.overlay.records(target, sorted(set(kept.values())))
            found |= {(entity, id): int(rows[at]["year"]) for id, at in kept.items() if at in rows}
        return found


def _walk(parents: Mapping[Place, list[Place]], place: Place) -> Iterator[Place]:
    """The place itself, then level by level what holds it."""
    seen = {place: None}
    level = [place]
    while level:
        yield from level
        level = [a for p in level for a in parents.get(p, ()) if a not in seen]
        seen |= dict.fromkeys(level)


def _said(entry: Entry) -> Mapping[str, Any]:
    body = entry.op.body
    if isinstance(body, Save):
        return {name: new for name, (_, new) in body.set.items()}
    return body.seen if isinstance(body, Delete) else {}


def state_of(entry: Entry) -> str:
    """One of WORST."""
    if entry.away:
        return "handed"
    if entry.handed is Handed.RETURNED:
        return "returned"
    return "finding" if entry.status is Status.APPLIED else entry.status.value


def worst(states: Iterable[str]) -> str:
    return min(states, key=WORST.index)


def states(journal: Journal, overlay: Overlay, main: str) -> dict[str, str]:
    """The worst state of each record of this kind that itself or whose part has something unsettled."""
    opened = journal.open_states()
    if not opened:
        return {}
    chains = Roots(journal, overlay).chains((entity, id) for entity, id, _ in opened)
    found: dict[str, str] = {}
    for entity, id, state in opened:
        for holder, at in chains[(entity, id)]:
            if holder == main:
                found[at] = worst((state, found.get(at, "pending")))
    return found


class Bundle:
    """A whole thing that waits, with the operations on it and its parts, oldest first."""

    def __init__(self, place: Place, entries: list[Entry]) -> None:
        self.place, self.entries = place, entries

    @property
    def state(self) -> str:
        return worst(map(state_of, self.entries))


def bundles(journal: Journal, overlay: Overlay) -> list[Bundle]:
    """All that waits or needs a person, by what it belongs to; what is done to no record stands alone."""
    entries = journal.unsettled()
    chains = Roots(journal, overlay).chains(e.subject for e in entries if e.subject[1])
    found: dict[Place, Bundle] = {}
    for entry in entries:
        place = chains[entry.subject][-1] if entry.subject[1] else ("", entry.op.uuid.hex)
        body = entry.op.body
        if isinstance(body, Command) and (of := str(body.args.get("of", ""))):
            place = next((b.place for b in found.values() if _holds(b, of)), place)
        found.setdefault(place, Bundle(place, [])).entries.append(entry)
    return list(found.values())


def _holds(bundle: Bundle, uuid: str) -> bool:
    return any(entry.op.uuid.hex == uuid for entry in bundle.entries)
