"""The seven test cases of section 10 of the regulation (domain A10), each by its number."""

from __future__ import annotations

import datetime as dt
import json
import logging
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pypdfium2
import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.administration.documents import Issue, slips_paper
from common.administration.entities import Account, CredentialSlip, Role
from common.administration.kinds import AccountState
from common.kit.codes import code_key
from common.kit.entity import entities
from common.kit.errors import Invalid, NotSignedIn
from common.kit.ids import new_id
from common.kit.issuing import Issued, IssueRequest
from common.kit.sync import DESTROY_LOGIN, END_ACCESS, Command, Save, SignIn
from server.administration import service
from server.administration.issuing import issue
from server.kit.entering import sign_in
from server.kit.web import make_app, openapi_bytes
from tests.server.administration.test_issuing import OWN, Give, entered, hire, issued
from tests.server.conftest import NOW, PASSWORD, House, now
from tests.server.kit.desks import Desk

__all__ = ["issued"]

HOUSE = Issue("Колледж", "https://epo.example.org", "Админ", NOW.date(), ZoneInfo("UTC"))
OPEN = {"/health/live", "/health/ready", "/api/sign-in", "/sign-in", "/static/{name}"}


def codes_on(paper: bytes) -> list[str]:
    with pypdfium2.PdfDocument(paper) as document:
        words = document[0].get_textpage().get_text_range().split()
    return [word for word in words if code_key(word)]


def everything_kept(house: House, folder: Path) -> bytes:
    """All tables as they are dumped, and every file beside the database, the database's own included."""
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    with house.engine.connect() as connection:
        for table in sa.inspect(connection).get_table_names():
            rows = connection.execute(sa.text(f'SELECT * FROM "{table}"')).all()  # noqa: S608  its own tables
            kept += json.dumps(
                [tuple(row) for row in rows], default=str, ensure_ascii=False
            ).encode()
    return kept


def test_a10_1_no_one_time_password_is_in_the_database_or_the_logs_after_printing(
    ours: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    accounts = hire(ours, 2)
    token = entered(ours, f"org_admin.{ours.code}", PASSWORD).token
    with TestClient(make_app(ours.engine, now=now)) as client:
        head = {"authorization": f"Bearer {token}"}
        asked = {"accounts": [str(each) for each in accounts]}
        told = client.post("/api/credentials", json=asked, headers=head).json()
    slips = msgspec.convert(told, Issued).slips
    printed = codes_on(slips_paper(HOUSE, slips))
    assert printed == [slip.code for slip in slips]
    logged = "\n".join(str(record.__dict__) for record in caplog.records)
    assert "/api/credentials" in logged
    kept = everything_kept(ours, tmp_path) + logged.encode()
    assert len(printed) == 2
    for code in printed:
        for form in (code, code_key(code)):
            assert form.encode() not in kept
            assert form.encode("utf-16-le") not in kept
            assert form.encode().hex().encode() not in kept


def test_a10_2_a_slip_is_not_printed_again_only_a_new_code_is_given(
    ours: House, issued: Give
) -> None:
    (account,) = hire(ours, 1)
    first = issued([account])
    assert codes_on(slips_paper(HOUSE, first.slips)) == [first.slips[0].code]
    kept = {c.name for c in sa.inspect(CredentialSlip).columns}
    assert not {name for name in kept if "code" in name or "password" in name or "hash" in name}
    second = issued([account])
    assert second.slips[0].code != first.slips[0].code
    with pytest.raises(NotSignedIn):
        entered(ours, first.slips[0].login, first.slips[0].code, new_password=OWN)


def test_a10_3_an_end_of_relation_at_ten_oclock_closes_the_account_before_the_next_request(
    ours: House,
) -> None:
    """By the administrator's act; the order that will do it by itself has no entity yet (the manual says so)."""
    ten = dt.datetime(2026, 7, 1, 3, 0, tzinfo=dt.UTC)  # 10:00 in Kemerovo
    request = SignIn(login="admission_clerk.k1", password=PASSWORD, computer="ПК")
    told = sign_in(ours.engine, request, now=lambda: ten, demand_second=False)
    with TestClient(make_app(ours.engine, now=lambda: ten, second_factor=False)) as client:
        head = {"authorization": f"Bearer {told.token}"}
        assert client.get("/api/me", headers=head).status_code == 200
        desk = Desk(ours, "org_admin")
        about = {"account": told.account.hex, "reason": "relation", "note": "уволена с 1 июля"}
        (outcome,) = desk.push(desk.op(Command(END_ACCESS, about))).outcomes
        assert outcome.status == "applied", outcome.text
        assert client.get("/api/me", headers=head).status_code == 401
    with ours.session() as db:
        account = db.scalars(sa.select(Account).where(Account.id == told.account)).one()
        assert account.state is AccountState.CLOSED


def test_a10_4_a_destroyed_login_is_never_given_again(ours: House) -> None:
    desk = Desk(ours, "org_admin")
    clerk = ours.caller("admission_clerk").account_id
    end = {"account": clerk.hex, "reason": "intrusion", "note": "под этим логином входил чужой"}
    done = desk.push(
        desk.op(Command(END_ACCESS, end)), desk.op(Command(DESTROY_LOGIN, {"account": clerk.hex}))
    )
    assert [o.status for o in done.outcomes] == ["applied", "applied"]
    cyrillic = "аdmission_clerk.k1"  # its first letter
    for again in ("admission_clerk.k1", "ADMISSION_CLERK.k1", cyrillic):
        values = {"login": again, "name": "Другая Анна", "kind": "staff", "state": "pending"}
        body = Save("account", new_id(), create=True, set={n: (None, v) for n, v in values.items()})
        (outcome,) = desk.push(desk.op(body)).outcomes
        assert (outcome.status, "занят" in outcome.text) == ("refused", True)
        who = service.Person(
            login=again,
            name="Другая Анна",
            role="admission_clerk",
            order_number="1",
            order_date=NOW.date(),
        )
        with pytest.raises(Invalid, match="занят"):
            service.add_user(ours.engine, "k1", who, PASSWORD, now=now)
    told = issue(ours.engine, desk.caller, IssueRequest(accounts=[clerk]), now=now)
    assert [each.account for each in told.passed] == [clerk]


def test_a10_5_a_grant_without_the_number_of_its_order_is_refused_by_the_server(
    ours: House,
) -> None:
    desk = Desk(ours, "org_admin")
    clerk = ours.caller("admission_clerk").account_id
    with ours.session() as db:
        role = db.scalars(sa.select(Role.id).where(Role.code == "admission_reader")).one()
    whole = {
        "account_id": clerk.hex,
        "role_id": role.hex,
        "scope": "college",
        "order_number": "15-к",
        "order_date": "2026-06-01",
        "valid_from": "2026-07-01",
    }
    for missing in ("order_number", "order_date"):
        values = {n: (None, v) for n, v in whole.items() if n != missing}
        body = Save("role_grant", new_id(), create=True, set=values)
        (outcome,) = desk.push(desk.op(body)).outcomes
        assert (outcome.status, set(outcome.fields)) == ("refused", {missing})
    body = Save("role_grant", new_id(), create=True, set={n: (None, v) for n, v in whole.items()})
    (outcome,) = desk.push(desk.op(body)).outcomes
    assert outcome.status == "applied", outcome.text


def test_a10_6_a_student_and_an_order_have_no_entity_yet_so_nobody_is_shown_anothers() -> None:
    """Fails with the first of them: then its check is written here, by the matrix's own pattern (A-04)."""
    declared = {entity.__tablename__ for entity in entities()}
    assert not declared & {"student", "enrollment", "order", "order_item", "employee"}


def test_a10_7_a_guest_gets_the_way_in_and_nothing_else(ours: House) -> None:
    described = json.loads(openapi_bytes())["paths"]
    with TestClient(make_app(ours.engine, now=now)) as client:
        for path, methods in described.items():
            for method in methods:
                answer = client.request(method.upper(), path, content=b"{}")
                if path not in OPEN:  # nor does a stranger learn how it is asked
                    assert answer.status_code == 401, (method, path)
                    assert "Ёлкина" not in answer.text
        for path in ("/", "/schema", "/api", "/docs", "/metrics", "/api/openapi.yaml"):
            assert client.get(path).status_code in (401, 404)
