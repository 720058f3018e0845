"""After a restore some commands wait for the administrator, on both databases: he allows or refuses each once, by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from common.kit.errors import NotAllowed, RuleBroken
from common.kit.sync import Command, Operation, Outcome, Replay
from server.administration.asked import decide_asked, list_asked
from server.app import main
from server.kit import judge
from server.kit.commit import commit
from server.kit.outside import outside_of
from server.kit.session import Author, CollegeSession
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk

HEAD, ADMIN = "admission_secretary", "org_admin"
GIVEN = {"number": 15}


def repeat(db: CollegeSession, command: Command, given: Any) -> dict[str, Any]:
    return dict(given)


@pytest.fixture(autouse=True)
def _orders() -> Iterator[None]:
    """An order as later rooms will have it: its number is given back, and only the administrator repeats it."""
    judge.COMMANDS["test_order"] = lambda _db, _command: {"number": 99}
    judge.AGAIN["test_order"] = repeat
    judge.ASKED.add("test_order")
    yield
    del judge.COMMANDS["test_order"], judge.AGAIN["test_order"]
    judge.ASKED.discard("test_order")


def replayed(desk: Desk, **more: Any) -> Operation:
    """What a desk sends again to a server that has lost it."""
    op = desk.op(Command("test_order"), **more)
    root = op.chain or op.uuid
    with desk.house.session() as db:
        mac = outside_of(db).seal(desk.house.id, root, GIVEN)
    return msgspec.structs.replace(op, replay=Replay(GIVEN, mac))


def only(desk: Desk, op: Operation) -> Outcome:
    (outcome,) = desk.push(op).outcomes
    return outcome


def again(desk: Desk, op: Operation) -> Outcome:
    """Its author sends it once more, as a decision."""
    return only(desk, replayed(desk, resolves=op.uuid, chain=op.uuid))


def decide(house: House, account: UUID, id: str, *, allow: bool, word: str = "") -> None:
    with CollegeSession(house.engine, house.id, now=now, author=Author(account)) as db:
        decide_asked(db, id, allow=allow, word=word)
        commit(db, "asked.decide")


def waiting(house: House) -> list[tuple[str, str, dict[str, Any]]]:
    found = list_asked(house.engine, house.code, every=False, now=now)
    return [(line.id, line.command, dict(line.given)) for line in found]


def test_it_is_held_and_listed_with_what_had_been_given(ours: House) -> None:
    desk = Desk(ours)
    op = replayed(desk)
    assert only(desk, op).status == "held"
    assert waiting(ours) == [(op.uuid.hex, "test_order", GIVEN)]
    assert again(desk, op).status == "held"
    assert len(waiting(ours)) == 1


def test_what_is_allowed_goes_with_the_number_it_had(ours: House) -> None:
    desk, admin = Desk(ours), Desk(ours, ADMIN)
    op = replayed(desk)
    only(desk, op)
    decide(ours, admin.caller.account_id, op.uuid.hex, allow=True)
    outcome = again(desk, op)
    assert (outcome.status, outcome.result) == ("applied", GIVEN)
    assert waiting(ours) == []


def test_what_is_refused_says_why_to_its_author(ours: House) -> None:
    desk, admin = Desk(ours), Desk(ours, ADMIN)
    op = replayed(desk)
    only(desk, op)
    decide(ours, admin.caller.account_id, op.uuid.hex, allow=False, word="приказ отменён")
    outcome = again(desk, op)
    assert (outcome.status, outcome.text[-14:]) == ("refused", "приказ отменён")
    with pytest.raises(RuleBroken, match="уже решено"):
        decide(ours, admin.caller.account_id, op.uuid.hex, allow=True)


def test_only_an_administrator_decides(ours: House) -> None:
    desk = Desk(ours)
    op = replayed(desk)
    only(desk, op)
    with pytest.raises(NotAllowed):
        decide(ours, desk.caller.account_id, op.uuid.hex, allow=True)


def test_another_college_sees_nothing_of_it(ours: House, theirs: House) -> None:
    desk, stranger = Desk(ours), Desk(theirs, ADMIN)
    op = replayed(desk)
    only(desk, op)
    assert waiting(theirs) == []
    with pytest.raises(Exception, match="в списке нет"):
        decide(theirs, stranger.caller.account_id, op.uuid.hex, allow=True)


def test_the_same_from_the_command_line(
    ours: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EPO_DATABASE_URL", ours.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("EPO_DATA_DIR", str(tmp_path / "outside"))
    desk = Desk(ours)
    op = replayed(desk)
    only(desk, op)
    assert main(["asked", "list", "--json"]) == 0
    (line,) = msgspec.json.decode(capsys.readouterr().out)
    assert (line["id"], line["given"]) == (op.uuid.hex, GIVEN)
    assert main(["asked", "allow", line["id"], "--as", f"{HEAD}.k1"]) == 1
    assert main(["asked", "allow", line["id"], "--as", f"{ADMIN}.k1"]) == 0
    assert again(desk, op).status == "applied"
