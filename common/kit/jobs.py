"""Long work at the server: what a desk asks, what it is told, and what the export of a list is given."""

from __future__ import annotations

from typing import Annotated

import msgspec

from common.kit.kinds import Choice

PATH = "/api/jobs/start/"
"""Before the kind of a job: each kind is an operation of the API with a right of its own."""
PIECE = 1_000_000
"""Bytes of a file in one request."""

Short = Annotated[str, msgspec.Meta(max_length=255)]
Year = Annotated[int, msgspec.Meta(ge=0, le=9999)]
"""Nought: none is named."""


class JobState(Choice):
    SENDING = "sending", "Передаётся файл"
    QUEUED = "queued", "Ждёт очереди"
    RUNNING = "running", "Идёт"
    DONE = "done", "Готово"
    FAILED = "failed", "Не выполнено"
    CANCELLED = "cancelled", "Отменено"

    @property
    def lasts(self) -> bool:
        return self in (JobState.SENDING, JobState.QUEUED, JobState.RUNNING)


class Job(msgspec.Struct, kw_only=True, frozen=True):
    """`said` tells how it goes or how it ended; `file` is the name of what it made, empty where there is nothing to fetch."""

    id: str
    kind: str
    title: str
    state: str
    done: int
    total: int
    said: str
    file: str
    size: int
    asked_at: str
    finished_at: str


class Jobs(msgspec.Struct, frozen=True):
    """One's own, the newest first."""

    rows: list[Job]


class JobAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of one's own jobs is meant."""

    id: str


class JobInput(msgspec.Struct, frozen=True):
    """How much of the file that a job works on has come."""

    have: int


class ExportList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Empty narrows nothing. `search`: words that a row shows; `where`: what a column, by its key, shows exactly."""

    search: Short = ""
    year: Year = 0
    """Of a list whose records belong to years."""
    where: Annotated[dict[str, Short], msgspec.Meta(max_length=20)] = {}
