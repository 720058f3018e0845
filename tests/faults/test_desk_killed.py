"""E-50, E-52: the desk is killed at its n-th write, its disk is full, its files are damaged or held by another."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from client.net.link import Link
from client.store.store import Store
from client.store.syncing import run
from common.admissions.entities import Applicant
from common.people.entities import Person
from server.kit.database import open_engine
from tests.faults.conftest import Begin, Filled
from tests.faults.profiles import make_profile, rows_kept, rows_said, start_recorder
from tests.faults.recorder import KEY
from tests.scale import Scale

pytestmark = pytest.mark.fault

WRITES = "pwrite64,write,fsync,fdatasync"


def may_trace() -> bool:
    strace = shutil.which("strace")
    if strace is None:
        return False
    return subprocess.run([strace, "-qq", "true"], capture_output=True, check=False).returncode == 0


traced = pytest.mark.skipif(not may_trace(), reason="strace is missing or may not trace here")


def killed_at(profile: Path, write: int, *, send: str, planted: str = "") -> list[str]:
    """The rows that were said to be recorded before the desk died at its n-th writing call."""
    strace = str(shutil.which("strace"))
    inject = f"inject={WRITES}:signal=KILL:when={write}"
    recorder = start_recorder(
        profile,
        before=(strace, "-f", "-qq", "-o", "/dev/null", "-e", inject),
        send=send,
        planted=planted,
    )
    assert recorder.stdout is not None
    lines = recorder.stdout.readlines()
    recorder.wait()
    recorder.stdout.close()
    return rows_said(lines)


@traced
def test_a_desk_killed_between_any_two_writes_keeps_and_sends_each_edit_once(
    tmp_path: Path, begin: Begin, filled: Filled, scale: Scale
) -> None:
    url = filled("sqlite")
    said: set[str] = set()
    with begin(url) as made:
        profile = make_profile(tmp_path / "profile", made.address)
        for write in range(20, scale(20 + 40 * 4, 20 + 40 * 40), 40):
            said |= set(killed_at(profile, write, send=made.address))
            assert said <= rows_kept(profile)
        store = Store(profile, KEY, ())
        link = Link(made.address, str(store.journal.fact("token")))
        assert run(store, link).online
        assert store.counts().waiting == store.counts().troubled == 0
        link.close()
        store.close()
    assert said
    scale.say("desk killed between writes", f"recorded {len(said)}, lost {missing(url, said)}")
    assert missing(url, said) == 0


def missing(url: str, said: set[str]) -> int:
    engine = open_engine(url)
    with engine.connect() as connection:
        people = {id.hex for id in connection.execute(sa.select(Person.id)).scalars()}
        roles = {id.hex for id in connection.execute(sa.select(Applicant.id)).scalars()}
    engine.dispose()
    return len(said - people - roles)


@traced
def test_a_desk_that_says_before_it_records_is_caught(
    tmp_path: Path, begin: Begin, filled: Filled
) -> None:
    with begin(filled("sqlite")) as made:
        profile = make_profile(tmp_path / "profile", made.address)
    for write in range(12, 24):
        said = set(killed_at(profile, write, send="", planted="tell_first"))
        if said - rows_kept(profile):
            return
    pytest.fail("no kill fell between what was said and what was recorded")


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[Path]:
    place.mkdir()
    mount = shutil.which("mount")
    done = subprocess.run(
        [str(mount), "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(place)],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("no right to mount a small disk here")
    try:
        yield place
    finally:
        subprocess.run([str(shutil.which("umount")), "-l", str(place)], check=True)


def test_a_full_disk_refuses_plainly_and_loses_nothing(
    tmp_path: Path, begin: Begin, filled: Filled, scale: Scale
) -> None:
    with begin(filled("sqlite")) as made:
        profile = make_profile(tmp_path / "profile", made.address)
    size = sum(file.stat().st_size for file in profile.iterdir()) // 1024
    with small_disk(tmp_path / "small", size + 300) as disk:
        desk = shutil.copytree(profile, disk / "desk")
        recorder = start_recorder(desk)
        assert recorder.stdout is not None
        lines = recorder.stdout.readlines()
        recorder.wait()
        recorder.stdout.close()
        said = rows_said(lines)
        scale.say("full disk at the desk", f"recorded {len(said)}, then: {lines[-1].strip()}")
        assert said
        assert lines[-1].startswith("refused")
        assert "места" in lines[-1]
        roomier = shutil.copytree(desk, tmp_path / "roomier")
    assert set(said) <= rows_kept(roomier)
