"""One-time codes: a thousand at once, each opens its account once, and no trace of them anywhere (A10.3, TRUST B-16, B-17)."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.administration.entities import Account, CredentialSlip
from common.administration.kinds import AccountState
from common.kit.codes import ALPHABET, SIGNS, code_key
from common.kit.errors import Invalid, NotAllowed, NotSignedIn, StepNeeded
from common.kit.issuing import Issued, IssueRequest
from common.kit.sync import SignedIn, SignIn
from server.administration.issuing import LASTS, MOST, issue
from server.kit.auth import identify
from server.kit.commit import commit
from server.kit.entering import sign_in
from server.kit.tables import login
from server.kit.web import make_app
from tests.server.conftest import NOW, PASSWORD, House, now

OWN = "сорок тысяч зелёных чайников"


def hire(house: House, count: int, prefix: str = "new") -> list[UUID]:
    """Accounts as a desk makes them: nobody has been given anything yet."""
    with house.session() as db:
        made = [
            Account(
                login=f"{prefix}{n}",
                name=f"Новая {prefix} {n:04d}",
                state=AccountState.PENDING,
                consent_on=NOW.date(),
            )
            for n in range(count)
        ]
        db.add_all(made)
        commit(db, "test.hire")
        return [each.id for each in made]


Give = Callable[[list[UUID]], Issued]


@pytest.fixture
def issued(ours: House) -> Give:
    """The administrator gives codes."""
    caller = ours.caller("org_admin")
    return lambda accounts: issue(ours.engine, caller, IssueRequest(accounts=accounts), now=now)


def entered(house: House, name: str, password: str, *, hours: float = 0, **more: Any) -> SignedIn:
    request = SignIn(login=name, password=password, computer="ПК", **more)
    moment = NOW + dt.timedelta(hours=hours)
    return sign_in(house.engine, request, now=lambda: moment, demand_second=False)


def test_a_thousand_codes_are_all_different_and_long_enough(ours: House, issued: Give) -> None:
    told = issued(hire(ours, MOST))
    codes = {code_key(slip.code) for slip in told.slips}
    assert len(codes) == MOST
    assert "" not in codes
    assert len(ALPHABET) ** SIGNS > 2**64
    assert [slip.name for slip in told.slips] == sorted(slip.name for slip in told.slips)
    with ours.session() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(CredentialSlip)) == MOST


def test_a_code_opens_the_account_once_and_asks_for_an_own_password(
    ours: House, issued: Give
) -> None:
    (slip,) = issued(hire(ours, 1)).slips
    typed = slip.code.replace("-", " ") + " "
    with pytest.raises(StepNeeded, match="Придумайте свой пароль") as asked:
        entered(ours, slip.login, typed)
    assert asked.value.fields == {"step": "new_password"}
    entered(ours, slip.login, typed, new_password=OWN)
    with pytest.raises(NotSignedIn, match="не подходят"):
        entered(ours, slip.login, typed, new_password="другая длинная фраза о чайниках")
    assert entered(ours, slip.login, OWN).login == slip.login


def test_a_code_ends_after_three_days(ours: House, issued: Give) -> None:
    (slip,) = issued(hire(ours, 1)).slips
    hours = LASTS.total_seconds() / 3600
    with pytest.raises(NotSignedIn, match="не подходят"):
        entered(ours, slip.login, slip.code, new_password=OWN, hours=hours)
    entered(ours, slip.login, slip.code, new_password=OWN, hours=hours - 0.1)


def test_a_new_code_ends_the_password_and_the_code_before_it(ours: House, issued: Give) -> None:
    (account,) = hire(ours, 1)
    first = issued([account]).slips[0]
    second = issued([account]).slips[0]
    with pytest.raises(NotSignedIn, match="не подходят"):
        entered(ours, first.login, first.code, new_password=OWN)
    token = entered(ours, second.login, second.code, new_password=OWN).token
    issued([account])
    with pytest.raises(NotSignedIn, match="больше не действует"):
        identify(ours.engine, token, now=now, request_id="")
    with pytest.raises(NotSignedIn, match="не подходят"):
        entered(ours, second.login, OWN)


@pytest.mark.parametrize(
    ("weak", "why"),
    [
        ("короткий", "короче 12"),
        ("ы" * 129, "длиннее 128"),
        ("password12345", "легко угадать"),
        ("Колледж k1 2026", "легко угадать"),
        ("new0new0new0new0", "легко угадать"),
        ("Новая new 0000!", "легко угадать"),
    ],
)
def test_a_weak_password_is_refused_and_the_code_stays(
    ours: House, issued: Give, weak: str, why: str
) -> None:
    (slip,) = issued(hire(ours, 1)).slips
    with pytest.raises(Invalid, match=why):
        entered(ours, slip.login, slip.code, new_password=weak)
    entered(ours, slip.login, slip.code, new_password=OWN)


@pytest.mark.parametrize("own", ["ж" * 6 + " 🙂 " + "Щука!" * 20, "q9 W~zzь ыЪ 77 кот", OWN])
def test_long_passwords_of_any_letters_work_unchanged(ours: House, issued: Give, own: str) -> None:
    (slip,) = issued(hire(ours, 1)).slips
    entered(ours, slip.login, slip.code, new_password=own)
    assert entered(ours, slip.login, own).login == slip.login


def test_who_gets_no_code_is_told_and_the_others_get_theirs(ours: House, theirs: House) -> None:
    good, closed, twin, foreign = (
        *hire(ours, 2),
        *hire(ours, 1, prefix="org_admin.k2#"),
        *hire(theirs, 1, prefix="far"),
    )
    with ours.session() as db:
        for account in db.scalars(sa.select(Account).where(Account.id.in_([closed, twin]))):
            if account.id == closed:
                account.state = AccountState.DESTROYED
            else:
                account.login = "ORG_ADMIN.K2"
        commit(db, "test.ends")
    caller = ours.caller("org_admin")
    asked = IssueRequest(accounts=[good, closed, twin, foreign, caller.account_id])
    told = issue(ours.engine, caller, asked, now=now)
    assert [slip.account for slip in told.slips] == [good]
    why = {each.account: each.why for each in told.passed}
    assert "уничтожена" in why[closed]
    assert "занят" in why[twin]
    assert "меняют" in why[caller.account_id]
    assert foreign not in why
    assert entered(theirs, "org_admin.k2", PASSWORD).login == "org_admin.k2"


def test_only_an_administrator_issues_codes(ours: House, issued: Give) -> None:
    with pytest.raises(NotAllowed, match="администратор"):
        issue(
            ours.engine,
            ours.caller("admission_secretary"),
            IssueRequest(accounts=hire(ours, 1)),
            now=now,
        )
    with pytest.raises(Invalid, match="от 1 до 1000"):
        issued([])


def test_no_code_is_anywhere_but_in_the_one_answer(ours: House, tmp_path: Path) -> None:
    accounts = hire(ours, 3)
    secret = entered(ours, f"org_admin.{ours.code}", PASSWORD).token
    with TestClient(make_app(ours.engine, now=now)) as client:
        head = {"authorization": f"Bearer {secret}"}
        asked = {"accounts": [str(each) for each in accounts]}
        told = client.post("/api/credentials", json=asked, headers=head).json()
        assert client.get("/api/credentials", headers=head).status_code == 405
    codes = [slip["code"] for slip in told["slips"]]
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    with ours.engine.connect() as connection:
        inspector = sa.inspect(connection)
        for table in inspector.get_table_names():
            rows = connection.execute(sa.text(f'SELECT * FROM "{table}"')).all()  # noqa: S608  its own tables
            kept += json.dumps(rows, default=str, ensure_ascii=False).encode()
    for code in codes:
        for form in (code, code_key(code)):
            assert form.encode() not in kept
            assert form.encode("utf-16-le") not in kept
            assert base64.b64encode(form.encode()) not in kept
            assert form.encode().hex().encode() not in kept


def test_another_login_row_is_not_touched(ours: House, issued: Give) -> None:
    with ours.engine.connect() as connection:
        before = connection.execute(sa.select(login).order_by(login.c.login)).all()
    issued(hire(ours, 2))
    with ours.engine.connect() as connection:
        after = connection.execute(
            sa.select(login).where(login.c.code_hash.is_(None)).order_by(login.c.login)
        ).all()
    assert after == before
