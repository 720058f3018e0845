"""A journal whose log of writes was cut short opens without a word of SQLite's; the desk says what is gone."""

from __future__ import annotations

import shutil
from pathlib import Path

from client.store.store import Store
from tests.client.store.conftest import KEY, OpenStore
from tests.client.store.test_files import create

NAMES = ("Аникина", "Белова", "Волкова", "Громова")


def as_killed(store: Store, copy: Path) -> Path:
    """The files as they lie on the disk while the program works."""
    shutil.copytree(store.profile, copy)
    return copy


def opened(profile: Path) -> tuple[list[str], int]:
    """What is said at a start, and how many operations there are."""
    store = Store(profile, KEY)
    count = len(store.journal.entries("1"))
    store.close()
    return store.notes, count


def test_operations_that_went_with_the_end_of_the_log_are_told_once(
    store: Store, tmp_path: Path
) -> None:
    for name in NAMES:
        create(store, name)
    whole = as_killed(store, tmp_path / "whole")
    assert opened(whole)[0] == []
    cut = as_killed(store, tmp_path / "cut")
    log = cut / "journal.db-wal"
    before = log.read_bytes()
    log.write_bytes(before[:-5000])
    (said,), left = opened(cut)
    lost = len(store.journal.entries("1")) - left
    assert lost == 1
    assert "короче, чем был: не сохранилось: 1 запись" in said.replace("\u00a0", " ")
    (aside,) = cut.glob("journal-неполный-*.db")
    assert aside.name in said
    assert opened(cut)[0] == []


def test_a_computer_that_got_another_number_or_a_new_cache_says_nothing(
    store: Store, open_store: OpenStore
) -> None:
    create(store, NAMES[0])
    with store.lock:
        store.cache.set_state(top="another:99")
    store.close()
    again = open_store()
    assert again.notes == []
    again.close()
    for file in again.profile.glob("cache.db*"):
        file.unlink()
    assert open_store().notes == []
