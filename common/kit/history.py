"""What the server tells of the history of records: who, when, what was and what became; JSON, read online only."""

from __future__ import annotations

from typing import Any

import msgspec

from common.kit.sync import Writer

HIDDEN = "***"
"""A restricted value: that it was changed is told, what it was is kept nowhere."""

MOST_ROWS = 200
"""Records of one question."""


class Turned(msgspec.Struct, frozen=True):
    """One field, its values as they travel."""

    name: str
    before: Any
    after: Any


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What one transaction did to one record; `kind` is create, change or delete."""

    seq: int
    entity: str
    row: str
    kind: str
    who: Writer
    fields: list[Turned]


class History(msgspec.Struct, frozen=True):
    """The newest first; `before` asks for the page after this one, 0 where there is none."""

    steps: list[Step]
    before: int = 0
