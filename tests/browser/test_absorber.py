"""Story 3: a launch floods the PM; triage by keyboard, an office hour, one list of gaps; load −70 %, CSAT 68 to 92 %."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect

from keepwell.faces import clock
from keepwell.ledger.actions import people, tickets
from keepwell.ledger.models import Ticket, Touchpoint
from keepwell.plays.actions import triage
from keepwell.plays.actions import triage_ways as ways
from tests.browser.conftest import Open
from tests.plays import desk
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)
BEGAN = datetime(2026, 5, 25, 9, tzinfo=UTC)  # a Monday, three weeks before NOW
ATONCE = "/triage/?account=birch"


def staffed(lived: World) -> None:
    """Birch has a PM, and no ticket from before."""
    desk.staffed(lived, account="birch")
    old = {"key": "b1", "resolved_at": NOW - 190 * DAY}
    tickets.upsert(rows=[old], source="tests", by=TESTS, at=NOW, vouched=True)


def flood(lived: World) -> None:
    """Ten users, 25 tickets in launch week that all go to Pia, and as many in each week after, which triage gets."""
    staffed(lived)
    users = [
        {"key": f"u{n}", "account": "birch", "name": f"User {n}", "email": f"u{n}@birch.test"}
        for n in range(10)
    ]
    people.upsert(rows=users, source="tests", by=TESTS, at=NOW, vouched=True)
    for n in range(25):
        launch = BEGAN - 7 * DAY + timedelta(hours=6 * n)
        desk.opened(
            f"l{n}", account="birch", at=launch, person=f"u{n % 10}", assignee="Pia", resolved_at=launch + DAY
        )
        desk.content(f"before{n}", 5.0 if n < 17 else 2.0, launch + timedelta(hours=2), account="birch")
        desk.content(
            f"after{n}", 4.0 if n < 23 else 1.0, BEGAN + 15 * DAY + timedelta(hours=n), account="birch"
        )
    triage.begin(account="birch", began_on=BEGAN.date(), pm_had_all=True, by=lived.scope("ada"), at=NOW)
    for week, to_pm in ((0, 15), (1, 10)):
        keys = [f"s{week}-{n}" for n in range(25)]
        for n, key in enumerate(keys):
            desk.opened(
                key,
                account="birch",
                at=BEGAN + (7 * week) * DAY + timedelta(hours=6 * n),
                person=f"u{n % 10}",
            )
        ways.to_pm(tickets=keys[:to_pm], by=lived.scope("ada"), at=BEGAN + 7 * (week + 1) * DAY)
        ways.into_gap(
            tickets=keys[to_pm:], title="Dark mode", by=lived.scope("ada"), at=BEGAN + 7 * (week + 1) * DAY
        )
    kinds = [
        ("", 10, "Training"),
        ("question", 5, "Question"),
        ("product_gap", 3, "Gap"),
        ("defect", 7, "Defect"),
    ]
    number = 0
    for kind, count, said in kinds:
        for n in range(count):
            at = BEGAN + 14 * DAY + timedelta(hours=6 * number)
            desk.opened(
                f"{said}-{n}",
                account="birch",
                at=at,
                person=f"u{number % 10}",
                kind=kind,
                subject=f"{said} {n}",
            )
            number += 1


def choose(page: Page, count: int) -> None:
    """Go down the rows and choose each."""
    for _ in range(count):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator(".pick :checked")).to_have_count(count)


def test_triage_absorbs_what_a_launch_throws_at_the_pm(
    open_as: Open, lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    flood(lived)
    page = open_as(lived.ada, "/library/new/")
    page.fill("#title", "How to export")
    page.fill("#body", "1. Open the report\n2. Press **Export**")
    page.select_option("#visibility", "shared")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("article ol li")).to_have_count(2)

    page.goto("/triage/office-hours/")
    page.fill("#title", "Birch asks")
    page.fill("#account", "Birch")
    page.get_by_role("button", name="Hold it every week").click()
    expect(page.get_by_role("table", name="Weekly office hours")).to_contain_text(
        "Wednesday, 15:00 (UTC), 60 min"
    )

    page.goto(f"{ATONCE}&kind=unknown")
    choose(page, 10)
    page.keyboard.press("3")
    expect(page.locator(".toast")).to_contain_text("10 tickets: Training request.")
    page.goto(f"{ATONCE}&kind=training_request")
    choose(page, 10)
    page.keyboard.press("o")
    expect(page.locator(".toast")).to_contain_text("10 tickets put into the next office hour.")

    page.goto(f"{ATONCE}&kind=question")
    choose(page, 5)
    page.keyboard.press("e")
    expect(page.get_by_label("Article")).to_be_focused()
    page.keyboard.type("How")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("5 tickets answered with an article.")

    page.goto(f"{ATONCE}&kind=product_gap")
    choose(page, 3)
    page.keyboard.press("m")
    page.keyboard.press("Tab")
    page.keyboard.type("Bulk export")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("3 tickets merged into a product gap.")

    page.goto(ATONCE)
    page.keyboard.press("j")
    page.keyboard.press("p")  # the row where one is, without choosing it
    expect(page.locator(".toast")).to_contain_text("1 ticket handed to the PM.")
    expect(page.locator("[data-row][data-current]")).to_contain_text("Defect 1")
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text("1 ticket is as it was.")
    page.goto(ATONCE)
    choose(page, 7)
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
    assert Ticket.objects.filter(key__startswith="Defect", assignee="pia@fernhill.test").count() == 7

    page.goto("/triage/office-hours/")
    page.get_by_role("table", name="Office hours, the next first").get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("10 questions")
    expect(page.get_by_role("button", name="It was held")).to_have_count(0)
    after = datetime.combine((NOW + 2 * DAY).date(), time(16), tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: after)
    page.reload()
    page.get_by_label(re.compile("User 9")).uncheck()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="It was held").click()
    expect(page.locator(".toast")).to_contain_text("10 tickets are answered")
    touchpoint = Touchpoint.objects.get(key__startswith="office-hour")
    assert len(touchpoint.attended) == 9

    page.goto("/triage/gaps/")
    rows = page.locator("tbody tr")
    expect(rows.first).to_contain_text("Dark mode")
    expect(rows.nth(1)).to_contain_text("Bulk export")

    page.goto("/triage/effect/?account=birch")
    said = page.locator("main")
    expect(said).to_contain_text("From 25.0 tickets a week that reached the PM to 7.0")
    expect(said).to_contain_text(re.compile(r"72\s%\sfewer"))
    expect(said).to_contain_text(re.compile(r"CSAT from 68\s% \(25 answers\) to 92\s% \(25 answers\)"))
    expect(page.locator("figure.chart svg").first).to_be_visible()


def test_triage_works_without_script(open_as: Open, lived: World) -> None:
    staffed(lived)
    desk.opened("t1", account="birch", subject="Where is the export?")
    page = open_as(lived.ada, ATONCE, script=False)
    page.get_by_label("Choose: Where is the export?").check()
    page.get_by_role("button", name="Question", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("1 ticket: Question.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("1 ticket is as it was.")
    page.get_by_label("Choose: Where is the export?").check()
    page.get_by_role("button", name="To the PM").click()
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
    page.get_by_role("link", name="Triaged").click()
    page.get_by_role("button", name=re.compile("Take back")).click()
    page.goto(ATONCE)
    expect(page.get_by_role("link", name="Where is the export?")).to_be_visible()
