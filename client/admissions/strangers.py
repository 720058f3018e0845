"""Pairs of people of whom somebody at this desk has said that they are not one: nobody is asked of them again."""

from __future__ import annotations

from collections.abc import Sequence

from client.store.store import Store

FACT = "strangers"


def keep(store: Store, person: str, others: Sequence[str]) -> None:
    with store.lock:
        known = set(store.journal.fact(FACT, []))
        store.journal.set_facts(**{FACT: sorted(known | {_pair(person, o) for o in others})})


def are_strangers(store: Store, person: str, others: Sequence[str]) -> set[str]:
    """Those of the others who are known to be somebody else."""
    with store.lock:
        known = set(store.journal.fact(FACT, []))
    return {other for other in others if _pair(person, other) in known}


def _pair(one: str, other: str) -> str:
    return ":".join(sorted((one, other)))
