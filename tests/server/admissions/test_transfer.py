"""A transfer is two transactions and one job: whatever fails between them, the record arrives once, and both audits tell of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from common.admissions.entities import Applicant, Application
from common.kit.errors import Invalid, NotAllowed, NotFound
from common.kit.ids import new_id
from common.kit.sync import Delete, Save
from common.people.entities import Address, Person
from server.admissions.transfer import IN, OUT, Order, finish, finish_all, send, waiting
from server.app import main
from server.kit import person_keys, strangers
from server.kit.commit import commit
from server.kit.tables import audit, person_key, transfer
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, applicant, campaign, paper, person, statuses

HEAD = "admission_secretary.k1"
SNILS = "11223344595"


def registered(house: House, snils: str = SNILS) -> UUID:
    """An applicant with an address and a paper."""
    desk = Desk(house)
    p, c, a = new_id(), new_id(), new_id()
    home = {"person_id": (None, p.hex), "full": (None, "г. Юрга")}
    who = person(p)
    who.set["snils"] = (None, snils)
    who.set["snils_state"] = (None, "format_ok")
    answer = desk.push(
        desk.op(who),
        desk.op(Save("address", new_id(), create=True, set=home)),
        desk.op(campaign(c)),
        desk.op(applicant(a, p, c)),
        desk.op(paper(new_id(), a)),
    )
    assert statuses(answer) == ["applied"] * 5, answer.outcomes
    return a


def ready(house: House) -> Desk:
    """A campaign of the same year."""
    desk = Desk(house)
    assert statuses(desk.push(desk.op(campaign(new_id())))) == ["applied"]
    return desk


def arrived(house: House) -> list[tuple[str, str]]:
    with house.session() as db:
        query = sa.select(Person.last_name, Applicant.reg_no).join(
            Person, Person.id == Applicant.person_id
        )
        return [(n, no[:4]) for n, no in db.execute(query.where(Applicant.deleted_at.is_(None)))]


def told(house: House) -> list[str]:
    with house.session() as db:
        query = sa.select(audit.c.action).where(audit.c.college_id == house.id)
        return [a for a in db.scalars(query.order_by(audit.c.seq)) if a.startswith("transfer")]


def test_an_applicant_goes_with_his_papers_under_new_ids_and_both_audits_tell(
    ours: House, theirs: House
) -> None:
    a = registered(ours)
    there = ready(theirs)
    job = send(ours.engine, Order(a, "k2", HEAD), now=now)
    assert (arrived(ours), arrived(theirs)) == ([], [])
    finish(ours.engine, job, now=now)
    assert arrived(theirs) == [("Ёлкина", "Б/Н-")]
    assert (told(ours), told(theirs)) == ([OUT], [IN])
    with theirs.session() as db:
        assert db.scalars(sa.select(Address.full)).one() == "г. Юрга"
        new = db.scalars(sa.select(Applicant.id)).one()
        assert db.scalars(sa.select(transfer.c.luggage)).one() == {}
    assert new != a
    pulled = there.pull()
    assert any(f.facet == "applicant.P0" for page in pulled.pages for f in page.rows)


def test_the_second_transaction_said_again_does_nothing(ours: House, theirs: House) -> None:
    a = registered(ours)
    ready(theirs)
    job = send(ours.engine, Order(a, "k2", HEAD), now=now)
    finish(ours.engine, job, now=now)
    finish(ours.engine, job, now=now)
    assert finish_all(ours.engine, now=now) == 0
    assert len(arrived(theirs)) == 1
    with pytest.raises(NotFound, match="такой записи нет"):
        send(ours.engine, Order(a, "k2", HEAD), now=now)


KILLED = """
import os, sys
from server.app import main
from server.admissions import transfer_command
transfer_command.finish = lambda engine, job, now: os._exit(9)
main(sys.argv[1:])
"""


def test_a_transfer_killed_between_its_transactions_is_finished_by_the_next_run(
    ours: House, theirs: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = registered(ours)
    ready(theirs)
    monkeypatch.setenv("EPO_DATABASE_URL", ours.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("EPO_DATA_DIR", str(tmp_path / "outside"))
    called = ["transfer", "send", str(a), "--to", "k2", "--as", HEAD]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *called], env=dict(os.environ), check=False
    )
    assert killed.returncode == 9
    assert (arrived(ours), arrived(theirs), len(waiting(ours.engine))) == ([], [], 1)
    assert main(["transfer", "resume"]) == 0
    assert (arrived(theirs), waiting(ours.engine)) == ([("Ёлкина", "Б/Н-")], [])
    assert (told(ours), told(theirs)) == ([OUT], [IN])


def test_a_human_being_whom_the_college_knows_is_not_made_once_more(
    ours: House, theirs: House
) -> None:
    registered(theirs)
    a = registered(ours)
    finish(ours.engine, send(ours.engine, Order(a, "k2", HEAD), now=now), now=now)
    assert len(arrived(theirs)) == 2
    with theirs.session() as db:
        assert db.scalar(sa.select(sa.func.count(Person.id))) == 1


def test_choices_of_groups_stay_where_the_groups_are(ours: House, theirs: House) -> None:
    a = registered(ours)
    ready(theirs)
    finish(ours.engine, send(ours.engine, Order(a, "k2", HEAD), now=now), now=now)
    with theirs.session() as db:
        assert db.scalars(sa.select(Application.id)).all() == []


def test_who_transfers_and_where_to_is_checked_before_anything_is_written(
    ours: House, theirs: House
) -> None:
    a = registered(ours)
    with pytest.raises(NotFound, match="нет приёмной кампании 2026 года"):
        send(ours.engine, Order(a, "k2", HEAD), now=now)
    with pytest.raises(Invalid, match="уже в этой организации"):
        send(ours.engine, Order(a, "k1", HEAD), now=now)
    with pytest.raises(NotAllowed, match="нет права"):
        send(ours.engine, Order(a, "k2", "org_admin.k1"), now=now)
    assert (len(arrived(ours)), told(ours)) == (1, [])


def test_the_key_of_a_person_follows_his_number_and_his_deletion(
    ours: House, theirs: House
) -> None:
    registered(ours)
    desk = Desk(theirs)
    p = new_id()
    who = person(p)
    who.set.update({"snils": (None, SNILS), "snils_state": (None, "format_ok")})
    desk.push(desk.op(who))
    with ours.session() as db:
        assert person_keys.elsewhere(db, SNILS) == 1
        assert person_keys.same_here(db, SNILS) is not None
        kept = db.scalars(sa.select(person_key.c.key)).all()
        assert len(kept) == 2
        assert all(SNILS.encode() not in key for key in kept)
    desk.push(desk.op(Delete("person", p)))
    with ours.session() as db:
        assert person_keys.elsewhere(db, SNILS) == 0


def test_keys_are_filled_for_people_of_before(
    ours: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(ours)
    with ours.session() as db:
        db.execute(sa.delete(person_key))
        commit(db, "test.before")
    monkeypatch.setenv("EPO_DATABASE_URL", ours.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("EPO_DATA_DIR", str(tmp_path / "outside"))
    assert main(["transfer", "keys"]) == 0
    with ours.session() as db:
        assert person_keys.same_here(db, SNILS) is not None


def test_an_id_of_another_college_is_refused_without_saying_so(ours: House, theirs: House) -> None:
    us, them = Desk(ours), Desk(theirs)
    p = new_id()
    assert statuses(them.push(them.op(person(p)))) == ["applied"]
    answer = us.push(us.op(person(p)))
    assert statuses(answer) == ["refused"]
    assert answer.outcomes[0].text == strangers.REFUSED
    with theirs.session() as db:
        assert db.scalars(sa.select(Person.last_name).where(Person.id == p)).one() == "Ёлкина"
