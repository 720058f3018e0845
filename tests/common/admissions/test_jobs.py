"""What the desk is told of the kinds of long work is what the server asks for."""

from __future__ import annotations

from common.admissions.jobs import TAKES
from server.admissions.jobs import WORKS
from server.kit.policy import ROUTES


def test_the_desk_knows_which_permission_each_kind_takes() -> None:
    who = {route.path: route.who for route in ROUTES if route.method == "POST"}
    assert {work.kind: who[work.path] for work in WORKS} == TAKES
