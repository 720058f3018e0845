"""A process that has imported the server once and forks it on demand: a server starts, and starts again, in a moment.

Each line of its input is {"arguments": […], "environment": {…}, "log": path, "bug": name, "shift": seconds}; it answers
with the child's pid.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(slots=True)
class Born:
    """A forked server; it speaks as a Popen does."""

    pid: int
    handle: int = field(init=False)

    def __post_init__(self) -> None:
        self.handle = os.pidfd_open(self.pid)

    def send_signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self) -> None:
        self._ended(None)

    def poll(self) -> int | None:
        """Nought where it has ended: nobody is told how."""
        return 0 if self._ended(0) else None

    def _ended(self, patience: int | None) -> bool:
        ended = select.poll()
        ended.register(self.handle, select.POLLIN)
        return bool(ended.poll(patience))


Process = Born | subprocess.Popen[bytes]


def serve(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    *,
    bug: str = "",
    shift: int = 0,
) -> Process:
    """`epo-server` with these arguments: forked where a process can, begun from nothing elsewhere."""
    if not hasattr(os, "pidfd_open"):
        with log.open("ab") as written:
            command = [sys.executable, "-m", "server.app", *arguments]
            return subprocess.Popen(command, env=environment, cwd=ROOT, stderr=written)
    order = {
        "arguments": [*arguments],
        "environment": {**environment},
        "log": str(log),
        "bug": bug,
        "shift": shift,
    }
    house = nursery()
    assert house.stdin is not None
    assert house.stdout is not None
    house.stdin.write(json.dumps(order) + "\n")
    house.stdin.flush()
    return Born(int(house.stdout.readline()))


@functools.cache
def nursery() -> subprocess.Popen[str]:
    """One for all tests of this process, with which it ends: its input is closed then."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.nursery"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def child(order: dict[str, Any]) -> None:
    """Become the server of this order; never returns."""
    from server import app
    from tests.faults import planted

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    nothing = os.open(os.devnull, os.O_RDWR)
    for own, other in ((0, nothing), (1, log), (2, log)):
        os.dup2(other, own)
    os.environ.clear()
    os.environ.update(order["environment"])
    if order["bug"]:
        planted.SERVER[order["bug"]]()
    vars(app)["system_clock"] = clock(app.system_clock, order["shift"])
    os._exit(app.main(order["arguments"]))


def clock(proper: Callable[[], dt.datetime], shift: int) -> Callable[[], dt.datetime]:
    wrong = dt.timedelta(seconds=shift)
    return lambda: proper() + wrong


def main() -> None:
    from server import app  # noqa: F401  imported before the first fork
    from tests.faults import planted  # noqa: F401  as the line above

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not kept
    born: list[int] = []
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            child(json.loads(line))
        born.append(pid)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    for pid in born:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
