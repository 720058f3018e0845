"""The system roles as they ship: the matrix of domain S.1, in `resources/reference/roles.csv`.

A cell names actions and classes: `R01` reads P0 and P1, `WS012` reads, writes and signs P0 to P2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from common.kit import resources
from common.kit.kinds import PersonalData
from common.kit.rights import Action, Permission, Permissions, Scope, Section

ACTIONS = {"R": Action.READ, "W": Action.WRITE, "S": Action.SIGN}
FACTS = {"code", "name", "scope"}


@dataclass(frozen=True, slots=True)
class ShippedRole:
    code: str
    name: str
    scope: Scope
    permissions: Permissions

    @property
    def text(self) -> str:
        return text_of(self.permissions)


def text_of(permissions: Permissions) -> str:
    """As a role keeps them."""
    return " ".join(sorted(map(str, permissions)))


def _shipped() -> tuple[ShippedRole, ...]:
    return tuple(
        ShippedRole(
            row["code"],
            row["name"],
            Scope.of(row["scope"]),
            frozenset(
                permission
                for name, cell in row.items()
                if name not in FACTS
                for permission in _cell(Section.of(name), cell)
            ),
        )
        for row in resources.rows("reference", "roles.csv")
    )


def _cell(section: Section, cell: str) -> Iterator[Permission]:
    """Whoever writes or signs reads."""
    letters = cell.rstrip("0123")
    classes = [PersonalData.of(f"P{digit}") for digit in cell[len(letters) :]]
    actions = {ACTIONS[letter] for letter in letters} | ({Action.READ} if cell else set())
    return (Permission(section, action, pd) for action in actions for pd in classes)


ROLES = _shipped()


def shipped(code: str) -> ShippedRole:
    return next(role for role in ROLES if role.code == code)
