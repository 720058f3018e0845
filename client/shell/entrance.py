"""The ways into one profile: by itself, with the server, without a link within the lease. Nothing here knows a window."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from client.kit.records import now_ms
from client.net.link import Link
from client.store.keys import (
    WRAPPED,
    GivenKey,
    KeyringKey,
    KeySource,
    PasswordKey,
    PasswordRefused,
    keyring_works,
)
from client.store.lease import LeaseEnded, refuse_ended_lease
from client.store.password import NeverProved, Pauses, prove, remember
from client.store.profile import CHECK
from client.store.sealing import words
from client.store.store import Store
from client.store.syncing import run, sign_in
from common.kit.codes import code_key
from common.kit.errors import EpoError, Invalid, NotSignedIn, StepNeeded
from common.kit.lists import ListSpec
from common.kit.sync import SignIn

OWN = "Придумайте свой пароль: код действует один раз"
NO_LONGER = (
    "Этот пароль открывает записи этого компьютера, но сервер его уже не принимает. "
    "Если пароль сменили на другом компьютере, введите новый"
)
ASIDE = "Записи под прежним паролем отложены целиком в папку {}"
PATIENCE = 10.0
"""Seconds for which a person who signs in waits for an answer."""


@dataclass(frozen=True, slots=True)
class More:
    """What the steps after the password have asked."""

    new_password: str = ""
    second: str = ""
    old: str | None = None
    """The password under which this computer keeps its records; empty where it is forgotten."""


NOTHING = More()


class Entrance:
    """Each way opens the store anew and may take seconds: call them off the GUI thread, one at a time."""

    def __init__(
        self,
        profile: Path,
        lists: Sequence[ListSpec],
        *,
        computer: str,
        given: GivenKey | None = None,
        now: Callable[[], int] = now_ms,
    ) -> None:
        self.now = now
        self._pauses = Pauses()
        self._aside: Path | None = None
        self.profile, self.lists, self.computer, self.given = profile, lists, computer, given
        self.notes: list[str] = []
        """What was found in the files while they were opened; for the person to read."""
        self.ended = False
        """The access of who worked here has ended."""
        self.recovery: list[str] = []
        """New recovery codes of the second factor: to be shown once."""
        self.server = self.login = ""
        """Of the last sign-in, once the journal was open."""

    @property
    def used(self) -> bool:
        """Has anybody worked in this profile?"""
        return (self.profile / CHECK).exists()

    def by_itself(self, *, ask: bool) -> Store | None:
        """The store, where its key comes without a person and the lease lasts; else None, and `notes` say why.

        `ask`: the person wants the password asked at each start.
        """
        source = self._source("")
        if source is None or not self.used:
            return None
        store = self._open(source)
        if store.ended:
            self.notes.append(words(store.journal))
        elif store.signed_in and not ask and not store.journal.fact("locked", False):
            try:
                refuse_ended_lease(store)
            except LeaseEnded as ended:
                self.notes.append(ended.message)
            else:
                return store
        store.close()
        return None

    def online(self, server: str, login: str, password: str, more: More = NOTHING) -> Store:
        """Sign in with the server. A profile in which nobody ever worked is not kept by a refusal."""
        store = self._open_online(server, login, password, more)
        link = Link(server, patience=PATIENCE)
        try:
            told = sign_in(
                store, link, login, password, self.computer,
                new_password=more.new_password, second=more.second,
            )  # fmt: skip
        except EpoError as fault:
            if store.ended:
                self._deliver(store)
            settled = type(fault) is NotSignedIn and self._is_known(store, password)
            if store.discard_unused():
                self._put_back()
            if settled:
                raise NotSignedIn(NO_LONGER) from None
            raise
        finally:
            link.close()
        self._aside = None
        own = more.new_password or password
        remember(store, own)
        self.recovery = told.recovery
        return store

    def _open_online(self, server: str, login: str, password: str, more: More) -> Store:
        """Neither a one-time code nor a password that was changed elsewhere opens the records of this computer."""
        own = more.new_password or password
        if self.given is not None or not (self.profile / WRAPPED).exists():
            return self._open(self._source(own))
        if more.old:
            return self._open(self._source(more.old))
        if code_key(password):
            if not more.new_password:
                raise StepNeeded(OWN, {"step": "new_password", "old": "yes"})
        elif more.old is None:
            try:
                return self._open(self._source(own))
            except PasswordRefused as refused:
                raise self._of_server(server, login, password, refused) from None
        self._aside = set_aside(self.profile, self.now())
        self.notes.append(ASIDE.format(self._aside.name))
        return self._open(self._source(own))

    def _put_back(self) -> None:
        """The server has not let him in: what was set aside for the new password comes back."""
        if self._aside is not None:
            shutil.rmtree(self.profile)
            self._aside.rename(self.profile)
            self.notes.remove(ASIDE.format(self._aside.name))
            self._aside = None

    def _of_server(
        self, server: str, login: str, password: str, refused: PasswordRefused
    ) -> EpoError:
        """What the server says of a password that opens nothing here: StepNeeded where it is the right one."""
        link = Link(server, patience=PATIENCE)
        try:
            link.sign_in(
                SignIn(login=login, password=password, computer=self.computer, locked=True)
            )
        except Invalid:
            return refused  # a server of an earlier version
        except StepNeeded as fault:
            self._pauses.forgive()
            return fault
        except EpoError as fault:
            return fault
        finally:
            link.close()
        return refused

    def _is_known(self, store: Store, password: str) -> bool:
        """Did this password open this computer's records by itself?"""
        if not (self.profile / WRAPPED).exists() or not store.signed_in:
            return False
        try:
            return PasswordKey(password).key(self.profile) == store.key
        except PasswordRefused:
            return False

    def hand_over(self) -> str:
        """What the desk of an ended account keeps goes to the server, where its key comes without a person; what to say."""
        source = self._source("")
        if source is None or not self.used:
            return ""
        store = self._open(source)
        try:
            return self._deliver(store) if store.ended else ""
        finally:
            store.close()

    def _deliver(self, store: Store) -> str:
        """By the desk's own key: that of an ended account may do this and nothing else."""
        link = Link(self.server, str(store.journal.fact("token", "")), patience=PATIENCE)
        try:
            done = run(store, link)
        finally:
            link.close()
        return done.why if done.closed else words(store.journal)

    def offline(self, login: str, password: str) -> Store:
        """Without the server: the right person, within the lease, with the password of the last sign-in."""
        if not self.used:
            raise EpoError(
                "На этом компьютере ещё не входили: первый вход возможен только со связью"
            )
        store = self._open(self._source(password))
        try:
            refuse_other(store, login)
            refuse_ended_access(store)
            refuse_ended_lease(store)
            self._prove(store, password)
        except EpoError:
            store.close()
            raise
        return store

    def _prove(self, store: Store, password: str) -> None:
        try:
            prove(store, password, now=self.now())
        except NeverProved:
            if not isinstance(self._source(password), PasswordKey):
                raise
            remember(store, password)  # it has just opened the key

    def _source(self, password: str) -> KeySource | None:
        """Where the key comes from; None where a password is needed and there is none."""
        if self.given is not None:
            return self.given
        if keyring_works() and not (self.profile / WRAPPED).exists():
            return KeyringKey()
        return PasswordKey(password) if password else None

    def key(self, password: str) -> bytes:
        """The profile's key, for one who has locked the program; WrongKey where a password guards it and this is not it."""
        return self._key(self._source(password))

    def _key(self, source: KeySource | None) -> bytes:
        """A key under a password is guessed at no faster than the password itself."""
        if source is None:
            raise EpoError("Введите пароль: без него записи этого компьютера не открыть")
        if not isinstance(source, PasswordKey):
            return source.key(self.profile)
        self._pauses.refuse(self.now())
        try:
            key = source.key(self.profile)
        except PasswordRefused as fault:
            raise self._pauses.wrong(fault, self.now()) from None
        self._pauses.right()
        return key

    def _open(self, source: KeySource | None) -> Store:
        store = Store(self.profile, self._key(source), self.lists)
        self.notes += [note for note in store.notes if note not in self.notes]
        self.server = str(store.journal.fact("server", ""))
        self.login = str(store.journal.fact("login", ""))
        self.ended = bool(store.ended)
        return store


def set_aside(profile: Path, now: int) -> Path:
    """A profile whose password is forgotten: nothing of it is deleted, it opens again when the password is remembered."""
    aside = profile.with_name(f"{profile.name}.{now}.old")
    profile.rename(aside)
    return aside


def refuse_other(store: Store, login: str) -> None:
    """Logins are compared as the server does: case does not count."""
    known = str(store.journal.fact("login", ""))
    if not store.signed_in:
        raise EpoError("На этом компьютере ещё не входили: первый вход возможен только со связью")
    if known.casefold() != login.strip().casefold():
        raise EpoError(
            f"Без связи этот компьютер открывается только под логином «{known}»", {"login": known}
        )


def refuse_ended_access(store: Store) -> None:
    if store.ended:
        raise EpoError(words(store.journal))
