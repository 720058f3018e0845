"""A process that has imported the server once and forks it on demand: a killed server is back in a moment.

Each line of its input is {"arguments": […], "environment": {…}, "log": path, "bug": name, "shift": seconds}; it answers
with the child's pid.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from server import app
from tests.faults import planted


def child(order: dict[str, Any]) -> None:
    """Become the server of this order; never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    nothing = os.open(os.devnull, os.O_RDWR)
    for own, other in ((0, nothing), (1, log), (2, log)):
        os.dup2(other, own)
    os.environ.clear()
    os.environ.update(order["environment"])
    if order["bug"]:
        planted.SERVER[order["bug"]]()
    vars(app)["system_clock"] = clock(order["shift"])
    os._exit(app.main(order["arguments"]))


def clock(shift: int) -> Callable[[], dt.datetime]:
    proper, wrong = app.system_clock, dt.timedelta(seconds=shift)
    return lambda: proper() + wrong


def main() -> None:
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
