"""What an administrator of a college may give and change, and what nobody may."""

from __future__ import annotations

import itertools
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

import common.all  # noqa: F401  the declarations
from common.administration.entities import Account, Role, RoleGrant
from common.kit.access import guard, held, opens, why
from common.kit.entity import describe, entities
from common.kit.ids import new_id
from common.kit.kinds import P0
from common.kit.rights import Action, Section, permissions
from common.kit.sync import Delete, Save
from common.kit.wire import pack
from server.kit.auth import grants_of, held_permissions
from server.kit.judge import Bench
from server.kit.policy import policy
from server.kit.scope import Own, buckets_of
from tests.server.conftest import NOW, House, now
from tests.server.kit.desks import Desk, statuses

TODAY = NOW.date().isoformat()


def role_id(house: House, code: str) -> UUID:
    with house.session() as db:
        return db.scalars(sa.select(Role.id).where(Role.code == code)).one()


def account_id(house: House, role: str) -> UUID:
    with house.session() as db:
        found = sa.select(Account.id).where(Account.login == f"{role}.{house.code}")
        return db.scalars(found).one()


def create(entity: str, **values: Any) -> Save:
    return Save(entity, new_id(), create=True, set={k: (None, pack(v)) for k, v in values.items()})


def grant(house: House, role: str, to: str, **more: Any) -> Save:
    values: dict[str, Any] = {
        "account_id": account_id(house, to),
        "role_id": role_id(house, role),
        "order_number": "15-к",
        "order_date": TODAY,
        "valid_from": TODAY,
    }
    return create("role_grant", **(values | more))


def said(desk: Desk, save: Save | Delete) -> str:
    """Of one operation: its refusal, or its status where it has none."""
    outcome = desk.push(desk.op(save)).outcomes[0]
    return outcome.text or outcome.status


def test_a_grant_with_its_act_opens_what_its_role_holds(ours: House) -> None:
    admin = Desk(ours, "org_admin")
    assert said(admin, grant(ours, "admission_clerk", "hr_officer")) == "applied"
    with ours.session() as db:
        rights = held_permissions(db, account_id(ours, "hr_officer"))
    assert "admissions.write.P2" in {str(p) for p in rights}


@pytest.mark.parametrize(
    ("role", "more", "words"),
    [
        ("admission_clerk", {"order_number": None}, "«№ акта»: заполните поле"),
        ("admission_clerk", {"role_id": None}, "«Роль»: выберите одну"),
        ("region_operator", {}, "Роль региона даёт оператор региона"),
        ("teacher", {}, "не шире, чем «только своё»"),
        ("hr_officer", {}, "Эта роль у этой учётной записи уже есть"),
    ],
)
def test_a_grant_is_refused_in_words(
    ours: House, role: str, more: dict[str, Any], words: str
) -> None:
    admin = Desk(ours, "org_admin")
    assert words in said(admin, grant(ours, role, "hr_officer", **more))


def test_nobody_gives_a_role_to_himself(ours: House) -> None:
    admin = Desk(ours, "org_admin")
    assert "Себе роль не назначают" in said(admin, grant(ours, "director", "org_admin"))


def change(entity: str, id: UUID, **pairs: tuple[Any, Any]) -> Save:
    return Save(
        entity, id, create=False, set={k: (pack(a), pack(b)) for k, (a, b) in pairs.items()}
    )


def test_a_grant_is_ended_and_not_rewritten(ours: House) -> None:
    admin = Desk(ours, "org_admin")
    given = grant(ours, "admission_clerk", "hr_officer")
    assert said(admin, given) == "applied"
    rewritten = change("role_grant", given.id, order_number=("15-к", "16-к"))
    assert "не переписывают" in said(admin, rewritten)
    assert "не удаляют" in said(admin, Delete("role_grant", given.id, seen={}))
    assert said(admin, change("role_grant", given.id, valid_to=(None, TODAY))) == "applied"
    with ours.session() as db:
        rights = held_permissions(db, account_id(ours, "hr_officer"))
    assert "admissions.read.P0" not in {str(p) for p in rights}


def test_the_last_administrator_does_not_lock_the_college(ours: House) -> None:
    admin = Desk(ours, "org_admin")
    mine = admin.caller.account_id
    with ours.session() as db:
        own = db.scalars(sa.select(RoleGrant.id).where(RoleGrant.account_id == mine)).one()
    last = "последний администратор"
    assert last in said(admin, change("role_grant", own, valid_to=(None, TODAY)))
    assert said(admin, grant(ours, "org_admin", "director")) == "applied"
    assert said(admin, change("role_grant", own, valid_to=(None, TODAY))) == "applied"


@pytest.mark.parametrize("state", ["closed", "suspended", "pending", "destroyed"])
def test_nobody_writes_a_state_into_an_account(ours: House, state: str) -> None:
    """Else a destroyed login would be made active again, and an end of access would have no reason."""
    admin = Desk(ours, "org_admin")
    clerk = account_id(ours, "admission_clerk")
    assert "не правят" in said(admin, change("account", clerk, state=("active", state)))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "operator"}, "открывает оператор региона"),
        ({"kind": "parent"}, "родителей в организации выключены"),
        ({"login": "ORG_ADMIN.k2"}, "занят"),
    ],
)
def test_an_account_that_a_college_may_not_open(
    ours: House, theirs: House, values: dict[str, Any], words: str
) -> None:
    admin = Desk(ours, "org_admin")
    made = create("account", **({"login": "novikova.aa", "name": "Новикова"} | values))
    assert words in said(admin, made)


def test_a_role_of_the_college_is_a_shipped_one_with_a_difference(ours: House) -> None:
    admin = Desk(ours, "org_admin")
    base = role_id(ours, "admission_clerk")
    less = "admissions.read.P0 reference.read.P0"
    made = create("org_role", name="Приём: просмотр", role_id=base, permissions=less)
    assert said(admin, made) == "applied"
    given = grant(ours, "admission_clerk", "hr_officer", role_id=None, org_role_id=made.id)
    assert said(admin, given) == "applied"
    with ours.session() as db:
        mine = grants_of(db, account_id(ours, "hr_officer"))
    assert [g.role for g in mine if g.act.startswith("№ 15-к")] == ["Приём: просмотр"]
    assert "кому-то назначена" in said(admin, Delete("org_role", made.id, seen={}))


@pytest.mark.parametrize(
    ("rights", "words"),
    [
        ("administration.write.P0", "Администрирование"),
        ("dean.write.P3", "нет ни у одной готовой роли"),
        ("луна.read.P0", "сервер не знает"),
        ("", "заполните поле"),
    ],
)
def test_a_role_of_the_college_holds_nothing_unheard_of(
    ours: House, rights: str, words: str
) -> None:
    admin = Desk(ours, "org_admin")
    base = role_id(ours, "admission_clerk")
    made = create("org_role", name="Своя", role_id=base, permissions=rights)
    assert words in said(admin, made)


def test_the_screen_and_the_enforcement_agree_for_every_role_and_operation(ours: House) -> None:
    """And a role of the region opens nothing but the books in a college."""
    printed = {
        record["entity"]: record["classes"] for record in policy(ours.engine, now=now)["records"]
    }
    with ours.session() as db:
        roles = db.execute(sa.select(Role.code, Role.permissions)).all()
        logins = db.execute(sa.select(Account.login, Account.id))
        people = {login.removesuffix(".k1"): id for login, id in logins}
        for code, text in roles:
            grants = grants_of(db, people[code])
            rights = held(grants, NOW.date())
            assert rights == held_permissions(db, people[code])
            bench = Bench(db, rights)
            pulled = {(b.section, b.pd) for b in buckets_of(db, rights, Own())}
            whole = rights == permissions(tuple(text.split()))
            for spec, action in itertools.product(map(describe, entities()), Action):
                for pd in spec.classes:
                    told = why(grants, spec, action, pd, NOW.date())
                    assert told.allowed == opens(rights, spec, action, pd) == bool(told.by)
                    if whole:
                        assert (code in printed[spec.name][pd.value][action.value]) == told.allowed
                    if action is Action.WRITE:
                        assert bench.may_write(spec, {pd}) == told.allowed
                    if action is Action.READ:
                        reached = {(p.section.value, p.pd.value) for p in guard(spec, action, pd)}
                        assert bool(reached & pulled) == told.allowed


def test_the_administrator_gives_rights_and_the_secretary_does_not(ours: House) -> None:
    secretary = Desk(ours)
    answer = secretary.push(secretary.op(grant(ours, "admission_clerk", "hr_officer")))
    assert statuses(answer) == ["quarantined"]
    assert opens(
        permissions(("administration.write.P0",)),
        describe(RoleGrant),
        Action.WRITE,
        P0,
    )
    assert Section.ADMINISTRATION is describe(RoleGrant).section
