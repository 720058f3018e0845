"""Looks among the people of this desk for one who may be the same human being."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from client.admissions.strangers import are_strangers
from client.store.sightings import alike
from client.store.store import Store
from common.kit.spec import text_of
from common.people.duplicates import Sighting


@dataclass(frozen=True, slots=True)
class Twin:
    person_id: str
    applicant_id: str
    words: str
    reasons: tuple[str, ...]
    score: int


def sighting_of(person: dict[str, Any]) -> Sighting:
    return Sighting(
        person["last_name"] or "",
        person["first_name"] or "",
        person["middle_name"],
        person["birth_date"],
        person["snils"],
    )


def find_twins(store: Store, wanted: Sighting, own: str) -> list[Twin]:
    """The likeliest first; of those who are known to be somebody else nobody is asked."""
    found = alike(store, wanted)
    passed = {own} | are_strangers(store, own, [id for id, _, _ in found])
    twins = []
    for id, score, reasons in found:
        person = store.get("person", id) if id not in passed else None
        if person is not None:
            twins.append(_twin(store, id, person, score, reasons))
    return twins


def _twin(
    store: Store, id: str, person: dict[str, Any], score: int, reasons: tuple[str, ...]
) -> Twin:
    applicants = store.where("applicant", "person_id", id)
    applicant_id, applicant = next(iter(applicants.items()), ("", {}))
    name = " ".join(
        filter(None, (person["last_name"], person["first_name"], person["middle_name"]))
    )
    words = f"{name}, {text_of(person['birth_date'])}"
    if applicant:
        words += f", заявление № {applicant['reg_no']}"
    return Twin(id, applicant_id, words, reasons, score)
