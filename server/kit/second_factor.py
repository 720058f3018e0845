"""The second factor of those who may much: a code of the telephone (TOTP, RFC 6238), and recovery codes for its loss.

The secret is never stored: it follows from the key that lies outside the database and from a generation number.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pyotp
import sqlalchemy as sa

from common.kit.codes import code_key
from common.kit.errors import NotSignedIn, StepNeeded
from common.kit.kinds import P0, P1, P2, P3
from common.kit.rights import Action, Permission, Permissions, Section
from server.kit.outside import outside_of
from server.kit.passwords import new_code
from server.kit.session import CollegeSession
from server.kit.tables import recovery_code, second_factor

STEP = 30
"""Seconds of one code; the one before and the one after are taken too."""
RECOVERY = 8
WRONG = "Код подтверждения не подходит. Возьмите новый: каждый действует 30 секунд и один раз"

DEMANDING: Permissions = frozenset(
    Permission(Section.ADMINISTRATION, Action.WRITE, pd) for pd in (P0, P1, P2, P3)
)
"""Who holds any of these gives others access."""


def is_demanded(held: Permissions, region: Permissions) -> bool:
    """Does a password alone not let him in (TRUST B-25)? `region`: what he reads over all colleges."""
    return bool(region or held & DEMANDING)


def check(db: CollegeSession, account_id: UUID, login: str, typed: str) -> list[str]:
    """Passes with the right code; StepNeeded where one must be typed or made first, NotSignedIn where it is wrong.

    Returns new recovery codes where this code has just proved a new telephone: they are shown once.
    """
    row = db.execute(
        sa.select(second_factor).where(*_mine(second_factor, db, account_id)).with_for_update()
    ).one_or_none()
    made = _of(db, account_id, row.generation if row else 1)
    if row is None or row.confirmed_at is None:
        return _enrol(db, account_id, login, typed, made)
    if not typed:
        raise StepNeeded("Введите код подтверждения из приложения на телефоне", {"step": "second"})
    step = _step(made, typed, db.now())
    if step is not None and step > row.last_step:
        _keep(db, account_id, last_step=step)
    elif not _recover(db, account_id, typed):
        raise NotSignedIn(WRONG, {"second": ""})
    return []


def renew(db: CollegeSession, accounts: Sequence[UUID], *, proved_too: bool) -> None:
    """Another secret for whoever has proved none: who knew his password may have seen it. `proved_too`: a lost telephone."""
    c = second_factor.c
    of_these = (c.college_id == db.college_id, c.account_id.in_(accounts))
    known = {row.account_id: row for row in db.execute(sa.select(second_factor).where(*of_these))}
    fresh = [id for id in accounts if id not in known]
    changed = [id for id, row in known.items() if proved_too or row.confirmed_at is None]
    if fresh:
        rows = [_row(db, id, generation=2) for id in fresh]
        db.execute(sa.insert(second_factor), rows)
    if changed:
        db.execute(
            sa.update(second_factor)
            .where(c.college_id == db.college_id, c.account_id.in_(changed))
            .values(generation=c.generation + 1, confirmed_at=None, last_step=0)
        )
        gone = recovery_code.c
        db.execute(
            sa.delete(recovery_code).where(
                gone.college_id == db.college_id, gone.account_id.in_(changed)
            )
        )


def _row(db: CollegeSession, account_id: UUID, generation: int) -> dict[str, Any]:
    return {
        "college_id": db.college_id,
        "account_id": account_id,
        "generation": generation,
        "last_step": 0,
    }


def _mine(
    table: sa.Table, db: CollegeSession, account_id: UUID
) -> tuple[sa.ColumnElement[bool], ...]:
    """The rows of this account."""
    return (table.c.college_id == db.college_id, table.c.account_id == account_id)


def _enrol(
    db: CollegeSession, account_id: UUID, login: str, typed: str, made: pyotp.TOTP
) -> list[str]:
    step = _step(made, typed, db.now()) if typed else None
    if step is None:
        fields = {
            "step": "enrol",
            "uri": made.provisioning_uri(name=login, issuer_name="АИС ЭПО"),
            "secret": made.secret,
        }
        said = "Этой учётной записи нужен второй ключ: телефон с приложением для кодов"
        raise StepNeeded(WRONG if typed else said, fields)
    known = sa.select(second_factor.c.account_id).where(*_mine(second_factor, db, account_id))
    if db.scalar(known) is None:
        db.execute(sa.insert(second_factor).values(**_row(db, account_id, generation=1)))
    _keep(db, account_id, last_step=step, confirmed_at=db.now())
    return _new_recovery(db, account_id)


def _of(db: CollegeSession, account_id: UUID, generation: int) -> pyotp.TOTP:
    seed = outside_of(db).derived(f"second factor {account_id.hex} {generation}")[:20]
    return pyotp.TOTP(base64.b32encode(seed).decode())


def _step(made: pyotp.TOTP, typed: str, now: dt.datetime) -> int | None:
    """The step of time to which this code belongs."""
    digits = "".join(filter(str.isdigit, typed))
    here = int(now.timestamp()) // STEP
    return next(
        (step for step in (here - 1, here, here + 1) if made.verify(digits, for_time=step * STEP)),
        None,
    )


def _keep(db: CollegeSession, account_id: UUID, **values: object) -> None:
    db.execute(
        sa.update(second_factor).where(*_mine(second_factor, db, account_id)).values(**values)
    )


def _new_recovery(db: CollegeSession, account_id: UUID) -> list[str]:
    _forget_recovery(db, account_id)
    codes = [new_code() for _ in range(RECOVERY)]
    outside = outside_of(db)
    db.execute(
        sa.insert(recovery_code),
        [
            {
                "college_id": db.college_id,
                "account_id": account_id,
                "hash": outside.verifier(code_key(code)),
            }
            for code in codes
        ],
    )
    return codes


def _forget_recovery(db: CollegeSession, account_id: UUID) -> None:
    db.execute(sa.delete(recovery_code).where(*_mine(recovery_code, db, account_id)))


def _recover(db: CollegeSession, account_id: UUID, typed: str) -> bool:
    """A recovery code works once."""
    key = code_key(typed)
    if not key:
        return False
    used = db.execute(
        sa.delete(recovery_code).where(
            *_mine(recovery_code, db, account_id),
            recovery_code.c.hash == outside_of(db).verifier(key),
        )
    )
    return bool(used.rowcount)  # type: ignore[attr-defined]  # a delete's result counts
