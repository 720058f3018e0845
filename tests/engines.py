"""Every test opens an engine of its own; what one of them has compiled into SQL, the next need not."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.util import LRUCache

MOST = 20_000
"""Statements that are kept: more than all tests of a worker have."""
_FIRST: dict[tuple[Any, ...], sa.Engine] = {}


def share_compiled() -> None:
    """From now on engines of one kind share a dialect, by which SQLAlchemy knows what is compiled, and its SQL."""
    if not sa.event.contains(sa.Engine, "engine_connect", _share):
        sa.event.listen(sa.Engine, "engine_connect", _share)


def _share(connection: sa.Connection) -> None:
    engine, dialect = connection.engine, connection.dialect
    serializers = (vars(dialect)["_json_serializer"], vars(dialect)["_json_deserializer"])
    kind = (dialect.name, dialect.driver, *serializers)
    first = _FIRST.setdefault(kind, engine)
    if first is engine:
        vars(engine)["_compiled_cache"] = vars(engine)["_compiled_cache"] or LRUCache(MOST)
        vars(engine)["_compiled_cache"].capacity = MOST
    elif dialect is not first.dialect:
        engine.dialect = connection.dialect = first.dialect
        vars(engine)["_compiled_cache"] = vars(first)["_compiled_cache"]
