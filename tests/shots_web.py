"""The pages of a browser, on a telephone and on a desk, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.chromium import running_chromium
from tests.demo_world import PASSWORD

SIZES = ((360, 740), (800, 600), (1280, 800))
PLACES = {
    "me": "/",
    "sessions": "/sessions",
    "password": "/password",
    "manual": "/manual",
    "manual_page": "/manual/bezopasnost",
    "manual_search": "/manual?q=пароль",
    "fault": "/manual/nothing",
}


def enter(page: Page, login: str, password: str = PASSWORD) -> None:
    page.fill("#login", login)
    page.fill("#password", password)
    page.press("#password", "Enter")


def shoot_pages(address: str, login: str, place: Path) -> None:
    with running_chromium() as browser:
        for scheme, (width, height) in _ways():
            _shoot(browser, address, login, place, scheme, width, height)


def _ways() -> Iterator[tuple[str, tuple[int, int]]]:
    yield from ((scheme, size) for scheme in ("light", "dark") for size in SIZES)


def _shoot(
    browser: Browser, address: str, login: str, place: Path, scheme: str, width: int, height: int
) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )

    def shoot(name: str) -> None:
        page.screenshot(path=place / f"web_{name}_{scheme}_{width}.png", full_page=True)

    page.goto(address)
    shoot("sign_in")
    enter(page, login, "не тот")
    shoot("sign_in_wrong")
    enter(page, login)
    for name, path in PLACES.items():
        page.goto(f"{address}{path}")
        shoot(name)
    page.context.clear_cookies()
    page.close()
