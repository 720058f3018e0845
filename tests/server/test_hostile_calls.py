"""Whatever is sent to whatever operation, the server answers in its own words and never with a fault (TRUST C-36 … C-40).

The calls are made by hypothesis from the description of the API; what a message may hold comes from tests/hostile.py.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from common.kit.ids import new_id
from common.kit.sync import (
    Bucket,
    Command,
    Cursor,
    Delete,
    OfferRequest,
    Operation,
    PullRequest,
    PushRequest,
    Restore,
    Save,
    SealedOperation,
    SealRequest,
    SignedIn,
)
from common.kit.upcasting import NEWER
from server.kit.packing import pack
from server.kit.web import make_app, openapi_bytes
from tests.hostile import NUMBERS, VALUES
from tests.scale import Scale
from tests.server.conftest import PASSWORD, House, now
from tests.server.kit.desks import AT, person

SAME = settings(
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
DESCRIBED = {
    operation["operationId"]: (method.upper(), path, operation.get("parameters", []))
    for path, methods in msgspec.json.decode(openapi_bytes())["paths"].items()
    for method, operation in methods.items()
    if operation["operationId"] != "sign_out" and not operation["operationId"].startswith("page_")
}
"""What a program asks; the pages of a browser are tried in tests/server/web."""


class Caller:
    """A secretary who has signed in, and the messages that he would rightly send."""

    def __init__(self, client: Any) -> None:
        self.client = client
        who = {"login": "admission_secretary.k1", "password": PASSWORD, "computer": "ПК"}
        answer = client.post("/api/sign-in", content=msgspec.json.encode(who))
        self.signed = msgspec.json.decode(answer.content, type=SignedIn)
        self.no = 0

    def send(self, name: str, params: dict[str, Any], body: bytes, **headers: str) -> Any:
        method, path, _ = DESCRIBED[name]
        bearer = {"Authorization": f"Bearer {self.signed.token}"} | headers
        return self.client.request(method, path, params=params, content=body, headers=bearer)

    def message(self, name: str, chance: random.Random) -> Any:
        """What the operation takes, as plain values; None where it takes none."""
        device, made = self.signed.device, new_id()
        gate: dict[str, Any] = {"device": device, "epoch": None}
        match name:
            case "sign_in":
                return {"login": "admission_secretary.k1", "password": "x", "computer": "ПК"}
            case "pull":
                bucket = Bucket(self.signed.college.hex, "admissions", "P0", 0)
                said: Any = PullRequest(**gate, ticket=1, cursors=[Cursor(bucket)], handed=[made])
            case "push":
                said = PushRequest(**gate, settled_to=0, operations=[self._operation(chance)])
            case "offer":
                said = OfferRequest(**gate, uuids=[made], replaces="x")
            case "seal":
                blobs = [SealedOperation(made, b"x")]
                said = SealRequest(**gate, uuids=[made], blobs=blobs)
            case _:
                return None
        return msgspec.to_builtins(said, builtin_types=(UUID, bytes))

    def _operation(self, chance: random.Random) -> Operation:
        id = new_id()
        args = {"entity": "person", "id": id.hex, "mine": id.hex, "theirs": id.hex, "word": "я"}
        name = chance.choice(["lease_numbers", "hand", "send_handed", "read", "adopt"])
        more = {"book": "applicant:2026", "handed": id.hex, "of": id.hex, "set": {}}
        command = Command(name, args | more)
        bodies: list[Save | Delete | Restore | Command] = [
            person(id),
            Delete("person", id),
            Restore("applicant", id),
            command,
        ]
        body = chance.choice(bodies)
        return Operation(uuid=new_id(), no=1, author=self.signed.account, at=AT, body=body)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything inside."""
    inside: list[tuple[Any, Any]] = [*value.items()] if isinstance(value, dict) else []
    inside += [*enumerate(value)] if isinstance(value, list) else []
    for key, below in inside:
        yield (*path, key)
        yield from places(below, (*path, key))


def spoilt(message: Any, chance: random.Random) -> Any:
    """The message with one or two of its values changed for others."""
    made = copy.deepcopy(message)
    for _ in range(chance.randint(1, 2)):
        ways = [*places(made)]
        if not ways:
            break
        *way, last = chance.choice(ways)
        at = made
        for key in way:
            at = at[key]
        at[last] = chance.choice(VALUES)
    return made


@pytest.fixture
def caller(ours: House) -> Iterator[Caller]:
    app = make_app(ours.engine, now=now, second_factor=False)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Caller(client)


def check(answer: Any) -> None:
    """A record of a newer program must wait and not be lost: that alone is told to come again."""
    later = answer.status_code == 503 and answer.json()["title"] == NEWER
    assert answer.status_code < 500 or later, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) <= {
            "type",
            "title",
            "status",
            "request_id",
            "fields",
            "retry_after",
        }
        assert "Traceback" not in answer.text
        assert "sqlalchemy" not in answer.text.lower()


@pytest.mark.parametrize("name", DESCRIBED)
def test_no_message_makes_the_server_fail(caller: Caller, name: str, scale: Scale) -> None:
    @settings(SAME, max_examples=scale(40, 400))
    @given(st.randoms(use_true_random=False))
    def ask(chance: random.Random) -> None:
        method, _, parameters = DESCRIBED[name]
        params = {p["name"]: chance.choice([*NUMBERS, *VALUES, "0" * 64, 0]) for p in parameters}
        params = {key: value for key, value in params.items() if isinstance(value, str | int)}
        message = caller.message(name, chance)
        if message is None:
            body = chance.randbytes(chance.randint(0, 40)) if method == "POST" else b""
        else:
            wrong = spoilt(message, chance)
            if name == "push" and isinstance(wrong, dict) and chance.random() < 0.9:
                device = caller.signed.device
                wrong |= {"device": device}
            body = _json(wrong) if name == "sign_in" else pack(wrong)
        check(caller.send(name, params, body))

    ask()


def _json(message: Any) -> bytes:
    try:
        return msgspec.json.encode(message)
    except (TypeError, UnicodeEncodeError, msgspec.MsgspecError):
        return b'{"login": "\\ud800"}'


NO_MESSAGES = {
    "nothing": b"",
    "nuls": b"\0" * 100,
    "too large": b"x" * 2_100_000,
    "nested": b"[" * 10_000,
    "wrong kind": pack({"device": ["x"] * 10}),
    "lists": pack([[[[]]]] * 1000),
    "deflate bomb": pack(b"\0" * 9_000_000),
}


@pytest.mark.parametrize("name", ["sign_in", "pull", "push", "offer", "seal"])
def test_a_body_that_is_no_message_is_refused(caller: Caller, name: str) -> None:
    for what, body in NO_MESSAGES.items():
        answer = caller.send(name, {}, body)
        check(answer)
        assert 400 <= answer.status_code < 500, what


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer \x7f", "Basic eDp4", "Bearer " + "x" * 8000]
)
def test_a_token_that_is_none_is_a_stranger(caller: Caller, token: str) -> None:
    answer = caller.send("me", {}, b"", Authorization=token)
    check(answer)
    assert answer.status_code == 401
