"""Of many accounts stored values are read by other statements than of few: what conditions find is the same."""

from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from keepwell.metrics.actions import values as deeds
from keepwell.metrics.queries import values
from keepwell.segments.queries import columns, vocabulary
from tests import world
from tests.metrics.happenings import happen, uses
from tests.world import TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ASKS = {
    "any": [
        {"of": "change.active_people", "below": 0, "in_days": 28},
        {"of": "change.active_days", "below": 0, "in_days": 70},
        {"of": "move.active_days", "above": 0, "in_days": 14},
        {"of": "highest.active_people", "below": 9, "in_days": 28},
        {"of": "lowest.active_days", "above": 0, "in_days": 56},
        {"of": "metric.active_days", "below": 3},
    ]
}


@pytest.fixture
def cast() -> World:
    """Three use it, each otherwise; Ash never did."""
    found = world.build()
    happen(
        *(uses("birch", ago) for ago in range(1, 160)),
        *(uses("willow", ago) for ago in range(30, 160, 2)),
        *(uses("elm", ago) for ago in (3, 4, 9, 41, 80)),
    )
    deeds.refresh(since_by_account=None, as_of=TODAY)
    return found


@pytest.mark.parametrize("day", [TODAY, TODAY - 3 * DAY])
def test_many_find_what_few_find(cast: World, day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    condition = vocabulary.read(ASKS)
    people = [cast.birch.pk, cast.willow.pk, cast.elm.pk, cast.ash.pk]
    asked = pl.DataFrame(
        {"account_id": people, "as_of": [day] * 4}, schema={"account_id": pl.Int64, "as_of": pl.Date}
    )
    held = columns.held([condition], days=[day])
    few = columns.table(asked, held)
    monkeypatch.setattr(values, "FEW", 0)
    many = columns.table(asked, held)
    assert_frame_equal(few.sort("account_id"), many.sort("account_id"))
    unknown = [leaf.column for leaf in held.leaves if few[leaf.column].null_count() == 4]
    assert unknown == [], values.stored(since={cast.birch.pk: day - 90 * DAY}).head(40)


@pytest.mark.parametrize("few", [0, 500])
def test_what_is_known_is_what_is_stored_without_the_unknown(
    cast: World, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values, "FEW", few)
    since = {cast.birch.pk: TODAY - 60 * DAY, cast.elm.pk: TODAY - 9 * DAY, cast.ash.pk: TODAY}
    names = ["active_days", "active_people"]
    keys = ["account_id", "as_of", "metric"]
    stored = values.stored(since=since, metrics=names).drop_nulls("value").drop("reason").sort(keys)
    assert_frame_equal(values.known(since=since, metrics=names).sort(keys), stored)
    until = TODAY - 2 * DAY
    before = values.known(since=since, metrics=names, until=until).sort(keys)
    assert_frame_equal(before, stored.filter(pl.col("as_of") <= until))
    assert values.known(since={}, metrics=names).is_empty()
    assert stored.height > before.height > 0
