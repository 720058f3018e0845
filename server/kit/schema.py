"""The database's schema: alembic configured by code, the same revisions on SQLite and PostgreSQL.

A new revision after a change of declarations:
`python -m server.kit.schema "what changed"` writes it beside the others; read it before it is committed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import common.all  # noqa: F401  the declarations
from common.kit.errors import EpoError
from server.kit import tables
from server.kit.walls import raise_walls

PLACE = Path(__file__).resolve().parent.parent / "migrations"

METADATA = tables.metadata


def _config(engine: sa.Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(PLACE))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: sa.Engine) -> None:
    """Bring the database to this version; EpoError where it is newer than the program."""
    known = {s.revision for s in ScriptDirectory(str(PLACE)).walk_revisions()}
    if (at := current(engine)) is not None and at not in known:
        raise EpoError("База данных новее программы: обновите сервер")
    command.upgrade(_config(engine), "head")
    raise_walls(engine)


def downgrade(engine: sa.Engine, to: str = "base") -> None:
    command.downgrade(_config(engine), to)


def current(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    return ScriptDirectory(str(PLACE)).get_current_head()


def differences(engine: sa.Engine) -> list[str]:
    """What the declarations have and the database has not; empty where they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(found) for found in compare_metadata(context, METADATA)]


def write_revision(message: str) -> None:
    """Autogenerate against an empty database brought to the present head."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    upgrade(engine)
    revision = f"{len(list(ScriptDirectory(str(PLACE)).walk_revisions())) + 1:04d}"
    command.revision(_config(engine), message, autogenerate=True, rev_id=revision)


if __name__ == "__main__":
    write_revision(sys.argv[1])
