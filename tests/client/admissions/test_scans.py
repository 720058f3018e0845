"""Scans on the papers of an application: chosen, dropped or pasted, kept at once, taken away and brought back."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.admissions.screens import AdmissionPage
from client.kit.file_strip import FileChip, Offer
from client.kit.part_rows import Row
from client.kit.records import Attachment, FilePlace
from client.store import filing
from client.store.store import Store
from common.admissions.kinds import DocumentState
from common.kit.contents import MAX_FILE, FileKind
from tests.client.admissions.conftest import Show
from tests.client.conftest import Dress
from tests.end_to_end.typist import Typist
from tests.widget_checks import everything_wrong

CTRL = Qt.KeyboardModifier.ControlModifier
PDF = b"%PDF-1.7\n" + b"scan" * 100
Desk = Callable[..., tuple[AdmissionPage, Typist]]


@pytest.fixture
def desk(store: Store, show: Show) -> Desk:
    """A new application with a name, or a stored one."""

    def opened(which: Store = store, id: UUID | None = None) -> tuple[AdmissionPage, Typist]:
        page = AdmissionPage(which, id)

        def close() -> None:
            page.form.discard()
            page._twin_timer.stop()
            page.background.wait()
            page.keeping.wait()

        typist = show(page, close)
        next(page.form.editors()).setFocus()
        QApplication.processEvents()
        if id is None:
            typist.type("Ёлкина")
            typist.enter()
            typist.type("Анна")
            typist.enter(2)
            typist.type("11042010")
        return page, typist

    return opened


def row(page: AdmissionPage, name: str) -> Row:
    return next(r for r in page.form.blocks["document"].rows if r.held.value("name") == name)


def shown(page: AdmissionPage, name: str) -> list[tuple[str, FilePlace]]:
    strip = row(page, name).strip
    assert strip is not None
    return [(chip.file.name, chip.file.place) for chip in strip.chips]


def offer(page: AdmissionPage, name: str, *offers: Offer) -> None:
    strip = row(page, name).strip
    assert strip is not None
    strip.offered.emit(list(offers))


def on_disk(place: Path, name: str, content: bytes = PDF) -> Offer:
    (place / name).write_bytes(content)
    return Offer(name, place / name)


def test_a_scan_stores_its_paper_first_and_is_kept_at_once(
    store: Store, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    page, _ = desk()
    offer(page, "Паспорт", on_disk(tmp_path, "паспорт.pdf"))
    qtbot.waitUntil(lambda: shown(page, "Паспорт") == [("паспорт.pdf", FilePlace.WAITS)])
    papers = store.where("applicant_document", "applicant_id", page.main_id())
    assert [(p["name"], p["state"]) for p in papers.values()] == [
        ("Паспорт", DocumentState.RECEIVED)
    ]
    assert store.counts().files == 1
    strip = row(page, "Паспорт").strip
    assert strip is not None
    assert strip.chips[0].accessibleName() == "Скан: паспорт.pdf, 1 КБ, ждёт отправки"


def test_the_scans_are_there_when_the_application_is_opened_again(
    store: Store, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    page, _ = desk()
    offer(page, "Аттестат", on_disk(tmp_path, "1.pdf"), on_disk(tmp_path, "2.pdf", PDF + b"2"))
    qtbot.waitUntil(lambda: len(shown(page, "Аттестат")) == 2)
    again, _ = desk(id=page.main_id())
    assert [name for name, _ in shown(again, "Аттестат")] == ["1.pdf", "2.pdf"]
    assert shown(again, "Паспорт") == []


def test_what_is_refused_is_named_and_the_others_are_kept(
    store: Store, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    page, _ = desk()
    large = tmp_path / "большой.pdf"
    with large.open("wb") as file:
        file.truncate(MAX_FILE + 1)
    offer(
        page,
        "Паспорт",
        on_disk(tmp_path, "вирус.pdf", b"MZ\x90\0"),
        on_disk(tmp_path, "хорош.pdf"),
        Offer("большой.pdf", large),
        Offer("нет.pdf", tmp_path / "нет.pdf"),
        Offer("папка", tmp_path),
    )
    qtbot.waitUntil(lambda: bool(page.faults.text.text()))
    said = page.faults.text.text()
    assert said.split(" · ") == [
        "«вирус.pdf»: внутри не PDF, JPEG, PNG или TIFF; сохраните скан в одном из этих видов",
        "«большой.pdf»: 25 МБ, а принимают до 25 МБ; отсканируйте с меньшим разрешением или по частям",
        "«нет.pdf»: это не файл; выберите скан",
        "«папка»: это не файл; выберите скан",
    ]
    assert shown(page, "Паспорт") == [("хорош.pdf", FilePlace.WAITS)]


def test_an_application_that_cannot_be_stored_says_why_and_keeps_no_scan(
    store: Store, show: Show, tmp_path: Path
) -> None:
    page = AdmissionPage(store)
    show(page, page.form.discard)
    offer(page, "Паспорт", on_disk(tmp_path, "паспорт.pdf"))
    assert page.faults.text.text().startswith("Не записано: ")
    assert page.faults.links[0].accessibleName().startswith("«Фамилия»")
    assert store.box.empty
    assert row(page, "Паспорт").held.value("state") is DocumentState.RECEIVED


def test_a_scan_that_was_just_brought_is_kept_though_the_form_is_closed(
    store: Store, desk: Desk, tmp_path: Path
) -> None:
    page, _ = desk()
    offer(page, "Паспорт", on_disk(tmp_path, "паспорт.pdf", PDF + bytes(5_000_000)))
    assert page.may_close()
    assert store.counts().files == 1


def test_files_are_dropped_on_a_row(store: Store, desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    page, _ = desk()
    path = on_disk(tmp_path, "скан.pdf").path
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    row(page, "Фотография").dropEvent(event)
    qtbot.waitUntil(lambda: shown(page, "Фотография") == [("скан.pdf", FilePlace.WAITS)])


def test_a_copied_picture_is_pasted(store: Store, desk: Desk, qtbot: QtBot) -> None:
    page, typist = desk()
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    QGuiApplication.clipboard().setImage(picture)
    typist.go_to("document3.state")
    typist.press(Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: bool(shown(page, "Фотография")))
    (scan,) = store.all("document_scan").values()
    assert (scan["name"], scan["kind"]) == ("снимок из буфера.png", FileKind.PNG)


def test_copied_text_is_pasted_into_the_field(store: Store, desk: Desk) -> None:
    page, typist = desk()
    QGuiApplication.clipboard().setText("Полис")
    typist.go_to("document1.name")
    typist.focused().selectAll()  # type: ignore[attr-defined]  # the line of that field
    typist.press(Qt.Key.Key_V, CTRL)
    assert page.form.blocks["document"].rows[0].held.value("name") == "Полис"


def test_keys_walk_open_and_take_away(
    store: Store, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    page, typist = desk()
    offer(page, "Паспорт", on_disk(tmp_path, "1.pdf"), on_disk(tmp_path, "2.pdf", PDF + b"2"))
    qtbot.waitUntil(lambda: len(shown(page, "Паспорт")) == 2)
    typist.go_to("document1.state")
    typist.press(Qt.Key.Key_F3)
    typist.press(Qt.Key.Key_Right)
    asked: list[Attachment] = []
    page.file_asked.connect(asked.append)
    typist.press(Qt.Key.Key_Return)
    assert [file.name for file in asked] == ["2.pdf"]
    undo: list[Callable[[], None]] = []
    page.removed.connect(lambda _words, act: undo.append(act))
    typist.press(Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: [n for n, _ in shown(page, "Паспорт")] == ["1.pdf"])
    focused = QApplication.focusWidget()
    assert isinstance(focused, FileChip)
    assert focused.file.name == "1.pdf"
    undo[0]()
    qtbot.waitUntil(lambda: len(shown(page, "Паспорт")) == 2)
    typist.press(Qt.Key.Key_Escape)
    assert typist.editor_name() == "document1.state"


def test_a_row_without_scans_gives_f3_nothing_to_do(store: Store, desk: Desk) -> None:
    _, typist = desk()
    typist.go_to("document1.state")
    typist.press(Qt.Key.Key_F3)
    assert typist.editor_name() == "document1.state"


def test_who_may_not_see_numbers_of_papers_sees_no_scans(
    store: Store, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    page, _ = desk()
    offer(page, "Паспорт", on_disk(tmp_path, "паспорт.pdf"))
    qtbot.waitUntil(lambda: bool(shown(page, "Паспорт")))
    held = [p for p in store.journal.fact("permissions") if ".P2" not in p]
    store.journal.set_facts(permissions=held)
    again, _ = desk(id=page.main_id())
    assert row(again, "Паспорт").strip is None


def test_who_may_only_read_attaches_nothing(
    store: Store, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    page, _ = desk()
    offer(page, "Паспорт", on_disk(tmp_path, "паспорт.pdf"))
    qtbot.waitUntil(lambda: bool(shown(page, "Паспорт")))
    held = [p for p in store.journal.fact("permissions") if "write" not in p]
    store.journal.set_facts(permissions=held)
    again, _ = desk(id=page.main_id())
    strip = row(again, "Паспорт").strip
    assert strip is not None
    assert not strip.adder.isVisible()
    assert not row(again, "Паспорт").acceptDrops()
    assert [n for n, _ in shown(again, "Паспорт")] == ["паспорт.pdf"]


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_nothing_is_clipped_or_unnamed_beside_scans(
    store: Store, desk: Desk, qtbot: QtBot, tmp_path: Path, dress: Dress, scale: float
) -> None:
    dress(scale=scale)
    page, _ = desk()
    name = "очень длинное имя скана паспорта с обеими сторонами.pdf"
    offer(page, "Паспорт", on_disk(tmp_path, "разворот.pdf"), on_disk(tmp_path, name, PDF + b"2"))
    qtbot.waitUntil(lambda: len(shown(page, "Паспорт")) == 2)
    for size in ((800, 600), (1440, 900)):
        page.resize(*size)
        QApplication.processEvents()
        wrong = everything_wrong(page)
        wrong.pop("latin_words", None)  # names of files are people's own
        assert wrong == {}


def test_a_name_that_does_harm_is_shown_plain(store: Store, desk: Desk, qtbot: QtBot) -> None:
    page, _ = desk()
    page.form.bring(row(page, "Паспорт").held)
    assert page.store_it()
    paper = row(page, "Паспорт").held.id
    hostile = "<img src='/etc/passwd'>\u202e" + struct.pack("<I", 7).decode() + "../..\\x.exe"
    filing.attach(store, "document_scan", paper, hostile, PDF)
    qtbot.waitUntil(lambda: [n for n, _ in shown(page, "Паспорт")] == ["x.pdf"])
