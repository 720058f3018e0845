"""The tables of the file that may be rebuilt: its own, and those of the declared entities."""

from __future__ import annotations

import functools
import hashlib
from typing import Any

from common.kit.entity import describe, entities
from common.kit.kinds import PersonalData
from common.kit.spec import EntitySpec

STATE = """
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bucket (
  no INTEGER PRIMARY KEY, scope TEXT NOT NULL, section TEXT NOT NULL, pd TEXT NOT NULL, year INTEGER NOT NULL,
  seq INTEGER NOT NULL DEFAULT 0, facet TEXT NOT NULL DEFAULT '', row_id TEXT NOT NULL DEFAULT '',
  until_seq INTEGER NOT NULL DEFAULT 0, until_facet TEXT NOT NULL DEFAULT '', until_id TEXT NOT NULL DEFAULT '',
  facets TEXT NOT NULL DEFAULT '', whole INTEGER NOT NULL DEFAULT 0, sweeping INTEGER NOT NULL DEFAULT 0,
  UNIQUE (scope, section, pd, year));
CREATE TABLE IF NOT EXISTS held (
  bucket INTEGER NOT NULL, facet TEXT NOT NULL, row_id TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (bucket, facet, row_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS told (
  bucket INTEGER NOT NULL, facet TEXT NOT NULL, row_id TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (bucket, facet, row_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shape (facet TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
"""


def seq_column(pd: PersonalData) -> str:
    return f"seq_{pd.value}"


def columns_of(spec: EntitySpec) -> list[str]:
    return [f.name for f in spec.fields]


@functools.cache
def declared() -> str:
    """Tells these declarations from those of another program."""
    said = [(s.name, kinds(s), [f.target for f in s.fields]) for s in map(describe, entities())]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def kinds(spec: EntitySpec) -> dict[str, Any]:
    found: dict[str, Any] = {f.name: int if f.type in (int, bool) else str for f in spec.fields}
    return found | {seq_column(pd): int for pd in spec.classes}


def own_table(spec: EntitySpec) -> str:
    """Where the rows with own operations over them lie."""
    return f"own_{spec.name}"


def quoted(name: str) -> str:
    return f'"{name}"'
