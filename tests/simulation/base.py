"""What all steps of a history share: the desks, the words, and running something as a program would."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from client.kit.records import Body
from common.kit.entity import spec_of
from common.kit.errors import AccessEnded, EpoError, NotSignedIn, TooMany
from tests.simulation.desk import Crash, SimDesk
from tests.simulation.oracle import Oracle
from tests.simulation.wholes import Wholes
from tests.simulation.world import Broken, World

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


class Base:
    """The world of one history and what is known of it."""

    def __init__(self, world: World, desks: list[SimDesk]) -> None:
        self.world = world
        self.desks = desks
        self.oracle = Oracle(world)
        self.wholes = Wholes(world)
        self.shelf: list[tuple[SimDesk, SimDesk]] = []
        self.late: list[tuple[SimDesk, str, str, Any, Any]] = []
        self.acts: set[UUID] = set()
        self.lost: set[UUID] = set()
        self.asked: set[UUID] = set()
        """Requests for numbers, which nobody seals."""
        self.closed: dict[UUID, UUID] = {}
        """What was given up, with its decision: its payload need not be kept."""
        self.count = itertools.count(1)
        self.said: list[str] = []
        self.operations = 0

    def say(self, words: str) -> None:
        self.said.append(words)

    def desk(self, k: int) -> SimDesk:
        living = self.living()
        return living[k % len(living)]

    def living(self) -> list[SimDesk]:
        return [d for d in self.desks if not d.dead]

    def guard(self, desk: SimDesk, act: Callable[[], Any]) -> Any:
        """Run something of a desk as its program would: trouble of the line ends it, a crash closes the files."""
        try:
            return act()
        except Crash:
            desk.close()
            return None
        except AccessEnded as fault:
            desk.end(fault)
            return None
        except NotSignedIn:
            desk.close()
            self.enter(desk)
            return None
        except EpoError:
            return None
        finally:
            desk.fuse = 10**9

    def enter(self, desk: SimDesk) -> None:
        """Its person signs in anew; one whom the centre does not let in waits, and all of his work stays."""
        try:
            desk.sign_in()
        except (NotSignedIn, TooMany) as fault:
            if type(fault) is NotSignedIn and self.world.lives(desk.login):
                raise Broken(f"I7 {desk.name}: a living account is not let in") from None
            self.say(f"{desk.name}: is not let in")

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
        self.asked |= desk.requests()
        self.closed |= desk.decisions()

    def seen(self, desk: SimDesk, entity: str) -> dict[str, dict[str, Any]]:
        overlay = desk.store.overlay
        return overlay.records(entity, overlay.all_ids(entity))

    def take(
        self, desk: SimDesk, kind: str, request: Any, answer: Any, *, fuse: int | None
    ) -> None:
        before = self.oracle.view(desk)
        was, ticket = desk.operations(), desk.store.cache.ticket()
        if fuse is not None:
            desk.fuse = fuse
        self.guard(desk, lambda: desk.take(kind, request, answer))
        if kind == "pull" and fuse is None and ticket == answer.ticket:
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
