"""The demo's success plans: begun in the past with what was known then, lived with, some of them neglected."""

from datetime import UTC, date, datetime, timedelta

import pytest

from keepwell.metrics.models import MetricValue
from keepwell.metrics.queries import catalogue
from keepwell.outcomes.models import (
    Indicator,
    PlanStep,
    PlanVersion,
    Review,
    ReviewHolding,
    SuccessPlan,
    ValueConfirmation,
)
from keepwell.packs import actions as packs
from keepwell.simulate import actions, agreements
from tests import world as cast

LAST = date(2026, 6, 14)
BEFORE = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_plans_begin_with_what_was_known_then_and_are_lived_with() -> None:
    packs.apply(pack="saas", by=cast.TESTS, at=BEFORE)
    actions.build(seed=9, last_day=LAST, by=cast.TESTS, accounts=80, events=15_000)
    begun = LAST - timedelta(days=agreements.AGE_DAYS)

    plans = SuccessPlan.objects.all()
    assert plans.count() >= 3
    assert {plan.created_at.date() for plan in plans} == {begun}
    agreed = PlanVersion.objects.filter(number=1)
    assert agreed.exists()
    assert not PlanVersion.objects.filter(at__date__gt=LAST).exists()
    overdue = PlanStep.objects.filter(due_date__lt=LAST, completion=None, plan__in=agreed.values("plan"))
    assert overdue.exists()
    assert PlanStep.objects.exclude(completion=None).exists()
    assert ReviewHolding.objects.exists()
    assert ValueConfirmation.objects.filter(statement__likely__gt=0).exists()
    assert Review.objects.filter(starts_at__date__gt=LAST, holding=None).exists()

    measured = Indicator.objects.exclude(metric="").exclude(baseline=None).select_related("plan")
    assert measured
    for one in measured:
        known = MetricValue.objects.filter(account=one.plan.account_id, metric=one.metric, as_of__lte=begun)
        stood = known.exclude(value=None).order_by("-as_of").first()
        if stood is None:
            assert not catalogue.find(one.metric).kept, (
                "no history of it is kept: it was read from the events"
            )
        else:
            assert one.baseline == stood.value
