"""Access that ends seals what was not sent and wipes the rest; a lost bucket takes the settled work about it along, sealed."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pyrage
import pytest

from client.kit.records import Draft
from client.net.link import Offline
from client.store import sealing
from client.store.answers import KEPT
from client.store.store import Store
from client.store.syncing import run, sign_in
from common.kit.errors import EpoError, NotAllowed, NotSignedIn
from common.kit.ids import new_id
from common.kit.sealing import SealedPiece, unseal
from common.kit.sync import Operation, Save, Status
from tests.client.store.centre import OPEN, Centre, hex_id, person
from tests.client.store.conftest import OpenStore
from tests.client.store.test_files import CANARY, in_clear, shown, spellings

IDENTITY = pyrage.x25519.Identity.generate()


@pytest.fixture(autouse=True)
def keyed(centre: Centre) -> None:
    centre.seal_key = str(IDENTITY.to_public())


def create(store: Store, last_name: str = CANARY, **more: str) -> Operation:
    values = person(last_name) | {"birth_date": "2010-04-11"} | more
    body = Save("person", new_id(), create=True, set={n: (None, v) for n, v in values.items()})
    return store.record(lambda _: [body])[0]


def kept(store: Store) -> tuple[int, int]:
    return sealing.kept(store.journal)


def sealed(store: Store) -> list[UUID]:
    rows = store.journal.connection.execute("SELECT uuid FROM sealed ORDER BY place")
    return [UUID(uuid) for (uuid,) in rows]


def opened(centre: Centre) -> list[Operation | SealedPiece]:
    return [unseal(IDENTITY, blob) for blob in centre.sealed.values()]


def test_an_ended_access_seals_what_was_not_sent_and_says_so(store: Store, centre: Centre) -> None:
    run(store, centre)
    op = create(store)
    centre.ended = True
    done = run(store, centre)
    assert (done.ended, done.closed, done.online) == (True, True, True)
    assert done.why == (
        "Доступ прекращён. Данные этой программы на компьютере стёрты. "
        "Неотправленное передано администратору: 1"
    )
    assert opened(centre) == [op]
    assert kept(store) == (0, 1)


def test_an_ended_access_leaves_no_byte(store: Store, centre: Centre) -> None:
    id = hex_id()
    centre.put(id, person(CANARY, snils="90012345678"))
    run(store, centre)
    create(store)
    store.save_draft(Draft("d1", "person", CANARY, {"ids": {"main": id}}, 1))
    store.journal.set_facts(pinned={"person": {"last_name": CANARY}})
    centre.ended = True
    run(store, centre)
    assert shown(store) == []
    for path in sorted(store.profile.glob("*.db")):
        for form in [*spellings(CANARY), b"90012345678"]:
            assert form not in in_clear(path), path.name


@pytest.mark.parametrize("said", ["чужое", "", "не число"])
def test_a_strangers_word_wipes_nothing(store: Store, centre: Centre, said: str) -> None:
    centre.put(hex_id(), person("Кузнецова"))
    run(store, centre)
    create(store, "Ёлкина")
    centre.proof, centre.ended = said.encode(), True
    done = run(store, centre)
    assert (done.ended, done.closed) == (True, False)
    assert shown(store) == ["Ёлкина", "Кузнецова"]
    assert kept(store) == (0, 0)


def test_a_sign_in_that_has_run_out_wipes_nothing(store: Store, centre: Centre) -> None:
    run(store, centre)
    create(store, "Ёлкина")
    centre.trouble = [NotSignedIn("Войдите снова")]
    assert run(store, centre).closed is False
    assert shown(store) == ["Ёлкина"]
    sign_in(store, centre, "priem1", "password", "ПК-1")
    assert run(store, centre).pushed == 1


def test_what_the_line_did_not_let_through_goes_at_the_next_contact(
    store: Store, centre: Centre, open_store: OpenStore
) -> None:
    run(store, centre)
    create(store)
    centre.ended, centre.trouble = True, [Offline("Нет связи")]
    done = run(store, centre)
    assert done.why.endswith("Ждут передачи администратору, когда будет связь: 1")
    store.close()
    again = open_store()
    assert again.ended == "Доступ прекращён"
    assert kept(again) == (1, 0)
    run(again, centre)
    assert (kept(again), len(centre.sealed)) == ((0, 1), 1)


def test_a_restored_centre_gets_again_what_it_lacks_until_two_backups_hold_it(
    store: Store, centre: Centre
) -> None:
    run(store, centre)
    op = create(store)
    centre.ended = True
    run(store, centre)
    centre.sealed.clear()
    run(store, centre)
    assert list(centre.sealed) == [op.uuid]
    centre.safe = {op.uuid}
    run(store, centre)
    assert sealed(store) == [op.uuid]  # not a month old
    store.journal.connection.execute("UPDATE sealed SET at = at - ?", (KEPT + 1_000,))
    run(store, centre)
    assert sealed(store) == []


def test_without_a_key_of_the_college_nothing_is_lost(store: Store, centre: Centre) -> None:
    key, centre.seal_key = centre.seal_key, ""
    run(store, centre)
    op = create(store)
    centre.ended = True
    done = run(store, centre)
    assert done.why.endswith(
        "1 неотправленная запись останется здесь под замком, пока у организации не появится ключ: "
        "скажите администратору"
    )
    centre.seal_key = key
    run(store, centre)
    assert opened(centre) == [op]
    assert store.journal.entries("1") == []


def test_a_request_for_numbers_is_not_worth_an_administrators_time(
    store: Store, centre: Centre
) -> None:
    run(store, centre)
    store.want_numbers("applicant:2026")
    centre.ended = True
    run(store, centre)
    assert (centre.sealed, store.journal.entries("1")) == ({}, [])


def test_nothing_is_recorded_where_access_has_ended(store: Store, centre: Centre) -> None:
    run(store, centre)
    centre.ended = True
    run(store, centre)
    with pytest.raises(NotAllowed, match="больше нельзя"):
        create(store)


def test_an_access_that_is_back_needs_a_sign_in_and_loads_anew(
    store: Store, centre: Centre
) -> None:
    centre.put(hex_id(), person("Кузнецова"))
    run(store, centre)
    centre.ended = True
    run(store, centre)
    centre.ended = False
    done = run(store, centre)
    assert (done.why, done.closed) == ("Доступ возвращён: войдите снова", False)
    assert shown(store) == []
    sign_in(store, centre, "priem1", "password", "ПК-1")
    run(store, centre)
    assert shown(store) == ["Кузнецова"]
    create(store, "Ёлкина")
    assert run(store, centre).pushed == 1


def test_a_crash_between_the_two_files_wipes_the_cache_at_the_next_start(
    store: Store, centre: Centre, open_store: OpenStore
) -> None:
    centre.put(hex_id(), person(CANARY))
    run(store, centre)
    store.journal.set_facts(ended="Доступ прекращён")
    store.close()
    again = open_store()
    assert shown(again) == []
    assert CANARY.encode() not in in_clear(again.cache.path)


# ---- files


def scanned(store: Store, content: bytes) -> Operation:
    """A scan that was attached and not sent."""
    digest = store.box.put(content)
    values = {"document_id": hex_id(), "name": "паспорт.pdf", "content": digest, "kind": "pdf"}
    pairs = {n: (None, v) for n, v in values.items()} | {"size": (None, len(content))}
    body = Save("document_scan", new_id(), create=True, set=pairs)
    return store.record(lambda _: [body])[0]


def test_an_unsent_scan_is_sealed_in_pieces_after_its_record(store: Store, centre: Centre) -> None:
    run(store, centre)
    content = b"%PDF-1.7 " + CANARY.encode() + bytes(range(256)) * 2_000
    op = scanned(store, content)
    store.box.put(b"%PDF-1.7 a copy of what the centre has")
    centre.ended = True
    done = run(store, centre)
    assert done.why.endswith("Неотправленное передано администратору: 2")
    first, *pieces = opened(centre)
    assert first == op
    assert b"".join(p.body for p in pieces if isinstance(p, SealedPiece)) == content
    assert len(pieces) == 3
    assert (store.box.whole(), kept(store)) == (set(), (0, 2))
    assert CANARY.encode() not in in_clear(store.profile / "files.db")
    run(store, centre)
    assert len(centre.sealed) == 4


def test_a_scan_waits_for_the_key_of_its_college_and_is_sealed_once(
    store: Store, centre: Centre
) -> None:
    key, centre.seal_key = centre.seal_key, ""
    run(store, centre)
    content = b"%PDF-1.7 waits"
    scanned(store, content)
    centre.ended = True
    run(store, centre)
    assert (len(store.box.whole()), centre.sealed) == (1, {})
    centre.seal_key = key
    run(store, centre)
    run(store, centre)
    assert (store.box.whole(), len(centre.sealed)) == (set(), 2)


def test_sealed_scans_are_wiped_when_two_backups_hold_them(store: Store, centre: Centre) -> None:
    run(store, centre)
    scanned(store, b"%PDF-1.7 held")
    centre.ended = True
    run(store, centre)
    assert len(sealed(store)) == 2
    store.journal.connection.execute("UPDATE sealed SET at = at - ?", (KEPT + 1_000,))
    centre.safe = set(sealed(store))
    run(store, centre)
    assert sealed(store) == []


# ---- another person at this computer


def test_another_person_is_told_what_waits_here(store: Store, centre: Centre) -> None:
    create(store, "Ёлкина")
    store.journal.set_facts(account=UUID(int=7).hex)
    with pytest.raises(EpoError, match="ждут записи другого пользователя: 1"):
        sign_in(store, centre, "priem2", "password", "ПК-1")


# ---- a bucket that is lost


def settled(store: Store, centre: Centre, **more: str) -> Operation:
    run(store, centre)
    op = create(store, **more)
    run(store, centre)
    assert store.journal.entry(op.uuid.hex).status is Status.APPLIED
    return op


def test_settled_work_in_a_lost_bucket_is_sealed_instead_of_erased(
    store: Store, centre: Centre
) -> None:
    secret = settled(store, centre, snils="90012345678")
    plain = create(store, "Кузнецова")
    run(store, centre)
    open_only = Save("person", new_id(), create=True, set={"last_name": (None, "Видимая")})
    visible = store.record(lambda _: [open_only])[0]
    run(store, centre)
    centre.mine = [OPEN]
    run(store, centre)
    left = [e.op.uuid for e in store.journal.entries("1")]
    assert left == [visible.uuid]
    assert sealed(store) == [secret.uuid, plain.uuid]
    assert b"90012345678" not in in_clear(store.journal.path)
    assert centre.sealed == {}  # the centre has what was applied
    centre.recorded.clear()
    run(store, centre)
    assert [op.uuid for op in opened(centre)] == [secret.uuid, plain.uuid]
    assert create(store).no == 4  # the numbers go on where they stood


def test_what_two_backups_hold_for_a_month_is_let_go(store: Store, centre: Centre) -> None:
    op = settled(store, centre, snils="90012345678")
    age(store, op)
    centre.backed_up_to, centre.mine = centre.clock + 1, [OPEN]
    store.journal.connection.execute("UPDATE op SET seen = 0")  # let_go has not come to it
    run(store, centre)
    assert store.journal.entries("1") == []
    assert sealed(store) == []


def age(store: Store, op: Operation) -> None:
    import msgspec

    old = msgspec.structs.replace(op, at=op.at - KEPT - 1_000)
    store.journal.connection.execute(
        "UPDATE op SET body = ?, at = ? WHERE uuid = ?",
        (msgspec.msgpack.encode(old), old.at, op.uuid.hex),
    )


def test_work_that_waits_stays_its_authors_whatever_he_lost(store: Store, centre: Centre) -> None:
    run(store, centre)
    centre.judge = lambda _op: Status.REFUSED
    refused = create(store, snils="90012345678")
    run(store, centre)
    centre.mine = [OPEN]
    run(store, centre)
    assert [e.op.uuid for e in store.outbox()] == [refused.uuid]
    store.give_up(refused.uuid, "не нужно")
    centre.mine = []
    run(store, centre)
    assert refused.uuid not in [e.op.uuid for e in store.journal.entries("1")]


def test_work_that_settles_after_its_class_is_lost_goes_too(store: Store, centre: Centre) -> None:
    run(store, centre)
    centre.mine = [OPEN]
    run(store, centre)
    op = create(store, snils="90012345678")
    run(store, centre)
    run(store, centre)
    assert store.journal.entries("1") == []
    assert sealed(store) == [op.uuid]


def test_settled_work_waits_for_a_key_and_is_not_lost(store: Store, centre: Centre) -> None:
    key, centre.seal_key = centre.seal_key, ""
    op = settled(store, centre, snils="90012345678")
    centre.mine = [OPEN]
    run(store, centre)
    assert [e.op.uuid for e in store.journal.entries("1")] == [op.uuid]
    centre.seal_key = key
    run(store, centre)
    assert store.journal.entries("1") == []
    assert sealed(store) == [op.uuid]


def test_a_late_answer_of_an_older_state_seals_nothing(store: Store, centre: Centre) -> None:
    from client.store import receiving

    settled(store, centre, snils="90012345678")
    request = receiving.pull_request(store, store.cache, 100)
    centre.mine = [OPEN]
    late = centre.pull(request)
    centre.mine = [OPEN, *Centre().mine[1:]]
    run(store, centre)
    assert receiving.take_pull(store, store.cache, late, {}) is None
    assert sealed(store) == []


def test_the_profile_of_an_ended_account_has_no_other_files(store: Store, centre: Centre) -> None:
    run(store, centre)
    Path(store.profile / "cache-0000.db").write_bytes(b"left by a crash")
    centre.ended = True
    run(store, centre)
    assert [p.name for p in store.profile.glob("cache*.db")] == ["cache.db"]
