"""Contents at the desk: in pieces, encrypted, let go without a trace; a damaged file is set aside."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from client.store.file_box import FileBox
from common.kit.contents import PIECE, digest_of
from common.kit.errors import EpoError
from tests.client.store.conftest import KEY
from tests.client.store.test_files import in_clear

CANARY = b"Kanareika-" * 400
SHORT = b"%PDF-1.7\n" + CANARY
LONG = b"%PDF-1.7\n" + secrets.token_bytes(2 * PIECE + 77)

OpenBox = Callable[[], FileBox]


@pytest.fixture
def open_box(tmp_path: Path) -> Iterator[OpenBox]:
    made: list[FileBox] = []
    ticks = iter(range(1_000_000))

    def make() -> FileBox:
        made.append(FileBox(tmp_path / "files.db", KEY, now=lambda: next(ticks), notes=[]))
        return made[-1]

    yield make
    for box in made:
        box.close()


def test_a_box_in_which_nothing_lies_is_no_file(open_box: OpenBox) -> None:
    box = open_box()
    assert (box.empty, box.whole(), box.have("a" * 64), box.read("a" * 64)) == (
        True,
        set(),
        0,
        None,
    )
    box.keep_only(set())
    box.shrink(set())
    assert box.empty


def test_what_was_put_is_there_after_the_next_start(open_box: OpenBox) -> None:
    box = open_box()
    digest = box.put(LONG)
    assert digest == digest_of(LONG)
    box.close()
    again = open_box()
    assert again.whole() == {digest}
    assert again.read(digest) == LONG


def test_any_place_of_a_content_can_be_asked_for(open_box: OpenBox) -> None:
    box = open_box()
    digest = box.put(LONG)
    for at in (0, 1, PIECE - 1, PIECE, PIECE + 5, 2 * PIECE, len(LONG) - 1):
        assert box.piece(digest, at) == LONG[at : at + PIECE]
    assert box.piece(digest, len(LONG)) == b""


def test_a_content_grows_by_whatever_comes(open_box: OpenBox) -> None:
    box = open_box()
    digest = digest_of(SHORT)
    for at in range(0, len(SHORT), 700):
        assert box.have(digest) == at
        assert box.whole() == set()
        box.grow(digest, len(SHORT), SHORT[at : at + 700])
    assert box.whole() == {digest}
    assert box.read(digest) == SHORT


def test_what_grew_into_something_else_is_let_go(open_box: OpenBox) -> None:
    box = open_box()
    digest = digest_of(SHORT)
    box.grow(digest, len(SHORT), SHORT[:-1] + b"?")
    with pytest.raises(EpoError, match="повреждён"):
        box.read(digest)
    assert (box.whole(), box.have(digest)) == (set(), 0)


def test_no_byte_of_a_dropped_content_stays(open_box: OpenBox) -> None:
    box = open_box()
    digest, other = box.put(SHORT), box.put(LONG)
    assert CANARY[:40] not in box.path.read_bytes()
    box.keep_only({other})
    assert box.whole() == {other}
    box.close()
    assert CANARY[:40] not in in_clear(box.path)
    assert digest.encode() not in in_clear(box.path)


def test_the_newest_stay_within_the_limit_and_the_precious_always(open_box: OpenBox) -> None:
    box = open_box()
    contents = [b"%PDF-" + bytes([n]) * 1000 for n in range(5)]
    digests = [box.put(content) for content in contents]
    box.read(digests[1])
    box.shrink({digests[0]}, limit=2 * len(contents[0]))
    assert box.whole() == {digests[0], digests[1], digests[4]}


def test_a_content_whose_record_is_being_written_is_not_let_go(open_box: OpenBox) -> None:
    box = open_box()
    with box.held(SHORT) as digest:
        box.keep_only(set())
        assert box.whole() == {digest}
    box.keep_only(set())
    assert box.whole() == set()


def test_room_is_given_back(open_box: OpenBox) -> None:
    box = open_box()
    digest = box.put(b"%PDF-" + secrets.token_bytes(3_000_000))
    box.drop([digest])
    assert box.path.stat().st_size < 200_000


def test_a_damaged_file_is_set_aside_and_told_of(open_box: OpenBox) -> None:
    box = open_box()
    box.put(SHORT)
    box.close()
    box.path.write_bytes(b"x" * 8192)
    again = open_box()
    digest = again.put(LONG)
    assert again.whole() == {digest}
    assert again.notes[0].startswith(
        "Файлы этого компьютера повреждены и отложены в «files-повреждён"
    )
    assert len(list(box.path.parent.glob("files-повреждён-*.db"))) == 1


def test_a_flipped_bit_in_a_content_is_met_with_a_sentence(open_box: OpenBox) -> None:
    box = open_box()
    digest = box.put(LONG)
    box.close()
    raw = bytearray(box.path.read_bytes())
    raw[len(raw) // 2] ^= 1
    box.path.write_bytes(raw)
    with pytest.raises(EpoError, match="Файл на этом компьютере повреждён"):
        open_box().read(digest)
