"""Replaying from the lake: retractions, keys that moved to another account, people who turned out to be somebody else."""

from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from keepwell.access.scopes import system
from keepwell.kernel.moments import Grid, end_of
from keepwell.ledger import models
from keepwell.ledger.actions import events, relay, retractions
from keepwell.ledger.event import Event
from keepwell.metrics.catalogue import METRICS
from keepwell.metrics.queries import values
from tests import world
from tests.metrics.test_engines import drawn, signed
from tests.world import NOW, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
KEPT = [slug for slug, metric in METRICS.items() if metric.kept]
GRID = Grid(last=TODAY, step_days=9, count=6)


def told() -> world.World:
    """Half a year of events, a third of them known only weeks later."""
    cast = world.build()
    said = [*drawn(300), signed()]
    sent: list[str] = []
    for weeks in (8, 5, 2, 0):
        at = NOW - weeks * 7 * DAY
        part = [event for event in said if event.at <= at and event.id not in sent]
        some = part if weeks == 0 else part[::3]
        events.append(events=some, received_at=at)
        sent += [event.id for event in some]
    relay.all_waiting(at=NOW)
    for number, days in ((3, 30), (5, 20), (11, 10), (15, 1), (17, 44)):
        retractions.take_back(event_id=sent[number], by=system(through="test"), at=NOW - days * DAY)
    relay.all_waiting(at=NOW)
    return cast


def day_by_day(metrics: list[str]) -> pl.DataFrame:
    single = [values.evaluate(metrics=metrics, grid=Grid(day), known_by=end_of(day)) for day in GRID.days]
    return pl.concat(single).sort(values.ORDER)


def test_a_replay_of_the_lake_is_asking_it_day_by_day() -> None:
    cast = told()
    moved_at = NOW - 15 * DAY
    models.IdentityLink.objects.filter(key="ash").update(known_until=moved_at)
    models.IdentityLink.objects.create(key="ash", account=cast.elm, known_from=moved_at, linked_at=moved_at)
    ada, ben, dora = (models.Person.objects.create(key=key) for key in ("ada", "ben", "dora"))
    models.PersonAlias.objects.create(key="cleo", person=ben, known_from=NOW - 22 * DAY, linked_at=NOW)
    models.Placement.objects.create(person=ben, account=cast.birch, known_from=NOW - 30 * DAY)
    models.Placement.objects.create(person=ada, account=cast.willow, since=TODAY - 60 * DAY)
    models.Placement.objects.create(person=dora, account=cast.elm, known_until=NOW - 12 * DAY)
    models.Placement.objects.create(person=dora, account=cast.birch, known_from=NOW - 12 * DAY)
    replayed = values.replayed(metrics=KEPT, grid=GRID)
    assert_frame_equal(replayed, day_by_day(KEPT))
    assert replayed["value"].drop_nulls().len() > 50
    some = values.replayed(metrics=KEPT, grid=GRID, accounts=[cast.elm.pk])
    assert_frame_equal(some, replayed.filter(pl.col("account_id") == cast.elm.pk))


def test_a_replay_leaves_the_present_out_of_the_past() -> None:
    cast = world.build()
    late = Event(id="t:late", account="birch", person="ada", name="x", at=NOW - 40 * DAY, source="t")
    events.append(events=[late], received_at=NOW - 2 * DAY)
    relay.all_waiting(at=NOW)
    asked = {"metrics": ["days_since_last_use"], "accounts": [cast.birch.pk]}
    found = values.replayed(grid=Grid(last=TODAY, step_days=1, count=4), **asked)  # type: ignore[arg-type]
    assert found["value"].to_list() == [None, 38, 39, 40]
