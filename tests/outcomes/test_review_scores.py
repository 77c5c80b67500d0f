"""What a review scores and what the plan says of its outcomes never contradict each other."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from keepwell.kernel import errors
from keepwell.ledger import frames
from keepwell.ledger.actions import relay
from keepwell.outcomes.actions import holdings, progress
from keepwell.outcomes.actions.holdings import Judged
from keepwell.outcomes.queries import plans as read_plans
from tests.outcomes.meetings import AFTER, THEN, cast, found, held, make
from tests.world import TESTS, World

__all__ = ["cast"]
pytestmark = pytest.mark.django_db


def reached(number: int, *, at: datetime, cast: World, stands: str = "reached") -> None:
    scores = (Judged("reports-without-hands", stands, "They run by themselves."),)
    what = held(todos=(), next_at=None, scores=scores)
    holdings.hold(review_id=number, held=what, by=cast.scope("ada"), at=at)


def outcome(at: datetime) -> Any:
    return read_plans.find(account="willow", seen_by=TESTS, day=at.date()).objectives[0]


def test_an_outcome_scored_as_reached_is_reached_in_the_plan_until_that_is_taken_back(cast: World) -> None:
    number = make(cast)
    reached(number, at=AFTER, cast=cast)
    found = outcome(AFTER)
    assert (found.reached_on, found.review, found.verdict.status) == (THEN.date(), number, "reached")
    assert "Scored as reached in the review" in found.evidence
    by_hand: dict[str, Any] = {
        "account": "willow",
        "objective": "reports-without-hands",
        "by": TESTS,
        "at": AFTER,
    }
    with pytest.raises(errors.Conflict, match="scored it as reached"):
        progress.unreach(**by_hand)
    holdings.take_back(review_id=number, by=cast.scope("ada"), at=AFTER)
    assert outcome(AFTER).reached_on is None
    relay.all_waiting(at=AFTER)
    told = frames.events(until=AFTER + timedelta(days=1), names=("objective.reached", "objective.reopened"))
    assert told.collect()["name"].to_list() == ["objective.reached", "objective.reopened"]


def test_the_newest_word_of_a_review_holds(cast: World) -> None:
    first, second, third = (make(cast, starts_at=THEN + timedelta(days=30 * n)) for n in range(3))
    later = THEN + timedelta(days=70)
    reached(first, at=AFTER, cast=cast)
    reached(third, at=later, cast=cast)
    assert outcome(later).review == first, "it is there since the first"
    reached(second, at=later, cast=cast, stands="behind")
    assert outcome(later).review == third, "it was not there in between"
    holdings.take_back(review_id=third, by=cast.scope("ada"), at=later)
    assert outcome(later).reached_on is None
    holdings.take_back(review_id=second, by=cast.scope("ada"), at=later)
    assert outcome(later).review == first


def test_what_is_marked_by_hand_and_what_a_review_scores_never_contradict_each_other(cast: World) -> None:
    about: dict[str, Any] = {
        "account": "willow",
        "objective": "reports-without-hands",
        "by": TESTS,
        "at": AFTER,
    }
    progress.reach(on=THEN.date(), evidence="Letter", **about)
    number = make(cast)
    with pytest.raises(errors.Conflict, match="was reached on"):
        reached(number, at=AFTER, cast=cast, stands="behind")
    assert found(cast, number, AFTER).row.state == "overdue", "nothing is written"
    reached(number, at=AFTER, cast=cast)
    holdings.take_back(review_id=number, by=cast.scope("ada"), at=AFTER)
    assert outcome(AFTER).evidence == "Letter", "what is marked by hand stays"
    progress.unreach(**about)
    reached(number, at=AFTER, cast=cast, stands="behind")
    with pytest.raises(errors.Conflict, match="does not score it as reached"):
        progress.reach(on=THEN.date(), evidence="", **about)
    progress.reach(
        on=THEN.date() + timedelta(days=1), evidence="", **(about | {"at": AFTER + timedelta(days=1)})
    )
