"""A real server process with generated data, for end-to-end tests, benches and screenshots."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "Учебный-пароль-1"
PATIENCE = 60.0


@dataclass(slots=True)
class World:
    """The server's address and how to stop and start it again."""

    address: str
    port: int
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                _server("serve", "--port", str(self.port), "--accept-unsafe-database"),
                env=self.environment,
                cwd=ROOT,
                stderr=log,
            )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.address}/health/live", timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                if self.process.poll() is not None:
                    break
        raise RuntimeError(self.log.read_text(encoding="utf-8"))

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None


def _server(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "server.app", *arguments]


@contextmanager
def world(
    place: Path, *, applicants: int, database_url: str = "", start: bool = True
) -> Iterator[World]:
    """A filled database and, where `start`, its running server."""
    environment = os.environ | {"EPO_DATA_DIR": str(place / "server"), "PYTHONUNBUFFERED": "1"}
    environment["EPO_SECOND_FACTOR"] = "off"
    if database_url:
        environment["EPO_DATABASE_URL"] = database_url
    fill = ("demo-data", "--applicants", str(applicants), "--colleges", "2", "--password", PASSWORD)
    for arguments in (("migrate",), fill) if database_url else (fill,):
        subprocess.run(
            _server(*arguments), env=environment, cwd=ROOT, check=True, capture_output=True
        )
    port = free_port()
    made = World(f"http://127.0.0.1:{port}", port, environment, place / "server.log")
    try:
        if start:
            made.start()
        yield made
    finally:
        made.stop()
