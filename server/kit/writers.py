"""Whom to call about a value: who wrote it last, found in the audit, told live by name (SYNC 6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import Account
from common.kit.entity import Entity
from common.kit.sync import WHOLE, Writer
from server.kit.session import CollegeSession
from server.kit.tables import audit, audit_row

Written = dict[str, list[Any]]
"""By field or WHOLE: [account's id or "", ms since 1970 UTC, what kind of transaction]. Ids, no names: those are read live."""

LOADED = "Загрузка таблицы"
AT_THE_SERVER = "Команда на сервере"
OUTSIDE = "Сотрудник другой организации"
"""The region's own people have no account in the college."""


def of(db: CollegeSession, row: Entity, names: Collection[str]) -> Written:
    """Who gave the row these values last: this transaction, else the newest line of the audit that names the field.

    A field that no line names has had its value since the row was made. WHOLE asks who deleted or made it.
    """
    wanted = set(names)
    found = {name: _line(db.author.account_id, db.now(), "push") for name in _just_now(row, wanted)}
    for line in _lines(db, row):
        if wanted <= found.keys():
            break
        said = next((c for c in line.changes if c["id"] == row.id.hex), None)
        if said is None:
            continue
        for name in wanted - found.keys():
            if said["kind"] == "create" or name in said["set"] or _deleted(name, said):
                found[name] = _line(line.account_id, line.at, line.action)
    return found


def _just_now(row: Entity, names: Collection[str]) -> set[str]:
    """Those that this very transaction has written: its line of the audit is still to come."""
    state = sa.inspect(row)
    if not state.persistent:
        return set(names)
    asked = {"deleted_at" if name == WHOLE else name: name for name in names}
    return {name for column, name in asked.items() if state.attrs[column].history.has_changes()}


def _lines(db: CollegeSession, row: Entity) -> Any:
    """Newest first; read one by one, since most often the first is the answer."""
    query = (
        sa.select(audit.c.account_id, audit.c.at, audit.c.action, audit.c.changes)
        .join(
            audit_row,
            sa.and_(audit_row.c.college_id == audit.c.college_id, audit_row.c.seq == audit.c.seq),
        )
        .where(audit_row.c.college_id == db.college_id, audit_row.c.row_id == row.id)
        .order_by(audit_row.c.seq.desc())
    )
    return db.execute(query)


def _deleted(name: str, said: Mapping[str, Any]) -> bool:
    return name == WHOLE and said["kind"] == "delete"


def _line(account: UUID | None, at: Any, action: str) -> list[Any]:
    return [account.hex if account else "", int(at.timestamp() * 1000), action]


def told(db: CollegeSession, written: Mapping[str, list[Any]]) -> dict[str, Writer]:
    """With name, post and telephone, as the college has them now: whoever works there may see those."""
    ids = {UUID(account) for account, _, _ in written.values() if account}
    if not written:
        return {}
    query = sa.select(Account.id, Account.name, Account.post, Account.phone)
    known = {row.id: row for row in db.execute(query.where(Account.id.in_(ids)))} if ids else {}
    return {name: _writer(known, *line) for name, line in written.items()}


def _writer(known: Mapping[UUID, Any], account: str, at: int, action: str) -> Writer:
    if not account:
        return Writer(name=LOADED if action.startswith("import.") else AT_THE_SERVER, at=at)
    who = known.get(UUID(account))
    if who is None:
        return Writer(name=OUTSIDE, at=at)
    return Writer(name=who.name, post=who.post or "", phone=who.phone or "", at=at, account=who.id)
