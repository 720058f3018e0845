"""Rooms: only the named ones exist, each sees only those below it, and the contracts bite."""

from __future__ import annotations

import ast
import functools
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import PROGRAMS, ROOT, Module, modules

OUTSIDE_ROOMS = {"migrations", "__pycache__"}
ALL_ENTITIES = {("server", "kit"), ("client", "kit"), ("client", "store")}
"""They read the entities of any room: sync, generic lists and forms, the cache."""

BREAKS = {
    "Client and server meet only in common": ("server/kit/broken.py", "import client.kit"),
    "A room uses only the rooms below it": ("common/people/broken.py", "import common.admissions"),
    "common touches no screen": ("common/dean/broken.py", "import requests"),
    "Rules and kinds are pure": ("common/people/rules.py", "import sqlalchemy"),
    "reportlab only in papers and documents": ("server/dean/broken.py", "import reportlab"),
    "openpyxl and calamine only in": ("server/staff/broken.py", "import openpyxl"),
    "The server runs without Qt": ("server/orders/broken.py", "import PySide6"),
    "The client never meets the central database": ("client/dean/broken.py", "import psycopg"),
    "Screens never call the network": ("client/academic/broken.py", "import client.net"),
}
"""For each contract, by the beginning of its name, one line that must break it."""


def contracts() -> list[dict[str, list[str]]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, list[str]]] = settings["tool"]["importlinter"]["contracts"]
    return found


@functools.cache
def levels() -> dict[str, int]:
    """Room → height; the higher number lies deeper."""
    layers = next(found["layers"] for found in contracts() if "containers" in found)
    return {room: depth for depth, line in enumerate(layers) for room in re.findall(r"\w+", line)}


def unknown_rooms(root: Path) -> list[str]:
    on_disk = [
        path
        for program in PROGRAMS
        for path in sorted((root / program).iterdir())
        if _is_room(path)
    ]
    return [path.relative_to(root).as_posix() for path in on_disk if path.stem not in set(levels())]


def _is_room(path: Path) -> bool:
    if path.name in OUTSIDE_ROOMS or path.name == "__init__.py":
        return False
    return path.is_dir() or path.suffix == ".py"


def rooms_above(module: Module) -> Iterator[str]:
    """Imports of a higher room's half in another program, which layers let pass."""
    program, room = Path(module.name).with_suffix("").parts[:2]
    if (program, room) in ALL_ENTITIES or room not in levels():
        return
    for imported in imports(module):
        other = imported.split(".")[1:2]
        if other and levels().get(other[0], 99) < levels()[room]:
            yield f"{module.name} imports {imported}"


def imports(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in found if name.split(".")[0] in PROGRAMS)


def test_every_room_on_disk_is_a_named_one() -> None:
    assert unknown_rooms(ROOT) == []


def test_a_room_uses_no_higher_room_of_another_program() -> None:
    assert [finding for module in modules(*PROGRAMS) for finding in rooms_above(module)] == []


def test_a_room_with_a_new_name_is_found(tmp_path: Path) -> None:
    for name in ("client/kit", "server/dean", "common/utils"):
        (tmp_path / name).mkdir(parents=True)
    assert unknown_rooms(tmp_path) == ["common/utils"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("server/people/service.py", "from common.admissions import entities"),
        ("server/people/service.py", "from common import admissions"),
        ("client/colleges/screens.py", "import common.people.rules"),
    ],
)
def test_a_look_upwards_is_found(name: str, text: str) -> None:
    assert list(rooms_above(Module(name, text)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("server/admissions/service.py", "from common.people import entities"),
        ("server/people/service.py", "from common.people import entities"),
        ("server/kit/pull.py", "import common.all"),
    ],
)
def test_a_look_downwards_is_right(name: str, text: str) -> None:
    assert not list(rooms_above(Module(name, text)))


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An empty house with all its rooms, under the project's own contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for program in PROGRAMS:
        for room in ("", *levels()):
            (tmp_path / program / room).mkdir(parents=True)
            (tmp_path / program / room / "__init__.py").touch()
    for name in ("rules", "kinds"):
        (tmp_path / "common" / "people" / f"{name}.py").touch()
    return tmp_path


def lint_imports(house: Path) -> str:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_an_empty_house_keeps_every_contract(house: Path) -> None:
    assert f"Contracts: {len(contracts())} kept, 0 broken." in lint_imports(house)


def test_every_contract_bites(house: Path) -> None:
    for name, line in BREAKS.values():
        (house / name).write_text(f"{line}\n", encoding="utf-8")
    said = lint_imports(house)
    verdicts = [line for line in said.splitlines() if line.endswith((" KEPT", " BROKEN"))]
    assert [line for line in verdicts if not line.endswith(" BROKEN")] == []
    assert all(any(line.startswith(name) for line in verdicts) for name in BREAKS)
    assert len(verdicts) == len(BREAKS)
