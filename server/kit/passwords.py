"""Passwords: how they are kept, which are refused, and one-time codes that open an account once."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable

import argon2
import zxcvbn

from common.administration.rules import SHORTEST, refuse_length
from common.kit.codes import ALPHABET, SIGNS, show_code
from common.kit.errors import Invalid

GUESSED = 72
"""Signs that are weighed: what is longer is strong by its length."""
STRONG = 3
"""zxcvbn's mark from which on 10^8 guesses do not suffice."""

_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_slots = threading.BoundedSemaphore(2)
"""Each hash takes a core and 19 MiB: a morning of sign-ins must not take them all."""


def hashed(password: str) -> str:
    with _slots:
        return _hasher.hash(password)


NOBODY = hashed(secrets.token_hex(8))
"""What is verified where there is nothing to verify, so that both take the same time."""


def is_right(stored: str | None, password: str) -> bool:
    with _slots:
        try:
            _hasher.verify(stored or NOBODY, password)
        except argon2.exceptions.VerifyMismatchError:
            return False
    return stored is not None


def refuse_weak(password: str, words: Iterable[str]) -> None:
    """Invalid where it is short, long or soon guessed; `words` are what anybody knows of its owner: login, name, college."""
    if said := refuse_length(password):
        raise Invalid(said, {"new_password": ""})
    known = [part for word in words for part in (word, *word.split()) if len(part) > 2]
    found = zxcvbn.zxcvbn(password[:GUESSED], user_inputs=[*known, "эпо", "колледж", "пароль"])
    if found["score"] < STRONG or _is_known(password, known):
        raise Invalid(
            "Этот пароль легко угадать. Придумайте фразу из нескольких не связанных слов, "
            "без имени, логина и названия колледжа",
            {"new_password": ""},
        )


def _is_known(password: str, words: Iterable[str]) -> bool:
    """Little is left of it without those words."""
    rest = password.casefold()
    for word in sorted(map(str.casefold, words), key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < SHORTEST // 2


def new_code() -> str:
    """A one-time code of 69 bits, as it is printed."""
    return show_code("".join(secrets.choice(ALPHABET) for _ in range(SIGNS)))
