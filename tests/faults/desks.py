"""Desks that record and send without rest while something is broken, and the reckoning at the end."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

import common.all  # noqa: F401  the declarations
from client.kit.records import now_ms
from client.net.link import Link
from client.store.store import Store
from client.store.syncing import Round, run, sign_in
from common.kit.ids import new_id
from common.kit.sync import (
    LegalNumber,
    OfferAnswer,
    OfferRequest,
    Operation,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    Save,
    SealAnswer,
    SealRequest,
    SignedIn,
    SignIn,
)
from common.people.entities import Person
from server.kit.database import open_engine
from server.kit.gate import EPOCH
from server.kit.tables import audit, operation, server_fact, sync_bucket, sync_entry
from tests.demo_world import PASSWORD

ACCOUNTS = ("sekretar", "priem1", "priem2")
FIRST_NAME = "Пётр"
LETTERS = "абвгдежзиклмнопрстуфхцчшщэюя"
PAUSE = 0.2
LOOK_AGAIN = 0.005
PATIENCE = 120.0
"""Seconds without a single new answer."""
MOST_AT_ONCE = 20
MOST_WAITING = 60
"""What a desk lets wait before it records on: at the end all of it has to arrive."""


def made_name(id: UUID) -> str:
    """A surname that only this record has."""
    number, letters = id.int & (2**40 - 1), []
    while number:
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "Кузнецов" + "".join(letters)


@dataclass(slots=True)
class Known:
    """One recorded operation: what it does and when it was recorded and answered."""

    op: Operation
    recorded: float
    answered: float | None = None


@dataclass(slots=True)
class Reckoning:
    """`lost`, `doubled`, `troubled` and `wrong` must be nought."""

    recorded: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    troubled: int = 0
    wrong: list[str] = field(default_factory=list)
    longest_wait: float = 0.0
    before: int = 0
    """Acknowledged while things still broke."""

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.troubled or self.wrong)

    def __str__(self) -> str:
        wrong = f"; {'; '.join(self.wrong[:3])}" if self.wrong else ""
        return (
            f"recorded {self.recorded}, acknowledged {self.acknowledged} ({self.before} under faults), "
            f"lost {self.lost}, doubled {self.doubled}, troubled {self.troubled}, "
            f"longest wait {self.longest_wait:.1f} s{wrong}"
        )


class Told:
    """The way to the server, with a count of the answers that came back over it."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.server, self.token = link.server, link.token
        self.answers = 0

    def sign_in(self, request: SignIn) -> SignedIn:
        return self.link.sign_in(request)

    def pull(self, request: PullRequest) -> PullAnswer:
        return self.link.pull(request)

    def offer(self, request: OfferRequest) -> OfferAnswer:
        return self.link.offer(request)

    def seal(self, request: SealRequest) -> SealAnswer:
        return self.link.seal(request)

    def push(self, request: PushRequest) -> PushAnswer:
        answer = self.link.push(request)
        self.answers += len(answer.outcomes)
        return answer


class Desk(threading.Thread):
    """Records batches of new people and of edits to them, and sends until it is told to end."""

    def __init__(
        self,
        number: int,
        place: Path,
        address: str,
        *,
        link: Callable[[Store, str], Link] | None,
        now: Callable[[], int] = now_ms,
    ) -> None:
        super().__init__(name=f"desk-{number}")
        self.chance = random.Random(number)  # noqa: S311  a load, not a secret
        self.store = Store(place, bytes([number]) * 32, (), now=now)
        made = Link(address)
        sign_in(self.store, made, ACCOUNTS[number % len(ACCOUNTS)], PASSWORD, f"ПК-{number}")
        assert run(self.store, made).online
        self.link = Told(link(self.store, made.token) if link else made)
        self.epoch = self.store.journal.fact("epoch")
        self.campaign = next(iter(self.store.all("admission_campaign")))
        self.ending = threading.Event()
        self.known: dict[UUID, Known] = {}
        self.people: list[UUID] = []
        self.places: dict[UUID, str] = {}
        self.latencies: list[float] = []
        self.last = Round()
        self.log = place.parent / "server.log"
        self.fault: BaseException | None = None

    # ---- work

    def run(self) -> None:
        try:
            self._work()
        except BaseException as fault:
            self.fault = fault
            raise

    def _work(self) -> None:
        while not self.ending.is_set():
            if self.store.counts().waiting < MOST_WAITING:
                self.record(self.chance.randint(1, MOST_AT_ONCE))
            self.round()

    def round(self) -> bool:
        start = time.monotonic()
        self.last = done = run(self.store, self.link)
        self.latencies.append(time.monotonic() - start)
        self.look()
        if not done.online:
            self.ending.wait(PAUSE * self.chance.random())
        return done.online

    def record(self, count: int) -> None:
        bodies = [body for _ in range(count) for body in self._bodies()]
        now = time.monotonic()
        for op in self.store.record(lambda _: bodies):
            self.known[op.uuid] = Known(op, now)

    def _bodies(self) -> tuple[Save, ...]:
        """An edit of one's own person, or a new one with the role that lets this desk see him."""
        if self.people and self.chance.random() < 0.3:
            return (self.edit(),)
        return self.newcomer()

    def newcomer(self, number: LegalNumber | None = None) -> tuple[Save, ...]:
        """A new person, one's own from now on, with the role that lets this desk see him."""
        id = new_id()
        self.people.append(id)
        person = {
            "last_name": made_name(id),
            "first_name": FIRST_NAME,
            "birth_date": "2010-03-01",
            "snils_state": "absent",
        }
        role = {
            "person_id": id.hex,
            "campaign_id": self.campaign,
            "reg_no": f"{number.series}-{number.number:03d}" if number else f"Б/Н-{id.hex[-6:]}",
            "registered_at": "2026-07-01T05:00:00.000000Z",
        }
        return (
            Save("person", id, create=True, set={n: (None, v) for n, v in person.items()}),
            Save("applicant", new_id(), create=True, set={n: (None, v) for n, v in role.items()}),
        )

    def edit(self) -> Save:
        """Of one's own person."""
        id = self.chance.choice(self.people)
        seen, new = self.places.get(id), f"Место {self.chance.randrange(10**9)}"
        self.places[id] = new
        return Save("person", id, create=False, set={"birth_place": (seen, new)})

    def look(self) -> None:
        """Note which of the recorded operations have their answer."""
        with self.store.lock:
            rows = self.store.journal.connection.execute(
                "SELECT uuid FROM op WHERE status <> 'pending'"
            ).fetchall()
        now = time.monotonic()
        for (uuid,) in rows:
            known = self.known.get(UUID(uuid))
            if known is not None and known.answered is None:
                known.answered = now

    def drain(self, until: float) -> None:
        while self.store.counts().waiting and time.monotonic() < until:
            self.round()
        self.round()

    def close(self) -> None:
        self.link.link.close()
        self.store.close()


@contextmanager
def desks(
    count: int,
    place: Path,
    address: str,
    *,
    link: Callable[[Store, str], Link] | None = None,
    clocks: Sequence[Callable[[], int]] = (now_ms,),
) -> Iterator[list[Desk]]:
    """Working desks; at the end they are told to stop and are waited for, but keep their stores open until after.

    `link` makes their way to the server, once they have signed in, where it is not the plain one;
    `clocks` are dealt out in turn.
    """
    made = [
        Desk(n, place / f"desk{n}", address, link=link, now=clocks[n % len(clocks)])
        for n in range(1, count + 1)
    ]
    for each in made:
        each.start()
    try:
        yield made
    finally:
        for each in made:
            each.ending.set()
        for each in made:
            each.join()
            each.close()


def wait_for(made: Sequence[Desk], acknowledged: int, *, patience: float = PATIENCE) -> None:
    """Until the desks have so many answers in all; a desk that has died says why, and so do all where none gets any more."""
    had, end = -1, 0.0
    while (have := answered(made)) < acknowledged:
        if have > had:
            had, end = have, time.monotonic() + patience
        for each in made:
            if each.fault is not None:
                raise AssertionError(f"{each.name} has ended: {each.fault!r}") from each.fault
        if time.monotonic() > end:
            raise AssertionError(
                _stuck(made, f"{acknowledged} answers wanted, no new one in {patience} s")
            )
        made[0].ending.wait(LOOK_AGAIN)


def _stuck(made: Sequence[Desk], wanted: str) -> str:
    """What there is to know of desks that get no answer."""
    told = [
        f"{d.name}: {d.link.answers} answers, {d.store.counts()}, {len(d.latencies)} rounds, last {d.last}"
        for d in made
    ]
    written = made[0].log.read_text(encoding="utf-8").splitlines() if made[0].log.exists() else []
    return "\n".join([wanted, *told, *written[-40:]])


def answered(made: Sequence[Desk]) -> int:
    return sum(d.link.answers for d in made)


def settle(made: Sequence[Desk], database_url: str) -> Reckoning:
    """The faults are over: let everything arrive, then compare desks and database."""
    found = Reckoning(before=answered(made))
    for each in made:
        each.ending.set()
    for each in made:
        each.join()
    end = time.monotonic() + PATIENCE
    for each in made:
        each.drain(end)
    reckon(made, database_url, found)
    return found


def reckon(made: Sequence[Desk], database_url: str, found: Reckoning) -> None:
    known = {uuid: k for d in made for uuid, k in d.known.items()}
    found.recorded = len(known)
    found.acknowledged = sum(k.answered is not None for k in known.values())
    waits = [k.answered - k.recorded for k in known.values() if k.answered is not None]
    found.longest_wait = max(waits, default=0.0)
    found.troubled = sum(d.store.counts().troubled for d in made)
    engine = open_engine(database_url)
    with engine.connect() as connection:
        kept = dict(connection.execute(sa.select(operation.c.uuid, operation.c.status)).all())
        found.lost = sum(uuid not in kept for uuid, k in known.items() if k.answered is not None)
        found.doubled = _doubled(connection, known)
        _check_values(connection, made, found)
        _check_sums(connection, found)
        _check_epoch(connection, made, found)
    engine.dispose()
    for each in made:
        if each.store.counts().waiting:
            found.wrong.append(f"{each.name} still waits: {each.store.counts().waiting}")


def _doubled(connection: sa.Connection, known: dict[UUID, Known]) -> int:
    """Effects that stand in the audit more than once: one line per created row and per written value."""
    effects: Counter[tuple[str, str]] = Counter()
    for (changes,) in connection.execute(sa.select(audit.c.changes)):
        for change in changes:
            written = change["set"].get("birth_place", [None, ""])[1]
            effects[(change["id"], "" if change["kind"] == "create" else written)] += 1
    wanted = {_effect(k.op) for k in known.values()}
    return sum(effects[each] - 1 for each in wanted if effects[each] > 1)


def _effect(op: Operation) -> tuple[str, str]:
    assert isinstance(op.body, Save)
    written = "" if op.body.create else str(op.body.set["birth_place"][1])
    return op.body.id.hex, written


def _check_values(connection: sa.Connection, made: Sequence[Desk], found: Reckoning) -> None:
    """The last value that each desk wrote stands at the centre and in its own cache."""
    rows = dict(
        connection.execute(
            sa.select(Person.id, Person.birth_place).where(Person.first_name == FIRST_NAME)
        ).all()
    )
    for each in made:
        shown = each.store.many("person", each.people)
        for id in each.people:
            if id not in rows:
                found.wrong.append(f"{each.name}: {id} is not at the centre")
            elif rows[id] != each.places.get(id):
                found.wrong.append(f"{each.name}: {id} holds another value at the centre")
            elif id.hex not in shown or shown[id.hex]["birth_place"] != rows[id]:
                found.wrong.append(f"{each.name}: {id} is shown otherwise than it is")


def _check_sums(connection: sa.Connection, found: Reckoning) -> None:
    """What the buckets say of themselves is what they hold, and numbers of operations have no gap."""
    said = sum(connection.execute(sa.select(sync_bucket.c.rows)).scalars())
    held = connection.execute(
        sa.select(sa.func.count()).select_from(sync_entry).where(sync_entry.c.gone.is_(False))
    ).scalar_one()
    if said != held:
        found.wrong.append(f"buckets say {said} rows and hold {held}")
    numbers = connection.execute(
        sa.select(operation.c.device, sa.func.count(), sa.func.max(operation.c.no)).group_by(
            operation.c.device
        )
    )
    for device, count, top in numbers:
        if count != top:
            found.wrong.append(f"desk {device}: {count} operations under {top} numbers")


def _check_epoch(connection: sa.Connection, made: Sequence[Desk], found: Reckoning) -> None:
    """Nobody restored anything: a history that has changed has lost something, though desks may have given it back."""
    epoch = connection.scalar(sa.select(server_fact.c.value).where(server_fact.c.name == EPOCH))
    if any(each.epoch != epoch for each in made):
        found.wrong.append("the history has changed without a restore")
