"""The two files on disk: nothing in clear, nothing lost by a kill, damage said plainly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from client.kit.records import Draft
from client.store.connection import WrongKey, open_file
from client.store.store import Store
from client.store.syncing import run
from common.kit.errors import EpoError, Invalid
from common.kit.ids import new_id
from common.kit.sync import Save
from tests.client.store.centre import CLOSED, OPEN, Centre, hex_id, person
from tests.client.store.conftest import KEY, OpenStore

CANARY = "Канарейкина"
PAGE, RESERVED = 4096, 80


def shown(store: Store) -> list[str]:
    numbers = store.list_ids("people", "", (("last_name", False),), ("last_name",))
    return [row.texts[0] for row in store.list_page("people", numbers)]


def create(store: Store, last_name: str, draft: str | None = None) -> None:
    body = Save("person", new_id(), create=True, set={"last_name": (None, last_name)})
    store.record(lambda _: [body], draft=draft)


def spellings(word: str) -> list[bytes]:
    """In the ways a text may rest in a file, the search index's own included."""
    return [
        form.encode(code) for form in (word, word.casefold()) for code in ("utf-8", "utf-16-le")
    ]


def on_disk(profile: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(profile.iterdir()))


def in_clear(path: Path) -> bytes:
    """Every page of the file and of its log, free ones too, as somebody with the key reads them."""
    raw = path.read_bytes()
    pages = [raw[at : at + PAGE] for at in range(0, len(raw), PAGE)]
    log = path.with_name(path.name + "-wal")
    frames = log.read_bytes()[32:] if log.exists() else b""
    pages += [frames[at + 24 : at + 24 + PAGE] for at in range(0, len(frames), PAGE + 24)]
    return b"".join(map(_page, pages))


def _page(page: bytes) -> bytes:
    vector = page[PAGE - RESERVED : PAGE - RESERVED + 16]
    found = b""
    for start in (0, 16):  # the first page begins with the salt
        cut = Cipher(algorithms.AES(KEY), modes.CBC(vector)).decryptor()
        found += cut.update(page[start : PAGE - RESERVED]) + cut.finalize()
    return found


def test_no_name_stands_in_clear_on_disk(store: Store, centre: Centre) -> None:
    centre.put(hex_id(), person(CANARY))
    run(store, centre)
    create(store, CANARY)
    store.save_draft(Draft("d1", "person", CANARY, {"typed": {"last_name": CANARY}}, 1))
    for form in spellings(CANARY):
        assert form not in on_disk(store.profile)


def test_a_lost_bucket_leaves_no_byte(store: Store, centre: Centre) -> None:
    id = hex_id()
    centre.put(id, person(CANARY, snils="90012345678"))
    run(store, centre)
    store.save_draft(Draft("d1", "person", CANARY, {"ids": {"main": id}}, 1))
    assert CANARY.encode() in in_clear(store.cache.path)
    assert CANARY.encode() in in_clear(store.journal.path)
    centre.mine = []
    run(store, centre)
    assert store.drafts() == []
    for path in (store.cache.path, store.journal.path):
        for form in [*spellings(CANARY), b"90012345678"]:
            assert form not in in_clear(path)


@pytest.mark.parametrize("others", [3, 150], ids=["a few", "many"])
def test_a_row_that_left_by_itself_leaves_no_byte(
    store: Store, centre: Centre, others: int
) -> None:
    """In a long list, whose index packs words that begin alike, and after many rows were changed at once."""
    ids = [hex_id() for _ in range(400)]
    for number, id in enumerate(ids):
        centre.put(id, person(f"Канат{number}"))
    centre.put(gone := hex_id(), person(CANARY, snils="90012345678"))
    run(store, centre)
    for id in ids[:others]:
        centre.put(id, {"first_name": "Мария"})
    run(store, centre)
    assert "арейкин".encode() in in_clear(store.cache.path)
    centre.drop(gone)
    run(store, centre)
    clear = in_clear(store.cache.path)
    for form in [*spellings("арейкин"), b"90012345678"]:
        assert form not in clear
    assert len(shown(store)) == 400
    assert store.list_ids("people", "канат399", (("last_name", False),), ("last_name",))


def test_a_row_that_is_shown_as_it_was_is_not_written_again(store: Store, centre: Centre) -> None:
    id = hex_id()
    centre.put(id, person("Кузнецова"))
    run(store, centre)
    listing = store.listings["people"]
    changes = store.cache.connection.total_changes
    listing.remake([id])
    assert store.cache.connection.total_changes == changes


def test_a_draft_of_a_record_that_stays_is_kept(store: Store, centre: Centre) -> None:
    id = hex_id()
    centre.put(id, person("Кузнецова", snils="90012345678"))
    run(store, centre)
    store.save_draft(Draft("d1", "person", "Кузнецова", {"ids": {"main": id}}, 1))
    centre.mine = [OPEN]
    run(store, centre)
    assert [draft.key for draft in store.drafts()] == ["d1"]


def test_another_key_is_refused(store: Store, open_store: OpenStore) -> None:
    store.close()
    with pytest.raises(WrongKey, match="Ключ не подходит"):
        Store(store.profile, b"x" * 32)
    assert [p.name for p in store.profile.glob("journal*.db")] == ["journal.db"]


def test_another_key_sets_nothing_aside_even_where_its_mark_is_lost(store: Store) -> None:
    store.close()
    (store.profile / "key.check").unlink()
    with pytest.raises(WrongKey, match="Ключ не подходит"):
        Store(store.profile, b"x" * 32)
    assert [p.name for p in store.profile.glob("journal*.db")] == ["journal.db"]
    assert not (store.profile / "key.check").exists()


def test_a_damaged_journal_is_set_aside_with_a_message(store: Store, open_store: OpenStore) -> None:
    create(store, "Ёлкина")
    store.close()
    damage(store.journal.path)
    again = open_store()
    assert "отложен в файл «journal-повреждён-" in again.notes[0]
    assert len(list(store.profile.glob("journal-повреждён-*.db"))) == 1
    assert again.outbox() == []


def test_a_journal_that_is_only_busy_stays_where_it_is(store: Store) -> None:
    store.close()
    other = open_file(store.journal.path, KEY, durable=True)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(EpoError, match="занят другой программой"):
        open_file(store.journal.path, KEY, durable=True, patience=1)
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.parametrize("place", ["first page", "every page"])
def test_a_damaged_cache_rebuilds_itself(
    store: Store, centre: Centre, open_store: OpenStore, place: str
) -> None:
    centre.put(hex_id(), person("Кузнецова"))
    run(store, centre)
    create(store, "Ёлкина")
    store.close()
    damage(store.cache.path, every=place == "every page")
    again = open_store()
    assert again.notes == ["Копия данных на этом компьютере повреждена; она загружается заново"]
    assert shown(again) == ["Ёлкина"]
    run(again, centre)
    assert shown(again) == ["Ёлкина", "Кузнецова"]


def test_damage_met_while_reading_is_said_and_mended(
    store: Store, centre: Centre, open_store: OpenStore
) -> None:
    for number in range(300):
        centre.put(hex_id(), person(f"Кузнецова{number:03d}"))
    run(store, centre)
    store.close()
    again = open_store()
    rows = again.cache.connection.execute("SELECT max(rootpage) FROM sqlite_master").fetchone()[0]
    again.close()
    damage(store.cache.path, from_page=rows)
    third = open_store()
    with pytest.raises(EpoError, match="повреждена"):
        third.all("person")
    done = run(third, centre)
    assert done.online is True
    assert len(third.all("person")) == 300


def damage(path: Path, *, every: bool = False, from_page: int = 0) -> None:
    raw = bytearray(path.read_bytes())
    last = len(raw) // PAGE if every or from_page else 1
    for page in range(from_page, last):
        raw[page * PAGE + 100] ^= 1
    path.write_bytes(raw)


def test_rows_stored_before_a_crash_are_listed_after_it(
    store: Store, centre: Centre, open_store: OpenStore
) -> None:
    run(store, centre)
    centre.put(hex_id(), person("Кузнецова"))
    centre.pulls_before_cut = None
    request = centre.pulls[-1]
    request.ticket, request.cursors = store.cache.ticket(), store.cache.cursors()
    store.cache.store(centre.pull(request))
    assert shown(store) == []
    store.close()
    assert shown(open_store()) == ["Кузнецова"]


def test_a_cache_of_a_former_program_is_made_anew_without_a_word(
    store: Store, centre: Centre, open_store: OpenStore
) -> None:
    centre.put(hex_id(), person("Кузнецова"))
    run(store, centre)
    store.cache.set_state(layout=1)
    store.close()
    again = open_store()
    assert again.notes == []
    run(again, centre)
    assert shown(again) == ["Кузнецова"]


def test_a_column_declared_later_is_added_and_read(
    store: Store, centre: Centre, open_store: OpenStore
) -> None:
    id = hex_id()
    centre.put(id, person("Кузнецова") | {"birth_place": "г. Кемерово"})
    run(store, centre)
    store.cache.connection.execute("ALTER TABLE person DROP COLUMN birth_place")
    store.cache.connection.execute("ALTER TABLE own_person DROP COLUMN birth_place")
    store.cache.set_state(declared="of the former program")
    store.close()
    again = open_store()
    run(again, centre)
    run(again, centre)
    record = again.get("person", id)
    assert record is not None
    assert record["birth_place"] == "г. Кемерово"
    assert [c.bucket for c in centre.pulls[-2].cursors if c.facets] in ([], [CLOSED])


def test_an_operation_too_large_is_refused_where_it_is_typed(store: Store) -> None:
    with pytest.raises(Invalid, match="сократите длинный текст"):
        create(store, "я" * 200_000)
    assert store.outbox() == []


KILLED = """
import os, signal, sys
from pathlib import Path
import common.all
from client.store.store import Store
from common.kit.ids import new_id
from common.kit.sync import Save

store = Store(Path(sys.argv[1]), bytes(range(32)))

def make(number):
    if sys.argv[2] == "inside":
        os.kill(os.getpid(), signal.SIGKILL)
    return [Save("person", new_id(), create=True, set={"last_name": (None, "Ёлкина")})]

store.record(make, book="applicant:2026", draft="d1")
os.kill(os.getpid(), signal.SIGKILL)
"""


def kill_while_recording(profile: Path, moment: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(profile), moment],
        check=False,
        cwd=Path(__file__).parents[3],
        capture_output=True,
    )
    return done.returncode


@pytest.fixture
def drafted(store: Store, centre: Centre) -> Path:
    store.want_numbers("applicant:2026")
    run(store, centre)
    store.save_draft(Draft("d1", "person", "Ёлкина", {}, 1))
    store.close()
    return store.profile


@pytest.mark.skipif(os.name == "nt", reason="a kill of Windows has no signal")
def test_a_kill_between_number_and_operation_keeps_the_draft_and_the_number(
    drafted: Path, open_store: OpenStore
) -> None:
    assert kill_while_recording(drafted, "inside") == -signal.SIGKILL
    again = open_store()
    assert [draft.key for draft in again.drafts()] == ["d1"]
    assert again.outbox() == []
    assert again.journal.numbers_left("applicant:2026") == 100


@pytest.mark.skipif(os.name == "nt", reason="a kill of Windows has no signal")
def test_a_kill_after_recording_keeps_operation_and_number_and_no_draft(
    drafted: Path, open_store: OpenStore
) -> None:
    assert kill_while_recording(drafted, "after") == -signal.SIGKILL
    again = open_store()
    assert again.drafts() == []
    numbers = [entry.op.number for entry in again.outbox()]
    assert numbers == [("05", "applicant:2026", 1)]
    assert shown(again) == ["Ёлкина"]


def test_a_cache_of_the_same_declarations_is_opened_without_looking_at_its_tables(
    store: Store, open_store: OpenStore
) -> None:
    declared = store.cache._state("declared")
    store.close()
    again = open_store()
    assert again.cache._state("declared") == declared is not None
