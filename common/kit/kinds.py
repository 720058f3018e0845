"""Base of every closed list of choices: what is stored, and what people read."""

from __future__ import annotations

import enum
from typing import Self


class Choice(enum.Enum):
    """A member is (stored value, Russian label)."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        member = object.__new__(cls)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def of(cls, value: str) -> Self:
        """The member of a stored value; ValueError where there is none."""
        return cls(value)  # type: ignore[call-arg]  # a look-up, which asks for no label

    @classmethod
    def by_label(cls, label: str) -> Self | None:
        """The member a person means: its label or stored value, letter case aside."""
        wanted = label.strip().casefold()
        return next(
            (m for m in cls if wanted in {m.label.casefold(), str(m.value).casefold()}), None
        )


class PersonalData(Choice):
    """Classes of personal data (domain 0.7): who may see a column."""

    P0 = "P0", "общедоступные в организации"
    P1 = "P1", "контакты, адрес, фото"
    P2 = "P2", "документы и номера"
    P3 = "P3", "особые сведения"


P0, P1, P2, P3 = PersonalData
