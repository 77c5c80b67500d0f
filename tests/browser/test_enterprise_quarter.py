"""Story 5: $420k, adoption 67 %, engagement −8 % a month, three API escalations; a quarter of work, and $75k more."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from keepwell.ledger.actions import people, tickets
from keepwell.ledger.models import Account, Ticket
from keepwell.ledger.queries import movements
from keepwell.metrics.actions import settings as metric_settings
from keepwell.plays.models import Run
from tests.browser import aims, deals, lives
from tests.browser.conftest import Open
from tests.browser.lives import DAY, Life
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.browser
QUARTER = 161  # days ago, Monday the 5th of January: the quarter's first month begins
TRAINED = QUARTER - 35
REVIEW = QUARTER - 63
OVER = 75  # days ago: the 1st of April
SOLD = 70  # days ago, six months before the renewal
END = SOLD - 182


@pytest.fixture
def lived(transactional_db: None, settings: object, monkeypatch: pytest.MonkeyPatch) -> World:
    """Cypress, a marketing team on a platform of three core features, of which it uses two."""
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}  # type: ignore[attr-defined]
    cast = lives.begin("saas")
    at = NOW - lives.BEGAN * DAY
    core = {"features": lives.CORE[:3]}
    metric_settings.save(metric="core_feature_adoption", parameters=core, by=TESTS, at=at)
    lives.customer(cast, "cypress", "Cypress", since=END + 365)
    lives.sign("cypress", since=END + 365, until=END, arr=420_000, seats=80, product="Marketing automation")
    cmo = {"key": "mona", "account": "cypress", "name": "Mona", "roles": ["executive"], "stance": "supporter"}
    people.upsert(rows=[cmo], source="crm", by=TESTS, at=NOW - (END + 365) * DAY, vouched=True)
    return cast


def escalated(number: int, ago: float, **more: object) -> None:
    """The API does not do what their integration needs."""
    at = NOW - ago * DAY
    row = {
        "key": f"api-{number}", "account": "cypress", "kind": "defect", "subject": f"API integration {number}",
        "severity": "high", "opened_at": at, "escalated_at": at + DAY / 4, **more,
    }  # fmt: skip
    tickets.upsert(rows=[row], source="desk", by=TESTS, at=NOW, vouched=True)


def life(monkeypatch: pytest.MonkeyPatch) -> Life:
    """Fifty people, then 46; 53 after the training, and the third of the core features with them."""
    told = Life(monkeypatch)
    for number in range(3):
        fixed = NOW - (QUARTER + 5 - number - 10) * DAY
        escalated(number, QUARTER + 5 - number, resolved_at=fixed)  # each within ten days
    told.plan(
        [
            *lives.use("cypress", range(QUARTER + 28, QUARTER + 90), 50, 2),
            *lives.use("cypress", range(TRAINED, QUARTER + 28), 46, 2),
            *lives.use("cypress", range(0, TRAINED), 53, 3),
        ]
    )
    return told


def plan(page: Page, *, on: datetime) -> None:
    """The plan of the quarter, agreed by Mona, and what its first outcome is worth by figures that she agreed."""
    until = NOW - END * DAY
    aims.draft(
        page, "cypress", vision="Campaigns run by themselves, and sales hears of the right leads.", until=until,
        aims=[("Campaigns are not built by hand", "Active people", "60")],
    )  # fmt: skip
    aims.outcome(page, "cypress", "More leads become customers", until=until)
    aims.indicator(
        page, "More leads become customers", measure="Core-feature adoption", baseline="66.7", target="100", alarm="60"
    )  # fmt: skip
    aims.step(
        page, "Twelve people are trained in automation", of="Campaigns are not built by hand", theirs="Mona",
        due=NOW - TRAINED * DAY,
    )  # fmt: skip
    aims.agree(page, who="Mona", how="Call")
    agreed = on.date().isoformat()
    aims.worth(
        page, "cypress", begun="Time saved by those who use it", of="Campaigns are not built by hand",
        in1_low="1.5", in1_likely="2", in1_high="3", in1_agreed_by="Mona", in1_agreed_on=agreed,
        in3_low="55", in3_likely="60", in3_high="70", in3_agreed_by="Mona", in3_agreed_on=agreed,
    )  # fmt: skip


def test_a_quarter_of_work_ends_with_an_expansion(
    open_as: Open, lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = life(monkeypatch)
    told.until(QUARTER)
    page = open_as(lived.ada, "/accounts/cypress/health/")
    main = page.get_by_role("main")
    page.goto("/accounts/cypress/incidents/")
    page.get_by_label("Start a playbook").select_option("quarterly-health-assessment")
    page.get_by_label(re.compile("^Why")).fill("Engagement declines and the API hurts")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(main).to_contain_text(re.compile(r"adoption 66\.7\s%, trend −8\s%"))  # 67 and 8
    assert Ticket.objects.filter(account__key="cypress").exclude(escalated_at=None).count() == 3
    run = page.url
    plan(page, on=told.now)
    page.goto(run)
    lives.tick(page, but="Train")
    for ago in (TRAINED, TRAINED - 7):
        told.until(ago)
        page.goto(run)
        lives.tick(page)
    assert not Run.objects.get(playbook__slug="quarterly-health-assessment", account__key="cypress").open

    when = (NOW - REVIEW * DAY).replace(hour=10, minute=0)
    told.until(REVIEW + 0.5)
    review = deals.plan_review(
        page, "cypress", title="Business review of the quarter", at=when, theirs="Mona"
    )
    told.until(REVIEW)
    deals.hold_review(
        page, review, decisions="$3.2M of pipeline come from the platform, 28 % more leads convert.",
        todo="Offer account-based marketing: could we also reach their 50 target accounts", due=told.now + 5 * DAY,
        stood={"More leads become customers": ("On track", "28 % more of them.")},
    )  # fmt: skip
    told.until(REVIEW - 0.1)
    page.goto("/accounts/cypress/incidents/")
    page.get_by_role("table", name=re.compile("Playbooks that ran")).get_by_role(
        "link", name="Expansion"
    ).click()
    expect(page).to_have_url(re.compile(r"/runs/\d+/$"))
    case = page.url
    lives.tick(page)

    told.until(OVER)
    aims.count(page, "cypress", "2026-Q1", likely="$78.1k")
    aims.confirm(page, who="Mona", words="What was a week's work is a morning's.")

    told.until(SOLD)
    page.goto(case)
    lives.tick(page)
    deals.amend(
        page, "cypress", "Expand", amount="75,000", on=told.now.date().isoformat(),
        products="Account-based marketing, Premium support", reason="A new module or service",
        shows=("Expansion", "$420,000", "$495,000"), says="The expansion is written.",
    )  # fmt: skip
    told.until(SOLD - 1)
    account = Account.objects.get(key="cypress")
    day = (NOW - SOLD * DAY).date()
    agreed = deals.fact(account.pk, "plan.agreed", until=told.now)
    assert (agreed["day"], agreed["version"]) == ((NOW - QUARTER * DAY).date(), 1)
    worth = deals.fact(account.pk, "value.confirmed", until=told.now)
    people = (50 + 5 * 46 + 7 * 53) / 13  # on the quarter's Sundays, each as known then
    assert worth["value"] == pytest.approx(people * 2 * 13 * 60)
    assert (worth["day"], worth["quarter"], worth["currency"]) == (
        (NOW - OVER * DAY).date(),
        "2026-Q1",
        "USD",
    )
    one = deals.fact(account.pk, "contract.expanded", until=told.now)
    assert (one["day"], one["value"], one["why"]) == (day, 75_000.0, "new_module")
    assert (one["from"], one["to"]) == ("420000.00", "495000.00")
    assert one["products"] == ["Account-based marketing", "Premium support"]
    tomorrow = told.now.date() + timedelta(days=1)
    moved = movements.of_book(seen_by=lived.scope("ada"), account="cypress", until=tomorrow)
    assert [(m.kind, int(m.amount.amount), m.day) for m in moved][1:] == [("expansion", 75_000, day)]
    assert round(100 * 75 / 420) == 18
    assert (account.renewal_date - day).days == 182, "six months before the renewal"
