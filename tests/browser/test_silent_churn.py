"""Story 1: delivered on time, and silent from week five; found in time, re-onboarded, the review rebuilt, renewed and grown."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from keepwell.ledger.actions import people, tickets
from keepwell.outcomes import document
from keepwell.outcomes.actions import plans
from keepwell.plays.models import Incident, Run
from tests.browser import lives
from tests.browser.conftest import Open
from tests.browser.lives import DAY, Life
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.browser
LAUNCH = 154  # days ago, a Monday
WEEK_FIVE = LAUNCH - 35
END = 7


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
            lives.event("orchard", "plan.confirmed", LAUNCH + 3, vouched=False),
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


def test_orchard_falls_silent_in_week_five_and_is_won_back(
    open_as: Open, lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = life(monkeypatch)
    for ago in (LAUNCH - 1, LAUNCH - 14, LAUNCH - 28, LAUNCH - 31, LAUNCH - 34, WEEK_FIVE):
        told.until(ago)
    due = NOW - WEEK_FIVE * DAY
    assert lives.first("champion-declines", "orchard") <= due
    assert lives.first("champion-on-leave", "orchard") <= due
    assert lives.first("falls-into-red", "orchard") <= due
    assert Incident.objects.get(account__key="orchard").opened_at <= due

    page = open_as(lived.ada, "/today/")
    main = page.get_by_role("main")
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

    leader = {
        "key": "nora",
        "account": "orchard",
        "name": "Nora",
        "stance": "champion",
        "title": "Head of operations",
    }
    people.upsert(rows=[leader], source="tests", by=TESTS, at=told.now, vouched=True)
    for week in range(1, 8):
        told.until(WEEK_FIVE - 7 * week)
        page.goto(run)
        lives.tick(page)
        if week == 2:
            metrics = [
                {
                    "title": title,
                    "indicators": [{"title": title, "metric": metric, "target": 60, "trigger": 20}],
                }
                for title, metric in (
                    ("The team works in it", "core_feature_adoption"),
                    ("Every site reports", "active_people"),
                    ("Nobody waits for help", "tickets_per_month"),
                )
            ]
            plans.save(
                account="orchard",
                doc=document.read({"objectives": metrics}),
                by=lived.scope("ada"),
                at=told.now,
            )
        if week in (3, 5, 7):
            told.plan([held(WEEK_FIVE - 7 * week - 1, executive=True)])
            told.plan([lives.event("orchard", "plan.confirmed", WEEK_FIVE - 7 * week - 1, vouched=False)])
    told.until(WEEK_FIVE - 56)
    done = Run.objects.get(playbook__slug="re-onboarding", account__key="orchard")
    page.goto(run)
    assert not done.open, main.inner_text()
    expect(main).to_contain_text("Tell their executive that it is back")

    page.goto("/accounts/orchard/review/")
    for title in ("The team works in it", "Every site reports", "Nobody waits for help"):
        expect(main).to_contain_text(title)
    page.goto("/accounts/orchard/health/")
    expect(main).to_contain_text(re.compile("Healthy|Watch"))
    page.goto(incident)
    page.get_by_role("button", name="Close incident").click()
    expect(main).to_contain_text("Closed")

    root = open_as(lived.root, "/today/")
    lives.renewed(root, page, told, "orchard", ends=END, looked=END - 3, arr=220_000)
