"""The password without the server: what the last sign-in proved, and pauses that grow."""

from __future__ import annotations

import pytest

from client.store.password import (
    FREE,
    NeverProved,
    WrongPassword,
    pause_after,
    prove,
    remember,
)
from client.store.store import Store
from common.kit.errors import TooMany

NOW = 1_800_000_000_000


def guess(store: Store, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            prove(store, "не тот", now=NOW)


def test_the_right_password_opens_and_a_wrong_one_does_not(store: Store) -> None:
    remember(store, "берёза-17")
    prove(store, "берёза-17", now=NOW)
    with pytest.raises(WrongPassword, match="Пароль не подходит"):
        prove(store, "берёза-18", now=NOW)


def test_the_password_itself_is_not_in_the_journal(store: Store) -> None:
    remember(store, "берёза-17")
    proof = store.journal.fact("password_proof")
    assert proof.startswith("$argon2id$")
    assert "берёза" not in proof


def test_without_a_sign_in_there_is_nothing_to_compare_with(store: Store) -> None:
    with pytest.raises(NeverProved, match="один раз со связью"):
        prove(store, "берёза-17", now=NOW)


def test_pauses_grow_and_hold_for_the_right_password_too(store: Store) -> None:
    remember(store, "берёза-17")
    guess(store, FREE)
    with pytest.raises(TooMany, match="через 5 секунд"):
        prove(store, "берёза-17", now=NOW)
    prove(store, "берёза-17", now=NOW + 5_000)
    assert [pause_after(n) for n in (0, 2, 3, 4, 5, 50)] == [0, 0, 5, 10, 20, 300]


def test_a_right_password_ends_the_count(store: Store) -> None:
    remember(store, "берёза-17")
    guess(store, FREE - 1)
    prove(store, "берёза-17", now=NOW)
    guess(store, FREE - 1)
    prove(store, "берёза-17", now=NOW)


def test_a_clock_set_back_does_not_end_a_pause(store: Store) -> None:
    remember(store, "берёза-17")
    guess(store, FREE)
    with pytest.raises(TooMany, match="через 5 секунд"):
        prove(store, "берёза-17", now=NOW - 3_600_000)
