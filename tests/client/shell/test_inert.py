"""A name that is markup stays a name: no window, list, tooltip or paper opens the file that it names (TRUST D-45)."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QToolTip
from pytestqt.qtbot import QtBot

from client.kit.list_screen import ListScreen
from client.kit.preview import PaperPreview
from client.kit.words import hint
from client.store.store import Store
from common.kit.sync import Save
from tests.client.conftest import OpenDesktop
from tests.widget_checks import settle

OPENED, READ = 0x20, 0x1
NONBLOCK = os.O_NONBLOCK


class Watched:
    """A picture, and how often anybody has opened it."""

    def __init__(self, place: Path) -> None:
        self.file = (
            place / "7"
        )  # names are written anew with capital letters: this one stays as it is
        drawn = QPixmap(8, 8)
        drawn.fill(Qt.GlobalColor.red)
        assert drawn.save(str(self.file), "PNG")
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._watch: int = self._libc.inotify_init1(NONBLOCK)
        added = self._libc.inotify_add_watch(self._watch, os.fsencode(self.file), OPENED | READ)
        assert added >= 0

    @property
    def markup(self) -> str:
        return f"<img src='{self.file.name}'>"

    def opened(self) -> bool:
        """Since the last question."""
        try:
            return bool(os.read(self._watch, 4096))
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self._watch)


@pytest.fixture
def watched(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    monkeypatch.chdir(tmp_path)
    made = Watched(tmp_path)
    yield made
    made.close()


def test_a_label_that_reads_markup_is_caught(watched: Watched, qtbot: QtBot) -> None:
    """Else the test below would prove nothing."""
    label = QLabel(f"<b>А</b>{watched.markup}")
    qtbot.addWidget(label)
    label.show()
    settle()
    assert watched.opened()


def test_a_name_that_names_a_file_opens_it_nowhere(
    open_desktop: OpenDesktop, filled_store: Store, watched: Watched, qtbot: QtBot
) -> None:
    applicant = min(filled_store.all("applicant"))
    record = filled_store.get("applicant", applicant)
    assert record is not None
    person = record["person_id"]
    known = filled_store.get("person", person)
    assert known is not None
    names = ("last_name", "first_name", "birth_place")
    told = {name: (known[name], watched.markup) for name in names}
    filled_store.record(lambda _: [Save("person", person, create=False, set=told)])
    desktop = open_desktop(server="http://127.0.0.1:9")
    desktop.frame.resize(1280, 800)
    desktop.frame.show()
    desktop.work.open_section("applicants")
    screen = desktop.frame.tab("applicants")
    assert isinstance(screen, ListScreen)
    qtbot.waitUntil(lambda: screen.total > 2)
    screen.table.select_keys([applicant], applicant)
    desktop.finder.suggest("img")
    desktop.asides.wait()
    desktop.work.open_applicant(UUID(applicant))
    desktop.work.open_outbox()
    QToolTip.showText(QPoint(0, 0), hint(watched.markup))
    desktop.frame.set_status(watched.markup)
    desktop.frame.notice.say(watched.markup)
    desktop.frame.undo_bar.offer(watched.markup, lambda: None)
    desktop.work.print_applicant(applicant)
    qtbot.waitUntil(lambda: bool(desktop.frame.findChildren(PaperPreview)), timeout=20_000)
    settle()
    shown = [desktop.frame.tabs.tabText(n) for n in range(desktop.frame.tabs.count())]
    assert any("<img src='7'>" in text.casefold() for text in shown)
    assert not watched.opened()
