"""A desk's profile that is signed in and filled, to be copied, killed and opened again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import common.all  # noqa: F401  the declarations
from client.net.link import Link
from client.store.store import Store
from client.store.syncing import run, sign_in
from tests.demo_world import PASSWORD
from tests.faults.recorder import KEY
from tests.nursery import ROOT


def make_profile(place: Path, address: str) -> Path:
    store = Store(place, KEY, ())
    link = Link(address)
    sign_in(store, link, "sekretar", PASSWORD, "ПК-1")
    assert run(store, link).online
    link.close()
    store.close()
    return place


def start_recorder(
    profile: Path, *, planted: str = "", before: Sequence[str] = (), send: str = ""
) -> subprocess.Popen[str]:
    command = [*before, sys.executable, "-m", "tests.faults.recorder", str(profile), planted]
    return subprocess.Popen(
        [word for word in command if word],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=_environment(send),
    )


def _environment(send: str) -> dict[str, str]:
    return os.environ | ({"EPO_TEST_SEND": send} if send else {})


def rows_said(lines: Sequence[str]) -> list[str]:
    """Whole lines only: the last one may be cut."""
    return [line.split()[1] for line in lines if line.startswith("row ") and line.endswith("\n")]


def rows_kept(profile: Path) -> set[str]:
    """Rows of the journal's operations; the opening mends what a crash has left."""
    store = Store(profile, KEY, ())
    assert not [note for note in store.notes if "Журнал" in note], store.notes
    with store.lock:
        found = {
            row_id
            for (row_id,) in store.journal.connection.execute("SELECT row_id FROM op").fetchall()
        }
    store.close()
    return found
