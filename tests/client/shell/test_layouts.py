"""Check 7: under a window server, every registered key fires under the Russian layout as under the Latin one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

TOOLS = ("Xvfb", "setxkbmap")


@pytest.fixture
def display() -> Iterator[str]:
    """A window server of its own; it says which display it has taken."""
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait(20)


def test_7_every_registered_key_fires_under_both_layouts(display: str) -> None:
    asked = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    command = [sys.executable, "-m", "tests.client.shell.x_keys"]
    done = subprocess.run(
        command, env=asked, capture_output=True, text=True, timeout=120, check=False
    )
    if "xcb" in done.stderr and done.returncode < 0:
        pytest.skip(f"Qt cannot talk to a window server here: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["known"]) >= 20
    assert found["us"] == found["known"]
    assert found["ru"] == found["known"]
