"""Story 1: delivered on time, and silent from week five; found in time, re-onboarded, the review rebuilt, renewed and grown."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from keepwell.ledger.actions import tickets
from keepwell.ledger.models import Account
from keepwell.plays.models import Incident, Run
from tests.browser import aims, deals, lives
from tests.browser.conftest import Open
from tests.browser.lives import DAY, Life
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.browser
LAUNCH = 154  # days ago, a Monday
PLANNED = LAUNCH + 3
WEEK_FIVE = LAUNCH - 35
REVIEW = WEEK_FIVE - 14
END = 7
BEFORE = (
    "Adoption passes seventy percent",
    "Three wins are written down with figures",
    "Launch tickets are absorbed",
)
METRICS = (
    ("The team works in it", "Core-feature adoption", "60"),
    ("Every site reports", "Active people", "30"),
    ("Nobody waits for help", "Tickets a month", "2"),
)


@pytest.fixture
def lived(transactional_db: None, settings: object, monkeypatch: pytest.MonkeyPatch) -> World:
    """Orchard, an engagement of Ada's that was delivered on time, beside the others."""
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}  # type: ignore[attr-defined]
    cast = lives.begin("agency")
    lives.customer(cast, "orchard", "Orchard", since=LAUNCH + 120)
    lives.sign("orchard", since=LAUNCH + 120, until=END, arr=180_000, seats=40)
    return cast


def held(ago: int, *, executive: bool) -> Any:
    return lives.event("orchard", "review.held", ago, value=float(executive), vouched=False)


def life(monkeypatch: pytest.MonkeyPatch) -> Life:
    """Four good weeks, then silence: adoption near 40 %, executives stay away, the champion declines and is on leave."""
    told = Life(monkeypatch)
    asked = {"key": "q1", "account": "orchard", "kind": "question", "opened_at": NOW - (LAUNCH - 3) * DAY}
    tickets.upsert(rows=[asked], source="desk", by=TESTS, at=NOW - (LAUNCH - 3) * DAY, vouched=True)
    told.plan(
        [
            lives.person("orchard", "stance.changed", LAUNCH + 100, feature="champion"),
            *(lives.person("orchard", "touchpoint.attended", LAUNCH - 7 * week) for week in range(5)),
            *(held(LAUNCH - 7 * week, executive=True) for week in range(1, 5)),
            held(LAUNCH - 33, executive=False),
            lives.person("orchard", "touchpoint.declined", LAUNCH - 30),
            lives.person("orchard", "touchpoint.declined", LAUNCH - 33),
            lives.person("orchard", "person.on_leave", LAUNCH - 33),
            *lives.use("orchard", range(WEEK_FIVE - 14, LAUNCH), 16, 2),
            *lives.use("orchard", range(END, WEEK_FIVE - 14), 32, 5),
        ]
    )
    return told


def arrives(page: Page) -> None:
    """The new leader stands among their people."""
    page.goto("/accounts/orchard/people/")
    page.get_by_role("link", name="Add a person").click()
    page.fill("[name=name]", "Nora")
    page.fill("[name=title]", "Head of operations")
    page.fill("[name=roles]", "executive")
    page.select_option("[name=stance]", "champion")
    page.get_by_role("button", name="Add person").click()
    expect(page.get_by_role("table", name="People of the account")).to_contain_text("Nora")


def rebuild(page: Page) -> None:
    """The plan says Nora's three metrics instead of what nobody asks for any more; she agrees."""
    page.goto("/accounts/orchard/plan/")
    for title in BEFORE:
        aims.drop(page, title)
    for title, measure, target in METRICS:
        aims.outcome(page, "orchard", title, until=NOW - END * DAY, measure=measure, target=target)
    aims.agree(page, who="Nora", how="Workshop", version=2)


def test_orchard_falls_silent_in_week_five_and_is_won_back(
    open_as: Open, lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = life(monkeypatch)
    told.until(PLANNED)
    page = open_as(lived.ada, "/accounts/orchard/")
    main = page.get_by_role("main")
    aims.begin(page, "orchard", template="Early wins after launch")
    aims.agree(page, who="Cora", how="Kickoff")
    for ago in (LAUNCH - 1, LAUNCH - 14, LAUNCH - 28, LAUNCH - 31, LAUNCH - 34, WEEK_FIVE):
        told.until(ago)
    due = NOW - WEEK_FIVE * DAY
    assert lives.first("champion-declines", "orchard") <= due
    assert lives.first("champion-on-leave", "orchard") <= due
    assert lives.first("falls-into-red", "orchard") <= due
    assert Incident.objects.get(account__key="orchard").opened_at <= due

    page.goto("/today/")
    row = page.locator("#today li", has_text="Health fell into red · Orchard")
    row.get_by_role("link", name="Health fell into red").first.click()
    expect(page).to_have_url(re.compile(r"/incidents/\d+/$"))
    incident = page.url
    expect(main).to_contain_text("Orchard: Health fell into red")
    expect(main).to_contain_text("Core-feature adoption")
    page.goto("/accounts/orchard/incidents/")
    page.get_by_role("link", name="Re-onboarding").first.click()
    expect(main).to_contain_text("A champion is on leave")
    run = page.url
    expect(main).to_contain_text("Thirty minutes of just checking")
    lives.tick(page)

    page.goto(incident)
    page.get_by_label("What was said").fill("The new team never scoped the product.")
    page.get_by_role("button", name="The call was held").click()
    page.get_by_label("Which it is").select_option(index=1)
    page.get_by_label("In words").fill("The champion is on parental leave and her team was reorganised.")
    page.get_by_role("button", name="Note the cause").click()
    page.get_by_label("Plan", exact=True).fill(
        "Re-onboard the new team; a review around three metrics of its leader."
    )
    page.get_by_role("button", name="Note the plan").click()

    arrives(page)
    for week in range(1, 8):
        told.until(WEEK_FIVE - 7 * week)
        if week == 1:
            rebuild(page)
            when = (NOW - REVIEW * DAY).replace(hour=10, minute=0)
            review = deals.plan_review(page, "orchard", title="Nora's three metrics", at=when, theirs="Nora")
        if week == 2:
            deals.hold_review(
                page, review, decisions="The runbook is three pages from now on.", todo="Show each site its report",
                due=told.now + 10 * DAY, stood={METRICS[0][0]: ("Behind", "We never scoped it.")},
            )  # fmt: skip
        if week in (4, 7):
            aims.refresh(page, "orchard", note="In the weekly call", version=3 if week == 4 else 4)
        page.goto(run)
        lives.tick(page)
    told.until(WEEK_FIVE - 56)
    done = Run.objects.get(playbook__slug="re-onboarding", account__key="orchard")
    page.goto(run)
    assert not done.open, main.inner_text()
    expect(main).to_contain_text("Tell their executive that it is back")

    page.goto("/accounts/orchard/review/")
    for title, _, _ in METRICS:
        expect(main).to_contain_text(title)
    page.goto("/accounts/orchard/health/")
    expect(main).to_contain_text(re.compile("Healthy|Watch"))
    page.goto(incident)
    page.get_by_role("button", name="Close incident").click()
    expect(main).to_contain_text("Closed")

    deals.renew(
        page, told, "orchard", was=180_000, arr=220_000, reason="Won back after a rescue", ends=END, looked=END - 3
    )  # fmt: skip
    heard = Account.objects.get(key="orchard").pk
    when_agreed = [one["day"] for one in deals.facts(heard, "plan.agreed", until=told.now)]
    assert when_agreed == [(NOW - ago * DAY).date() for ago in (PLANNED, WEEK_FIVE - 7)]
    noted = deals.fact(heard, "review.noted", until=told.now)
    assert noted["day"] == (NOW - REVIEW * DAY).date()
