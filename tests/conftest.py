"""What every test may ask for: databases, typed text, and no network but loopback."""

from __future__ import annotations

import contextlib
import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.engines import share_compiled
from tests.hostile import TEXTS, billion_laughs, zip_bomb
from tests.network import forbid_network
from tests.postgres import NoPostgresError, Postgres, one_postgres, running_postgres
from tests.scale import Scale
from tests.shared import roomy_memory, shared_place

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # pytest-qt makes the application later
os.environ.setdefault("NUMBA_OPT", "1")  # compiled in half the time


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="faults and long work in their long form")


RUN = contextlib.ExitStack()
"""What the whole run uses; it belongs to the process that begins the run, and workers find it in their environment."""


def pytest_configure(config: pytest.Config) -> None:
    forbid_network()
    share_compiled()
    if hasattr(config, "workerinput"):
        return
    memory = roomy_memory()
    if memory:
        os.environ["TMPDIR"] = memory
        tempfile.tempdir = None  # asked anew
    place = RUN.enter_context(shared_place())
    if getattr(config.option, "numprocesses", None):
        with contextlib.suppress(NoPostgresError):  # whoever needs it says so
            RUN.enter_context(one_postgres(place))


def pytest_unconfigure(config: pytest.Config) -> None:
    RUN.close()


MOST_WORKERS = 4


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests of faults and of windows wait much of their time."""
    return min((os.cpu_count() or 1) + 1, MOST_WORKERS)


FIRST = ("faults", "end_to_end", "simulation", "access", "client")
"""Folders of long files: workers take file after file, and nobody waits at the end for a long one."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    folder = item.path.relative_to(item.config.rootpath).parts[1]
    return FIRST.index(folder) if folder in FIRST else len(FIRST)


@pytest.fixture
def scale(request: pytest.FixtureRequest) -> Scale:
    return Scale(bool(request.config.getoption("--long")))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server for the whole run; where there is none CI fails and a desk skips."""
    try:
        with running_postgres() as server:
            yield server
    except NoPostgresError as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(missing))


@pytest.fixture
def new_database(postgres: Postgres) -> Iterator[Callable[[], str]]:
    """Makes empty PostgreSQL databases, as many as a test wants, and returns their URLs."""
    names: list[str] = []

    def make() -> str:
        names.append(postgres.create())
        return postgres.database_url(names[-1])

    yield make
    for name in names:
        postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """A test of databases runs once on each."""
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'epo.sqlite'}"
    make: Callable[[], str] = request.getfixturevalue("new_database")
    return make()


WIDGETS = {"client", "end_to_end"}
"""Folders whose tests have Qt objects in cyclic garbage."""
EVERY = 10


def pytest_runtest_setup(item: pytest.Item) -> None:
    """As in the program: what Qt owns is collected on the GUI thread, never where a worker allocates."""
    if item.path.relative_to(item.config.rootpath).parts[1] in WIDGETS:
        gc.disable()


def pytest_runtest_logfinish(nodeid: str) -> None:
    if not gc.isenabled():
        _unwatched.append(nodeid)
        if len(_unwatched) >= EVERY:
            _unwatched.clear()
            gc.collect()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """What outlives a file of tests lives to the end: the collector need not walk it again and again."""
    if nextitem is None or nextitem.path != item.path:
        gc.collect()
        gc.freeze()


_unwatched: list[str] = []


@pytest.fixture
def type_text() -> Callable[[QWidget, str], None]:
    """Sends real key events: QTest's own way aborts the process on a Cyrillic letter."""

    def send(widget: QWidget, text: str) -> None:
        for character in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character)
                QApplication.sendEvent(widget, event)

    return send


@pytest.fixture(params=TEXTS)
def hostile_text(request: pytest.FixtureRequest) -> str:
    """Each of the texts that somebody will type one day."""
    return TEXTS[request.param]


@pytest.fixture(params=[zip_bomb, billion_laughs, lambda: b"", lambda: b"\xd0\xcf\x11\xe0" * 200])
def hostile_file(request: pytest.FixtureRequest) -> bytes:
    """A workbook made to harm, or none at all."""
    made: bytes = request.param()
    return made
