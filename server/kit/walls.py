"""The third wall, in PostgreSQL itself: row-level security by the college of the transaction (TRUST §9).

A session says its college by a setting that ends with its transaction; without it no row of any college is
seen or written. It binds the role that the server works under, which neither owns the tables nor is a superuser;
migrations, copies and restores work under the owner's, which PostgreSQL lets pass (BYPASSRLS).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from common.kit.entity import Regional, entities
from common.kit.errors import Invalid
from common.kit.ids import REGION
from server.kit.session import SETTING
from server.kit.tables import (
    access_event,
    audit,
    audit_row,
    clock,
    clock_mark,
    job,
    login,
    metadata,
    midnight,
    operator_event,
    sync_bucket,
    sync_entry,
    token,
)

OPEN = frozenset({login.name, token.name})
"""Asked before anybody knows whose college it is: by a login and by a token's digest."""
TOLD = frozenset({clock.name, clock_mark.name, sync_bucket.name, sync_entry.name})
"""The region's rows of these are pulled by every college."""
WATCHED = frozenset({access_event.name, job.name, midnight.name, operator_event.name})
"""Every college's rows of these are read by the region."""
WRITTEN_ONCE = frozenset({audit.name, audit_row.name, operator_event.name})
"""What no role of the server can change or delete."""

MINE = f"(SELECT nullif(current_setting('{SETTING}', true), '')::uuid)"
OURS = f"college_id = {MINE}"
IN_REGION = f"{MINE} = '{REGION}'::uuid"
OF_REGION = f"college_id = '{REGION}'::uuid"


ELSEWHERE = """CREATE OR REPLACE FUNCTION epo_elsewhere(kind text, wanted uuid[], own uuid)
RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT id FROM %I WHERE college_id IN (SELECT id FROM college WHERE id <> $2) AND id = ANY($1)', kind
    ) USING wanted, own;
END $$"""
"""Which of these ids another college has (server.kit.strangers): the one thing that is told over the walls."""


def policies() -> Iterator[tuple[str, str, str]]:
    """(table, policy, what follows its name), for every table that has a wall."""
    regional = {e.__tablename__ for e in entities() if issubclass(e, Regional)}
    for table in metadata.sorted_tables:
        if table.name in regional:
            yield table.name, "read_by_all", "FOR SELECT USING (true)"
            yield table.name, "kept_by_region", f"USING ({IN_REGION})"
        elif "college_id" in table.c and table.name not in OPEN:
            yield table.name, "own_college", f"USING ({OURS})"
            if table.name in TOLD:
                yield table.name, "told_by_region", f"FOR SELECT USING ({OF_REGION})"
            if table.name in WATCHED:
                yield table.name, "watched_by_region", f"FOR SELECT USING ({IN_REGION})"


def raise_walls(engine: sa.Engine) -> None:
    """Give every table of the declarations its wall; the same again changes nothing. Does nothing on SQLite."""
    if engine.dialect.name != "postgresql":
        return
    standing = sa.table("pg_policies", sa.column("tablename"), sa.column("policyname"))
    with engine.begin() as connection:
        connection.exec_driver_sql(ELSEWHERE.replace("%", "%%"))
        known = {(row.tablename, row.policyname) for row in connection.execute(sa.select(standing))}
        for table, policy, rule in policies():
            if (table, policy) in known:
                continue
            name = connection.dialect.identifier_preparer.quote(table)
            for force in ("ENABLE", "FORCE"):
                connection.exec_driver_sql(f"ALTER TABLE {name} {force} ROW LEVEL SECURITY")
            connection.exec_driver_sql(f"CREATE POLICY {policy} ON {name} {rule}")


def admit(engine: sa.Engine, role: str) -> None:
    """Let that role do what the server does, and no more; Invalid where there is none or it would stand above the walls."""
    if engine.dialect.name != "postgresql":
        raise Invalid("Роль базы называют только для PostgreSQL")
    with engine.begin() as connection:
        quote = connection.dialect.identifier_preparer.quote
        if found := [*_weak(connection, role)]:
            raise Invalid(" ".join(found))
        name = quote(role)
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {name}")
        connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {name}")
        for table in metadata.sorted_tables:
            may = (
                "SELECT, INSERT" if table.name in WRITTEN_ONCE else "SELECT, INSERT, UPDATE, DELETE"
            )
            connection.exec_driver_sql(f"REVOKE ALL ON {quote(table.name)} FROM {name}")
            connection.exec_driver_sql(f"GRANT {may} ON {quote(table.name)} TO {name}")


def weak(engine: sa.Engine) -> list[str]:
    """Why the walls do not bind the role that this engine works under; empty where they do, and on SQLite."""
    if engine.dialect.name != "postgresql":
        return []
    with engine.connect() as connection:
        role = connection.scalar(sa.select(sa.literal_column("current_user")))
        return [*_weak(connection, str(role))]


def _weak(connection: sa.Connection, role: str) -> Iterator[str]:
    column: Any = sa.literal_column
    c = sa.table("pg_roles", sa.column("rolname"), sa.column("oid")).c
    query = sa.select(c.oid, column("rolsuper"), column("rolbypassrls")).where(c.rolname == role)
    known = connection.execute(query).one_or_none()
    if known is None:
        yield f"Роли базы «{role}» нет: её создаёт администратор PostgreSQL."
        return
    if known.rolsuper or known.rolbypassrls:
        yield f"Роль базы «{role}» стоит над защитой строк: серверу нужна обычная роль."
    owned = sa.table("pg_class", sa.column("relname"), sa.column("relowner")).c
    tables = sa.select(sa.func.count()).where(
        owned.relname == audit.name, owned.relowner == known.oid
    )
    if connection.scalar(tables):
        yield f"Роль базы «{role}» владеет таблицами и может снять защиту строк: серверу нужна другая."
