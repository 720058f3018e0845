"""Of many threads that read their first message at once none kills the process."""

from __future__ import annotations

import subprocess
import sys

from tests.nursery import ROOT

MANY = """
import sys, threading
import msgspec
from common.kit.ready import ready_messages
from common.kit.sync import PushRequest

if sys.argv[1] == "ready":
    ready_messages()
sys.setswitchinterval(1e-6)
body = msgspec.msgpack.encode({"device": "d", "epoch": None, "settled_to": 0, "operations": []})
begin = threading.Barrier(12)


def read():
    begin.wait()
    for _ in range(30):
        msgspec.msgpack.decode(body, type=PushRequest)


threads = [threading.Thread(target=read) for _ in range(12)]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""


def ends_well(word: str) -> bool:
    done = subprocess.run(
        [sys.executable, "-c", MANY, word], cwd=ROOT, check=False, capture_output=True
    )
    return done.returncode == 0


def test_messages_that_are_ready_are_read_by_many_threads_at_once() -> None:
    """With "plain" for the word, two of five such processes died."""
    assert all(ends_well("ready") for _ in range(6))
