"""What a person decides about operations in trouble (SYNC 5): a new operation, or a word why; nothing else closes one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from client.kit.records import Body
from client.store import news
from client.store.connection import Connection, Transaction
from client.store.entry import Entry
from client.store.journal import Journal
from client.store.news import Kind
from client.store.orders import fitted, newest_row, server_values
from client.store.overlay import Overlay
from client.store.parts import told_parts
from common.kit.entity import spec_of
from common.kit.errors import EpoError
from common.kit.spec import EntitySpec
from common.kit.sync import (
    ADOPT,
    CLOSE,
    HAND,
    WHOLE,
    Command,
    Delete,
    HandedAnswer,
    Operation,
    Restore,
    Save,
    Status,
    Writer,
)

DECIDED = "Решено"
SERVER_KEPT = "Оставлено значение сервера"
TOGETHER = "Закрыто вместе с записью, от которой зависит"


SENT = "sent"
ELSEWHERE = "administrator"
"""In the place of the operation that settled it: that one is not in this journal."""
SENT_BY = "Отправил администратор: {name}"
HANDABLE = (Status.REFUSED, Status.QUARANTINED, Status.FAILED)
"""What a person of more rights or knowledge may do better."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an operation in trouble, as wire primitives."""

    name: str
    label: str
    was: Any
    """What its author saw."""
    mine: Any
    server: Any
    said: str
    """Why, in the centre's words; empty where this field merges by itself."""
    writer: Writer | None = None
    """Who wrote the centre's value; None where nobody is known, or it has been changed once more since."""

    @property
    def differs(self) -> bool:
        return self.server not in (self.was, self.mine)


@dataclass(frozen=True, slots=True)
class Trouble:
    """An operation that waits for a person."""

    entry: Entry
    fields: tuple[Difference, ...]
    held: tuple[Entry, ...]
    """Own operations that wait behind this one."""
    gone: bool = False
    """The centre has no such record, or has it in the basket."""
    writer: Writer | None = None
    """Who deleted it, made it, or added a part to it."""


class Decisions:
    """Each call writes one journal transaction and returns the operations it recorded."""

    def __init__(self, journal: Journal, overlay: Overlay) -> None:
        self.journal = journal
        self.overlay = overlay

    # ---- looking

    def troubles(self) -> list[Trouble]:
        """All that needs a person, oldest first."""
        found = self.journal.troubled()
        return [self._told(e, held) for e, held in zip(found, _behind(found), strict=True)]

    def _told(self, entry: Entry, held: tuple[Entry, ...]) -> Trouble:
        return Trouble(
            entry,
            self._differences(entry),
            held,
            self._gone(entry),
            entry.writers.get(WHOLE),
        )

    def _gone(self, entry: Entry) -> bool:
        entity, id = entry.subject
        try:
            return bool(id) and not self._server(spec_of(entity), id)
        except KeyError:
            return False  # of a newer program

    def _differences(self, entry: Entry) -> tuple[Difference, ...]:
        body = entry.op.body
        if isinstance(body, Command):
            return ()
        try:
            spec = spec_of(body.entity)
        except KeyError:
            return ()  # of a newer program
        server = self._server(spec, entry.subject[1])
        writers = self._writers(spec, entry)
        pairs = body.set if isinstance(body, Save) else {n: (v, v) for n, v in body.seen.items()}
        return tuple(
            Difference(
                name,
                spec[name].label,
                was,
                self._fitted(spec, name, mine, server),
                server.get(name),
                entry.fields.get(name, ""),
                writers.get(name),
            )
            for name, (was, mine) in pairs.items()
            if name in spec.by_name
        )

    def _writers(self, spec: EntitySpec, entry: Entry) -> dict[str, Writer]:
        """Those who are still the last: what the cache has of their class is no newer than the answer."""
        rows = self.overlay.cache.rows(spec, [entry.subject[1]])
        seqs = rows.get(entry.subject[1], ())[len(spec.fields) :]
        newest = dict(zip(spec.classes, seqs, strict=False))

        def told(name: str) -> int | None:
            if name in spec.lists:
                return newest_row(self.overlay.cache, name, entry.subject[1])
            return newest.get(spec[name].field.pd)

        if entry.epoch != self.overlay.cache.epoch():
            return {}
        return {
            name: writer
            for name, writer in entry.writers.items()
            if name in spec.by_name and (told(name) or 0) <= entry.seq
        }

    def _server(self, spec: EntitySpec, id: str) -> dict[str, Any]:
        """The record as the centre told it last, without own work over it."""
        return server_values(self.overlay.cache, spec, id)

    def _fitted(self, spec: EntitySpec, name: str, mine: Any, server: Mapping[str, Any]) -> Any:
        """One's own order of a list names the rows that the centre has by now."""
        return fitted(mine or (), server.get(name) or ()) if name in spec.lists else mine

    # ---- deciding

    def decide(self, uuid: UUID, choices: Mapping[str, Any]) -> list[Operation]:
        """Say the values that the fields of a saved record shall have; the rest stays as the centre has it.

        A field that is not named keeps one's own value where the centre has not changed it.
        """
        trouble = self._trouble(uuid)
        body = trouble.entry.op.body
        if not isinstance(body, Save):
            raise EpoError("По этой операции не выбирают значения: повторите её или закройте")
        if body.create:
            values = {name: mine for name, (_, mine) in body.set.items()} | dict(choices)
            pairs = {name: (None, value) for name, value in values.items()}
            return self._instead(trouble, Save(body.entity, body.id, create=True, set=pairs))
        chosen = self._chosen(trouble, choices)
        if not chosen:
            return self._instead(trouble, Command(CLOSE, {"reason": SERVER_KEPT}))
        return self._instead(trouble, Save(body.entity, body.id, create=False, set=chosen))

    def _chosen(self, trouble: Trouble, choices: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        spec = spec_of(trouble.entry.subject[0])
        server = self._server(spec, trouble.entry.subject[1])
        kept = {d.name: self._kept(spec, trouble, d) for d in trouble.fields}
        wanted = kept | dict(choices)
        changed = {n for n, value in wanted.items() if value != server.get(n)}
        whole = {mate for name in changed for mate in spec.atom_of(name)}
        return {n: (server.get(n), wanted.get(n, server.get(n))) for n in whole}

    def _kept(self, spec: EntitySpec, trouble: Trouble, field: Difference) -> Any:
        """Without a choice an atom is wholly one's own or wholly the centre's, never half of each."""
        atom = [d for d in trouble.fields if d.name in spec.atom_of(field.name)]
        unchanged = [d.server for d in atom] == [d.was for d in atom]
        return field.mine if unchanged else field.server

    def reissue(self, uuid: UUID) -> list[Operation]:
        """Send the same once more, resting on what the centre has now."""
        trouble = self._trouble(uuid)
        return self._instead(trouble, self._renewed(trouble.entry))

    def _renewed(self, entry: Entry) -> Body:
        body = entry.op.body
        if isinstance(body, Command | Restore) or entry.status is not Status.CONFLICT:
            return body
        server = self._server(spec_of(body.entity), entry.subject[1])
        if isinstance(body, Delete):
            seen = {name: server.get(name) for name in body.seen}
            return Delete(
                body.entity, body.id, seen, told_parts(self.overlay, body.entity, entry.subject[1])
            )
        if body.create:
            return body
        pairs = {
            name: (server.get(name), self._fitted(spec_of(body.entity), name, mine, server))
            for name, (_, mine) in body.set.items()
        }
        return Save(body.entity, body.id, create=False, set=pairs)

    def revive(self, uuid: UUID) -> list[Operation]:
        """Take the record that the centre has deleted out of the basket, and change it as was meant."""
        trouble = self._trouble(uuid)
        body = trouble.entry.op.body
        if not isinstance(body, Save) or body.create or not trouble.gone:
            raise EpoError("Вернуть можно только запись, которую удалили, пока вы её меняли")
        seen = {name: was for name, (was, _) in body.set.items()}
        return self._instead(trouble, Restore(body.entity, body.id, seen), then=body)

    def adopt(self, uuid: UUID, theirs: UUID) -> list[Operation]:
        """The centre has this already: what is said of one's own record goes to that one from now on."""
        trouble = self._trouble(uuid)
        body = trouble.entry.op.body
        if not isinstance(body, Save) or not body.create:
            raise EpoError("Принять чужую запись можно только вместо своей новой")
        args = {"entity": body.entity, "mine": body.id.hex, "theirs": theirs.hex}
        return self._instead(trouble, Command(ADOPT, args))

    def close(self, uuid: UUID, reason: str) -> list[Operation]:
        """Give it up, and say why; what cannot live without it is given up with it."""
        if not reason.strip():
            raise EpoError("Напишите, почему запись закрывают: это останется в журнале")
        trouble = self._trouble(uuid)
        if trouble.entry.status is Status.APPLIED:
            self._close_finding(trouble.entry, reason)
            return []
        return self._instead(trouble, Command(CLOSE, {"reason": reason}), reason)

    def _close_finding(self, entry: Entry, reason: str) -> None:
        with Transaction(self.journal.connection) as c:
            _mark(c, entry, reason, "")

    # ---- with an administrator

    def hand(self, uuid: UUID, word: str) -> list[Operation]:
        """Hand it to an administrator with a word; it stays open here until he or its author has decided."""
        if not word.strip():
            raise EpoError(
                "Напишите, о чём просите: администратор увидит эти слова рядом с записью"
            )
        entry = self._trouble(uuid).entry
        if entry.status not in HANDABLE or isinstance(entry.op.body, Command):
            raise EpoError("Передать можно запись, которую сервер не принял")
        if entry.away:
            raise EpoError("Эта запись уже у администратора")
        body = msgspec.to_builtins(entry.op.body)
        args = {"of": uuid.hex, "word": word.strip(), "body": body}
        with Transaction(self.journal.connection) as c:
            made = self.journal.append(c, Command(HAND, args))
            c.execute("UPDATE op SET handed = 'asked' WHERE uuid = ?", (uuid.hex,))
        return [made]

    def hear(self, answers: Sequence[HandedAnswer]) -> list[Operation]:
        """What administrators have decided; what waited behind a sent one goes with that decision."""
        made: list[Operation] = []
        waiting = set(self.journal.waiting_for_answers())
        for answer in answers:
            if answer.uuid not in waiting:
                continue  # late or doubled
            trouble = self._trouble(answer.uuid)
            with Transaction(self.journal.connection) as c:
                kind = Kind.SENT if answer.state == SENT else Kind.RETURNED
                told = f"{answer.uuid.hex}:{answer.who.at}"
                subject = trouble.entry.subject
                news.tell(self.journal, c, kind, told, subject, who=answer.who.name)
                c.execute(
                    "UPDATE op SET handed = 'returned', answer = ? WHERE uuid = ?",
                    (msgspec.msgpack.encode(answer), answer.uuid.hex),
                )
                if answer.state == SENT:
                    _mark(c, trouble.entry, SENT_BY.format(name=answer.who.name), ELSEWHERE)
                    made += [self._put(c, h, h.op.body, DECIDED) for h in trouble.held]
        return made

    def _trouble(self, uuid: UUID) -> Trouble:
        found = self.journal.troubled_with(uuid)
        for each, held in zip(found, _behind(found), strict=True):
            if each.op.uuid == uuid:
                return self._told(each, held)
        entry = self.journal.entry(uuid.hex)
        if entry.closed:
            raise EpoError("По этой записи решение уже принято")
        raise EpoError("Эта запись не ждёт решения")

    def _instead(
        self, trouble: Trouble, body: Body, reason: str = "", then: Body | None = None
    ) -> list[Operation]:
        """The decision, what follows from it, and what waits behind it once more, in one transaction."""
        entry = trouble.entry
        gives_up = isinstance(body, Command) and body.name == CLOSE
        orphans = gives_up and isinstance(entry.op.body, Save) and entry.op.body.create
        with Transaction(self.journal.connection) as c:
            made = [self._put(c, entry, body, reason or DECIDED)]
            if then is not None:
                made.append(self.journal.append(c, then))
            for held in trouble.held:
                if orphans:
                    last = Command(CLOSE, {"reason": TOGETHER})
                    made.append(self._put(c, held, last, TOGETHER))
                else:
                    made.append(self._put(c, held, held.op.body, DECIDED))
        return made

    def _put(self, c: Connection, entry: Entry, body: Body, reason: str) -> Operation:
        op = self.journal.append(c, body, instead_of=entry)
        if body == entry.op.body:  # what the centre had decided about it is decided about this one
            c.execute(
                "UPDATE op SET (result, mac) = (SELECT result, mac FROM op WHERE uuid = ?) WHERE uuid = ?",
                (entry.op.uuid.hex, op.uuid.hex),
            )
        _mark(c, entry, reason, op.uuid.hex)
        return op


def _behind(among: Sequence[Entry]) -> list[tuple[Entry, ...]]:
    """Behind each of these those that wait for it, and those behind them, in the order in which they were made.

    A day's work may wait behind one record, each piece for all before it: sets of places are kept as bits.
    """
    places = {entry.op.uuid.int: place for place, entry in enumerate(among)}
    waiters: list[list[int]] = [[] for _ in among]
    for place, entry in enumerate(among):
        if entry.status is Status.HELD:
            for uuid in entry.op.after:
                if (rests := places.get(uuid.int)) is not None:
                    waiters[rests].append(place)
    reached = [0] * len(among)
    changed = True
    while changed:  # once more where an older one waits for a newer
        changed = False
        for place in reversed(range(len(among))):
            bits = reached[place]
            for waiter in waiters[place]:
                bits |= reached[waiter] | 1 << waiter
            changed |= bits != reached[place]
            reached[place] = bits
    return [tuple(among[p] for p in _places(bits)) for bits in reached]


def _places(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _mark(c: Connection, entry: Entry, reason: str, decision: str) -> None:
    c.execute(
        "UPDATE op SET closed = ?, decision = ? WHERE uuid = ?",
        (reason, decision, entry.op.uuid.hex),
    )
