"""The routes of the region's officials: what their roles give over all colleges, and nothing to anybody of a college."""

from __future__ import annotations

from litestar import get
from litestar.params import FromQuery

from common.administration.kinds import AccessKind
from common.kit.errors import Invalid, NotAllowed
from server.administration import operator_feed
from server.administration.operator_feed import Told
from server.kit.auth import Caller
from server.kit.callers import Req, caller_of
from server.kit.commit import commit
from server.kit.events import note
from server.kit.policy import needed
from server.kit.session import CollegeSession


def allowed(request: Req) -> Caller:
    """Who calls; NotAllowed for everybody of a college, whatever he may there, and the journal of visits has it."""
    caller = caller_of(request)
    if needed(request.method, str(request.scope["path_template"])) in caller.region:
        return caller
    state = request.app.state
    with CollegeSession(state.engine, caller.college_id, now=state.now, author=caller.author) as db:
        note(db, AccessKind.DENIED)
        commit(db, "denied")
    raise NotAllowed("События доступа всех организаций видит оператор региона")


@get(
    "/api/region/events",
    sync_to_thread=True,
    operation_id="region_events",
    summary="События доступа для оператора региона",
)
def region_events(request: Req, since: FromQuery[int] = 0) -> Told:
    """Those after number `since`, at most 500; `more` where there are others. Numbers have no gaps."""
    allowed(request)
    if not 0 <= since < 2**53:
        raise Invalid("Номер события — целое число от нуля")
    state = request.app.state
    return operator_feed.since(state.engine, since, now=state.now)
