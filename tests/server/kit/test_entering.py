"""The way in: pauses after wrong passwords, the second factor, one's own new password (TRUST B-23 … B-28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pyotp
import pytest
import sqlalchemy as sa

from common.colleges.entities import Desk
from common.kit.errors import Invalid, NotSignedIn, StepNeeded, TooMany
from common.kit.issuing import NewPassword, PasswordChanged
from common.kit.sync import SignedIn, SignIn
from server.kit import second_factor
from server.kit.auth import identify
from server.kit.commit import commit
from server.kit.entering import change_password, sign_in
from tests.server.conftest import NOW, PASSWORD, House, now

OTHER = "сорок тысяч зелёных чайников"
ADMIN = "org_admin.k1"
CLERK = "admission_clerk.k1"


def enter(
    house: House, login: str = CLERK, password: str = PASSWORD, *, network: str = "10.0.0.1",
    second: str = "", device: str | None = None, seconds: float = 0,
) -> SignedIn:  # fmt: skip
    moment = NOW + dt.timedelta(seconds=seconds)
    request = SignIn(login=login, password=password, computer="ПК", second=second, device=device)
    return sign_in(house.engine, request, now=lambda: moment, network=network, demand_second=True)


def wrong(house: House, times: int, **more: str) -> None:
    for _ in range(times):
        with pytest.raises(NotSignedIn):
            enter(house, password="неверный пароль", **more)  # type: ignore[arg-type]  # words only


def test_five_wrong_passwords_pause_a_login_but_not_its_users_own_desk(ours: House) -> None:
    mine = enter(ours).device
    wrong(ours, 5, network="10.9.9.9")
    with pytest.raises(TooMany, match="пять минут") as refused:
        enter(ours)
    assert refused.value.retry_after == 300
    assert enter(ours, device=mine).device == mine
    with pytest.raises(TooMany):
        enter(ours, device="0" * 32)
    assert enter(ours, seconds=301).token


def test_thirty_people_behind_one_address_slip_twice_each_and_come_in(ours: House) -> None:
    for number in range(30):
        wrong(ours, 2, login=f"nobody{number}")
    assert enter(ours).token


def test_a_network_that_guesses_is_paused_and_others_are_not(ours: House) -> None:
    with ours.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO sign_in_failure (id, login, device, network, at) VALUES (:id, :login, '', '10.0.0.1', :at)"
            ),
            [{"id": f"{n:032x}", "login": f"x{n}", "at": NOW} for n in range(300)],
        )
    with pytest.raises(TooMany, match="организации"):
        enter(ours)
    assert enter(ours, network="10.0.0.2").token


@pytest.fixture
def telephone(ours: House) -> pyotp.TOTP:
    with pytest.raises(StepNeeded) as asked:
        enter(ours, ADMIN)
    fields = asked.value.fields
    assert fields["step"] == "enrol"
    made = pyotp.parse_uri(fields["uri"])
    assert isinstance(made, pyotp.TOTP)
    assert (made.issuer, made.secret) == ("АИС ЭПО", fields["secret"])
    return made


def code(made: pyotp.TOTP, seconds: float = 0) -> str:
    return made.at(NOW + dt.timedelta(seconds=seconds))


def test_an_administrator_needs_a_second_factor_and_a_clerk_none(ours: House) -> None:
    with pytest.raises(StepNeeded, match="второй ключ"):
        enter(ours, ADMIN)
    assert enter(ours).recovery == []


def test_a_telephone_is_proved_by_its_code_and_then_asked_each_time(
    ours: House, telephone: pyotp.TOTP
) -> None:
    with pytest.raises(StepNeeded, match="не подходит"):
        enter(ours, ADMIN, second="000000")
    told = enter(ours, ADMIN, second=code(telephone))
    assert len(set(told.recovery)) == second_factor.RECOVERY
    with pytest.raises(StepNeeded, match="Введите код") as asked:
        enter(ours, ADMIN)
    assert asked.value.fields == {"step": "second"}
    later = code(telephone, 60)
    assert enter(ours, ADMIN, second=f"{later[:3]} {later[3:]}", seconds=60).recovery == []


def test_a_code_works_once(ours: House, telephone: pyotp.TOTP) -> None:
    enter(ours, ADMIN, second=code(telephone))
    with pytest.raises(NotSignedIn, match="один раз"):
        enter(ours, ADMIN, second=code(telephone))


def test_a_recovery_code_works_once_in_place_of_the_telephone(
    ours: House, telephone: pyotp.TOTP
) -> None:
    first, *_ = enter(ours, ADMIN, second=code(telephone)).recovery
    assert enter(ours, ADMIN, second=first).token
    with pytest.raises(NotSignedIn, match="не подходит"):
        enter(ours, ADMIN, second=first)


def test_wrong_codes_are_counted_like_wrong_passwords(ours: House, telephone: pyotp.TOTP) -> None:
    enter(ours, ADMIN, second=code(telephone))
    for _ in range(5):
        with pytest.raises(NotSignedIn, match="не подходит"):
            enter(ours, ADMIN, second="000000")
    with pytest.raises(TooMany):
        enter(ours, ADMIN, second=code(telephone, 60), seconds=60)


def test_a_lost_telephone_is_replaced_and_the_old_one_is_worth_nothing(
    ours: House, telephone: pyotp.TOTP
) -> None:
    enter(ours, ADMIN, second=code(telephone))
    with ours.session() as db:
        second_factor.renew(db, [ours.caller("org_admin").account_id], proved_too=True)
        commit(db, "test.lost")
    with pytest.raises(StepNeeded) as asked:
        enter(ours, ADMIN, second=code(telephone, 60), seconds=60)
    assert asked.value.fields["secret"] != telephone.secret


def test_who_saw_the_secret_before_it_was_proved_has_nothing_after_a_new_code(
    ours: House, telephone: pyotp.TOTP
) -> None:
    """Whoever knew the password was shown it; the owner's code makes another, and a proved one stays."""
    account = ours.caller("org_admin").account_id

    def new_code_issued() -> None:
        with ours.session() as db:
            second_factor.renew(db, [account], proved_too=False)
            commit(db, "test.code")

    new_code_issued()
    with pytest.raises(StepNeeded) as asked:
        enter(ours, ADMIN, second=code(telephone))
    mine = pyotp.parse_uri(asked.value.fields["uri"])
    assert isinstance(mine, pyotp.TOTP)
    assert mine.secret != telephone.secret
    enter(ours, ADMIN, second=code(mine))
    new_code_issued()
    assert enter(ours, ADMIN, second=code(mine, 60), seconds=60).token


def test_the_secret_of_the_telephone_is_not_in_the_database(
    ours: House, telephone: pyotp.TOTP
) -> None:
    enter(ours, ADMIN, second=code(telephone))
    with ours.engine.connect() as connection:
        row = connection.execute(sa.text("SELECT * FROM second_factor")).one()
    assert telephone.secret not in str(row)


def test_a_locked_computer_hears_only_whether_the_password_is_right(
    ours: House, telephone: pyotp.TOTP
) -> None:
    def ask(password: str) -> None:
        request = SignIn(login=ADMIN, password=password, computer="ПК", locked=True)
        sign_in(ours.engine, request, now=now, demand_second=True)

    with ours.session() as db:
        before = db.scalars(sa.select(Desk.id)).all()
    with pytest.raises(StepNeeded) as told:
        ask(PASSWORD)
    assert told.value.fields == {"step": "old"}
    with ours.session() as db:
        assert db.scalars(sa.select(Desk.id)).all() == before
    for _ in range(5):
        with pytest.raises(NotSignedIn, match="не подходят"):
            ask("неверный пароль")
    with pytest.raises(TooMany):
        ask(PASSWORD)


@pytest.fixture
def change(ours: House) -> Callable[[str, str, str], PasswordChanged]:
    def act(token: str, old: str, new: str) -> PasswordChanged:
        caller = identify(ours.engine, token, now=now, request_id="")
        return change_password(ours.engine, caller, NewPassword(old=old, new=new), now=now)

    return act


def test_a_password_is_changed_by_its_owner_and_his_other_computers_must_come_again(
    ours: House, change: Callable[[str, str, str], PasswordChanged]
) -> None:
    """And this one goes on under a token that nobody can have stolen before (TRUST B-24)."""
    here, there = enter(ours).token, enter(ours).token
    with pytest.raises(Invalid, match="Прежний пароль"):
        change(here, "не тот пароль", OTHER)
    with pytest.raises(Invalid, match="легко угадать"):
        change(here, PASSWORD, "admission_clerk.k1")
    with pytest.raises(Invalid, match="такой же"):
        change(here, PASSWORD, PASSWORD)
    desk = identify(ours.engine, here, now=now, request_id="")
    told = change(here, PASSWORD, OTHER)
    assert identify(ours.engine, told.token, now=now, request_id="") == desk
    for old in (here, there):
        with pytest.raises(NotSignedIn):
            identify(ours.engine, old, now=now, request_id="")
    with pytest.raises(NotSignedIn):
        enter(ours)
    assert enter(ours, password=OTHER).token
