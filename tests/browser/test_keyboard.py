"""With the keyboard alone: one sees where one is, nothing holds one fast, and what closes gives the focus back."""

import re

import pytest
from playwright.sync_api import Page, expect

from keepwell.plays.actions import tasks
from keepwell.plays.actions.tasks import Wanted
from tests.browser.conftest import Open
from tests.browser.keyboard import tab_to, walked
from tests.world import NOW, World

pytestmark = pytest.mark.browser
STEPS = 45


def here(page: Page) -> str:
    return str(page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))


def test_the_tab_key_shows_where_one_is_and_is_never_caught(open_as: Open, lived: World) -> None:
    page = open_as(lived.root, "/accounts/")
    for path in ("/accounts/", "/today/", "/accounts/willow/", "/signals/new/", "/settings/company/"):
        page.goto(path)
        reached, unseen = walked(page, steps=STEPS)
        assert not unseen, (path, unseen[:3])
        assert reached > STEPS * 0.6, f"{path} holds the tab key fast: {reached} things in {STEPS} steps"


def test_what_closes_gives_the_focus_back(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/willow/")
    tab_to(page, "Health")
    came_from = here(page)
    for key, name in (("?", "Keyboard"), ("Control+k", "Search")):
        page.keyboard.press(key)
        dialog = page.get_by_role("dialog", name=name)
        expect(dialog).to_be_visible()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('dialog, body').tagName") in ("DIALOG", "BODY")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        assert here(page) == came_from
    page.goto("/accounts/willow/health/")
    tab_to(page, "What Seat utilisation means")
    page.keyboard.press("Enter")
    expect(page.locator(".slip:popover-open")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".slip:popover-open")).to_have_count(0)
    assert "What Seat utilisation means" in here(page)
    page.goto("/accounts/")
    tab_to(page, "Columns")
    page.keyboard.press("Enter")
    menu = page.locator("details.menu[open]")
    expect(menu).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    assert "Columns" in here(page)


def test_notifications_and_preferences_by_keys(open_as: Open, lived: World) -> None:
    wanted = Wanted("Look at this", NOW, "ada@fernhill.test")
    tasks.make(account="elm", wanted=wanted, by=lived.scope("ben"), at=NOW)
    page = open_as(lived.ada, "/incidents/")
    expect(page.locator("#bell .count")).to_have_text("2")  # Willow's incident called her, too
    page.locator("#bell").evaluate(
        "bell => bell.closest('header, .bar').querySelector('a, input, button').focus()"
    )
    tab_to(page, page.locator("#bell").get_attribute("aria-label") or "")
    page.keyboard.press("Enter")
    page.wait_for_url("**/notifications/")
    page.keyboard.press("j")
    expect(page.locator("[data-row][data-current]")).to_contain_text("Look at this")
    page.keyboard.press("e")
    expect(page.locator("#bell .count")).to_have_text("1")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/settings/")
    tab_to(page, "Preferences")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/preferences/")
    tab_to(page, "Density")
    page.keyboard.type("Compact")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-density", "compact")
    expect(page.get_by_role("status").first).to_contain_text(re.compile(r"\w"))
