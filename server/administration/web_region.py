"""The routes of the region's officials: what their roles give over all colleges, and nothing to anybody of a college."""

from __future__ import annotations

from litestar import get
from litestar.params import FromQuery

from common.kit.errors import Invalid
from server.administration import operator_feed
from server.administration.operator_feed import Told
from server.kit.callers import Req
from server.kit.web_access import allowed

NOT_YOURS = "События доступа всех организаций видит оператор региона"


@get(
    "/api/region/events",
    sync_to_thread=True,
    operation_id="region_events",
    summary="События доступа для оператора региона",
)
def region_events(request: Req, since: FromQuery[int] = 0) -> Told:
    """Those after number `since`, at most 500; `more` where there are others. Numbers have no gaps."""
    allowed(request, NOT_YOURS)
    if not 0 <= since < 2**53:
        raise Invalid("Номер события — целое число от нуля")
    state = request.app.state
    return operator_feed.since(state.engine, since, now=state.now)
