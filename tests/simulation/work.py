"""Steps of the people at the desks: they type, delete, ask and decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from client.kit.owned import owned
from client.kit.records import Body
from common.kit.entity import spec_of
from common.kit.ids import new_id
from common.kit.sync import Command, Delete, LegalNumber, Restore, Save, Status
from tests.simulation.base import BOOK, FIELDS, Base, letters
from tests.simulation.desk import SimDesk
from tests.simulation.lawful import UNLAWFUL
from tests.simulation.oracle import ENTITIES

OFFLINE = ("update", "create", "update", "move", "update", "create", "command", "delete", "update")
"""What is done at a desk without a line, over and over."""
COMMANDS = (*("sim_count", "sim_order", "sim_deadline", "lease") * 3, "sim_poison")


class Work(Base):
    """Work at a desk."""

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

    def do_offline(self, k: int, n: int, f: int, c: int) -> None:
        """Hours without a line: many operations, one upon another, that go in one push."""
        desk = self.desk(k)
        place = self.living().index(desk)
        for i in range(4 + n % 9):
            act = OFFLINE[(f + i * (1 + c % 5)) % len(OFFLINE)]
            getattr(self, "do_" + act)(place, n + 7 * i, f + 11 * i, c + 13 * i)

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
            self.campaign(desk, 2027 + f % 9)
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
            self.campaign(desk, 2036)
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
        if c % 5 == 4:
            self.undelete(desk, f)
            return
        entity = ("person", "address", "person", "applicant")[n % 4]
        rows = self.seen(desk, entity)
        if not rows:
            return
        id = sorted(rows)[f % len(rows)]
        bodies = self.deletion(desk, entity, id)
        if entity == "person" and c % 4 == 3:
            bodies = bodies[-1:]  # its roles stay: the centre refuses
        self.record(desk, f"deletes {entity} {id[-6:]}", lambda _: bodies)

    def deletion(self, desk: SimDesk, entity: str, id: str) -> list[Body]:
        """What points at it goes first."""
        roles: list[Body] = []
        if entity == "person":
            for role in desk.store.overlay.ids("applicant", "person_id", [id]):
                roles += self.deletion(desk, "applicant", role)
        row = self.seen(desk, entity)[id]
        seen = {name: row[name] for name in FIELDS[entity][:2]}
        return [*roles, Delete(entity, UUID(id), seen, owned(desk.store, entity, UUID(id)))]

    def undelete(self, desk: SimDesk, f: int) -> None:
        """What was deleted here comes out of the basket, sent or not."""
        deleted = [
            entry.op.body
            for entry in desk.store.journal.entries("1")
            if isinstance(entry.op.body, Delete) and not entry.closed
        ]
        if deleted:
            body = deleted[f % len(deleted)]
            back = Restore(body.entity, body.id, body.seen, body.parts)
            self.record(desk, f"restores {body.entity} {body.id.hex[-6:]}", lambda _: [back])

    def do_command(self, k: int, n: int, f: int, c: int) -> None:
        desk = self.desk(k)
        key = new_id().hex
        name = COMMANDS[n % len(COMMANDS)]
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
            self.reckon(desk)

    def reckon(self, desk: SimDesk) -> None:
        """After decisions: which operations live on in them, and does what is shown hold?"""
        self.closed |= desk.decisions()
        self.oracle.look(desk)

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
            self.operations += len(made)

        self.guard(desk, act)

    def twin(self, desk: SimDesk, body: Save) -> str:
        """A record of the centre that means the same."""
        if body.entity != "admission_campaign":
            return ""
        year = body.set["year"][1]
        rows = self.seen(desk, "admission_campaign")
        return next(
            (id for id, row in rows.items() if row["year"] == year and id != body.id.hex), ""
        )
