"""What an answer of the server says, whatever it came in."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from common.kit.errors import Problem
from server.kit.packing import MEDIA, inflate

TOKEN = re.compile(r'name="csrf" value="(\w+)"')


def csrf_in(page: Any) -> str:
    found = TOKEN.search(page.text)
    assert found, page.text
    return found[1]


def text_of(answer: Any) -> str:
    """All that an answer says, without the number of its request."""
    kind = answer.headers.get("content-type", "")
    if kind.startswith(MEDIA):
        said = msgspec.msgpack.decode(inflate(answer.content))
        return msgspec.json.encode(said).decode()
    if kind.startswith("application/problem+json"):
        problem = msgspec.json.decode(answer.content, type=Problem)
        return str(msgspec.structs.replace(problem, request_id=""))
    return str(answer.content.decode("utf-8", "replace"))
