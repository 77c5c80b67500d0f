"""Scores follow the values; standings follow the scores; a band that moves is told once."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from keepwell.health.actions import scorecards, scores
from keepwell.health.models import BandChange, Score, Standing
from keepwell.health.queries import scores as reads
from keepwell.kernel.moments import end_of
from keepwell.ledger import frames
from keepwell.ledger.actions import relay
from keepwell.metrics.actions import values
from tests import world
from tests.health.test_cards import CARD
from tests.metrics.happenings import event, happen, uses
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SUNDAY = TODAY - DAY
TOUCH = {
    "least_known_percent": 50,
    "bands": {"green": ">= 75", "red": "< 50"},
    "parts": [
        {
            "measure": "touch",
            "metric": "days_since_touchpoint",
            "label": "Days since last touchpoint",
            "weight": 100,
            "green": "<= 7",
            "red": "> 30",
        }
    ],
}


@pytest.fixture
def cast() -> world.World:
    found = world.build()
    card(TOUCH, at=NOW - timedelta(days=900))
    return found


def card(definition: dict[str, Any], *, at: datetime = NOW) -> None:
    saved = scorecards.save(slug="ours", title="Ours", definition=definition, by=TESTS, at=at)
    scorecards.publish(slug="ours", number=saved.number, by=TESTS, at=at)


def refresh(since: dict[int, date] | None = None, *, as_of: date = TODAY, batch: int = 1) -> int:
    """Values and scores, as the pipeline does."""
    at = NOW + (as_of - TODAY)
    values.refresh(since_by_account=since, as_of=as_of)
    return scores.refresh(since_by_account=since, as_of=as_of, at=at, batch=batch)


def stored() -> list[tuple[Any, ...]]:
    rows = Score.objects.order_by("account", "as_of")
    return list(
        rows.values_list(
            "account", "version", "as_of", "points", "band", "parts", "known_weight", "low", "high"
        )
    )


def told_changes() -> list[tuple[str, str]]:
    relay.all_waiting(at=NOW + 60 * DAY)
    rows = frames.events(until=NOW + 60 * DAY, names=["health.band_changed"]).collect("polars").to_native()
    return sorted(rows.select("id", "props").iter_rows())


def test_an_account_is_scored_on_every_stored_day_with_its_parts(cast: world.World) -> None:
    happen(event("birch", "touchpoint.held", 10))
    refresh(batch=7)
    score = Score.objects.get(account=cast.birch, as_of=TODAY)
    assert (score.points, score.band, score.batch, score.computed_at) == (50, "yellow", 7, NOW)
    (part,) = score.parts
    assert part == {
        "measure": "touch",
        "metric": "days_since_touchpoint",
        "label": "Days since last touchpoint",
        "group": "",
        "weight": 100,
        "value": 10,
        "band": "yellow",
        "points": 50,
        "reason": None,
        "state": "judged",
        "unit": "days",
        "green": "<= 7",
        "red": "> 30",
        "slope": "",
    }
    assert Score.objects.get(account=cast.birch, as_of=SUNDAY - timedelta(days=7)).band == "green"
    assert Score.objects.get(account=cast.ash, as_of=TODAY).parts[0]["reason"] == "No touchpoint is known"


def test_the_first_standing_is_no_change(cast: world.World) -> None:
    happen(event("birch", "touchpoint.held", 40))
    refresh()
    standing = Standing.objects.get(account=cast.birch)
    assert (standing.band, standing.previous_band, standing.since) == ("red", "", NOW)
    assert Standing.objects.count() == 4
    assert not BandChange.objects.exists()


def test_willow_drifts_and_it_is_told_once_with_what_was_seen(cast: world.World) -> None:
    happen(event("willow", "touchpoint.held", 28))
    refresh()
    refresh({}, as_of=TODAY + 2 * DAY)
    assert not BandChange.objects.exists()
    refresh({}, as_of=TODAY + 3 * DAY)
    refresh({}, as_of=TODAY + 3 * DAY)
    refresh(as_of=TODAY + 3 * DAY)
    change = BandChange.objects.get()
    assert (change.account, change.from_band, change.to_band) == (cast.willow, "yellow", "red")
    assert (change.at, change.as_of, change.points) == (NOW + 3 * DAY, TODAY + 3 * DAY, 0)
    assert change.parts[0]["value"] == 31
    assert change.score is not None
    assert change.score.parts == change.parts
    ((_, props),) = told_changes()
    assert props == '{"from": "yellow", "to": "red"}'
    standing = Standing.objects.get(account=cast.willow)
    assert (standing.previous_band, standing.since) == ("yellow", NOW + 3 * DAY)


def test_a_change_keeps_what_was_seen_after_its_day_is_no_longer_stored(cast: world.World) -> None:
    happen(event("willow", "touchpoint.held", 28))
    refresh()
    refresh({}, as_of=TODAY + 3 * DAY)
    refresh({}, as_of=TODAY + 25 * DAY)
    change = BandChange.objects.get()
    assert change.score is None
    assert change.parts[0]["value"] == 31


def test_an_increment_leaves_the_scores_of_a_rebuild(cast: world.World) -> None:
    happen(event("birch", "touchpoint.held", 100), uses("elm", 20))
    refresh()
    happen(event("birch", "touchpoint.held", 60), event("ash", "touchpoint.held", 3))
    refresh({cast.birch.pk: TODAY - 60 * DAY, cast.ash.pk: TODAY - 3 * DAY}, as_of=TODAY + DAY)
    increment = stored()
    assert len({row[2] for row in increment}) == 93
    refresh(as_of=TODAY + DAY)
    assert stored() == increment


def test_what_a_past_day_showed_stays_when_the_card_changes(cast: world.World) -> None:
    happen(event("birch", "touchpoint.held", 10))
    refresh()
    stricter = {**TOUCH, "parts": [{**TOUCH["parts"][0], "red": "> 9"}]}  # type: ignore[index]
    card(stricter)
    refresh({})
    bands = {s.as_of: (s.version.number, s.band) for s in Score.objects.filter(account=cast.birch)}
    assert bands[SUNDAY] == (1, "yellow")
    assert bands[TODAY] == (2, "red")
    assert BandChange.objects.get().to_band == "red"
    increment = stored()
    refresh()
    assert stored() == increment


def test_another_card_judges_from_the_day_on_that_puts_it_in_order(cast: world.World) -> None:
    happen(event("birch", "touchpoint.held", 10), event("birch", "ticket.opened", 50))
    refresh()
    saved = scorecards.save(slug="theirs", title="Theirs", definition=CARD, by=TESTS, at=NOW)
    scorecards.publish(slug="theirs", number=saved.number, by=TESTS, at=NOW)
    assert refresh({}) == 0
    scorecards.put_in_order(order=["theirs", "ours"], by=TESTS, at=NOW)
    assert refresh({}) == Score.objects.count()
    assert set(Score.objects.filter(as_of=TODAY).values_list("version", flat=True)) == {saved.pk}
    assert not Score.objects.filter(as_of__lt=TODAY, version=saved).exists()
    assert Standing.objects.get(account=cast.birch).band == "unknown"


def test_without_a_card_nothing_is_scored() -> None:
    world.build()
    happen()
    assert refresh() == 0
    assert not Score.objects.exists()


def test_ada_reads_a_score_with_reasons_and_cleo_nothing(cast: world.World) -> None:
    happen(event("birch", "touchpoint.held", 10))
    refresh()
    asked = {"account_id": cast.birch.pk, "seen_by": cast.scope("ada")}
    view = reads.current(**asked)
    assert view is not None
    assert (view.points, view.band, view.title, view.version) == (50, "yellow", "Ours", 1)
    assert (view.low, view.high, view.known_weight, view.computed_at) == (50, 50, 100, NOW)
    (part,) = view.parts
    assert part.threshold_words == "Healthy up to 7 days, at risk above 30 days, watch between"
    assert part.definition == "Whole days since we and the customer last spoke."
    history = reads.history(since=SUNDAY, **asked)
    assert [(point.as_of, point.points) for point in history] == [(SUNDAY, 50), (TODAY, 50)]
    assert history[0].parts[0]["value"] == 9
    edges = reads.band_edges(**asked)
    assert (edges.watch_from, edges.healthy_from) == (50, 75)
    for_cleo = {**asked, "seen_by": cast.scope("cleo")}
    assert reads.current(**for_cleo) is None
    assert reads.history(since=SUNDAY, **for_cleo) == ()


def test_the_score_of_a_past_day_as_it_was_known_then(cast: world.World) -> None:
    happen(event("birch", "touchpoint.held", 20, vouched=False), event("birch", "touchpoint.held", 60))
    then = TODAY - 15 * DAY

    def of_birch(known_by: datetime | None) -> reads.ScoreView:
        (view,) = reads.evaluate(as_of=then, known_by=known_by, account_ids=[cast.birch.pk])
        return view

    assert (of_birch(None).points, of_birch(None).parts[0].value) == (100, 5)
    assert (of_birch(end_of(then)).points, of_birch(end_of(then)).parts[0].value) == (0, 45)
    assert len(reads.evaluate(as_of=then, known_by=None, account_ids=None)) == 4


def test_stored_and_live_scores_are_the_same(cast: world.World) -> None:
    happen(event("birch", "touchpoint.held", 10), event("elm", "touchpoint.held", 50))
    refresh()
    live = {
        v.account_id: (v.points, v.band) for v in reads.evaluate(as_of=TODAY, known_by=None, account_ids=None)
    }
    kept = {s.account_id: (s.points, s.band) for s in Score.objects.filter(as_of=TODAY)}
    assert live == kept
    assert pl.Series([points for points, _ in live.values()]).null_count() == 2
