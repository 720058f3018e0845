"""Access ends at once, comes back with its cause, or never: by commands of an administrator's desk (regulation 10.5, 10.6, 10.7)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from common.administration.entities import AccessEnd, Account, RoleGrant
from common.administration.kinds import AccountState, EndTrigger
from common.kit import sheets
from common.kit.errors import AccessEnded, Invalid, NotSignedIn
from common.kit.issuing import IssueRequest
from common.kit.sync import DESTROY_LOGIN, END_ACCESS, RESUME_ACCESS, Command, Outcome, Save, SignIn
from server.administration.issuing import issue
from server.administration.register import HEADERS, lines
from server.app import main
from server.kit.auth import identify
from server.kit.commit import commit
from server.kit.entering import sign_in
from server.kit.midnight import run
from server.kit.session import load
from tests.server.conftest import NOW, PASSWORD, House, now
from tests.server.kit.desks import Desk

CLERK = "admission_clerk"
NOTE = "С его компьютера перебирали чужие карточки"
CAUSE = "Компьютер был заражён, его переустановили"
OWN = "сорок тысяч зелёных чайников"


class Office:
    """The administrator's desk, and the clerk of whom it decides."""

    def __init__(self, house: House) -> None:
        self.house, self.desk = house, Desk(house, "org_admin")
        with house.session() as db:
            self.clerk = db.scalars(
                sa.select(Account.id).where(Account.login == f"{CLERK}.{house.code}")
            ).one()

    def act(self, name: str, desk: Desk | None = None, **args: str) -> Outcome:
        by = desk or self.desk
        told = {"account": self.clerk.hex} | args
        (outcome,) = by.push(by.op(Command(name, told))).outcomes
        return outcome

    def end(self, reason: str = "suspicious") -> Outcome:
        return self.act(END_ACCESS, reason=reason, note=NOTE)

    def state(self) -> AccountState:
        with self.house.session() as db:
            found: AccountState = db.scalars(
                sa.select(Account.state).where(Account.id == self.clerk)
            ).one()
            return found

    def token(self, password: str = PASSWORD, **more: Any) -> str:
        request = SignIn(
            login=f"{CLERK}.{self.house.code}", password=password, computer="ПК", **more
        )
        return sign_in(self.house.engine, request, now=now, demand_second=False).token


@pytest.fixture
def office(ours: House) -> Office:
    return Office(ours)


def test_the_next_request_is_refused_and_the_password_opens_nothing(office: Office) -> None:
    token = office.token()
    assert office.end().status == "applied"
    with pytest.raises(AccessEnded):
        identify(office.house.engine, token, now=now, request_id="")
    with pytest.raises(NotSignedIn, match="не подходят"):
        office.token()
    assert office.state() is AccountState.SUSPENDED
    with office.house.session() as db:
        (ended,) = db.scalars(sa.select(AccessEnd))
    assert (ended.note, ended.ended_at) == (NOTE, NOW)


def test_access_whose_term_ran_out_is_resumed_like_any_other(office: Office) -> None:
    midnight = NOW + dt.timedelta(days=1)
    with office.house.session() as db:
        grants = db.scalars(sa.select(RoleGrant).where(RoleGrant.account_id == office.clerk))
        for grant in grants:
            grant.valid_to = midnight.date()
        commit(db, "test.term")
    (night,) = run(office.house.engine, now=lambda: midnight)
    assert (night.suspended, office.state()) == (1, AccountState.SUSPENDED)
    (line,) = [
        line
        for line in lines(
            office.house.engine, office.house.id, NOW.date(), midnight.date(), now=now
        )
        if line.login == f"{CLERK}.k1"
    ]
    assert (line.ended_on, line.reason) == (midnight.date(), "Истёк срок назначения")
    assert office.act(RESUME_ACCESS, cause="Срок продлён приказом № 7").status == "applied"
    assert office.state() is AccountState.PENDING
    with office.house.session() as db:
        (ended,) = db.scalars(sa.select(AccessEnd))
    assert (ended.trigger, ended.ended_by) == (EndTrigger.TERM, "Сервер")
    assert (ended.ended_at, ended.resumed_at) == (midnight, NOW)


def test_who_was_suspended_without_a_word_by_an_earlier_version_comes_back(office: Office) -> None:
    with office.house.session() as db:
        load(db, Account, office.clerk).state = AccountState.SUSPENDED
        commit(db, "test.before")
    assert office.act(RESUME_ACCESS, cause=CAUSE).status == "refused"
    run(office.house.engine, now=now)
    assert office.act(RESUME_ACCESS, cause=CAUSE).status == "applied"


def test_the_end_of_a_relation_closes_the_account_and_its_grants(office: Office) -> None:
    office.end("relation")
    assert office.state() is AccountState.CLOSED
    with office.house.session() as db:
        grants = db.scalars(sa.select(RoleGrant).where(RoleGrant.account_id == office.clerk))
        assert [g.valid_to for g in grants] == [NOW.date()]


def test_access_comes_back_with_its_cause_and_a_new_code(office: Office) -> None:
    office.end()
    assert "причина" in office.act(RESUME_ACCESS, cause="ладно").text
    assert office.state() is AccountState.SUSPENDED
    assert office.act(RESUME_ACCESS, cause=CAUSE).status == "applied"
    with pytest.raises(NotSignedIn):
        office.token()
    request = IssueRequest(accounts=[office.clerk])
    (slip,) = issue(office.house.engine, office.desk.caller, request, now=now).slips
    assert office.token(slip.code, new_password=OWN)
    with office.house.session() as db:
        (ended,) = db.scalars(sa.select(AccessEnd))
    assert (ended.cause, ended.resumed_at) == (CAUSE, NOW)


def test_a_destroyed_login_never_comes_back(office: Office) -> None:
    assert "Сначала прекратите" in office.act(DESTROY_LOGIN).text
    office.end("intrusion")
    assert office.act(DESTROY_LOGIN).status == "applied"
    assert office.state() is AccountState.DESTROYED
    assert "Возобновить нечего" in office.act(RESUME_ACCESS, cause=CAUSE).text
    told = issue(
        office.house.engine, office.desk.caller, IssueRequest(accounts=[office.clerk]), now=now
    )
    assert (told.slips, "уничтожена" in told.passed[0].why) == ([], True)
    twin = Account(
        login=f"{CLERK.upper()}.{office.house.code}", name="Другая", state=AccountState.PENDING
    )
    with office.house.session() as db:
        from server.kit.commit import commit

        db.add(twin)
        commit(db, "test.twin")
    told = issue(office.house.engine, office.desk.caller, IssueRequest(accounts=[twin.id]), now=now)
    assert "занят" in told.passed[0].why


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"reason": "suspicious", "note": "так"}, "Напишите, что произошло"),
        ({"reason": "boredom", "note": NOTE}, "по какому основанию"),
        ({"account": "нет", "reason": "suspicious", "note": NOTE}, "о чьём доступе"),
    ],
)
def test_what_is_missing_is_named_and_nothing_ends(
    office: Office, args: dict[str, str], said: str
) -> None:
    assert said in office.act(END_ACCESS, None, **args).text
    assert office.state() is AccountState.ACTIVE


def test_nobody_ends_his_own_access_or_anothers_without_the_right(office: Office) -> None:
    own = office.desk.caller.account_id.hex
    assert "Свой доступ" in office.act(END_ACCESS, account=own, reason="relation", note=NOTE).text
    clerk = Desk(office.house, CLERK)
    told = office.act(END_ACCESS, clerk, account=own, reason="relation", note=NOTE)
    assert told.status == "quarantined"
    assert office.end().status == "applied"
    assert "уже прекращён" in office.end().text


def test_another_colleges_account_is_not_found(office: Office, theirs: House) -> None:
    foreign = Office(theirs)
    told = office.act(END_ACCESS, account=foreign.clerk.hex, reason="relation", note=NOTE)
    assert "такой записи нет" in told.text
    assert foreign.state() is AccountState.ACTIVE


def test_the_history_of_access_is_not_edited(office: Office) -> None:
    office.end()
    with office.house.session() as db:
        (id,) = db.scalars(sa.select(AccessEnd.id))
    edit: Any = Save("access_end", id, create=False, set={"note": (NOTE, "ничего не было")})
    (outcome,) = office.desk.push(office.desk.op(edit)).outcomes
    assert (outcome.status, "не правят" in outcome.text) == ("refused", True)


def test_the_register_tells_what_was_given_and_ended(office: Office, tmp_path: Path) -> None:
    office.end("intrusion")
    month = (NOW.date().replace(day=1), NOW.date())
    found = lines(office.house.engine, office.house.id, *month, now=now)
    (line,) = [each for each in found if each.login.startswith(CLERK)]
    assert (line.ended_on, line.reason, line.state) == (
        NOW.date(),
        "Несанкционированный доступ",
        "Приостановлена",
    )
    assert (line.order_number, line.order_date) == ("1", NOW.date())
    others = [each for each in found if not each.login.startswith(CLERK)]
    assert {each.ended_on for each in others} == {None}
    before = dt.date(2026, 6, 1)
    assert lines(office.house.engine, office.house.id, before, before, now=now) == []
    file = tmp_path / "register.xlsx"
    sheets.write(file, "Реестр", HEADERS, [line.cells(1)])
    assert sheets.read(file).rows[0][1] == line.name


def test_the_register_is_written_by_its_command(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "epo.toml"
    url = office.house.engine.url.render_as_string(hide_password=False)
    config.write_text(f'database_url = "{url}"\ndata_dir = "{tmp_path / "outside"}"\n', "utf-8")
    file = tmp_path / "register.xlsx"
    days = ("--since", "2026-07-01", "--until", "2026-07-31")
    call = ["access-register", str(file), "--college", "k1", "--config", str(config), *days]
    assert main(call) == 0
    assert "register.xlsx: строк" in capsys.readouterr().out
    assert sheets.read(file).headers == HEADERS
    with pytest.raises(Invalid):
        sheets.read(config)
