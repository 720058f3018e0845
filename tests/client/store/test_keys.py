"""Where the key of a profile comes from: never a key in clear, a wrong password said plainly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from client.store.connection import WrongKey
from client.store.keys import GivenKey, KeyLocked, KeyringKey, PasswordKey, keyring_works


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory."""

    priority = 5

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise keyring.errors.KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[(service, username)] = password


@pytest.fixture
def ring() -> Iterator[Ring]:
    before, made = keyring.get_keyring(), Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_the_same_password_opens_the_same_key(tmp_path: Path) -> None:
    key = PasswordKey("берёза-17").key(tmp_path)
    assert len(key) == 32
    assert PasswordKey("берёза-17").key(tmp_path) == key


def test_a_wrong_password_is_said_plainly(tmp_path: Path) -> None:
    PasswordKey("берёза-17").key(tmp_path)
    with pytest.raises(WrongKey, match="Пароль не подходит к записям этого компьютера"):
        PasswordKey("береза-17").key(tmp_path)


def test_neither_key_nor_password_lies_on_disk(tmp_path: Path) -> None:
    key = PasswordKey("берёза-17").key(tmp_path)
    wrapped = (tmp_path / "key.bin").read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["key.bin"]
    for secret in (key, key.hex().encode(), "берёза-17".encode()):
        assert secret not in wrapped
    assert (tmp_path / "key.bin").stat().st_mode & 0o077 == 0


def test_a_damaged_key_file_is_said_and_kept(tmp_path: Path) -> None:
    PasswordKey("берёза-17").key(tmp_path)
    (tmp_path / "key.bin").write_bytes(b"\x00")
    with pytest.raises(WrongKey, match="Файл ключа"):
        PasswordKey("берёза-17").key(tmp_path)
    assert (tmp_path / "key.bin").read_bytes() == b"\x00"


def test_no_new_key_is_made_for_a_profile_that_has_data(tmp_path: Path, ring: Ring) -> None:
    (tmp_path / "key.check").write_text("x", encoding="ascii")
    with pytest.raises(WrongKey, match="нет файла"):
        PasswordKey("берёза-17").key(tmp_path)
    with pytest.raises(WrongKey, match="не найден в хранилище"):
        KeyringKey().key(tmp_path)
    assert ring.kept == {}


def test_the_keyring_keeps_a_key_for_each_profile(tmp_path: Path, ring: Ring) -> None:
    key = KeyringKey().key(tmp_path / "one")
    assert KeyringKey().key(tmp_path / "one") == key
    assert KeyringKey().key(tmp_path / "two") != key


def test_a_locked_keyring_is_said_plainly(tmp_path: Path, ring: Ring) -> None:
    ring.locked = True
    with pytest.raises(KeyLocked, match="Хранилище ключей системы заперто"):
        KeyringKey().key(tmp_path)


def test_a_keyring_in_clear_does_not_count(ring: Ring) -> None:
    assert keyring_works() is True
    ring.priority = 0.5  # type: ignore[assignment]  # a property of the library
    assert keyring_works() is False


def test_a_key_of_any_length_may_be_handed_in(tmp_path: Path) -> None:
    assert GivenKey(bytes(32)).key(tmp_path) == bytes(32)
    assert len(GivenKey(b"demo").key(tmp_path)) == 32
