"""The tables of the precious file, and how an older file is widened: nothing in it is ever made anew."""

from __future__ import annotations

from client.store.connection import Connection

SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS op (
  place INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, device TEXT NOT NULL, no INTEGER NOT NULL,
  at INTEGER NOT NULL, body BLOB NOT NULL, entity TEXT NOT NULL, row_id TEXT NOT NULL, status TEXT NOT NULL,
  seq INTEGER NOT NULL DEFAULT 0, seen INTEGER NOT NULL DEFAULT 0, said TEXT NOT NULL DEFAULT '',
  fields BLOB NOT NULL DEFAULT x'80', result BLOB NOT NULL DEFAULT x'80', closed TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS op_live ON op (status, seen);
CREATE INDEX IF NOT EXISTS op_subject ON op (row_id, entity);
CREATE INDEX IF NOT EXISTS op_number ON op (device, no);
CREATE TABLE IF NOT EXISTS op_part (
  row_id TEXT NOT NULL, entity TEXT NOT NULL, uuid TEXT NOT NULL, PRIMARY KEY (row_id, entity, uuid)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS op_part_of ON op_part (uuid);
CREATE TRIGGER IF NOT EXISTS op_gone AFTER DELETE ON op BEGIN DELETE FROM op_part WHERE uuid = old.uuid; END;
CREATE TABLE IF NOT EXISTS draft (
  key TEXT PRIMARY KEY, screen TEXT NOT NULL, title TEXT NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS lease (
  series TEXT NOT NULL, book TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, next INTEGER NOT NULL,
  PRIMARY KEY (series, book, first)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS witness (clock INTEGER NOT NULL, mark INTEGER NOT NULL, PRIMARY KEY (clock, mark)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sealed (
  place INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, blob BLOB NOT NULL,
  unsent INTEGER NOT NULL, held INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS alias (
  entity TEXT NOT NULL, mine TEXT NOT NULL, theirs TEXT NOT NULL, PRIMARY KEY (entity, mine)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS news (
  place INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL,
  entity TEXT NOT NULL, row_id TEXT NOT NULL, said BLOB NOT NULL, read INTEGER NOT NULL DEFAULT 0,
  UNIQUE (kind, key));
"""

ADDED = {
    "op": {
        "epoch": "TEXT NOT NULL DEFAULT ''",  # the history that `seq` is of
        "mac": "BLOB NOT NULL DEFAULT x''",  # the centre's seal on `result`
        "finding": "INTEGER NOT NULL DEFAULT 0",  # applied, and yet a person must see something
        "rank": "INTEGER NOT NULL DEFAULT 0",  # the place of the operation that a decision stands for
        "work": "INTEGER NOT NULL DEFAULT 1",  # 0: an event that the program notes, no work of a person
        "decision": "TEXT NOT NULL DEFAULT ''",  # the operation that settled this one
        "handed": "TEXT NOT NULL DEFAULT ''",  # where it stands with an administrator
        "answer": "BLOB NOT NULL DEFAULT x'C0'",  # what he said
        "writers": "BLOB NOT NULL DEFAULT x'80'",  # whom to call, by field
    },
    "sealed": {
        "content": "TEXT NOT NULL DEFAULT ''",  # of a piece of a file: the digest of the whole
    },
    "witness": {
        "proof": "BLOB NOT NULL DEFAULT x''",  # the centre's word that it said this
    },
}
"""Columns that came after the first release, by table."""


def make_tables(connection: Connection) -> None:
    connection.executescript(SCHEMA)
    for table, added in ADDED.items():
        present = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        for name, kind in added.items():
            if name not in present:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    connection.execute("UPDATE op SET rank = place WHERE rank = 0")
