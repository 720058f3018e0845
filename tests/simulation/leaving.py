"""Steps of people who leave, and of the administrator to whom their work is handed over."""

from __future__ import annotations

from common.kit.errors import EpoError
from server.administration.service import caller_of
from server.kit import release
from server.kit.throttle import WINDOW
from tests.simulation.base import Base
from tests.simulation.desk import SimDesk
from tests.simulation.world import ADMIN, LOGINS


class Leaving(Base):
    """Accounts that end and come back, and sealed work that is released or given up."""

    endings = 0

    def do_end(self, k: int, n: int, f: int, c: int) -> None:
        login = LOGINS[k % len(LOGINS)]
        self.endings += 1
        lives = self.world.end_account(login)
        self.say(f"the access of {login} {'comes back' if lives else 'ends'}")

    def let_in(self, desk: SimDesk) -> None:
        """Whom a restore has made a leaver again, after his access had come back, gets it once more."""
        self.world.now_ms += int(WINDOW.total_seconds() * 1000)
        if not self.world.lives(desk.login):
            self.do_end(LOGINS.index(desk.login), 0, 0, 0)

    def do_release(self, k: int, n: int, f: int, c: int) -> None:
        self.say("the administrator releases what is sealed")
        self.release(give_up=n % 2 == 1)

    def release(self, *, give_up: bool) -> bool:
        """Was anything waiting? What is not applied may be given up with a word."""
        world = self.world
        caller = caller_of(world.engine, ADMIN, now=world.server_now)
        engine, key, now = world.engine, world.identity, world.server_now
        try:
            done = release.release(engine, caller, key, [], now=now)
            for each in done:
                if not each.applied and give_up:
                    release.give_up(engine, caller, key, each.uuid, "Не нужно", now=now)
                    self.oracle.given_up.add(each.uuid)
        except EpoError:
            return True  # the centre is in recovery, or busy
        return bool(done)
