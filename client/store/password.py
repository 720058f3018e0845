"""The account's password at this computer: a verifier in the journal, pauses that grow with wrong guesses, and its change."""

from __future__ import annotations

from typing import Protocol

import argon2

from client.net.link import Offline
from client.store.connection import LOCKED, Asleep
from client.store.keys import (
    COMING,
    LANES,
    MEMORY_COST,
    TIME_COST,
    WRAPPED,
    PasswordKey,
    PasswordRefused,
)
from client.store.store import Store
from common.kit.errors import EpoError, TooMany
from common.kit.issuing import PasswordChanged
from common.kit.words import counted

FREE = 3
"""Wrong guesses that cost nothing: a slip of the finger, the layout, Caps Lock."""
FIRST_WAIT, LONGEST_WAIT = 5, 300
"""Seconds: doubled with each guess beyond the free ones."""

PATIENCE = 5.0
"""Seconds for which the server may be silent before a change of the password is put off."""
WITHOUT_LINK = "Пароль меняет сервер, а связи с ним нет. Повторите, когда она появится: прежний пароль действует"
WRONG = "Пароль не подходит. Проверьте раскладку и Caps Lock"

_hasher = argon2.PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_COST, parallelism=LANES)


class WrongPassword(EpoError):
    """Not the password of the last sign-in with the server."""


class NoLink(Offline):
    """The server does not answer: nothing was sent to it."""


class Changer(Protocol):
    """What a change of the password asks of the way to the server."""

    def answers(self, patience: float) -> bool: ...

    token: str

    def change_password(self, old: str, new: str) -> PasswordChanged: ...


class NeverProved(EpoError):
    """No sign-in on this computer has left anything to compare a password with."""


def remember(store: Store, password: str) -> None:
    """The server has just accepted this password: without a link it is compared with it, and it opens the key. Asleep."""
    if not store.key:
        raise Asleep(LOCKED)
    if (store.profile / WRAPPED).exists():
        PasswordKey(password).wrap(store.profile, store.key)
    proof = _hasher.hash(password)
    with store.lock:
        store.journal.set_facts(password_proof=proof, wrong_guesses=0, locked=False)


def change(store: Store, link: Changer, old: str, new: str) -> None:
    """At the server and here; NoLink, Offline where nobody knows whether it was taken, Invalid by its fields.

    Whichever of both passwords the server has by then opens this computer. Every token of the owner's ends;
    this desk and `link` go on under the one that the server gives for it.
    """
    if not link.answers(PATIENCE):
        raise NoLink(WITHOUT_LINK)
    coming = store.profile / COMING
    doubtful = coming.exists()
    if (store.profile / WRAPPED).exists():
        PasswordKey(new).prepare(store.profile, store.key)
    try:
        with store.journal.renewing:
            told = link.change_password(old, new)
            with store.lock:
                store.journal.set_facts(token=told.token, ending=told.ending)
    except (Offline, Asleep):  # the program was locked meanwhile
        raise
    except EpoError:
        if not doubtful:
            coming.unlink(missing_ok=True)
        raise
    link.token = told.token
    remember(store, new)


def prove(store: Store, password: str, *, now: int) -> None:
    """WrongPassword, TooMany while a pause lasts, NeverProved; `now` in ms. Takes a fraction of a second."""
    with store.lock:
        proof = str(store.journal.fact("password_proof", ""))
        guesses = int(store.journal.fact("wrong_guesses", 0))
        last = int(store.journal.fact("wrong_at", 0))
    if not proof:
        raise NeverProved("Сначала войдите на этом компьютере один раз со связью")
    if left := _seconds_left(guesses, last, now):
        raise TooMany(_wait(left), retry_after=left)
    try:
        _hasher.verify(proof, password)
    except argon2.exceptions.VerifyMismatchError:
        raise _refusal(store, guesses + 1, now) from None
    with store.lock:
        store.journal.set_facts(wrong_guesses=0, locked=False)


def _refusal(store: Store, guesses: int, now: int) -> WrongPassword:
    with store.lock:
        store.journal.set_facts(wrong_guesses=guesses, wrong_at=now)
    pause = pause_after(guesses)
    return WrongPassword(f"{WRONG}. {_wait(pause)}" if pause else WRONG, retry_after=pause)


class Pauses:
    """Wrong guesses at a key that lies under the password, since the program was started: before it opens nothing is written."""

    def __init__(self) -> None:
        self.guesses = self.last = 0

    def refuse(self, now: int) -> None:
        if left := _seconds_left(self.guesses, self.last, now):
            raise TooMany(_wait(left), retry_after=left)

    def wrong(self, said: PasswordRefused, now: int) -> PasswordRefused:
        self.guesses, self.last = self.guesses + 1, now
        pause = pause_after(self.guesses)
        return PasswordRefused(f"{said.message}. {_wait(pause)}") if pause else said

    def forgive(self) -> None:
        """The last one was no guess: the server knows it."""
        self.guesses -= 1

    def right(self) -> None:
        self.guesses = 0


def pause_after(guesses: int) -> int:
    """Seconds before the next guess after so many wrong ones."""
    beyond = guesses - FREE
    return min(LONGEST_WAIT, FIRST_WAIT << min(beyond, 10)) if beyond >= 0 else 0


def _seconds_left(guesses: int, last: int, now: int) -> int:
    """A clock set back makes the pause begin anew, never longer."""
    pause = pause_after(guesses)
    passed = max(0, now - last) // 1000
    return int(max(0, pause - passed))


def _wait(seconds: int) -> str:
    return f"Следующая попытка через {counted(seconds, 'секунду', 'секунды', 'секунд')}"
