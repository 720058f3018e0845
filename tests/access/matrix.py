"""Who is shown what, and who may do what: every operation of the API for every role, asked and compared with the policy.

`python -m tests.access.matrix [--url URL] [--only OPERATION …]` prints what it found, and ends with 1 where that is anything.
"""

from __future__ import annotations

import argparse
import dataclasses
import logging
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from litestar.testing import TestClient

from common.administration.kinds import AccessKind
from common.administration.roles import shipped
from common.kit.kinds import PersonalData
from common.kit.sync import Command, Outcome, PushAnswer, PushRequest, SignedIn, Status
from server.app import COMMANDS_READY
from server.kit import policy as policies
from server.kit import schema
from server.kit.callers import COOKIE
from server.kit.database import open_engine
from server.kit.outside import Outside, attach
from server.kit.packing import inflate, pack
from server.kit.policy import policy
from server.kit.tables import access_event
from server.kit.web import make_app, openapi_bytes
from tests.access import probes
from tests.access.answers import csrf_in, text_of
from tests.access.canary import (
    ENDED,
    OURS,
    OVER,
    PASSWORD,
    SHARED,
    STALE_OFFICIAL,
    THEIRS,
    Mark,
    Place,
    Region,
    canary_rows,
    dump,
    end_account,
    is_official,
    login_of,
    make_region,
    now,
)
from tests.access.probes import NOBODYS, Ask, Call

ANYBODY = "anybody"
REGION_WIDE = ("region_events", "region_rows")
BROWSER = "browser"
WHOEVER = ("signed_in", "desk", BROWSER)
NO_FIELD = "такого поля нет"
SECRET = "$argon2"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
TOGETHER = 400
"""Operations of one push."""


@dataclass
class Report:
    """What was asked, and what ought not to have been answered."""

    calls: int = 0
    operations: int = 0
    seconds: float = 0.0
    shown: set[Mark] = field(default_factory=set)
    findings: dict[str, int] = field(default_factory=dict)

    def say(self, finding: str) -> None:
        self.findings[finding] = self.findings.get(finding, 0) + 1

    def __str__(self) -> str:
        lines = [f"{finding}  ×{times}" for finding, times in self.findings.items()]
        asked = f"{self.calls} calls, {self.operations} operations pushed"
        seen = f"{len(self.shown)} canaries seen, {self.seconds:.1f} s, findings {len(lines)}"
        return "\n".join([*lines, f"{asked}, {seen}"])


class Desk(NamedTuple):
    """A subject that has signed in."""

    token: str
    device: str
    account: UUID
    permissions: frozenset[str]
    cookie: str
    """Of the same subject's browser."""
    csrf: str


class Matrix:
    """One run over a fresh region."""

    def __init__(self, region: Region, client: Any) -> None:
        self.region = region
        self.client = client
        self.report = Report()
        said = policy(region.engine, now=now)
        self.who = {(r["method"], r["path"]): r["who"] for r in said["routes"]}
        self.acts = {c["command"]: c["who"] for c in said["commands"]}
        self.readers = _holders(said, "read")
        self.writers = _holders(said, "write")
        self.over_all = _holders(said, "region")
        self.numbers: dict[str, int] = {}
        self.desks: dict[str, Desk] = {}

    def run(self, *only: str) -> Report:
        """All operations, or those of these names; `_floor` is asked of the whole matrix."""
        start = time.perf_counter()
        self._sign_in()
        end_account(self.region, ENDED)
        theirs = dump(self.region.owner, self.region.theirs)
        ours = canary_rows(self.region.owner, self.region.ours)
        self._ask_everything(only)
        self._compare(theirs, ours)
        if not only:
            self._floor()
        self.report.seconds = time.perf_counter() - start
        return self.report

    # ---- preparing

    def _sign_in(self) -> None:
        for subject in self.region.subjects:
            self.desks[subject] = self._desk(subject, OURS)
        for place in (self.region.ours, self.region.theirs):
            self._be_told(place)

    def _desk(self, subject: str, code: str) -> Desk:
        who = {"login": login_of(subject, code), "password": PASSWORD, "computer": code}
        answer = self.client.post("/api/sign-in", content=msgspec.json.encode(who))
        assert answer.status_code == 200, answer.text
        signed = msgspec.json.decode(answer.content, type=SignedIn)
        cookie, csrf = self._browser(who)
        may = frozenset(signed.permissions)
        if is_official(subject) and subject != STALE_OFFICIAL:
            role = shipped(subject.removesuffix(OVER))
            may |= {policies.OFFICIAL, *(f"{policies.OVER_ALL}{p}" for p in role.permissions)}
        return Desk(signed.token, signed.device, signed.account, may, cookie, csrf)

    def _browser(self, who: dict[str, str]) -> tuple[str, str]:
        """Signs in by a form, as `who` did at his desk: his cookie, and what his forms have to say."""
        self.client.cookies.clear()
        csrf = csrf_in(self.client.get("/sign-in"))
        form = {"csrf": csrf, "login": who["login"], "password": who["password"]}
        answer = self.client.post("/sign-in", data=form, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        cookie = self.client.cookies[COOKIE]
        found = cookie, csrf_in(self.client.get("/"))
        self.client.cookies.clear()
        return found

    def _be_told(self, place: Place) -> None:
        """Somebody who may read and write everything of a person is told what is stored."""
        asks = probes.told_operation(place)
        able = [r for r in self.region.roles if all(self._may(r, a, self.readers) for a in asks)]
        role = next(r for r in able if all(self._may(r, a, self.writers) for a in asks))
        own = place is self.region.ours
        name = role if own else f"{role} of {place.code}"
        self.desks[name] = desk = self.desks[role] if own else self._desk(role, place.code)
        outcomes = self._send(name, desk, asks)[0]
        assert all(o.status == Status.CONFLICT.value for o in outcomes)
        self.region.told[place.code] = [outcome.uuid for outcome in outcomes]

    # ---- asking

    def _ask_everything(self, only: Sequence[str]) -> None:
        described = msgspec.json.decode(openapi_bytes())["paths"]
        last = (
            "/api/sync/push",
            "/api/sign-out",
            "/sign-out",
        )  # what a role pushes itself it may read again
        for path in sorted(described, key=lambda p: (last.index(p) + 1 if p in last else 0, p)):
            if not only:
                self._other_methods(path, {m.upper() for m in described[path]})
            for method, operation in described[path].items():
                if only and operation["operationId"] not in only:
                    continue
                self._operation(operation["operationId"], method.upper(), path, operation)

    def _operation(self, name: str, method: str, path: str, described: Any) -> None:
        if (method, path) not in self.who:
            self.report.say(f"{name}: has no row in the policy")
            return
        self._crossed(next(iter(probes.calls(self.region, name, method, path, described))))
        for subject in (None, *self.region.subjects):
            calls = [*probes.calls(self.region, name, method, path, described)]
            over_all = self.who[(method, path)].startswith(policies.OFFICIAL)
            if subject is None or (over_all and not is_official(subject)):
                self._call(subject, calls[0])
            elif name == "push" and subject != ENDED:
                self._push(subject)
            else:
                told = [(c, self._call(subject, c)) for c in calls]
                if not over_all:
                    self._differing(subject, told)

    def _crossed(self, call: Call) -> None:
        """What a browser keeps opens no operation of the API, and a desk's key opens no page."""
        who = self.who[(call.method, call.path)]
        if who == ANYBODY:
            return
        desk = self.desks[self.region.roles[0]]
        of_browser = who == BROWSER
        headers = (
            {"cookie": f"{COOKIE}={desk.token}"}
            if of_browser
            else {"Authorization": f"Bearer {desk.cookie}"}
        )
        answer = self.client.request(
            call.method,
            call.at or call.path,
            params=dict(call.params),
            content=call.body,
            headers=headers,
            follow_redirects=False,
        )
        self.client.cookies.clear()
        self.report.calls += 1
        # a form without its proof is refused before anybody asks whose it is
        if answer.status_code != 401 and not (of_browser and answer.status_code == 403):
            whose = "desk" if of_browser else "browser"
            said = f"answers {answer.status_code} to the key of a {whose}"
            self.report.say(f"{call.operation}: {said}")

    def _other_methods(self, path: str, declared: set[str]) -> None:
        """What is not described is not answered, whoever asks."""
        desk = self.desks[self.region.roles[0]]
        for method in METHODS:
            if method not in declared:
                self.report.calls += 1
                answer = self.client.request(method, path, headers=_bearer(desk))
                if answer.status_code != 405:
                    self.report.say(f"{method} {path}: answers {answer.status_code}, not 405")

    def _call(self, subject: str | None, call: Call) -> tuple[int, str]:
        desk = self.desks[subject] if subject else None
        headers, body = _bearer(desk) if desk else {}, call.body
        if self.who[(call.method, call.path)] == BROWSER:
            headers = {"cookie": f"{COOKIE}={desk.cookie}"} if desk else {}
            body += f"&csrf={desk.csrf}".encode() if desk and body else b""
        answer = self.client.request(
            call.method,
            call.at or call.path,
            params=dict(call.params),
            content=body,
            headers=headers,
            follow_redirects=False,
        )
        self.client.cookies.clear()
        self.report.calls += 1
        text = text_of(answer)
        self._status(subject, call, answer.status_code)
        self._look(subject, call.operation, text)
        return answer.status_code, text

    def _status(self, subject: str | None, call: Call, status: int) -> None:
        who = self.who[(call.method, call.path)]
        if status >= 500:
            self.report.say(f"{call.operation}: answers {status} to {subject}")
        if who == ANYBODY:
            return
        if subject is None and status != 401:
            self.report.say(f"{call.operation}: answers {status} without a token")
        if subject == ENDED and who != "desk" and status != 401:
            self.report.say(f"{call.operation}: answers {status} to an account that has ended")
        if subject in (None, ENDED):
            return
        may = who in WHOEVER or who in self.desks[subject].permissions
        if may and status in (401, 403):
            self.report.say(f"{call.operation}: {subject} is turned away with {status}")
        if not may and status != 403:
            self.report.say(f"{call.operation}: {subject} is answered with {status}")

    def _look(self, subject: str | None, operation: str, text: str) -> None:
        """Is anybody shown what is not his?"""
        official = is_official(subject)
        over_all = official and operation in REGION_WIDE
        for mark in self.region.canaries.found(text):
            self.report.shown.add(mark)
            readers = self.over_all if over_all and mark.college != SHARED else self.readers
            role = (subject or "").removesuffix(OVER)
            own = mark.college == SHARED or (over_all if official else mark.college == OURS)
            if not own or role not in readers.get((mark.entity, mark.pd), set()):
                self.report.say(f"{operation}: {subject} is shown {mark}")
        for code in () if over_all else self.region.canaries.strangers(text):
            self.report.say(f"{operation}: {subject} is shown an id of {code}")
        if SECRET in text:
            self.report.say(f"{operation}: {subject} is shown the hash of a password")

    def _differing(self, subject: str, told: list[tuple[Call, tuple[int, str]]]) -> None:
        """What is another college's is answered as what does not exist."""
        none = [answer for c, answer in told if c.of == NOBODYS]
        # the row of a college is itself a row of the region
        regions = {self.region.theirs.id.hex} if is_official(subject) else set()
        for call, answer in told:
            asked = {str(value) for _, value in call.params}
            if call.of == THEIRS and answer not in none and not asked & regions:
                self.report.say(
                    f"{call.operation}: {subject} can tell a record of {THEIRS} from none"
                )

    # ---- pushing

    def _push(self, subject: str) -> None:
        asks = [ask for ask in probes.asks(self.region) if self._is_for(subject, ask)]
        records = [ask for ask in asks if not isinstance(ask.body, Command)]
        parts: list[list[Ask]] = [
            records[at : at + TOGETHER] for at in range(0, len(records), TOGETHER)
        ]
        parts += [[ask] for ask in asks if isinstance(ask.body, Command)]
        told: list[tuple[Ask, Outcome]] = []
        for part in parts:
            outcomes, text = self._send(subject, self.desks[subject], part)
            self._look(subject, "push", text)
            told += zip(part, outcomes, strict=False)
        for ask, outcome in told:
            self._judge(subject, ask, outcome)
        none = {str(ask): _said(outcome) for ask, outcome in told if ask.of == NOBODYS}
        for ask, outcome in told:
            if ask.of == THEIRS and ask.entity and _said(outcome) != none[str(ask)]:
                self.report.say(
                    f"push: {subject} can tell a {ask.entity} of {THEIRS} from none: {outcome.status}"
                )

    def _is_for(self, subject: str, ask: Ask) -> bool:
        """No answer is given that would change a record; what nobody may is asked once, of one who may the rest."""
        if ask.decides and ask.of == OURS:
            return subject not in self.writers[("handed_operation", PersonalData.P0)]
        if not ask.unknown:
            return True
        writers = [r for r in self.region.roles if self._may_all(r, ask.entity)]
        return subject in writers[:1]

    def _may(self, role: str, ask: Ask, holders: dict[Any, set[str]]) -> bool:
        return all(role in holders.get((ask.entity, pd), set()) for pd in ask.needs)

    def _may_all(self, role: str, entity: str) -> bool:
        held = [roles for (name, _), roles in self.writers.items() if name == entity]
        return bool(held) and all(role in roles for roles in held)

    def _send(self, name: str, desk: Desk, asks: Sequence[Ask]) -> tuple[list[Outcome], str]:
        first = self.numbers.get(name, 1)
        operations = [probes.operation(ask, no, desk.account) for no, ask in enumerate(asks, first)]
        request = PushRequest(device=desk.device, epoch=None, settled_to=0, operations=operations)
        answer = self.client.post("/api/sync/push", content=pack(request), headers=_bearer(desk))
        self.report.calls += 1
        if answer.status_code != 200:
            self.report.say(f"push: {asks[0]} by {name} is answered {answer.status_code}")
            return [], ""
        self.report.operations += len(operations)
        self.numbers[name] = first + len(operations)
        told = msgspec.msgpack.decode(inflate(answer.content), type=PushAnswer)
        return told.outcomes, text_of(answer)

    def _judge(self, subject: str, ask: Ask, outcome: Outcome) -> None:
        if ask.unknown:
            if NO_FIELD not in outcome.text:
                self.report.say(f"push: {subject} may set {ask.entity}.{ask.unknown}")
        elif ask.decides and outcome.status == Status.APPLIED.value:
            self.report.say(f"push: {subject} may {ask} of {ask.of} without the right")
        elif ask.needs:
            able = self._may(subject, ask, self.writers)
            refused = outcome.status == Status.QUARANTINED.value
            if not able and not refused:
                self.report.say(f"push: {subject} may {ask} without the right: {outcome.status}")
            if able and refused:
                self.report.say(f"push: {subject} may not {ask}, though the policy says so")
        if isinstance(ask.body, Command):
            self._judge_command(subject, ask, ask.body.name, outcome)
        if outcome.status == Status.FAILED.value:
            self.report.say(f"push: {ask} of {ask.of} by {subject} is a fault of the server")

    def _judge_command(self, subject: str, ask: Ask, name: str, outcome: Outcome) -> None:
        """Where the policy names a permission, whoever holds it is stopped by something else at most."""
        who = self.acts.get(name)
        if who is None:
            self.report.say(f"push: the command {name} has no row in the policy")
        elif who not in policies.WHOEVER:
            may = who in self.desks[subject].permissions
            refused = outcome.status == Status.QUARANTINED.value
            if refused and may and ask.of == OURS:
                self.report.say(f"push: {subject} may not {ask}, though the policy says so")
            if not refused and not may:
                self.report.say(f"push: {subject} may {ask} without the right: {outcome.status}")

    # ---- afterwards

    def _compare(self, theirs: dict[str, list[str]], ours: dict[str, str]) -> None:
        for table, rows in dump(self.region.owner, self.region.theirs).items():
            told = table == access_event.name
            kept = [row for row in rows if not (told and _is_read_by_official(row))]
            if kept != theirs[table]:
                self.report.say(f"the table {table} of {THEIRS} is not what it was")
        for entity, row in canary_rows(self.region.owner, self.region.ours).items():
            if row != ours[entity]:
                self.report.say(f"the record of {entity} is not what it was")

    def _floor(self) -> None:
        """A matrix that is shown nothing proves nothing."""
        seen = {(mark.entity, mark.pd) for mark in self.report.shown}
        for mark in self.region.canaries.marks:
            place = (mark.entity, mark.pd)
            if mark.college != THEIRS and place not in seen and self.readers.get(place):
                self.report.say(f"nobody was shown {mark.entity}.{mark.pd.value}")


def _holders(said: dict[str, Any], action: str) -> dict[tuple[str, PersonalData], set[str]]:
    return {
        (record["entity"], PersonalData.of(pd)): set(held[action])
        for record in said["records"]
        for pd, held in record["classes"].items()
    }


def _is_read_by_official(event: str) -> bool:
    """A line of the journal of visits that the college has to be told."""
    return f".{SHARED}'" in event and f"'{AccessKind.EXPORT.value}'" in event


def _bearer(desk: Desk) -> dict[str, str]:
    return {"Authorization": f"Bearer {desk.token}"}


def _said(outcome: Outcome) -> tuple[str, str, dict[str, str]]:
    return outcome.status, outcome.text, outcome.fields


ALWAYS = ("admission_secretary", "org_admin")
"""Between them they see and write most of what there is: no share is without them."""


def run(
    url: str, folder: Path, *only: str, owner: str = "", share: tuple[int, int] = (0, 1)
) -> Report:
    """The matrix over an empty, migrated database; `owner` opens it where the server's role does not own it.

    `share`: (1, 2) is every second role from the second on.
    """
    assert COMMANDS_READY
    engine = attach(open_engine(url), Outside(folder))
    whole = open_engine(owner or url)
    try:
        region = make_region(engine, whole)
        first, each = share
        some = {*region.roles[first::each], *ALWAYS}
        region = dataclasses.replace(
            region,
            roles=tuple(r for r in region.roles if r in some),
            officials=region.officials[bool(first) :: min(each, 2)],
        )
        app = make_app(engine, now=now, second_factor=False)
        with TestClient(app, base_url="https://matrix.local") as client:
            return Matrix(region, client).run(*only)
    finally:
        engine.dispose()
        whole.dispose()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m tests.access.matrix")
    parser.add_argument("--url", help="an empty database; SQLite in a folder of its own by default")
    parser.add_argument("--only", nargs="*", default=[], help="operations")
    asked = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as home:
        url = asked.url or f"sqlite:///{home}/epo.sqlite"
        engine = open_engine(url)
        schema.upgrade(engine)
        engine.dispose()
        report = run(url, Path(home) / "outside", *asked.only)
    sys.stdout.write(f"{report}\n")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
