"""The newcomer's script: right and wrong calls, pip's settings for uv, what is installed when."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installers import bootstrap

ROOT = Path(bootstrap.__file__).parent.parent


def call(*arguments: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    script = root / "installers" / "bootstrap.py"
    command = [sys.executable, "-I", str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty clone beside which nothing is installed."""
    shutil.copytree(ROOT / "installers", tmp_path / "installers")
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("DEV_LOCK", "RUN_LOCK", "UV_LOCK", "VENV", "STATE", "ROOT", "BIN"):
        was: Path = getattr(bootstrap, name)
        monkeypatch.setattr(bootstrap, name, tmp_path / was.relative_to(ROOT))
    return tmp_path


def mark_done(clone: Path, *, dev: bool) -> None:
    bootstrap.venv_python().parent.mkdir(parents=True, exist_ok=True)
    bootstrap.venv_python().touch()
    state = json.dumps(bootstrap.wanted_state(dev=dev))
    (clone / ".venv" / "epo-setup.json").write_text(state, encoding="utf-8")


@pytest.mark.parametrize("arguments", [(), ("serve",), ("test", "--fast"), ("setup", "dev")])
def test_a_wrong_call_is_answered_by_the_right_ones(arguments: tuple[str, ...]) -> None:
    done = call(*arguments)
    assert done.returncode == 2
    assert "Использование" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "arguments", [["demo"], ["demo", "--no-window", "--port", "9"], ["test"], ["setup", "--dev"]]
)
def test_these_calls_are_right(arguments: list[str]) -> None:
    assert bootstrap.is_right_call(arguments)


def test_an_unchanged_lock_installs_nothing(clone: Path) -> None:
    mark_done(clone, dev=False)
    bootstrap.set_up(dev=False)
    assert [path.name for path in bootstrap.BIN.iterdir()] == [bootstrap.venv_python().name]


def test_the_demo_does_not_throw_away_the_tools_of_development(clone: Path) -> None:
    mark_done(clone, dev=True)
    bootstrap.set_up(dev=False)
    assert bootstrap.read_state()["dev"] == "yes"


@pytest.mark.parametrize("name", ["requirements-dev.lock", "pyproject.toml"])
def test_a_changed_file_asks_for_a_new_set_up(clone: Path, name: str) -> None:
    mark_done(clone, dev=True)
    with (clone / name).open("a", encoding="utf-8") as file:
        file.write("# more\n")
    assert bootstrap.read_state() != bootstrap.wanted_state(dev=True)


def test_an_environment_that_was_removed_is_not_remembered(clone: Path) -> None:
    mark_done(clone, dev=False)
    bootstrap.venv_python().unlink()
    assert bootstrap.read_state() == {}


def test_a_half_written_memory_is_forgotten(clone: Path) -> None:
    mark_done(clone, dev=False)
    bootstrap.STATE.write_text('{"dev": "y', encoding="utf-8")
    assert bootstrap.read_state() == {}


def test_pip_s_environment_is_stronger_than_its_files() -> None:
    listing = (
        ":env:.index-url='https://mirror.example/simple'\n"
        "global.index-url='https://office.example/simple'\n"
        "global.extra-index-url='https://a.example/simple\\nhttps://b.example/simple'\n"
        "freeze.all='true'\n"
    )
    assert bootstrap.read_pip_settings(listing) == {
        "index-url": "https://mirror.example/simple",
        "extra-index-url": "https://a.example/simple\nhttps://b.example/simple",
    }


def test_uv_is_told_what_pip_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in bootstrap.UV_NAMES.values():
        monkeypatch.delenv(name, raising=False)
    found = bootstrap.uv_environment(
        {
            "index-url": "https://mirror.example/simple",
            "extra-index-url": "https://a.example/simple https://b.example/simple",
            "find-links": f"{tmp_path} /nowhere/at/all",
        }
    )
    assert found["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert found["UV_INDEX"] == "https://a.example/simple https://b.example/simple"
    assert found["UV_FIND_LINKS"] == str(tmp_path)
    assert found["UV_PYTHON_DOWNLOADS"] == "never"
    assert "SSL_CERT_FILE" not in found


def test_uv_s_own_setting_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.example/simple")
    found = bootstrap.uv_environment({"index-url": "https://mirror.example/simple"})
    assert found["UV_DEFAULT_INDEX"] == "https://own.example/simple"


def test_a_folder_of_packages_that_is_not_there_is_passed_over(tmp_path: Path) -> None:
    assert bootstrap.is_reachable(tmp_path.as_uri())
    assert not bootstrap.is_reachable((tmp_path / "gone").as_uri())


def test_the_demo_asks_for_no_packages_of_the_tests() -> None:
    run, dev = bootstrap.system_packages(dev=False), bootstrap.system_packages(dev=True)
    assert "libegl1" in run
    assert "postgresql" not in run
    kept = {"chromium-headless-shell", "fuse3", "git", "libfuse2"}
    testing = kept | {"postgresql", "strace", "xauth", "xvfb"}
    assert set(run) | testing == set(dev)


def test_the_apt_command_can_be_pasted() -> None:
    command = bootstrap.apt_command(["libgl1", "libegl1"])
    assert command == "sudo apt-get install -y --no-install-recommends libgl1 libegl1"


def test_the_script_uses_the_standard_library_only() -> None:
    text = Path(bootstrap.__file__).read_text(encoding="utf-8")
    names = [line.split()[1].split(".")[0] for line in text.splitlines() if _imports(line)]
    assert set(names) <= sys.stdlib_module_names


def _imports(line: str) -> bool:
    return line.startswith(("import ", "from "))


def test_ci_runs_the_newcomer_s_test_command_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["exec python3 installers/bootstrap.py test"]
