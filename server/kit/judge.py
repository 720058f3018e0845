"""What becomes of one operation (SYNC 5 and 6): rights, values seen, rules, then the change itself."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.buckets import parts_of, sections_of
from common.kit.entity import Entity, entity_named, spec_of
from common.kit.errors import Invalid
from common.kit.kinds import PersonalData
from common.kit.rights import Action, Permissions, may
from common.kit.spec import EntitySpec, problems, text_of
from common.kit.sync import Command, Delete, Operation, Restore, Save, Status
from common.kit.wire import unpack_record
from server.kit import refusals
from server.kit.feed import chunks
from server.kit.session import CollegeSession
from server.kit.tables import number_used

Handler = Callable[[CollegeSession, Command], dict[str, Any]]

COMMANDS: dict[str, Handler] = {}
"""Commands by name; a room registers its own where the application is put together."""


@dataclass(slots=True)
class Verdict:
    status: Status
    text: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)
    spoiled: bool = False
    """The session holds half a change: this operation must be redone alone."""


APPLIED = Status.APPLIED


def subject_of(op: Operation) -> tuple[str, UUID | None]:
    body = op.body
    return ("", None) if isinstance(body, Command) else (body.entity, body.id)


class Bench:
    """Judges the operations of one transaction; their rows are locked first, in one order."""

    def __init__(self, db: CollegeSession, permissions: Permissions) -> None:
        self.db = db
        self.permissions = permissions
        self.rows: dict[tuple[str, UUID], Entity] = {}
        self.at = dt.datetime.fromtimestamp(0, dt.UTC)
        """When the operation being judged was typed."""

    def prepare(self, operations: Sequence[Operation]) -> None:
        """Lock the target rows in (entity, id) order before anything is compared."""
        wanted: dict[str, set[UUID]] = defaultdict(set)
        for op in operations:
            if isinstance(op.body, Save | Delete | Restore):
                wanted[op.body.entity].add(op.body.id)
        for name in sorted(wanted):
            try:
                entity: Any = entity_named(name)
            except KeyError:
                continue
            for chunk in chunks(sorted(wanted[name], key=lambda id: id.hex)):
                query = (
                    sa.select(entity).where(entity.id.in_(chunk)).order_by(entity.id)
                ).with_for_update()
                for row in self.db.scalars(query):
                    self.rows[(name, row.id)] = row

    def judge(self, op: Operation, *, held_by: set[UUID]) -> Verdict:
        self.at = dt.datetime.fromtimestamp(op.at / 1000, dt.UTC)
        if any(uuid in held_by for uuid in op.after):
            return Verdict(Status.HELD, "Ждёт решения по связанной записи")
        try:
            match op.body:
                case Save():
                    return self._save(op.body)
                case Delete():
                    return self._delete(op.body)
                case Restore():
                    return self._restore(op.body)
                case Command():
                    return self._command(op.body)
        except Invalid as fault:
            return Verdict(Status.REFUSED, fault.message, fault.fields)

    # ---- saving

    def _save(self, body: Save) -> Verdict:
        try:
            spec = spec_of(body.entity)
        except KeyError:
            return Verdict(Status.REFUSED, f"Сервер не знает записей вида «{body.entity}»")
        new = unpack_record(spec, {name: pair[1] for name, pair in body.set.items()})
        seen = unpack_record(spec, {name: pair[0] for name, pair in body.set.items()})
        touched = {
            spec[name].field.pd
            for name, value in new.items()
            if value is not None or not body.create
        }
        if not self._may_write(spec, touched):
            return Verdict(Status.QUARANTINED, f"Нет права изменять: {spec.title}")
        if body.create:
            return self._create(spec, body.id, new)
        return self._change(spec, body.id, seen, new)

    def _may_write(self, spec: EntitySpec, classes: set[PersonalData]) -> bool:
        if spec.regional:
            return False
        return any(
            all(may(self.permissions, section, Action.WRITE, pd) for pd in classes)
            for section in sections_of(spec.name)
        )

    def _create(self, spec: EntitySpec, id: UUID, new: dict[str, Any]) -> Verdict:
        if (spec.name, id) in self.rows:
            return Verdict(Status.CONFLICT, "Запись с таким идентификатором уже есть на сервере")
        values = {f.name: new.get(f.name, f.default) for f in spec.fields}
        if faults := problems(spec, values):
            return Verdict(Status.REFUSED, " · ".join(faults.values()), faults)
        if said := self._refuse(spec, values, frozenset(new), created=True):
            return Verdict(Status.REFUSED, said)
        row = entity_named(spec.name)(id=id, **values)
        self.db.add(row)
        self.rows[(spec.name, id)] = row
        return Verdict(APPLIED)

    def _change(
        self, spec: EntitySpec, id: UUID, seen: dict[str, Any], new: dict[str, Any]
    ) -> Verdict:
        row = self.rows.get((spec.name, id))
        if row is None or row.deleted_at is not None:
            return Verdict(Status.CONFLICT, "Запись удалена на сервере")
        if part := _half_atom(spec, set(new)):
            return Verdict(Status.REFUSED, f"Эти поля меняют только вместе: {part}")
        if differing := _conflicts(spec, row, seen, new):
            return Verdict(Status.CONFLICT, "Поля изменены другим пользователем", differing)
        return self._apply(spec, row, new)

    def _apply(self, spec: EntitySpec, row: Entity, new: dict[str, Any]) -> Verdict:
        merged = {f.name: getattr(row, f.name) for f in spec.fields} | new
        faults = problems(spec, merged, only=frozenset(new))
        if faults:
            own = faults.keys() & new.keys()
            status = Status.REFUSED if own else Status.CONFLICT
            return Verdict(status, " · ".join(faults.values()), faults)
        touched = frozenset(n for n, value in new.items() if value != getattr(row, n))
        if touched and (said := self._refuse(spec, merged, touched)):
            return Verdict(Status.REFUSED, said)
        for name, value in new.items():
            setattr(row, name, value)
        return Verdict(APPLIED)

    def _refuse(
        self, spec: EntitySpec, values: dict[str, Any], touched: frozenset[str], **kind: bool
    ) -> str | None:
        """What the room of this entity has against it, judged on the day of the fact."""
        entity = entity_named(spec.name)
        if entity not in refusals.RULES:
            return None
        on = refusals.day_of(self.db, self.at)
        return refusals.refuse(self.db, entity, refusals.Proposal(values, touched, on, **kind))

    # ---- deleting

    def _delete(self, body: Delete) -> Verdict:
        try:
            spec = spec_of(body.entity)
        except KeyError:
            return Verdict(Status.REFUSED, f"Сервер не знает записей вида «{body.entity}»")
        if not self._may_write(spec, set(spec.classes)):
            return Verdict(Status.QUARANTINED, f"Нет права удалять: {spec.title}")
        row = self.rows.get((spec.name, body.id))
        if row is None or row.deleted_at is not None:
            return Verdict(APPLIED)
        seen = unpack_record(spec, body.seen)
        if differing := _conflicts(spec, row, seen, seen):
            return Verdict(Status.CONFLICT, "Запись изменена другим пользователем", differing)
        parts = self._parts(spec.name, [body.id])
        if any(part.id not in body.children for part in parts):  # type: ignore[attr-defined]
            return Verdict(Status.CONFLICT, "К записи добавили части, которых вы не видели")
        values = {f.name: getattr(row, f.name) for f in spec.fields}
        if said := self._refuse(spec, values, frozenset(), deleted=True):
            return Verdict(Status.REFUSED, said)
        for doomed in (row, *parts):
            doomed.deleted_at = self.db.now()
        return Verdict(APPLIED)

    def _restore(self, body: Restore) -> Verdict:
        """One row; its parts come back by operations of their own, after it."""
        try:
            spec = spec_of(body.entity)
        except KeyError:
            return Verdict(Status.REFUSED, f"Сервер не знает записей вида «{body.entity}»")
        if not self._may_write(spec, set(spec.classes)):
            return Verdict(Status.QUARANTINED, f"Нет права восстанавливать: {spec.title}")
        row = self.rows.get((spec.name, body.id))
        if row is None:
            return Verdict(Status.REFUSED, "Такой записи на сервере нет: восстанавливать нечего")
        if not self._owner_lives(spec, row):
            said = "Сначала верните из корзины запись, к которой эта относится"
            return Verdict(Status.REFUSED, said)
        if row.deleted_at is not None:
            row.deleted_at = None
        return Verdict(APPLIED)

    def _owner_lives(self, spec: EntitySpec, row: Entity) -> bool:
        if spec.part_of is None:
            return True
        name, id = spec[spec.part_of].target or "", getattr(row, spec.part_of)
        if known := self.rows.get((name, id)):
            return known.deleted_at is None  # this transaction may just have brought it back
        owner: Any = entity_named(name)
        query = sa.select(owner.id).where(owner.id == id, owner.deleted_at.is_(None))
        return self.db.scalars(query).first() is not None

    def _parts(self, name: str, ids: Sequence[UUID]) -> list[Entity]:
        found: list[Entity] = []
        for part, reference in parts_of(name):
            entity: Any = entity_named(part)
            column = getattr(entity, reference)
            query = sa.select(entity).where(column.in_(ids), entity.deleted_at.is_(None))
            rows = list(self.db.scalars(query.order_by(entity.id).with_for_update()))
            found += rows
            if rows:
                found += self._parts(part, [row.id for row in rows])
        return found

    # ---- commands and numbers

    def _command(self, body: Command) -> Verdict:
        handler = COMMANDS.get(body.name)
        if handler is None:
            return Verdict(Status.REFUSED, f"Сервер не знает команды «{body.name}»")
        return Verdict(APPLIED, result=handler(self.db, body))

    def consume(self, op: Operation) -> str | None:
        """Consume the legal number whatever became of the operation; says so where another chain has it."""
        if op.number is None:
            return None
        series, book, number = op.number
        key = {"college_id": self.db.college_id, "series": series, "book": book, "number": number}
        query = sa.select(number_used.c.uuid).where(
            *(number_used.c[name] == value for name, value in key.items())
        )
        other = self.db.execute(query).scalars().first()
        if other is None:
            self.db.execute(sa.insert(number_used).values(**key, uuid=op.uuid))
            return None
        return None if other == op.uuid else "taken"


def _half_atom(spec: EntitySpec, names: set[str]) -> str:
    for name in names:
        atom = spec.atom_of(name)
        if not names.issuperset(atom):
            return ", ".join(f"«{spec[n].label}»" for n in atom)
    return ""


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
