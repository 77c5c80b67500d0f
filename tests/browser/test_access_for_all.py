"""Axe finds nothing on any page, light and dark, wide and narrow; nothing is wider than a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.places import everywhere
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
WIDTHS = (1440, 1024, 768, 390, 360)
JUDGED = (1440, 390)


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


def test_axe_finds_nothing_and_no_page_is_wider_than_its_screen(open_as: Open, worked: World) -> None:
    """Each page is loaded once; its width and its theme change under it."""
    page = open_as(worked.root, "/accounts/")
    found: list[str] = []
    for path in everywhere():
        settled(page, path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found += too_wide(page)
            for theme in ("light", "dark") if width in JUDGED else ():
                page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                found += [f"{theme}, {width} px: {one}" for one in violations(page)]
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
