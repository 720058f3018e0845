"""What is taken out of the program or refused at the desk is in the journal first, without a link too; the centre hears of it later."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from client.admissions import printing
from client.kit import preview
from client.kit.preview import PaperPreview
from client.store import basket, filing
from client.store.store import Store
from common.kit.errors import NotAllowed
from common.kit.sync import NOTE, Command
from tests.client.admissions.conftest import CLERK, SECRETARY
from tests.client.conftest import Dress
from tests.client.kit.test_pages import pdf
from tests.client.kit.test_reading import opened


def told(store: Store) -> list[tuple[str, str, str]]:
    bodies = [entry.op.body for entry in store.journal.entries("entity = ''")]
    notes = [b.args for b in bodies if isinstance(b, Command) and b.name == NOTE]
    return [(n["kind"], n.get("entity", ""), n.get("id", "")) for n in notes]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the system's dialogs put what is saved or printed."""
    place = tmp_path / "out"
    place.mkdir()

    class ToFile:
        def __init__(self, printer: QPrinter, _parent: object) -> None:
            printer.setOutputFileName(str(place / "printed.pdf"))

        def exec(self) -> QDialog.DialogCode:
            return QDialog.DialogCode.Accepted

    monkeypatch.setattr(preview, "QPrintDialog", ToFile)
    saved = (str(place / "saved.pdf"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: saved)
    return place


def test_what_leaves_a_preview_is_written_down_first(
    tmp_path: Path, shelf: Path, qtbot: QtBot, dress: Dress
) -> None:
    store, id = opened(tmp_path / "profile", SECRETARY)
    about = ("applicant", id.hex)
    shown = PaperPreview(pdf(1), "Скан", leaving=lambda kind: store.note(kind, "applicant", id))
    qtbot.addWidget(shown)
    shown.save_file()
    shown.print_it()
    assert told(store) == [("export", *about), ("print", *about)]
    assert sorted(path.name for path in shelf.iterdir()) == ["printed.pdf", "saved.pdf"]
    store.close()


def test_where_it_cannot_be_written_down_nothing_leaves(
    tmp_path: Path, shelf: Path, qtbot: QtBot, dress: Dress
) -> None:
    store, id = opened(tmp_path / "profile", SECRETARY)
    store.journal.set_facts(ended="Доступ прекращён")
    shown = PaperPreview(pdf(1), "Скан", leaving=lambda kind: store.note(kind, "applicant", id))
    qtbot.addWidget(shown)
    shown.show()
    shown.save_file()
    shown.print_it()
    assert list(shelf.iterdir()) == []
    assert shown.trouble.text().startswith("Доступ прекращён")
    assert shown.trouble.isVisible()
    store.close()


def test_an_application_that_is_saved_as_a_file_is_told_of(
    tmp_path: Path, shelf: Path, qtbot: QtBot, dress: Dress
) -> None:
    """That it is made to be printed is told when it is made."""
    store, id = opened(tmp_path / "profile", SECRETARY)
    window = PaperPreview(pdf(1), "", leaving=print)
    qtbot.addWidget(window)
    printing.show(store, id, pdf(1), window)
    (shown,) = window.findChildren(PaperPreview)
    shown.save_file()
    shown.print_it()
    assert told(store) == [("export", "applicant", id.hex)]
    store.close()


def test_what_is_refused_at_the_desk_is_written_down_without_a_link(
    tmp_path: Path, qtbot: QtBot, dress: Dress
) -> None:
    store, id = opened(tmp_path / "profile", CLERK)
    read_only = [p for p in store.journal.fact("permissions") if "write" not in p]
    store.journal.set_facts(permissions=read_only)
    with pytest.raises(NotAllowed):
        basket.delete(store, "applicant", [id.hex])
    paper = UUID(int=7)
    with pytest.raises(NotAllowed):
        filing.attach(store, "document_scan", paper, "а.pdf", pdf(1))
    assert told(store) == [
        ("denied", "applicant", id.hex),
        ("denied", "document_scan", paper.hex),
    ]
    store.close()
