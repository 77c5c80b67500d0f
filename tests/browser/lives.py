"""A customer's life told day by day to the product, as its sources and its worker would, while a person works in it."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from keepwell.faces import clock
from keepwell.ledger.actions import accounts, contracts, events, relay
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account
from keepwell.metrics.actions import settings
from keepwell.packs import actions as packs
from keepwell.pipeline.actions import advance
from keepwell.plays.actions import deliveries, playing
from keepwell.signals.models import Firing
from tests import world
from tests.metrics.happenings import event
from tests.world import NOW, TESTS, World

DAY = timedelta(days=1)
BEGAN = 460  # days ago: before any story
CORE = ["board", "export", "alert", "share", "invite"]


class Life:
    """What happens, told as it comes; the clock of the product stands where it was told last."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOW - BEGAN * DAY
        self._left: list[Event] = []
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def plan(self, said: Iterable[Event]) -> None:
        """What will happen; each is told on its day."""
        self._left = sorted([*self._left, *said], key=lambda one: one.at)

    def until(self, ago: float) -> None:
        """Live until so many days ago (less than 0: ahead), then look as the worker does; each event came when it happened."""
        self.now = NOW - ago * DAY
        came = [one for one in self._left if one.at <= self.now]
        self._left = self._left[len(came) :]
        for at, said in groupby(came, key=lambda one: one.at):
            events.append(events=list(said), received_at=at)
        relay.all_waiting(at=self.now)
        self.look()

    def look(self) -> None:
        """Compute, tell and carry on, as the worker does."""
        advance(at=self.now)
        deliveries.deliver(at=self.now)
        playing.look(at=self.now)


def begin(pack: str) -> World:
    """The cast, the pack of the practice, and what counts as core."""
    at = NOW - BEGAN * DAY
    cast = world.build(at=at)
    packs.apply(pack=pack, by=TESTS, at=at)
    settings.save(metric="core_feature_adoption", parameters={"features": CORE}, by=TESTS, at=at)
    return cast


def customer(cast: World, key: str, name: str, *, since: int, **more: Any) -> Account:
    """A customer of Ada's since so many days ago."""
    at = NOW - since * DAY
    row = {"key": key, "name": name, "since": at.date(), **more}
    accounts.upsert(rows=[row], source="crm", by=TESTS, at=at, vouched=True)
    found = Account.objects.get(key=key)
    accounts.assign(account=found, user=cast.ada, role="csm", by=TESTS, at=at)
    return found


def sign(account: str, *, since: int, until: int, **terms: Any) -> None:
    """A contract from so many days ago until so many days ago (less than 0: ahead)."""
    start, end = NOW - since * DAY, NOW - until * DAY
    row = {
        "key": f"{account}-{start:%Y}", "account": account, "currency": "USD", "start_date": start.date(),
        "end_date": end.date(), **terms,
    }  # fmt: skip
    contracts.upsert(rows=[row], source="crm", by=TESTS, at=start, vouched=True)


def use(account: str, days: range, people: int, features: int) -> Iterator[Event]:
    """On each of these days ago so many people use so many of the core features."""
    for ago in days:
        for number in range(people):
            feature = CORE[(ago + number) % features]
            yield event(
                account, "feature.used", ago, person=f"{account}-{number}", feature=feature, vouched=False
            )


def person(account: str, name: str, ago: float, who: str = "champion", **more: Any) -> Event:
    """Something about somebody of theirs."""
    return event(account, name, ago, person=f"{account}-{who}", vouched=False, **more)


def first(rule: str, account: str) -> datetime:
    """When a rule first fired for an account, as news."""
    return Firing.objects.filter(rule__slug=rule, account__key=account, stood=False).earliest("at").at


def tick(page: Page, *, week: int = 99, but: str = "") -> int:
    """Complete each step of a run that is open now, of those named by a week not before theirs; gives how many.

    What is named `but` is left for later.
    """
    done, over = 0, page.locator("ul.tasks li[data-done]")
    while names := [name for name in _ripe(page, week) if not but or but not in name]:
        before = over.count()
        page.get_by_role("button", name=names[0], exact=True).click()
        expect(over).not_to_have_count(before)  # what steers goes on by itself
        done += 1
    return done


def _ripe(page: Page, week: int) -> list[str]:
    """What the buttons are called that somebody presses by that week."""
    found = page.locator("ul.tasks button.tick").evaluate_all("all => all.map(one => one.ariaLabel)")
    told = ((name, re.search(r"Week (\d+)", name)) for name in found)
    return [name for name, said in told if said is None or int(said[1]) <= week]
