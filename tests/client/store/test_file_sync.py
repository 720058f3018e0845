"""The queue of files against the real server: apart from the operations, over any line, by whoever has the content."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from client.kit.records import FilePlace
from client.net.link import Link, Offline
from client.store import contents, filing
from client.store.file_sync import fetch, send
from client.store.store import Store
from client.store.syncing import run, sign_in
from common.admissions.lists import LISTS
from common.kit.contents import PIECE, digest_of
from common.kit.errors import EpoError, Invalid, NotAllowed, NotFound, RuleBroken
from common.kit.sync import FileProgress
from tests.client.conftest import KEY
from tests.cutting import cutting_line
from tests.demo_world import PASSWORD, World

SCAN = "document_scan"


def a_scan(size: int = 3_000) -> bytes:
    """Never the same: the server of these tests keeps what it has."""
    return b"%PDF-1.7\n" + secrets.token_bytes(size)


@pytest.fixture
def link(filled_store: Store, region: World) -> Iterator[Link]:
    made = Link(region.address, str(filled_store.journal.fact("token")))
    yield made
    made.close()


OpenDesk = Callable[..., tuple[Store, Link]]


@pytest.fixture
def open_desk(region: World, tmp_path: Path) -> Iterator[OpenDesk]:
    """Another computer, after its first exchange."""
    made: list[tuple[Store, Link]] = []

    def build(login: str = "priem1") -> tuple[Store, Link]:
        store, link = Store(tmp_path / login, KEY, LISTS), Link(region.address)
        sign_in(store, link, login, PASSWORD, "ПК-2")
        assert run(store, link).online
        made.append((store, link))
        return made[-1]

    yield build
    for store, link in made:
        link.close()
        store.close()


def a_paper(store: Store) -> UUID:
    return UUID(next(iter(store.all("applicant_document"))))


def places(store: Store, paper: UUID, digest: str) -> list[FilePlace]:
    return [f.place for f in filing.attached_to(store, SCAN, paper) if f.digest == digest]


def test_a_scan_is_seen_at_once_sent_apart_and_told_to_the_other_desk(
    filled_store: Store, link: Link, open_desk: OpenDesk
) -> None:
    store, content = filled_store, a_scan()
    paper, digest = a_paper(store), digest_of(content)
    filing.attach(store, SCAN, paper, "C:\\сканы\\паспорт.PDF", content)
    assert [(f.name, f.place) for f in filing.attached_to(store, SCAN, paper)][-1:] == [
        ("паспорт.pdf", FilePlace.WAITS)
    ]
    assert (store.counts().waiting, store.counts().files) == (1, 1)
    assert filing.sendable(store) == []
    assert run(store, link).pushed == 1
    assert (store.counts().waiting, store.counts().files) == (0, 1)
    other, other_link = open_desk()
    assert places(other, paper, digest) == [FilePlace.ELSEWHERE]
    with pytest.raises(NotFound, match="Такого файла нет"):
        fetch(other, other_link, digest, len(content))
    assert send(store, link).files == 1
    run(store, link)
    run(other, other_link)
    assert places(store, paper, digest) == places(other, paper, digest) == [FilePlace.SENT]
    assert (store.counts().files, filing.sendable(store)) == (0, [])
    assert fetch(other, other_link, digest, len(content)) == content
    other_link.server = "http://127.0.0.1:9"
    assert fetch(other, other_link, digest, len(content)) == content


def test_what_cannot_be_a_scan_is_refused_before_anything_is_kept(filled_store: Store) -> None:
    paper = a_paper(filled_store)
    for content in (b"", b"MZ\x90\0", b"<html></html>", b"%PDF-" + bytes(25_000_000)):
        with pytest.raises(Invalid, match=r"«вирус\.pdf»"):
            filing.attach(filled_store, SCAN, paper, "вирус.pdf", content)
    assert filled_store.box.empty
    assert filled_store.counts().waiting == 0


def test_the_same_scan_twice_on_one_paper_is_refused(filled_store: Store) -> None:
    paper, content = a_paper(filled_store), a_scan()
    filing.attach(filled_store, SCAN, paper, "а.pdf", content)
    with pytest.raises(RuleBroken, match="этот файл здесь уже прикреплён"):
        filing.attach(filled_store, SCAN, paper, "б.pdf", content)


def test_without_the_right_nothing_is_attached(filled_store: Store) -> None:
    held = [p for p in filled_store.journal.fact("permissions") if not p.endswith("write.P2")]
    filled_store.journal.set_facts(permissions=held)
    with pytest.raises(NotAllowed, match="Нет права прикреплять"):
        filing.attach(filled_store, SCAN, a_paper(filled_store), "а.pdf", a_scan())


@pytest.mark.parametrize(("every", "size"), [(2_500, 20_000), (60_000, 3 * PIECE)])
def test_a_line_that_is_cut_again_and_again_brings_a_file_there_and_back(
    filled_store: Store, link: Link, region: World, open_desk: OpenDesk, every: int, size: int
) -> None:
    store, content = filled_store, a_scan(size)
    filing.attach(store, SCAN, a_paper(store), "а.pdf", content)
    run(store, link)
    other, other_link = open_desk()
    with cutting_line(region.port, every) as line:
        bad = Link(line.address, link.token, patience=5)
        assert send(store, bad).files == 1
        assert line.cuts >= size // every
        assert line.carried < 3 * size + 100_000, "it goes on from where it stopped"
        run(store, link)
        run(other, other_link)
        came_back = Link(line.address, other_link.token, patience=5)
        assert fetch(other, came_back, digest_of(content), len(content)) == content
        bad.close()
        came_back.close()


def test_without_a_line_the_file_waits_and_goes_on_later(
    filled_store: Store, link: Link, region: World
) -> None:
    store, content = filled_store, a_scan(3 * PIECE)
    filing.attach(store, SCAN, a_paper(store), "а.pdf", content)
    run(store, link)

    class Failing(Link):
        """Two pieces go, then there is no line any more."""

        asked = 0

        def send_piece(self, digest: str, size: int, at: int, body: bytes) -> FileProgress:
            self.asked += bool(body)
            if self.asked > 2:
                raise Offline("Нет связи с сервером")
            return super().send_piece(digest, size, at, body)

    failing = Failing(region.address, link.token)
    done = send(store, failing)
    failing.close()
    assert (done.files, done.moved, done.left, done.why) == (0, True, 1, "Нет связи с сервером")
    assert link.send_piece(digest_of(content), len(content), 0, b"").have == 2 * PIECE
    assert send(store, link).files == 1


def test_a_server_that_is_killed_in_the_middle_goes_on_from_there(
    filled_store: Store, link: Link, region: World
) -> None:
    store, content = filled_store, a_scan(3 * PIECE)
    filing.attach(store, SCAN, a_paper(store), "а.pdf", content)
    run(store, link)

    class Killing(Link):
        sent = 0

        def send_piece(self, digest: str, size: int, at: int, body: bytes) -> FileProgress:
            self.sent += bool(body)
            if self.sent == 3 and region.process is not None:
                region.process.kill()
                region.process.wait()
            return super().send_piece(digest, size, at, body)

    killing = Killing(region.address, link.token)
    done = send(store, killing)
    killing.close()
    assert (done.files, done.moved) == (0, True)
    region.start()
    assert link.send_piece(digest_of(content), len(content), 0, b"").have == 2 * PIECE
    assert send(store, link).files == 1


def test_whoever_is_asked_to_stop_stops_between_pieces(filled_store: Store, link: Link) -> None:
    store, content = filled_store, a_scan(3 * PIECE)
    filing.attach(store, SCAN, a_paper(store), "а.pdf", content)
    run(store, link)
    answers = iter([True, True, False])
    assert send(store, link, lambda: next(answers)).files == 0
    assert link.send_piece(digest_of(content), len(content), 0, b"").have == PIECE


def test_what_another_desk_has_sent_is_not_sent_again(
    filled_store: Store, link: Link, open_desk: OpenDesk
) -> None:
    store, content = filled_store, a_scan(2 * PIECE)
    papers = [UUID(id) for id in list(store.all("applicant_document"))[:2]]
    other, other_link = open_desk()
    filing.attach(store, SCAN, papers[0], "а.pdf", content)
    filing.attach(other, SCAN, papers[1], "б.pdf", content)
    for each, way in ((store, link), (other, other_link)):
        run(each, way)

    class Counting(Link):
        pieces = 0

        def send_piece(self, digest: str, size: int, at: int, body: bytes) -> FileProgress:
            self.pieces += bool(body)
            return super().send_piece(digest, size, at, body)

    counting = Counting(link.server, other_link.token)
    assert send(store, link).files == 1
    assert (send(other, counting).files, counting.pieces) == (
        0 if other.counts().files == 0 else 1,
        0,
    )
    counting.close()
    run(other, other_link)
    assert places(other, papers[1], digest_of(content)) == [FilePlace.SENT]


def test_a_spoilt_content_does_not_hold_the_next_one(filled_store: Store, link: Link) -> None:
    store, paper = filled_store, a_paper(filled_store)
    first, second = a_scan(), a_scan()
    for content in (first, second):
        filing.attach(store, SCAN, paper, "а.pdf", content)
    run(store, link)
    with store.box._open() as c:
        c.execute("UPDATE piece SET body = zeroblob(9) WHERE digest = ?", (digest_of(first),))
    done = send(store, link)
    assert done.files == 1
    assert "повреждён" in done.why


def test_a_removed_scan_comes_back(filled_store: Store, link: Link) -> None:
    store, paper, content = filled_store, a_paper(filled_store), a_scan()
    filing.attach(store, SCAN, paper, "а.pdf", content)
    run(store, link)
    (shown,) = [f for f in filing.attached_to(store, SCAN, paper) if f.digest == digest_of(content)]
    removed = filing.remove(store, SCAN, UUID(shown.id))
    assert places(store, paper, shown.digest) == []
    assert store.counts().files == 0
    filing.put_back(store, removed)
    run(store, link)
    assert places(store, paper, shown.digest) == [FilePlace.WAITS]
    assert store.counts().troubled == 0


def test_contents_leave_with_the_right_to_see_them(filled_store: Store, link: Link) -> None:
    """As the store does it when a bucket is taken away."""
    store, paper, content = filled_store, a_paper(filled_store), a_scan()
    filing.attach(store, SCAN, paper, "а.pdf", content)
    run(store, link)
    store.cache.lost = True
    store.refresh_lists({})
    assert digest_of(content) in store.box.whole()
    store.cache.connection.execute("DELETE FROM document_scan")
    store.cache.connection.execute("DELETE FROM own_document_scan")
    store.cache.lost = True
    store.refresh_lists({})
    assert store.box.whole() == set()


def test_fetching_what_is_gone_says_so(filled_store: Store, link: Link) -> None:
    with pytest.raises(EpoError, match="Такого файла нет"):
        fetch(filled_store, link, digest_of(b"nothing"), 100)


def test_a_size_that_no_scan_has_is_not_even_asked_for(filled_store: Store, link: Link) -> None:
    with pytest.raises(EpoError, match="пришёл повреждённым"):
        fetch(filled_store, link, digest_of(b"nothing"), 10**12)
    assert filled_store.box.empty


def test_what_was_sent_from_here_stays_until_a_restored_centre_cannot_ask_for_it(
    filled_store: Store, link: Link
) -> None:
    """The own operation is kept until two backups hold it; its content as long."""
    store, content = filled_store, a_scan()
    filing.attach(store, SCAN, a_paper(store), "а.pdf", content)
    run(store, link)
    send(store, link)
    run(store, link)
    stranger = store.box.put(a_scan(70_000))
    store.box.shrink(contents.sent_from_here(store.journal), limit=0)
    assert store.box.whole() == {digest_of(content)} != {stranger}
    store.journal.connection.execute("DELETE FROM op WHERE entity = 'document_scan'")
    store.box.shrink(contents.sent_from_here(store.journal), limit=0)
    assert store.box.whole() == set()
