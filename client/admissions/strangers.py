"""Pairs of people of whom somebody has said that they are not one: nobody is asked of them again, at any desk."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from client.store.store import Store
from common.kit.access import opens
from common.kit.entity import describe
from common.kit.ids import new_id
from common.kit.kinds import P1
from common.kit.rights import Action
from common.kit.sync import Save
from common.people.entities import DistinctPerson

FACT = "strangers"
"""What has been said of somebody who is not stored yet, or by an earlier program."""
PAIR = describe(DistinctPerson)


def keep(store: Store, person: str, others: Sequence[str]) -> None:
    """Said at once, whether both are stored or not; `share` tells the others."""
    with store.lock:
        known = set(store.journal.fact(FACT, []))
        store.journal.set_facts(**{FACT: sorted(known | {_pair(person, o) for o in others})})


def share(store: Store) -> int:
    """Make records of what was said of people who are stored now; how many. Whoever may not keeps his word at his desk."""
    if not opens(store.permissions(), PAIR, Action.WRITE, P1):
        return 0
    with store.lock:
        said: list[str] = store.journal.fact(FACT, [])
        pairs = {pair: pair.split(":") for pair in said}
        people = store.many("person", {id for pair in pairs.values() for id in pair})
        ready = {pair: ids for pair, ids in pairs.items() if people.keys() >= set(ids)}
        if not ready:
            return 0
        bodies = [
            Save(PAIR.name, new_id(), create=True, set=_values(*ids))
            for ids in ready.values()
            if ids[1] not in _told(store, ids[0])
        ]
        if bodies:
            store.record(lambda _number: bodies)
        store.journal.set_facts(**{FACT: [pair for pair in said if pair not in ready]})
    return len(bodies)


def are_strangers(store: Store, person: str, others: Sequence[str]) -> set[str]:
    """Those of the others who are known to be somebody else."""
    with store.lock:
        known = set(store.journal.fact(FACT, []))
    told = _told(store, person)
    return {other for other in others if other in told or _pair(person, other) in known}


def _told(store: Store, person: str) -> set[str]:
    """Whoever is said to be another, by the records that name this person on either side."""
    found = set()
    for own, other in (("person_id", "other_id"), ("other_id", "person_id")):
        rows = store.where(PAIR.name, own, UUID(person)).values()
        found |= {row[other].hex for row in rows if row[other] is not None}
    return found


def _values(person: str, other: str) -> dict[str, tuple[None, str]]:
    return {"person_id": (None, person), "other_id": (None, other)}


def _pair(one: str, other: str) -> str:
    return ":".join(sorted((one, other)))
