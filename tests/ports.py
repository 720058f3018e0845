"""Ports of loopback for the servers that tests start: each worker of the suite has its own, and none is one that the system gives to clients."""

from __future__ import annotations

import itertools
import os
import socket

LOWEST, EACH = 10_000, 5_000
"""Below 32 768: a port that was free a moment ago may be a client's by now, and another server would answer in its place."""
_TURNS = itertools.count(os.getpid())


def free_port() -> int:
    """Free now, and of no other worker."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    for turn in _TURNS:
        port = LOWEST + worker * EACH + turn % EACH
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError  # there is always a next one
