"""The `epo` command: it starts the other programs; `epo timetable` needs none of them."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from common.timetable.command import add_parser

WAIT = 60
"""Seconds for the server to come up."""


def demo(arguments: argparse.Namespace) -> int:
    """A server on embedded SQLite with a generated region, and the desktop beside it."""
    place: Path = arguments.dir or Path(tempfile.mkdtemp(prefix="epo-demo-"))
    place.mkdir(parents=True, exist_ok=True)
    port = arguments.port or _free_port()
    environment = os.environ | {"EPO_DATA_DIR": str(place), "PYTHONUNBUFFERED": "1"}
    environment.pop("EPO_DATABASE_URL", None)
    said = _fill(place, environment)
    log = (place / "server.log").open("ab")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the server ends with the demo
    server = subprocess.Popen(
        _program("server.app", "serve", "--port", str(port)), env=environment, stderr=log
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _await(server, address)
        sys.stdout.write(f"{address}\n{said}")
        sys.stdout.flush()
        if arguments.no_window:
            return server.wait()
        password = (place / "demo-password").read_text(encoding="utf-8")
        return subprocess.call(
            _program("client.app", "--demo", "--server", address, "--profile", str(place / "desk")),
            env=environment | {"EPO_DEMO_PASSWORD": password, "EPO_PROFILE_KEY": password},
        )
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()
        log.close()


def _program(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _fill(place: Path, environment: dict[str, str]) -> str:
    """Generate the region once; says the accounts."""
    kept = place / "accounts.txt"
    if kept.exists():
        return kept.read_text(encoding="utf-8")
    password = secrets.token_urlsafe(9)
    secret = place / "demo-password"
    secret.write_text(password, encoding="utf-8")
    secret.chmod(0o600)
    done = subprocess.run(
        _program("server.app", "demo-data", "--password", password),
        env=environment,
        check=True,
        capture_output=True,
    )
    said = done.stdout.decode()
    kept.write_text(said, encoding="utf-8")
    kept.chmod(0o600)
    return said


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _await(server: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/health/live", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    sys.exit("Сервер не запустился; причина — в файле server.log папки с учебными данными")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("epo", description="АИС ЭПО")
    commands = parser.add_subparsers(dest="command", required=True)
    shown = commands.add_parser("demo", help="посмотреть на учебных данных")
    shown.add_argument("--no-window", action="store_true")
    shown.add_argument("--dir", type=Path)
    shown.add_argument("--port", type=int)
    shown.set_defaults(run=demo)
    add_parser(commands)
    parsed = parser.parse_args(arguments)
    code: int = parsed.run(parsed)
    return code


if __name__ == "__main__":
    sys.exit(main())
