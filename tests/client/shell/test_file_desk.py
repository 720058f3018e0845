"""The desktop sends files beside the records and opens them: here, from the server, or says when they come."""

from __future__ import annotations

import io
import secrets
import threading
from collections.abc import Iterator
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from client.kit.preview import PaperPreview
from client.kit.records import Attachment, FilePlace
from client.net.link import Link
from client.shell.desktop import Desktop
from client.shell.file_thread import FileThread
from client.store import filing
from client.store.file_sync import Sent, send
from client.store.store import Store
from client.store.syncing import run
from common.kit.contents import PIECE
from common.kit.ids import new_id
from common.kit.sync import Command, FileProgress
from tests.client.conftest import OpenDesktop
from tests.demo_world import World

SCAN = "document_scan"


def a_pdf(pages: int = 1, ballast: int = 0) -> bytes:
    """Never the same: the server of these tests keeps what it has."""
    made = io.BytesIO()
    canvas = Canvas(made)
    for number in range(pages):
        canvas.drawString(100, 700, f"{number} {secrets.token_hex(8)}")
        canvas.showPage()
    canvas.save()
    return made.getvalue() + b"%" + secrets.token_bytes(ballast)


def attach(store: Store, content: bytes, name: str = "паспорт.pdf") -> tuple[UUID, str]:
    paper = UUID(next(iter(store.all("applicant_document"))))
    made = filing.attach(store, SCAN, paper, name, content)
    return paper, made.body.id.hex  # type: ignore[union-attr]  # a save has an id


def shown(store: Store, id: str) -> Attachment:
    found = filing.attachment(store, SCAN, UUID(id))
    assert found is not None
    return found


@pytest.fixture
def link(filled_store: Store, region: World) -> Iterator[Link]:
    made = Link(region.address, str(filled_store.journal.fact("token")))
    yield made
    made.close()


@pytest.fixture
def thread(filled_store: Store, region: World) -> Iterator[FileThread]:
    made = FileThread(filled_store, region.address)
    made.start()
    yield made
    made.end()


def test_a_poke_sends_what_waits(
    filled_store: Store, link: Link, thread: FileThread, qtbot: QtBot
) -> None:
    _, id = attach(filled_store, a_pdf(ballast=3 * PIECE))
    run(filled_store, link)
    with qtbot.waitSignal(thread.sent, timeout=20_000) as told:
        thread.poke()
    (done,) = told.args
    assert isinstance(done, Sent)
    assert (done.files, done.left) == (1, 0)
    run(filled_store, link)
    assert shown(filled_store, id).place is FilePlace.SENT


def test_records_go_while_a_file_is_on_its_way(filled_store: Store, link: Link) -> None:
    """A piece of the file hangs on the line; a record recorded meanwhile is at the centre before it."""
    store, held, reached = filled_store, threading.Event(), threading.Event()
    attach(store, a_pdf(ballast=2 * PIECE))
    run(store, link)

    class Slow(Link):
        def send_piece(self, digest: str, size: int, at: int, body: bytes) -> FileProgress:
            if body:
                reached.set()
                assert held.wait(30)
            return super().send_piece(digest, size, at, body)

    slow = Slow(link.server, link.token)
    done: list[Sent] = []
    sender = threading.Thread(target=lambda: done.append(send(store, slow)))
    sender.start()
    assert reached.wait(30)
    store.record(lambda _: [Command("lease_numbers", {"book": f"applicant:{new_id()}"})])
    assert run(store, link).pushed == 1
    assert (store.counts().waiting, store.counts().files) == (0, 1)
    held.set()
    sender.join()
    slow.close()
    assert done[0].files == 1


def test_the_window_tells_files_apart_and_then_that_all_is_sent(
    open_desktop: OpenDesktop, filled_store: Store, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    attach(filled_store, a_pdf())
    qtbot.waitUntil(lambda: "1 файл" in desktop.frame.status.state.words())
    desktop.sync.paused = False
    desktop.start()
    qtbot.waitUntil(lambda: desktop.counts.files == 0 and desktop.last is not None, timeout=20_000)
    qtbot.waitUntil(lambda: desktop.frame.status.state.words().endswith("всё отправлено"))


def opened(desktop: Desktop, file: Attachment, qtbot: QtBot) -> list[PaperPreview]:
    with qtbot.waitSignal(desktop.file_desk.opened, timeout=20_000):
        desktop.file_desk.open(file)
    return desktop.frame.findChildren(PaperPreview)


def test_a_scan_opens_without_a_link(
    open_desktop: OpenDesktop, filled_store: Store, qtbot: QtBot
) -> None:
    desktop = open_desktop(server="http://127.0.0.1:9")
    _, id = attach(filled_store, a_pdf(pages=3))
    (preview,) = opened(desktop, shown(filled_store, id), qtbot)
    assert (preview.windowTitle(), preview.document.count()) == ("паспорт.pdf", 3)


def test_a_scan_that_is_not_here_comes_from_the_server(
    open_desktop: OpenDesktop, filled_store: Store, link: Link, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    _, id = attach(filled_store, a_pdf(ballast=2 * PIECE))
    run(filled_store, link)
    send(filled_store, link)
    run(filled_store, link)
    filled_store.box.keep_only(())
    assert len(opened(desktop, shown(filled_store, id), qtbot)) == 1
    assert filled_store.box.whole() == {shown(filled_store, id).digest}


def test_a_scan_that_cannot_be_had_says_why(
    open_desktop: OpenDesktop, filled_store: Store, link: Link, qtbot: QtBot
) -> None:
    desktop = open_desktop(server="http://127.0.0.1:9")
    _, id = attach(filled_store, a_pdf())
    filled_store.box.keep_only(())
    assert opened(desktop, shown(filled_store, id), qtbot) == []
    assert desktop.frame.notice.text.text().startswith(
        "«паспорт.pdf»: ещё не пришёл с другого компьютера"
    )
    run(filled_store, link)
    filled_store.box.put(b"%PDF-1.7 nothing of a document")
    broken = Attachment(
        SCAN, id, "порча.pdf", shown(filled_store, id).kind, 30,
        next(iter(filled_store.box.whole())), FilePlace.SENT,
    )  # fmt: skip
    assert opened(desktop, broken, qtbot) == []
    assert desktop.frame.notice.text.text().startswith("«порча.pdf»: файл не читается")


def test_damaged_files_are_told_of(
    open_desktop: OpenDesktop, filled_store: Store, link: Link, qtbot: QtBot
) -> None:
    attach(filled_store, a_pdf())
    filled_store.box.close()
    filled_store.box._whole = None
    filled_store.box.path.write_bytes(b"x" * 9000)
    desktop = open_desktop()
    desktop._rounded(run(filled_store, link))
    assert desktop.frame.notice.text.text().startswith("Файлы этого компьютера повреждены")
