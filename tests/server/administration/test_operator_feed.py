"""The operator is told of access once, in one numbering without gaps, in the transaction that it tells of."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from common.administration.entities import Account, Role, RoleGrant
from common.kit.ids import new_id
from common.kit.sync import DESTROY_LOGIN, RESUME_ACCESS, Operation, Save
from server.administration.operator_feed import OperatorEvent, since, unread
from server.administration.service import end_user
from server.app import main
from server.kit.commit import commit
from server.kit.database import open_engine
from server.kit.midnight import run
from server.kit.outside import attach, outside_at
from server.kit.tables import operator_event
from tests.server.administration.test_ending import CAUSE, CLERK, NOTE, Office
from tests.server.conftest import NOW, House, now

Fresh = Callable[[], list[OperatorEvent]]


@pytest.fixture
def fresh(ours: House) -> Fresh:
    """What has come since the house was opened and since the last call."""
    last = [0]

    def read() -> list[OperatorEvent]:
        found: list[OperatorEvent] = []
        while (told := since(ours.engine, last[0], now=now)).events:
            found += told.events
            last[0] = told.events[-1].number
        return found

    opened = read()
    assert [e.number for e in opened] == list(range(1, len(opened) + 1))
    assert {e.kind for e in opened} == {"Назначена роль"}
    return read


@pytest.fixture
def office(ours: House) -> Office:
    return Office(ours)


def kinds(events: list[OperatorEvent]) -> list[str]:
    return [event.kind for event in events]


def grant(house: House, **more: object) -> Save:
    with house.session() as db:
        account = db.scalar(sa.select(Account.id).where(Account.login == f"{CLERK}.{house.code}"))
        role = db.scalar(sa.select(Role.id).where(Role.code == "accountant"))
    assert account is not None
    assert role is not None
    values = {
        "account_id": account.hex, "role_id": role.hex, "order_number": "15-к",
        "order_date": "2026-06-30", "valid_from": "2026-06-30",
    }  # fmt: skip
    pairs = {name: (None, value) for name, value in (values | more).items()}
    return Save("role_grant", new_id(), create=True, set=pairs)


def test_a_grant_and_its_end_are_told_with_their_act(office: Office, fresh: Fresh) -> None:
    given = grant(office.house)
    operation: Operation = office.desk.op(given)
    office.desk.push(operation)
    (event,) = fresh()
    assert (event.kind, event.college, event.act) == (
        "Назначена роль",
        "k1",
        "№ 15-к от 30.06.2026",
    )
    assert event.role.startswith("Бухгалтер")
    assert event.login == f"{CLERK}.k1"
    office.desk.push(operation)  # the same push once more: an answer was lost
    assert fresh() == []
    ended = {"valid_to": (None, "2026-07-01"), "end_reason": (None, "перевод")}
    office.desk.push(office.desk.op(Save("role_grant", given.id, create=False, set=ended)))
    assert [(e.kind, e.reason) for e in fresh()] == [
        ("Завершено назначение роли", "по 01.07.2026, перевод")
    ]


@pytest.mark.parametrize(
    ("trigger", "label"),
    [("dismissal", "Увольнение"), ("leave", "Отпуск"), ("by_hand", "Решение администратора")],
    ids=["dismissal", "leave", "by hand"],
)
def test_an_end_of_access_is_one_event(
    office: Office, fresh: Fresh, trigger: str, label: str
) -> None:
    office.act("end_access", reason="relation", trigger=trigger, note=NOTE)
    (event,) = fresh()
    assert event.kind == "Прекращён доступ"
    assert label in event.reason
    assert NOTE in event.reason


def test_who_was_on_leave_comes_back_and_a_destroyed_login_is_told(
    office: Office, fresh: Fresh
) -> None:
    refused = office.act("end_access", reason="relation", trigger="campaign", note=NOTE)
    assert "прекращается сам" in refused.text
    office.act("end_access", reason="relation", trigger="leave", note=NOTE)
    office.act(RESUME_ACCESS, cause=CAUSE)
    office.act("end_access", reason="intrusion", note=NOTE)
    office.act(DESTROY_LOGIN)
    assert kinds(fresh()) == [
        "Прекращён доступ", "Возобновлён доступ", "Прекращён доступ", "Уничтожен логин",
    ]  # fmt: skip


def test_what_is_rolled_back_leaves_neither_an_event_nor_a_gap(ours: House, fresh: Fresh) -> None:
    def give(*, keep: bool) -> None:
        with ours.session() as db:
            account = db.scalars(sa.select(Account).order_by(Account.login)).first()
            role = db.scalars(sa.select(Role).where(Role.code == "supply_manager")).one()
            assert account is not None
            db.add(
                RoleGrant(
                    account_id=account.id, role_id=role.id, order_number="7",
                    order_date=NOW.date(), valid_from=NOW.date(),
                )
            )  # fmt: skip
            if not keep:
                db.commit = _fail  # type: ignore[method-assign]  # the power goes here
            commit(db, "test.give")

    with pytest.raises(PowerCut):
        give(keep=False)
    assert fresh() == []
    give(keep=True)
    (event,) = fresh()
    with ours.engine.connect() as connection:
        assert (
            connection.scalar(sa.select(sa.func.count()).select_from(operator_event))
            == event.number
        )


class PowerCut(Exception):
    pass


def _fail() -> None:
    raise PowerCut


def test_two_colleges_have_one_numbering(ours: House, theirs: House, fresh: Fresh) -> None:
    end_user(ours.engine, f"{CLERK}.k1", now=now)
    end_user(theirs.engine, f"{CLERK}.k2", now=now)
    first, second = fresh()
    assert (first.college, second.college) == ("k1", "k2")
    assert second.number == first.number + 1


def test_a_term_that_runs_out_at_midnight_is_told_once(ours: House, fresh: Fresh) -> None:
    with ours.session() as db:
        given = db.scalars(
            sa.select(RoleGrant)
            .join(Account, Account.id == RoleGrant.account_id)
            .where(Account.login == f"{CLERK}.k1")
        ).one()
        given.valid_to = NOW.date()
        commit(db, "test.term")
    assert kinds(fresh()) == ["Завершено назначение роли"]
    run(ours.engine, now=now)
    run(ours.engine, now=now)
    assert [(e.kind, e.reason) for e in fresh()] == [("Прекращён доступ", "Истёк срок назначения")]


def test_the_feed_is_only_added_to(ours: House, fresh: Fresh) -> None:
    for harm in (sa.update(operator_event).values(name="x"), sa.delete(operator_event)):
        with ours.engine.begin() as connection, pytest.raises(DBAPIError, match="only added to"):
            connection.execute(harm)


def test_what_was_shown_as_new_is_never_new_again_after_a_restart_either(
    ours: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = unread(ours.engine, now=now).events
    assert opened
    end_user(ours.engine, f"{CLERK}.k1", now=now)
    again = attach(
        open_engine(ours.engine.url.render_as_string(hide_password=False)), outside_at(ours.engine)
    )
    (event,) = unread(again, now=now).events
    assert event.kind == "Прекращён доступ"
    assert unread(again, now=now).events == []
    again.dispose()
    config = tmp_path / "epo.toml"
    url = ours.engine.url.render_as_string(hide_password=False)
    config.write_text(f'database_url = "{url}"\ndata_dir = "{tmp_path / "outside"}"\n', "utf-8")
    assert main(["events", "--config", str(config)]) == 0
    assert capsys.readouterr().out == "Новых событий нет\n"
    assert main(["events", "--since", str(len(opened)), "--config", str(config)]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{event.number}  ")
    assert f"({CLERK}.k1)" in said
    assert main(["events", "--since", "0", "--json", "--config", str(config)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [e["number"] for e in told["events"]] == list(range(1, event.number + 1))
    assert (told["more"], bool(told["epoch"])) == (False, True)
