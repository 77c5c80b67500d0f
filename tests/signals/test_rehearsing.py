"""A rehearsal says what a rule would have done: how often, on whom, how early, how often rightly, from what was known then."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from keepwell.kernel.errors import Forbidden, Invalid
from keepwell.kernel.moments import Grid
from keepwell.ledger.actions import contracts
from keepwell.metrics.actions import departures
from keepwell.pipeline.actions import advance
from keepwell.segments.queries import vocabulary
from keepwell.signals.actions import rehearsals as deeds
from keepwell.signals.actions import rules
from keepwell.signals.formulas import rehearsing
from keepwell.signals.models import RuleVersion
from keepwell.signals.queries import rehearsals, replaying
from tests import world
from tests.health.test_scores import TOUCH, card
from tests.metrics.happenings import event, happen, uses
from tests.world import NOW, TESTS, TODAY

DAY = timedelta(days=1)
FIRST = date(2026, 1, 4)
WEEKS = [FIRST + 7 * DAY * n for n in range(20)]
ASKED = rehearsing.Asked(
    days=WEEKS, step_days=7, horizon_days=30, settled_on=WEEKS[-1], again_after_days=0, csms=2
)


def answers(**told: str) -> pl.DataFrame:
    """Each account's weeks as letters: y holds, n does not, ? unknown."""
    truth = {"y": True, "n": False, "?": None}
    rows = [
        (int(name.removeprefix("a")), WEEKS[week], truth[sign])
        for name, signs in told.items()
        for week, sign in enumerate(signs)
    ]
    schema = {"account_id": pl.Int64, "as_of": pl.Date, "holds": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def left(*rows: tuple[int, date]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema={"account_id": pl.Int64, "on": pl.Date}, orient="row")


def test_an_alarm_is_a_beginning_and_what_cannot_be_told_is_none() -> None:
    told = rehearsing.alarms(answers(a1="nnyyn?yy", a2="yyny", a3="ny?y"), again_after_days=0)
    assert told.rows() == [
        (1, WEEKS[2], False), (1, WEEKS[6], False), (2, WEEKS[0], True), (2, WEEKS[3], False), (3, WEEKS[1], False),
    ]  # fmt: skip


def test_not_again_too_soon() -> None:
    told = rehearsing.alarms(answers(a1="nynyny"), again_after_days=20)
    assert told["as_of"].to_list() == [WEEKS[1], WEEKS[5]]


def test_right_is_what_came_within_the_horizon_and_the_young_ones_are_not_judged() -> None:
    rows = answers(a1="ny" + "n" * 18, a2="ny" + "n" * 18, a3="n" * 18 + "yy", a4="n" * 20)
    told = rehearsing.figures(rows, left((1, WEEKS[4]), (2, WEEKS[9]), (4, WEEKS[5])), ASKED)
    assert (told["alarms"], told["accounts"], told["settled"], told["right"]) == (3, 3, 2, 1)
    assert told["precision"]["share"] == 0.5
    assert 0 < told["precision"]["low"] < 0.5 < told["precision"]["high"] < 1
    assert (told["came"], told["caught"], told["lead_days"]) == (3, 1, [21.0, 21.0, 21.0])
    assert told["a_week_per_csm"] == pytest.approx(3 / 19 / 2)
    assert [row["account"] for row in told["named"]] == [3, 1, 2]


def test_no_customers_no_figures() -> None:
    told = rehearsing.figures(answers(), left(), ASKED)
    assert (told["alarms"], told["precision"], told["by_chance"]) == (0, None, None)


@pytest.fixture
def past() -> None:
    """Birch used it all the year; Elm stopped twenty weeks ago and is gone, as silence of sixty days says."""
    world.build(at=NOW - 400 * DAY)
    departures.declare(definition={"kind": "silence", "days": 60}, by=TESTS, at=NOW)
    happen(
        *(uses("birch", ago) for ago in range(0, 300, 3)),
        *(uses("elm", ago) for ago in range(140, 300, 3)),
        event("ash", "account.created", 300),
    )
    advance(at=NOW)


def save(when: dict[str, Any], **more: Any) -> None:
    rules.save(slug="quiet", title="Quiet", definition={"when": when, **more}, by=TESTS, at=NOW)


def rehearsed(**asked: Any) -> rehearsals.RehearsalView:
    number = deeds.ask(slug="quiet", by=TESTS, at=NOW, **asked)
    deeds.run(rehearsal_id=number, at=NOW)
    return rehearsals.find(rehearsal_id=number, seen_by=TESTS)


@pytest.mark.django_db
@pytest.mark.usefixtures("past")
def test_elm_would_have_been_told_of_in_time() -> None:
    save({"of": "metric.active_days", "below": 5})
    view = rehearsed(horizon_days=90, since=TODAY - 250 * DAY)
    assert (view.state, view.error) == ("done", "")
    assert view.figures is not None
    assert [row["account"] for row in view.figures["named"]] == ["elm"]
    assert (view.figures["alarms"], view.figures["settled"], view.figures["right"]) == (1, 1, 1)
    assert (view.figures["came"], view.figures["caught"]) == (1, 1)
    assert 30 <= view.figures["lead_days"][1] <= 60
    verdict = RuleVersion.objects.get().verdict
    assert verdict is not None
    assert (verdict["rehearsal"], verdict["alarms"]) == (view.id, 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("past")
def test_it_stands_beside_the_version_in_force() -> None:
    save({"of": "metric.active_days", "below": 5})
    rules.publish(slug="quiet", number=1, by=TESTS, at=NOW)
    save({"of": "highest.active_days", "below": 1, "in_days": 14})
    view = rehearsed(since=TODAY - 250 * DAY)
    assert (view.number, view.against) == (2, 1)
    assert view.figures is not None
    assert view.other is not None
    mine, theirs = view.figures["named"][0], view.other["named"][0]
    assert (mine["account"], theirs["account"]) == ("elm", "elm")
    assert mine["day"] > theirs["day"]


@pytest.mark.django_db
def test_health_is_judged_as_known_then() -> None:
    world.build(at=NOW - 400 * DAY)
    card(TOUCH, at=NOW - 400 * DAY)
    happen(event("elm", "touchpoint.held", 200), event("birch", "touchpoint.held", 3))
    happen(event("elm", "touchpoint.held", 60, vouched=False), at=NOW)
    advance(at=NOW)
    said = {"of": "standing.band", "is": "red"}
    condition = vocabulary.plain(vocabulary.read(said))
    grid = Grid(TODAY, 7, 20)
    told = replaying.answers({"red": condition}, grid=grid, progress=lambda done, total: None)
    by_day = dict(told.filter(pl.col("red").fill_null(value=False)).group_by("account_id").len().iter_rows())
    assert len(by_day) == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("past")
def test_an_expansion_is_a_step_up_in_arr() -> None:
    given: dict[str, Any] = {"source": "crm", "by": TESTS, "vouched": True}
    row = {"key": "c", "account": "birch", "start_date": TODAY - 300 * DAY, "arr": 100}
    contracts.upsert(rows=[row], at=NOW - 300 * DAY, **given)
    contracts.upsert(rows=[row | {"arr": 150}], at=NOW - 30 * DAY, **given)
    advance(at=NOW)
    grew = replaying.expansions(grid=Grid(TODAY, 7, 20))
    assert grew.height == 1
    assert TODAY - 30 * DAY <= grew["on"][0] <= TODAY - 23 * DAY


@pytest.mark.django_db
def test_what_cannot_be_rehearsed_is_refused() -> None:
    cast = world.build()
    save({"of": "standing.band", "is": "red"})
    with pytest.raises(Invalid, match="no scorecard is published"):
        deeds.ask(slug="quiet", by=TESTS, at=NOW)
    save({"of": "arr", "above": 1})
    with pytest.raises(Invalid, match="1, 7, 14, 28 days apart, not 3"):
        deeds.ask(slug="quiet", by=TESTS, at=NOW, step_days=3)
    with pytest.raises(Forbidden):
        deeds.ask(slug="quiet", by=cast.scope("ada"), at=NOW)
    view = rehearsed()
    assert (view.state, view.error[:12]) == ("failed", "No account w")
