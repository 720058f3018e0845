"""Long work at the server, as this desk sees it: begun, asked after while it lasts, cancelled, its file fetched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from client.kit.background import Background
from client.kit.tasks import Line, Tasks
from client.net.link import Link, Offline
from client.store.connection import Asleep
from client.store.store import Store
from common.admissions.jobs import IMPORT, ImportApplications
from common.kit.errors import EpoError, Unavailable
from common.kit.jobs import PIECE, Job, Jobs, JobState
from common.kit.outgoing import write_whole
from common.kit.progress import Cancelled, Progress
from common.kit.sheets import load
from common.reference.kinds import EducationBase

T = TypeVar("T")

ASKED_EVERY = 700
"""Milliseconds between two questions while something lasts."""
GONE = "Этой работы на сервере больше нет: запустите её снова"


class ServerJobs(QObject):
    """`changed` when the server has told something new; `ended(Line)` once for each that ends while we look; `refused(words)`."""

    changed = Signal()
    ended = Signal(object)
    refused = Signal(str)

    def __init__(self, store: Store, server: str, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self.store, self.server, self.tasks = store, server, tasks
        self.background = Background(self)
        self.known: dict[str, Job] = {}
        self._timer = QTimer(self, interval=ASKED_EVERY, singleShot=True)
        self._timer.timeout.connect(self.ask)

    @contextmanager
    def link(self) -> Iterator[Link]:
        with closing(Link(self.server, str(self.store.journal.fact("token", "")))) as link:
            yield link

    def lines(self) -> list[Line]:
        return [line_of(job) for job in self.known.values()]

    # ---- asking after

    def ask(self) -> None:
        def run() -> Jobs:
            with self.link() as link:
                return link.jobs()

        self._do("jobs", run, self._take, quiet=True)

    def _take(self, told: Jobs) -> None:
        before, self.known = self.known, {job.id: job for job in told.rows}
        self.changed.emit()
        for job in told.rows:
            if job.id in before and _lasts(before[job.id]) and not _lasts(job):
                self.ended.emit(line_of(job))
        self._go_on()

    def _go_on(self) -> None:
        if any(_lasts(job) for job in self.known.values()):
            self._timer.start()

    def _put(self, job: Job) -> None:
        before = self.known.get(job.id)
        self.known = {job.id: job} | self.known | {job.id: job}
        self.changed.emit()
        if before is not None and _lasts(before) and not _lasts(job):
            self.ended.emit(line_of(job))
        self._go_on()

    def _do(
        self, name: str, work: Callable[[], T], done: Callable[[T], None], *, quiet: bool = False
    ) -> None:
        def refuse(fault: EpoError) -> None:
            if not quiet:
                self.refused.emit(fault.message)
            elif isinstance(fault, Offline | Unavailable | Asleep):
                self._go_on()  # what lasts there goes on without us, and behind the lock too

        self.background.ask(name, work, done, refuse, owner=self)

    # ---- beginning and ending

    def start(self, kind: str, asked: msgspec.Struct) -> None:
        def run() -> Job:
            with self.link() as link:
                return link.start_job(kind, asked)

        self._do(f"start {kind}", run, self._put)

    def cancel(self, id: str) -> None:
        def run() -> Job:
            with self.link() as link:
                return link.cancel_job(id)

        self._do(f"cancel {id}", run, self._put)

    def load(self, path: Path, *, base: EducationBase, dry_run: bool) -> None:
        """Send a table and have it loaded there: the sending is a work of this desk."""

        def work(progress: Progress) -> str:
            content = load(path)
            asked = ImportApplications(path.name, len(content), base=base, dry_run=dry_run)
            with self.link() as link:
                job = link.start_job(IMPORT, asked)
                try:
                    _send(link, job.id, content, progress)
                except Cancelled:
                    link.cancel_job(job.id)
                    raise
            return "Таблица передана; дальше её загружает сервер"

        self.tasks.begin(f"Передать таблицу «{path.stem}»", work)

    def fetch(self, id: str, path: Path, *, chosen: Callable[[Path], object]) -> None:
        """Save what a job has made; `chosen(path)` on this thread when the whole of it is there."""
        job = self.known.get(id)
        if job is None:  # it was swept while the place was being chosen
            self.refused.emit(GONE)
            return

        def write(beside: Path, progress: Progress) -> None:
            with self.link() as link, beside.open("wb") as file:
                while file.tell() < job.size:
                    progress(file.tell(), job.size)
                    file.write(link.job_result(id, file.tell(), PIECE) or _cut_off())

        def work(progress: Progress) -> str:
            write_whole(path, lambda beside: write(beside, progress))
            return f"Сохранено: {path.stem}"

        task = self.tasks.begin(f"Сохранить «{Path(job.file).stem}»", work)

        def tell(line: Line) -> None:
            if line.key == task.key:
                self.tasks.ended.disconnect(tell)
                if line.state is JobState.DONE:
                    chosen(path)

        self.tasks.ended.connect(tell)


def _cut_off() -> bytes:
    raise EpoError("Файл на сервере короче, чем был: запустите выгрузку снова")


def _send(link: Link, id: str, content: bytes, progress: Progress) -> None:
    at = 0
    while at < len(content):
        progress(at, len(content))
        at = link.send_job_input(id, at, content[at : at + PIECE]).have
    progress(at, len(content))


def _lasts(job: Job) -> bool:
    return JobState.of(job.state).lasts


def line_of(job: Job) -> Line:
    at = dt.datetime.fromisoformat(job.asked_at)
    state = JobState.of(job.state)
    return Line(job.id, job.title, state, job.done, job.total, job.said, at, job.file)
