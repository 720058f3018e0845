"""The migrations: up, equal to the declarations, down, on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from common.kit.errors import EpoError
from server.kit import schema
from server.kit.database import open_engine


def test_an_empty_database_is_brought_up_equal_to_the_declarations_and_down_again(
    database_url: str,
) -> None:
    engine = open_engine(database_url)
    schema.upgrade(engine)
    assert schema.differences(engine) == []
    assert schema.current(engine) == schema.head()
    schema.downgrade(engine)
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
    schema.upgrade(engine)
    assert schema.differences(engine) == []
    engine.dispose()


def test_a_database_newer_than_the_program_is_refused(database_url: str) -> None:
    engine = open_engine(database_url)
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(EpoError, match="новее программы"):
        schema.upgrade(engine)
    engine.dispose()
