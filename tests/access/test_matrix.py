"""Every role is shown and may do exactly what the policy says, in every operation of the API."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from common.kit.sync import Save
from server.kit.database import open_engine
from server.kit.walls import admit
from tests.access import matrix, probes
from tests.postgres import ROLE, Postgres
from tests.scale import Scale
from tests.server.conftest import House
from tests.server.kit.desks import Desk, statuses, taken


def test_nobody_is_shown_or_may_do_what_the_policy_does_not_say(
    migrated_url: str, tmp_path: Path, request: pytest.FixtureRequest, scale: Scale
) -> None:
    """On PostgreSQL under the role of the server, which stands before the walls."""
    url = migrated_url
    if url.startswith("postgresql"):
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.admit(url)
        owner = open_engine(migrated_url)
        admit(owner, ROLE)
        owner.dispose()
    share = (0, 1) if scale.long else (4 * int(url != migrated_url), 9)  # the rest: poe matrix
    report = matrix.run(url, tmp_path / "outside", owner=migrated_url, share=share)
    assert not report.findings, str(report)
    assert report.calls > 500
    assert report.operations > 1000
    assert len(report.shown) > 120


def test_an_operation_that_nobody_has_said_how_to_ask_fails() -> None:
    with pytest.raises(probes.Unasked, match="POST /api/new"):
        next(probes.calls(None, "new", "POST", "/api/new", {}))  # type: ignore[arg-type]  # it is not looked at


def test_what_an_author_was_told_is_told_to_nobody_else_who_knows_the_operation(
    ours: House,
) -> None:
    """Found by the matrix: the id of an operation opened its answer, restricted values and all."""
    secretary, clerk = Desk(ours), Desk(ours, "admission_clerk")
    person, _ = taken(secretary)
    written = Save("person", person, create=False, set={"nationality": (None, "тайна")})
    unseen = Save("person", person, create=False, set={"nationality": (None, "другая")})
    secretary.push(secretary.op(written))
    asked = secretary.op(unseen)
    answer = secretary.push(asked)
    assert "тайна" in answer.outcomes[0].fields["nationality"]
    repeated = msgspec.structs.replace(clerk.op(unseen), uuid=asked.uuid)
    told = clerk.push(repeated)
    assert statuses(told) == statuses(answer) == ["conflict"]
    assert "тайна" not in str(told)
