"""Story 5: $420k, adoption 67 %, engagement −8 % a month, three API escalations; a quarter of work, and $75k more."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from keepwell.ledger.actions import people, tickets
from keepwell.ledger.models import Account, Ticket
from keepwell.ledger.queries import movements
from keepwell.metrics.actions import settings as metric_settings
from keepwell.plays.models import Run
from tests.browser import deals, lives
from tests.browser.conftest import Open
from tests.browser.lives import DAY, Life
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.browser
QUARTER = 84  # days ago, a Monday: the quarter's first month begins
TRAINED = QUARTER - 35
REVIEW = QUARTER - 63
SOLD = 14  # days ago, six months before the renewal
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
    lives.tick(page)

    for ago in (QUARTER - 7, QUARTER - 14, QUARTER - 21, TRAINED - 28):
        told.until(ago)
        page.goto(run)
        lives.tick(page)
    told.until(TRAINED - 35 + 0.5)
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
    )  # fmt: skip
    told.until(REVIEW - 0.1)
    page.goto("/accounts/cypress/incidents/")
    page.get_by_role("table", name=re.compile("Playbooks that ran")).get_by_role(
        "link", name="Expansion"
    ).click()
    expect(page).to_have_url(re.compile(r"/runs/\d+/$"))
    case = page.url
    lives.tick(page)

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
    one = deals.fact(account.pk, "contract.expanded", until=told.now)
    assert (one["day"], one["value"], one["why"]) == (day, 75_000.0, "new_module")
    assert (one["from"], one["to"]) == ("420000.00", "495000.00")
    assert one["products"] == ["Account-based marketing", "Premium support"]
    tomorrow = told.now.date() + timedelta(days=1)
    moved = movements.of_book(seen_by=lived.scope("ada"), account="cypress", until=tomorrow)
    assert [(m.kind, int(m.amount.amount), m.day) for m in moved][1:] == [("expansion", 75_000, day)]
    assert round(100 * 75 / 420) == 18
    assert (account.renewal_date - day).days == 182, "six months before the renewal"
