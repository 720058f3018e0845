"""Codes issued from the list of accounts: the slips open for printing, and whoever got none is named."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from client.kit.preview import PaperPreview
from client.shell.issuing import WITHOUT_LINK, IssueCodes
from common.kit.codes import code_key
from common.kit.ids import new_id
from common.kit.sync import Save
from tests.client.conftest import Dress
from tests.client.shell.quarrel import Desk
from tests.demo_world import World
from tests.widget_checks import everything_wrong, settle


@pytest.fixture(scope="module")
def admin(region: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("issuer") / "d", region, "admin")
    yield made
    made.close()


@pytest.fixture
def hired(admin: Desk) -> list[str]:
    """Two people who have never come in, and the administrator himself."""
    mark = new_id().hex[-6:]
    ids = [new_id(), new_id()]
    for place, id in enumerate(ids):
        values = {
            "login": f"n{place}{mark}",
            "name": f"Новикова Анна {place}",
            "kind": "staff",
            "state": "pending",
            "consent_on": "2026-01-12",
        }
        body = Save("account", id, True, {n: (None, v) for n, v in values.items()})
        admin.store.record(lambda _n, body=body: [body])  # type: ignore[misc]  # the loop's own
    admin.sync()
    assert admin.store.troubles() == []
    own = str(admin.store.journal.fact("account"))
    return [*(id.hex for id in ids), own]


def ask(
    admin: Desk, server: str, accounts: list[str], qtbot: QtBot
) -> tuple[IssueCodes, list[str], QWidget]:
    said: list[str] = []
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    dialog = IssueCodes(admin.store, server, accounts, said.append, window)
    dialog.show()
    settle()
    return dialog, said, window


def test_the_slips_open_for_printing_and_cannot_be_kept(
    admin: Desk, region: World, hired: list[str], qtbot: QtBot, dress: Dress
) -> None:
    dialog, said, window = ask(admin, region.address, hired, qtbot)
    assert everything_wrong(dialog) == {}
    QTest.keyPress(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(said), timeout=20_000)
    assert said[0].startswith("Выдано кодов: 2. Без кода: Соколов")
    (preview,) = window.findChildren(PaperPreview)
    qtbot.waitExposed(preview)
    assert not preview.save.isVisible()
    assert everything_wrong(preview) == {}
    with pypdfium2.PdfDocument(preview.paper.content) as paper:
        cards = paper[0].get_textpage().get_text_range()
        journal = paper[1].get_textpage().get_text_range()
    codes = [word for word in cards.split() if code_key(word)]
    assert len(codes) == 2
    assert not [word for word in journal.split() if code_key(word)]
    assert "Новикова Анна 0" in journal
    preview.reject()


def test_without_a_link_it_is_said_and_nothing_is_lost(
    admin: Desk, hired: list[str], qtbot: QtBot, dress: Dress
) -> None:
    dialog, said, _ = ask(admin, "http://127.0.0.1:9", hired, qtbot)
    dialog.telephone.setChecked(True)
    dialog.yes.click()
    qtbot.waitUntil(dialog.message.isVisible, timeout=20_000)
    assert dialog.message.text() == WITHOUT_LINK
    assert (said, dialog.telephone.isChecked(), dialog.yes.isEnabled()) == ([], True, True)
    dialog.reject()
