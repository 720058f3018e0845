"""The demo as a newcomer starts and stops it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
def test_the_demo_says_its_address_first_and_its_server_ends_with_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "common.cli", "demo", "--no-window", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        address = demo.stdout.readline().strip()
        assert urlsplit(address).hostname == "127.0.0.1"
        assert requests.get(f"{address}/health/live", timeout=10).status_code == 200
        demo.terminate()
        assert demo.wait() == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{address}/health/live", timeout=10)
