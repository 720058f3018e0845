"""The two routes of files: pieces of any size come and go, so that a line that is cut often still brings them."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromQuery, RawBody

from common.kit.sync import FileProgress
from server.kit import files
from server.kit.callers import Req, caller_of

GUARDED = {
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
"""A browser that is led here opens nothing."""


@post(
    "/api/file",
    status_code=200,
    sync_to_thread=True,
    operation_id="send_file",
    summary="Передать часть файла",
)
def send_file(
    request: Req, digest: FromQuery[str], size: FromQuery[int], at: FromQuery[int], body: RawBody
) -> FileProgress:
    """Raw bytes of the content from `at` on → FileProgress; an empty body asks how much is there."""
    state = request.app.state
    piece = files.Piece(digest, size, at, body)
    return files.receive(state.engine, caller_of(request), piece, now=state.now)


@get("/api/file", sync_to_thread=True, operation_id="fetch_file", summary="Получить часть файла")
def fetch_file(
    request: Req, digest: FromQuery[str], at: FromQuery[int], most: FromQuery[int]
) -> Response[bytes]:
    """At most so many bytes of the content from `at` on; empty at its end."""
    state = request.app.state
    found = files.read(state.engine, caller_of(request), digest, at, most, now=state.now)
    return Response(found, media_type="application/octet-stream", headers=GUARDED)
