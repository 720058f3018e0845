"""A child process of limited memory, processor time and patience, for what somebody else has made (TRUST C-33, C-34)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

MEMORY = 1 << 30
PROCESSOR = 20
PATIENCE = 40.0
"""Seconds by the clock, where the machine is busy with other things."""


class Limits(msgspec.Struct, frozen=True):
    """Bytes of address space, seconds of a processor, seconds by the clock."""

    memory: int = MEMORY
    processor: int = PROCESSOR
    patience: float = PATIENCE


def ask(module: str, limits: Limits, own: Sequence[str] = (), *, sent: bytes = b"") -> bytes | None:
    """What `python -m module` says to these arguments; None where it fell, or came to a limit.

    The module calls `limit_by(sys.argv)` before it touches what it was given.
    """
    command = [sys.executable, "-m", module, str(limits.memory), str(limits.processor), *own]
    home = Path(__file__).resolve().parents[2]
    try:
        done = subprocess.run(  # noqa: S603  our own program
            command,
            input=sent,
            capture_output=True,
            timeout=limits.patience,
            check=False,
            cwd=home,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


def limit_by(arguments: Sequence[str]) -> list[str]:
    """In the child: the limits come into force; what is left of the arguments is the module's own."""
    _, memory, processor, *own = arguments
    if sys.platform != "win32":  # the clock alone watches there
        import resource  # noqa: PLC0415  absent on Windows

        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
        resource.setrlimit(resource.RLIMIT_CPU, (int(processor), int(processor)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return own
