"""Axe finds nothing on the book's pages, light and dark, wide and narrow, and nothing is wider than its screen from left to
right or from right to left; no page breaks its content policy or throws an error."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, Open
from tests.browser.places import of_the_book, of_the_door
from tests.browser.walk import judged, walk
from tests.world import World

pytestmark = pytest.mark.browser


def test_nothing_is_wrong_with_the_pages_of_the_book_and_the_door(open_as: Open, lived: World) -> None:
    page = open_as(lived.root, "/accounts/")
    found = walk(page, of_the_book())
    page.context.clear_cookies()
    found += walk(page, of_the_door()) + turned_away(page)
    assert not found, "\n".join(found)


def turned_away(page: Page) -> list[str]:
    """What axe finds at the door that stays shut."""
    page.fill("#id_login", "ada@fernhill.test")
    page.fill("#id_password", "nonsense")
    page.click("text=Sign in >> nth=-1")
    expect(page.get_by_role("alert")).to_have_count(1, timeout=PATIENCE)
    return judged(page)
