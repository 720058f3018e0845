"""«Это разные люди» is said once for all desks (UX 20); two who say it at the same time do not quarrel."""

from __future__ import annotations

from client.admissions import strangers
from client.admissions.twins import find_twins, sighting_of
from common.kit.ids import new_id
from tests.client.shell.quarrel import Desk

PAIR = strangers.PAIR.name


def two_namesakes(here: Desk, there: Desk) -> tuple[str, str]:
    """Known at both desks: one of the applicants gets the name and the day of another."""
    one, other = sorted(here.store.all("person"))[-2:]
    known = here.store.get("person", one)
    assert known is not None
    names = ("last_name", "first_name", "middle_name", "birth_date")
    here.change("person", other, **{name: known[name] for name in names})
    here.sync()
    there.sync()
    return one, other


def doubted(desk: Desk, person: str) -> set[str]:
    record = desk.store.get("person", person)
    assert record is not None
    return {twin.person_id for twin in find_twins(desk.store, sighting_of(record), person)}


def test_20_what_one_desk_has_said_of_two_people_no_other_asks_again(
    here: Desk, there: Desk
) -> None:
    one, other = two_namesakes(here, there)
    assert other in doubted(there, one)
    for desk, of, whom in ((here, one, other), (there, other, one)):
        strangers.keep(desk.store, of, [whom])
        assert strangers.share(desk.store) == 1
        assert strangers.share(desk.store) == 0
    for desk in (here, there, here, there):
        desk.sync()
    for desk in (here, there):
        assert (desk.store.counts().waiting, desk.store.counts().troubled) == (0, 0)
        assert desk.store.journal.fact(strangers.FACT) == []
        assert other not in doubted(desk, one)
        assert one not in doubted(desk, other)


def test_what_is_said_of_somebody_not_yet_stored_waits_for_him(here: Desk, there: Desk) -> None:
    one, _ = two_namesakes(here, there)
    typed = new_id().hex
    strangers.keep(here.store, typed, [one])
    assert strangers.share(here.store) == 0
    assert strangers.are_strangers(here.store, one, [typed]) == {typed}
    assert [row for row in here.store.all(PAIR).values() if row["other_id"].hex == typed] == []
