"""Steps of everybody else: cabinets, imports, rights, migrations, backups, clocks and disks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from common.admissions.entities import AdmissionCampaign, Applicant
from common.kit.entity import entity_named
from common.kit.errors import EpoError
from common.people.entities import Address, Person
from server.kit import gate
from server.kit import pull as pull_module
from server.kit.commit import commit
from server.kit.outside import Outside, attach
from server.kit.session import load
from tests.simulation.base import FIELDS, Base, letters
from tests.simulation.oracle import ENTITIES
from tests.simulation.world import LOGINS, ROLES, engine_at


class Elsewhere(Base):
    """What happens without the people at the desks."""

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
        """A lagging copy answers a pull; the program that serves it is as old as its schema."""
        world = self.world
        copy = world.folder / "replica.db"
        if world.replica is None or n % 3 == 0:
            world.copy_database(copy)
            world.replica, world.replica_shapes = copy, dict(pull_module.SHAPES)
            return
        desk = self.desk(k)
        request = desk.ask("pull")
        if request is None or desk.store.journal.fact("epoch") is None:
            return
        self.say(f"{desk.name}: pulls from a lagging copy")
        own, made = world.engine, engine_at(copy)
        world.engine = attach(made, Outside(world.folder / "outside")).execution_options(
            **gate.REPLICA
        )
        world.lagging = True
        shapes = dict(pull_module.SHAPES)
        put_shapes(world.replica_shapes)
        try:
            answer = desk.send("pull", request)
        except EpoError:
            answer = (
                None  # it has not heard enough, or knows no such sign-in: nobody signs in at a copy
            )
        finally:
            world.engine, world.lagging = own, False
            put_shapes(shapes)
            made.dispose()
        if answer is not None:
            self.take(desk, "pull", request, answer, fuse=None)

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


def put_shapes(shapes: Mapping[str, int]) -> None:
    pull_module.SHAPES.clear()
    pull_module.SHAPES.update(shapes)
