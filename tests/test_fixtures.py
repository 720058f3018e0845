"""The fixtures that everybody relies on keep their promises."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.network import NetworkForbiddenError, is_local
from tests.postgres import NoPostgresError, programs_of, running_cluster


def test_a_database_url_is_an_empty_database_that_can_be_written(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == []
        connection.execute(sa.text("create table abiturient (name text)"))
        connection.execute(sa.text("insert into abiturient values ('Ёлкина')"))
        assert connection.execute(sa.text("select name from abiturient")).all() == [("Ёлкина",)]
    engine.dispose()


def test_two_databases_of_one_test_are_two(new_database: Callable[[], str]) -> None:
    assert new_database() != new_database()


def test_a_durable_server_writes_through_and_survives_a_crash() -> None:
    with running_cluster(durable=True) as cluster:
        engine = sa.create_engine(cluster.server.database_url("postgres"), poolclass=sa.NullPool)
        with engine.begin() as connection:
            assert connection.execute(sa.text("show fsync")).scalar_one() == "on"
            connection.execute(sa.text("create table kept (id int)"))
        cluster.stop(mode="immediate")
        cluster.start()
        with engine.connect() as connection:
            assert sa.inspect(connection).get_table_names() == ["kept"]


def test_a_machine_without_postgresql_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    with pytest.raises(NoPostgresError, match="apt-get install postgresql"):
        programs_of({"PATH": ""})


def test_a_test_cannot_leave_the_machine() -> None:
    with pytest.raises(NetworkForbiddenError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(NetworkForbiddenError, match=r"example\.org"):
        requests.get("http://example.org", timeout=1)


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        socket.create_connection(listener.getsockname(), timeout=1).close()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", b"127.0.0.1", None])
def test_these_hosts_are_local(host: str | bytes | None) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "localhost.example.org", "2001:db8::1"])
def test_these_hosts_are_not_local(host: str) -> None:
    assert not is_local(host)


def test_qt_needs_no_screen(qapp: QApplication) -> None:
    assert qapp.platformName() == "offscreen"


def test_typed_cyrillic_reaches_the_field(
    qtbot: QtBot, type_text: Callable[[QWidget, str], None]
) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    type_text(field, "Ёжикова Ия")
    assert field.text() == "Ёжикова Ия"
