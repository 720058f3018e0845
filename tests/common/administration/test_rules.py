"""Logins that read alike are one login (TRUST B-21)."""

from __future__ import annotations

import pytest

from common.administration.rules import refuse_login, twins


@pytest.mark.parametrize("login", ["аdmin", "ivanov.аа", "Pоман", "priеm1"])
def test_two_alphabets_in_one_login_are_refused(login: str) -> None:
    assert "смешаны" in (refuse_login(login) or "")


@pytest.mark.parametrize("login", ["ivanov.aa2", "иванов.аа2", "2026-1", "ёлкина"])
def test_one_alphabet_is_right(login: str) -> None:
    assert refuse_login(login) is None


def test_what_reads_the_same_in_the_other_alphabet_is_the_same_login() -> None:
    assert "сора" in twins("copa")
    assert "copa" in twins("сора")
    assert twins("ivanov") == {"ivanov"}
    assert twins("иванов") == {"иванов"}
