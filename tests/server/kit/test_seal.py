"""When an account has ended its device key may only seal; the administrator releases under the original uuid."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import UUID

import msgspec
import pyrage
import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.admissions.entities import DocumentScan
from common.kit.attached import FileState
from common.kit.contents import digest_of
from common.kit.errors import (
    AccessEnded,
    EpoError,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    RuleBroken,
)
from common.kit.ids import new_id
from common.kit.sealing import SEALED_PIECE, SealedPiece
from common.kit.sealing import seal as sealed_to
from common.kit.sync import (
    MAX_OPERATION,
    READ,
    Command,
    LegalNumber,
    Save,
    SealedOperation,
    SealRequest,
    SignIn,
)
from server.administration.sealed import bring, give_up, look, set_key
from server.administration.service import caller_of
from server.kit.age_keys import new_key
from server.kit.auth import identify, identify_to_seal
from server.kit.commit import commit
from server.kit.entering import sign_in
from server.kit.files import place_of
from server.kit.gate import read_clock, read_epoch
from server.kit.packing import MEDIA, pack
from server.kit.pulling import note_backup
from server.kit.release_files import NO_RECORD, PARTLY
from server.kit.seal import seal
from server.kit.tables import audit, number_used, operation, sealed
from server.kit.web import make_app
from tests.server.conftest import PASSWORD, House, now
from tests.server.kit.desks import Desk, paper, person, proved, renamed, scan, statuses, taken
from tests.server.kit.leavers import ADMIN, CANARY, CLERK, Leaver, leaving


@pytest.fixture
def leaver(ours: House, tmp_path: Path) -> Leaver:
    return leaving(ours, tmp_path)


def test_the_key_reaches_desks_with_a_pull(leaver: Leaver) -> None:
    assert Desk(leaver.house).pull().seal_key == leaver.recipient


def test_an_ended_account_is_told_so_with_the_proof_its_desk_was_promised(leaver: Leaver) -> None:
    leaver.end()
    with pytest.raises(AccessEnded) as told:
        identify(leaver.house.engine, leaver.told.token, now=now, request_id="")
    proof = bytes.fromhex(told.value.fields["proof"])
    assert hashlib.sha256(proof).hexdigest() == leaver.told.ending
    assert told.value.fields["seal_key"] == leaver.recipient


def test_a_token_that_has_run_out_ends_no_access(leaver: Leaver) -> None:
    import datetime as dt

    def later() -> dt.datetime:
        return now() + dt.timedelta(hours=73)

    with pytest.raises(NotSignedIn) as told:
        identify(leaver.house.engine, leaver.told.token, now=later, request_id="")
    assert not isinstance(told.value, AccessEnded)
    with pytest.raises(NotSignedIn):
        identify_to_seal(leaver.house.engine, leaver.told.token, now=later, request_id="")
    with pytest.raises(NotSignedIn):
        identify_to_seal(leaver.house.engine, "чужой", now=now, request_id="")


def test_a_device_key_may_only_seal_when_its_account_has_ended(leaver: Leaver) -> None:
    leaver.end()
    op = leaver.op(person(new_id()))
    request = SealRequest(
        device=leaver.told.device,
        epoch=None,
        uuids=[op.uuid],
        blobs=[SealedOperation(op.uuid, sealed_to(leaver.recipient, op))],
    )
    head = {"Authorization": f"Bearer {leaver.told.token}", "Content-Type": MEDIA}
    with TestClient(make_app(leaver.house.engine, now=now)) as client:
        for path in ("pull", "push", "offer"):
            refused = client.post(f"/api/sync/{path}", content=b"", headers=head)
            assert (refused.status_code, refused.json()["type"]) == (401, "AccessEnded")
        assert client.get("/api/me", headers=head).status_code == 401
        answer = client.post("/api/sync/seal", content=pack(request), headers=head)
        assert answer.status_code == 200
    assert [k.uuid for k in look(leaver.house.engine, ADMIN, now=now)] == [op.uuid]


def test_what_is_sealed_tells_the_server_nothing(leaver: Leaver) -> None:
    leaver.end()
    leaver.seal(leaver.op(person(new_id(), last_name=CANARY)))
    with leaver.house.session() as db:
        (blob,) = db.scalars(sa.select(sealed.c.blob)).all()
        told = str(db.execute(sa.select(audit)).all())
    for coding in ("utf-8", "utf-16-le"):
        assert CANARY.encode(coding) not in blob
    assert CANARY not in told


def test_the_administrator_releases_it_in_his_own_name_under_the_original_uuid(
    leaver: Leaver,
) -> None:
    leaver.end()
    op = leaver.op(person(new_id(), last_name=CANARY))
    leaver.seal(op)
    engine = leaver.house.engine
    (done,) = bring(engine, ADMIN, leaver.key, [], now=now)
    assert (done.uuid, done.applied) == (op.uuid, True)
    assert leaver.names() == [CANARY]
    admin = caller_of(engine, ADMIN, now=now)
    with leaver.house.session() as db:
        row = db.execute(sa.select(operation).where(operation.c.uuid == op.uuid)).one()
        line = db.execute(sa.select(audit).where(audit.c.seq == row.seq)).one()
    assert (row.author, row.status) == (admin.account_id, "applied")
    assert (line.account_id, line.action) == (admin.account_id, "release")
    assert look(engine, ADMIN, now=now) == []
    assert bring(engine, ADMIN, leaver.key, [], now=now) == []


def test_a_push_that_was_under_way_and_the_seal_execute_it_once(leaver: Leaver) -> None:
    desk = Desk(leaver.house, "admission_clerk")
    op = desk.op(person(new_id()))
    leaver.end()
    leaver.seal(op)
    assert statuses(desk.push(op)) == ["applied"]  # identified before the end
    assert look(leaver.house.engine, ADMIN, now=now) == []
    assert leaver.seal(op).lacks == []
    assert look(leaver.house.engine, ADMIN, now=now) == []
    assert leaver.names() == ["Ёлкина"]


def test_the_desk_is_told_what_is_lacking_and_what_two_backups_hold(leaver: Leaver) -> None:
    leaver.end()
    known, lost = leaver.op(person(new_id())), leaver.op(person(new_id()))
    answer = leaver.seal(known, kept=[known.uuid, lost.uuid])
    assert (answer.lacks, answer.safe) == ([lost.uuid], [])
    for minutes in range(2):
        note(leaver.house, minutes)
    answer = leaver.seal(kept=[known.uuid, lost.uuid])
    assert (answer.lacks, answer.safe) == ([lost.uuid], [known.uuid])


def note(house: House, minutes: int) -> None:
    import datetime as dt

    with house.session() as db:
        db.now = lambda: now() + dt.timedelta(minutes=minutes)
        note_backup(db, read_clock(db))
        commit(db, "test.backup")


def test_what_is_not_applied_stays_sealed_and_is_closed_with_a_word(leaver: Leaver) -> None:
    engine, number = leaver.house.engine, LegalNumber("05", "applicant:2026", 1)
    leaver.end()
    wrong = leaver.op(person(new_id(), birth_date="2010-99-99"), number=number)
    behind = leaver.op(person(new_id()), after=(wrong.uuid,))
    leaver.seal(wrong, behind)
    said = bring(engine, ADMIN, leaver.key, [], now=now)
    assert [(r.uuid, r.applied) for r in said] == [(wrong.uuid, False), (behind.uuid, False)]
    assert "2010-99-99" in said[0].said
    assert [k.uuid for k in look(engine, ADMIN, now=now)] == [wrong.uuid, behind.uuid]
    with pytest.raises(Invalid, match="почему"):
        give_up(engine, ADMIN, leaver.key, wrong.uuid, " ", now=now)
    give_up(engine, ADMIN, leaver.key, wrong.uuid, "Дата не существует", now=now)
    with leaver.house.session() as db:
        status = db.scalar(sa.select(operation.c.status).where(operation.c.uuid == wrong.uuid))
        used = db.execute(sa.select(number_used.c.number, number_used.c.uuid)).all()
    assert (status, used) == ("closed", [(1, wrong.uuid)])
    assert [r.applied for r in bring(engine, ADMIN, leaver.key, [], now=now)] == [True]


def test_what_had_been_in_trouble_is_released_as_a_decision(leaver: Leaver) -> None:
    engine = leaver.house.engine
    desk, other = Desk(leaver.house, "admission_clerk"), Desk(leaver.house)
    p, _ = taken(other)
    other.push(other.op(renamed(p, "Ёлкина", "Петрова")))
    op = desk.op(renamed(p, "Ёлкина", "Сидорова"))
    assert statuses(desk.push(op)) == ["conflict"]
    leaver.end()
    leaver.seal(op)
    (waits,) = look(engine, ADMIN, now=now)
    assert waits.status == "Конфликт"
    (said,) = bring(engine, ADMIN, leaver.key, [op.uuid], now=now)
    assert (said.applied, said.said) == (False, "Поля изменены другим пользователем")
    other.push(other.op(renamed(p, "Петрова", "Ёлкина")))
    (said,) = bring(engine, ADMIN, leaver.key, [op.uuid], now=now)
    assert said.applied
    assert leaver.names() == ["Сидорова"]
    with leaver.house.session() as db:
        assert db.scalar(sa.select(operation.c.resolved).where(operation.c.uuid == op.uuid))


def test_it_is_judged_by_the_rights_that_its_author_had(leaver: Leaver) -> None:
    p, _ = taken(Desk(leaver.house))
    secret = Save("person", p, create=False, set={"nationality": (None, "тайна")})
    leaver.end()
    leaver.seal(leaver.op(secret))
    (said,) = bring(leaver.house.engine, ADMIN, leaver.key, [], now=now)
    assert (said.applied, said.said) == (False, "Нет права изменять: Физические лица")


def test_only_the_administrator_may_look_and_release(leaver: Leaver, theirs: House) -> None:
    leaver.end()
    op = leaver.op(person(new_id()))
    leaver.seal(op)
    engine = leaver.house.engine
    with pytest.raises(NotAllowed, match="администратор"):
        look(engine, "admission_secretary.k1", now=now)
    with pytest.raises(NotAllowed):
        bring(engine, "admission_secretary.k1", leaver.key, [], now=now)
    with pytest.raises(NotAllowed, match="не действует"):
        look(engine, CLERK, now=now)
    assert look(engine, "org_admin.k2", now=now) == []
    with pytest.raises(NotFound):
        bring(engine, "org_admin.k2", leaver.key, [op.uuid], now=now)


def test_another_key_and_another_mans_work_open_nothing(leaver: Leaver, tmp_path: Path) -> None:
    engine = leaver.house.engine
    other = tmp_path / "other.key"
    new_key(other)
    leaver.end()
    op = leaver.op(person(new_id()))
    leaver.seal(op)
    with pytest.raises(EpoError, match="не открывается этим ключом"):
        bring(engine, ADMIN, other, [], now=now)
    stranger = Desk(leaver.house).op(person(new_id()))
    leaver.seal(stranger)
    with pytest.raises(EpoError, match="другого человека"):
        bring(engine, ADMIN, leaver.key, [stranger.uuid], now=now)
    assert leaver.names() == []


def test_blobs_have_their_limits(leaver: Leaver) -> None:
    caller = identify_to_seal(leaver.house.engine, leaver.told.token, now=now, request_id="")
    huge = SealedOperation(new_id(), b"x" * (MAX_OPERATION + 2_000))
    request = SealRequest(device=leaver.told.device, epoch=None, uuids=[], blobs=[huge])
    with pytest.raises(Invalid, match="больше допустимого"):
        seal(leaver.house.engine, caller, request, now=now)
    with pytest.raises(Invalid, match="age1"):
        set_key(leaver.house.engine, "k1", "не ключ", now=now)


def test_a_restore_is_found_out_by_a_seal_too(leaver: Leaver) -> None:
    engine = leaver.house.engine
    leaver.end()
    with leaver.house.session() as db:
        epoch, heard = read_epoch(db), read_clock(db)
    caller = identify_to_seal(engine, leaver.told.token, now=now, request_id="")
    false = proved(leaver.house, epoch, heard.clock, heard.mark + 1)
    request = SealRequest(
        device=leaver.told.device, epoch=epoch, uuids=[new_id()], witnesses=[false]
    )
    answer = seal(engine, caller, request, now=now)
    assert answer.epoch > epoch
    assert (answer.was, answer.lacks) == (epoch, request.uuids)


def test_what_was_shown_to_the_leaver_was_shown_to_him(leaver: Leaver) -> None:
    leaver.end()
    op = leaver.op(Command(READ, {"entity": "applicant", "id": new_id().hex}))
    leaver.seal(op)
    assert [r.applied for r in bring(leaver.house.engine, ADMIN, leaver.key, [], now=now)] == [True]
    with leaver.house.session() as db:
        lines = db.scalars(sa.select(audit.c.changes).order_by(audit.c.seq)).all()
    (line,) = [line for each in lines for line in each if line["kind"] == "read"]
    assert line["by"] == leaver.told.account.hex


def test_an_unsent_file_is_put_together_from_its_sealed_pieces(leaver: Leaver) -> None:
    """Its record had come, its bytes had not: the administrator lays them on the shelf."""
    desk = Desk(leaver.house, "admission_clerk")
    _, a = taken(desk)
    content = b"%PDF-1.7" + bytes(range(256)) * 1_500
    document, file = new_id(), new_id()
    desk.push(desk.op(paper(document, a)), desk.op(scan(file, document, content)))
    leaver.end()
    pieces = [
        SealedPiece(
            new_id(),
            leaver.told.account,
            digest_of(content),
            len(content),
            at,
            content[at : at + SEALED_PIECE],
        )
        for at in range(0, len(content), SEALED_PIECE)
    ]
    assert len(pieces) == 2
    caller = identify_to_seal(leaver.house.engine, leaver.told.token, now=now, request_id="")
    request = SealRequest(
        device=leaver.told.device,
        epoch=None,
        uuids=[],
        blobs=[SealedOperation(p.uuid, sealed_to(leaver.recipient, p)) for p in pieces],
    )
    seal(leaver.house.engine, caller, request, now=now)
    engine = leaver.house.engine
    (half,) = bring(engine, ADMIN, leaver.key, [pieces[0].uuid], now=now)
    assert (half.applied, half.said) == (False, PARTLY)
    done = bring(engine, ADMIN, leaver.key, [], now=now)
    assert [d.applied for d in done] == [True, True]
    assert look(engine, ADMIN, now=now) == []
    with leaver.house.session() as db:
        assert db.scalars(sa.select(DocumentScan.state)).one() is FileState.RECEIVED
    assert place_of(engine, leaver.house.id, digest_of(content)).whole.read_bytes() == content


def test_a_sealed_file_without_its_record_waits_or_is_given_up_with_a_word(leaver: Leaver) -> None:
    leaver.end()
    content = b"%PDF-1.7 nobody's"
    piece = SealedPiece(new_id(), leaver.told.account, digest_of(content), len(content), 0, content)
    caller = identify_to_seal(leaver.house.engine, leaver.told.token, now=now, request_id="")
    blob = SealedOperation(piece.uuid, sealed_to(leaver.recipient, piece))
    request = SealRequest(device=leaver.told.device, epoch=None, uuids=[], blobs=[blob])
    seal(leaver.house.engine, caller, request, now=now)
    (done,) = bring(leaver.house.engine, ADMIN, leaver.key, [], now=now)
    assert (done.applied, done.said) == (False, NO_RECORD)
    give_up(leaver.house.engine, ADMIN, leaver.key, piece.uuid, "не нужен", now=now)
    assert look(leaver.house.engine, ADMIN, now=now) == []
    with leaver.house.session() as db:
        lines = db.scalars(sa.select(audit.c.changes).where(audit.c.action == "release.close_file"))
        (line,) = lines.one()
    assert line["set"] == {"reason": "не нужен"}


def junk(leaver: Leaver, blob: bytes) -> UUID:
    id = new_id()
    caller = identify_to_seal(leaver.house.engine, leaver.told.token, now=now, request_id="")
    blobs = [SealedOperation(id, blob)]
    request = SealRequest(device=leaver.told.device, epoch=None, uuids=[id], blobs=blobs)
    assert seal(leaver.house.engine, caller, request, now=now).lacks == []
    return id


def test_what_nobody_can_open_stops_no_other_work_and_is_closed_with_a_word(leaver: Leaver) -> None:
    engine = leaver.house.engine
    leaver.end()
    to = [pyrage.x25519.Recipient.from_str(leaver.recipient)]
    spoilt = [
        junk(leaver, b"no sealed thing at all"),
        junk(leaver, pyrage.encrypt(msgspec.msgpack.encode([1, 2]), to)),
        junk(leaver, pyrage.encrypt(b"\xc1", to)),
    ]
    leaver.seal(leaver.op(person(new_id(), last_name=CANARY)))
    said = bring(engine, ADMIN, leaver.key, [], now=now)
    assert [(r.uuid, r.applied) for r in said[:3]] == [(id, False) for id in spoilt]
    assert (said[3].applied, leaver.names()) == (True, [CANARY])
    other = leaver.key.with_name("other.key")
    new_key(other)
    for id in spoilt:
        with pytest.raises(EpoError):
            give_up(engine, ADMIN, other, id, "ключ не тот", now=now)
        if id == spoilt[0]:
            with pytest.raises(RuleBroken, match="прежним ключом"):
                give_up(engine, ADMIN, leaver.key, id, "не открывается", now=now)
        opens = id != spoilt[0]
        give_up(engine, ADMIN, leaver.key, id, "не открывается", unopened=not opens, now=now)
    assert look(engine, ADMIN, now=now) == []


def test_what_was_sealed_to_the_key_before_is_not_erased_in_silence(leaver: Leaver) -> None:
    engine = leaver.house.engine
    op = leaver.op(person(new_id(), last_name=CANARY))
    leaver.end()
    leaver.seal(op)
    key = leaver.key.with_name("new.key")
    set_key(engine, "k1", new_key(key), now=now)
    with pytest.raises(RuleBroken, match="--unopened"):
        give_up(engine, ADMIN, key, op.uuid, "не открывается", now=now)
    assert [r.applied for r in bring(engine, ADMIN, leaver.key, [], now=now)] == [True]


def test_a_uuid_that_somebody_else_has_sealed_is_still_lacking(leaver: Leaver) -> None:
    """Else a stranger's junk under the uuid of his work would let his desk throw the work away."""
    other = sign_in(
        leaver.house.engine,
        SignIn(login="admission_secretary.k1", password=PASSWORD, computer="ПК-2"),
        now=now,
        demand_second=False,
    )
    squatter = Leaver(leaver.house, leaver.key, leaver.recipient, other)
    op = leaver.op(person(new_id(), last_name=CANARY))
    assert squatter.seal(op).lacks == []
    leaver.end()
    assert leaver.seal(op).lacks == [op.uuid]
    give_up(leaver.house.engine, ADMIN, leaver.key, op.uuid, "чужое", now=now)
    assert leaver.seal(op).lacks == []
    assert [r.applied for r in bring(leaver.house.engine, ADMIN, leaver.key, [], now=now)] == [True]


def test_one_account_seals_no_more_than_an_office_types_and_scans(
    leaver: Leaver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.kit.seal.MOST_BYTES", 3_000)
    for number in range(2):
        assert leaver.seal(leaver.op(person(new_id()))).lacks == [], number
    with pytest.raises(Invalid, match="слишком много"):
        junk(leaver, b"x" * 2_500)
