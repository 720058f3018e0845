"""E-52: the desk's files are flipped, cut short or held by another program; nothing is lost without a word."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from client.net.link import Link
from client.store.store import Store
from client.store.syncing import run, sign_in
from common.kit.errors import EpoError
from tests.demo_world import PASSWORD
from tests.faults.conftest import Begin, Filled
from tests.faults.planted import Careless
from tests.faults.profiles import make_profile, rows_kept, rows_said, start_recorder
from tests.faults.recorder import KEY
from tests.scale import Scale

pytestmark = pytest.mark.fault

ROWS = 40


def flip(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 8)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def cut_short(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def blank(content: bytearray, chance: random.Random) -> None:
    """A block of the disk that reads as noughts."""
    start = chance.randrange(0, len(content), 4096)
    content[start : start + 4096] = bytes(len(content[start : start + 4096]))


DAMAGES: tuple[Callable[[bytearray, random.Random], None], ...] = (flip, cut_short, blank)


@dataclass(frozen=True, slots=True)
class Worked:
    """A profile in which a desk was killed with unsent rows, and its server."""

    profile: Path
    address: str
    said: set[str]


@pytest.fixture
def worked(tmp_path: Path, begin: Begin, filled: Filled) -> Iterator[Worked]:
    with begin(filled("sqlite")) as made:
        profile = make_profile(tmp_path / "profile", made.address)
        recorder = start_recorder(profile)
        assert recorder.stdout is not None
        lines = [recorder.stdout.readline() for _ in range(ROWS)]
        recorder.kill()
        lines += recorder.stdout.readlines()
        recorder.wait()
        recorder.stdout.close()
        yield Worked(profile, made.address, set(rows_said(lines)))


def damaged(profile: Path, copy: Path, pattern: str, seed: int) -> Path:
    """A copy in which every file that matches is damaged."""
    chance = random.Random(seed)  # noqa: S311  a fate, not a secret
    shutil.copytree(profile, copy)
    for file in copy.glob(pattern):
        content = bytearray(file.read_bytes())
        if content:
            DAMAGES[seed % len(DAMAGES)](content, chance)
            file.write_bytes(content)
    return copy


def use(profile: Path, address: str, opens: type[Store] = Store) -> tuple[list[str], list[str]]:
    """What was said while it was opened and after a sign-in and two rounds; what then cannot be sent."""
    store = opens(profile, KEY, ())
    link = Link(address)
    try:
        sign_in(store, link, "sekretar", PASSWORD, "ПК-1")
        rounds = [run(store, link) for _ in range(2)]
        assert rounds[-1].online, rounds[-1].why
        notes = store.notes + [each.why for each in rounds if each.why]
        return notes, [entry.said for entry in store.outbox()]
    finally:
        link.close()
        store.close()


def test_a_damaged_cache_costs_nothing(worked: Worked, tmp_path: Path, scale: Scale) -> None:
    for seed in range(scale(6, 60)):
        copy = damaged(worked.profile, tmp_path / f"cache{seed}", "cache.db*", seed)
        assert worked.said <= rows_kept(copy), seed
        _, unsent = use(copy, worked.address)
        assert unsent == [], seed
        assert worked.said <= rows_kept(copy), seed
    scale.say(
        "damaged caches", f"{scale(6, 60)} profiles of {len(worked.said)} unsent rows, lost 0"
    )


def test_a_damaged_journal_is_never_lost_without_a_word(
    worked: Worked, tmp_path: Path, scale: Scale
) -> None:
    runs = scale(6, 60)
    lost, untold = lost_journals(worked, tmp_path, runs)
    scale.say("damaged journals", f"{runs} profiles, {lost} set aside, {untold} without a word")
    assert (lost > 0, untold) == (True, 0)


def test_a_desk_that_begins_a_new_journal_without_a_word_is_caught(
    worked: Worked, tmp_path: Path, scale: Scale
) -> None:
    lost, untold = lost_journals(worked, tmp_path, 6, Careless)
    scale.say("planted: a damaged journal is begun anew", f"{lost} lost, {untold} without a word")
    assert untold > 0


def lost_journals(
    worked: Worked, folder: Path, runs: int, opens: type[Store] = Store
) -> tuple[int, int]:
    """In how many profiles rows that were said to be recorded are gone from the journal, and of how many nobody was told."""
    lost = untold = 0
    for seed in range(runs):
        copy = damaged(worked.profile, folder / f"journal{seed}", "journal.db*", seed)
        before = {file.name for file in copy.glob("journal*.db")}
        notes, _ = use(copy, worked.address, opens)
        if not worked.said <= kept_in(copy):
            lost += 1
            said = any("журнал" in note.casefold() for note in notes)
            aside = {file.name for file in copy.glob("journal*.db")} - before
            untold += not (said and aside)
    return lost, untold


def kept_in(profile: Path) -> set[str]:
    store = Store(profile, KEY, ())
    with store.lock:
        rows = store.journal.connection.execute("SELECT row_id FROM op").fetchall()
    store.close()
    return {row_id for (row_id,) in rows}


HOLDER = """
import sys
from pathlib import Path
from client.store.connection import open_file
held = open_file(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), durable=True)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Another process writes in the file and does not end."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file), KEY.hex()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        yield
    finally:
        holder.communicate("\n")


@pytest.mark.parametrize("name", ["journal.db", "cache.db"])
def test_a_file_held_by_another_program_is_said_and_left_whole(
    worked: Worked, tmp_path: Path, name: str
) -> None:
    with held(worked.profile / name), pytest.raises(EpoError, match="занят"):
        use(worked.profile, worked.address)
    _, unsent = use(worked.profile, worked.address)
    assert unsent == []
    assert worked.said <= rows_kept(worked.profile)
