"""The pages as people meet them: a real server, a real Chromium without scripts, the keyboard alone (UX §9, 36–38)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import NoChromiumError, running_chromium
from tests.demo_world import PASSWORD, World, world
from tests.shots_web import PLACES

LOGIN = "priem1"
STATUS = "Failed to load resource: the server responded with a status of 40"
"""What a browser always says of an answer that is no page of ours."""
WIDTHS = (320, 360, 800, 1280)
LARGE = "html { font-size: 200% !important }"
SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden])')]
    .filter(one => { const box = one.getBoundingClientRect();
        return box.width && box.height < 24 && getComputedStyle(one).display != 'inline'; })
    .map(one => one.outerHTML)"""
NAMELESS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden])')]
    .filter(one => !(one.labels && one.labels.length) && !one.innerText.trim() && !one.ariaLabel)
    .map(one => one.outerHTML)"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    try:
        with running_chromium() as browser:
            yield browser
    except NoChromiumError as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("centre"), applicants=40) as running:
        yield running


@dataclass
class Visit:
    """One person's browser; what it complained of and where it asked for anything."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def open(self, path: str = "/") -> None:
        self.page.goto(f"{self.address}{path}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go_by(self, key: str) -> None:
        """To the page that this key leads to."""
        with self.page.expect_navigation():
            self.press(key)

    def focus(self) -> str:
        """The name of what the keyboard is at, or its words."""
        said: str = self.page.evaluate(
            "() => { const one = document.activeElement; return one.id || one.ariaLabel || one.innerText }"
        )
        return said

    def come_in(self, login: str = LOGIN, password: str = PASSWORD) -> None:
        """By keys alone, as soon as the field of the login has the focus: Chromium gives it some time after the page."""
        expect(self.page.locator("#login")).to_be_focused()
        self.page.keyboard.type(login)
        self.press("Tab")
        self.page.keyboard.type(password)
        self.go_by("Enter")


@pytest.fixture
def visit(chromium: Browser, centre: World) -> Iterator[Visit]:
    context = chromium.new_context(java_script_enabled=False, locale="ru-RU")
    page = context.new_page()
    made = Visit(page, centre.address)
    page.on("console", lambda said: made.complaints.append(said.text))
    page.on("request", lambda request: made.asked.add(request.url))
    yield made
    context.close()


def is_whole(page: Page) -> bool:
    fits: bool = page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    return fits


def test_ux_37_a_person_comes_in_looks_round_and_leaves_without_scripts_or_mouse(
    visit: Visit,
) -> None:
    visit.open("/sessions")
    assert visit.focus() == "login"
    visit.come_in()
    assert visit.page.title() == "Мои сеансы — АИС ЭПО"
    visit.open("/manual/vhod")
    visit.press("Tab")
    assert visit.focus() == "К содержанию"
    visit.press("Enter", "Tab")
    assert visit.focus() == "q"
    visit.page.keyboard.type("пароль")
    visit.go_by("Enter")
    assert visit.page.inner_text("h1").startswith("Найдено:")
    visit.open("/")
    found = []
    for _ in range(7):
        visit.press("Tab")
        found.append(visit.focus())
    assert found == [
        "К содержанию", "АИС ЭПО", "Кто я", "Сеансы", "Пароль", "Руководство", "Выйти",
    ]  # fmt: skip
    visit.go_by("Enter")
    assert visit.page.title() == "Вход — АИС ЭПО"
    visit.page.go_back()
    assert "Кузьмина" not in visit.page.content()


def test_another_browser_is_ended_by_keys_and_is_out_at_once(
    visit: Visit, chromium: Browser, centre: World
) -> None:
    with chromium.new_context() as context:
        other = Visit(context.new_page(), centre.address)
        other.open()
        other.come_in()
        assert other.page.title() == "Кто я и что мне можно — АИС ЭПО"
        assert other.page.evaluate("() => document.cookie") == ""
        visit.open("/sessions")
        visit.come_in()
        assert visit.page.title() == "Мои сеансы — АИС ЭПО"
        ending = visit.page.locator("form[action='/sessions/end'] button")
        ending.first.focus()
        visit.go_by("Enter")
        assert "Сеанс закончен" in visit.page.inner_text("[role=status]")
        other.open()
        assert other.page.title() == "Вход — АИС ЭПО"


@pytest.mark.parametrize("width", WIDTHS)
def test_ux_36_no_page_is_wider_than_its_window_even_in_letters_twice_as_large(
    chromium: Browser, centre: World, width: int
) -> None:
    with chromium.new_context(viewport={"width": width, "height": 700}, bypass_csp=True) as context:
        visit = Visit(context.new_page(), centre.address)
        for path in ("/", *PLACES.values()):
            visit.open(path)
            if visit.focus() == "login":
                assert is_whole(visit.page)
                visit.come_in()
            assert is_whole(visit.page), path
            assert visit.page.evaluate(SMALL) == [], path
            assert visit.page.evaluate(NAMELESS) == [], path
            visit.page.add_style_tag(content=LARGE)
            assert is_whole(visit.page), f"{path}, letters 200 %"


def test_ux_38_a_wrong_form_says_so_keeps_what_was_typed_and_leads_to_its_field(
    visit: Visit,
) -> None:
    visit.open()
    visit.come_in(password="не тот пароль")
    assert visit.page.title() == "Ошибка: Вход — АИС ЭПО"
    assert visit.focus() == "faults"
    assert visit.page.input_value("#login") == LOGIN
    assert visit.page.input_value("#password") == ""
    visit.page.fill("#password", PASSWORD)
    visit.page.focus("#password")
    visit.go_by("Enter")
    visit.open("/password")
    for _ in range(3):
        visit.page.keyboard.type("x")
        visit.press("Tab")
    visit.press("Shift+Tab")
    visit.go_by("Enter")
    assert visit.page.title() == "Ошибка: Сменить пароль — АИС ЭПО"
    assert visit.focus() == "faults"
    visit.press("Tab", "Enter")
    assert visit.focus() == "old"
    assert visit.page.get_attribute("#old", "aria-invalid") == "true"


def test_a_page_asks_for_nothing_elsewhere_breaks_no_policy_and_is_light(visit: Visit) -> None:
    visit.open()
    visit.come_in()
    for path in PLACES.values():
        visit.open(path)
    assert [said for said in visit.complaints if not said.startswith(STATUS)] == []
    assert {url.split("/")[2] for url in visit.asked} == {visit.address.removeprefix("http://")}
    sizes = visit.page.evaluate(
        "() => performance.getEntriesByType('resource').map(one => one.decodedBodySize)"
    )
    assert sum(sizes) < 200_000
    assert len(visit.page.content().encode()) < 30_000
