"""One read seen from several moments: exactly what asking once for each moment gives."""

from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from keepwell.kernel.moments import Grid, end_of
from keepwell.ledger.actions import contracts, events, people, relay
from keepwell.ledger.actions.events import Taken
from keepwell.metrics.catalogue import METRICS
from keepwell.metrics.queries import sights, values
from keepwell.metrics.queries.sights import Sight
from tests import world
from tests.metrics.happenings import event, happen, uses
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK_AGO, MONTH_AGO = TODAY - 7 * DAY, TODAY - 28 * DAY


@pytest.fixture
def cast() -> World:
    """Willow's and Birch's facts came late, in time, and were taken back; a person without an account key was placed late."""
    found = world.build()
    happen(*(uses("willow", ago, "p1") for ago in (60, 40, 29, 10, 3)), uses("birch", 20))
    happen(event("willow", "touchpoint.held", 12, vouched=False), at=NOW - 5 * DAY)
    wrong = event("willow", "ticket.escalated", 40)
    happen(wrong, event("willow", "ticket.opened", 41), event("elm", "survey.answered", 50, value=9.0))
    events.retract(taken=[Taken(wrong.id, wrong.account)], source="tests", received_at=NOW - 3 * DAY)
    row = {"key": "c1", "account": "willow", "arr": 900, "seats": 4, "currency": "EUR"}
    for at, seats in ((NOW - 20 * DAY, 4), (NOW - 2 * DAY, 9)):
        said = row | {"seats": seats, "start_date": date(2026, 1, 5), "end_date": date(2026, 8, 5)}
        contracts.upsert(rows=[said], source="tests", by=TESTS, at=at, vouched=False)
    happen(*(event("", "page.viewed", ago, person="lone", feature="export") for ago in (30, 9)))
    people.upsert(
        rows=[{"key": "lone", "name": "Lone", "account": "willow"}],
        source="tests",
        by=TESTS,
        at=NOW - 4 * DAY,
        vouched=False,
    )
    relay.all_waiting(at=NOW)
    return found


def apart(ids: list[int], sight: Sight) -> pl.DataFrame:
    first, last = sight.days[0], sight.days[-1]
    step = max((last - first).days, 1)
    return values.evaluate(
        metrics=list(METRICS), grid=Grid(last, step, len(sight.days)), known_by=sight.known_by, accounts=ids
    )


def test_a_sight_is_an_evaluation(cast: World) -> None:
    asked = (
        Sight((MONTH_AGO,), end_of(MONTH_AGO)),
        Sight((WEEK_AGO, TODAY), NOW - 4 * DAY),
        Sight((WEEK_AGO, TODAY), None),
    )
    ids = [cast.willow.pk, cast.elm.pk]
    found = sights.evaluate(metrics=list(METRICS), sights=asked, accounts=ids)
    for sight, told in zip(asked, found, strict=True):
        assert_frame_equal(told, apart(ids, sight))
    assert not found[1].equals(found[2])
