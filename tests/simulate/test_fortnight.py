"""In the last fortnight some accounts slide, and the product notices on the evening of that day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from keepwell.health.actions import scorecards
from keepwell.health.models import BandChange
from keepwell.plays.models import Incident
from keepwell.signals.actions import rules
from keepwell.simulate import actions
from tests import world as cast

LAST = date(2026, 6, 14)
BEFORE = datetime(2024, 1, 1, tzinfo=UTC)
PARTS = (
    ("adoption", "core_feature_adoption", 25, "> 70", "< 50"),
    ("executives", "executive_attendance", 20, "> 80", "< 60"),
    ("voice", "latest_nps", 20, ">= 50", "< 20"),
    ("service", "escalations_per_month", 15, "< 1", "> 3"),
    ("plan", "days_since_plan_confirmed", 20, "< 30", "> 90"),
)


def _card() -> None:
    parts = [
        {
            "measure": measure,
            "metric": metric,
            "label": measure.title(),
            "weight": weight,
            "green": green,
            "red": red,
        }
        for measure, metric, weight, green, red in PARTS
    ]
    definition = {"least_known_percent": 50, "bands": {"green": ">= 75", "red": "< 50"}, "parts": parts}
    card = scorecards.save(slug="card", title="Card", definition=definition, by=cast.TESTS, at=BEFORE)
    scorecards.publish(slug="card", number=card.number, by=cast.TESTS, at=BEFORE)
    fall = {
        "when": {
            "all": [
                {"of": "standing.band", "is": "red"},
                {"of": "standing.before", "in": ["green", "yellow"]},
            ]
        },
        "opens": {"title": "Health fell to At risk", "clock_hours": 24},
    }
    rules.put(slug="red", title="Health fell to At risk", definition=fall, by=cast.TESTS, at=BEFORE)


@pytest.mark.slow
@pytest.mark.django_db
def test_accounts_that_slide_late_are_noticed_within_the_fortnight() -> None:
    _card()
    built = actions.build(seed=7, last_day=LAST, by=cast.TESTS, accounts=100, events=40_000)
    late = {truth.account for truth in built.truths if truth.late}
    assert len(late) == 5

    opened = list(Incident.objects.values_list("account__key", "opened_at"))
    assert len(opened) == built.incidents
    assert len(late & {key for key, _ in opened}) >= 2
    first, last = LAST - timedelta(days=13), LAST
    assert all(first <= at.date() <= last and at.hour == 23 for _, at in opened)

    worse = BandChange.objects.filter(at__date__gte=first, to_band__in=("yellow", "red"))
    assert len(late & set(worse.values_list("account__key", flat=True))) >= 4
