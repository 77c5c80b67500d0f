"""Story 6: of self-service customers near their limits 47 are flagged, the 18 largest written to, 12 answer, 6 upgrade."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings

from keepwell.access.actions import users
from keepwell.access.models import User
from keepwell.faces.jobs import sending
from keepwell.ledger.actions import accounts, people
from keepwell.ledger.models import Account
from keepwell.plays.models import Run
from keepwell.signals.models import Firing
from tests import smtp
from tests.browser import lives
from tests.browser.conftest import Open
from tests.browser.lives import Life
from tests.world import NOW, PASSWORD, TESTS, World

pytestmark = pytest.mark.browser
RULE, BOOK = "expansion-near-limit", "expansion-outreach"
FLAGGED, PRIORITISED, ANSWERED = 47, 18, 12
GROWS = 27  # days ago: from then on five of five seats are used daily
DUE = 21  # days ago, a Monday: of 28 days the fourteenth with use, as few days as the rule asks
UPGRADES = (6000, 6000, 6000, 6000, 7000, 7000)  # a year, $38k in all
FLAT = [f"flat-{n}" for n in range(8)]  # every seat, but on few days
ROOMY = [f"roomy-{n}" for n in range(8)]  # every day, but far from the limit


def arr_of(number: int) -> int:
    """The first 18 pay $6k to $9k a year, the others less."""
    return 8_900 - 160 * number if number < PRIORITISED else 5_400 - 80 * (number - PRIORITISED)


@pytest.fixture
def lived(transactional_db: None, settings: Settings) -> World:
    """Self-service customers with five seats each, looked after by a team."""
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}
    cast = lives.begin("saas")
    found = [*(f"near-{n}" for n in range(FLAGGED)), *FLAT, *ROOMY]
    for place, key in enumerate(found):
        lives.customer(cast, key, key.title(), since=150)
        arr = arr_of(place) if key.startswith("near") else 7_000
        lives.sign(key, since=150, until=-215, arr=arr, seats=20 if key in ROOMY else 5)
    rows = [
        {
            "key": f"{key}-0",
            "account": key,
            "name": f"Ann of {key}",
            "email": f"ann@{key}.test",
            "stance": "champion",
        }
        for key in found
    ]
    people.upsert(rows=rows, source="crm", by=TESTS, at=NOW - 149 * lives.DAY, vouched=True)
    return cast


@pytest.fixture
def sam(lived: World) -> User:
    """Who sells to the large ones."""
    at = NOW - 150 * lives.DAY
    one = users.create(
        email="sam@fernhill.test", password=PASSWORD, role="sales", by=TESTS, at=at, name="Sam"
    )
    for account in Account.objects.filter(key__startswith="near-"):
        accounts.assign(account=account, user=one, role="sales", by=TESTS, at=at)
    return one


def life(monkeypatch: pytest.MonkeyPatch) -> Life:
    """Some use, on every third day; then the 47 use all they have every day, the others only in part so."""
    told = Life(monkeypatch)
    near = [f"near-{n}" for n in range(FLAGGED)]
    for key in (*near, *FLAT, *ROOMY):
        told.plan(lives.use(key, range(30, 80, 3), 3, 3))
    for key in (*near, *ROOMY):
        told.plan(lives.use(key, range(-1, GROWS + 1), 5, 4))
    for key in FLAT:
        told.plan(lives.use(key, range(0, GROWS + 1, 3), 5, 4))
    return told


def test_of_47_flagged_the_18_largest_are_written_to_and_six_upgrade(
    open_as: Open,
    lived: World,
    sam: User,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = life(monkeypatch)
    for ago in (81, DUE + 5, DUE):
        told.until(ago)
    fired = Firing.objects.filter(rule__slug=RULE, stood=False)
    assert set(fired.values_list("account__key", flat=True)) == {f"near-{n}" for n in range(FLAGGED)}
    assert {one.at for one in fired} == {NOW - DUE * lives.DAY}, "on the very day on which both hold"

    page = open_as(lived.ada, "/signals/")
    main = page.get_by_role("main")
    page.get_by_role("link", name="Use near the limit, engagement high").click()
    expect(main).to_contain_text(re.compile(rf"It holds of {FLAGGED}\saccounts"))
    picks = page.locator(".pick input")
    expect(picks).to_have_count(FLAGGED)
    page.get_by_role("link", name="The largest first").click()
    expect(page.locator("[data-row]").first).to_contain_text("Near-0")
    page.get_by_label("Choose the first").fill(str(PRIORITISED))
    page.get_by_role("button", name="Choose", exact=True).click()
    expect(page.locator(".pick :checked")).to_have_count(PRIORITISED)
    page.get_by_role("button", name="Start a playbook").click()
    expect(page).to_have_url(re.compile(r"/accounts-bulk/\d+/"))
    page.get_by_label("Playbook").select_option(BOOK)
    expect(main).to_contain_text(f"{PRIORITISED} of {PRIORITISED}")
    page.get_by_label("Why").fill("Sweep of June: near the limit, the largest first")
    page.get_by_role("button", name="Do it").click()
    expect(page).to_have_url(re.compile(rf"/signals/{RULE}/"))
    expect(page.locator(".toast")).to_contain_text(re.compile(rf"{PRIORITISED}\saccounts"))

    server = smtp.MailServer(tmp_path)
    smtp.use(server, settings)
    with server.running():
        sending.send_all()
        told.look()
        sending.send_all()
    assert sorted(mail["To"] for mail in server.arrived()) == sorted(
        f"ann@near-{n}.test" for n in range(PRIORITISED)
    )
    assert {mail["Subject"] for mail in server.arrived()} == {
        f"More room for Near-{n}" for n in range(PRIORITISED)
    }

    runs = {one.account.key: one.pk for one in Run.objects.select_related("account")}
    assert set(runs) == {f"near-{n}" for n in range(PRIORITISED)}
    told.until(DUE - 2)
    for n in range(PRIORITISED):
        page.goto(f"/playbooks/runs/{runs[f'near-{n}']}/")
        if n < ANSWERED:
            step(page, "Did they answer?", "Approve")
            step(page, "Ten minutes: what they need, what it would cost", "Complete")
            if n < len(UPGRADES):
                step(page, "Do they want more?", "Approve")
            else:
                refuse(page, "Do they want more?", "Not this year")
                step(page, "Note when to speak of it again", "Complete")
        else:
            refuse(page, "Did they answer?", "No answer in a week")
            step(page, "Note when to write again", "Complete")

    sold = open_as(sam, "/tasks/")
    expect(sold.locator("[data-row]", has_text="Change the contract")).to_have_count(len(UPGRADES))
    told.until(DUE - 6)
    for n, more in enumerate(UPGRADES):
        key = f"near-{n}"
        sold.goto(f"/data/records/contracts/rows/{key}-{NOW - 150 * lives.DAY:%Y}/")
        sold.fill("[name=arr]", str(arr_of(n) + more))
        sold.fill("[name=seats]", "12")
        sold.get_by_role("button", name="Save").click()
        expect(sold.locator(".toast").first).to_be_visible()
    told.until(DUE - 7)
    assert Run.objects.filter(ending__how="reached").count() == len(UPGRADES)

    page.goto(f"/playbooks/{BOOK}/")
    page.get_by_role("link", name="What came of it").click()
    expect(main).to_contain_text("$38,000")
    expect(main).to_contain_text(re.compile(rf"at {len(UPGRADES)}\saccounts"))
    expect(main).to_contain_text(re.compile(rf"{len(UPGRADES)} of {PRIORITISED}"))
    expect(main).to_contain_text(re.compile(rf"{PRIORITISED}\sruns, {PRIORITISED} ended"))
    asked = page.get_by_role("row", name=re.compile("Did they answer"))
    expect(asked).to_contain_text(f"Approved {ANSWERED}, Refused {PRIORITISED - ANSWERED}")


def line(page: Page, title: str) -> Locator:
    """A step of the run on this page."""
    return page.locator("ul.tasks li").filter(
        has=page.locator(".title", has_text=re.compile(f"^{re.escape(title)}$"))
    )


def step(page: Page, title: str, word: str) -> None:
    """Do an open step, and see that it is over."""
    page.get_by_role("button", name=f"{word}: {title}", exact=True).click()
    expect(line(page, title)).to_have_attribute("data-done", "")


def refuse(page: Page, title: str, why: str) -> None:
    """Say no with the reason, and see that it is over."""
    row = line(page, title)
    row.get_by_text("Refuse or leave out").click()
    row.get_by_label("Why").fill(why)
    row.get_by_role("button", name="Refuse", exact=True).click()
    expect(line(page, title)).to_have_attribute("data-done", "")
