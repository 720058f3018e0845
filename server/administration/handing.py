"""What authors hand to an administrator: listed, mended and sent in his own name, or returned with a word (SYNC 5)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from common.administration import handed
from common.administration.entities import (
    LONGEST_PARTS,
    LONGEST_VALUES,
    LONGEST_WORD,
    Account,
    HandedOperation,
)
from common.administration.kinds import HandedKind, HandedState
from common.kit.access import opens
from common.kit.entity import spec_of
from common.kit.errors import Invalid, NotAllowed, RuleBroken
from common.kit.ids import new_id
from common.kit.kinds import PersonalData
from common.kit.rights import Action, Permissions, Section, may
from common.kit.sync import Command, Delete, Operation, PartSeen, Restore, Save, Status
from server.administration.service import places
from server.kit.auth import held_permissions
from server.kit.judge import Bench
from server.kit.refusals import Proposal
from server.kit.session import Clock, CollegeSession, live, load
from server.kit.tables import operation

Body = Save | Delete | Restore

SAY_WHY = "Напишите, о чём просите: администратор увидит эти слова рядом с записью"
SAY_ANSWER = "Напишите автору, что сделать: без этого запись не возвращают"
NOT_YOURS = "Передать можно только свою запись"
ONLY_BY_ACTS = "Переданное не правят: его отправляют от своего имени или возвращают автору"
MENDING = (
    "Исправлять эти поля вам нельзя: {}. Отправьте запись как есть, верните её автору "
    "или попросите того, кто ведёт этот раздел"
)
MANY_PARTS = (
    "У записи слишком много частей, чтобы передать её удаление: {}. "
    "Сначала удалите часть из них в её карточке"
)
GONE = {
    HandedState.SENT: "Эту запись уже отправили",
    HandedState.RETURNED: "Эту запись уже вернули автору",
    HandedState.WITHDRAWN: "Автор этой записи уже решил сам",
}


def refuse_handed(db: CollegeSession, proposal: Proposal) -> str | None:
    """Nobody edits what is handed over as an ordinary record."""
    return ONLY_BY_ACTS


# ---- the author


def hand(db: CollegeSession, command: Command) -> dict[str, Any]:
    """Keep an operation for the administrator; where it is settled meanwhile there is nothing to keep."""
    of, body = _given(command)
    word = _word(command, SAY_WHY)
    c = operation.c
    query = sa.select(c.author, c.status, c.resolved, c.said, c.at, c.chain)
    known = db.execute(query.where(c.college_id == db.college_id, c.uuid == of)).one_or_none()
    if known is not None and known.author != db.author.account_id:
        raise NotAllowed(NOT_YOURS)
    if known is not None and (known.resolved or known.status == Status.APPLIED.value):
        return {}
    author = _account(db)
    at = dt.datetime.fromtimestamp(known.at / 1000, dt.UTC) if known else db.at
    values = _by_class(body)
    row = next(iter(live(db, HandedOperation, operation=of.hex)), None)
    if row is not None and row.author_id != author.id:
        raise NotAllowed(NOT_YOURS)
    if row is not None and row.state is HandedState.SENT:
        return {}
    if row is None:
        row = HandedOperation(
            operation=of.hex,
            chain=((known.chain if known else None) or of).hex,
            author_id=author.id,
            author=author.name,
            recorded_at=at,
            handed_at=db.now(),
            kind=_kind(body),
            entity=body.entity,
            row_id=body.id.hex,
            children=_children(body),
            status=Status.of(known.status) if known else Status.REFUSED,
            why=known.said if known else "",
            word=word,
        )
        db.add(row)
    row.state, row.word, row.handed_at = HandedState.WAITING, word, db.now()
    row.answer = row.decider = row.decider_id = row.decided_at = None
    for pd in PersonalData:
        setattr(row, _column(pd), values[pd])
    return {"handed": row.id.hex}


def _given(command: Command) -> tuple[UUID, Body]:
    try:
        of = UUID(str(command.args["of"]))
        body = msgspec.convert(command.args["body"], Body)
        spec_of(body.entity)
    except (KeyError, ValueError, msgspec.ValidationError):
        raise Invalid("Передать можно только запись, которую знает сервер") from None
    return of, body


def _word(command: Command, missing: str) -> str:
    word = str(command.args.get("word", "")).strip()
    if not word:
        raise Invalid(missing)
    if len(word) > LONGEST_WORD:
        raise Invalid(f"Пояснение не длиннее {LONGEST_WORD} знаков, сейчас {len(word)}")
    return word


def _kind(body: Body) -> HandedKind:
    if isinstance(body, Save):
        return HandedKind.CREATE if body.create else HandedKind.CHANGE
    return HandedKind.DELETE if isinstance(body, Delete) else HandedKind.RESTORE


def _column(pd: PersonalData) -> str:
    return f"values_{pd.value.lower()}"


def _by_class(body: Body) -> dict[PersonalData, str]:
    """JSON of {field: [seen, new]}, apart by the class of the field; what the centre does not know is as closed as can be."""
    pairs = body.set if isinstance(body, Save) else {n: (v, v) for n, v in body.seen.items()}
    found: dict[PersonalData, dict[str, Any]] = {pd: {} for pd in PersonalData}
    for name, pair in pairs.items():
        found[_class_of(body.entity, name)][name] = list(pair)
    for entity, name, value in handed.values(_parts(body)):
        found[_class_of(entity, name.rpartition(":")[2])][name] = [value, value]
    said = {pd: json.dumps(v, ensure_ascii=False) if v else "" for pd, v in found.items()}
    if max(map(len, said.values())) > LONGEST_VALUES:
        raise Invalid("Запись слишком длинна, чтобы её передать: сократите длинный текст")
    return said


def _children(body: Body) -> str:
    told = handed.told(_parts(body))
    if len(told) > LONGEST_PARTS:
        raise Invalid(MANY_PARTS.format(len(_parts(body))))
    return told


def _parts(body: Body) -> tuple[PartSeen, ...]:
    return () if isinstance(body, Save) else body.parts


def _class_of(entity: str, name: str) -> PersonalData:
    try:
        return spec_of(entity)[name].field.pd
    except KeyError:
        return list(PersonalData)[-1]


# ---- the administrator


def send(db: CollegeSession, command: Command) -> dict[str, Any]:
    """Execute what was handed over in the sender's name, on the day when it was written.

    What its author wrote is judged by the author's rights of today, as sealed work is (SYNC 9): he may write it, and
    asks to have it sent. What the sender changes of it he must be allowed to write himself.
    """
    row = _waiting(db, command)
    body = _mended(row, command.args)
    account = _account(db)
    own = held_permissions(db, account.id)
    _refuse_mending(row, body, own)
    at = int(row.recorded_at.timestamp() * 1000)
    op = Operation(uuid=new_id(), no=0, author=account.id, at=at, body=body, chain=UUID(row.chain))
    bench = Bench(db, own | held_permissions(db, row.author_id))
    bench.prepare([op])
    verdict = bench.judge(op, held_by=set())
    if verdict.status is Status.QUARANTINED:
        raise NotAllowed(verdict.text)
    if verdict.status is not Status.APPLIED:
        raise RuleBroken(verdict.text, verdict.fields)
    c = operation.c
    mine = (c.college_id == db.college_id, c.uuid == UUID(row.operation))
    db.execute(sa.update(operation).where(*mine).values(resolved=True))
    _decide(db, row, HandedState.SENT, account)
    return {"operation": row.operation, "chain": row.chain}


def give_back(db: CollegeSession, command: Command) -> dict[str, Any]:
    """The author is to decide himself, with this word."""
    word = _word(command, SAY_ANSWER)
    row = _waiting(db, command)
    row.answer = word
    _decide(db, row, HandedState.RETURNED, _account(db))
    return {"operation": row.operation}


def _waiting(db: CollegeSession, command: Command) -> HandedOperation:
    account = db.author.account_id
    held = held_permissions(db, account) if account else frozenset()
    if not may(held, Section.HANDED, Action.WRITE, PersonalData.P0):
        raise NotAllowed("Нет права решать о переданных записях")
    try:
        id = UUID(str(command.args["handed"]))
    except (KeyError, ValueError):
        raise Invalid("Не сказано, о какой переданной записи речь") from None
    row = load(db, HandedOperation, id, lock=True)
    if row.state in GONE:
        raise RuleBroken(GONE[row.state])
    return row


def _refuse_mending(row: HandedOperation, body: Body, own: Permissions) -> None:
    if not isinstance(body, Save):
        return
    spec, written = spec_of(row.entity), values_of(row)
    foreign = [
        spec[name].label
        for name, pair in body.set.items()
        if name in spec.by_name
        and list(pair) != list(written.get(name, ()))
        and not opens(own, spec, Action.WRITE, spec[name].field.pd)
    ]
    if foreign:
        raise NotAllowed(MENDING.format(", ".join(f"«{label}»" for label in foreign)))


def _mended(row: HandedOperation, args: Mapping[str, Any]) -> Body:
    """With the sender's values, and the parts of a delete as he sees them; what he does not, as its author saw it."""
    pairs = values_of(row)
    for name, pair in dict(args.get("set", {})).items():
        pairs[str(name)] = (pair[0], pair[1])
    id = UUID(row.row_id)
    match row.kind:
        case HandedKind.CREATE | HandedKind.CHANGE:
            return Save(row.entity, id, create=row.kind is HandedKind.CREATE, set=pairs)
        case HandedKind.DELETE:
            seen = {name: new for name, (_, new) in handed.own(pairs).items()}
            parts = handed.parts(row.children, pairs)
            return Delete(row.entity, id, seen, _renewed(parts, args.get("parts", ())))
        case HandedKind.RESTORE:
            return Restore(row.entity, id)


def _renewed(parts: Sequence[PartSeen], given: Any) -> tuple[PartSeen, ...]:
    try:
        looked_at = msgspec.convert(given, tuple[PartSeen, ...])
    except msgspec.ValidationError:
        raise Invalid("Не сказано, какие части записи удаляют вместе с ней") from None
    found = {part.id: part for part in parts}
    for part in looked_at:
        former = found[part.id].seen if part.id in found else {}
        found[part.id] = PartSeen(part.entity, part.id, former | part.seen)
    return tuple(found.values())


def values_of(row: HandedOperation) -> dict[str, tuple[Any, Any]]:
    """All its values, whatever their class: (seen, new) by field."""
    found: dict[str, tuple[Any, Any]] = {}
    for pd in PersonalData:
        if text := getattr(row, _column(pd)):
            found |= {name: (pair[0], pair[1]) for name, pair in json.loads(text).items()}
    return found


def _decide(db: CollegeSession, row: HandedOperation, state: HandedState, account: Account) -> None:
    row.state, row.decided_at = state, db.now()
    row.decider_id, row.decider = account.id, account.name


def _account(db: CollegeSession) -> Account:
    if db.author.account_id is None:
        raise NotAllowed("Скажите, от чьего имени: ключ --as")
    return load(db, Account, db.author.account_id)


# ---- the operator's list


@dataclass(frozen=True, slots=True)
class HandedLine:
    """Without the values: they are shown by rights, at a desk."""

    id: str
    college: str
    state: str
    author: str
    record: str
    handed_at: dt.datetime
    why: str
    word: str
    answer: str


def list_handed(db: CollegeSession, code: str, *, every: bool = False) -> list[HandedLine]:
    """What waits in a college, oldest first; `every`: what is decided too."""
    query = sa.select(HandedOperation).where(HandedOperation.deleted_at.is_(None))
    if not every:
        query = query.where(HandedOperation.state == HandedState.WAITING)
    return [
        HandedLine(
            row.id.hex,
            code,
            row.state.label,
            row.author,
            f"{row.kind.label}: {spec_of(row.entity).one}",
            row.handed_at,
            row.why,
            row.word,
            row.answer or "",
        )
        for row in db.scalars(query.order_by(HandedOperation.handed_at, HandedOperation.id))
    ]


def handed_of(
    engine: sa.Engine, college: str | None, *, every: bool, now: Clock
) -> list[HandedLine]:
    """Of one college or of all."""
    found = []
    for id, code in places(engine, college, now):
        with CollegeSession(engine, id, now=now) as db:
            found += list_handed(db, code, every=every)
    return found
