"""How alembic runs here: on the engine it is handed, both databases alike."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from server.kit.schema import METADATA


def render(kind: str, thing: Any, autogen: Any) -> str | Literal[False]:
    """Own types are written as what they are in the database: a migration imports no declaration."""
    if kind == "type" and isinstance(thing, sa.TypeDecorator):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, sa.Enum):
        return f"sa.String(length={thing.length})"
    return False


def run() -> None:
    engine: sa.Engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            render_as_batch=True,
            render_item=render,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
