"""The line of those who come in with a password: few of the server's threads are theirs, so that nobody else waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from litestar.concurrency import sync_to_thread

from common.kit.errors import Unavailable

T = TypeVar("T")

AT_ONCE = 4
"""Of the pool's forty threads: two hash (`server.kit.passwords`), and two wait for the disk or to be next, so that no core does."""
LONGEST = 100
"""People in the line: at a dozen a second, which a small machine does, the last one waits less than a desk's patience."""
RETRY_AFTER = 5
"""Seconds."""
FULL = (
    "Сейчас на сервер входит слишком много людей сразу. Подождите несколько секунд и войдите снова"
)


class PasswordLine:
    """Of one application; only its event loop touches it."""

    def __init__(self, longest: int = LONGEST) -> None:
        self.longest = longest
        self.standing = 0
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def run(self, work: Callable[[], T]) -> T:
        """Its result, when its turn has come; Unavailable where the line is too long."""
        if self.standing >= self.longest:
            raise Unavailable(FULL, retry_after=RETRY_AFTER)
        self.standing += 1
        try:
            async with self._turns:
                return await sync_to_thread(work)
        finally:
            self.standing -= 1
