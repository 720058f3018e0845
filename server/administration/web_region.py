"""The routes of the region's officials: what their roles give over all colleges, and nothing to anybody of a college."""

from __future__ import annotations

from litestar import get
from litestar.params import FromQuery

from common.kit.errors import Invalid
from server.administration import operator_feed
from server.administration.operator_feed import Told
from server.administration.region_rows import RegionRows, note_reading, rows_of
from server.kit.callers import Req
from server.kit.web_access import allowed

NOT_YOURS = "События доступа всех организаций видит оператор региона"

OFFICIALS = "Записи всех организаций читают только работники региона"


@get(
    "/api/region/events",
    sync_to_thread=True,
    operation_id="region_events",
    summary="События доступа для оператора региона",
)
def region_events(request: Req, since: FromQuery[int] = 0) -> Told:
    """Those after number `since`, at most 500; `more` where there are others. Numbers have no gaps."""
    caller, state = allowed(request, NOT_YOURS), request.app.state
    if not 0 <= since < 2**53:
        raise Invalid("Номер события — целое число от нуля")
    told = operator_feed.since(state.engine, since, now=state.now)
    if told.events:
        note_reading(state.engine, caller, "operator_event", len(told.events), now=state.now)
    return told


@get(
    "/api/region/rows",
    sync_to_thread=True,
    operation_id="region_rows",
    summary="Записи организации для работника региона",
)
def region_rows(
    request: Req, entity: FromQuery[str], college: FromQuery[str], after: FromQuery[str] = ""
) -> RegionRows:
    """At most 200 of that college, with the fields that his role opens; `after` the last id of the page before."""
    caller, state = allowed(request, OFFICIALS), request.app.state
    return rows_of(state.engine, caller, entity, college, after, now=state.now)
