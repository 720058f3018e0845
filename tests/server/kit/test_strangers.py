"""An operation's id is no secret: what a stranger says of it settles nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.kit.ids import new_id
from common.kit.sync import CLOSE, Command
from server.administration.sealed import bring, look
from server.kit.push import NOT_HIS
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, person, statuses
from tests.server.kit.leavers import ADMIN, CANARY, Leaver, leaving


@pytest.fixture
def leaver(ours: House, tmp_path: Path) -> Leaver:
    return leaving(ours, tmp_path)


def test_a_stranger_decides_about_nothing_that_is_sealed(leaver: Leaver) -> None:
    op = leaver.op(person(new_id(), last_name=CANARY))
    leaver.end()
    leaver.seal(op)
    clerk = Desk(leaver.house, "admission_secretary")
    close = clerk.op(Command(CLOSE, {"reason": "чужое"}), resolves=op.uuid, chain=op.uuid)
    (told,) = clerk.push(close).outcomes
    assert (told.status, told.text) == ("refused", NOT_HIS)
    assert [k.uuid for k in look(leaver.house.engine, ADMIN, now=now)] == [op.uuid]
    assert [r.applied for r in bring(leaver.house.engine, ADMIN, leaver.key, [], now=now)] == [True]


def test_a_decision_of_a_stranger_settles_nothing_that_has_not_come_yet(leaver: Leaver) -> None:
    """An operation's id is no secret: before the work is here, anybody may name it."""
    stranger = Desk(leaver.house, "admission_secretary")
    author = Desk(leaver.house, "admission_clerk")
    sent = author.op(person(new_id(), last_name="Ёлкина"))
    kept = [leaver.op(person(new_id(), last_name=CANARY)) for _ in range(2)]
    for op in (sent, *kept):
        close = Command(CLOSE, {"reason": "чужое"})
        stranger.push(stranger.op(close, resolves=op.uuid, chain=op.uuid))
    assert statuses(author.push(sent)) == ["applied"]
    assert statuses(author.push(sent)) == ["applied"]
    leaver.end()
    assert leaver.seal(kept=[op.uuid for op in kept]).lacks == [op.uuid for op in kept]
    assert leaver.seal(*kept).lacks == []
    said = bring(leaver.house.engine, ADMIN, leaver.key, [], now=now)
    assert [r.applied for r in said] == [True, True]
    assert leaver.names() == sorted(["Ёлкина", CANARY, CANARY])
