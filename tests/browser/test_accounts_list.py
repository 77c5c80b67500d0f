"""The list of accounts in a browser: reassign a book, by hand and by the keyboard alone; scroll without end."""

import pytest
from playwright.sync_api import Page, expect

from keepwell.ledger.actions import accounts
from keepwell.ledger.models import Ownership
from tests.browser.conftest import Open
from tests.browser.keyboard import tab_to
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.browser


def owner(key: str) -> str:
    return Ownership.objects.get(account__key=key, role="csm", until=None).user.email


def test_a_book_is_reassigned_and_handed_back(open_as: Open, lived: World) -> None:
    page = open_as(lived.root, "/accounts/?where=owner.csm:contains:ada")
    page.get_by_label("Select Willow").check()
    page.get_by_label("Select Elm").click(modifiers=["Shift"])
    expect(page.get_by_text("4 accounts selected")).to_be_visible()
    page.get_by_role("button", name="Assign owner").click()
    page.get_by_label("Who takes them over").select_option(label="Ben")
    expect(page.get_by_text("4 of 4 accounts change.")).to_be_visible()
    page.get_by_role("button", name="Do it").click()
    page.wait_for_url("**/accounts/?where=owner.csm:contains:ada")
    assert owner("willow") == lived.ben.email
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back for 4 accounts.")).to_be_visible()
    assert owner("willow") == lived.ada.email


def test_the_keyboard_alone_reassigns(open_as: Open, lived: World) -> None:
    page = open_as(lived.root, "/accounts/?sort=name")
    for key in ("j", "x", "j", "Shift+x"):
        page.keyboard.press(key)
    expect(page.get_by_text("2 accounts selected")).to_be_visible()
    page.keyboard.press("a")
    page.wait_for_url("**/accounts-bulk/**")
    tab_to(page, "Who takes them over")
    page.keyboard.type("Ben")
    page.keyboard.press("Tab")
    expect(page.get_by_text("2 of 2 accounts change.")).to_be_visible()
    tab_to(page, "Do it")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/?sort=name")
    assert [owner(key) for key in ("ash", "birch", "elm")] == [
        lived.ben.email,
        lived.ben.email,
        lived.ada.email,
    ]


def test_rows_are_ticked_before_the_page_is_drawn(open_as: Open, lived: World) -> None:
    page = open_as(lived.root, "/today/")
    page.add_init_script("window.requestAnimationFrame = () => 0")
    page.goto("/accounts/?sort=name")
    for key in ("j", "x", "j", "Shift+x"):
        page.keyboard.press(key)
    expect(page.get_by_text("2 accounts selected")).to_be_visible()


def test_a_long_list_scrolls_with_few_rows_in_the_document(open_as: Open, lived: World) -> None:
    many = [{"key": f"n{number:04}", "name": f"Nettle {number:04}"} for number in range(900)]
    accounts.upsert(rows=many, source="tests", by=TESTS, at=NOW, vouched=True)
    page = open_as(lived.root, "/accounts/?sort=name&q=nettle")
    box = page.locator("[data-sheet]")
    expect(box.locator("tbody.gap")).to_have_count(2)
    for share in (0.3, 0.9, 0.5, 1.0):
        box.evaluate(
            "(box, share) => { box.scrollTop = share * (box.scrollHeight - box.clientHeight); }", share
        )
        expect(page.get_by_role("link", name=f"Nettle {min(899, round(share * 880)):04}")).to_be_attached()
        assert rows(page) <= 200
    expect(page.get_by_role("link", name="Nettle 0899")).to_be_in_viewport()


def test_a_column_is_widened_with_the_keyboard_and_stays(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/")
    edge = page.get_by_role("separator", name="Width of Renewal")
    before = int(edge.get_attribute("aria-valuenow") or "")
    edge.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**cols=**")
    expect(edge).to_have_attribute("aria-valuenow", str(before + 16))
    page.reload()
    expect(edge).to_have_attribute("aria-valuenow", str(before + 16))


def rows(page: Page) -> int:
    return page.locator(".book [data-row]").count()
