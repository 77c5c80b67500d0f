"""Story 2: in a month-four review an unscoped use is heard; a gap, a case, an add-on; no sprint is disturbed."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from keepwell.ledger.actions import people, sprints
from keepwell.ledger.models import Account, ChangeRequest, Sprint
from keepwell.ledger.queries import movements
from keepwell.plays.models import Run
from tests.browser import aims, deals, lives
from tests.browser.conftest import Open
from tests.browser.lives import DAY, Life
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.browser
LAUNCH = 180  # days ago
PLANNED = LAUNCH - 19  # a Monday
REVIEW = LAUNCH - 117  # a Monday in the fourth month
OFFERED = REVIEW - 21
END = LAUNCH - 365
ADD_ON = 75_000  # a quarter of what they pay: healthy expansion is 20 to 30 % of a retained account


@pytest.fixture
def lived(transactional_db: None, settings: object, monkeypatch: pytest.MonkeyPatch) -> World:
    """Juniper, an enterprise whose transcription and analytics product was delivered, beside the others."""
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}  # type: ignore[attr-defined]
    cast = lives.begin("agency")
    lives.customer(cast, "juniper", "Juniper", since=LAUNCH + 120)
    lives.sign(
        "juniper", since=LAUNCH, until=END, arr=300_000, seats=60, product="Transcription and analytics"
    )
    at = NOW - LAUNCH * DAY
    vera = {"key": "vera", "account": "juniper", "name": "Vera", "roles": ["executive"], "stance": "champion"}
    people.upsert(rows=[vera], source="crm", by=TESTS, at=at, vouched=True)
    return cast


def sprint(*, at: int, **more: object) -> None:
    """The sprint that runs while it is heard, as the tracker tells it."""
    row = {
        "key": "s9", "account": "juniper", "name": "Sprint 9", "start_date": (NOW - (REVIEW + 4) * DAY).date(),
        "end_date": (NOW - (REVIEW - 10) * DAY).date(), "planned_points": 34.0, **more,
    }  # fmt: skip
    sprints.upsert(rows=[row], source="jira", by=TESTS, at=NOW - at * DAY, vouched=True)


def plan(page: Page) -> None:
    """What they want of it, written with Vera and agreed by her."""
    until = NOW - END * DAY
    aims.draft(
        page, "juniper", vision="Nobody takes minutes any more.", until=until,
        aims=[("Meetings write their own minutes", "Active people", "30")],
    )  # fmt: skip
    aims.outcome(page, "juniper", "What was said is found again", until=until)
    aims.indicator(
        page, "What was said is found again", measure="Core-feature adoption", baseline="80", target="100", alarm="60"
    )  # fmt: skip
    aims.step(
        page, "Teams name their key words", of="What was said is found again", theirs="Vera", due=NOW - REVIEW * DAY
    )  # fmt: skip
    aims.agree(page, who="Vera", how="Call")


def value(page: Page, *, on: datetime) -> None:
    """What the first outcome was worth in the first quarter, by figures that Vera agreed, and confirmed by her."""
    agreed = on.date().isoformat()
    aims.worth(
        page, "juniper", begun="Work that the software took over", of="Meetings write their own minutes",
        in0_low="20", in0_likely="25", in0_high="30", in0_baseline_low="110", in0_baseline_likely="120",
        in0_baseline_high="130", in0_agreed_by="Vera", in0_agreed_on=agreed,
        in2_low="70", in2_likely="80", in2_high="90", in2_agreed_by="Vera", in2_agreed_on=agreed,
    )  # fmt: skip
    aims.count(page, "juniper", "2026-Q1", likely="$98.8k")
    aims.confirm(page, who="Vera", words="Two people do something else now.")


def test_what_legal_does_with_recordings_becomes_an_add_on(
    open_as: Open, lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Life(monkeypatch)
    told.plan([*lives.use("juniper", range(0, LAUNCH), 20, 4)])
    sprint(at=REVIEW + 4)
    told.until(PLANNED)
    page = open_as(lived.ada, "/accounts/juniper/")
    main = page.get_by_role("main")
    plan(page)
    told.until(REVIEW + 5)
    when = (NOW - REVIEW * DAY).replace(hour=10, minute=0)
    review = deals.plan_review(page, "juniper", title="Month-four review", at=when, theirs="Vera")

    told.until(REVIEW)
    deals.hold_review(
        page, review, decisions="What is being built stays as it is.",
        todo="Look at legal discovery on the recordings, which nobody scoped", due=told.now + 10 * DAY,
        stood={"Meetings write their own minutes": ("On track", "We only correct names.")},
    )  # fmt: skip
    value(page, on=told.now)
    told.until(REVIEW - 0.1)
    assert lives.first("new-use-case-heard", "juniper").date() == when.date(), "the day it was said"
    page.goto("/accounts/juniper/incidents/")
    expect(main).to_contain_text("A new use case was heard")
    page.get_by_role("table", name=re.compile("Playbooks that ran")).get_by_role(
        "link", name="Expansion"
    ).click()
    expect(page).to_have_url(re.compile(r"/runs/\d+/$"))
    run = page.url
    page.get_by_role("button", name="Complete: Confirm the need with whoever spoke of it").click()
    fit = page.get_by_role("button", name="Complete: Check fit and effort")
    expect(fit).to_be_visible()

    page.goto("/data/records/gaps/new/")
    page.fill("[name=title]", "Compliance module for recordings")
    page.get_by_role("button", name=re.compile("^Add")).click()
    expect(page).not_to_have_url(re.compile("/new/"))
    page.goto("/triage/gaps/")
    page.get_by_role("link", name="Compliance module for recordings").click()
    gap = page.url.rstrip("/").rsplit("/", 1)[1]
    page.goto("/data/records/gap_requests/new/?account=juniper")
    page.select_option("[name=gap]", label="Compliance module for recordings")
    page.fill("[name=asked_at]", f"{told.now:%Y-%m-%dT%H:%M}")
    page.fill("[name=note]", "Legal works with the recordings as evidence.")
    page.get_by_role("button", name=re.compile("^Add")).click()
    expect(page).not_to_have_url(re.compile("/new/"))
    page.goto(f"/triage/gaps/{gap}/")
    expect(main).to_contain_text("$300,000")

    told.until(REVIEW - 7)
    pia = open_as(lived.root, run)
    pia.get_by_role("button", name="Complete: Check fit and effort").click()
    expect(pia.locator("ul.tasks li[data-done]")).to_have_count(2)
    pia.goto(f"/triage/gaps/{gap}/")
    pia.select_option("#status", "planned")
    pia.get_by_role("button", name="Set the status").click()
    expect(pia.get_by_role("main")).to_contain_text("Planned")
    sprint(at=REVIEW - 10, done_points=34.0, state="done")

    told.until(OFFERED)
    page.goto("/accounts/juniper/value/case/")
    expect(main).to_contain_text("$98.8k")
    page.goto(run)
    for step in ("Complete: Write the business case", "Approve: Approve that it is offered"):
        page.get_by_role("button", name=step).click()
        expect(page.get_by_role("button", name=step)).to_have_count(0)
    offer = "Complete: Structure the commercial add-on and offer it"
    page.get_by_role("button", name=offer).click()
    expect(page.get_by_role("button", name=offer)).to_have_count(0)
    deals.amend(
        page, "juniper", "Expand", amount=f"{ADD_ON:,}", on=told.now.date().isoformat(), products="Compliance module",
        reason="A new use case", shows=("Expansion", "$300,000", "$375,000"), says="The expansion is written.",
    )  # fmt: skip
    aims.outcome(page, "juniper", "Recordings stand as evidence", until=NOW - END * DAY)
    aims.refresh(page, "juniper", note="With legal discovery", version=2)
    page.goto(run)
    lives.tick(page)
    told.until(OFFERED - 1)

    account = Account.objects.get(key="juniper")
    day = (NOW - OFFERED * DAY).date()
    agreed = deals.fact(account.pk, "plan.agreed", until=told.now)
    assert (agreed["day"], agreed["version"]) == ((NOW - PLANNED * DAY).date(), 1)
    worth = deals.fact(account.pk, "value.confirmed", until=told.now)
    assert (worth["day"], worth["value"], worth["currency"]) == (when.date(), 98_800.0, "USD"), (
        "(120 − 25) × 13 × 80"
    )
    assert (worth["why"], worth["quarter"]) == ("work-that-the-software-took-over", "2026-Q1")
    again = deals.fact(account.pk, "plan.refreshed", until=told.now)
    assert (again["day"], again["version"]) == (day, 2)
    one = deals.fact(account.pk, "contract.expanded", until=told.now)
    assert (one["day"], one["value"], one["why"]) == (day, float(ADD_ON), "new_use")
    assert (one["from"], one["to"], one["products"]) == ("300000.00", "375000.00", ["Compliance module"])
    moved = movements.of_book(
        seen_by=lived.scope("ada"), account="juniper", until=told.now.date() + timedelta(days=1)
    )
    assert [(m.kind, int(m.amount.amount), m.day) for m in moved][1:] == [("expansion", ADD_ON, day)]
    assert 0.20 <= ADD_ON / 300_000 <= 0.30
    assert not Run.objects.get(playbook__slug="expansion", account=account).open
    page.goto("/accounts/juniper/delivery/")
    expect(main).to_contain_text("Sprint 9")
    undisturbed = Sprint.objects.get(key="s9")
    assert (undisturbed.planned_points, undisturbed.done_points) == (34.0, 34.0)
    assert not ChangeRequest.objects.filter(account=account).exists(), "nothing was pushed into what runs"
