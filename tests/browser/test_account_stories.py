"""Two stories on an account's page: why is this red, and turn back to March; by mouse and by keyboard alone."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.keyboard import tab_to
from tests.world import World


def test_why_is_this_red(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/?band=red")
    page.get_by_role("link", name="Willow").click()
    facts = page.locator(".facts")
    expect(facts).to_contain_text("At risk")
    expect(facts).to_contain_text(re.compile(r"Escalations a month (rose|fell)|NPS fell"))
    expect(page.locator(".split")).to_contain_text("Ticket escalated")
    page.get_by_role("link", name=re.compile(r"Health fell from \d+ to \d+")).click()
    expect(page.get_by_role("table", name="Causes of the movement")).to_contain_text(
        "Escalations a month rose"
    )
    page.goto("/accounts/willow/")
    page.get_by_role("link", name="Call the customer").first.click()
    expect(page).to_have_url(re.compile(r"/incidents/\d+/$"))


def test_why_is_this_red_by_keyboard_alone(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/?band=red")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/willow/")
    tab_to(page, "Health")
    page.keyboard.press("Enter")
    page.wait_for_url("**/health/")
    expect(page.locator("figure.chart").first).to_be_visible()
    tab_to(page, "Table")
    page.keyboard.press("Enter")
    figures = page.get_by_role("region", name=re.compile(r"Figures: Health fell"))
    expect(figures).to_contain_text(re.compile(r"Escalations a month\s3\.3"))
    movement = page.locator("#movement", has_text="Escalations a month rose")
    for _ in range(60):  # a part loads once it comes into view
        page.keyboard.press("PageDown")
        if movement.count():
            break
        page.wait_for_timeout(500)
    expect(movement).to_have_count(1)


def test_turn_back_to_march(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/willow/")
    page.get_by_label("As of").fill("2026-03-12")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/accounts/willow/?as_of=2026-03-12")
    banner = page.locator(".turned")
    expect(banner).to_contain_text("You see 12 March 2026, 95 days ago, from what is known now.")
    expect(page.locator(".facts")).not_to_contain_text("At risk")
    banner.get_by_role("link", name="As known then").click()
    expect(banner).to_contain_text("from what was known then")
    page.get_by_role("link", name="Contracts").click()
    page.wait_for_url("**/contracts/?as_of=2026-03-12&known=then")
    expect(banner).to_contain_text("12 March 2026")
    expect(page.get_by_role("link", name="Log a touchpoint")).to_have_count(0)
    banner.get_by_role("link", name="Back to today").click()
    page.wait_for_url("**/contracts/")
    expect(banner).to_have_count(0)


def test_turn_back_to_march_by_keyboard_alone(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/willow/health/")
    tab_to(page, "As of")
    page.keyboard.type("03122026")
    page.keyboard.press("Enter")
    page.wait_for_url("**/health/?as_of=2026-03-12")
    expect(page.locator(".turned")).to_contain_text("12 March 2026")
    page.keyboard.press("c")
    page.wait_for_url("**/comparison/?since=2026-03-12")
    expect(page.get_by_role("heading", name="12 March 2026 beside today")).to_be_visible()
    page.go_back()
    page.keyboard.press("0")
    page.wait_for_url("**/accounts/willow/health/")
