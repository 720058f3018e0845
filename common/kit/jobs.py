"""Long work at the server: what a desk asks, what it is told, and what each kind of job is given."""

from __future__ import annotations

import msgspec

from common.kit.kinds import Choice

PATH = "/api/jobs/start/"
"""Before the kind of a job: each kind is an operation of the API with a right of its own."""
PIECE = 1_000_000
"""Bytes of a file in one request."""


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

    search: str = ""
    year: int = 0
    """Of a list whose records belong to years."""
    where: dict[str, str] = {}


class AdmissionsReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the campaign of that year; nought: of the open one."""

    year: int = 0


class ImportApplications(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table itself is sent after this, piece by piece."""

    name: str
    size: int
    campaign: str = ""
    base: str = "9"
    dry_run: bool = False
