"""Those who come in with a password stand in a line of their own, and everybody else goes past them."""

from __future__ import annotations

import asyncio
import threading

import pytest
from litestar.concurrency import sync_to_thread
from litestar.testing import TestClient

from common.kit.errors import Unavailable
from server.kit.password_line import AT_ONCE, FULL, RETRY_AFTER, PasswordLine
from server.kit.web import make_app
from tests.server.conftest import PASSWORD, House, enter, now

PEOPLE = 60
"""More than the pool of threads has."""


async def crowd(line: PasswordLine) -> list[int]:
    """All stand in line, and none is let go before somebody else was answered; how many worked at once, each time."""
    door, inside, most = threading.Event(), threading.Semaphore(AT_ONCE), list[int]()

    def work() -> None:
        assert inside.acquire(blocking=False)
        most.append(line.standing)
        door.wait()
        inside.release()

    standing = [asyncio.create_task(line.run(work)) for _ in range(PEOPLE)]
    await asyncio.wait(standing, timeout=0)
    assert line.standing == PEOPLE
    with pytest.raises(Unavailable, match="слишком много людей"):
        await line.run(work)
    async with asyncio.timeout(20):
        await sync_to_thread(door.set)
    await asyncio.gather(*standing)
    return most


def test_a_crowd_leaves_threads_to_others_and_whoever_is_too_many_is_told() -> None:
    line = PasswordLine(longest=PEOPLE)
    assert len(asyncio.run(crowd(line))) == PEOPLE
    assert line.standing == 0


def test_a_full_line_answers_when_to_come_again_and_nobody_else_notices(
    ours: House,
) -> None:
    application = make_app(ours.engine, now=now, second_factor=False)
    asked = {"login": "admission_clerk.k1", "password": PASSWORD, "computer": "ПК-7"}
    change = {"old": PASSWORD, "new": "сорок тысяч зелёных чайников"}
    with TestClient(application) as client:
        mine = enter(client, "admission_clerk.k1")
        application.app.state.password_line.longest = 0
        refused = (
            client.post("/api/sign-in", json=asked),
            client.post("/api/password", json=change, headers=mine),
        )
        assert client.get("/api/me", headers=mine).status_code == 200
    for answer in refused:
        assert (answer.status_code, answer.headers["retry-after"]) == (503, str(RETRY_AFTER))
        assert answer.json()["title"] == FULL
