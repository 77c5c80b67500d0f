"""Stored values: what a refresh leaves, and who may read it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keepwell.kernel.errors import Forbidden, Invalid, NotFound
from keepwell.kernel.moments import Grid, end_of
from keepwell.metrics.actions import settings, values
from keepwell.metrics.catalogue import METRICS
from keepwell.metrics.models import MetricValue
from keepwell.metrics.queries import values as reads
from tests import world
from tests.metrics.happenings import event, happen, uses
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
KEPT = [slug for slug, metric in METRICS.items() if metric.kept]
SUNDAY = TODAY - timedelta(days=1)


def stored() -> list[tuple[Any, ...]]:
    rows = MetricValue.objects.order_by("account", "as_of", "metric")
    return list(rows.values_list("account", "as_of", "metric", "value", "reason"))


def rebuilt(as_of: date) -> list[tuple[Any, ...]]:
    values.refresh(since_by_account=None, as_of=as_of)
    return stored()


def value(account: Any, metric: str, as_of: date) -> float | None:
    found = MetricValue.objects.filter(account=account, metric=metric, as_of=as_of).first()
    assert found is not None
    return found.value


def test_a_refresh_stores_each_kept_day_for_every_account_and_metric() -> None:
    cast = world.build(since=date(2026, 6, 1))
    happen()
    written = values.refresh(since_by_account=None, as_of=TODAY)
    days = {date(2026, 6, day) for day in range(1, 16)}
    assert set(MetricValue.objects.values_list("as_of", flat=True)) == days
    assert written.rows == len(days) * 4 * len(KEPT) == MetricValue.objects.count()
    assert value(cast.birch, "active_people", TODAY) is None


def test_what_is_stored_is_what_is_evaluated() -> None:
    cast = world.build()
    happen(uses("birch", 3), uses("birch", 10, "p2"), event("willow", "touchpoint.held", 40, feature="call"))
    values.refresh(since_by_account=None, as_of=TODAY)
    live = reads.evaluate(metrics=KEPT, grid=Grid(TODAY), known_by=None)
    today = [row for row in stored() if row[1] == TODAY]
    assert [tuple(row) for row in live.iter_rows()] == today
    assert value(cast.birch, "active_people", TODAY) == 2
    assert value(cast.willow, "days_since_touchpoint", SUNDAY) == 39


def test_a_late_fact_changes_its_account_from_its_day_on_and_nobody_else() -> None:
    cast = world.build()
    happen(uses("birch", 300), uses("elm", 200))
    values.refresh(since_by_account=None, as_of=TODAY)
    happen(uses("birch", 100, "p9"))
    day = TODAY - timedelta(days=100)
    done = values.refresh(since_by_account={cast.birch.pk: day}, as_of=TODAY)
    assert done.everybody_since is None
    assert done.rows < 40 * len(KEPT)
    increment = stored()
    assert increment == rebuilt(TODAY)


def test_a_new_day_moves_everybody_and_drops_the_day_three_weeks_before_unless_a_sunday() -> None:
    cast = world.build()
    happen(uses("birch", 27), uses("willow", 5))
    values.refresh(since_by_account=None, as_of=TODAY)
    assert value(cast.birch, "active_people", TODAY) == 1
    values.refresh(since_by_account={}, as_of=TODAY + timedelta(days=1))
    days = set(MetricValue.objects.filter(as_of__gte=SUNDAY).values_list("as_of", flat=True))
    assert days == {SUNDAY, TODAY, TODAY + timedelta(days=1)}
    assert not MetricValue.objects.filter(as_of=TODAY - timedelta(days=20)).exists()
    assert value(cast.birch, "active_people", TODAY + timedelta(days=1)) == 0
    assert stored() == rebuilt(TODAY + timedelta(days=1))


def test_weeks_that_went_by_while_nobody_looked_are_filled_in() -> None:
    cast = world.build()
    happen(uses("birch", 5))
    values.refresh(since_by_account=None, as_of=TODAY)
    later = TODAY + timedelta(days=20)
    values.refresh(since_by_account={cast.birch.pk: TODAY - timedelta(days=40)}, as_of=later)
    assert stored() == rebuilt(later)


def test_the_first_ticket_of_one_account_makes_silence_of_all_others_count() -> None:
    cast = world.build()
    happen(uses("birch", 50))
    values.refresh(since_by_account=None, as_of=TODAY)
    assert value(cast.ash, "escalations_per_month", TODAY) is None
    happen(event("willow", "ticket.opened", 30))
    values.refresh(since_by_account={cast.willow.pk: TODAY - timedelta(days=30)}, as_of=TODAY)
    assert value(cast.ash, "escalations_per_month", TODAY) == 0
    assert value(cast.ash, "escalations_per_month", TODAY - timedelta(days=36)) is None
    assert stored() == rebuilt(TODAY)


def test_changed_core_features_reach_every_stored_day() -> None:
    cast = world.build()
    happen(uses("birch", 50))
    values.refresh(since_by_account=None, as_of=TODAY)
    settings.save(metric="core_feature_adoption", parameters={"features": ["export"]}, by=TESTS, at=NOW)
    values.refresh(since_by_account={}, as_of=TODAY)
    assert value(cast.birch, "core_feature_adoption", TODAY) == 100
    assert stored() == rebuilt(TODAY)


def test_a_day_gone_back_leaves_nothing_of_the_future() -> None:
    world.build()
    happen(uses("birch", 5))
    values.refresh(since_by_account=None, as_of=TODAY)
    back = TODAY - timedelta(days=10)
    values.refresh(since_by_account={}, as_of=back)
    assert stored() == rebuilt(back)
    assert not MetricValue.objects.filter(as_of__gt=back).exists()


def test_blocks_of_accounts_are_all_written(monkeypatch: pytest.MonkeyPatch) -> None:
    world.build()
    happen(uses("birch", 5), uses("ash", 9))
    whole = rebuilt(TODAY)
    monkeypatch.setattr(values, "BLOCK", 3)
    assert rebuilt(TODAY) == whole


def test_an_increment_costs_a_fixed_number_of_queries() -> None:
    cast = world.build()
    happen(uses("birch", 5), uses("ash", 9))
    values.refresh(since_by_account=None, as_of=TODAY)

    def queries(accounts: list[Any]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            values.refresh(since_by_account={a.pk: SUNDAY for a in accounts}, as_of=TODAY)
        return len(captured)

    assert queries([cast.birch]) == queries([cast.birch, cast.willow, cast.elm, cast.ash])


def test_what_was_not_known_then_is_not_told_then() -> None:
    cast = world.build()
    happen(event("birch", "plan.confirmed", 20, vouched=False))
    asked = {"metrics": ["days_since_plan_confirmed"], "grid": Grid(TODAY), "accounts": [cast.birch.pk]}
    now = reads.evaluate(known_by=None, **asked)
    then = reads.evaluate(known_by=end_of(TODAY - timedelta(days=1)), **asked)
    assert now["value"].to_list() == [20]
    assert then["value"].to_list() == [None]


def test_ada_reads_current_values_and_history_and_cleo_nothing() -> None:
    cast = world.build()
    happen(uses("birch", 5))
    values.refresh(since_by_account=None, as_of=TODAY)
    asked = {"account_id": cast.birch.pk, "seen_by": cast.scope("ada")}
    found = {row.metric.slug: row.value for row in reads.current(**asked)}
    assert list(found) == KEPT
    assert found["active_days"] == 1
    history = reads.history(metric="active_days", since=TODAY - timedelta(days=20), **asked)
    assert [point.as_of for point in history] == [TODAY - timedelta(days=back) for back in range(20, -1, -1)]
    assert [point.value for point in history] == [None] * 15 + [1] * 6
    for_cleo = {**asked, "seen_by": cast.scope("cleo")}
    assert reads.current(**for_cleo) == ()
    assert reads.history(metric="active_days", since=SUNDAY, **for_cleo) == ()
    with pytest.raises(NotFound, match="happiness"):
        reads.history(metric="happiness", since=SUNDAY, **asked)


def test_ada_may_not_change_what_is_core_and_nonsense_is_refused() -> None:
    cast = world.build()
    asked: dict[str, Any] = {"metric": "core_feature_adoption", "by": TESTS, "at": NOW}
    with pytest.raises(Forbidden):
        settings.save(**{**asked, "by": cast.scope("ada")}, parameters={"features": ["export"]})
    with pytest.raises(Invalid, match=r'no parameter "feature"\. Allowed: features'):
        settings.save(**asked, parameters={"feature": ["export"]})
    with pytest.raises(Invalid, match='"features" must be a list of names'):
        settings.save(**asked, parameters={"features": "export"})


def test_a_metric_by_which_somebody_judges_is_computed_alone_and_forgotten_when_nobody_does() -> None:
    cast = world.build()
    happen(uses("birch", 5), event("willow", "ticket.opened", 30))
    values.refresh(since_by_account=None, as_of=TODAY)
    before = stored()
    done = values.refresh(since_by_account={}, as_of=TODAY, keep=["usage_events"])
    assert done.everybody_since is None
    assert {row[2] for row in set(stored()) - set(before)} == {"usage_events"}
    assert value(cast.birch, "usage_events", TODAY) == 1
    increment = stored()
    values.refresh(since_by_account=None, as_of=TODAY, keep=["usage_events"])
    assert stored() == increment
    values.refresh(since_by_account={}, as_of=TODAY)
    assert stored() == before
