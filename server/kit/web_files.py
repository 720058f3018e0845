"""The two routes of files: pieces come as far as the line lets them, and go out as they are asked for."""

from __future__ import annotations

import asyncio

from litestar import Response, get, post
from litestar.exceptions import InternalServerException
from litestar.params import FromQuery

from common.kit.errors import Invalid
from common.kit.sync import FileProgress
from server.kit import files
from server.kit.callers import Req, caller_of

GUARDED = {
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
"""A browser that is led here opens nothing."""


@post("/api/file", status_code=200, operation_id="send_file", summary="Передать часть файла")
async def send_file(
    request: Req, digest: FromQuery[str], size: FromQuery[int], at: FromQuery[int]
) -> FileProgress:
    """Raw bytes of the content from `at` on → FileProgress; an empty body asks how much is there."""
    state = request.app.state
    caller = await asyncio.to_thread(caller_of, request)
    place = await asyncio.to_thread(files.expect, state.engine, caller, digest, size, now=state.now)
    if 0 <= at <= place.have < size:
        await _take(request, place, at)
    return await asyncio.to_thread(files.progress, state.engine, caller, place, now=state.now)


async def _take(request: Req, place: files.Place, at: int) -> None:
    """What comes before the line is cut is kept."""
    with place.writer(at) as part:
        try:
            async for chunk in request.stream():
                if at + len(chunk) > place.size:
                    raise Invalid("Файл длиннее, чем было сказано")
                if chunk:
                    await asyncio.to_thread(files.write, part, chunk)
                at += len(chunk)
        except InternalServerException:  # Litestar's word for a line that was cut
            return


@get("/api/file", sync_to_thread=True, operation_id="fetch_file", summary="Получить часть файла")
def fetch_file(request: Req, digest: FromQuery[str], at: FromQuery[int]) -> Response[bytes]:
    """Bytes of the content from `at` on, a piece at a time; empty at its end."""
    state = request.app.state
    piece = files.read(state.engine, caller_of(request), digest, at, now=state.now)
    return Response(piece, media_type="application/octet-stream", headers=GUARDED)
