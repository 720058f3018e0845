"""A region in one process: the shipped centre and desks on real files; only transport, clock and crash points are replaced."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import itertools
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

import common.all  # noqa: F401  the declarations
from client.net.link import Offline
from client.store import sealing
from common.administration.entities import Account, Role, RoleGrant
from common.administration.kinds import AccountState
from common.colleges.entities import College
from common.kit import buckets, ids
from common.kit.errors import EpoError, Unavailable, from_problem
from common.kit.ids import REGION
from common.kit.kinds import P0, P1, P2, P3
from common.kit.rights import Action, Permission, Section
from common.kit.sync import (
    OfferAnswer,
    OfferRequest,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    SealAnswer,
    SealRequest,
    SignedIn,
    SignIn,
)
from server.administration.sealed import set_key
from server.app import COMMANDS_READY
from server.kit import (
    asking,
    auth,
    entering,
    gate,
    judge,
    offer,
    packing,
    places,
    pulling,
    schema,
    scope,
    seal,
)
from server.kit import push as push_module
from server.kit.age_keys import identity_of, new_key
from server.kit.commit import commit
from server.kit.database import open_engine
from server.kit.outside import Outside, attach
from server.kit.session import CollegeSession
from server.kit.start import begin_history, open_college

T = TypeVar("T")

START = dt.datetime(2026, 7, 1, 5, 0, tzinfo=dt.UTC)
PASSWORD = "Очень длинный пароль"
KEY = bytes(range(32))
CLASSES = (P0, P1, P2, P3)
LOGINS = ("anna", "boris", "vera")
ADMIN = "admin"
SEAL_KEY = "college.key"
ROLES = tuple(
    f"sim.{s.value}.{pd.value}" for s in (Section.ADMISSIONS, Section.DEAN) for pd in CLASSES
)
FIRST_ROLES = {
    "anna": {"sim.admissions.P0", "sim.admissions.P1", "sim.admissions.P2", "sim.admissions.P3"},
    "boris": {"sim.admissions.P0", "sim.admissions.P1", "sim.dean.P0", "sim.dean.P2"},
    "vera": {"sim.admissions.P0", "sim.dean.P1"},
    ADMIN: {"org_admin"},
}
UNDER_THE_CLOCK = (
    "clock",
    "clock_mark",
    "sync_bucket",
    "sync_entry",
    "operation",
    "sealed",
    "audit",
    "audit_row",
    "operator_event",
    "operator_feed",
)
TALLY = sa.Table(
    "sim_tally",
    sa.MetaData(),
    sa.Column("uuid", sa.String(32), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
)
"""How often a command was executed in this history: restored with the database."""


class Broken(AssertionError):
    """An invariant of SYNC 11 does not hold."""


def memory() -> Path:
    shared = Path("/dev/shm")  # noqa: S108  a file system in memory, where there is one
    return shared if shared.is_dir() else Path(tempfile.gettempdir())


MAKER = "uuid7"
"""What the maker of ids calls: the simulation's chance."""


@contextlib.contextmanager
def counted(day: int) -> Iterator[None]:
    """Ids in the order in which they are asked for, the same in every run; those of another day are others."""
    first = int(START.timestamp() * 1000) + day * 24 * 3_600_000
    number = itertools.count(day << 20)

    def made() -> UUID:
        n = next(number)
        return UUID(int=(first + n) << 80 | 7 << 76 | 2 << 62 | n)

    plain = getattr(ids, MAKER)
    setattr(ids, MAKER, made)
    try:
        yield
    finally:
        setattr(ids, MAKER, plain)


@functools.cache
def engine_at(path: Path) -> sa.Engine:
    """One for all the databases that lie at this place one after another: statements are compiled once a process."""
    return open_engine(f"sqlite:///{path}")


@contextlib.contextmanager
def dean_too() -> Iterator[None]:
    """Applicants and their people are in the buckets of two sections, as students will be."""
    plain = buckets.sections_of

    @functools.cache
    def both(name: str) -> tuple[Section, ...]:
        found = plain(name)
        brought = buckets.root_of(name) in ("applicant", "person")
        return (*found, Section.DEAN) if brought else found

    modules: tuple[Any, ...] = (places, scope, judge, sealing)
    for module in modules:
        module.sections_of = both
    judge.COMMANDS["sim_count"] = _count
    judge.COMMANDS["sim_order"] = _order
    judge.COMMANDS["sim_deadline"] = _deadline
    judge.COMMANDS["sim_poison"] = _poison
    judge.AGAIN["sim_order"] = _order_again
    judge.ASKED.add("sim_order")
    ask = asking.decided
    asking.decided = lambda db, op: ask(db, op) or (_yes if op.resolves else None)
    judge.DATED.add("sim_deadline")
    try:
        yield
    finally:
        for module in modules:
            module.sections_of = plain
        for name in ("sim_count", "sim_order", "sim_deadline", "sim_poison"):
            del judge.COMMANDS[name]
        del judge.AGAIN["sim_order"]
        judge.ASKED.discard("sim_order")
        asking.decided = ask
        judge.DATED.discard("sim_deadline")


_yes = asking.Word(allowed=True, word="")
"""The administrator of the simulation allows whatever a person sends again."""


def _count(db: CollegeSession, command: Any) -> dict[str, Any]:
    key = str(command.args["key"])
    done: Any = db.execute(
        sa.update(TALLY).where(TALLY.c.uuid == key).values(times=TALLY.c.times + 1)
    )
    if done.rowcount == 0:
        db.execute(sa.insert(TALLY).values(uuid=key, times=1))
    return {}


def _order(db: CollegeSession, command: Any) -> dict[str, Any]:
    """An order's number: given by the centre, one series for all, asked again after a restore."""
    from server.kit.outside import Given, outside_of

    if gate.is_recovering(db):
        raise Unavailable("Сервер восстановлен из копии; номера приказов пока не выдаются")
    _count(db, command)
    outside = outside_of(db)
    known = outside.given_to(db.college_id, db.chain, "orders")
    if known is not None:
        return {"order": known.number}
    number = outside.top(db.college_id, "0", "orders") + 1
    outside.keep([Given(db.college_id, "0", "orders", number, db.chain)])
    return {"order": number}


def _order_again(db: CollegeSession, command: Any, given: Any) -> dict[str, Any]:
    _count(db, command)
    return dict(given)


def _deadline(db: CollegeSession, command: Any) -> dict[str, Any]:
    """A rule that takes the date of the fact."""
    from common.kit.errors import RuleBroken

    if db.at.timestamp() * 1000 > command.args["until"]:
        raise RuleBroken("Срок прошёл")
    _count(db, command)
    return {}


def _poison(db: CollegeSession, command: Any) -> dict[str, Any]:
    raise KeyError("poison")


# ---- the network


@dataclass
class Wire:
    """One desk's way to the centre; `fates` are taken one by one: ok, lost, unheard."""

    world: World
    token: str = ""
    server: str = "sim"
    fates: list[str] = field(default_factory=list)
    limit: int = 2_000
    told: list[tuple[Any, Any]] = field(default_factory=list)

    def sign_in(self, request: SignIn) -> SignedIn:
        return entering.sign_in(
            self.world.engine, request, now=self.world.server_now, demand_second=False
        )

    def pull(self, request: PullRequest) -> PullAnswer:
        request = msgspec.structs.replace(request, limit=min(request.limit, self.limit))
        return self._ask("pull", request, PullRequest, PullAnswer)

    def push(self, request: PushRequest) -> PushAnswer:
        return self._ask("push", request, PushRequest, PushAnswer)

    def offer(self, request: OfferRequest) -> OfferAnswer:
        return self._ask("offer", request, OfferRequest, OfferAnswer)

    def seal(self, request: SealRequest) -> SealAnswer:
        return self._ask("seal", request, SealRequest, SealAnswer)

    def _ask(self, kind: str, request: Any, asked: type[Any], told: type[T]) -> T:
        fate = self.fates.pop(0) if self.fates else "ok"
        if fate == "lost":
            raise Offline("Нет связи с сервером")
        answer = self.world.serve(self, kind, packing.unpack(asked, packing.pack(request)), told)
        if fate == "unheard":
            raise Offline("Нет связи с сервером")
        return answer


@dataclass
class World:
    """The centre's files, its clock, and what happens to both."""

    folder: Path
    now_ms: int = int(START.timestamp() * 1000)
    college: UUID = REGION
    trouble: int = 0
    """The next so many statements of the centre meet a busy database."""
    silent: bool = False
    """Restored without a word; nobody has found out yet."""
    restored: int = 0
    cloned: int = 0
    backups: list[Path] = field(default_factory=list)
    epochs: list[str] = field(default_factory=list)
    served: list[Callable[[Wire, str, Any, Any], None]] = field(default_factory=list)
    """Watchers of every answer: (wire, kind, request, answer)."""
    engine: sa.Engine = field(init=False)
    eye: sqlite3.Connection | None = None
    serving: bool = False
    lagging: bool = False
    """A copy that lags behind is answering."""
    replica: Path | None = None
    replica_shapes: dict[str, int] = field(default_factory=dict)
    ticked: bool = False
    """The transaction under way has taken the clock."""
    disorder: str = ""

    def __post_init__(self) -> None:
        self.open()

    # ---- clock

    def server_now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.now_ms / 1000, dt.UTC)

    # ---- files

    @property
    def database(self) -> Path:
        return self.folder / "server.db"

    def open(self, path: Path | None = None) -> None:
        own = engine_at(path or self.database).execution_options()
        event.listen(own, "before_cursor_execute", self._meet_trouble)
        self.engine = attach(own, Outside(self.folder / "outside"))

    def _meet_trouble(self, _: Any, __: Any, statement: str, *___: Any) -> None:
        self._watch_locks(statement)
        if self.serving and self.trouble > 0:
            self.trouble -= 1
            raise OperationalError("busy", {}, Exception("database is locked"))

    def _watch_locks(self, statement: str) -> None:
        """SYNC 3: the clock is the last lock; after it only what is written under it."""
        kind, _, rest = statement.partition(" ")
        if kind == "BEGIN":
            self.ticked = False
        elif statement.startswith("UPDATE clock SET counter"):
            self.ticked = True
        elif self.ticked and kind in ("INSERT", "UPDATE", "DELETE"):
            table = rest.removeprefix("OR IGNORE ").removeprefix("INTO ").removeprefix("FROM ")
            if table.split(" ", 1)[0] not in UNDER_THE_CLOCK:
                self.disorder = (
                    f"I9 the clock was taken before {table.split(' ', 1)[0]} was written"
                )

    def close(self) -> None:
        self.engine.dispose()
        if self.eye is not None:
            self.eye.close()
            self.eye = None

    def copy_database(self, to: Path) -> None:
        self.close()
        shutil.copy(self.database, to)

    def backup(self) -> None:
        path = self.folder / f"backup-{len(self.backups)}.db"
        with self.session() as db:
            stood = gate.read_clock(db)
        self.copy_database(path)
        self.backups.append(path)
        with self.session() as db:
            pulling.note_backup(db, stood)
            commit(db, "backup")

    def restore(self, number: int, *, silent: bool) -> None:
        self.close()
        for tail in ("-wal", "-shm"):
            self.database.with_name("server.db" + tail).unlink(missing_ok=True)
        shutil.copy(self.backups[number], self.database)
        self.open()
        self.restored += 1
        self.silent = silent
        if not silent:
            gate.end_history(self.engine)

    def session(self) -> CollegeSession:
        return CollegeSession(self.engine, self.college, now=self.server_now)

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What the centre's file holds, read past the product."""
        if self.eye is None:
            self.eye = sqlite3.connect(self.database, isolation_level=None, check_same_thread=False)
        return self.eye.execute(query, values).fetchall()

    def epoch(self) -> str:
        return str(self.rows("SELECT value FROM server_fact WHERE name = 'epoch'")[0][0])

    # ---- answering

    def serve(self, wire: Wire, kind: str, request: Any, told: type[T]) -> T:
        """One request through the shipped functions, and its answer as it comes over the wire."""
        before = self.epoch()
        try:
            answer = self._answer(wire, kind, request)
        except EpoError as fault:
            raise from_problem(fault.problem()) from None
        except OperationalError:
            raise Unavailable("База данных недоступна", retry_after=3) from None
        finally:
            self.serving = False
        if self.disorder:
            raise Broken(self.disorder)
        if self.epoch() != before:
            if not self.silent:
                raise Broken("I15 the epoch changed although nothing was restored")
            self.silent = False
        heard: T = msgspec.msgpack.decode(msgspec.msgpack.encode(answer), type=told)
        for watch in self.served:
            watch(wire, kind, request, heard)
        return heard

    def _answer(self, wire: Wire, kind: str, request: Any) -> Any:
        known = auth.identify_to_seal if kind == "seal" else auth.identify
        caller = known(self.engine, wire.token, now=self.server_now, request_id="")
        self.serving = True
        act: Any = {
            "pull": pulling.answer_pull,
            "push": push_module.push,
            "offer": offer.offer,
            "seal": seal.seal,
        }[kind]
        return act(self.engine, caller, request, now=self.server_now)

    # ---- people who are not at a desk

    def set_role(self, login: str, role: str) -> bool:
        """Give a role to an account, or end it; what it holds afterwards."""
        with self.session() as db:
            account = db.scalars(sa.select(Account).where(Account.login == login)).one()
            role_id = db.scalars(sa.select(Role.id).where(Role.code == role)).one()
            grants = db.scalars(
                sa.select(RoleGrant).where(
                    RoleGrant.account_id == account.id,
                    RoleGrant.role_id == role_id,
                    RoleGrant.deleted_at.is_(None),
                )
            ).all()
            for grant in grants:
                grant.deleted_at = self.server_now()
            if not grants:
                db.add(_grant(account.id, role_id))
            commit(db, "sim.grant")
        return not grants

    def lives(self, login: str) -> bool:
        ((state,),) = self.rows("SELECT state FROM account WHERE login = ?", login)
        return bool(state == AccountState.ACTIVE.value)

    def end_account(self, login: str) -> bool:
        """Suspend an account, or give it back; does it live afterwards?"""
        with self.session() as db:
            account = db.scalars(sa.select(Account).where(Account.login == login)).one()
            lives = account.state is not AccountState.ACTIVE
            account.state = AccountState.ACTIVE if lives else AccountState.SUSPENDED
            commit(db, "sim.end")
        return lives

    @functools.cached_property
    def identity(self) -> Any:
        """The college's key, which an administrator keeps."""
        return identity_of(self.folder / SEAL_KEY)


def _grant(account_id: UUID, role_id: UUID) -> RoleGrant:
    day = START.date()
    return RoleGrant(
        account_id=account_id, role_id=role_id, order_number="1", order_date=day, valid_from=day
    )


def make_region(folder: Path) -> World:
    """A migrated database with one college, its people and their roles."""
    assert COMMANDS_READY
    folder.mkdir(parents=True, exist_ok=True)
    world = World(folder)
    schema.upgrade(world.engine)
    with world.engine.begin() as connection:
        TALLY.create(connection)
    begin_history(world.engine, now=world.server_now)
    college = College(code="k1", short_name="Техникум", full_name="Техникум", town="Юрга")
    open_college(world.engine, college, now=world.server_now)
    world.college = college.id
    with CollegeSession(world.engine, REGION, now=world.server_now) as db:
        for code in ROLES:
            _, section, pd = code.split(".")
            db.add(Role(code=code, name=code, permissions=_texts(section, pd)))
        commit(db, "sim.roles")
    set_key(world.engine, "k1", new_key(folder / SEAL_KEY), now=world.server_now)
    with world.session() as db:
        roles = dict(db.execute(sa.select(Role.code, Role.id)).all())
        for login, codes in FIRST_ROLES.items():
            account = Account(login=login, name=login)
            db.add(account)
            for code in sorted(codes):
                db.add(_grant(account.id, roles[code]))
            auth.set_password(db, account, PASSWORD)
        commit(db, "sim.open")
    return world


def _texts(section: str, pd: str) -> str:
    return " ".join(
        str(Permission(Section.of(section), action, next(c for c in CLASSES if c.value == pd)))
        for action in Action
    )
