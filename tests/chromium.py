"""Debian's Chromium without a window, for tests and pictures of the pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

PROGRAMS = ("chromium-headless-shell", "chromium")
KEPT_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoChromiumError(RuntimeError):
    """Chromium is not installed."""


@contextmanager
def running_chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise NoChromiumError("no Chromium: apt-get install chromium-headless-shell")
    with sync_playwright() as made:
        browser = made.chromium.launch(executable_path=program, args=[*KEPT_QUIET])
        yield browser
        browser.close()
