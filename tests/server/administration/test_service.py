"""Accounts kept by the operator: opened with a role, given a new password, ended at once everywhere."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from common.kit.errors import Invalid, NotFound, NotSignedIn
from common.kit.sync import SignedIn, SignIn
from server.administration.service import (
    Person,
    add_user,
    end_user,
    list_users,
    reset_user,
)
from server.kit.auth import identify
from server.kit.entering import sign_in
from server.kit.tables import login
from tests.server.conftest import PASSWORD, House, now

OTHER = "Другой длинный пароль"
ANNA = Person(
    "anna", "Ёлкина Анна", "admission_clerk", "15-к", now().date(), consent_on=now().date()
)


def entered(house: House, password: str, name: str = "anna") -> SignedIn:
    request = SignIn(login=name, password=password, computer="ПК")
    return sign_in(house.engine, request, now=now, demand_second=False)


def test_an_added_user_signs_in_with_the_permissions_of_the_role(ours: House) -> None:
    add_user(ours.engine, "k1", ANNA, PASSWORD, now=now)
    assert "admissions.write.P2" in entered(ours, PASSWORD).permissions


def test_a_login_is_one_in_the_region_whatever_its_letters(ours: House, theirs: House) -> None:
    add_user(ours.engine, "k1", ANNA, PASSWORD, now=now)
    twin = Person("ANNA", "Другая", "admission_clerk", "1", now().date())
    with pytest.raises(Invalid, match="Логин «ANNA» занят"):
        add_user(ours.engine, "k2", twin, PASSWORD, now=now)


def test_nobody_is_added_without_a_consent(ours: House) -> None:
    bare = Person("bare", "Без Согласия", "admission_clerk", "1", now().date())
    with pytest.raises(Invalid, match="Без Согласия: нет согласия"):
        add_user(ours.engine, "k1", bare, PASSWORD, now=now)


def test_what_is_not_there_is_named(ours: House) -> None:
    with pytest.raises(NotFound, match="k9"):
        add_user(ours.engine, "k9", ANNA, PASSWORD, now=now)
    king = Person("king", "Король", "king", "1", now().date())
    with pytest.raises(NotFound, match="Роли «king» нет"):
        add_user(ours.engine, "k1", king, PASSWORD, now=now)
    with pytest.raises(NotFound, match="nobody"):
        reset_user(ours.engine, "nobody", PASSWORD, now=now)
    with pytest.raises(Invalid, match="короче 12"):
        add_user(ours.engine, "k1", ANNA, "короткий", now=now)


def test_a_reset_ends_the_old_password_and_every_desks_token(ours: House) -> None:
    add_user(ours.engine, "k1", ANNA, PASSWORD, now=now)
    token = entered(ours, PASSWORD).token
    reset_user(ours.engine, "anna", OTHER, now=now)
    with pytest.raises(NotSignedIn):
        identify(ours.engine, token, now=now, request_id="")
    with pytest.raises(NotSignedIn):
        entered(ours, PASSWORD)
    assert entered(ours, OTHER).login == "anna"


def test_an_ended_user_is_out_and_stays_out(ours: House) -> None:
    add_user(ours.engine, "k1", ANNA, PASSWORD, now=now)
    token = entered(ours, PASSWORD).token
    end_user(ours.engine, "anna", now=now)
    with pytest.raises(NotSignedIn):
        identify(ours.engine, token, now=now, request_id="")
    with pytest.raises(NotSignedIn):
        entered(ours, PASSWORD)
    with pytest.raises(Invalid, match="закрыта"):
        reset_user(ours.engine, "anna", OTHER, now=now)
    listed = {u.login: (u.state, u.roles) for u in list_users(ours.engine, "k1", now=now)}
    assert listed["anna"] == ("Закрыта", [])


def test_no_password_is_stored_readable(ours: House) -> None:
    add_user(ours.engine, "k1", ANNA, PASSWORD, now=now)
    with ours.engine.connect() as connection:
        kept = connection.execute(
            sa.select(login.c.password_hash).where(login.c.login == "anna")
        ).scalar_one()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
