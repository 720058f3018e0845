"""The operator's commands, called as he calls them: exit codes, what is printed, and what a server refuses to start on."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from common.kit.errors import EpoError
from server.app import main, refuse_unsafe
from server.kit.database import open_engine, unsafe_settings
from server.kit.settings import Settings
from server.kit.tables import sync_bucket
from tests.postgres import Postgres, running_cluster
from tests.server.conftest import House

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(ours: House, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Calls the command on our database: (exit code, standard output, standard error)."""
    url = ours.engine.url.render_as_string(hide_password=False)
    config = tmp_path / "epo.toml"
    config.write_text(f'database_url = "{url}"\ndata_dir = "{tmp_path / "data"}"\n', "utf-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        capfdbinary.readouterr()
        code = main([*arguments, "--config", str(config)])
        said = capfdbinary.readouterr()
        return code, said.out.decode(), said.err.decode()

    return call


def test_check_says_ok_and_then_what_is_wrong(run: Run, ours: House) -> None:
    code, said, _ = run("check", "--json")
    assert (code, json.loads(said)) == (0, {"ok": True, "findings": [], "backup": "never"})
    with ours.engine.begin() as connection:
        connection.execute(sa.update(sync_bucket).values(rows=77))
    code, said, _ = run("check", "--json")
    found = json.loads(said)
    assert (code, found["ok"]) == (1, False)
    assert {f["kind"] for f in found["findings"]} == {"sums"}


def test_a_made_password_is_shown_once_and_a_given_one_never(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = ("--college", "k1", "--name", "Ёлкина Анна", "--role", "admission_clerk")
    act = ("--order-number", "15-к", "--order-date", "2026-06-01", "--consent-on", "2026-06-01")
    code, said, _ = run("user", "add", "anna", *add, *act)
    assert code == 0
    assert len(said.rpartition(" ")[2].strip()) >= 12
    monkeypatch.setattr("sys.stdin", io.StringIO("Очень длинный пароль\n"))
    code, said, _ = run("user", "reset", "anna", "--password-stdin")
    assert (code, "Очень" in said) == (0, False)
    users = json.loads(run("user", "list", "--college", "k1", "--json")[1])
    assert [u["roles"] for u in users if u["login"] == "anna"] == [["admission_clerk"]]
    assert run("user", "end", "anna")[0] == 0
    code, _, error = run("user", "end", "nobody")
    assert (code, error) == (1, "Учётной записи «nobody» нет\n")


def test_a_forgetful_postgres_is_refused_unless_it_is_accepted(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    """The server of the tests has all three switched off."""
    url = new_database()
    with pytest.raises(EpoError, match="выключено: fsync, full_page_writes, synchronous_commit"):
        refuse_unsafe(Settings(url, tmp_path))
    refuse_unsafe(Settings(url, tmp_path, accept_unsafe_database=True))


def test_a_role_above_the_walls_does_not_serve_unless_it_is_accepted(
    new_database: Callable[[], str], tmp_path: Path, postgres: Postgres
) -> None:
    """The owner of the tests' database is a superuser; the role of the server is not."""
    url = new_database()
    with pytest.raises(EpoError, match=r"стоит над защитой строк.*migrate --role"):
        refuse_unsafe(Settings(url, tmp_path))
    refuse_unsafe(Settings(url, tmp_path, accept_unsafe_database=True))
    with pytest.raises(EpoError) as said:
        refuse_unsafe(Settings(postgres.admit(url), tmp_path))
    assert "защит" not in said.value.message


def test_a_durable_postgres_and_a_sqlite_are_served(tmp_path: Path) -> None:
    refuse_unsafe(Settings(f"sqlite:///{tmp_path / 'epo.db'}", tmp_path))
    with running_cluster(durable=True) as cluster:
        server: Any = cluster.server
        engine = open_engine(server.database_url("postgres"))
        assert unsafe_settings(engine) == []
        engine.dispose()


def test_serve_names_the_reason_and_ends_with_one(
    new_database: Callable[[], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "epo.toml"
    config.write_text(f'database_url = "{new_database()}"\ndata_dir = "{tmp_path}"\n', "utf-8")
    assert main(["serve", "--config", str(config)]) == 1
    assert "fsync" in capsys.readouterr().err


def test_midnight_is_told_by_college_and_done_once(run: Run, ours: House) -> None:
    code, said, _ = run("midnight", "--json")
    (night,) = json.loads(said)
    assert (code, night["college"], night["findings"]) == (0, "k1", [])
    code, said, _ = run("midnight")
    assert (code, said) == (0, "За этот день всё уже сделано\n")
    code, _, error = run("midnight", "--date", "2199-01-01")
    assert (code, error) == (1, "01.01.2199 в организации k1 ещё не наступило\n")
