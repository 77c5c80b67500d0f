"""Axe finds nothing on any page, light and dark, wide and narrow; nothing is wider than a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.places import everywhere
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{page.url}: {one['id']}: {one['help']}\n    {node['html'][:160]}\n    {node['failureSummary'][:300]}"
        for one in found
        for node in one["nodes"][:3]
    ]


def settled(page: Page, path: str) -> None:
    """The page with the charts that it loads by itself."""
    page.goto(path)
    expect(page.locator("[hx-trigger=load], .htmx-request, .htmx-swapping")).to_have_count(0)


def too_wide(page: Page) -> list[str]:
    needed, has = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{page.url} needs {needed} of {has} pixels"] if needed > has else []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(open_as: Open, worked: World, width: int, theme: str) -> None:
    page = open_as(worked.root, "/accounts/", width=width, theme=theme)
    found: list[str] = []
    for path in everywhere():
        settled(page, path)
        found += violations(page) + too_wide(page)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_at_the_door(open_as: Open, lived: World) -> None:
    page = open_as(lived.root, "/accounts/")
    page.context.clear_cookies()
    settled(page, "/me/login/")
    assert not violations(page)
    page.fill("#id_login", "ada@fernhill.test")
    page.fill("#id_password", "nonsense")
    page.click("text=Sign in >> nth=-1")
    assert page.get_by_role("alert").count() == 1
    assert not violations(page)


@pytest.mark.parametrize("width", [360, 768, 1024])
def test_no_page_is_wider_than_its_screen(open_as: Open, worked: World, width: int) -> None:
    page = open_as(worked.root, "/accounts/", width=width)
    wide: list[str] = []
    for path in everywhere():
        settled(page, path)
        wide += too_wide(page)
    assert not wide
