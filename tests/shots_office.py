"""What the shots of the administrator's screens and of earlier years need to be there first."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from client.net.link import Link
from client.shell.lists import LISTS
from client.store.store import Store
from client.store.syncing import run, sign_in
from common.administration.entities import Account
from common.administration.kinds import AccountState
from common.kit.ids import new_id
from common.kit.sync import Save
from server.app import system_clock
from server.kit.session import CollegeSession
from server.kit.tables import asked
from tests.demo_world import PASSWORD, World
from tests.world_office import Office

YEAR = 2019
PEOPLE = ("Архипова Вера", "Былинкин Пётр", "Давыдова Ольга", "Ершов Иван", "Жукова Анна")


def open_desk(place: Path, address: str, login: str, computer: str) -> tuple[Store, Link]:
    store, link = Store(place, bytes(32), LISTS), Link(address)
    sign_in(store, link, login, PASSWORD, computer)
    run(store, link)
    return store, link


def prepare(centre: World, home: Path) -> None:
    """Sealed work of one who has left, two asked operations, and a year that desks do not hold."""
    office = Office(centre)
    office.give_key()
    store, link = open_desk(home / "leaver", centre.address, "priem2", "ПК-Приёмная-3")
    for name in PEOPLE[:3]:
        _create(
            store, "person", last_name=name.split()[0], first_name="Анна", birth_date="2010-04-11"
        )
    office.set_state("priem2", AccountState.CLOSED)
    run(store, link)
    office.set_state("priem2", AccountState.ACTIVE)
    link.close()
    store.close()
    _ask(office)
    office.close()
    _earlier(centre, home / "archive")


def _create(store: Store, entity: str, **values: object) -> UUID:
    id = new_id()
    store.record(lambda _: [Save(entity, id, True, {n: (None, v) for n, v in values.items()})])
    return id


def _ask(office: Office) -> None:
    with CollegeSession(office.engine, _college(office), now=system_clock) as db:
        author = db.scalars(sa.select(Account.id).where(Account.login == "sekretar")).one()
        rows = [
            {
                "college_id": db.college_id, "chain": new_id(), "author": author,
                "command": "lease_numbers", "result": {"number": number}, "word": "",
                "at": 1_782_800_000_000, "asked_at": system_clock(),
            }
            for number in (15, 16)
        ]  # fmt: skip
        db.execute(sa.insert(asked), rows)
        db.commit()


def _college(office: Office) -> UUID:
    with office.engine.connect() as connection:
        found: UUID = connection.scalars(
            sa.select(Account.college_id).where(Account.login == "sekretar")
        ).one()
    return found


def _earlier(centre: World, place: Path) -> None:
    store, link = open_desk(place, centre.address, "sekretar", "ПК-Архив")
    campaign = _create(
        store, "admission_campaign", year=YEAR, name=f"Приём {YEAR} года", status="open"
    )
    for number, name in enumerate(PEOPLE, 1):
        last, first = name.split()
        person = _create(store, "person", last_name=last, first_name=first, birth_date="2003-04-11")
        _create(
            store, "applicant", person_id=person.hex, campaign_id=campaign.hex,
            reg_no=f"01-{number:03d}", registered_at=f"{YEAR}-07-01T05:00:00.000000Z",
        )  # fmt: skip
    run(store, link)
    link.close()
    store.close()
