"""Directed histories of records that are deleted and restored with their parts."""

from __future__ import annotations

from common.kit.sync import Delete, Operation, Restore
from tests.simulation.desk import SimDesk
from tests.simulation.directed import directed, drain, expect
from tests.simulation.history import Simulation
from tests.simulation.world import Broken


def delete_person(s: Simulation, desk: SimDesk) -> Operation:
    """The person of the first address, after his applications."""
    address = min(s.seen(desk, "address").items())[1]
    bodies = s.deletion(desk, "person", address["person_id"])
    s.record(desk, "deletes a person", lambda _: bodies)
    return desk.store.journal.entries("1")[-1].op


def stands(s: Simulation, desk: SimDesk, op: Operation) -> None:
    """It was not done, and the person is there with his address."""
    expect(desk, op, "conflict")
    assert isinstance(op.body, Delete)
    person = op.body.id.hex
    rows = s.world.rows("SELECT deleted_at FROM address WHERE person_id = ?", person)
    if not rows or any(moment for (moment,) in rows):
        raise Broken("I4 half a record is deleted")


@directed("part_unseen")
def a_part_is_changed_meanwhile(s: Simulation) -> None:
    desk, other = s.desks[0], s.desks[2]
    drain(s, desk, other)
    s.do_update(s.living().index(other), 2, 0, 1)
    drain(s, other)
    op = delete_person(s, desk)
    drain(s, desk)
    stands(s, desk, op)


@directed("part_added")
def a_part_is_added_meanwhile(s: Simulation) -> None:
    desk, other = s.desks[0], s.desks[2]
    drain(s, desk, other)
    person = min(s.seen(other, "address").items())[1]["person_id"]
    s.address(other, person, 907)
    drain(s, other)
    op = delete_person(s, desk)
    drain(s, desk)
    stands(s, desk, op)


@directed("half_deleted", "half_restored", "parts_shown")
def a_person_goes_and_comes_back(s: Simulation) -> None:
    """Nothing of him is shown from the moment of the delete; all of him from that of the restore."""
    desk, other = s.desks[0], s.desks[2]
    drain(s, desk, other)
    op = delete_person(s, desk)
    s.oracle.look(desk)
    drain(s, desk, other)
    expect(desk, op, "applied")
    before = s.seen(other, "address")
    assert isinstance(op.body, Delete)
    back = Restore("person", op.body.id, op.body.seen, op.body.parts)
    s.record(desk, "restores the person", lambda _: [back])
    s.oracle.look(desk)
    drain(s, desk, other)
    if s.world.rows("SELECT 1 FROM address WHERE deleted_at IS NOT NULL") or not before:
        raise Broken("I10 a person came back without his address")
