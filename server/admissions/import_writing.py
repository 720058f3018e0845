"""How one row of a workbook becomes records: written, judged, and taken back whole where anything of it is refused."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from common.admissions.entities import AdmissionCampaign, Applicant
from common.admissions.importing import Read
from common.kit.entity import Entity, describe
from common.kit.spec import problems
from common.people.entities import Person
from common.reference.kinds import EducationBase
from server.admissions.import_desk import Desk, key_of
from server.kit.refusals import Proposal, refuse
from server.kit.session import CollegeSession

DAY = "registered_on"
"""The column of the day of registration."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What all rows of a run have in common."""

    campaign: AdmissionCampaign
    zone: ZoneInfo
    base: EducationBase
    passport_kind: UUID
    countries: Mapping[str, UUID]
    header: Callable[[str], str]


Faults = list[tuple[str, str]]


class Writer:
    """Puts the records of one row into the session."""

    def __init__(self, terms: Terms, db: CollegeSession, desk: Desk, row: Read) -> None:
        self.terms, self.db, self.desk, self.row = terms, db, desk, row
        self.touched = self.created_application = False
        self.unread: list[str] = []
        self.faults: Faults = []
        self.added: list[Any] = []
        self.changes: list[tuple[Any, str, Any]] = []
        self.notes: list[str] = []

    def undo(self) -> None:
        """Nothing of a refused row stays in the session."""
        for row in self.added:
            self.db.expunge(row)
            for kept in self.desk.parts.values():
                if row in kept:
                    kept.remove(row)
            if isinstance(row, Person):
                self.desk.people.pop((key_of(row), row.birth_date), None)
            if isinstance(row, Applicant):
                self.desk.applicants.pop(row.person_id, None)
                self.desk.by_number.pop(row.reg_no, None)
        for row, name, value in reversed(self.changes):
            setattr(row, name, value)

    def _put(
        self,
        entity: type[Entity],
        row: Any | None,
        values: Mapping[str, Any],
        keys: Mapping[str, str],
    ) -> Any:
        """Create or change a record; `keys` tells by which column a field's fault is named."""
        spec = describe(entity)
        given = {n: v for n, v in values.items() if v is not None}
        if row is None:
            whole = {f.name: given.get(f.name, f.default) for f in spec.fields}
            self._check(problems(spec, whole), keys)
            self._judge(entity, Proposal(whole, frozenset(given), self.day(), created=True))
            row = entity(**whole)
            self.db.add(row)
            self.added.append(row)
            self.touched = True
            return row
        touched = {n: v for n, v in given.items() if getattr(row, n) != v}
        merged = {f.name: getattr(row, f.name) for f in spec.fields} | touched
        self._check(problems(spec, merged, only=frozenset(given)), keys)
        if touched:
            self._judge(entity, Proposal(merged, frozenset(touched), self.day()))
        for name, value in touched.items():
            self.changes.append((row, name, getattr(row, name)))
            setattr(row, name, value)
            self.touched = True
        return row

    def _judge(self, entity: type[Entity], proposal: Proposal) -> None:
        """The rule that a push is judged by."""
        if said := refuse(self.db, entity, proposal):
            self.faults.append((DAY, said))

    def day(self) -> dt.date:
        """Day of the fact: that of the registration, else today's in the college."""
        said: dt.date | None = self.row.get(DAY)
        return said or self.db.now().astimezone(self.terms.zone).date()

    def _check(self, found: Mapping[str, str], keys: Mapping[str, str]) -> None:
        self.faults += [
            (keys[name] if isinstance(keys, defaultdict) else keys.get(name, "name"), text)
            for name, text in found.items()
        ]

    def _part(self, entity: type[Any], owner: UUID, **equal: Any) -> Any | None:
        """The owner's first part with these values."""
        rows = self.desk.parts[(entity, owner)]
        return next((r for r in rows if all(getattr(r, n) == v for n, v in equal.items())), None)

    def _keep(self, entity: type[Any], owner: UUID, row: Any) -> None:
        if row not in self.desk.parts[(entity, owner)]:
            self.desk.parts[(entity, owner)].append(row)

    def _not_read(self, key: str, said: str) -> None:
        self.unread.append(key)
        self.notes.append(f"{self.terms.header(key)}: {said}")
