"""The first set of system roles, as rows to be shipped (domain S.1); the whole matrix comes with the rights."""

from __future__ import annotations

from dataclasses import dataclass

from common.kit.kinds import P0, P1, P2, P3, PersonalData
from common.kit.rights import Action, Permission, Section


@dataclass(frozen=True, slots=True)
class ShippedRole:
    code: str
    name: str
    permissions: frozenset[Permission]

    @property
    def text(self) -> str:
        return " ".join(sorted(map(str, self.permissions)))


def _all(section: Section, *classes: PersonalData, write: bool = False) -> frozenset[Permission]:
    actions = (Action.READ, Action.WRITE) if write else (Action.READ,)
    return frozenset(Permission(section, action, pd) for action in actions for pd in classes)


BOOKS = _all(Section.REFERENCE, P0) | _all(Section.COLLEGES, P0, P1)

ROLES = (
    ShippedRole(
        "admission_secretary",
        "Ответственный секретарь приёмной комиссии",
        BOOKS
        | _all(Section.ADMISSIONS, P0, P1, P2, P3, write=True)
        | _all(Section.HANDED, P0, P1, P2, P3, write=True),
    ),
    ShippedRole(
        "admission_clerk",
        "Технический секретарь приёмной комиссии",
        BOOKS | _all(Section.ADMISSIONS, P0, P1, P2, write=True),
    ),
    ShippedRole(
        "admission_reader",
        "Заведующий отделением (приёмная комиссия — просмотр)",
        BOOKS | _all(Section.ADMISSIONS, P0, P1),
    ),
    ShippedRole(
        "org_admin",
        "Администратор организации",
        BOOKS
        | _all(Section.ADMINISTRATION, P0, P1, write=True)
        | _all(Section.HANDED, P0, P1, write=True)
        | _all(Section.REFERENCE, P0, write=True)
        | _all(Section.ADMISSIONS, P0),
    ),
)
