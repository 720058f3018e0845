"""How long the tests of faults and of long work are: short in every run, long with `--long`; and a line for each."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    long: bool

    def __call__(self, short: int, long: int) -> int:
        return long if self.long else short

    def say(self, fault: str, found: object) -> None:
        """Printed where the run is long or asked to show its output."""
        sys.stdout.write(f"\n{fault}: {found}\n")
