"""An account's page turned back in time, and what changed since one last looked."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from keepwell.access.models import User
from keepwell.faces import clock
from keepwell.ledger.actions import accounts, contracts, people, relay
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, TODAY, World

DAY = timedelta(days=1)
MAY = "2026-05-12"
TABS = ("", "health/", "usage/", "people/", "timeline/", "contracts/", "service/", "incidents/", "quality/")


def renegotiate(at: datetime = NOW) -> None:
    """Today Willow's contract says less than it did until yesterday, Grace turned sceptic, and Alan left."""
    told = {"source": "tests", "by": TESTS, "at": at, "vouched": True}
    contracts.upsert(
        rows=[{"key": "c-willow", "account": "willow", "arr": 30_000, "effective": TODAY}], **told
    )
    grace = {"key": "p1", "account": "willow", "stance": "sceptic"}
    alan = {"key": "p2", "account": "willow", "status": "left", "status_since": TODAY}
    people.upsert(rows=[grace, alan], **told)
    accounts.upsert(rows=[{"key": "willow", "industry": "Wholesale"}], **told)
    relay.all_waiting(at=at)


def test_the_whole_head_turns_back(ada: Client) -> None:
    renegotiate()
    now = text(ada.get("/accounts/willow/"))
    assert "$30,000" in now
    assert "Wholesale" in now
    assert "Sceptic" in now
    yesterday = text(ada.get(f"/accounts/willow/?as_of={TODAY - DAY}"))
    assert "You see 14 June 2026, yesterday, from what is known now." in yesterday
    assert "$48,000" in yesterday
    assert "$30,000" not in yesterday
    assert "Retail" in yesterday
    assert "Wholesale" not in yesterday
    assert "Champion" in yesterday
    assert "Sceptic" not in yesterday
    assert "At risk" not in yesterday[: yesterday.index("Key measures")]
    assert "Call the customer" not in yesterday, "the incident was not open yet"
    assert "Log a touchpoint" not in yesterday, "the past is not written"


def test_what_was_not_known_then_is_not_seen_then(ada: Client) -> None:
    """The contracts came in yesterday and hold since ten months: known now, not known in May."""
    assert "$48,000" in text(ada.get(f"/accounts/willow/?as_of={MAY}"))
    then = text(ada.get(f"/accounts/willow/?as_of={MAY}&known=then"))
    assert "from what was known then" in then
    assert "$48,000" in then, "what was vouched for counts as known when it happened"


def test_before_it_signed_it_was_worth_nothing_known(ada: Client) -> None:
    said = text(ada.get("/accounts/willow/?as_of=2025-02-01"))
    assert "$48,000" not in said
    assert "no renewal date" in said


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_and_its_links_stay_on_the_day(ada: Client, tab: str) -> None:
    answer = ada.get(f"/accounts/willow/{tab}?as_of={MAY}&known=then")
    page = html(answer)
    assert "You see 12 May 2026" in text(answer)
    tabs = re.findall(r'<nav class="tabs".*?</nav>', page, re.DOTALL)[0]
    links = re.findall(r'href="([^"]+)"', tabs)
    assert links
    assert all(link.endswith(f"?as_of={MAY}&amp;known=then") for link in links)
    fragments = re.findall(r'hx-get="(/accounts/willow/[^"]+)"', page)
    assert all(f"as_of={MAY}&amp;known=then" in link for link in fragments), fragments
    assert '<form method="post" action="/accounts/' not in page


def test_a_day_to_come_is_today_and_no_day_is_said(ada: Client) -> None:
    assert "You see" not in text(ada.get("/accounts/willow/?as_of=2030-01-01"))
    assert "is no date" in text(ada.get("/accounts/willow/?as_of=yesterday"))


def test_the_fall_is_explained_as_of_a_day(ada: Client) -> None:
    said = text(ada.get(f"/accounts/willow/movement/?as_of={TODAY - DAY}&since=2026-06-01"))
    assert "Escalations a month rose" not in said, "they came today"


def test_ada_sees_what_is_new_to_her(
    ada: Client, lived: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = text(ada.get("/accounts/willow/changes/"))
    assert "The last two weeks" in first
    assert "Health fell from" in first
    assert "Ticket escalated" in first
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    again = text(ada.get("/accounts/willow/changes/"))
    assert "Since you last looked, 15 Jun, 12:00 UTC" in again
    assert "Nothing new was learned." in again
    renegotiate(NOW + timedelta(hours=1, minutes=3))
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1, minutes=5))
    news = text(ada.get("/accounts/willow/changes/"))
    assert "Since you last looked, 15 Jun, 12:00 UTC" in news, "one visit"
    assert "Contract changed" in news
    assert "Stance changed" in news
    assert "The last two weeks" in text(sign_in(lived.root).get("/accounts/willow/changes/"))


def _cleo(lived: World, sign_in: SignIn) -> Client:
    cleo: User = lived.cleo
    return sign_in(cleo)


def test_strangers_to_an_account_cannot_turn_it_back(lived: World, sign_in: SignIn) -> None:
    cleo = _cleo(lived, sign_in)
    for tab in ("", "health/", "changes/", "timeline/"):
        assert cleo.get(f"/accounts/willow/{tab}?as_of={MAY}").status_code == 404
