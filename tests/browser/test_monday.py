"""Monday morning: Ada opens Keepwell, works through what waits with the keyboard alone, and hears of what comes."""

import re

import pytest
from playwright.sync_api import Page, expect

from keepwell.faces.web.pages import today as today_page
from keepwell.plays.actions import tasks
from keepwell.plays.actions.tasks import Wanted
from keepwell.plays.models import Notification, TaskCompletion
from tests.browser.conftest import Open
from tests.world import NOW, World

pytestmark = pytest.mark.browser
CURRENT = "#today [data-row][data-current] .what"


def what(page: Page) -> list[str]:
    return page.locator("#today .what").all_inner_texts()


def go_to(page: Page, said: str) -> None:
    """To the top, then down row by row."""
    rows = len(what(page))
    for key in ["k"] * rows + ["j"] * rows:
        if page.locator(CURRENT).all_inner_texts() == [said]:
            return
        page.keyboard.press(key)
    expect(page.locator(CURRENT)).to_have_text(said)


def test_monday_morning_with_the_keyboard_alone(open_as: Open, lived: World) -> None:
    wanted = Wanted("Send the deck", NOW, "ada@fernhill.test")
    tasks.make(account="birch", wanted=wanted, by=lived.scope("ada"), at=NOW)
    page = open_as(lived.ada, "/")
    expect(page).to_have_url(re.compile("/today/$"))
    expect(page.locator("#today .state")).to_contain_text("clocks run")
    everything = what(page)
    assert everything[0].endswith("Willow"), "the clock that runs comes first"

    go_to(page, "Send the deck · Birch")
    after = everything[everything.index("Send the deck · Birch") + 1]
    page.keyboard.press("e")
    expect(page.get_by_role("status").filter(has_text="Done: Send the deck")).to_be_visible()
    expect(page.locator("#today .what", has_text="Send the deck · Birch")).to_have_count(0)
    expect(page.locator(CURRENT)).to_have_text(after)
    assert TaskCompletion.objects.count() == 1
    page.keyboard.press("z")
    expect(page.locator("#today .what", has_text="Send the deck · Birch")).to_have_count(1)
    assert TaskCompletion.objects.count() == 0

    renewal = "Prepare the renewal · Elm"
    go_to(page, renewal)
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Tomorrow")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#today")).to_contain_text("1 snoozed item")
    expect(page.locator("#today .what", has_text=renewal)).to_have_count(0)

    go_to(page, everything[0])
    page.keyboard.press("a")
    expect(page.get_by_role("combobox", name="Colleague").first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/incidents/\d+/$"))


def test_what_comes_leaves_one_where_one_is(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/today/")
    with page.expect_response(re.compile("/live/$")):
        page.reload()
    here = what(page)[-1]
    go_to(page, here)
    wanted = Wanted("Look at this", NOW, "ada@fernhill.test")
    tasks.make(account="elm", wanted=wanted, by=lived.scope("ben"), at=NOW)
    expect(page.locator("#today")).to_contain_text("Look at this")
    expect(page.locator(CURRENT)).to_have_text(here)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/today/" not in address)


def test_the_keys_reach_every_row_of_a_long_list(
    open_as: Open, lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_as(lived.ada, "/today/")
    everything = what(page)
    monkeypatch.setattr(today_page, "AT_ONCE", 2)
    with page.expect_response(re.compile("/live/$")):
        page.reload()
    for said in everything:
        page.keyboard.press("j")
        expect(page.locator(CURRENT)).to_have_text(said)
        expect(
            page.locator("#today .what").nth(min(everything.index(said) + 1, len(everything) - 1))
        ).to_be_attached()
    expect(page.locator("#today .what")).to_have_text(everything)
    expect(page.locator("[data-more]")).to_have_count(0)
    wanted = Wanted("Look at this", NOW, "ada@fernhill.test")
    tasks.make(account="elm", wanted=wanted, by=lived.scope("ben"), at=NOW)
    expect(page.locator("#today")).to_contain_text("Look at this")
    expect(page.locator("#today .what")).to_have_count(len(everything) + 1)
    expect(page.locator(CURRENT)).to_have_text(everything[-1])


def test_what_ben_gives_ada_shows_without_a_reload(open_as: Open, lived: World) -> None:
    before = Notification.objects.filter(user=lived.ada, read_at=None).count()
    page = open_as(lived.ada, "/today/")
    expect(page.locator("#bell .count")).to_have_text([str(before)] if before else [])
    page.evaluate("window.kept = true")
    with page.expect_response(re.compile("/live/$")):
        page.reload()
    wanted = Wanted("Look at this", NOW, "ada@fernhill.test")
    tasks.make(account="elm", wanted=wanted, by=lived.scope("ben"), at=NOW)
    expect(page.locator("#bell .count")).to_have_text(str(before + 1))
    expect(page.locator("#today")).to_contain_text("Look at this")
