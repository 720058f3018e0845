"""Where the key of a profile comes from (DESIGN 4): the system's keyring, the user's password, or the caller's hand."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Protocol

import argon2
import keyring
import keyring.errors
import msgspec

from client.store.connection import WrongKey
from common.kit.errors import EpoError

KEY_BYTES = 32
SERVICE = "ais-epo"
WRAPPED = "key.bin"
COMING = "key.next.bin"
"""The same key under a password that the server has perhaps taken: both open until one of them is known to hold."""
TIME_COST, MEMORY_COST, LANES = 3, 64 * 1024, 1


class KeyLocked(EpoError):
    """The keyring is there and does not open."""


class PasswordRefused(WrongKey):
    """The key's wrapping does not open with this password."""


class KeySource(Protocol):
    def key(self, profile: Path) -> bytes: ...


class GivenKey:
    """Tests, the demo and --key-stdin hand the key in."""

    def __init__(self, key: bytes) -> None:
        self.given = key if len(key) == KEY_BYTES else hashlib.sha256(key).digest()

    def key(self, profile: Path) -> bytes:
        return self.given


class KeyringKey:
    """The key lies in the system's keyring under the profile's path."""

    def key(self, profile: Path) -> bytes:
        name = str(profile.resolve())
        try:
            stored = keyring.get_password(SERVICE, name)
            if stored is None:
                if (profile / "key.check").exists():
                    raise WrongKey(
                        "Ключ этого профиля не найден в хранилище ключей системы. Войдите в систему "
                        "под прежним пользователем или восстановите хранилище"
                    )
                stored = secrets.token_hex(KEY_BYTES)
                keyring.set_password(SERVICE, name, stored)
        except keyring.errors.KeyringError:
            said = "Хранилище ключей системы заперто. Откройте его и запустите программу снова"
            raise KeyLocked(said) from None
        return bytes.fromhex(stored)


def keyring_works() -> bool:
    """Only back-ends that keep secrets encrypted: plaintext ones have priority below 1."""
    try:
        return keyring.get_keyring().priority >= 1
    except (RuntimeError, keyring.errors.KeyringError):
        return False


class _Wrapped(msgspec.Struct):
    salt: bytes
    mask: bytes
    check: bytes


class PasswordKey:
    """A random key, wrapped by argon2id of the password; asked at each start."""

    def __init__(self, password: str) -> None:
        self.password = password

    def key(self, profile: Path) -> bytes:
        path = profile / WRAPPED
        if not path.exists():
            if (profile / "key.check").exists():
                raise WrongKey(
                    f"В папке профиля нет файла {WRAPPED} с ключом: верните его из копии"
                )
            return self._make(path)
        try:
            return self._opened(path)
        except PasswordRefused:
            coming = profile / COMING
            if not coming.exists():
                raise
            return self._opened(coming)

    def _opened(self, path: Path) -> bytes:
        try:
            wrapped = msgspec.msgpack.decode(path.read_bytes(), type=_Wrapped)
        except (msgspec.ValidationError, msgspec.DecodeError):
            raise WrongKey(f"Файл ключа {path.name} повреждён: верните его из копии") from None
        stretched = self._stretch(wrapped.salt)
        key = bytes(a ^ b for a, b in zip(stretched[:KEY_BYTES], wrapped.mask, strict=True))
        if not hmac.compare_digest(_check(stretched, key), wrapped.check):
            raise PasswordRefused(
                "Пароль не подходит к записям этого компьютера. Если пароль сменили, введите прежний"
            )
        return key

    def _make(self, path: Path) -> bytes:
        key = secrets.token_bytes(KEY_BYTES)
        self._keep(path, key)
        return key

    def wrap(self, profile: Path, key: bytes) -> None:
        """The same key under this password alone from now on."""
        try:
            settled = self._opened(profile / WRAPPED) == key
        except PasswordRefused:
            settled = False
        if not settled:
            self._keep(profile / WRAPPED, key)
        (profile / COMING).unlink(missing_ok=True)

    def prepare(self, profile: Path, key: bytes) -> None:
        """The same key under this password too, before anybody knows whether it will be the one."""
        self._keep(profile / COMING, key)

    def _keep(self, path: Path, key: bytes) -> None:
        salt = secrets.token_bytes(16)
        stretched = self._stretch(salt)
        mask = bytes(a ^ b for a, b in zip(stretched[:KEY_BYTES], key, strict=True))
        path.parent.mkdir(parents=True, exist_ok=True)
        keep(path, msgspec.msgpack.encode(_Wrapped(salt, mask, _check(stretched, key))))

    def _stretch(self, salt: bytes) -> bytes:
        """64 bytes: the first half masks the key, the second checks it."""
        return argon2.low_level.hash_secret_raw(
            self.password.encode(),
            salt,
            time_cost=TIME_COST,
            memory_cost=MEMORY_COST,
            parallelism=LANES,
            hash_len=64,
            type=argon2.low_level.Type.ID,
        )


def _check(stretched: bytes, key: bytes) -> bytes:
    return hmac.digest(stretched[KEY_BYTES:], key, "sha256")


def keep(path: Path, content: bytes) -> None:
    """A small file that is there whole or not at all, also after the power went; for its owner only."""
    half = path.with_name(path.name + ".new")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123  Path.open has no mode
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def fingerprint(key: bytes) -> str:
    """Tells a wrong key from a damaged file, and nothing about the key."""
    return hmac.new(key, b"epo profile", hashlib.sha256).hexdigest()
