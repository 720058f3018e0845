"""What becomes of one operation (SYNC 5 and 6): rights, values seen, rules, then the change itself."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.access import opens, opens_all
from common.kit.entity import Entity, entity_named, spec_of
from common.kit.errors import Invalid
from common.kit.kinds import PersonalData
from common.kit.rights import Action, Permissions
from common.kit.spec import EntitySpec, problems, text_of
from common.kit.sync import (
    ADOPT,
    CLOSE,
    NOTE,
    READ,
    WHOLE,
    Command,
    Delete,
    Operation,
    Replay,
    Restore,
    Save,
    Status,
)
from common.kit.wire import unpack_record
from server.kit import (
    adopting,
    asking,
    deleting,
    ordering,
    pointed,
    refusals,
    strangers,
    telling,
    writers,
)
from server.kit.outside import outside_of
from server.kit.places import chunks, targets
from server.kit.policy import refuse_command
from server.kit.scope import Own, owns, owns_all
from server.kit.session import CollegeSession
from server.kit.verdicts import APPLIED, NOT_OWN, RETURNING, Verdict

Handler = Callable[[CollegeSession, Command], dict[str, Any]]
Replayer = Callable[[CollegeSession, Command, Mapping[str, Any]], dict[str, Any]]

COMMANDS: dict[str, Handler] = {}
"""Commands by name; a room registers its own where the application is put together."""

AGAIN: dict[str, Replayer] = {}
"""Commands that after a restore give back what they had answered before."""

ASKED: set[str] = set()
"""Commands that after a restore wait for the administrator: orders, numbers, passwords, messages."""

DATED: set[str] = set()
"""Commands whose rules take the date of the fact: a desk's doubtful clock is a person's matter."""

DOUBTFUL = "Часы компьютера сбивались, дата этой записи под сомнением: подтвердите её"
ASKING = "Сервер восстановлен из копии; повторить ли это, решает администратор"
ORPHAN = (
    "Запись, к которой эта относится, удалена на сервере: верните её из корзины или закройте эту"
)
NOT_REPEATED = "Администратор решил не повторять это после восстановления: {word}"
WAITING = "Ждёт решения по связанной записи"
AHEAD = 5 * 60 * 1000
"""A desk's clock may be this much before the centre's, ms."""


NOTHING: Mapping[str, Any] = {}
NOTHING_OWN = Own()


class Bench:
    """Judges the operations of one transaction; their rows are locked first, in one order."""

    def __init__(
        self,
        db: CollegeSession,
        permissions: Permissions,
        *,
        recovering: bool = False,
        brings: bool = False,
        own: Own = NOTHING_OWN,
    ) -> None:
        """`brings`: work of somebody else, who was shown what he was shown."""
        self.brings = brings
        self.db = db
        self.permissions = permissions | own.permissions
        self.everywhere, self.own = permissions, own
        self.recovering = recovering
        self.rows: dict[tuple[str, UUID], Entity] = {}
        self.adopted: adopting.Adopted = {}
        self.foreign: set[UUID] = set()
        """Ids that another college has: nothing is made under them, and asking for them is noted."""
        self.living = pointed.Living(db, self.rows)

    def prepare(self, operations: Sequence[Operation]) -> None:
        """Lock the target rows in (entity, id) order before anything is compared."""
        self.adopted = adopting.read(self.db, operations)
        wanted: dict[str, set[UUID]] = defaultdict(set)
        for op in operations:
            body = op.body
            if isinstance(body, Save | Delete | Restore):
                wanted[body.entity].add(self.own_id(body.entity, body.id))
            if isinstance(body, Delete | Restore):
                for part in body.parts:
                    wanted[part.entity].add(self.own_id(part.entity, part.id))
        for name in sorted(wanted):
            try:
                query = targets(name)
            except KeyError:
                continue
            for chunk in chunks(sorted(wanted[name], key=lambda id: id.hex)):
                self.rows |= {(name, r.id): r for r in self.db.scalars(query, {"ids": chunk})}
            absent = {id for id in wanted[name] if (name, id) not in self.rows}
            self.foreign |= strangers.foreign(self.db, name, absent)

    def judge(self, op: Operation, *, held_by: set[UUID]) -> Verdict:
        """What becomes of it. EpoError of a command: its half-done work must be rolled back."""
        self.db.fact_at = dt.datetime.fromtimestamp(op.at / 1000, dt.UTC)
        verdict = self._judge(op, held_by)
        elsewhere = not self.foreign.isdisjoint(telling.ids_of(op))
        if elsewhere or verdict.status is Status.QUARANTINED:
            telling.denied(self.db, op, elsewhere=elsewhere)
        return verdict

    def _judge(self, op: Operation, held_by: set[UUID]) -> Verdict:
        if any(uuid in held_by for uuid in op.after):
            return Verdict(Status.HELD, WAITING)
        if isinstance(op.body, Command):
            return self._command(op, op.body)
        try:
            match op.body:
                case Save():
                    return self._save(op.body)
                case Delete():
                    return deleting.delete(self, op.body)
                case Restore():
                    return deleting.restore(self, op.body)
        except Invalid as fault:
            return Verdict(Status.REFUSED, fault.message, fault.fields)

    def own_id(self, entity: str, id: UUID) -> UUID:
        """The record that an id means, after adoptions."""
        return self.adopted.get((entity, id), id)

    def _missing(self, text: str) -> Verdict:
        if self.recovering:
            return Verdict(Status.HELD, RETURNING)
        return Verdict(Status.CONFLICT, text)

    def conflict(
        self, spec: EntitySpec, row: Entity, text: str, fields: dict[str, str] | None = None
    ) -> Verdict:
        """With who wrote what the author had not seen: of those fields, else of the record itself."""
        names = [n for n in fields or () if self._may_read(spec, n)] if fields else [WHOLE]
        who = writers.of(self.db, row, names)
        return Verdict(Status.CONFLICT, text, fields or {}, writers=who)

    def _may_read(self, spec: EntitySpec, name: str) -> bool:
        return opens(self.permissions, spec, Action.READ, spec[name].field.pd)

    # ---- saving

    def _save(self, body: Save) -> Verdict:
        try:
            spec = spec_of(body.entity)
        except KeyError:
            return Verdict(Status.REFUSED, f"Сервер не знает записей вида «{body.entity}»")
        new = self.unpack(spec, {name: pair[1] for name, pair in body.set.items()})
        seen = self.unpack(spec, {name: pair[0] for name, pair in body.set.items()})
        touched = {
            spec[name].field.pd
            for name, value in new.items()
            if value is not None or not body.create
        }
        if not self.may_write(spec, touched):
            return Verdict(Status.QUARANTINED, f"Нет права изменять: {spec.title}")
        id = self.own_id(spec.name, body.id)
        if self.recovering and body.create and self._dangles(spec, new):
            return Verdict(Status.HELD, RETURNING)
        if not self.reaches(spec, id, touched, new):
            return Verdict(Status.QUARANTINED, f"{NOT_OWN}: {spec.title}")
        if not body.create:
            return self._change(spec, id, seen, new)
        if not self.targets_live(spec, new):
            return Verdict(Status.CONFLICT, ORPHAN)
        return self._create(spec, self.own_id(spec.name, body.id), new)

    def unpack(self, spec: EntitySpec, values: dict[str, Any]) -> dict[str, Any]:
        found = unpack_record(spec, values)
        for name, value in found.items():
            target = spec[name].target
            if name in spec.lists:
                found[name] = tuple(self.own_id(name, id) for id in value or ())
            elif target is not None and value is not None:
                found[name] = self.own_id(target, value)
        return found

    def _dangles(self, spec: EntitySpec, new: dict[str, Any]) -> bool:
        """Does it point at a record of its college that has not come back?"""
        for name, value in new.items():
            target = spec[name].target
            if target is None or value is None or spec_of(target).regional:
                continue
            if (target, value) not in self.rows:
                entity: Any = entity_named(target)
                if self.db.scalar(sa.select(entity.id).where(entity.id == value)) is None:
                    return True
        return False

    def differing(self, spec: EntitySpec, row: Entity, wire: dict[str, Any]) -> dict[str, str]:
        """Why, by field, the row is not as it was seen; what only the server turns is nobody's change."""
        every = self.unpack(spec, wire)
        seen = {name: value for name, value in every.items() if not spec[name].field.served}
        return _conflicts(spec, row, seen, seen)

    def may_write(self, spec: EntitySpec, classes: set[PersonalData]) -> bool:
        return opens_all(self.permissions, spec, Action.WRITE, classes)

    def reaches(
        self,
        spec: EntitySpec,
        id: UUID,
        classes: Collection[PersonalData],
        new: Mapping[str, Any] = NOTHING,
        *,
        there: bool = False,
    ) -> bool:
        """Who may do this only with his own: is it his, and all that he would hang it on?"""
        if opens_all(self.everywhere, spec, Action.WRITE, classes):
            return True
        if (there or (spec.name, id) in self.rows) and not owns(self.db, self.own, spec.name, id):
            return False
        return owns_all(self.db, self.own, spec.name, new)

    def _create(self, spec: EntitySpec, id: UUID, new: dict[str, Any]) -> Verdict:
        if (spec.name, id) in self.rows:
            there = "Запись с таким идентификатором уже есть на сервере"
            return self.conflict(spec, self.rows[(spec.name, id)], there)
        if listed := [spec[name].label for name in spec.lists if name in new]:
            return Verdict(Status.REFUSED, f"У новой записи ещё нет строк: «{listed[0]}»")
        if id in self.foreign:
            return Verdict(Status.REFUSED, strangers.REFUSED)
        values = {f.name: new.get(f.name, f.default) for f in spec.fields}
        if faults := problems(spec, values):
            return Verdict(Status.REFUSED, " · ".join(faults.values()), faults)
        if said := self.refuse(spec, values, frozenset(new), created=True):
            return Verdict(Status.REFUSED, said)
        row = entity_named(spec.name)(id=id, **values)
        self.db.add(row)
        self.rows[(spec.name, id)] = row
        return Verdict(APPLIED)

    def _change(
        self, spec: EntitySpec, id: UUID, seen: dict[str, Any], new: dict[str, Any]
    ) -> Verdict:
        row = self.rows.get((spec.name, id))
        if row is None:
            return self._missing("Записи нет на сервере")
        if row.deleted_at is not None:
            return self.conflict(spec, row, "Запись удалена на сервере")
        if part := spec.half_atom(set(new)):
            return Verdict(Status.REFUSED, f"Эти поля меняют только вместе: {part}")
        orders = ordering.Orders(self.db, spec, row, seen, new)
        fields = {name: value for name, value in new.items() if name not in orders.lists}
        if differing := _conflicts(spec, row, seen, fields):
            verdict = self.conflict(spec, row, "Поля изменены другим пользователем", differing)
            orders.tell(verdict.fields, verdict.writers)
            return verdict
        if orders.differ():
            verdict = Verdict(Status.CONFLICT, "Порядок строк изменён другим пользователем")
            orders.tell(verdict.fields, verdict.writers)
            return verdict
        if said := orders.refuse(self.refuse):
            return Verdict(Status.REFUSED, said)
        verdict = self._change_fields(spec, row, fields)
        if verdict.status is APPLIED:
            orders.write()
        return verdict

    def _change_fields(self, spec: EntitySpec, row: Entity, new: dict[str, Any]) -> Verdict:
        moved = {name: id for name, id in new.items() if id != getattr(row, name)}
        if not self.targets_live(spec, moved):
            return Verdict(Status.CONFLICT, ORPHAN)
        return self._apply(spec, row, new)

    def _apply(self, spec: EntitySpec, row: Entity, new: dict[str, Any]) -> Verdict:
        merged = {f.name: getattr(row, f.name) for f in spec.fields} | new
        faults = problems(spec, merged, only=frozenset(new))
        if faults:
            why = " · ".join(faults.values())
            if faults.keys() & new.keys():
                return Verdict(Status.REFUSED, why, faults)
            return self.conflict(spec, row, why, faults)
        touched = frozenset(n for n, value in new.items() if value != getattr(row, n))
        if touched and (said := self.refuse(spec, merged, touched)):
            return Verdict(Status.REFUSED, said)
        for name, value in new.items():
            setattr(row, name, value)
        return Verdict(APPLIED)

    def refuse(
        self, spec: EntitySpec, values: dict[str, Any], touched: frozenset[str], **kind: bool
    ) -> str | None:
        """What the room of this entity has against it, judged on the day of the fact."""
        entity = entity_named(spec.name)
        if entity not in refusals.RULES:
            return None
        on = refusals.day_of(self.db, self.db.at)
        return refusals.refuse(self.db, entity, refusals.Proposal(values, touched, on, **kind))

    def targets_live(
        self,
        spec: EntitySpec,
        values: Mapping[str, Any],
        but: Collection[tuple[str, UUID]] = (),
    ) -> bool:
        """Is nothing deleted that this row would hold? Whatever is held stays out of the basket."""
        return all(
            (field.target, values[field.name]) in but
            or self.living.holds(field.target, values[field.name])
            for field in spec.fields
            if field.target is not None
            and field.field.holds
            and values.get(field.name) is not None
            and not spec_of(field.target).regional
        )

    # ---- commands

    def _command(self, op: Operation, body: Command) -> Verdict:
        self.living.forget()  # it may delete whatever it likes
        if body.name == CLOSE and op.resolves is not None:
            return Verdict(APPLIED)
        if body.name == ADOPT:
            return self._adopt(body)
        if body.name == READ:
            return _told(telling.read(self, body))
        if body.name == NOTE:
            return _told(telling.note(self, body))
        handler = COMMANDS.get(body.name)
        if handler is None:
            return Verdict(Status.REFUSED, f"Сервер не знает команды «{body.name}»")
        if said := refuse_command(self.permissions, body.name):
            return Verdict(Status.QUARANTINED, said)
        return self._handle(op, body, handler)

    def _handle(self, op: Operation, body: Command, handler: Handler) -> Verdict:
        ahead = op.at > self.db.now().timestamp() * 1000 + AHEAD
        if body.name in DATED and (op.doubt or ahead):
            return Verdict(Status.CONFLICT, DOUBTFUL)
        self.db.chain = op.chain or op.uuid
        if op.replay is not None and self._is_ours(op, op.replay):
            if body.name in ASKED and (waits := self._ask(op, body, op.replay.result)):
                return waits
            if again := AGAIN.get(body.name):
                return Verdict(APPLIED, result=again(self.db, body, op.replay.result))
        return Verdict(APPLIED, result=handler(self.db, body))

    def _ask(self, op: Operation, body: Command, result: Mapping[str, Any]) -> Verdict | None:
        """None where the administrator has allowed it."""
        said = asking.decided(self.db, op)
        if said is None:
            asking.ask(self.db, op, body, result)
            return Verdict(Status.HELD, ASKING, result=dict(result))
        if not said.allowed:
            return Verdict(Status.REFUSED, NOT_REPEATED.format(word=said.word))
        return None

    def _is_ours(self, op: Operation, replay: Replay) -> bool:
        """Under our seal, for this operation or one that it was sent again for."""
        outside = outside_of(self.db)
        return any(
            outside.is_sealed(replay.mac, self.db.college_id, uuid, replay.result)
            for uuid in (op.uuid, op.resolves, op.chain)
            if uuid is not None
        )

    def _adopt(self, body: Command) -> Verdict:
        try:
            spec = spec_of(str(body.args["entity"]))
            mine, theirs = UUID(str(body.args["mine"])), UUID(str(body.args["theirs"]))
        except (KeyError, ValueError):
            return Verdict(Status.REFUSED, "Не сказано, какую запись принять вместо своей")
        if not self.may_write(spec, {spec.classes[0]}):
            return Verdict(Status.QUARANTINED, f"Нет права изменять: {spec.title}")
        if not self.reaches(spec, theirs, {spec.classes[0]}, {}, there=True):
            return Verdict(Status.QUARANTINED, f"{NOT_OWN}: {spec.title}")
        entity: Any = entity_named(spec.name)
        query = sa.select(entity).where(entity.id.in_([mine, theirs])).with_for_update()
        rows = {row.id: row for row in self.db.scalars(query.order_by(entity.id))}
        if mine in rows:
            return Verdict(Status.CONFLICT, "Ваша запись уже есть на сервере; это двойники")
        theirs = adopting.follow(self.db, spec.name, theirs)
        if theirs not in rows:
            return self._missing("Записи, которую принимают вместо своей, нет на сервере")
        if rows[theirs].deleted_at is not None:
            return Verdict(Status.CONFLICT, "Запись, которую принимают вместо своей, удалена")
        adopting.write(self.db, spec.name, mine, theirs)
        self.adopted[(spec.name, mine)] = theirs
        self.rows[(spec.name, theirs)] = rows[theirs]
        return Verdict(APPLIED)


def _told(refused: str) -> Verdict:
    return Verdict(Status.REFUSED, refused) if refused else Verdict(APPLIED)


def _conflicts(
    spec: EntitySpec, row: Entity, seen: dict[str, Any], new: dict[str, Any]
) -> dict[str, str]:
    """The fields, whole atoms together, whose present value the author had not seen."""
    bad: dict[str, str] = {}
    for name in new:
        atom = [n for n in spec.atom_of(name) if n in new]
        now = [getattr(row, n) for n in atom]
        if now not in ([seen[n] for n in atom], [new[n] for n in atom]):
            for n in atom:
                value = text_of(getattr(row, n), spec[n].field.format)
                bad[n] = f"«{spec[n].label}»: на сервере «{value}»"
    return bad
