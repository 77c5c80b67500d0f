"""An indicator past its trigger alarms in the same run that carries the event; the drift rule and Today hear of plans."""

from datetime import timedelta
from typing import Any

import msgspec
import polars as pl
import pytest

from keepwell.hooks import registry
from keepwell.hooks.waiting import Asker
from keepwell.outcomes.actions import plans, progress, versions
from keepwell.outcomes.queries import columns
from keepwell.packs import loading
from keepwell.pipeline.actions import advance
from keepwell.signals.actions import rules
from keepwell.signals.models import Firing
from tests import world
from tests.metrics.happenings import happen, uses
from tests.outcomes.plans import DAY, make
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
RULE: dict[str, Any] = {"when": {"of": "plan.past_trigger", "above": 0}, "severity": "high"}
HOUR = timedelta(hours=1)


@pytest.fixture
def cast() -> World:
    found = world.build()
    happen(*(uses("willow", ago) for ago in (20, 3)), uses("birch", 2))
    make(at=NOW - 30 * HOUR)
    advance(at=NOW - 30 * HOUR)
    rules.put(slug="past", title="Past its alarm", definition=RULE, by=TESTS, at=NOW - 30 * HOUR)
    advance(at=NOW - 29 * HOUR)
    return found


def firing() -> list[tuple[str, bool]]:
    rows = Firing.objects.filter(rule__slug="past", ended_at=None).order_by("pk")
    return [(row.account.key, row.stood) for row in rows.select_related("account")]


def test_a_reading_past_the_trigger_alarms_in_the_next_run_and_a_better_one_ends_it(cast: World) -> None:
    assert firing() == []
    about: dict[str, Any] = {
        "account": "willow",
        "indicator": "cost-a-month",
        "on": DAY,
        "evidence": "Invoice",
        "by": TESTS,
    }
    progress.read(value=1200, at=NOW, **about)
    advance(at=NOW)
    assert firing() == [("willow", False)]
    assert "indicators past their alarm" in " ".join(Firing.objects.get(ended_at=None).because)
    progress.read(value=800, at=NOW + HOUR, **about)
    advance(at=NOW + HOUR)
    assert firing() == []


def test_an_event_that_moves_a_bound_metric_alarms_in_the_run_that_carries_it(cast: World) -> None:
    def raised(doc: Any) -> Any:
        first = doc.objectives[0]
        line = msgspec.structs.replace(
            first.indicators[0], metric="usage_events", trigger=2, better="down", target=0
        )
        return msgspec.structs.replace(
            doc, objectives=(msgspec.structs.replace(first, indicators=(line,)), *doc.objectives[1:])
        )

    plans.change(account="willow", edit=raised, by=TESTS, at=NOW)
    advance(at=NOW)
    assert firing() == []
    happen(*(uses("willow", 0) for _ in range(1)), uses("willow", 0, person="p2"))
    advance(at=NOW + HOUR)
    assert firing() == [("willow", False)]


def test_a_trigger_that_is_moved_alarms_too(cast: World) -> None:
    about: dict[str, Any] = {
        "account": "willow",
        "indicator": "cost-a-month",
        "on": DAY,
        "evidence": "Invoice",
        "by": TESTS,
    }
    progress.read(value=950, at=NOW, **about)
    advance(at=NOW)
    assert firing() == []

    def tighter(doc: Any) -> Any:
        second = doc.objectives[1]
        line = msgspec.structs.replace(second.indicators[0], trigger=940)
        return msgspec.structs.replace(
            doc, objectives=(doc.objectives[0], msgspec.structs.replace(second, indicators=(line,)))
        )

    plans.change(account="willow", edit=tighter, by=TESTS, at=NOW + HOUR)
    advance(at=NOW + HOUR)
    assert firing() == [("willow", False)]


def asked(day: Any, *accounts: Any) -> pl.DataFrame:
    rows = {"account_id": [one.pk for one in accounts], "as_of": [day] * len(accounts)}
    frame = pl.DataFrame(rows, schema={"account_id": pl.Int64, "as_of": pl.Date})
    names = ["plan.state", "plan.past_trigger", "plan.which", "plan.overdue"]
    return columns.Plans().on_days(frame, names).sort("account_id")


def test_what_conditions_ask_is_known_unknown_or_not_there_yet(cast: World) -> None:
    by_name = {row["account_id"]: row for row in asked(DAY, cast.willow, cast.elm).iter_rows(named=True)}
    willow, elm = by_name[cast.willow.pk], by_name[cast.elm.pk]
    assert (elm["plan.state"], elm["plan.past_trigger"], elm["plan.overdue"]) == ("none", 0, 0)
    assert (willow["plan.state"], willow["plan.overdue"]) == ("draft", 1)
    assert willow["plan.past_trigger"] is None  # nobody read the cost yet, so nobody can tell
    before = asked(DAY - timedelta(days=30), cast.willow).row(0, named=True)
    assert (before["plan.state"], before["plan.past_trigger"]) == ("none", 0)
    progress.read(
        account="willow",
        indicator="cost-a-month",
        value=1200,
        on=DAY - timedelta(days=5),
        evidence="x",
        by=TESTS,
        at=NOW,
    )
    now = asked(DAY, cast.willow).row(0, named=True)
    assert (now["plan.past_trigger"], now["plan.which"]) == (1, "Cost a month")
    assert (
        asked(DAY - timedelta(days=1), cast.willow).row(0, named=True)["plan.past_trigger"] is None
    )  # entered later


def test_many_plans_cost_no_more_queries_than_one(cast: World, django_assert_max_num_queries: Any) -> None:
    make(account="birch", steps=[])
    make(account="elm", steps=[])
    with django_assert_max_num_queries(7):
        asked(DAY, cast.willow, cast.birch, cast.elm, cast.ash)


def test_metrics_of_indicators_are_measured_and_not_retired(cast: World) -> None:
    (use,) = [use for use in registry.uses() if use.key == "plans"]
    assert use.metrics == {"active_people"}


def asker(cast: World) -> Asker:
    seen = cast.scope("ada")
    return Asker(seen, cast.ada.pk, cast.ada.pk, NOW, NOW + 8 * HOUR, NOW + timedelta(days=5), 50)


def test_today_offers_stale_plans_overdue_steps_and_each_indicator(cast: World) -> None:
    progress.read(
        account="willow", indicator="cost-a-month", value=1200, on=DAY, evidence="x", by=TESTS, at=NOW
    )
    versions.agree(account="willow", who="Dora", on=DAY - timedelta(days=100), by=TESTS, at=NOW)
    offered = {
        source.slug: [(one.what, one.subject) for one in source.offers(asker(cast))]
        for source in registry.waiting()
        if source.slug.startswith("plan")
    }
    assert offered == {
        "plans": [("Refresh the success plan", "plan:willow")],
        "plan-indicators": [("Cost a month", "plan:willow")],
        "plan-steps": [("Kickoff", "plan:willow")],
    }


def test_the_packs_watch_for_it_with_the_same_condition() -> None:
    for slug in ("saas", "agency"):
        (rule,) = [rule for rule in loading.find(slug).rules if rule.slug == "indicator-past-alarm"]
        assert rule.definition["when"]["all"][0] == {"of": "plan.past_trigger", "above": 0.0}
