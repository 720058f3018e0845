"""The centre under faults: a real server process that is killed, frozen and started again."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.demo_world import PATIENCE, ROOT, World
from tests.ports import free_port


@dataclass(slots=True)
class Centre:
    """One database and the server over it; `bug` names a planted fault of tests.faults.planted."""

    made: World
    nursery: subprocess.Popen[str]
    bug: str = ""
    shift: int = 0
    """Seconds by which the server's clock is wrong from its next start on."""
    pid: int = 0
    kills: int = 0
    address: str = field(init=False)

    def __post_init__(self) -> None:
        self.address = self.made.address

    def start(self) -> None:
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        order = {
            "arguments": ["serve", "--port", str(self.made.port), "--accept-unsafe-database"],
            "environment": self.made.environment,
            "log": str(self.made.log),
            "bug": self.bug,
            "shift": self.shift,
        }
        self.nursery.stdin.write(json.dumps(order) + "\n")
        self.nursery.stdin.flush()
        self.pid = int(self.nursery.stdout.readline())
        self._until_alive()

    def _until_alive(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.is_alive():
            if self._answers():
                return
        raise RuntimeError(self.made.log.read_text(encoding="utf-8"))

    def _answers(self) -> bool:
        probe = http.client.HTTPConnection("127.0.0.1", self.made.port, timeout=1)
        try:
            probe.request("GET", "/health/live")
            return probe.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            probe.close()

    def is_alive(self) -> bool:
        return Path(f"/proc/{self.pid}").exists()

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL, and wait until the process is gone."""
        ended = select.poll()
        handle = os.pidfd_open(self.pid)
        ended.register(handle, select.POLLIN)
        self.send(signal.SIGKILL)
        ended.poll()
        os.close(handle)
        self.kills += 1

    def restart(self) -> None:
        self.kill()
        self.start()

    def log(self) -> str:
        return self.made.log.read_text(encoding="utf-8")


@contextlib.contextmanager
def nursery() -> Iterator[subprocess.Popen[str]]:
    """One for all tests: the server's code is imported once."""
    made = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.nursery"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert made.stdin is not None
    assert made.stdout is not None
    try:
        yield made
    finally:
        made.stdin.close()
        made.wait()
        made.stdout.close()


@contextlib.contextmanager
def centre(
    place: Path, servers: subprocess.Popen[str], database_url: str, *, bug: str = ""
) -> Iterator[Centre]:
    """A running server over a database that is filled already."""
    environment = os.environ | {
        "EPO_DATA_DIR": str(place / "server"),
        "EPO_DATABASE_URL": database_url,
        "EPO_SECOND_FACTOR": "off",
    }
    port = free_port()
    made = World(f"http://127.0.0.1:{port}", port, environment, place / "server.log")
    found = Centre(made, servers, bug)
    found.start()
    try:
        yield found
    finally:
        if found.is_alive():
            found.kill()
