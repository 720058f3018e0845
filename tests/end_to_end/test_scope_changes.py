"""What may not be seen any more leaves no byte on the desk: a role that ends, a row that moves, a class that is masked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from client.net.link import Link
from client.store.past import PastYear, earlier_years
from client.store.store import Store
from client.store.syncing import run, sign_in
from common.administration.kinds import AccountState
from common.admissions.lists import LISTS
from common.kit.errors import NotAllowed
from common.kit.ids import new_id
from common.kit.rights import Action, Scope
from common.kit.sync import READ, Command, Save
from tests.client.store.test_files import in_clear, spellings
from tests.demo_world import PASSWORD, World, world
from tests.postgres import Postgres
from tests.world_office import Office

KEY = bytes(range(32))
CANARY = "Канарейкина"
SNILS = "90012345636"
ADDRESS = "г. Канарск, ул. Попугайная, 5"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def centre(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A running server on each kind of database."""
    place = tmp_path_factory.mktemp("centre")
    server: Postgres | None = (
        request.getfixturevalue("postgres") if request.param == "postgresql" else None
    )
    with world(place, applicants=40, postgres=server) as running:
        yield running


@pytest.fixture
def office(centre: World) -> Iterator[Office]:
    made = Office(centre)
    made.give_key()
    yield made
    made.close()


class Desk:
    """A signed-in store and its link."""

    def __init__(self, centre: World, place: Path, login: str) -> None:
        self.store, self.link = Store(place / login, KEY, LISTS), Link(centre.address)
        sign_in(self.store, self.link, login, PASSWORD, f"ПК {login}")
        self.round()

    def round(self) -> None:
        done = run(self.store, self.link)
        assert done.online, done.why

    def close(self) -> None:
        self.link.close()
        self.store.close()

    def save(self, entity: str, id: UUID, *, create: bool = True, **pairs: object) -> None:
        body = Save(entity, id, create, {n: (None, v) for n, v in pairs.items()})
        self.store.record(lambda _: [body])

    def open_year(self, year: int) -> str:
        """A campaign of that year."""
        campaign = new_id()
        self.save(
            "admission_campaign", campaign, year=year, name=f"Приём {year} года", status="open"
        )
        return campaign.hex

    def register(self, last_name: str = CANARY, address: str = ADDRESS, campaign: str = "") -> UUID:
        """An applicant with a person whose every word is a canary; returns the applicant."""
        person, applicant = new_id(), new_id()
        campaign = (
            campaign
            or max(
                (c["year"], id)
                for id, c in self.store.all("admission_campaign").items()
                if c["status"].value == "open"
            )[1]
        )
        self.save(
            "person", person, last_name=last_name, first_name="Изольда", birth_date="2010-04-11",
            snils=SNILS, snils_state="format_ok",
        )  # fmt: skip
        self.save("address", new_id(), person_id=person.hex, full=address)
        self.save(
            "applicant", applicant, person_id=person.hex, campaign_id=campaign,
            reg_no=f"К-{str(person)[-6:]}", registered_at="2026-11-24T05:00:00.000000Z",
        )  # fmt: skip
        self.round()
        assert self.store.counts().troubled == 0, [e.said for e in self.store.outbox()]
        return applicant

    def holds(self, *words: str) -> dict[str, list[str]]:
        """Which of the words stand in the clear pages of which file, free pages and logs included."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.store.profile.glob("*.db")):
            clear = in_clear(path)
            there = [w for w in words if any(form in clear for form in spellings(w))]
            if there:
                found[path.name] = there
        return found

    def everything(self) -> list[str]:
        """Names, numbers and addresses of all the people whom this desk holds."""
        queries = ("last_name FROM person", "snils FROM person", "full FROM address")
        rows = [self.store.cache.connection.execute(f"SELECT {q}").fetchall() for q in queries]
        return sorted({v for each in rows for (v,) in each if v and len(v) > 6})


WHO = "otdelenie"


@contextmanager
def desks(centre: World, place: Path, *logins: str) -> Iterator[list[Desk]]:
    made = [Desk(centre, place, login) for login in logins]
    yield made
    for desk in made:
        desk.close()


def test_a_role_that_ends_takes_all_it_showed(
    centre: World, office: Office, tmp_path: Path
) -> None:
    with desks(centre, tmp_path, "priem1") as (desk,):
        desk.register()
        known = desk.everything()
        assert len(known) > 30
        assert set(desk.holds(CANARY, *known)) == {"cache.db", "journal.db"}
        office.change_role("priem1", None)
        desk.round()
        assert desk.holds(CANARY, SNILS, ADDRESS, *known) == {}


def test_a_row_that_moves_out_of_sight_leaves_nothing(
    centre: World, office: Office, tmp_path: Path
) -> None:
    words = ["Перелётная", "г. Гнездов, ул. Синичкина, 7"]
    with desks(centre, tmp_path, "sekretar", "otdelenie") as (writer, reader):
        applicant = writer.register(*words)
        reader.round()
        assert reader.holds(*words) == {"cache.db": words}
        record = writer.store.get("applicant", applicant)
        assert record is not None
        former = record["person_id"].hex
        other = next(id for id in writer.store.all("person") if id != former)
        moved = Save("applicant", applicant, False, {"person_id": (former, other)})
        writer.store.record(lambda _: [moved])
        writer.round()
        reader.round()
        assert reader.store.get("applicant", applicant) is not None
        assert reader.holds(*words) == {}


def test_a_class_that_is_masked_leaves_nothing_and_the_rest_stays(
    centre: World, office: Office, tmp_path: Path
) -> None:
    with desks(centre, tmp_path, "priem2") as (desk,):
        desk.register()
        numbers = [
            v for (v,) in desk.store.cache.connection.execute("SELECT snils FROM person") if v
        ]
        assert SNILS in numbers
        assert "cache.db" in desk.holds(*numbers)
        office.change_role("priem2", "admission_reader")
        desk.round()
        assert desk.holds(*numbers) == {}
        assert "cache.db" in desk.holds(CANARY, ADDRESS)


def test_who_may_see_only_his_own_keeps_nothing_of_others(
    centre: World, office: Office, tmp_path: Path
) -> None:
    """By one who has typed nothing in the tests before: what he had would stay his own."""
    mine = ["Собственнова", "г. Моев, ул. Личная, 3"]
    office.change_role(WHO, "admission_clerk")
    with desks(centre, tmp_path, WHO, "sekretar") as (desk, other):
        theirs = other.register()
        own = desk.register(*mine)
        desk.round()
        person = desk.store.get("applicant", theirs)
        assert person is not None
        born = Save("person", person["person_id"], False, {"birth_place": (None, "г. Канарск-2")})
        desk.store.record(lambda _: [born])
        desk.round()
        numbers = [n for n in desk.everything() if n not in (*mine, SNILS)]
        assert set(desk.holds(CANARY, "г. Канарск-2")) == {"cache.db", "journal.db"}
        office.change_role(WHO, "admission_clerk", Scope.SELF)
        desk.round()
        assert desk.holds(CANARY, ADDRESS, "г. Канарск-2", *numbers) == {}
        assert set(desk.holds(*mine)) == {"cache.db", "journal.db"}
        assert list(desk.store.all("applicant")) == [own.hex]
        assert desk.store.all("competitive_group")
        second = desk.register("Собственнова-Вторая", "г. Моев, ул. Личная, 4")
        desk.round()
        assert set(desk.store.all("applicant")) == {own.hex, second.hex}
        assert desk.store.get("applicant", second) is not None
        other.round()
        assert {own.hex, second.hex} <= set(other.store.all("applicant"))
        office.change_role(WHO, "admission_clerk")
        desk.round()
        assert theirs.hex in desk.store.all("applicant")
        office.change_role(WHO, "admission_reader")


def test_a_year_that_has_passed_leaves_nothing_and_is_read_at_the_server(
    centre: World, office: Office, tmp_path: Path
) -> None:
    words = ["Давнишняя", "г. Былинск, ул. Прошлогодняя, 3"]
    office.hold_years(600)
    with desks(centre, tmp_path, "sekretar", "otdelenie") as (writer, reader):
        old = writer.register(words[0], words[1], writer.open_year(2019))
        reader.round()
        assert set(writer.holds(*words)) == {"cache.db", "journal.db"}
        assert set(reader.holds(*words)) == {"cache.db"}
        office.hold_years(18)
        for desk in (writer, reader):
            desk.round()
            assert desk.holds(*words) == {}
            assert desk.store.get("applicant", old) is None
            assert desk.store.all("applicant")
        assert earlier_years(writer.store) == [(2019, "Приём 2019 года")]
        for desk, shown in ((writer, SNILS), (reader, None)):
            past = PastYear(desk.store, 2019)
            past.load(desk.link)
            order = (("name", False),)
            assert list(past.list_ids("applicants", "былинск", order, ("name",))) == []
            (row,) = past.list_page(
                "applicants", past.list_ids("applicants", "давниш", order, ("name",))
            )
            assert row.id == old.hex
            (person,) = past.all("person").values()
            assert (person["last_name"], person["snils"]) == (words[0], shown)
            assert not past.may(Action.WRITE, "applicant")
            with pytest.raises(NotAllowed):
                past.record(lambda _: [])
            past.note_reading("applicant", old)
            noted = [e.op.body for e in desk.store.journal.entries("status = 'pending'")]
            assert noted == [Command(READ, {"entity": "applicant", "id": old.hex})]
            past.close()
            desk.round()
            assert not list(desk.store.profile.glob("year-*"))
            assert desk.holds(*words) == {}


def test_an_account_that_ends_takes_everything_but_what_is_sealed(
    centre: World, office: Office, tmp_path: Path, type_offline: Callable[[Desk], None]
) -> None:
    with desks(centre, tmp_path, "sekretar") as (desk,):
        known = desk.everything()
        type_offline(desk)
        office.set_state("sekretar", AccountState.CLOSED)
        done = run(desk.store, desk.link)
        assert done.closed
        assert desk.holds(CANARY, SNILS, ADDRESS, *known) == {}
        assert [k.login for k in office.sealed()] == ["sekretar"]
        assert [each.applied for each in office.release()] == [True]
        office.set_state("sekretar", AccountState.ACTIVE)


@pytest.fixture
def type_offline() -> Callable[[Desk], None]:
    def one(desk: Desk) -> None:
        desk.save(
            "person", new_id(), last_name=CANARY, first_name="Изольда", birth_date="2010-04-11"
        )

    return one
