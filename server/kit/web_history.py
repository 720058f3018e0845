"""The route of the history of records."""

from __future__ import annotations

from litestar import get
from litestar.params import FromQuery

from common.kit.errors import Invalid
from common.kit.history import MOST_ROWS, History
from server.kit.callers import Req, caller_of
from server.kit.database import reader
from server.kit.history import history, ids_in
from server.kit.session import CollegeSession

TOO_MANY = f"История спрашивают не больше чем о {MOST_ROWS} записях сразу"
NO_PLACE = "Место, с которого продолжают историю, — целое число от нуля"


@get("/api/history", sync_to_thread=True, operation_id="history", summary="История записей")
def history_route(request: Req, rows: FromQuery[str], before: FromQuery[int] = 0) -> History:
    """Who, when, what was and what became, the newest first; `rows` are ids with commas between."""
    caller, state = caller_of(request), request.app.state
    if not 0 <= before < 2**53:
        raise Invalid(NO_PLACE)
    asked = [*ids_in(rows)]
    if len(asked) > MOST_ROWS:
        raise Invalid(TOO_MANY)
    with CollegeSession(reader(state.engine), caller.college_id, now=state.now) as db:
        return history(db, caller, asked, before)
