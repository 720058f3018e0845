"""Numbers of a computer that is gone become cancelled lines, and a late operation replaces its line; on both databases."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from common.colleges.entities import Desk as Place
from common.kit.deciding import Lease
from common.kit.errors import Invalid, NotAllowed, NotFound, RuleBroken
from common.kit.ids import new_id
from common.kit.sync import Command, LegalNumber
from server.administration.lines import close_series, list_leases
from server.app import main
from server.kit.commit import commit
from server.kit.session import Author, CollegeSession
from server.kit.tables import device, number_cancelled
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, person, statuses

HEAD, CLERK = "admission_secretary", "admission_clerk"
BOOK = "applicant:2026"


def desk_with_numbers(house: House, series: str = "05") -> Desk:
    """A clerk's desk with a block of a hundred, two of them used."""
    desk = Desk(house, CLERK)
    with house.session() as db:
        place = Place(
            series=series,
            computer="ПК-1",
            account_id=desk.caller.account_id,
            opened_on=now().date(),
        )
        db.add(place)
        mine = device.c.device == desk.caller.device
        db.execute(sa.update(device).where(mine).values(desk_id=place.id))
        commit(db, "test.place")
    assert statuses(desk.push(desk.op(Command("lease_numbers", {"book": BOOK})))) == ["applied"]
    for number in (1, 3):
        use(desk, number, series)
    return desk


def use(desk: Desk, number: int, series: str = "05") -> None:
    op = desk.op(person(new_id()), number=LegalNumber(series, BOOK, number))
    assert statuses(desk.push(op)) == ["applied"]


def lease(house: House) -> Lease:
    (found,) = list_leases(house.engine, house.code, now=now)
    return found


def close(house: House, account: UUID, series: str = "05", word: str = "компьютер сгорел") -> int:
    with CollegeSession(house.engine, house.id, now=now, author=Author(account)) as db:
        number = close_series(db, series, word)
        commit(db, "numbers.close")
    return number


def test_the_list_says_what_is_used_and_what_is_free(ours: House) -> None:
    desk_with_numbers(ours)
    found = lease(ours)
    assert (found.series, found.computer, found.top, found.used) == ("05", "ПК-1", 100, 2)
    assert found.free[:3] == (2, 4, 5)
    assert len(found.free) == 98


def test_free_numbers_become_cancelled_lines_once(ours: House) -> None:
    desk_with_numbers(ours)
    head = Desk(ours, HEAD).caller.account_id
    assert close(ours, head) == 98
    found = lease(ours)
    assert (found.cancelled, found.free, found.closed_on) == (98, (), now().date())
    with pytest.raises(RuleBroken, match="закрыты"):
        close(ours, head)


def test_a_late_operation_replaces_its_line(ours: House) -> None:
    desk = desk_with_numbers(ours)
    close(ours, Desk(ours, HEAD).caller.account_id)
    use(desk, 2)
    found = lease(ours)
    assert (found.used, found.cancelled) == (3, 97)
    with ours.session() as db:
        kept = db.scalars(sa.select(number_cancelled.c.number).order_by(number_cancelled.c.number))
        assert kept.first() == 4


def test_who_has_no_right_closes_nothing_and_nothing_closes_without_a_word(ours: House) -> None:
    desk = desk_with_numbers(ours)
    head = Desk(ours, HEAD).caller.account_id
    with pytest.raises(NotAllowed):
        close(ours, desk.caller.account_id)
    with pytest.raises(Invalid):
        close(ours, head, word=" ")
    with pytest.raises(NotFound):
        close(ours, head, series="77")
    assert lease(ours).cancelled == 0


def test_another_colleges_numbers_are_not_touched(ours: House, theirs: House) -> None:
    desk_with_numbers(ours)
    desk_with_numbers(theirs)
    close(ours, Desk(ours, HEAD).caller.account_id)
    assert (lease(ours).cancelled, lease(theirs).cancelled) == (98, 0)


def test_the_same_from_the_command_line(
    ours: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EPO_DATABASE_URL", ours.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("EPO_DATA_DIR", str(tmp_path / "outside"))
    desk_with_numbers(ours)
    act = ["numbers", "close", "05", "--word", "сгорел", "--as"]
    assert main([*act, f"{CLERK}.k1"]) == 1
    assert main([*act, f"{HEAD}.k1"]) == 0
    assert "Погашено строк: 98" in capsys.readouterr().out
    assert main(["numbers", "list", "--json"]) == 0
    (line,) = msgspec.json.decode(capsys.readouterr().out)
    assert (line["cancelled"], line["free"]) == (98, [])
