"""The `epo` command: it starts the other programs; `epo timetable` needs none of them."""

from __future__ import annotations

import argparse
import contextlib
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
from typing import IO, Any

from common.timetable.command import add_parser

WAIT = 60
"""Seconds for the server to come up."""


def demo(arguments: argparse.Namespace) -> int:
    """A server on embedded SQLite with a generated region, and the desktop beside it."""
    place: Path = arguments.dir or Path(tempfile.mkdtemp(prefix="epo-demo-"))
    place.mkdir(parents=True, exist_ok=True)
    port = arguments.port or _free_port()
    address, password = f"http://127.0.0.1:{port}", _password(place)
    environment = os.environ | {"EPO_DATA_DIR": str(place), "PYTHONUNBUFFERED": "1"}
    environment["EPO_SECOND_FACTOR"] = "off"  # the demo's password is told to everybody
    environment.pop("EPO_DATABASE_URL", None)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # all of it ends with the demo
    accounts = place / "accounts.txt"
    with contextlib.ExitStack() as running:
        said = running.enter_context(_secret(accounts).open("ab"))
        log = running.enter_context((place / "server.log").open("ab"))
        server = _start(
            running, _serve(port, password, said), env=environment, stdout=said, stderr=log
        )
        desk = None
        if not arguments.no_window:  # it loads while the region is made
            known = {"EPO_DEMO_PASSWORD": password, "EPO_PROFILE_KEY": password}
            desk = _start(running, _desk(address, place / "desk"), env=environment | known)
        try:
            _await(server, address)
            sys.stdout.write(f"{address}\n{accounts.read_text(encoding='utf-8')}")
            sys.stdout.flush()
            return (desk or server).wait()
        except KeyboardInterrupt:
            return 0


def _secret(file: Path) -> Path:
    """The file, there and readable by its owner only."""
    file.touch(mode=0o600)
    return file


def _password(place: Path) -> str:
    """Of every account of this demo; made once."""
    kept = _secret(place / "demo-password")
    if not kept.stat().st_size:
        kept.write_text(secrets.token_urlsafe(9), encoding="utf-8")
    return kept.read_text(encoding="utf-8")


def _serve(port: int, password: str, accounts: IO[bytes]) -> list[str]:
    """In a new place the server makes the region first and says its accounts."""
    if accounts.tell():
        return _program("server.app", "serve", "--port", str(port))
    return _program("server.app", "demo-data", "--password", password, "--serve", str(port))


def _desk(address: str, profile: Path) -> list[str]:
    return _program("client.app", "--demo", "--server", address, "--profile", str(profile))


def _program(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _start(
    running: contextlib.ExitStack, command: list[str], **how: Any
) -> subprocess.Popen[bytes]:
    """A program that does not outlive `running`."""
    process = subprocess.Popen(command, **how)
    running.callback(process.wait)
    running.callback(process.terminate)
    return process


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
