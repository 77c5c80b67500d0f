"""The alert budget: what followed alarms, what was answered, what is proposed to rest, and that it claims nothing."""

from contextlib import nullcontext
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from keepwell.kernel.errors import NotFound
from keepwell.ledger.actions import contracts
from keepwell.pipeline.actions import advance
from keepwell.plays.actions import budgets, bulk, deliveries, responses
from keepwell.plays.formulas import budgets as formulas
from keepwell.plays.formulas.budgets import Answers, Asked
from keepwell.plays.queries import alarms as alarms_told
from keepwell.plays.queries import budgets as reads
from keepwell.signals.actions import rules
from keepwell.signals.models import Firing
from tests import world
from tests.metrics.happenings import happen, uses
from tests.plays.books import say, step
from tests.world import NOW, TESTS, TODAY, World

DAY = timedelta(days=1)
ASKED = Asked(until=TODAY, settled_on=TODAY, horizon_days=90, customers=100)
QUIET = {"of": "metric.active_days", "below": 2}


def alarms(*days_ago: int) -> pl.DataFrame:
    """One alarm each on an account of its own."""
    rows = [(number, TODAY - DAY * ago) for number, ago in enumerate(days_ago)]
    return pl.DataFrame(rows, schema={"account_id": pl.Int64, "as_of": pl.Date}, orient="row")


def left(*rows: tuple[int, int]) -> pl.DataFrame:
    told = [(account, TODAY - DAY * ago) for account, ago in rows]
    return pl.DataFrame(told, schema={"account_id": pl.Int64, "on": pl.Date}, orient="row")


def test_an_alarm_is_right_when_what_it_foretold_came_within_the_horizon() -> None:
    outcomes = left((0, 150), (1, 20), (2, 260))
    found = formulas.figures(alarms(200, 200, 200, 10), outcomes, Answers(), ASKED)
    assert (found["alarms"], found["settled"], found["right"]) == (4, 3, 1)
    assert found["precision"]["low"] < found["precision"]["share"] == pytest.approx(1 / 3)
    assert found["by_chance"] == pytest.approx(3 * 90 / 365 / 100)
    assert found["retire"] == []


def test_who_cries_wolf_is_proposed_to_rest_only_when_enough_is_known() -> None:
    nobody = left((99, 5))
    many, few = alarms(*[200] * formulas.LEAST_SETTLED), alarms(*[200] * (formulas.LEAST_SETTLED - 1))
    assert formulas.figures(many, nobody, Answers(), ASKED)["retire"] == ["chance"]
    assert formulas.figures(few, nobody, Answers(), ASKED)["retire"] == []
    half = Answers(told=30, answered=10, acted=2, not_useful=5)
    assert formulas.figures(few, nobody, half, ASKED)["retire"] == ["useless"]
    assert formulas.figures(few, nobody, Answers(told=20), ASKED)["retire"] == ["ignored"]
    assert formulas.figures(few, nobody, Answers(told=19), ASKED)["retire"] == []


def test_a_renewal_counts_when_a_contract_ended_and_another_went_on() -> None:
    begun, end = TODAY - DAY * 400, TODAY - DAY * 35
    terms: list[tuple[int, date, date | None]] = [
        (1, begun, end), (1, end + DAY * 10, None), (2, begun, end), (3, begun, None), (4, begun, TODAY + DAY),
    ]  # fmt: skip
    renewed = formulas.renewals(terms, until=TODAY, grace_days=30)
    assert renewed == {1: end}
    told = pl.DataFrame(
        [(1, end - DAY), (1, end + DAY), (2, end - DAY)],
        schema={"account_id": pl.Int64, "as_of": pl.Date},
        orient="row",
    )
    assert formulas.renewed_after(told, renewed) == [1]
    assert formulas.renewed_after(told.filter(pl.col("as_of") > end), renewed) == []


def counted(at: datetime) -> list[int]:
    """What the only rule was worth: told, answered, acted, not useful."""
    budgets.count(at=at)
    (view,) = reads.everything(seen_by=TESTS)
    return [(view.figures or {})[name] for name in ("told", "answered", "acted", "not_useful")]


@pytest.mark.django_db
def test_what_became_of_willows_alarm_is_counted_and_shown_to_those_who_see_everything() -> None:
    cast: World = world.build()
    told = {"source": "tests", "by": TESTS, "at": NOW, "vouched": True}
    begun = TODAY - DAY * 300
    contracts.upsert(
        rows=[
            {"key": "a", "account": "willow", "arr": 48_000, "start_date": begun, "end_date": TODAY + DAY * 3},
            {"key": "b", "account": "willow", "arr": 50_000, "start_date": TODAY + DAY * 4},
        ],
        **told,
    )  # fmt: skip
    happen(uses("willow", 30), *(uses("birch", ago) for ago in range(20)))
    rules.put(slug="quiet", title="Quiet", definition={"when": QUIET}, by=TESTS, at=NOW)
    advance(at=NOW)
    deliveries.deliver(at=NOW)
    assert reads.uncounted()
    (alarm,) = Firing.objects.filter(account=cast.willow)
    responses.respond(firing_id=alarm.pk, kind="not_useful", by=cast.scope("ada"), at=NOW)
    happen(uses("birch", 0), at=NOW + DAY * 8)
    advance(at=NOW + DAY * 8)
    budgets.count(at=NOW + DAY * 8)
    assert not reads.uncounted()
    (view,) = reads.everything(seen_by=TESTS)
    found = view.figures or {}
    counts = ("alarms", "told", "answered", "acted", "not_useful", "renewed")
    assert [found[name] for name in counts] == [Firing.objects.filter(stood=False).count(), 1, 1, 0, 1, 1]
    assert found["precision"] is None, "nobody can know yet"
    assert view.renewed is not None
    assert view.renewed.currency == "USD"
    assert reads.everything(seen_by=cast.scope("ada")) == ()
    ada = cast.scope("ada")
    responses.take_back(firing_id=alarm.pk, kind="not_useful", by=ada, at=NOW + DAY * 8)
    say(step("call"), slug="calls")
    swept = bulk.draft(account_ids=[cast.willow.pk], by=ada, at=NOW + DAY * 8, rule="quiet")
    bulk.start(deed_id=swept, kind="play", said={"playbook": "calls"}, by=ada, at=NOW + DAY * 8)
    (answer,) = alarms_told.responses(firing_id=alarm.pk, seen_by=TESTS)
    assert (answer.kind, answer.by, answer.playbook) == ("acted", "Ada", "Calls")
    assert counted(NOW + DAY * 8) == [1, 1, 1, 0]
    bulk.undo(deed_id=swept, by=ada, at=NOW + DAY * 8)
    assert counted(NOW + DAY * 8) == [1, 0, 0, 0], "the answer went with the start"
    for rule in ("", "other"):
        with pytest.raises(NotFound) if rule else nullcontext():
            elsewhere = bulk.draft(account_ids=[cast.willow.pk], by=ada, at=NOW + DAY * 8, rule=rule)
    bulk.start(deed_id=elsewhere, kind="play", said={"playbook": "calls"}, by=ada, at=NOW + DAY * 8)
    assert counted(NOW + DAY * 8) == [1, 0, 0, 0], "what was not begun from the rule answers nothing"
    rules.rest(slug="quiet", by=TESTS, at=NOW + DAY * 9)
    budgets.count(at=NOW + DAY * 9)
    assert reads.everything(seen_by=TESTS) == ()
