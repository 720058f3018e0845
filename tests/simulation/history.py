"""A history: steps drawn as numbers, so that any part of one may be left out and the rest still means something."""

from __future__ import annotations

import functools
import itertools
import random
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from client.kit.records import Body
from common.admissions.entities import AdmissionCampaign, Applicant
from common.kit.buckets import parts_of
from common.kit.entity import entity_named, spec_of
from common.kit.errors import EpoError, NotSignedIn
from common.kit.ids import new_id
from common.kit.sync import Command, Delete, LegalNumber, Save, Status
from common.people.entities import Address, Person
from server.kit import gate
from server.kit import pull as pull_module
from server.kit.commit import commit
from server.kit.database import open_engine
from server.kit.outside import Outside, attach
from server.kit.session import load
from tests.simulation.desk import Crash, SimDesk
from tests.simulation.oracle import ENTITIES, UNLAWFUL, Oracle
from tests.simulation.world import LOGINS, ROLES, Broken, World, make_region, memory

BOOK = "applicant:2026"
PLACES = (("К1", "anna"), ("К2", "boris"), ("К3", "anna"), ("К4", "vera"))
FIELDS = {
    "admission_campaign": ("chair", "secretary", "phone"),
    "person": ("last_name", "birth_place", "medical_policy", "nationality"),
    "address": ("full", "city"),
    "applicant": ("reg_no", "language_studied", "target_contract", "special_conditions"),
}
FATES = ("ok",) * 9 + ("crash", "late request", "late answer", "late answer", "lost", "unheard")
LETTERS = "абвгдежзик"


class Step(NamedTuple):
    name: str
    k: int
    n: int
    f: int
    c: int


def letters(number: int) -> str:
    return "".join(LETTERS[int(d)] for d in str(number)).capitalize()


@functools.cache
def template() -> Path:
    """A region with four desks that have pulled everything, made once in a process and copied for each run."""
    folder = Path(tempfile.mkdtemp(prefix="epo-sim-", dir=memory()))
    world = make_region(folder)
    desks = [SimDesk(world, name, login, folder / name) for name, login in PLACES]
    for desk in desks:
        desk.sign_in()
        desk.round()
    first = Simulation(world, desks)
    for number in range(2):
        first.register(desks[0], number, born_with=None)
    desks[0].store.want_numbers(BOOK)
    desks[1].store.want_numbers(BOOK)
    for desk in (*desks, *desks):
        desk.round()
    for desk in desks:
        desk.close()
    world.close()
    (folder / "college").write_text(world.college.hex)
    return folder


def begin(folder: Path) -> Simulation:
    shutil.copytree(template(), folder, dirs_exist_ok=True)
    world = World(folder, college=UUID((folder / "college").read_text()))
    return Simulation(world, [SimDesk(world, name, login, folder / name) for name, login in PLACES])


class Simulation:
    """Steps of a history over one world; Broken says which invariant fell."""

    def __init__(self, world: World, desks: list[SimDesk]) -> None:
        self.world = world
        self.desks = desks
        self.oracle = Oracle(world)
        self.shelf: list[tuple[SimDesk, SimDesk]] = []
        self.late: list[tuple[SimDesk, str, str, Any, Any]] = []
        self.acts: set[UUID] = set()
        self.lost: set[UUID] = set()
        self.count = itertools.count(1)
        self.said: list[str] = []
        self.operations = 0

    def say(self, words: str) -> None:
        self.said.append(words)

    def desk(self, k: int) -> SimDesk:
        living = [d for d in self.desks if not d.dead]
        return living[k % len(living)]

    # ---- steps

    def step(self, step: Step) -> None:
        self.world.now_ms += 1_000
        getattr(self, "do_" + step.name)(step.k, step.n, step.f, step.c)

    def guard(self, desk: SimDesk, act: Callable[[], Any]) -> Any:
        """Run something of a desk as its program would: trouble of the line ends it, a crash closes the files."""
        try:
            return act()
        except Crash:
            desk.close()
            return None
        except NotSignedIn:
            desk.close()
            desk.sign_in()
            return None
        except EpoError:
            return None
        finally:
            desk.fuse = 10**9

    def do_push(self, k: int, n: int, f: int, c: int) -> None:
        desk = self.desk(k)
        kind = "offer" if desk.ask("offer") is not None else "push"
        self.exchange(desk, kind, f, c)

    def do_pull(self, k: int, n: int, f: int, c: int) -> None:
        desk = self.desk(k)
        desk.wire.limit = (1, 2, 3, 5, 9, 200)[n % 6]
        self.exchange(desk, "pull", f, c)
        desk.wire.limit = 2_000

    def exchange(self, desk: SimDesk, kind: str, f: int, c: int) -> None:
        fate = FATES[f % len(FATES)]
        request = desk.ask(kind)
        if request is None:
            return
        self.say(f"{desk.name}: {kind}, {fate}")
        if fate == "lost":
            return
        if fate == "late request":
            self.late.append((desk, kind, "request", request, None))
            return
        answer = self.guard(desk, lambda: desk.send(kind, request))
        if answer is None or fate == "unheard":
            return
        if fate == "late answer":
            self.late.append((desk, kind, "answer", request, answer))
            return
        self.take(desk, kind, request, answer, fuse=c % 4 if fate == "crash" else None)

    def take(
        self, desk: SimDesk, kind: str, request: Any, answer: Any, *, fuse: int | None
    ) -> None:
        before = self.oracle.view(desk)
        was = desk.operations()
        if fuse is not None:
            desk.fuse = fuse
        self.guard(desk, lambda: desk.take(kind, request, answer))
        if kind == "pull" and fuse is None:
            self.oracle.heard_buckets(desk, answer)
        if kind == "push" and fuse is None and answer.was is None:
            self.unchanged(desk, before, was)
        self.oracle.look(desk)

    def unchanged(self, desk: SimDesk, before: Any, was: Any) -> None:
        """I5: an acknowledgement changes nothing on the screen, unless the cache holds something newer."""
        now = desk.operations()
        settled = {u for u, (status, _) in was.items() if status == "pending"} & now.keys()
        if any(now[u][0] not in ("pending", "applied") for u in settled):
            return
        store = desk.store
        newest = {
            (entity, id): seq
            for entity, id, seq in store.journal.connection.execute(
                "SELECT entity, row_id, max(seq) FROM op WHERE status = 'applied' GROUP BY 1, 2"
            )
        }
        after = self.oracle.view(desk)
        for key in before.keys() | after.keys():
            if before.get(key) == after.get(key):
                continue
            spec = spec_of(key[0])
            cached = store.cache.rows(spec, [key[1]]).get(key[1])
            seqs = [s for s in (cached or ())[len(spec.fields) :] if s is not None]
            if not seqs or max(seqs) < newest.get(key, 10**9):
                raise Broken(f"I5 an acknowledgement changed {key[0]} {key[1][-6:]} at {desk.name}")

    def do_round(self, k: int, n: int, f: int, c: int) -> None:
        desk = self.desk(k)
        spread = ("ok", "ok", "ok", "lost", "unheard")
        desk.wire.fates = [spread[(f + 7 * i * (n % 3)) % 5] for i in range(n % 7)]
        desk.wire.limit = (3, 20, 2_000)[c % 3]
        desk.fuse = c % 23 if c % 5 == 0 else 10**9
        self.say(f"{desk.name}: round, {desk.wire.fates}, fuse {desk.fuse if c % 5 == 0 else '-'}")
        done = self.guard(desk, desk.round)
        desk.wire.fates, desk.wire.limit = [], 2_000
        self.oracle.look(desk)
        heard = done is not None and done.online and not done.stuck and not done.ended
        if heard and desk.store.cache.whole():  # what is being read again comes with the next round
            self.oracle.equal(desk)

    def do_deliver(self, k: int, n: int, f: int, c: int) -> None:
        if not self.late:
            return
        place = (k * 7 + n) % len(self.late)
        desk, kind, what, request, answer = self.late[place]
        if f % 3:
            del self.late[place]
        if desk.dead:
            return
        self.say(
            f"{desk.name}: late {kind} {what} arrives{'' if f % 3 else ', not for the last time'}"
        )
        if what == "request":
            answer = self.guard(desk, lambda: desk.send(kind, request))
            if answer is None or c % 3 == 0:
                return
        self.take(desk, kind, request, answer, fuse=f % 3 if c % 4 == 0 else None)

    # ---- work at a desk

    def record(
        self, desk: SimDesk, words: str, make: Callable[[Any], Sequence[Body]], **more: Any
    ) -> None:
        def act() -> None:
            for op in desk.store.record(make, **more):
                self.acts.add(op.uuid)
                self.operations += 1
                self.oracle.print_number(op)

        self.say(f"{desk.name}: {words}")
        self.guard(desk, act)
        self.take_note(desk)

    def take_note(self, desk: SimDesk) -> None:
        """Operations that the store recorded by itself count too."""
        self.acts.update(desk.operations())

    def seen(self, desk: SimDesk, entity: str) -> dict[str, dict[str, Any]]:
        overlay = desk.store.overlay
        return overlay.records(entity, overlay.all_ids(entity))

    def do_update(self, k: int, n: int, f: int, c: int) -> None:
        desk = self.desk(k)
        entity = ENTITIES[n % len(ENTITIES)]
        rows = self.seen(desk, entity)
        if not rows:
            return
        id, row = sorted(rows.items())[f % len(rows)]
        name = FIELDS[entity][c % len(FIELDS[entity])]
        value: Any = UNLAWFUL if c % 17 == 0 else letters(next(self.count))
        pairs = {m: (row[m], row[m]) for m in spec_of(entity).atom_of(name)} | {
            name: (row[name], value)
        }
        body = Save(entity, UUID(id), create=False, set=pairs)
        self.record(desk, f"{entity} {id[-6:]}.{name} = {value[:9]}", lambda _: [body])

    def do_move(self, k: int, n: int, f: int, c: int) -> None:
        """An applicant is of another person: both trees move."""
        desk = self.desk(k)
        rows, people = self.seen(desk, "applicant"), sorted(self.seen(desk, "person"))
        if not rows or not people:
            return
        id, row = sorted(rows.items())[f % len(rows)]
        target = people[n % len(people)]
        body = Save(
            "applicant", UUID(id), create=False, set={"person_id": (row["person_id"], target)}
        )
        self.record(desk, f"applicant {id[-6:]} moves to person {target[-6:]}", lambda _: [body])

    def do_create(self, k: int, n: int, f: int, c: int) -> None:
        desk = self.desk(k)
        number = next(self.count)
        kind = n % 4
        people = sorted(self.seen(desk, "person"))
        if kind == 0:
            self.campaign(desk, 2001 + f % 4)
        elif kind == 1 and people:
            self.address(desk, people[f % len(people)], number)
        elif kind == 2 and people:
            self.apply(desk, people[f % len(people)], number)
        else:
            self.register(desk, number, unlawful=c % 13 == 0)

    def campaign(self, desk: SimDesk, year: int) -> None:
        values = {"year": year, "name": f"Приём {year}", "status": "open"}
        body = Save("admission_campaign", new_id(), True, {n: (None, v) for n, v in values.items()})
        self.record(desk, f"campaign {year}", lambda _: [body])

    def address(self, desk: SimDesk, person: str, number: int) -> None:
        pairs = {"person_id": (None, person), "full": (None, letters(number))}
        body = Save("address", new_id(), True, pairs)
        self.record(desk, f"address of {person[-6:]}", lambda _: [body])

    def register(
        self, desk: SimDesk, number: int, *, unlawful: bool = False, born_with: str | None = BOOK
    ) -> None:
        """A person, his address and his application in one go, with a number of the desk's block."""
        campaigns = sorted(self.seen(desk, "admission_campaign"))
        if not campaigns:
            self.campaign(desk, 2000)
            campaigns = sorted(self.seen(desk, "admission_campaign"))
        p, a, r = new_id(), new_id(), new_id()
        person = {
            "last_name": UNLAWFUL if unlawful else letters(number),
            "first_name": "Анна",
            "birth_date": "2010-04-11",
            "snils_state": "absent",
        }

        def make(given: LegalNumber | None) -> list[Body]:
            return [
                Save("person", p, True, {n: (None, v) for n, v in person.items()}),
                Save(
                    "address",
                    a,
                    True,
                    {"person_id": (None, p.hex), "full": (None, letters(number))},
                ),
                self.application(r, p.hex, campaigns[0], given),
            ]

        if campaigns:
            self.record(desk, f"registers {p.hex[-6:]}", make, book=born_with, numbered=2)

    def application(self, id: UUID, person: str, campaign: str, given: LegalNumber | None) -> Save:
        no = f"{given.series}-{given.number:03d}" if given else f"Б/Н-{next(self.count)}"
        values = {
            "person_id": person,
            "campaign_id": campaign,
            "reg_no": no,
            "registered_at": "2026-07-01T05:00:00.000000Z",
        }
        return Save("applicant", id, True, {n: (None, v) for n, v in values.items()})

    def apply(self, desk: SimDesk, person: str, number: int) -> None:
        campaigns = sorted(self.seen(desk, "admission_campaign"))
        if campaigns:
            id = new_id()
            self.record(
                desk,
                f"application of {person[-6:]}",
                lambda given: [self.application(id, person, campaigns[0], given)],
                book=BOOK,
            )

    def do_delete(self, k: int, n: int, f: int, c: int) -> None:
        desk = self.desk(k)
        entity = ("applicant", "address", "person", "applicant")[n % 4]
        rows = self.seen(desk, entity)
        if not rows:
            return
        id, row = sorted(rows.items())[f % len(rows)]
        seen = {name: row[name] for name in FIELDS[entity][:2]}
        children = tuple(self.children(desk, entity, id))
        body = Delete(entity, UUID(id), seen, children)
        self.record(desk, f"deletes {entity} {id[-6:]}", lambda _: [body])

    def children(self, desk: SimDesk, entity: str, id: str) -> list[UUID]:
        found = []
        for part, reference in parts_of(entity):
            for child in desk.store.overlay.ids(part, reference, [id]):
                found += [UUID(child), *self.children(desk, part, child)]
        return found

    def do_command(self, k: int, n: int, f: int, c: int) -> None:
        desk = self.desk(k)
        key = new_id().hex
        name = ("sim_count", "sim_order", "sim_deadline", "sim_poison", "lease")[n % 5]
        if name == "lease":
            self.guard(desk, lambda: desk.store.want_numbers(BOOK))
            self.take_note(desk)
            return
        args: dict[str, Any] = {"key": key}
        if name == "sim_deadline":
            args["until"] = desk.now() + desk.store.journal.fact("offset", 0) + 500
        self.record(desk, name, lambda _: [Command(name, args)])

    def do_decide(self, k: int, n: int, f: int, c: int) -> None:
        desk = self.desk(k)
        troubles = desk.store.troubles()
        if troubles:
            self.decide(desk, troubles[n % len(troubles)], f)

    def decide(self, desk: SimDesk, trouble: Any, how: int) -> None:
        entry, body, store = trouble.entry, trouble.entry.op.body, desk.store
        uuid = entry.op.uuid
        self.say(
            f"{desk.name}: decides {entry.status.value} {self.oracle.say(entry.op)}, way {how % 4}"
        )

        def act() -> None:
            if how % 4 == 1 and isinstance(body, Save) and entry.status is not Status.APPLIED:
                mine = {d.name: d.mine for d in trouble.fields if d.mine != UNLAWFUL}
                fixed = {d.name: "Исправлено" for d in trouble.fields if d.mine == UNLAWFUL}
                made = store.decide(uuid, mine | fixed)
            elif how % 4 == 2 and isinstance(body, Save) and body.create and self.twin(desk, body):
                made = store.adopt(uuid, UUID(self.twin(desk, body)))
            elif how % 4 == 3 and entry.status is not Status.APPLIED:
                made = store.reissue(uuid)
            else:
                made = store.give_up(uuid, "Не нужно")
                self.oracle.given_up.add(uuid)
            self.acts.update(op.uuid for op in made)

        self.guard(desk, act)
        self.oracle.look(desk)

    def twin(self, desk: SimDesk, body: Save) -> str:
        """A record of the centre that means the same."""
        if body.entity != "admission_campaign":
            return ""
        year = body.set["year"][1]
        rows = self.seen(desk, "admission_campaign")
        return next(
            (id for id, row in rows.items() if row["year"] == year and id != body.id.hex), ""
        )

    # ---- people elsewhere

    def do_web(self, k: int, n: int, f: int, c: int) -> None:
        """A cabinet's form at the centre."""
        entity: Any = entity_named(ENTITIES[n % 4])
        ids = self.world.rows(
            f"SELECT id FROM {ENTITIES[n % 4]} WHERE deleted_at IS NULL ORDER BY id"
        )
        if not ids:
            return
        id = UUID(ids[f % len(ids)][0])
        name = FIELDS[ENTITIES[n % 4]][c % len(FIELDS[ENTITIES[n % 4]])]
        self.say(f"cabinet: {ENTITIES[n % 4]} {id.hex[-6:]}.{name}")
        with self.world.session() as db:
            setattr(load(db, entity, id), name, letters(next(self.count)))
            commit(db, "sim.web")

    def do_bulk(self, k: int, n: int, f: int, c: int) -> None:
        """An import: many rows in one transaction."""
        self.bulk_of(2 + n % 4)

    def bulk_of(self, people: int) -> None:
        self.say("import")
        with self.world.session() as db:
            campaign = load(db, AdmissionCampaign, self.first("admission_campaign"))
            for _ in range(people):
                number = next(self.count)
                person = Person(
                    last_name=letters(number),
                    first_name="Анна",
                    birth_date=self.world.server_now().date(),
                )
                db.add(person)
                db.flush()
                db.add(Address(person_id=person.id, full=letters(number)))
                db.add(
                    Applicant(
                        person_id=person.id,
                        campaign_id=campaign.id,
                        reg_no=f"И-{number}",
                        registered_at=self.world.server_now(),
                    )
                )
            commit(db, "sim.import")

    def first(self, entity: str) -> UUID:
        return UUID(
            self.world.rows(f"SELECT id FROM {entity} WHERE deleted_at IS NULL ORDER BY id")[0][0]
        )

    def do_grant(self, k: int, n: int, f: int, c: int) -> None:
        login, role = LOGINS[k % 3], ROLES[n % len(ROLES)]
        given = self.world.set_role(login, role)
        self.say(f"{login} {'gets' if given else 'loses'} {role}")

    def do_shape(self, k: int, n: int, f: int, c: int) -> None:
        """A migration fills a column and stamps nothing: the facet's number rises."""
        entity, name, facet = (
            ("admission_campaign", "work_hours", "admission_campaign.P0"),
            ("person", "inn", "person.P2"),
        )[n % 2]
        self.say(f"migration of {facet}")
        with self.world.engine.begin() as connection:
            connection.exec_driver_sql(
                f"UPDATE {entity} SET {name} = ?", (letters(next(self.count)),)
            )
        pull_module.SHAPES[facet] = pull_module.SHAPES.get(facet, 1) + 1

    def do_busy(self, k: int, n: int, f: int, c: int) -> None:
        self.world.trouble = 0 if n % 2 else 1 + f % 6
        self.say(f"the database is busy for {self.world.trouble} statements")

    def do_time(self, k: int, n: int, f: int, c: int) -> None:
        days = 31 if n % 3 == 0 else 1
        self.world.now_ms += days * 24 * 3_600_000
        self.say(f"{days} days pass")

    def do_skew(self, k: int, n: int, f: int, c: int) -> None:
        desk = self.desk(k)
        desk.skew = (0, 3_600_000, -3_600_000, 0)[n % 4]
        self.say(f"{desk.name}: the clock is off by {desk.skew // 1000} s")

    def do_backup(self, k: int, n: int, f: int, c: int) -> None:
        if not self.world.silent and len(self.world.backups) < 6:
            self.world.backup()
            self.say(f"backup {len(self.world.backups) - 1}")

    def do_restore(self, k: int, n: int, f: int, c: int) -> None:
        if self.world.backups:
            number = k % len(self.world.backups)
            self.world.trouble = 0
            self.world.restore(number, silent=n % 2 == 1)
            self.say(f"restored from backup {number}, {'silently' if n % 2 else 'announced'}")

    def do_recovered(self, k: int, n: int, f: int, c: int) -> None:
        gate.end_recovery(self.world.engine)
        self.say("the administrator ends the recovery")

    def do_replica(self, k: int, n: int, f: int, c: int) -> None:
        """A lagging copy answers a pull."""
        world = self.world
        copy = world.folder / "replica.db"
        if world.replica is None or n % 3 == 0:
            world.copy_database(copy)
            world.replica = copy
            return
        desk = self.desk(k)
        request = desk.ask("pull")
        if request is None or desk.store.journal.fact("epoch") is None:
            return
        self.say(f"{desk.name}: pulls from a lagging copy")
        own, made = world.engine, open_engine(f"sqlite:///{copy}")
        world.engine = attach(made, Outside(world.folder / "outside")).execution_options(
            **gate.REPLICA
        )
        world.lagging = True
        try:
            answer = self.guard(desk, lambda: desk.send("pull", request))
        finally:
            world.engine, world.lagging = own, False
            made.dispose()
        if answer is not None:
            self.take(desk, "pull", request, answer, fuse=None)

    # ---- disks

    def do_crash(self, k: int, n: int, f: int, c: int) -> None:
        desk = self.desk(k)
        desk.close()
        self.say(f"{desk.name}: the program is started anew")

    def do_spoil(self, k: int, n: int, f: int, c: int) -> None:
        desk = self.desk(k)
        desk.spoil_cache()
        self.say(f"{desk.name}: the cache is lost")

    def do_clone(self, k: int, n: int, f: int, c: int) -> None:
        if self.world.cloned >= 2:
            return
        desk = self.desk(k)
        self.world.cloned += 1
        copy = desk.copy(f"{desk.family}+{self.world.cloned}")
        if f % 2:
            copy.dead = True
            self.shelf.append((desk, copy))
        self.desks.append(copy)
        self.say(f"{desk.name}: copied to {copy.name}{', on a shelf' if f % 2 else ''}")

    def do_image(self, k: int, n: int, f: int, c: int) -> None:
        """The disk dies, and an old image of it comes back."""
        living = [(d, image) for d, image in self.shelf if not d.dead]
        if not living:
            return
        desk, image = living[k % len(living)]
        self.lost.update(desk.operations())
        desk.close()
        desk.dead, image.dead = True, False
        self.shelf.remove((desk, image))
        self.say(f"{desk.name}: the disk dies, {image.name} takes its place")

    # ---- the end

    def check(self) -> None:
        self.world.trouble = 0
        self.oracle.tally()
        kept = [d for d in self.desks if not d.dead or any(d is i for _, i in self.shelf)]
        for uuid in {u for d in kept for u in d.operations()}:
            self.lost.discard(uuid)
        if missing := self.oracle.nowhere(self.acts, kept, self.lost):
            raise Broken(f"I3/I10 {missing[0].hex[-6:]} is nowhere")

    def quiet(self) -> None:
        """The network is up, nobody types: everything settles in bounded rounds, and all is equal."""
        self.late.clear()
        self.say("— quiet —")
        self.check()
        for _, image in self.shelf:
            living = {u for d in self.desks if not d.dead for u in d.operations()}
            self.lost.update(image.operations().keys() - living)
        self.shelf.clear()
        for round_no in range(40):
            gate.end_recovery(self.world.engine)
            if not self.settle(round_no):
                break
        else:
            raise Broken("I7 does not settle")
        self.check()
        if not self.world.restored and not self.world.cloned:
            self.oracle.contiguous()
        for desk in self.desks:
            if not desk.dead:
                self.oracle.equal(desk)
                self.unanswered(desk)

    def settle(self, round_no: int) -> bool:
        """One round of every desk and every decision; was there anything to do?"""
        busy = False
        for desk in self.desks:
            if desk.dead:
                continue
            before = self.moment()
            done = self.guard(desk, desk.round)
            self.oracle.look(desk)
            troubles = desk.store.troubles()
            for trouble in troubles:
                if not desk.store.journal.entry(trouble.entry.op.uuid.hex).closed:
                    self.decide(desk, trouble, 1 if round_no < 2 else 0)
            busy |= (
                done is None
                or not done.online
                or done.ended
                or bool(troubles)
                or before != self.moment()
            )
            busy |= bool(desk.store.counts().waiting) or not desk.store.cache.whole()
        return busy

    def moment(self) -> Any:
        return self.world.rows(
            "SELECT college_id, counter FROM clock ORDER BY 1"
        ), self.world.epoch()

    def unanswered(self, desk: SimDesk) -> None:
        """I11 at the end: nothing is laid over the cache any more."""
        for name in ENTITIES:
            left = desk.store.cache.connection.execute(f"SELECT id FROM own_{name}").fetchall()
            if left:
                raise Broken(f"I11 {desk.name} still lays own work over {name} {left[0][0][-6:]}")

    def close(self) -> None:
        for desk in self.desks:
            desk.close()
        self.world.close()


NONE: Mapping[str, float] = {}
WEIGHTS = {
    "update": 5.0,
    "push": 8.0,
    "pull": 6.0,
    "round": 3.0,
    "deliver": 4.0,
    "create": 3.0,
    "move": 0.7,
    "delete": 0.8,
    "command": 1.5,
    "decide": 1.5,
    "web": 1.5,
    "bulk": 0.3,
    "grant": 1.0,
    "shape": 0.4,
    "busy": 0.5,
    "time": 0.3,
    "skew": 0.1,
    "backup": 0.6,
    "restore": 0.3,
    "recovered": 0.5,
    "replica": 0.4,
    "crash": 0.5,
    "spoil": 0.2,
    "clone": 0.2,
    "image": 0.3,
}


def draw(seed: int, steps: int, favoured: Mapping[str, float] = NONE) -> list[Step]:
    """The steps of a seed; `favoured` makes some kinds of step more frequent."""
    chance = random.Random(seed)  # noqa: S311  a seeded history
    names = list(WEIGHTS)
    often = ("push", "pull", "round")
    weights = [
        WEIGHTS[n]
        * favoured.get(n, 1)
        * chance.choice((0.5, 1, 2) if n in often or n in favoured else (0, 0.3, 1, 1, 3, 6))
        for n in names
    ]
    return [
        Step(name, *(chance.randrange(1_000) for _ in range(4)))
        for name in chance.choices(names, weights, k=steps)
    ]
