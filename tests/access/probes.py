"""How each operation of the API is asked: what it is sent, and for whose records.

An operation of the description that is not named here is asked by its own parameters: every id of both
colleges in the place of each text or UUID. One that takes a body must be named here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from common.kit.entity import Entity, describe, entities, spec_of
from common.kit.ids import new_id
from common.kit.kinds import Choice, PersonalData
from common.kit.spec import EntitySpec, FieldSpec
from common.kit.sync import (
    RETURN_HANDED,
    SEND_HANDED,
    Bucket,
    Command,
    Cursor,
    Delete,
    OfferRequest,
    Operation,
    PullRequest,
    PushRequest,
    Restore,
    Save,
    SealRequest,
    YearRequest,
)
from server.kit import judge
from server.kit.packing import pack as packed
from server.kit.policy import RULED
from tests.access.canary import OURS, THEIRS, Place, Region

AT = 1_782_800_000_000
NOBODYS = "nobody's"
"""The college of a record that does not exist."""


class Unasked(Exception):
    """An operation that nobody has said how to ask."""


@dataclass(frozen=True)
class Call:
    """One request; `of` is the college whose record it names."""

    operation: str
    method: str
    path: str
    of: str = OURS
    params: tuple[tuple[str, Any], ...] = ()
    body: bytes = b""
    at: str = ""
    """The address, where it is not the described path itself."""


@dataclass(frozen=True)
class Ask:
    """One operation of a push: what it tries, and with whose record."""

    body: Save | Delete | Restore | Command
    of: str
    entity: str = ""
    needs: frozenset[PersonalData] = frozenset()
    """The classes that it changes."""
    unknown: str = ""
    """A column that is nobody's to set."""

    @property
    def decides(self) -> bool:
        """Is it an administrator's answer to what was handed to him?"""
        return isinstance(self.body, Command) and self.body.name in (SEND_HANDED, RETURN_HANDED)

    def __str__(self) -> str:
        kind = type(self.body).__name__.lower()
        name = self.body.name if isinstance(self.body, Command) else self.entity
        return f"{kind} {name} {'+'.join(sorted(pd.value for pd in self.needs))}".strip()


# ---- what is read


def calls(region: Region, name: str, method: str, path: str, described: Any) -> Iterator[Call]:
    """Every way in which one operation of the description is asked, but for push."""
    if name in BODIES:
        yield Call(name, method, path, OURS, (), BODIES[name](region))
        return
    if name in PIECES:
        yield from PIECES[name](region, method, path)
        return
    if name == "region_rows":
        yield from _pages(region, path)
        return
    if name in OF_THE_PROGRAM:
        yield from (
            Call(name, method, path, params=params, at=at) for at, params in OF_THE_PROGRAM[name]
        )
        return
    if method != "GET":
        raise Unasked(f"{method} {path}: say in tests/access/probes.py how it is asked")
    wanted = described.get("parameters", [])
    if not wanted:
        yield Call(name, method, path)
        return
    yield from _by_keys(region, name, method, path, wanted)


def _by_keys(region: Region, name: str, method: str, path: str, wanted: Any) -> Iterator[Call]:
    for of, key in _keys(region):
        values = {p["name"]: key if _is_text(p["schema"]) else 0 for p in wanted}
        if "most" in values:
            values["most"] = 1000
        at = path
        for p in wanted:
            if p["in"] == "path":
                at = at.replace("{" + p["name"] + "}", str(values.pop(p["name"])))
        yield Call(name, method, path, of, tuple(values.items()), at=at)


def _pages(region: Region, path: str) -> Iterator[Call]:
    """Every kind of record of both colleges, and the whole of what is nobody's."""
    for place in (region.ours, region.theirs):
        for entity in place.rows:
            params = (("entity", entity), ("college", place.code))
            yield Call("region_rows", "GET", path, place.code, params)
    yield Call("region_rows", "GET", path, NOBODYS, (("entity", "account"), ("college", "k9")))


def _is_text(schema: Any) -> bool:
    return bool(schema.get("type") == "string")


def _keys(region: Region) -> Iterator[tuple[str, str]]:
    for place in (region.ours, region.theirs):
        for id in place.rows.values():
            yield place.code, id.hex
        for digest in place.digests:
            yield place.code, digest
        for id in place.jobs:
            yield place.code, id.hex
        for uuid in region.told.get(place.code, ()):
            yield place.code, uuid.hex
        yield place.code, place.code
    yield NOBODYS, new_id().hex
    yield NOBODYS, "k9"


def _pull(region: Region) -> bytes:
    """With the cursors of every bucket that the other college has."""
    cursors = [
        Cursor(Bucket(region.theirs.id.hex, section.value, pd.value, 0))
        for section in {spec.section: None for spec in map(describe, entities())}
        for pd in PersonalData
    ]
    return packed(PullRequest(device="matrix", epoch=None, ticket=1, cursors=cursors))


def _year(region: Region) -> bytes:
    """The year of the campaigns of both colleges is read as a desk reads one that it does not hold."""
    year = region.ours.values[("admission_campaign", "year")]
    cursors = [
        Cursor(Bucket(region.theirs.id.hex, "admissions", pd.value, year)) for pd in PersonalData
    ]
    return packed(YearRequest(device="matrix", epoch=None, ticket=1, cursors=cursors, year=year))


def _offer(region: Region) -> bytes:
    uuids = [uuid for told in region.told.values() for uuid in told]
    return packed(OfferRequest(device=new_id().hex, epoch=None, uuids=uuids))


def _seal(region: Region) -> bytes:
    uuids = [uuid for told in region.told.values() for uuid in told]
    return packed(SealRequest(device="matrix", epoch=None, uuids=uuids))


BODIES: dict[str, Any] = {
    "sign_in": lambda _: msgspec.json.encode({"login": "x", "password": "x", "computer": "x"}),
    "sign_out": lambda _: b"",
    "issue_credentials": lambda region: msgspec.json.encode(
        {"accounts": [region.theirs.rows["account"], new_id()]}
    ),
    "change_password": lambda _: msgspec.json.encode({"old": "x", "new": "y"}),
    "decide_asked": lambda region: msgspec.json.encode(
        {"id": region.told[THEIRS][0].hex, "allow": True}
    ),
    "close_numbers": lambda _: msgspec.json.encode({"series": "77", "word": "компьютера нет"}),
    "export_applicants": lambda _: b"{}",
    "admissions_report": lambda _: b"{}",
    "import_applications": lambda _: msgspec.json.encode({"name": "x.xlsx", "size": 10}),
    "cancel_job": lambda region: msgspec.json.encode({"id": region.theirs.jobs[0].hex}),
    "page_enter": lambda _: b"login=x&password=x",
    "page_leave": lambda _: b"x=",
    "page_end_session": lambda _: b"id=" + b"0" * 32,
    "page_change_password": lambda _: b"old=x&new=y&again=y",
    "end_session": lambda _: msgspec.json.encode({"id": "0" * 32}),
    "pull": _pull,
    "read_year": _year,
    "offer": _offer,
    "seal": _seal,
    "push": lambda _: packed(PushRequest(device="", epoch=None, settled_to=0, operations=[])),
}


def _pieces(region: Region, method: str, path: str) -> Iterator[Call]:
    """The first byte of each file, sent again."""
    for place in (region.ours, region.theirs):
        for digest in place.digests:
            params = (("digest", digest), ("size", 10), ("at", 0))
            yield Call("send_file", method, path, place.code, params, b"%")
    params = (("digest", "0" * 64), ("size", 10), ("at", 0))
    yield Call("send_file", method, path, NOBODYS, params, b"%")


def _job_inputs(region: Region, method: str, path: str) -> Iterator[Call]:
    """A byte for each job that has ended."""
    for of, id in (
        *((place.code, place.jobs[0]) for place in (region.ours, region.theirs)),
        (NOBODYS, new_id()),
    ):
        yield Call("send_job_input", method, path, of, (("id", id.hex), ("at", 0)), b"P")


OF_THE_PROGRAM: dict[str, tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]] = {
    "page_sign_in": (("/sign-in", (("again", 1),)),),
    "page_static": (("/static/style.css", ()), ("/static/none", ())),
    "page_manual": (("/manual", ()), ("/manual", (("q", "пароль"),))),
    "page_manual_page": (("/manual/vhod", ()), ("/manual/none", ())),
    "page_manual_picture": (("/manual/pictures/none", ()),),
}
"""Pages that name no record of anybody: each address is asked as it is."""


PIECES = {"send_file": _pieces, "send_job_input": _job_inputs}


# ---- what is written


def asks(region: Region) -> Iterator[Ask]:
    """Every class of every record of both colleges and of nobody: changed, deleted, restored, and by every command.

    Each names a value that nobody saw, so that whoever has the right is told of a conflict and nothing changes.
    """
    for place in (region.ours, region.theirs, _nobodys(region)):
        for entity, id in place.rows.items():
            spec = spec_of(entity)
            if spec.regional:
                continue
            whole = frozenset(spec.classes)
            for pd in spec.classes:
                if body := _save(spec, pd, id):
                    yield Ask(body, place.code, entity, frozenset({pd}))
            unseen = {_plain(spec): "никто этого не видел"} if _plain(spec) else {}
            yield Ask(Delete(entity, id, unseen), place.code, entity, whole)
            yield Ask(Restore(entity, id), place.code, entity, whole)
        for name in sorted({*judge.COMMANDS, *RULED}):
            yield Ask(Command(name, _arguments(region, place)), place.code)
    for entity in region.ours.rows:
        yield from _assignments(spec_of(entity), region.theirs.id)


def _nobodys(region: Region) -> Place:
    return Place(NOBODYS, new_id(), {name: new_id() for name in region.ours.rows})


def _plain(spec: EntitySpec) -> str:
    return next((f.name for f in spec.fields if f.type is str and not f.target), "")


def _other(f: FieldSpec) -> Any:
    """A value that no canary has."""
    if f.target is not None:
        return new_id().hex
    if issubclass(f.type, Choice):
        return list(f.type)[-1].value
    plain = {bool: False, int: 1, dt.date: "2001-02-03", dt.datetime: "2001-02-03T04:05:06Z"}
    return plain.get(f.type, "Я")


def _save(spec: EntitySpec, pd: PersonalData, id: UUID) -> Save | None:
    """One field of the class, its whole atom with it, to a value that differs from what is there."""
    first = next((f for f in spec.facet(pd) if f.type is str and not f.target), None)
    first = first or next(iter(spec.facet(pd)), None)
    if first is None:
        return None
    values = {}
    for name in spec.atom_of(first.name):
        values[name] = (None, _other(spec[name]))
    return Save(spec.name, id, create=False, set=values)


def _arguments(region: Region, place: Place) -> dict[str, Any]:
    person = place.rows["person"].hex
    told = next(iter(region.told.get(place.code, ())), new_id())
    body = {"type": "save", "entity": "person", "id": person, "create": False, "set": {}}
    return {
        "entity": "person",
        "id": person,
        "mine": new_id().hex,
        "theirs": person,
        "of": told.hex,
        "body": body,
        "handed": place.rows["handed_operation"].hex,
        "word": "слово",
        "set": {},
        "book": f"applicant:{place.code}",
    }


def _assignments(spec: EntitySpec, college: UUID) -> Iterator[Ask]:
    """Columns that the house keeps by itself, set from outside."""
    if spec.regional:
        return
    table = Entity.metadata.tables[spec.name]
    given = {"college_id": college.hex, "version": 7, "deleted_at": "2026-07-01T05:00:00.000000Z"}
    for column in table.columns:
        if column.info["field"].managed and column.key != "id":
            value = given.get(str(column.key), new_id().hex)
            body = Save(spec.name, new_id(), create=True, set={str(column.key): (None, value)})
            yield Ask(body, OURS, spec.name, unknown=str(column.key))


def operation(ask: Ask, no: int, author: UUID) -> Operation:
    return Operation(uuid=new_id(), no=no, author=author, at=AT, body=ask.body)


def told_operation(place: Place) -> list[Ask]:
    """What a college's secretary is told with the values that he had not seen: an answer worth stealing."""
    return [
        Ask(body, place.code, "person", frozenset({pd}))
        for pd in spec_of("person").classes
        if (body := _save(spec_of("person"), pd, place.rows["person"]))
    ]
