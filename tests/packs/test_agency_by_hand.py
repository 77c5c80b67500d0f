"""The agency's score from facts to band, worked out by hand from the playbook's table.

| signal | weight | green 100 | yellow 50 | red 0 |
|---|---|---|---|---|
| core features used within 90 days | 25 | > 70 % | 50–70 % | < 50 % |
| reviews that an executive attended | 20 | > 80 % | 60–80 % | < 60 % |
| NPS | 20 | 50 and more | 20–50 | < 20 |
| escalations a month | 15 | < 1 | 1–3 | > 3 |
| days since the plan was refreshed | 20 | < 30 | 30–90 | > 90 |
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from keepwell.health.queries import scores
from keepwell.ledger.event import Event
from keepwell.metrics.actions import settings
from keepwell.packs import actions
from tests import world
from tests.metrics.happenings import event, happen, uses
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
CORE = [f"core {n}" for n in range(10)]
PROMOTER, PASSIVE, DETRACTOR = 9, 8, 6
BANDS = {100.0: "green", 50.0: "yellow", 0.0: "red", None: "unknown"}


@dataclass(frozen=True)
class Case:
    """What is known of an account; each field stands for one signal of the table."""

    features: int
    attended: tuple[int, int]
    answers: Sequence[int]
    escalations: int
    plan: int | None
    used_ago: int = 10
    escalated_ago: int = 10

    def facts(self, account: str) -> Iterator[Event]:
        """The same, as it is told."""
        yield event(account, "ticket.opened", 300)
        for feature in CORE[: self.features]:
            yield uses(account, self.used_ago, feature=feature)
        for n in range(self.attended[1]):
            yield event(account, "review.held", 20 + 30 * n, value=float(n < self.attended[0]))
        for n, score in enumerate(self.answers):
            yield event(
                account, "survey.answered", 15, feature="nps", value=float(score), person=f"{account} {n}"
            )
        for _ in range(self.escalations):
            yield event(account, "ticket.escalated", self.escalated_ago)
        if self.plan is not None:
            yield event(account, "plan.confirmed", self.plan)


NPS_50 = [PROMOTER] * 3 + [DETRACTOR]
NPS_20 = [PROMOTER] * 4 + [PASSIVE] * 4 + [DETRACTOR] * 2
NPS_17 = [PROMOTER] + [PASSIVE] * 5
GREEN = Case(8, (10, 10), NPS_50, 2, 29)


@pytest.mark.parametrize(
    ("case", "points", "score", "band"),
    [
        # All green: 8 of 10 features, every review, NPS 50 as it just is, 2 escalations in 90 days = 0.67 a month, 29 days.
        (GREEN, (100, 100, 100, 100, 100), 100.0, "green"),
        # Every edge that counts as yellow: 70 %, 80 %, NPS 20, 1 a month, 30 days. 50 in all, which is not red yet.
        (Case(7, (4, 5), NPS_20, 3, 30), (50, 50, 50, 50, 50), 50.0, "yellow"),
        # The other edges of yellow: 50 %, 60 %, 3 a month, 90 days, and NPS 40.
        (Case(5, (3, 5), [PROMOTER] * 2 + [PASSIVE] * 3, 9, 90), (50, 50, 50, 50, 50), 50.0, "yellow"),
        # Just beyond each: 40 %, 50 %, NPS 17, 10 in 90 days = 3.33 a month, 91 days.
        (Case(4, (2, 4), NPS_17, 10, 91), (0, 0, 0, 0, 0), 0.0, "red"),
        # Adoption red alone: 100 - 25 = 75, the edge of green.
        (Case(4, (10, 10), NPS_50, 2, 29), (0, 100, 100, 100, 100), 75.0, "green"),
        # Executives watch (-10), escalations at risk (-15): 75 again, by another way.
        (Case(8, (4, 5), NPS_50, 10, 29), (100, 50, 100, 0, 100), 75.0, "green"),
        # Executives and plan watch (-20), escalations watch (-7.5): 72.5 is no longer green.
        (Case(8, (4, 5), NPS_50, 3, 30), (100, 50, 100, 50, 50), 72.5, "yellow"),
        # Adoption watch 12.5, executives 20, escalations 15; NPS and plan at risk: 47.5 is red.
        (Case(7, (10, 10), NPS_17, 2, 91), (50, 100, 0, 100, 0), 47.5, "red"),
        # The silent churn of the playbook: attendance down, adoption stuck near 40 %, the rest fine: 20 + 15 + 20 = 55.
        (Case(4, (2, 4), NPS_50, 0, 20), (0, 0, 100, 100, 100), 55.0, "yellow"),
        # The window of 90 days ends with today: what was used 89 days ago counts, 90 days ago no longer.
        (
            Case(8, (10, 10), NPS_50, 10, 29, used_ago=89, escalated_ago=89),
            (100, 100, 100, 0, 100),
            85.0,
            "green",
        ),
        (
            Case(8, (10, 10), NPS_50, 10, 29, used_ago=90, escalated_ago=90),
            (0, 100, 100, 100, 100),
            75.0,
            "green",
        ),
    ],
)
def test_the_points_and_bands_of_the_playbook(
    case: Case, points: tuple[int, ...], score: float, band: str
) -> None:
    found = judged(case)
    assert [part.points for part in found.parts] == list(points)
    assert [part.band for part in found.parts] == [BANDS[float(one)] for one in points]
    assert (found.points, found.band, found.known_weight) == (score, band, 100.0)


@pytest.mark.parametrize(
    ("case", "unknown", "score", "band", "bracket"),
    [
        # No review was held: 80 of the weight is known and green; the score is theirs, its bracket says what is open.
        (Case(8, (0, 0), NPS_50, 2, 29), [1], 100.0, "green", (80.0, 100.0)),
        # Nobody answered and no plan was made: 60 is known; (25 * 50 + 20 * 100 + 15 * 100) / 60.
        (Case(7, (10, 10), (), 2, None), [2, 4], 79.1667, "green", (47.5, 87.5)),
        # Adoption and escalations alone, 40 of the weight: less than half, so there is no score.
        (Case(8, (0, 0), (), 2, None), [1, 2, 4], None, "unknown", (40.0, 100.0)),
    ],
)
def test_what_is_not_known_is_not_made_up(
    case: Case, unknown: list[int], score: float | None, band: str, bracket: tuple[float, float]
) -> None:
    found = judged(case)
    assert [place for place, part in enumerate(found.parts) if part.points is None] == unknown
    assert (found.points, found.band) == (score, band)
    assert (found.low, found.high) == bracket


def judged(case: Case) -> scores.ScoreView:
    """Birch's score today, from the facts, by the agency's pack."""
    cast = world.build()
    actions.apply(pack="agency", by=TESTS, at=NOW)
    settings.save(metric="core_feature_adoption", parameters={"features": CORE}, by=TESTS, at=NOW)
    happen(*case.facts("birch"))
    (found,) = scores.evaluate(as_of=TODAY, known_by=None, account_ids=[cast.birch.pk])
    return found
