"""Somebody who knows better says where an account stands, for a while and with a reason."""

from datetime import date, timedelta
from typing import Any

import pytest

from keepwell.access.models import AuditEntry
from keepwell.access.scopes import NOBODY
from keepwell.health.actions import overrides
from keepwell.health.models import BandChange, Override, Standing
from keepwell.health.queries import book, scores
from keepwell.health.queries import overrides as reads
from keepwell.health.queries.sheet.question import Question
from keepwell.kernel.errors import Forbidden, Invalid, NotFound
from keepwell.ledger import frames
from keepwell.ledger.actions import relay
from tests import world
from tests.health.test_scores import TOUCH, card, refresh
from tests.metrics.happenings import event, happen
from tests.world import NOW, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK = TODAY + 7 * DAY


@pytest.fixture
def cast() -> world.World:
    """Willow is on watch by its score."""
    found = world.build()
    card(TOUCH, at=NOW - timedelta(days=900))
    happen(event("willow", "touchpoint.held", 10))
    refresh()
    return found


def override(cast: world.World, **given: Any) -> Override:
    usual: dict[str, Any] = {
        "account": "willow",
        "band": "red",
        "reason": "Their new owner closes the plant",
        "expires_on": WEEK,
        "by": cast.scope("ada"),
        "at": NOW,
    }
    return overrides.override(**{**usual, **given})


def stands(cast: world.World) -> tuple[str, float | None]:
    return Standing.objects.values_list("band", "points").get(account=cast.willow)


def told() -> list[tuple[str, str, float | None]]:
    relay.all_waiting(at=NOW + 60 * DAY)
    names = ["health.overridden", "health.override_ended"]
    rows = frames.events(until=NOW + 60 * DAY, names=names).collect("polars").to_native()
    return sorted(rows.select("name", "feature", "value").iter_rows())


def test_willow_stands_where_ada_says_and_the_score_goes_on_beside_it(cast: world.World) -> None:
    made = override(cast)
    assert stands(cast) == ("red", None)
    assert (made.score_points, made.score_band) == (50, "yellow")
    change = BandChange.objects.get()
    assert (change.from_band, change.to_band, change.override) == ("yellow", "red", made)
    view = scores.current(account_id=cast.willow.pk, seen_by=cast.scope("ada"))
    assert view is not None
    assert (view.points, view.band, view.stands) == (50, "yellow", (None, "red"))
    assert view.override is not None
    assert (view.override.by, view.override.reason) == ("Ada", "Their new owner closes the plant")
    assert told() == [("health.overridden", "red", None)]
    assert AuditEntry.objects.get(deed="health.override").details["expires_on"] == WEEK.isoformat()


def test_the_book_shows_who_is_overridden_among_the_riskiest(cast: world.World) -> None:
    override(cast)
    (row,) = book.page(seen_by=cast.scope("ada"), asked=Question(band="red")).rows
    assert (row.key, row.band, row.points, row.overridden) == ("willow", "red", None, True)
    assert book.page(seen_by=cast.scope("ada")).rows[0].key == "willow"
    yesterday = book.page(seen_by=cast.scope("ada"), asked=Question(as_of=TODAY - DAY))
    assert {row.key: row.band for row in yesterday.rows}["willow"] == "yellow"


def test_a_new_score_moves_beneath_it_and_the_standing_stays(cast: world.World) -> None:
    override(cast, points=20.0)
    happen(event("willow", "touchpoint.held", 1))
    refresh({cast.willow.pk: TODAY - DAY})
    assert stands(cast) == ("red", 20)
    view = scores.current(account_id=cast.willow.pk, seen_by=cast.scope("ada"))
    assert view is not None
    assert (view.points, view.stands) == (100, (20, "red"))


def test_it_holds_through_its_day_and_ends_with_it(cast: world.World) -> None:
    override(cast, band="green", points=90.0)
    refresh({}, as_of=WEEK)
    assert stands(cast) == ("green", 90)
    refresh({}, as_of=WEEK + DAY)
    assert stands(cast)[0] == "yellow"
    made = Override.objects.get()
    assert (made.ended_at, made.end_reason) == (NOW + 8 * DAY, overrides.EXPIRED)
    assert [name for name, *_ in told()] == ["health.overridden", "health.override_ended"]


def test_it_is_ended_early_and_another_may_follow(cast: world.World) -> None:
    override(cast)
    with pytest.raises(overrides.AlreadyOverridden):
        override(cast, band="green")
    overrides.end(
        account="willow", reason="The plant stays", by=cast.scope("ben"), at=NOW + timedelta(hours=1)
    )
    assert stands(cast) == ("yellow", 50)
    with pytest.raises(NotFound, match="is not overridden"):
        overrides.end(account="willow", by=cast.scope("ben"), at=NOW)
    override(cast, band="green")
    (latest, first) = reads.of_account(account_id=cast.willow.pk, seen_by=cast.scope("ada"))
    assert (latest.ended_at, first.ended_by, first.end_reason) == (None, "Ben", "The plant stays")
    assert [one.account for one in reads.holding(seen_by=cast.scope("ada"))] == ["willow"]
    assert reads.holding(seen_by=cast.scope("cleo")) == ()


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"band": "unknown"}, '"unknown" is no band'),
        ({"points": 101.0}, "between 0 and 100"),
        ({"reason": "  "}, "needs a reason"),
        ({"expires_on": TODAY - DAY}, "from today to 2026-09-13, 90 days at most"),
        ({"expires_on": TODAY + 91 * DAY}, "from today to 2026-09-13, 90 days at most"),
    ],
)
def test_what_makes_no_sense_is_refused(cast: world.World, given: dict[str, Any], complaint: str) -> None:
    with pytest.raises(Invalid, match=complaint):
        override(cast, **given)
    assert not Override.objects.exists()


def test_only_who_sees_an_account_and_may_work_overrides_it(cast: world.World) -> None:
    with pytest.raises(NotFound):
        override(cast, by=cast.scope("cleo"))
    with pytest.raises(Forbidden):
        overrides.end(account="willow", by=NOBODY, at=NOW)


def test_without_a_score_there_is_nothing_to_override() -> None:
    cast = world.build()
    with pytest.raises(overrides.NotScored):
        override(cast)


def test_the_last_day_may_be_today(cast: world.World) -> None:
    assert override(cast, expires_on=date(2026, 6, 15)).expires_on == TODAY
