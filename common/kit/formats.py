"""How each kind of value is typed by people, stored, checked and shown: one table for form, Excel, import and paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class Unreadable(ValueError):
    """The text cannot be taken for a value; the message is Russian and says how to write it."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of value that people type.

    `parse` takes any spelling and returns the stored value (None where the text is empty) or raises
    Unreadable; `show` is the canonical spelling, and parse(show(v)) == v; `check` says what is wrong
    with a value that was read (None where nothing is).
    """

    name: str
    parse: Callable[[str], Any]
    show: Callable[[Any], str]
    check: Callable[[Any], str | None] = lambda _value: None
    hint: str = ""
