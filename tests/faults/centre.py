"""The centre under faults: a real server process that is killed, frozen and started again."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.demo_world import World, server_environment
from tests.nursery import Born
from tests.ports import free_port


@dataclass(slots=True)
class Centre:
    """One database and the server over it; `bug` names a planted fault of tests.faults.planted."""

    made: World
    bug: str = ""
    shift: int = 0
    """Seconds by which the server's clock is wrong from its next start on."""
    kills: int = 0
    address: str = field(init=False)

    def __post_init__(self) -> None:
        self.address = self.made.address

    @property
    def process(self) -> Born:
        assert isinstance(self.made.process, Born)
        return self.made.process

    @property
    def pid(self) -> int:
        return self.process.pid

    def start(self) -> None:
        self.made.start(bug=self.bug, shift=self.shift)

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, and wait until the process is gone."""
        self.process.kill()
        self.process.wait()
        self.kills += 1

    def restart(self) -> None:
        self.kill()
        self.start()

    def log(self) -> str:
        return self.made.log.read_text(encoding="utf-8")


@contextlib.contextmanager
def centre(place: Path, database_url: str, *, bug: str = "") -> Iterator[Centre]:
    """A running server over a database that is filled already."""
    port = free_port()
    environment = server_environment(place, database_url)
    made = World(f"http://127.0.0.1:{port}", port, environment, place / "server.log")
    found = Centre(made, bug)
    found.start()
    try:
        yield found
    finally:
        if found.is_alive():
            found.kill()
