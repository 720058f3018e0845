"""A record goes into the basket with its parts and comes back with them, or nothing is done: read from the files past the product."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from common.kit.buckets import parts_of
from common.kit.entity import describe, entities, spec_of
from common.kit.sync import Delete, Operation, Restore
from tests.simulation.world import Broken, Wire, World

BASKET = Delete | Restore
Place = tuple[str, str]
"""Entity and id."""


class Wholes:
    """Watches every answer to a push that deletes or restores."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.went: dict[Place, set[Place]] = {}
        """What went into the basket with each record that lies there."""
        self.restored = 0
        world.served.append(self.watch)

    def watch(self, wire: Wire, kind: str, request: Any, answer: Any) -> None:
        if kind != "push" or answer.was is not None:
            return
        if self.world.restored != self.restored:
            self.restored = self.world.restored
            self.went.clear()
        seqs = {o.uuid: o.seq for o in answer.outcomes if o.status == "applied"}
        moves = [op for op in request.operations if isinstance(op.body, BASKET)]
        for seq in sorted({seqs[op.uuid] for op in moves if op.uuid in seqs}):
            lines = self._lines(seq, request.device)
            done = [op for op in moves if seqs.get(op.uuid) == seq]
            self._look(done, lines)
        if moves:
            self._orphans()

    def _lines(self, seq: int, device: str) -> dict[Place, Any]:
        rows = self.world.rows(
            "SELECT changes FROM audit WHERE college_id = ? AND seq = ? AND device = ?",
            self.world.college.hex,
            seq,
            device,
        )
        return {
            (line["entity"], line["id"]): line
            for (text,) in rows
            for line in msgspec.json.decode(text)
        }

    def _look(self, done: list[Operation], lines: dict[Place, Any]) -> None:
        gone = {place for place, line in lines.items() if line["kind"] == "delete"}
        named = {p for op in done if isinstance(op.body, Delete) for p, _ in pieces(op.body)}
        if unseen := gone - named:
            entity, id = min(unseen)
            raise Broken(f"I4 {entity} {id[-6:]} deleted, its author had not seen it")
        for op in done:
            body = op.body
            assert isinstance(body, BASKET)
            root = (body.entity, body.id.hex)
            if root not in lines:
                continue
            if isinstance(body, Delete):
                self.went[root] = gone & {place for place, _ in pieces(body)} - {root}
                self._as_seen(body, gone, lines)
            elif root not in gone:
                self._back(root, gone)

    def _as_seen(self, body: Delete, gone: set[Place], lines: dict[Place, Any]) -> None:
        for (entity, id), seen in pieces(body):
            if (entity, id) not in gone or lines[(entity, id)]["set"]:
                continue
            spec = spec_of(entity)
            names = [n for n in seen if spec[n].target is None]
            for name, value in zip(names, self._values(entity, id, names), strict=True):
                if wire(spec[name].type, value) != seen[name]:
                    raise Broken(
                        f"I4 {entity} {id[-6:]}.{name} «{value}» deleted, the author saw «{seen[name]}»"
                    )

    def _values(self, entity: str, id: str, names: Iterable[str]) -> tuple[Any, ...]:
        columns = ", ".join(f'"{name}"' for name in names)
        if not columns:
            return ()
        (row,) = self.world.rows(f"SELECT {columns} FROM {entity} WHERE id = ?", id)
        return tuple(row)

    def _back(self, root: Place, gone: set[Place]) -> None:
        for entity, id in self.went.pop(root, set()) - gone:
            (deleted,) = self._values(entity, id, ["deleted_at"])
            if deleted is not None:
                raise Broken(f"I10 {root[0]} {root[1][-6:]} came back without {entity} {id[-6:]}")

    def _orphans(self) -> None:
        for owner in map(describe, entities()):
            for part, reference in parts_of(owner.name):
                query = (
                    f"SELECT part.id FROM {part} AS part JOIN {owner.name} AS owner ON owner.id = part.{reference} "
                    "WHERE part.deleted_at IS NULL AND owner.deleted_at IS NOT NULL"
                )
                if left := self.world.rows(query):
                    raise Broken(f"I4 half a record is deleted: {part} {left[0][0][-6:]} stays")


def pieces(body: Delete | Restore) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The record and its parts, with the values seen."""
    yield (body.entity, body.id.hex), body.seen
    for part in body.parts:
        yield (part.entity, part.id.hex), part.seen


def hidden(who: str, place: Place, shown: Any, own: list[Any]) -> None:
    """I5: what was put into the basket last is not shown, alone or with its owner."""
    status, last = next((s, b) for s, _, b in reversed(own) if isinstance(b, BASKET))
    if status == "pending" and isinstance(last, Delete) and shown is not None:
        raise Broken(f"I5 {who}: {place[0]} {place[1][-6:]} is shown though it was deleted")


def wire(kind: type[Any], value: Any) -> Any:
    """What SQLite holds, as it travels."""
    if kind is dt.datetime and value is not None:
        return value.replace(" ", "T") + "Z"
    return value
