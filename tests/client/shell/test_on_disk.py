"""What lies on the disk of a desk tells nothing to one who has the disk alone (TRUST D-42); one window works in a profile (D-48)."""

from __future__ import annotations

import base64
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.app import leave_no_core, main
from client.kit.records import Draft
from client.net.link import Link
from client.shell.entrance import Entrance
from client.shell.lists import LISTS
from client.shell.sign_in import SignIn
from client.shell.start import ask, hold, twice
from client.store.keys import PasswordKey
from client.store.store import Store
from client.store.syncing import run
from common.kit.ids import new_id
from common.kit.sync import Save
from tests.client.conftest import Dress
from tests.demo_world import PASSWORD, World
from tests.widget_checks import everything_wrong

TYPED = "Канарейкина-Загорская"
LOGIN = "sekretar"
NOBODY_READS = ("settings.ini", "window.lock")
"""The only files that are no ciphertext: the server's address and the look; a number of a process."""


def spellings(word: str) -> Iterator[bytes]:
    """In the ways a text may rest in a file."""
    for form in {word, word.casefold(), word.upper()}:
        plain = form.encode()
        yield from (
            plain,
            form.encode("utf-16-le"),
            form.encode("utf-16-be"),
            form.encode("cp1251"),
        )
        yield from (base64.b64encode(plain).rstrip(b"="), plain.hex().encode())
        if not form.isascii():
            yield from (urllib.parse.quote(form).encode(), form.encode("unicode_escape"))


@pytest.fixture
def signed_in(
    tmp_path: Path, region: World, qtbot: QtBot, dress: Dress
) -> Iterator[tuple[Store, Path]]:
    """Through the window, where no keyring keeps the key: it lies under the password."""
    place = tmp_path / "profile"
    entrance = Entrance(place, LISTS, computer="ПК-1")
    entrance._source = lambda password: PasswordKey(password) if password else None  # type: ignore[method-assign]  # the machine may have a keyring
    settings = QSettings(str(place / "settings.ini"), QSettings.Format.IniFormat)
    settings.setValue("login", LOGIN)  # as an older program has left it

    def type_in() -> None:
        window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, SignIn))
        for name, text in (("server", region.address), ("login", LOGIN), ("password", PASSWORD)):
            window.fields[name].setText(text)
        window.submit()

    QTimer.singleShot(0, type_in)
    store = ask(entrance, region.address, settings)
    settings.sync()
    assert store is not None
    yield store, place
    store.close()


def test_nothing_readable_lies_in_the_profile_of_one_who_signed_in_and_worked(
    signed_in: tuple[Store, Path],
) -> None:
    store, place = signed_in
    link = Link(str(store.journal.fact("server")), str(store.journal.fact("token")))
    assert run(store, link).online
    link.close()
    body = Save("person", new_id(), create=True, set={"last_name": (None, TYPED)})
    store.record(lambda _: [body])
    store.save_draft(Draft("d", "person", TYPED, {"typed": {"last_name": TYPED}}, 1))
    store.box.put(f"скан {TYPED}".encode())
    pulled = next(iter(store.all("person").values()))
    secrets = {
        "typed": TYPED,
        "pulled": str(pulled["last_name"]),
        "login": LOGIN,
        "password": PASSWORD,
        "token": str(store.journal.fact("token")),
        "user": str(store.journal.fact("name")),
        "key": store.key.hex(),
    }
    files = {path.name: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert files.keys() >= {"journal.db", "files.db", "key.bin", "key.check", "settings.ini"}
    found = [
        (name, what)
        for name, content in files.items()
        for what, word in secrets.items()
        if store.key in content or any(form in content for form in spellings(word))
    ]
    assert found == []
    clear = [n for n, c in files.items() if c.isascii() and n not in ("key.check", *NOBODY_READS)]
    assert clear == []


def test_the_search_finds_what_is_there() -> None:
    """Else the test above would prove nothing."""
    for code in ("utf-8", "utf-16-le"):
        assert any(form in f"x{TYPED}y".encode(code) for form in spellings(TYPED))
    assert any(form in base64.b64encode(TYPED.encode()) for form in spellings(TYPED))


def test_a_process_that_dies_leaves_no_memory_on_the_disk() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_CORE)
    leave_no_core()
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
    resource.setrlimit(resource.RLIMIT_CORE, before)


def test_one_window_works_in_a_profile_and_a_second_is_told_so(
    tmp_path: Path, qtbot: QtBot, dress: Dress
) -> None:
    first = hold(tmp_path / "profile")
    assert first is not None
    assert hold(tmp_path / "profile") is None
    box = twice()
    qtbot.addWidget(box)
    box.show()
    assert "уже работает другое окно" in box.text()
    assert everything_wrong(box) == {}
    first.unlock()
    again = hold(tmp_path / "profile")
    assert again is not None
    again.unlock()


@pytest.mark.parametrize(
    ("facts", "said"),
    [({"locked": True}, "заблокирована"), ({"lease_to": 1, "contact": 0, "latest": 0}, "истёк")],
    ids=["locked", "lease"],
)
def test_without_a_window_a_shut_profile_tells_nothing_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    facts: dict[str, object], said: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("EPO_PROFILE_KEY", "0" * 32)
    store = Store(tmp_path, b"0" * 32)
    store.journal.set_facts(token="t", account=new_id().hex, **facts)
    store.close()
    assert main(["outbox", "--profile", str(tmp_path)]) == 1
    assert said in capsys.readouterr().err
