"""How many wrong passwords are borne: per login and desk, and per network; kept in the database, so that a restart forgives nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa

from common.kit.errors import TooMany
from common.kit.ids import new_id
from server.kit.tables import device, sign_in_failure

WINDOW = dt.timedelta(minutes=5)
OF_LOGIN = 5
OF_NETWORK = 300
"""A college's computers stand behind one address: thirty people with two slips each all come in (TRUST B-23)."""


def refuse_flood(
    connection: sa.Connection, login: str, desk: str, network: str, now: dt.datetime
) -> None:
    """TooMany. A desk that this login has used before is counted by itself: a stranger's guesses do not lock its user out."""
    since = sign_in_failure.c.at > now - WINDOW
    of_login = (sign_in_failure.c.login == login, sign_in_failure.c.device == desk)
    if _count(connection, *of_login, since) >= OF_LOGIN:
        raise _refusal("Слишком много неверных попыток. Подождите пять минут и попробуйте снова")
    if network and _count(connection, sign_in_failure.c.network == network, since) >= OF_NETWORK:
        raise _refusal(
            "С адреса вашей организации слишком много неверных попыток. Подождите пять минут; "
            "если это повторяется, сообщите администратору"
        )


def _count(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> int:
    return connection.scalar(sa.select(sa.func.count()).where(*where)) or 0


def _refusal(text: str) -> TooMany:
    return TooMany(text, retry_after=int(WINDOW.total_seconds()))


Knows = Callable[[sa.Connection, UUID, str | None], str]
"""By what the account has been here before, of what a request says of itself; empty where it has not."""


def known_desk(connection: sa.Connection, account_id: UUID, name: str | None) -> str:
    """The desk's name where this account has worked at it, else empty: anybody may claim a name."""
    found = connection.scalar(
        sa.select(device.c.device).where(
            device.c.account_id == account_id, device.c.device == (name or "")
        )
    )
    return found or ""


def note_failure(engine: sa.Engine, login: str, desk: str, network: str, now: dt.datetime) -> None:
    with engine.begin() as connection:
        connection.execute(
            sa.insert(sign_in_failure).values(
                id=new_id(), login=login, device=desk, network=network, at=now
            )
        )
