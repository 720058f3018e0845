"""What waits on this computer, and what needs a person: the numbers that the window's edge always shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STATES = ("conflict", "refused", "quarantined", "held", "failed", "finding", "handed")


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits on this computer and what needs a person."""

    waiting: int = 0
    conflict: int = 0
    refused: int = 0
    quarantined: int = 0
    held: int = 0
    failed: int = 0
    finding: int = 0
    """Applied, and yet there is something to see to: a number that another record has."""
    handed: int = 0
    """With an administrator; needs nobody here."""
    files: int = 0
    """Contents that wait apart from the records."""

    @property
    def troubled(self) -> int:
        return (
            self.conflict + self.refused + self.quarantined + self.held + self.failed + self.finding
        )

    @classmethod
    def of(cls, states: Mapping[str, int], files: int) -> Counts:
        """From how many operations the journal has in each state."""
        others = {state: states.get(state, 0) for state in STATES}
        return cls(states.get("pending", 0), **others, files=files)
