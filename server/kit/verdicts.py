"""What the centre has decided about one operation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from common.kit.sync import Status
from server.kit import writers

APPLIED = Status.APPLIED
NOT_OWN = "Право дано только на свои записи, а эта не ваша"
RETURNING = "Сервер восстановлен из копии, и эта запись на него ещё не вернулась"


@dataclass(slots=True)
class Verdict:
    status: Status
    text: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)
    writers: writers.Written = field(default_factory=dict)
