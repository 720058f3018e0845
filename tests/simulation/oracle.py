"""The invariants of SYNC 11, read from the files past the product: it never asks what the product calls seen or settled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from common.kit.entity import spec_of
from common.kit.spec import EntitySpec
from common.kit.sync import Command, Delete, Operation, Outcome, PullAnswer, PushRequest, Save
from server.kit import judge
from tests.simulation.desk import SimDesk
from tests.simulation.lawful import is_lawful
from tests.simulation.wholes import BASKET, hidden, pieces, wire
from tests.simulation.world import Broken, Wire, World

ENTITIES = ("admission_campaign", "person", "address", "applicant")
BOTH = ("admissions", "dean")
OPEN = ("conflict", "refused", "quarantined", "held", "failed")
BRINGERS = {"person": "id", "address": "person_id"}
View = dict[tuple[str, str], dict[str, Any]]


class Oracle:
    """Watches every answer, and is asked to look at desks and at the end."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clocks: dict[str, int] = {}
        self.owners: dict[tuple[str, str, int], UUID] = {}
        """Legal numbers over all histories: the chain that had one first."""
        self.orders: dict[int, str] = {}
        self.taken: set[UUID] = set()
        """Operations whose number another chain had: a person must see them."""
        self.printed: dict[tuple[str, str, int], UUID] = {}
        """Legal numbers as desks gave them out."""
        self.given_up: set[UUID] = set()
        self.refused: set[UUID] = set()
        self.aliases: dict[str, str] = {}
        self.told: dict[str, tuple[tuple[str, int], set[tuple[Any, ...]]]] = {}
        world.served.append(self.watch)

    # ---- every answer

    def watch(self, wire: Wire, kind: str, request: Any, answer: Any) -> None:
        if answer.was is not None:
            return
        if kind == "push":
            self.own_account(wire, request)
        if not self.world.silent and not self.world.lagging:
            top = self.clocks.get(answer.epoch, 0)
            if answer.clock < top:
                raise Broken(f"I9 the clock went back from {top} to {answer.clock}")
            self.clocks[answer.epoch] = answer.clock
        if kind == "push":
            ops = {op.uuid: op for op in request.operations}
            for outcome in answer.outcomes:
                if outcome.uuid in ops:
                    self.judge(ops[outcome.uuid], outcome, request)
            self.overwrites(request, answer)

    def own_account(self, wire: Wire, request: PushRequest) -> None:
        """I13: whoever signed in is the author of all that he was answered about."""
        digest = hashlib.sha256(wire.token.encode()).hexdigest()
        ((account,),) = self.world.rows("SELECT account_id FROM token WHERE hash = ?", digest)
        for op in request.operations:
            if op.author.hex != account:
                raise Broken(f"I13 {self.say(op)} was pushed under another account")

    def judge(self, op: Operation, outcome: Outcome, request: PushRequest) -> None:
        if outcome.status == "refused":
            self.refusal(op, outcome)
        if outcome.status == "applied":
            self.clear(op, outcome)
            if op.uuid in self.given_up and not self.world.cloned:
                raise Broken(f"I3 {self.say(op)} executed after a person gave it up")
        if op.number is not None and outcome.result.get("number") is not None:
            self.taken.add(op.uuid)
        elif op.number is not None:
            self.consumed(op)
            number = (op.number.series, op.number.book, op.number.number)
            owner = self.owners.setdefault(number, op.chain or op.uuid)
            if owner != (op.chain or op.uuid):
                raise Broken(f"I12 number {number} belongs to two chains")
        if isinstance(op.body, Command) and op.body.name == "sim_order" and outcome.result:
            key, number = str(op.body.args["key"]), outcome.result["order"]
            if self.orders.setdefault(number, key) != key:
                raise Broken(f"I12 order {number} belongs to two orders")
            if any(k == key and n != number for n, k in self.orders.items()):
                raise Broken(f"I12 order {key} printed with one number has another now")

    def refusal(self, op: Operation, outcome: Outcome) -> None:
        """I16, by the words of the first answer: later ones may have been erased."""
        if op.uuid not in self.refused and not is_lawful(self.world, op, outcome):
            raise Broken(f"I16 {self.say(op)} refused though no rule forbids it: {outcome.text}")
        self.refused.add(op.uuid)

    def consumed(self, op: Operation) -> None:
        assert op.number is not None
        query = "SELECT 1 FROM number_used WHERE series = ? AND book = ? AND number = ?"
        if not self.world.rows(query, *op.number):
            raise Broken(f"I6 number {tuple(op.number)} of {self.say(op)} was not consumed")

    def clear(self, op: Operation, outcome: Outcome) -> None:
        """Executed only if nothing it rests on is unresolved (at the moment of the answer)."""
        for uuid in op.after:
            rows = self.world.rows(
                "SELECT status, resolved, seq FROM operation WHERE uuid = ?", uuid.hex
            )
            for status, resolved, seq in rows:
                if status in OPEN and not resolved and seq <= outcome.seq:
                    raise Broken(
                        f"I17 {self.say(op)} executed though it rests on an unresolved one"
                    )

    def overwrites(self, request: PushRequest, answer: Any) -> None:
        """I4, from the audit of this very transaction."""
        seqs = {o.uuid: o.seq for o in answer.outcomes if o.status == "applied"}
        for seq in sorted(set(seqs.values())):
            changes = self._changes(seq, request.device)
            for op in request.operations:
                if seqs.get(op.uuid) == seq and isinstance(op.body, Save) and not op.body.create:
                    self._overwrite(op, op.body, changes)

    def _changes(self, seq: int, device: str) -> dict[tuple[str, str, str], Any]:
        rows = self.world.rows(
            "SELECT changes FROM audit WHERE college_id = ? AND seq = ? AND device = ?",
            self.world.college.hex,
            seq,
            device,
        )
        return {
            (line["entity"], line["id"], name): pair[0]
            for (text,) in rows
            for line in msgspec.json.decode(text)
            if line["kind"] == "change"
            for name, pair in line["set"].items()
            if isinstance(pair, list)
        }

    def _overwrite(self, op: Operation, body: Save, changes: dict[Any, Any]) -> None:
        for name, (seen, new) in body.set.items():
            key = (body.entity, body.id.hex, name)
            if key in changes:
                if changes[key] not in (seen, new):
                    raise Broken(
                        f"I4 {self.say(op)}: {name} «{changes[key]}» overwritten by «{new}», the author saw «{seen}»"
                    )
                changes[key] = new

    def say(self, op: Operation) -> str:
        body = op.body
        if isinstance(body, Command):
            return f"{body.name} {op.uuid.hex[-6:]}"
        return f"{type(body).__name__} {body.entity} {op.uuid.hex[-6:]}"

    def print_number(self, op: Operation) -> None:
        """I6: no two papers of any desks bear one number, unless a profile was copied."""
        if op.number is None or self.world.cloned:
            return
        number = (op.number.series, op.number.book, op.number.number)
        if self.printed.setdefault(number, op.uuid) != op.uuid:
            raise Broken(f"I6 number {number} was printed twice")

    # ---- a desk after each step

    def look(self, desk: SimDesk) -> None:
        self._held(desk)
        self._shown(desk)
        self._believed(desk)
        self._visible(desk)
        if desk.store.cache.reloaded and not desk.damaged:
            raise Broken(f"I18 {desk.name}: sums differ in {desk.store.cache.reloaded[0]}")

    def _held(self, desk: SimDesk) -> None:
        """I8: no value without a bucket that holds it."""
        c = desk.store.cache.connection
        for name in ENTITIES:
            for pd in spec_of(name).classes:
                query = (
                    f"SELECT id FROM {name} WHERE seq_{pd.value} IS NOT NULL AND NOT EXISTS "
                    f"(SELECT 1 FROM held WHERE row_id = {name}.id AND facet = ?)"
                )
                if stray := c.execute(query, (f"{name}.{pd.value}",)).fetchone():
                    raise Broken(
                        f"I8 {desk.name} holds {name}.{pd.value} {stray[0][-6:]} of no bucket"
                    )
        known = {tuple(r) for r in c.execute("SELECT scope, section, pd, year FROM bucket")}
        told = self.told.get(desk.name)
        if told and told[0] == _place(desk) and known - told[1]:
            raise Broken(f"I8 {desk.name} keeps a bucket that he was told he lost")
        if desk.ended and c.execute("SELECT count(*) FROM held").fetchone()[0]:
            raise Broken(f"I8 {desk.name} holds rows though its access has ended")

    def _readable(self, desk: SimDesk, mine: set[tuple[str, str]]) -> None:
        """I8: no settled payload of a class that its author was told he lost."""
        rows = desk.store.journal.connection.execute(
            "SELECT uuid, body FROM op WHERE status = 'applied' AND (finding = 0 OR closed <> '')"
        )
        for uuid, packed in rows:
            body = msgspec.msgpack.decode(packed, type=Operation).body
            if isinstance(body, Command):
                continue
            sections = ("admissions",) if body.entity == "admission_campaign" else BOTH
            told = body.set if isinstance(body, Save) else body.seen
            for pd in {spec_of(body.entity)[name].field.pd.value for name in told}:
                if not any((section, pd) in mine for section in sections):
                    raise Broken(f"I8 {desk.name}: {uuid[-6:]} tells of a class that is lost")

    def heard_buckets(self, desk: SimDesk, answer: PullAnswer) -> None:
        if answer.was is None and desk.store.cache.ticket() == answer.ticket + 1:
            told = {tuple(b) for b in answer.buckets}
            self.told[desk.name] = (_place(desk), told)
            self._readable(desk, {(b.section, b.pd) for b in answer.buckets})

    def view(self, desk: SimDesk) -> View:
        found: View = {}
        for name in ENTITIES:
            overlay = desk.store.overlay
            for id, record in overlay.records(name, overlay.all_ids(name)).items():
                found[(name, id)] = record
        return found

    def _shown(self, desk: SimDesk) -> None:
        """I5 and I11: what is shown is the newest of the cache's value and own work not yet in it."""
        store = desk.store
        epoch = store.cache.epoch()
        shown = self.view(desk)
        own = self._own(desk, epoch)
        self.aliases = store.journal.aliases()
        for name in ENTITIES:
            spec = spec_of(name)
            for id, cached in store.cache.rows(spec, self._ids(desk, name)).items():
                self._row(desk, spec, id, cached, shown.get((name, id)), own.get((name, id), []))
        for (name, id), entries in own.items():
            for status, _, body in entries:
                created = status == "pending" and isinstance(body, Save) and body.create
                dropped = any(isinstance(b, Delete) for _, _, b in entries)
                if created and not dropped and (name, id) not in shown and name in ENTITIES:
                    raise Broken(f"I5 {desk.name}: own new {name} {id[-6:]} is not shown")

    def _ids(self, desk: SimDesk, name: str) -> list[str]:
        return [id for (id,) in desk.store.cache.connection.execute(f"SELECT id FROM {name}")]

    def _own(self, desk: SimDesk, epoch: str | None) -> dict[tuple[str, str], list[Any]]:
        rows = desk.store.journal.connection.execute(
            "SELECT entity, row_id, status, seq, epoch, body FROM op "
            "WHERE status IN ('pending', 'applied') ORDER BY place"
        )
        own: dict[tuple[str, str], list[Any]] = {}
        for entity, id, status, seq, of, packed in rows:
            body = msgspec.msgpack.decode(packed, type=Operation).body
            moment = None if of != epoch else seq
            parts = [place for place, _ in pieces(body)][1:] if isinstance(body, BASKET) else []
            for place in ((entity, id), *parts):
                own.setdefault(place, []).append((status, moment, body))
        return own

    def _row(
        self,
        desk: SimDesk,
        spec: EntitySpec,
        id: str,
        cached: tuple[Any, ...],
        shown: dict[str, Any] | None,
        own: list[Any],
    ) -> None:
        if any(isinstance(body, BASKET) for _, _, body in own):
            hidden(desk.name, (spec.name, id), shown, own)
            return
        if any(status == "applied" and moment is None for status, moment, _ in own):
            return  # of a history whose cache is still being loaded
        width = len(spec.fields)
        seqs = dict(zip(spec.classes, cached[width:], strict=True))
        for f, value in zip(spec.fields, cached[:width], strict=True):
            want, mine = value, False
            base = seqs[f.field.pd]
            for status, moment, body in own:
                if f.name in body.set and (status == "pending" or base is None or base < moment):
                    want, mine = body.set[f.name][1], status == "pending" or base is not None
            if base is None and not mine:
                continue
            got = None if shown is None else shown.get(f.name)
            if got != self.aliases.get(want, want):
                what = "I5 own work is not shown" if mine else "I11 shown older than the cache"
                raise Broken(
                    f"{what}: {desk.name} {spec.name}.{f.name} shows «{got}», not «{want}»"
                )

    def _believed(self, desk: SimDesk) -> None:
        """I2: what a desk believes about an operation is what this history says."""
        journal = desk.store.journal
        if (
            self.world.silent
            or journal.fact("offer")
            or journal.fact("epoch") != self.world.epoch()
        ):
            return
        said = {
            uuid: (status, resolved)
            for uuid, status, resolved in self.world.rows(
                "SELECT uuid, status, resolved FROM operation"
            )
        }
        for uuid, status, closed, seq in journal.connection.execute(
            "SELECT uuid, status, closed, seq FROM op WHERE status NOT IN ('pending', 'sealed')"
        ):
            if closed or not seq:
                continue
            if uuid not in said or said[uuid][0] != status:
                raise Broken(
                    f"I2 {desk.name} believes {status} of {uuid[-6:]}, the centre says {said.get(uuid)}"
                )

    def _visible(self, desk: SimDesk) -> None:
        """I3 and I17: what needs a person is in his list, and what is held is held behind something in it."""
        rows = desk.store.journal.connection.execute(
            "SELECT uuid, status, closed, said, body, finding FROM op WHERE status IN ('held', 'applied')"
        ).fetchall()
        kept = {uuid for (uuid,) in desk.store.journal.connection.execute("SELECT uuid FROM op")}
        for uuid, status, closed, said, body, finding in rows:
            if closed:
                continue
            if status == "applied" and UUID(uuid) in self.taken and not finding:
                raise Broken(
                    f"I3 {desk.name}: {uuid[-6:]} has no number any more, and nobody sees it"
                )
            if status == "held" and said == judge.WAITING:
                after = msgspec.msgpack.decode(body, type=Operation).after
                if not any(other.hex in kept for other in after):
                    raise Broken(
                        f"I17 {desk.name}: {uuid[-6:]} is held behind nothing that he sees"
                    )

    # ---- a desk that has just heard everything

    def equal(self, desk: SimDesk) -> None:
        """I1: the cache is the centre's rows of its buckets, exactly."""
        if not desk.store.cache.whole():
            raise Broken(f"I7 {desk.name} heard everything and has not all buckets")
        classes = self._classes(desk.login)
        self._readable(desk, {(section, pd) for section, held in classes.items() for pd in held})
        wanted = self._wanted(desk.login)
        for name in ENTITIES:
            spec = spec_of(name)
            got = desk.store.cache.rows(spec, self._ids(desk, name))
            self._same(desk, spec, got, wanted.get(name, {}))

    def _same(self, desk: SimDesk, spec: EntitySpec, got: Any, wanted: Any) -> None:
        if got.keys() != wanted.keys():
            missing, extra = sorted(wanted.keys() - got.keys()), sorted(got.keys() - wanted.keys())
            raise Broken(
                f"I1 {desk.name} {spec.name}: missing {[i[-6:] for i in missing]}, extra {[i[-6:] for i in extra]}"
            )
        for id, row in got.items():
            for f, value in zip(spec.fields, row, strict=False):
                if value != wanted[id][f.name]:
                    raise Broken(
                        f"I1 {desk.name} {spec.name}.{f.name} {id[-6:]}: «{value}», the centre has «{wanted[id][f.name]}»"
                    )

    def _wanted(self, login: str) -> dict[str, dict[str, dict[str, Any]]]:
        """Rows and fields that this user must hold, from the tables of the trade alone."""
        held = self._classes(login)
        applicants = self._held_applicants()
        brought = set(applicants.values())
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for name in ENTITIES:
            spec = spec_of(name)
            open_to = held["admissions"] | (held["dean"] if name != "admission_campaign" else set())
            classes = {pd for pd in spec.classes if pd.value in open_to}
            if not classes:
                continue
            names = [f.name for f in spec.fields]
            columns = ", ".join(f'"{n}"' for n in names)
            rows = self.world.rows(f"SELECT id, {columns} FROM {name} WHERE deleted_at IS NULL")
            for id, *values in rows:
                record = dict(zip(names, values, strict=True))
                owner = {"id": id, **record}.get(BRINGERS.get(name, ""))
                if name in BRINGERS and owner not in brought:
                    continue
                if name == "applicant" and id not in applicants:
                    continue
                masked = {
                    f.name: wire(f.type, record[f.name]) if f.field.pd in classes else None
                    for f in spec.fields
                }
                found.setdefault(name, {})[id] = masked
        return found

    def _held_applicants(self) -> dict[str, str]:
        """Live ones of a year that desks hold, with their people."""
        rows = self.world.rows(
            "SELECT applicant.id, person_id, year FROM applicant "
            "JOIN admission_campaign ON admission_campaign.id = campaign_id "
            "WHERE applicant.deleted_at IS NULL"
        )
        terms = self.world.rows("SELECT months FROM retention_term WHERE code = 'desk_years'")
        today = self.world.server_now()
        month = today.year * 12 + today.month - 1
        return {
            id: person
            for id, person, year in rows
            if all(month - year * 12 < months for (months,) in terms)
        }

    def _classes(self, login: str) -> dict[str, set[str]]:
        rows = self.world.rows(
            "SELECT role.code FROM role JOIN role_grant ON role_grant.role_id = role.id "
            "JOIN account ON account.id = role_grant.account_id "
            "WHERE account.login = ? AND role_grant.deleted_at IS NULL",
            login,
        )
        found: dict[str, set[str]] = {"admissions": set(), "dean": set()}
        for (code,) in rows:
            if code.startswith("sim."):
                _, section, pd = code.split(".")
                found[section].add(pd)
        return found

    def acknowledged(self, desk: SimDesk) -> None:
        """I10: what a desk takes for executed is known to this history, be its restore found out or not."""
        said = {uuid for (uuid,) in self.world.rows("SELECT uuid FROM operation")}
        believed = desk.store.journal.connection.execute(
            "SELECT uuid FROM op WHERE status = 'applied' ORDER BY place"
        )
        for (uuid,) in believed:
            if uuid not in said:
                raise Broken(
                    f"I10 {desk.name} takes {uuid[-6:]} for executed, the centre never had it"
                )

    # ---- at any time

    def tally(self) -> None:
        for key, times in self.world.rows("SELECT uuid, times FROM sim_tally"):
            if times > 1:
                raise Broken(f"I2 command {key[-6:]} was executed {times} times")

    def nowhere(
        self,
        acts: Iterable[UUID],
        desks: Iterable[SimDesk],
        lost: set[UUID],
        closed: Mapping[UUID, UUID],
    ) -> list[UUID]:
        """I3 and I10: operations that are in no journal and of which the centre knows nothing final.

        What a person gave up lives on in its decision.
        """
        kept = {uuid for desk in desks for uuid in desk.operations()}
        done = {
            row[0]
            for row in self.world.rows(
                "SELECT uuid FROM operation WHERE resolved OR status IN ('applied', 'closed') "
                "UNION SELECT uuid FROM sealed"
            )
        }
        there = kept | lost | {UUID(uuid) for uuid in done}
        return [uuid for uuid in acts if uuid not in there and closed.get(uuid) not in there]

    def contiguous(self) -> None:
        """I6, where no profile was copied and no database restored."""
        used: dict[tuple[str, str], set[int]] = {}
        for series, book, number in self.world.rows("SELECT series, book, number FROM number_used"):
            used.setdefault((series, book), set()).add(number)
        for place, numbers in used.items():
            if numbers != set(range(1, max(numbers) + 1)):
                raise Broken(f"I6 holes in {place}: {sorted(numbers)}")


def _place(desk: SimDesk) -> tuple[str, int]:
    """Which cache this is, and in which state."""
    return desk.store.cache.path.name, desk.store.cache.ticket()
