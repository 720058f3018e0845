"""A browser without a screen at the application itself, and a clock that the test moves."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.administration.entities import Account, Role, RoleGrant
from server.kit.callers import COOKIE
from server.kit.commit import commit
from server.kit.web import make_app
from tests.server.conftest import (
    NOW,
    PASSWORD,
    House,
    copy_of,
    engine,
    filled_url,
    migrated_url,
    open_house,
    ours,
    theirs,
)

__all__ = ["copy_of", "engine", "filled_url", "migrated_url", "open_house", "ours", "theirs"]

FORM = re.compile(r'name="csrf" value="(\w+)"')
AGENT = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
CLERK, ADMIN = "admission_clerk.k1", "org_admin.k1"


@dataclass
class Clock:
    moment: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        return self.moment

    def pass_by(self, **time: float) -> None:
        self.moment += dt.timedelta(**time)


@dataclass
class Web:
    """One browser; `jar` is what it keeps."""

    client: Any
    jar: dict[str, str] = field(default_factory=dict)
    last: Any = None

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        self.client.cookies.clear()
        kept = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        headers = {"user-agent": AGENT, "cookie": kept} | more.pop("headers", {})
        self.last = self.client.request(
            method, path, headers=headers, follow_redirects=False, **more
        )
        for line in self.last.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.jar[name] = value.strip('"')
            if not self.jar[name]:
                del self.jar[name]
        return self.last

    @property
    def secret(self) -> str:
        return self.jar.get(COOKIE, "")

    def get(self, path: str, **more: Any) -> Any:
        return self._ask("GET", path, **more)

    def post(self, path: str, fields: dict[str, str], **more: Any) -> Any:
        """The form of the page that was shown last, filled in."""
        proof = FORM.search(self.last.text) if self.last is not None else None
        sent = {"csrf": proof[1]} if proof else {}
        return self._ask("POST", path, data=sent | fields, **more)

    def enter(self, login: str = CLERK, password: str = PASSWORD, **more: Any) -> Any:
        self.get("/sign-in?again=1")
        return self.post("/sign-in", {"login": login, "password": password}, **more)

    def go_on(self) -> Any:
        """To where the last answer sends."""
        return self.get(self.last.headers["location"])


def grant(house: House, role: str, **more: Any) -> None:
    """To the clerk, beside what he has."""
    with house.session() as db:
        account = db.scalars(sa.select(Account.id).where(Account.login == CLERK)).one()
        id = db.scalars(sa.select(Role.id).where(Role.code == role)).one()
        facts: dict[str, Any] = {
            "order_number": "7-к",
            "order_date": NOW.date(),
            "valid_from": NOW.date(),
        } | more
        db.add(RoleGrant(account_id=account, role_id=id, **facts))
        commit(db, "test.grant")


on_both = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)
"""Where the database may answer otherwise; the rest of a page is the same on both."""


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(ours: House, clock: Clock) -> Iterator[TestClient[Any]]:
    app = make_app(ours.engine, now=clock)
    with TestClient(app, base_url="https://college.local") as made:
        yield made


@pytest.fixture
def browser(client: TestClient[Any]) -> Callable[[], Web]:
    """A new one each time."""
    return lambda: Web(client)


@pytest.fixture
def web(browser: Callable[[], Web]) -> Web:
    return browser()
