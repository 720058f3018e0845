"""A field is declared once: added in one place to a copy of the house, it is found everywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

BEFORE = "    needs_hostel: Mapped[bool] = flag("
FIELD = '    sport: Mapped[str | None] = text("Вид спорта", 60, pd=P1, search=True, default=None)\n'


def test_a_field_added_in_one_place_is_everywhere(tmp_path: Path) -> None:
    for room in ("common", "server", "client", "resources"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    declaration = tmp_path / "common" / "admissions" / "entities.py"
    source = declaration.read_text(encoding="utf-8")
    assert source.count(BEFORE) == 1
    declaration.write_text(source.replace(BEFORE, FIELD + BEFORE), encoding="utf-8")
    shutil.copy(Path(__file__).with_name("find_sport.py"), tmp_path / "find_sport.py")
    done = subprocess.run(
        [sys.executable, "find_sport.py"],
        cwd=tmp_path,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        "table", "difference", "validation", "wire", "feed", "audit", "cache", "form", "list", "filter",
    ]  # fmt: skip
