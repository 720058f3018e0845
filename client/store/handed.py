"""What authors have handed to an administrator, as he sees it at his desk: by his rights, beside what the centre has now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from client.store.decisions import Difference, Trouble
from client.store.entry import Entry, Handed
from client.store.orders import server_values
from client.store.parts import told_parts
from client.store.store import Store
from common.administration import handed
from common.administration.entities import HandedOperation
from common.administration.kinds import HandedKind, HandedState
from common.kit.access import opens
from common.kit.entity import spec_of
from common.kit.errors import EpoError
from common.kit.kinds import PersonalData
from common.kit.rights import Action
from common.kit.spec import EntitySpec
from common.kit.sync import (
    RETURN_HANDED,
    SEND_HANDED,
    Command,
    Delete,
    Operation,
    Restore,
    Save,
)

HANDED = HandedOperation.__tablename__
Pairs = dict[str, tuple[Any, Any]]


class HandedWork:
    """One handed operation; `trouble` is it as its author's desk would show it."""

    def __init__(self, store: Store, id: UUID) -> None:
        self.store, self.id = store, id
        record = store.get(HANDED, id)
        if record is None:
            raise EpoError("Этой записи здесь больше нет: обновите список")
        self.record = record
        self.pairs = _pairs(record)
        self.hidden = _hides(record)
        self.trouble = Trouble(self._entry(), self._fields(), ())

    @property
    def waits(self) -> bool:
        return self.record["state"] is HandedState.WAITING

    @property
    def decided_here(self) -> bool:
        """A decision of this desk about it is on its way, or itself in trouble."""
        return any(
            isinstance(entry.op.body, Command) and entry.op.body.args.get("handed") == self.id.hex
            for entry in self.store.outbox()
        )

    def _entry(self) -> Entry:
        r = self.record
        op = Operation(
            uuid=UUID(r["operation"]),
            no=0,
            author=r["author_id"],
            at=int(r["recorded_at"].timestamp() * 1000),
            body=self._body(),
        )
        return Entry(
            op=op,
            device="",
            status=r["status"],
            seq=0,
            seen=False,
            said=r["why"] or "",
            fields={},
            result={},
            closed="",
            epoch="",
            subject=(r["entity"], r["row_id"]),
            parts=(),
            writers={},
            handed=Handed.NO,
            answer=None,
        )

    def _body(self) -> Save | Delete | Restore:
        entity, id, kind = self.record["entity"], UUID(self.record["row_id"]), self.record["kind"]
        if kind is HandedKind.DELETE:
            seen = {name: new for name, (_, new) in handed.own(self.pairs).items()}
            return Delete(entity, id, seen, handed.parts(self.record["children"], self.pairs))
        if kind is HandedKind.RESTORE:
            return Restore(entity, id)
        return Save(entity, id, create=kind is HandedKind.CREATE, set=self.pairs)

    def _fields(self) -> tuple[Difference, ...]:
        try:
            spec = spec_of(self.record["entity"])
        except KeyError:
            return ()  # of a newer program
        server = self._server(spec)
        return tuple(
            Difference(name, spec[name].label, was, mine, server.get(name), "")
            for name, (was, mine) in self.pairs.items()
            if name in spec.by_name
        )

    def _server(self, spec: EntitySpec) -> dict[str, Any]:
        with self.store.lock:
            return server_values(self.store.cache, spec, self.record["row_id"])

    # ---- deciding

    def send(self, choices: Mapping[str, Any]) -> None:
        """In one's own name, with these values; those that one may not see go as their author wrote them."""
        spec = spec_of(self.record["entity"])
        server = self._server(spec)
        pairs = {
            name: [self._seen(spec, name, server), value]
            for name, value in choices.items()
            if name in spec.by_name
        }
        args = {"handed": self.id.hex, "set": pairs}
        if isinstance(body := self.trouble.entry.op.body, Delete):
            with self.store.lock:
                told = told_parts(self.store.overlay, body.entity, body.id.hex)
            args["parts"] = msgspec.to_builtins(told)
        self._record(Command(SEND_HANDED, args))

    def _seen(self, spec: EntitySpec, name: str, server: Mapping[str, Any]) -> Any:
        """The centre's value where one may see it, else the one that the author had seen."""
        held, pd = self.store.permissions(), spec[name].field.pd
        if opens(held, spec, Action.READ, pd):
            return server.get(name)
        return self.pairs.get(name, (None, None))[0]

    def give_back(self, word: str) -> None:
        self._record(Command(RETURN_HANDED, {"handed": self.id.hex, "word": word}))

    def _record(self, command: Command) -> None:
        if self.decided_here:
            raise EpoError("Ваше решение об этой записи уже ждёт отправки")
        self.store.record(lambda _number: [command])


def _pairs(record: Mapping[str, Any]) -> Pairs:
    found: Pairs = {}
    for pd in PersonalData:
        if text := record[_column(pd)]:
            found |= {name: (pair[0], pair[1]) for name, pair in json.loads(text).items()}
    return found


def _hides(record: Mapping[str, Any]) -> bool:
    """Is there a class of its values that never comes to this desk? Absent is not empty."""
    return any(record[_column(pd)] is None for pd in PersonalData)


def _column(pd: PersonalData) -> str:
    return f"values_{pd.value.lower()}"
