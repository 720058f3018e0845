"""The project's own files as tests of architecture read them."""

from __future__ import annotations

import ast
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("client", "server", "common")
GENERATED = "server/migrations/versions/"


@dataclass(frozen=True)
class Module:
    """One Python file; its name is its path from the root, with forward slashes."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    @cached_property
    def calls(self) -> dict[str, list[ast.Call]]:
        """Every call, under the name of what is called."""
        found: dict[str, list[ast.Call]] = defaultdict(list)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
                found[name].append(node)
        return found

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @cached_property
    def names(self) -> list[tuple[int, str]]:
        """Every identifier that the module uses or imports, with its line."""
        return [
            (getattr(node, "lineno", 0), name)
            for node in ast.walk(self.tree)
            for name in _names_of(node)
        ]


def _names_of(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
            return [name]
        case ast.arg(arg=name):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.alias(name=name, asname=other):
            return [*name.split("."), *([other] if other else [])]
        case _:
            return []


@cache
def modules(*folders: str, root: Path = ROOT) -> list[Module]:
    return [
        _module(file, root) for folder in folders for file in sorted((root / folder).rglob("*.py"))
    ]


@cache
def _module(file: Path, root: Path) -> Module:
    return Module(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))


def written_by_hand(found: list[Module]) -> list[Module]:
    return [module for module in found if not module.name.startswith(GENERATED)]


def project_texts() -> list[Module]:
    """Every text file that git keeps or would keep; pictures and fonts are passed over."""
    asked = ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout
    names = sorted({name for name in listed.decode().split("\0") if name})
    return [text for name in names if (text := _read(name)) is not None]


def _read(name: str) -> Module | None:
    try:
        return Module(name, (ROOT / name).read_text(encoding="utf-8"))
    except (UnicodeDecodeError, FileNotFoundError):
        return None  # a picture, or a file deleted but not yet committed
