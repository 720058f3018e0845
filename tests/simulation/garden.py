"""How a bug is planted in the shipped code for the time of a test, and taken out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Plant = Callable[["Garden"], None]


class Garden:
    """Replaces attributes of the shipped code, and puts them back."""

    def __init__(self) -> None:
        self.replaced: list[tuple[Any, str, Any]] = []

    def put(self, owner: Any, name: str, value: Any) -> Any:
        """Returns what was there before."""
        former = owner.__dict__[name] if isinstance(owner, type) else getattr(owner, name)
        self.replaced.append((owner, name, former))
        setattr(owner, name, value)
        return former

    def clear(self) -> None:
        for owner, name, former in reversed(self.replaced):
            setattr(owner, name, former)


@dataclass(frozen=True, slots=True)
class Bug:
    name: str
    says: str
    plant: Plant
    favoured: Mapping[str, float]
    """Steps that its histories need more often than most."""

    @contextmanager
    def planted(self) -> Iterator[None]:
        garden = Garden()
        try:
            self.plant(garden)
            yield
        finally:
            garden.clear()


BUGS: dict[str, Bug] = {}
MEANWHILE: list[Callable[[], None]] = []
"""What a directed history wants done while a request is under way: only a planted bug leaves room for it."""


def meanwhile() -> None:
    if MEANWHILE:
        MEANWHILE.pop()()


def bug(says: str, **favoured: float) -> Callable[[Plant], Plant]:
    def keep(plant: Plant) -> Plant:
        BUGS[plant.__name__] = Bug(plant.__name__, says, plant, favoured)
        return plant

    return keep
