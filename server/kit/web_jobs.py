"""The routes of long work; each kind of it is begun by a route of its own, with a row of its own in the policy."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery, RawBody

from common.kit.errors import NotAllowed, RuleBroken
from common.kit.jobs import Job, JobAsked, JobInput, Jobs
from server.kit import jobs
from server.kit.callers import Req, caller_of
from server.kit.jobs import Work
from server.kit.noting import note_denied
from server.kit.packing import unpack_json
from server.kit.web_files import GUARDED

NOT_YOURS = "Нет права: {what}"
ONLY_OWN = "Это делают те, чья роль действует на всю организацию; ваша открывает только своё"


def start_route(work: Work) -> Any:
    """The handler that begins jobs of this kind: JSON of what it takes → Job."""
    refusal = NOT_YOURS.format(what=work.title[:1].lower() + work.title[1:])

    @post(
        work.path,
        status_code=200,
        sync_to_thread=True,
        operation_id=work.kind.replace("-", "_"),
        summary=work.title,
    )
    def begin(request: Req, body: RawBody) -> Job:
        caller, state = caller_of(request), request.app.state
        if not work.opens_to(caller.permissions):
            if work.opens_to(caller.own.permissions):
                raise RuleBroken(ONLY_OWN)
            note_denied(state.engine, caller, now=state.now)
            raise NotAllowed(refusal)
        return jobs.start(state.engine, caller, work, unpack_json(work.takes, body), now=state.now)

    return begin


@get("/api/jobs", sync_to_thread=True, operation_id="jobs", summary="Мои долгие работы")
def jobs_route(request: Req) -> Jobs:
    """One's own, the newest first."""
    state = request.app.state
    return jobs.jobs_of(state.engine, caller_of(request), now=state.now)


@post(
    "/api/jobs/cancel",
    status_code=200,
    sync_to_thread=True,
    operation_id="cancel_job",
    summary="Отменить долгую работу",
)
def cancel_route(request: Req, body: RawBody) -> Job:
    """JSON JobAsked → the job, cancelled, or as it had ended before."""
    caller, state = caller_of(request), request.app.state
    return jobs.cancel(state.engine, caller, unpack_json(JobAsked, body).id, now=state.now)


@post(
    "/api/jobs/input",
    status_code=200,
    sync_to_thread=True,
    operation_id="send_job_input",
    summary="Передать таблицу для долгой работы",
)
def input_route(
    request: Req, body: RawBody, id: FromQuery[str] = "", at: FromQuery[int] = 0
) -> JobInput:
    """Raw bytes of the table from `at` on; the last of them put the job into the queue."""
    state = request.app.state
    return jobs.receive(state.engine, caller_of(request), id, at, body, now=state.now)


@get(
    "/api/jobs/result",
    sync_to_thread=True,
    operation_id="job_result",
    summary="Получить то, что сделала долгая работа",
)
def result_route(
    request: Req, id: FromQuery[str] = "", at: FromQuery[int] = 0, most: FromQuery[int] = 0
) -> Response[bytes]:
    """At most so many bytes of the file from `at` on; empty at its end."""
    state = request.app.state
    found = jobs.read(state.engine, caller_of(request), id, at, most, now=state.now)
    return Response(found, media_type="application/octet-stream", headers=GUARDED)


ROUTES = [jobs_route, cancel_route, input_route, result_route]
