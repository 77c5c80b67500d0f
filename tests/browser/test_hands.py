"""Keyboard, mouse and finger on the pages, with script and without."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Position, Route, expect

from keepwell.intake.actions import imports, undoing
from keepwell.intake.models import Undo
from keepwell.ledger.actions import relay
from tests.browser.conftest import Open
from tests.faces.web import book
from tests.intake.files import imported
from tests.world import NOW, PASSWORD, World

pytestmark = pytest.mark.browser


def names(page: Page) -> Locator:
    return page.locator(".book tbody .name bdi")


def at(picture: Locator, share: float) -> Position:
    """A point half-way down a picture, so far along it."""
    box = picture.bounding_box()
    assert box is not None
    return {"x": box["width"] * share, "y": box["height"] / 2}


def test_the_keyboard_moves_opens_finds_and_explains(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/birch/")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/incidents/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_label("Search, or name what to do")).to_be_focused()
    page.keyboard.type("jak")
    expect(page.get_by_label("Search, or name what to do")).to_have_value("jak")


def test_search_narrows_while_typing_and_the_address_follows(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/incidents/")
    page.goto("/accounts/")
    page.get_by_role("searchbox").press_sequentially("wil", delay=250)
    page.wait_for_url("**/accounts/?q=wil")
    expect(names(page)).to_have_text(["Willow"])
    page.go_back()
    page.wait_for_url("**/incidents/")


def test_everything_is_found_and_done_from_the_palette(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/incidents/")
    page.keyboard.press("Control+k")
    option = page.get_by_role("dialog", name="Search").get_by_role("option")
    page.keyboard.type("wilow")
    expect(option.first).to_contain_text("Willow")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/willow/")
    page.keyboard.press("Control+k")
    expect(option.first).to_contain_text("opened lately")
    page.keyboard.type("log a touch")
    expect(option.first).to_have_text(re.compile("Log a touchpoint for …"))
    page.keyboard.press("Enter")
    page.keyboard.type("bir")
    expect(option.first).to_have_text(re.compile("Log a touchpoint for Birch"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/touchpoints/new/?account=birch")
    page.keyboard.press("Escape")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("/")
    page.keyboard.type("dark")
    expect(option.first).to_contain_text("Dark colours")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("html[data-theme=dark]")).to_have_count(1)


def test_the_search_works_without_script(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/incidents/", script=False)
    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").fill("wilow")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Willow").first.click()
    page.wait_for_url("**/accounts/willow/")


def test_bands_and_days_filter_without_a_new_page(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/")
    page.evaluate("window.kept = true")
    page.get_by_role("link", name="Healthy").click()
    page.wait_for_url("**band=green")
    expect(names(page)).to_have_text(["Birch"])
    assert page.evaluate("window.kept") is True
    page.fill("#as-of", "2026-05-31")
    page.wait_for_url("**as_of=2026-05-31**")
    expect(page.locator(".state")).to_contain_text("as of 31 May")


def test_charts_come_by_themselves_and_say_their_figures(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/willow/health/")
    chart = page.locator("figure.chart").first
    expect(chart).to_contain_text(re.compile(r"Health fell from \d+ to \d+"))
    picture = chart.locator(".picture[data-width=wide] svg")
    picture.hover(position=at(picture, 0.9))
    expect(chart.locator(".said")).to_contain_text(
        re.compile(r"\d+\s\w+\s2026: \d+, (Watch|At risk), \d+\s%\sknown")
    )
    page.get_by_role("heading", name="Each part over time").scroll_into_view_if_needed()
    expect(page.locator(".smalls figure")).to_have_count(6)


def test_a_definition_opens_beside_its_measure(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/willow/health/")
    page.get_by_role("button", name="What Seat utilisation means").click()
    expect(page.locator(".slip:popover-open")).to_contain_text("against the seats")
    page.keyboard.press("Escape")
    expect(page.locator(".slip:popover-open")).to_have_count(0)


def test_a_task_is_ticked_off_in_place(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, f"/incidents/{book.incident().pk}/")
    page.fill("#cause", "Exports broke.")
    page.get_by_role("button", name="Complete: Call the customer").click()
    expect(page.locator("#tasks")).to_contain_text("1 of 3 done")
    assert page.input_value("#cause") == "Exports broke.", "what is being typed stays"
    page.get_by_role("button", name="Reopen: Call the customer").click()
    expect(page.locator("#tasks")).to_contain_text("0 of 3 done")


@pytest.mark.parametrize("script", [True, False])
def test_the_theme_switches_and_stays(open_as: Open, lived: World, script: bool) -> None:
    page = open_as(lived.ada, "/incidents/", script=script)
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html[data-theme=dark]")).to_have_count(1)
    page.goto("/measures/")
    expect(page.locator("html[data-theme=dark]")).to_have_count(1)


def test_an_import_is_watched_to_its_end(open_as: Open, lived: World, tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text("company_id,name\nZ-1,Nimbus\nZ-2,Oak\n,Nobody\n")
    page = open_as(lived.root, "/data/imports/new/")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_label("Column for Key")).to_have_value("company_id")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("#progress")).to_contain_text("Waiting for its turn")
    imports.run(batch_id=int(re.findall(r"\d+", page.url)[-1]), at=NOW)
    expect(page.locator(".counts")).to_contain_text("created")
    expect(page.get_by_role("table", name="Rows that were not taken")).to_contain_text("Nobody")


def test_all_of_it_works_without_script(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/", script=False)
    page.context.clear_cookies()
    page.goto("/accounts/")
    page.fill("#id_login", "ada@fernhill.test")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/accounts/?sort=name")
    page.get_by_role("searchbox").fill("wil")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/accounts/\?.*q=wil"))
    expect(names(page)).to_have_text(["Willow"])
    page.get_by_role("link", name="Willow").click()
    page.get_by_role("link", name="Health", exact=True).click()
    page.get_by_role("link", name="Health over time").click()
    expect(page.locator("figure.chart figcaption")).to_contain_text("Health fell")
    page.goto(f"/incidents/{book.incident().pk}/")
    page.get_by_role("button", name="Complete: Call the customer").click()
    expect(page.locator("#tasks")).to_contain_text("1 of 3 done")
    page.select_option("#cause_kind", "defects")
    page.fill("#cause", "Exports broke.")
    page.get_by_role("button", name="Note the cause").click()
    expect(page.locator("#tasks")).to_contain_text("2 of 3 done")
    page.fill("#plan", "Fixed on Friday.")
    page.get_by_role("button", name="Note the plan").click()
    expect(page.locator("#tasks")).to_contain_text("3 of 3 done")
    page.get_by_role("button", name="Close incident").click()
    expect(page.locator("main")).to_contain_text("Closed 15 Jun")
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/")
    assert "login" in page.url


def test_a_phone_has_its_places_at_the_thumb(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/", width=390)
    box = page.locator(".rail").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    page.locator(".rail").get_by_role("link", name="Incidents").click()
    page.wait_for_url("**/incidents/")
    expect(page.get_by_role("link", name="Willow")).to_be_visible()


def test_a_touchpoint_is_logged_with_the_keyboard(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/willow/timeline/")
    page.keyboard.press("n")
    page.wait_for_url("**/touchpoints/new/**")
    page.get_by_label("Kind").select_option("call")
    page.get_by_label("Subject").fill("Exports are slow")
    page.get_by_label("Minutes").fill("25")
    page.get_by_role("group", name="Attended").get_by_label("Grace Hopper").check()
    page.get_by_label("Subject").press("Enter")
    page.wait_for_url("**/accounts/willow/timeline/")
    expect(page.locator("#notices")).to_contain_text("Touchpoint “Exports are slow” is there.")
    expect(page.locator("#happened")).to_contain_text("on its way")
    relay.all_waiting(at=NOW)
    expect(page.locator("#happened")).to_contain_text("Exports are slow")
    expect(page.locator("#happened")).not_to_contain_text("on its way")


def test_what_is_wrong_with_a_touchpoint_is_said_at_its_field(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/data/records/touchpoints/new/?account=willow")
    page.get_by_label("Minutes").fill("half an hour")
    page.get_by_role("button", name="Add touchpoint").click()
    expect(page.get_by_label("Minutes")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Minutes")).to_have_value("half an hour")
    expect(page.locator("#f-minutes-error")).to_contain_text("is no number")


def test_a_row_is_edited_deleted_and_brought_back(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/willow/service/")
    page.get_by_role("link", name="Export times out").first.click()
    page.get_by_label("Subject").fill("Export is slow")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/accounts/willow/service/")
    page.get_by_role("link", name="Export is slow").first.click()
    page.get_by_role("button", name="Delete this ticket").click()
    page.wait_for_url("**/accounts/willow/service/")
    expect(page.get_by_role("link", name="Export is slow")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Subject")).to_have_value("Export is slow")
    page.goto("/accounts/willow/service/")
    expect(page.get_by_role("link", name="Export is slow").first).to_be_visible()


def test_a_person_is_taken_off_an_account_and_put_back(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/willow/people/")
    page.get_by_role("table").get_by_role("link", name="Alan Kay").click()
    page.get_by_role("link", name="All of the record").click()
    page.get_by_role("button", name="Take off Willow").click()
    page.wait_for_url("**/accounts/willow/people/")
    expect(page.get_by_role("table").get_by_role("link", name="Alan Kay")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("table").get_by_role("link", name="Alan Kay")).to_have_count(1)


def test_an_account_is_chosen_by_typing_its_name(open_as: Open, lived: World) -> None:
    page = open_as(lived.root, "/accounts/willow/organisation/merger/")
    page.get_by_label("Into the account").press_sequentially("bir", delay=50)
    expect(page.locator("#accounts-found option[value=birch]")).to_have_count(1)
    page.get_by_label("Into the account").fill("Birch")
    page.get_by_role("button", name="See what moves").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merge Willow into Birch?")
    page.get_by_role("button", name="Merge").click()
    page.wait_for_url("**/accounts/birch/organisation/")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator("main")).to_contain_text("taken back")


def test_an_import_is_undone_from_its_page(open_as: Open, lived: World) -> None:
    batch = imported("accounts", "key,name\nnimbus,Nimbus\n")
    page = open_as(lived.root, f"/data/imports/{batch.batch_id}/")
    page.get_by_role("link", name="Undo this import").click()
    expect(page.locator("main")).to_contain_text("1 row that it created will go")
    page.get_by_role("button", name="Undo the import").click()
    expect(page.locator("#progress")).to_contain_text("Waiting for its turn")
    undoing.run(undo_id=Undo.objects.get().pk, at=NOW)
    expect(page.locator(".counts")).to_contain_text("1")
    page.goto("/accounts/?q=nimbus")
    expect(names(page)).to_have_text([])


def test_a_rejection_is_mended_and_replayed(open_as: Open, lived: World) -> None:
    imported("tickets", "key,account,opened_at\nt1,willow,soon\n")
    page = open_as(lived.root, "/data/rejected/")
    page.get_by_role("table", name=re.compile("Reasons")).get_by_role("link").first.click()
    page.get_by_role("link", name="Row 2").click()
    page.get_by_label("opened_at").fill("2026-06-03")
    page.get_by_role("button", name="Save and replay").click()
    expect(page.locator("main")).to_contain_text("Replayed: created")
    page.goto("/data/rejected/")
    expect(page.locator("main")).to_contain_text("Nothing waits to be mended.")


def test_the_tab_key_leaves_a_question_as_it_is(open_as: Open, lived: World) -> None:
    page = open_as(lived.root, "/segments/new/")
    page.get_by_label("What is asked about").select_option(label="Active people")
    page.get_by_label("How it is asked").select_option(label="is below")
    page.get_by_label("Value").fill("5")
    page.get_by_label("Value").press("Tab")
    expect(page.locator(".live")).to_contain_text("Active people is below 5 people.")
    expect(page.get_by_label("Value")).to_have_value("5")


def test_a_chart_opens_its_days_by_keys_and_by_pointer(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/willow/health/")
    reading = page.locator("figure.chart [data-reading]").first
    reading.focus()
    latest = reading.inner_text()
    page.keyboard.press("ArrowLeft")
    expect(reading).not_to_have_text(latest)
    earlier = reading.inner_text()
    page.keyboard.press("ArrowRight")
    expect(reading).to_have_text(latest)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/willow/health/?as_of=*")
    day = date.fromisoformat(page.url.partition("as_of=")[2][:10])
    assert earlier.replace("\xa0", " ").startswith(f"{day:%-d %b %Y}:")
    page.goto(page.url.partition("?")[0])
    picture = page.locator("figure.chart[data-opens] .picture[data-width=wide] svg").first
    picture.click(position=at(picture, 0.8))
    page.wait_for_url("**as_of=*")


def test_the_focus_goes_on_where_an_editor_was_left(open_as: Open, lived: World) -> None:
    page = open_as(lived.root, "/segments/shaky/edit/")

    def here() -> str:
        return str(page.evaluate("document.activeElement.id"))

    add = page.locator("#add-0")
    add.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[id^=of-0-]:focus")).to_have_count(1)
    added = here()
    assert page.locator(f"#{added}").input_value() == ""
    page.locator(f"#{added.replace('of-', 'remove-')}").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(add).to_be_focused()
    first = page.locator("[id^=of-0-]").first
    first.focus()
    name = here()
    with page.expect_response("**/segments/shaky/edit/"):
        first.select_option("metric.active_days")
    expect(page.locator(f"#{name}")).to_be_focused()


def test_a_key_is_copied(open_as: Open, lived: World) -> None:
    page = open_as(lived.root, "/data/sources/new/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("Name", exact=True).fill("Shop")
    page.get_by_label("Slug").fill("shop")
    page.get_by_role("button", name="Make the source").click()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#key").inner_text()


def test_a_newer_question_takes_the_place_of_an_older(open_as: Open, lived: World) -> None:
    page = open_as(lived.ada, "/accounts/willow/contracts/")
    page.get_by_role("link", name=re.compile("^Expand")).first.click()
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(lambda address: "/contracts/expanded/" in address, hold_the_first)
    for amount in ("1,000", "2,000"):
        with page.expect_request(lambda request: request.method == "POST"):
            page.locator("[name=amount]").fill(amount)
            page.locator("[name=amount]").blur()
    expect(page.locator("#effect")).to_contain_text("2,000")
