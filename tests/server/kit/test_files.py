"""Files at the centre on both databases: whole or not at all, by the rights of their record, unknown to other colleges."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.administration.kinds import AccessKind
from common.admissions.entities import DocumentScan
from common.kit.attached import FileState
from common.kit.contents import MAX_FILE, PIECE, digest_of
from common.kit.errors import NotFound
from common.kit.ids import new_id
from common.kit.sync import Cursor, Delete, FileProgress, Save
from server.kit import files
from server.kit.checking import findings
from server.kit.scope import Own
from server.kit.tables import access_event, audit
from server.kit.web import make_app
from tests.server.conftest import PASSWORD, House, now
from tests.server.kit.desks import (
    Desk,
    applicant,
    campaign,
    paper,
    person,
    rows_of,
    scan,
    statuses,
    taken,
)

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 40


@dataclass
class Office:
    """One signed-in account that sends and asks by HTTP."""

    client: TestClient[Any]
    head: dict[str, str]

    def send(
        self, content: bytes, at: int = 0, *, digest: str = "", size: int | None = None,
        piece: bytes | None = None,
    ) -> httpx.Response:  # fmt: skip
        asked: dict[str, str | int] = {
            "digest": digest or digest_of(content),
            "size": len(content) if size is None else size,
            "at": at,
        }
        body = content[at : at + PIECE] if piece is None else piece
        return self.client.post("/api/file", params=asked, content=body, headers=self.head)

    def fetch(self, digest: str, at: int = 0, most: int = PIECE) -> httpx.Response:
        asked: dict[str, str | int] = {"digest": digest, "at": at, "most": most}
        return self.client.get("/api/file", params=asked, headers=self.head)


@pytest.fixture
def client(ours: House) -> Iterator[TestClient[Any]]:
    with TestClient(make_app(ours.engine, now=now, second_factor=False)) as made:
        yield made


def office(client: TestClient[Any], house: House, role: str = "admission_secretary") -> Office:
    login = {"login": f"{role}.{house.code}", "password": PASSWORD, "computer": "ПК"}
    token = client.post("/api/sign-in", json=login).json()["token"]
    return Office(client, {"Authorization": f"Bearer {token}"})


def hang(desk: Desk, content: bytes = CONTENT, **more: Any) -> UUID:
    """A scan of a paper of a new applicant, its bytes still to come."""
    _, a = taken(desk)
    d, s = new_id(), new_id()
    answer = desk.push(desk.op(paper(d, a)), desk.op(scan(s, d, content, **more)))
    assert statuses(answer) == ["applied", "applied"]
    return s


def state_of(house: House, id: UUID) -> FileState:
    with house.session() as db:
        return db.scalars(sa.select(DocumentScan.state).where(DocumentScan.id == id)).one()


def shelved(house: House) -> list[Path]:
    folder = files.shelf(house.engine, house.id)
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.parent.name != files.PARTS)


def test_pieces_make_a_file_and_every_desk_is_told(ours: House, client: TestClient[Any]) -> None:
    desk = Desk(ours)
    id = hang(desk)
    before = desk.pull()
    sender = office(client, ours)
    assert sender.send(CONTENT, piece=b"").json() == {"have": 0, "whole": False}
    assert sender.send(CONTENT, piece=CONTENT[:700]).json() == {"have": 700, "whole": False}
    assert state_of(ours, id) is FileState.AWAITED
    assert sender.send(CONTENT, 700).json() == {"have": len(CONTENT), "whole": True}
    assert state_of(ours, id) is FileState.RECEIVED
    cursors = [Cursor(page.bucket, page.to) for page in before.pages]
    (row,) = rows_of(desk.pull(*cursors), "document_scan.P2")
    assert "received" in row
    assert sender.fetch(digest_of(CONTENT), 700).content == CONTENT[700:]
    assert sender.fetch(digest_of(CONTENT), len(CONTENT)).content == b""
    assert findings(ours.engine, now=now) == []


def test_a_piece_is_taken_only_where_the_last_one_ended(
    ours: House, client: TestClient[Any]
) -> None:
    hang(Desk(ours))
    sender = office(client, ours)
    sender.send(CONTENT, piece=CONTENT[:500])
    assert sender.send(CONTENT, 900).json() == {"have": 500, "whole": False}
    assert sender.send(CONTENT, 200, piece=CONTENT[200:500]).json() == {"have": 500, "whole": False}
    assert sender.send(CONTENT, 500).json()["whole"] is True


def test_the_same_content_is_sent_once_in_a_college(ours: House, client: TestClient[Any]) -> None:
    desk = Desk(ours)
    first = hang(desk)
    sender = office(client, ours)
    sender.send(CONTENT)
    with ours.session() as db:
        document = db.scalars(sa.select(DocumentScan.document_id)).one()
    second = new_id()
    desk.push(desk.op(scan(second, document, CONTENT)))
    assert sender.send(CONTENT, piece=b"").json() == {"have": len(CONTENT), "whole": True}
    assert [state_of(ours, id) for id in (first, second)] == [FileState.RECEIVED] * 2
    assert len(shelved(ours)) == 1


def test_another_college_hears_the_same_of_our_file_as_of_none(
    ours: House, theirs: House, client: TestClient[Any]
) -> None:
    hang(Desk(ours))
    office(client, ours).send(CONTENT)
    stranger = office(client, theirs)
    for ask in (stranger.fetch, lambda digest: stranger.send(CONTENT, digest=digest)):
        known, unknown = ask(digest_of(CONTENT)), ask("0" * 64)
        assert known.status_code == unknown.status_code == 404
        assert _said(known) == _said(unknown)
    assert shelved(theirs) == []


def test_their_own_copy_is_theirs_alone(
    ours: House, theirs: House, client: TestClient[Any]
) -> None:
    """The same content in two colleges: what one has sent does not spare the other the sending."""
    for house in (ours, theirs):
        hang(Desk(house))
        sender = office(client, house)
        assert sender.send(CONTENT, piece=b"").json() == {"have": 0, "whole": False}
        assert sender.send(CONTENT).json()["whole"] is True
    assert [len(shelved(h)) for h in (ours, theirs)] == [1, 1]


def _said(answer: httpx.Response) -> dict[str, Any]:
    said: dict[str, Any] = answer.json()
    assert said.pop("request_id")
    return said


def test_who_may_not_see_the_paper_hears_that_there_is_no_file(
    ours: House, client: TestClient[Any]
) -> None:
    hang(Desk(ours))
    office(client, ours).send(CONTENT)
    for role in ("admission_reader", "org_admin"):
        other = office(client, ours, role)
        assert other.fetch(digest_of(CONTENT)).status_code == 404
        assert other.send(CONTENT).status_code == 404
    assert office(client, ours, "admission_clerk").fetch(digest_of(CONTENT)).content == CONTENT


def test_a_file_that_has_not_come_yet_is_denied_to_nobody_who_may_open_it(
    ours: House, client: TestClient[Any]
) -> None:
    hang(Desk(ours))
    assert office(client, ours).fetch(digest_of(CONTENT)).status_code == 404
    with ours.session() as db:
        denied = access_event.c.kind == AccessKind.DENIED.value
        assert db.execute(sa.select(access_event).where(denied)).all() == []


def test_a_file_waits_for_the_record_that_it_hangs_on(ours: House, client: TestClient[Any]) -> None:
    sender = office(client, ours)
    assert sender.send(CONTENT).status_code == 404
    desk = Desk(ours)
    id = hang(desk)
    sender.send(CONTENT)
    with ours.session() as db:
        row = db.scalars(sa.select(DocumentScan).where(DocumentScan.id == id)).one()
        seen = {"content": row.content}
    desk.push(desk.op(Delete("document_scan", id, seen, ())))
    assert sender.fetch(digest_of(CONTENT)).status_code == 404


def test_what_is_not_the_content_is_thrown_away_and_asked_for_again(
    ours: House, client: TestClient[Any]
) -> None:
    id = hang(Desk(ours))
    sender = office(client, ours)
    spoilt = CONTENT[:-1] + b"?"
    answer = sender.send(spoilt, digest=digest_of(CONTENT))
    assert answer.json() == {"have": 0, "whole": False}
    assert state_of(ours, id) is FileState.AWAITED
    assert sender.send(CONTENT).json()["whole"] is True


@pytest.mark.parametrize("content", [b"MZ\x90\0" * 50, b"<svg onload='alert(1)'/>", b"PK\x03\x04"])
def test_what_is_no_paper_inside_is_refused_whatever_its_name(
    ours: House, client: TestClient[Any], content: bytes
) -> None:
    id = hang(Desk(ours), content)
    answer = office(client, ours).send(content)
    assert answer.status_code == 422
    assert "внутри не PDF, JPEG, PNG или TIFF" in answer.json()["title"]
    assert shelved(ours) == []
    assert state_of(ours, id) is FileState.AWAITED


def test_too_much_is_refused_before_it_is_kept(ours: House, client: TestClient[Any]) -> None:
    hang(Desk(ours))
    sender = office(client, ours)
    for size in (0, -1, MAX_FILE + 1, 2**70):
        assert sender.send(CONTENT, size=size).status_code == 422
    assert sender.send(CONTENT, size=100).status_code == 422
    assert sender.send(CONTENT, piece=b"x" * 3_000_000, size=MAX_FILE).status_code == 413
    assert shelved(ours) == []


def test_where_the_disk_takes_nothing_the_desk_is_asked_to_wait(
    ours: House, client: TestClient[Any]
) -> None:
    """A file stands where the shelf should be: nothing can be written there."""
    hang(Desk(ours))
    shelf = files.shelf(ours.engine, ours.id)
    shelf.parent.mkdir(parents=True, exist_ok=True)
    shelf.write_bytes(b"")
    answer = office(client, ours).send(CONTENT)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert answer.json()["title"].startswith("На сервере не хватает места для файлов")
    shelf.unlink()
    assert office(client, ours).send(CONTENT).json()["whole"] is True


@pytest.mark.parametrize(
    "digest", ["", "..", "../../secrets.toml", "a" * 63, "A" * 64, "%00", "..%2f" * 12]
)
def test_only_a_digest_names_a_file(ours: House, client: TestClient[Any], digest: str) -> None:
    hang(Desk(ours))
    sender = office(client, ours)
    assert sender.fetch(digest).status_code == 404
    assert sender.client.post(
        "/api/file", params={"digest": digest, "size": 9, "at": 0}, content=b"x", headers=sender.head
    ).status_code == 404  # fmt: skip


def test_a_place_far_outside_is_the_end_of_the_file(ours: House, client: TestClient[Any]) -> None:
    hang(Desk(ours))
    sender = office(client, ours)
    sender.send(CONTENT)
    assert sender.fetch(digest_of(CONTENT), 2**62).content == b""
    assert sender.fetch(digest_of(CONTENT), -5).content == CONTENT
    assert sender.fetch(digest_of(CONTENT), 9, -1).content == b""
    assert sender.fetch(digest_of(CONTENT), 9, 2**62).content == CONTENT[9:]


def test_a_browser_opens_nothing_that_it_fetches(ours: House, client: TestClient[Any]) -> None:
    hang(Desk(ours))
    sender = office(client, ours)
    sender.send(CONTENT)
    head = sender.fetch(digest_of(CONTENT)).headers
    assert head["content-disposition"] == "attachment"
    assert head["x-content-type-options"] == "nosniff"
    assert head["content-security-policy"] == "default-src 'none'; sandbox"
    assert head["content-type"] == "application/octet-stream"


def test_without_a_token_there_is_nothing(client: TestClient[Any]) -> None:
    nobody = Office(client, {})
    assert nobody.fetch(digest_of(CONTENT)).status_code == 401
    assert nobody.send(CONTENT).status_code == 401


def test_only_the_centre_says_that_a_file_has_come(ours: House) -> None:
    desk = Desk(ours)
    _, a = taken(desk)
    d = new_id()
    answer = desk.push(desk.op(paper(d, a)), desk.op(scan(new_id(), d, CONTENT, state="received")))
    assert answer.outcomes[1].text.startswith("Что файл получен, говорит только сервер")


def test_what_was_attached_is_not_exchanged(ours: House, client: TestClient[Any]) -> None:
    desk = Desk(ours)
    id = hang(desk)
    other = digest_of(b"other")
    change = {"content": (digest_of(CONTENT), other)}
    answer = desk.push(desk.op(Save("document_scan", id, create=False, set=change)))
    assert answer.outcomes[0].text.startswith("Прикреплённый файл не меняют")
    renamed = {"name": ("паспорт.pdf", "Паспорт, разворот.pdf")}
    answer = desk.push(desk.op(Save("document_scan", id, create=False, set=renamed)))
    assert statuses(answer) == ["applied"]


@pytest.mark.parametrize(
    "wrong", [{"content": "../../x"}, {"size": MAX_FILE + 1}, {"size": 0}, {"kind": "exe"}]
)
def test_words_about_a_file_are_checked_like_any_other(ours: House, wrong: dict[str, Any]) -> None:
    desk = Desk(ours)
    _, a = taken(desk)
    d = new_id()
    answer = desk.push(desk.op(paper(d, a)), desk.op(scan(new_id(), d, CONTENT, **wrong)))
    assert statuses(answer) == ["applied", "refused"]


def test_the_arrival_is_in_the_journal_of_changes(ours: House, client: TestClient[Any]) -> None:
    hang(Desk(ours))
    office(client, ours).send(CONTENT)
    with ours.session() as db:
        query = sa.select(audit).where(audit.c.college_id == ours.id, audit.c.action == "file")
        line = db.execute(query).mappings().one()
    assert line["changes"][0]["set"] == {"state": ["awaited", "received"]}
    assert line["account_id"] is not None


def test_a_file_that_is_missing_for_three_days_is_reported(ours: House) -> None:
    hang(Desk(ours))

    def later(days: int) -> Any:
        return lambda: now() + dt.timedelta(days=days, minutes=1)

    assert findings(ours.engine, now=later(2)) == []
    (found,) = findings(ours.engine, now=later(3))
    assert (found.college, found.kind) == ("k1", "file")
    assert found.message == "Сканы документов: файлов, которых ждут больше 3 дней: 1"


def test_a_received_file_that_has_vanished_is_reported(
    ours: House, client: TestClient[Any]
) -> None:
    hang(Desk(ours))
    office(client, ours).send(CONTENT)
    (path,) = shelved(ours)
    path.write_bytes(CONTENT[:-1])
    said = [f.message for f in findings(ours.engine, now=now)]
    assert said == ["Файлов на полке нет или они не той длины: 1"]
    path.unlink()
    assert [f.message for f in findings(ours.engine, now=now)] == said


def narrowed(house: House) -> Desk:
    """A clerk who may only what he may with his own."""
    desk = Desk(house, "admission_clerk")
    own = Own(desk.caller.permissions, desk.caller.account_id)
    desk.caller = dataclasses.replace(desk.caller, permissions=frozenset(), own=own)
    return desk


def attach(desk: Desk, campaign_id: UUID) -> UUID:
    """A scan of a paper of one more applicant of that campaign."""
    p, a, d, s = (new_id() for _ in range(4))
    whole = (person(p), applicant(a, p, campaign_id), paper(d, a), scan(s, d, CONTENT))
    assert statuses(desk.push(*map(desk.op, whole))) == ["applied"] * 4
    return s


def test_a_digest_alone_opens_nothing_to_one_who_hangs_it_on_a_record_of_his_own(
    ours: House, client: TestClient[Any]
) -> None:
    """He that was shown the content once, or its digest anywhere, does not get it back by naming it."""
    secretary, year = Desk(ours), new_id()
    assert statuses(secretary.push(secretary.op(campaign(year)))) == ["applied"]
    attach(secretary, year)
    assert office(client, ours).send(CONTENT).json()["whole"]
    clerk, digest = narrowed(ours), digest_of(CONTENT)

    def read() -> bytes:
        return files.read(ours.engine, clerk.caller, digest, 0, PIECE, now=now)

    def send(body: bytes) -> FileProgress:
        piece = files.Piece(digest, len(CONTENT), 0, body)
        return files.receive(ours.engine, clerk.caller, piece, now=now)

    with pytest.raises(NotFound):
        read()
    id = attach(clerk, year)
    with pytest.raises(NotFound):
        read()
    assert send(b"") == FileProgress(have=0, whole=False)
    assert send(b"%PDF-1.7\n" + bytes(len(CONTENT) - 9)) == FileProgress(have=0, whole=False)
    assert state_of(ours, id) is FileState.AWAITED
    with pytest.raises(NotFound):
        read()
    assert send(CONTENT).whole
    assert (read(), len(shelved(ours))) == (CONTENT[:PIECE], 1)
    assert findings(ours.engine, now=now) == []
