"""Story 4: TechCorp, $45k, nine months in, use −45 % in 60 days, champion gone for six weeks; rescued in twelve, renewed."""

import re

import pytest
from playwright.sync_api import expect

from keepwell.ledger.actions import surveys, touchpoints
from keepwell.plays.models import Run
from tests.browser import deals, lives
from tests.browser.conftest import Open
from tests.browser.lives import DAY, Life
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.browser
FOUND = 91  # days ago, a Monday: nine months after the start, three before the end
GONE = FOUND + 42
END = FOUND - 92


@pytest.fixture
def lived(transactional_db: None, settings: object, monkeypatch: pytest.MonkeyPatch) -> World:
    """TechCorp among Ada's customers, on the day on which its life begins."""
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}  # type: ignore[attr-defined]
    cast = lives.begin("saas")
    lives.customer(cast, "techcorp", "TechCorp", since=FOUND + 274)
    lives.sign("techcorp", since=FOUND + 274, until=END, arr=45_000, seats=20)
    return cast


def life(monkeypatch: pytest.MonkeyPatch) -> Life:
    """What happens until the rescue bears fruit."""
    told = Life(monkeypatch)
    told.plan(
        [
            lives.person("techcorp", "stance.changed", FOUND + 260, feature="champion"),
            lives.person("techcorp", "person.left", GONE),
            *lives.use("techcorp", range(FOUND + 60, FOUND + 150), 11, 4),
            *lives.use("techcorp", range(FOUND + 45, FOUND + 60), 10, 4),
            *lives.use("techcorp", range(FOUND + 29, FOUND + 45), 9, 4),
            *lives.use("techcorp", range(FOUND - 79, FOUND + 29), 6, 4),  # −45 % in sixty days
            *lives.use("techcorp", range(END, FOUND - 79), 14, 4),
        ]
    )
    answer = {
        "key": "n1", "account": "techcorp", "kind": "nps", "score": 4, "answered_at": NOW - (FOUND + 20) * DAY,
    }  # fmt: skip
    surveys.upsert(rows=[answer], source="tests", by=TESTS, at=NOW - (FOUND + 20) * DAY, vouched=True)
    return told


def spoke(key: str, ago: float, **more: object) -> None:
    row = {"key": key, "account": "techcorp", "kind": "call", "held_at": NOW - ago * DAY, **more}
    touchpoints.upsert(rows=[row], source="tests", by=TESTS, at=NOW - ago * DAY, vouched=True)


def test_techcorp_is_found_rescued_in_twelve_weeks_and_renewed(
    open_as: Open, lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = life(monkeypatch)
    for ago in (FOUND + 61, GONE + 1, GONE - 1, GONE - 6, FOUND + 21, FOUND + 7, FOUND):
        told.until(ago)
    assert lives.first("champion-left", "techcorp") <= NOW - (GONE - 7) * DAY, "within the first week"
    assert lives.first("high-value-declining", "techcorp") <= NOW - FOUND * DAY, "by nine months"

    page = open_as(lived.ada, "/today/")
    row = page.locator("#today li", has_text="High value, declining use · TechCorp")
    expect(row).to_contain_text("$45k")
    row.get_by_role("link", name="High value, declining use").first.click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("TechCorp: High value, declining use")
    expect(main).to_contain_text("Active people")
    page.get_by_role("button", name="Open an incident").click()
    expect(page).to_have_url(re.compile(r"/incidents/\d+/$"))
    incident = page.url
    expect(main).to_contain_text("Root cause")
    expect(page.locator("#clocks")).to_contain_text("Call")

    page.goto("/accounts/techcorp/incidents/")
    page.get_by_label("Start a playbook").select_option("red-account-rescue")
    page.get_by_label(re.compile("^Why")).fill("Champion gone, no executive, renewal in three months")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(main).to_contain_text("Week 1: map the stakeholders of TechCorp")
    expect(main).to_contain_text("Champion gone, no executive")
    run = page.url

    page.goto(incident)
    page.get_by_label("What was said").fill("Nobody of theirs owns it.")
    page.get_by_role("button", name="The call was held").click()
    page.get_by_label("Which it is").select_option(index=1)
    page.get_by_label("In words").fill("The champion left and nobody followed.")
    page.get_by_role("button", name="Note the cause").click()
    page.get_by_label("Plan", exact=True).fill("The twelve-week rescue.")
    page.get_by_role("button", name="Note the plan").click()
    page.get_by_role("button", name="Close incident").click()
    expect(main).to_contain_text("Closed")

    weeks = {}
    for week in range(14):
        spoke(f"w{week}", FOUND - 7 * week - 0.1, subject=f"Week {week + 1}")
        told.until(FOUND - 7 * week - 0.2)
        page.goto(run)
        weeks[week] = lives.tick(page, week=week + 1)
    found = Run.objects.get(playbook__slug="red-account-rescue", account__key="techcorp")
    page.goto(run)
    assert not found.open, page.locator("main").inner_text()
    assert max(week for week, done in weeks.items() if done) in (11, 12, 13), weeks
    for number in range(5, 13):
        expect(main).to_contain_text(f"Week {number}: check in and rebuild adoption")
    page.goto("/accounts/techcorp/health/")
    expect(main).to_contain_text("Healthy")
    deals.renew(
        page, told, "techcorp", was=45_000, arr=48_000, reason="Won back after a rescue", ends=END, looked=END - 5
    )  # fmt: skip
