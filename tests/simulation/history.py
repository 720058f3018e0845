"""A history: steps drawn as numbers, so that any part of one may be left out and the rest still means something."""

from __future__ import annotations

import atexit
import functools
import random
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from client.store import sealing
from server.kit import gate
from tests.simulation.base import BOOK, FATES, PLACES, Step
from tests.simulation.days import Days
from tests.simulation.desk import SimDesk
from tests.simulation.elsewhere import Elsewhere
from tests.simulation.leaving import Leaving
from tests.simulation.oracle import ENTITIES
from tests.simulation.world import Broken, World, counted, make_region, memory


@functools.cache
def template() -> Path:
    """A region with four desks that have pulled everything, made once in a process and copied for each run."""
    folder = Path(tempfile.mkdtemp(prefix="epo-sim-", dir=memory()))
    atexit.register(shutil.rmtree, folder)
    with counted(day=1):
        fill(folder)
    return folder


def fill(folder: Path) -> None:
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


def begin(folder: Path) -> Simulation:
    shutil.copytree(template(), folder)
    world = World(folder, college=UUID((folder / "college").read_text()))
    return Simulation(world, [SimDesk(world, name, login, folder / name) for name, login in PLACES])


class Simulation(Days, Elsewhere, Leaving):
    """Steps of a history over one world; Broken says which invariant fell."""

    def step(self, step: Step) -> None:
        self.world.now_ms += 1_000
        getattr(self, "do_" + step.name)(step.k, step.n, step.f, step.c)

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

    def check(self) -> None:
        self.world.trouble = 0
        self.oracle.tally()
        kept = [d for d in self.desks if not d.dead or any(d is i for _, i in self.shelf)]
        for uuid in {u for d in kept for u in d.operations()}:
            self.lost.discard(uuid)
        acts = self.acts - self.asked if self.endings else self.acts
        if missing := self.oracle.nowhere(acts, kept, self.lost, self.closed):
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
        calm: dict[str, Any] = {}
        for round_no in range(40):
            gate.end_recovery(self.world.engine)
            if not self.settle(round_no, calm):
                break
        else:
            raise Broken("I7 does not settle")
        self.check()
        if not self.world.restored and not self.world.cloned:
            self.oracle.contiguous()
        if self.world.rows("SELECT 1 FROM sealed"):
            raise Broken("I7 sealed work is not settled")
        for desk in self.desks:
            if not desk.dead and not desk.ended:
                self.oracle.equal(desk)
                self.oracle.acknowledged(desk)
                self.unanswered(desk)

    def settle(self, round_no: int, calm: dict[str, Any]) -> bool:
        """One round of every desk and every decision; was there anything to do?

        `calm` holds the moment at which a desk had nothing to do: until another, it is not asked again.
        """
        busy = False
        for desk in self.desks:
            before = self.moment()
            if desk.dead or calm.get(desk.name) == before:
                continue
            done = self.guard(desk, desk.round)
            if desk.waits and done is None:
                self.let_in(desk)
            self.oracle.look(desk)
            troubles = desk.store.troubles()
            for trouble in troubles if round_no < 2 else reversed(troubles):
                if not desk.store.journal.entry(trouble.entry.op.uuid.hex).closed:
                    self.decide(desk, trouble, 1 if round_no < 2 else 0)
            if troubles:
                self.reckon(desk)
            if (
                done is None
                or not done.online
                or (done.ended and not done.closed)
                or troubles
                or before != self.moment()
                or (sealing.kept(desk.store.journal)[0] if desk.ended else self.unfinished(desk))
            ):
                busy = True
            else:
                calm[desk.name] = before
        return self.release(give_up=round_no > 1) or busy

    def unfinished(self, desk: SimDesk) -> bool:
        return bool(desk.store.counts().waiting) or not desk.store.cache.whole()

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
    "offline": 1.0,
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
    "end": 0.3,
    "release": 0.5,
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

BULK = {name: weight / 8 for name, weight in WEIGHTS.items()} | {"day": 24.0, "years": 0.4}
"""Of a history in which people work as offices do: days between two contacts, years that pass."""


def draw(
    seed: int,
    steps: int,
    favoured: Mapping[str, float] = NONE,
    kinds: Mapping[str, float] = WEIGHTS,
) -> list[Step]:
    """The steps of a seed; `favoured` makes some kinds of step more frequent."""
    chance = random.Random(seed)  # noqa: S311  a seeded history
    names = list(kinds)
    often = ("push", "pull", "round", "day")
    weights = [
        kinds[n]
        * favoured.get(n, 1)
        * chance.choice((0.5, 1, 2) if n in often or n in favoured else (0, 0.3, 1, 1, 3, 6))
        for n in names
    ]
    return [
        Step(name, *(chance.randrange(1_000) for _ in range(4)))
        for name in chance.choices(names, weights, k=steps)
    ]
