"""A desk of the simulation: the shipped store over its files, which may be closed at any commit and copied at any time."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

from client.store import receiving, sealing, sending, syncing
from client.store.journal import LEASE_COMMAND
from client.store.store import Store
from common.kit.errors import AccessEnded, EpoError
from common.kit.sync import Command, PullAnswer
from tests.simulation.world import KEY, PASSWORD, Wire, World

NEVER = 10**9


class Crash(BaseException):
    """The program ends between two of its transactions."""


class Fused:
    """A connection that ends the program before the next transaction, once the fuse has burnt down."""

    def __init__(self, real: Any, desk: SimDesk) -> None:
        self._real = real
        self._desk = desk

    def execute(self, sql: str, *rest: Any) -> Any:
        if sql == "BEGIN IMMEDIATE":
            self._desk.burn()
        return self._real.execute(sql, *rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class SimDesk:
    """`name` is for people; `family` is shared by copies of one profile."""

    def __init__(self, world: World, name: str, login: str, folder: Path, family: str = "") -> None:
        self.world = world
        self.name = name
        self.login = login
        self.folder = folder
        self.family = family or name
        self.fuse = NEVER
        self.skew = 0
        self.dead = False
        self.damaged = False
        self.waits = False
        """The centre has not let its person in."""
        self.wire = Wire(world)
        self.opened: Store | None = None

    # ---- the program

    @property
    def store(self) -> Store:
        if self.opened is None:
            self.opened = Store(self.folder, KEY, (), now=self.now, ticks=lambda: self.world.now_ms)
            self.wire.token = self.opened.journal.fact("token", "")
            self.protect(self.opened)
        return self.opened

    def protect(self, store: Store) -> None:
        for owner in (store.journal, store.cache):
            if not isinstance(owner.connection, Fused):
                owner.connection = Fused(owner.connection, self)

    def now(self) -> int:
        return self.world.now_ms + self.skew

    def burn(self) -> None:
        self.fuse -= 1
        if self.fuse < 0:
            raise Crash

    def close(self) -> None:
        self.fuse = NEVER
        if self.opened is not None:
            self.opened.close()
            self.opened = None

    def sign_in(self) -> None:
        self.waits = True
        syncing.sign_in(self.store, self.wire, self.login, PASSWORD, self.name)
        self.waits = False
        self.wire.token = self.store.journal.fact("token", "")

    def copy(self, name: str) -> SimDesk:
        """Another computer, or a shelf, with all that this disk holds."""
        self.close()
        folder = self.world.folder / name
        shutil.copytree(self.folder, folder)
        return SimDesk(self.world, name, self.login, folder, self.family)

    def spoil_cache(self) -> None:
        """The cache is lost, as after a fault of the disk."""
        name = str(self.store.journal.fact("cache", "cache.db"))
        self.close()
        for path in self.folder.glob(name + "*"):
            path.unlink()

    # ---- the network

    def round(self) -> syncing.Round:
        done = syncing.run(self.store, self.wire)
        self.protect(self.store)
        if done.ended and not done.closed:
            self.sign_in()
        return done

    def ask(self, kind: str) -> Any:
        """A request of that kind as the store makes it now; None where it makes none."""
        if kind == "offer":
            return sending.offer_request(self.store)
        if kind == "push":
            return sending.push_request(self.store)
        if self.store.journal.fact("reload"):
            return None
        return receiving.pull_request(self.store, self.store.cache, self.wire.limit)

    def send(self, kind: str, request: Any) -> Any:
        return getattr(self.wire, kind)(request)

    def take(self, kind: str, request: Any, answer: Any) -> None:
        """Obey an answer, however late it comes."""
        store = self.store
        try:
            if kind == "offer":
                sending.take_offer(store, answer, request.epoch)
            elif kind == "push":
                sending.take_push(store, request, answer)
            else:
                self.take_pull(request, answer)
        except EpoError:
            return  # it speaks of another history
        finally:
            self.protect(store)

    def take_pull(self, request: Any, answer: PullAnswer) -> None:
        store = self.store
        if answer.was is not None:
            sending.change_history(store, answer, request.epoch)
        elif not store.journal.fact("reload"):
            receiving.take_pull(store, store.cache, answer, {})
            store.cache.set_state(unlisted=0)
            store.cache.lost = store.cache.left = False

    # ---- looking

    def facts(self) -> dict[str, Any]:
        names = ("epoch", "device", "offer", "reload", "series")
        return {name: self.store.journal.fact(name) for name in names}

    @property
    def ended(self) -> bool:
        return bool(self.store.ended)

    def end(self, fault: AccessEnded) -> None:
        """What a round would do about it."""
        if sealing.is_proven(str(self.store.journal.fact("ending", "")), fault):
            sealing.end_access(self.store, fault)
            self.protect(self.store)

    def requests(self) -> set[UUID]:
        """Operations that ask for numbers: no work of a person."""
        asked = self.store.journal.entries("entity = ''")
        return {
            e.op.uuid
            for e in asked
            if isinstance(e.op.body, Command) and e.op.body.name == LEASE_COMMAND
        }

    def decisions(self) -> dict[UUID, UUID]:
        """What was given up, with the operation that says so."""
        rows = self.store.journal.connection.execute(
            "SELECT uuid, decision FROM op WHERE closed <> '' AND decision <> ''"
        )
        return {UUID(uuid): UUID(decision) for uuid, decision in rows}

    def operations(self) -> dict[UUID, tuple[str, str]]:
        """Status and closing word of everything the journal holds, sealed or not."""
        rows = self.store.journal.connection.execute("SELECT uuid, status, closed FROM op")
        found = {UUID(uuid): (status, closed) for uuid, status, closed in rows}
        sealed = self.store.journal.connection.execute("SELECT uuid FROM sealed")
        return {UUID(uuid): ("sealed", "") for (uuid,) in sealed} | found
