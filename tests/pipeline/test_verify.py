"""Every night everything is computed anew and held against what stands."""

import pytest

from keepwell.health.models import Score
from keepwell.metrics.models import MetricValue
from keepwell.packs import actions as packs
from keepwell.pipeline.actions import advance, verify
from keepwell.pipeline.queries import doctor, status
from keepwell.signals.actions import rules
from keepwell.signals.models import Firing
from tests import world
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db


def told() -> doctor.Check:
    return next(check for check in doctor.examine(at=NOW) if check.name == "recomputed")


def test_what_stands_is_what_a_rebuild_says() -> None:
    world.build()
    packs.apply(pack="saas", by=TESTS, at=NOW)
    happen(event("birch", "touchpoint.held", 10))
    assert told().found.startswith("not yet")
    advance(at=NOW)
    assert verify(at=NOW) == []
    last = status.verification()
    assert last is not None
    assert (last.at, last.accounts, last.difference) == (NOW, 4, "")
    assert told().ok
    assert "the same rows for 4 accounts" in told().found


@pytest.mark.parametrize("table", [MetricValue, Score])
def test_what_stands_otherwise_is_found_named_and_mended(table: type[MetricValue] | type[Score]) -> None:
    cast = world.build()
    packs.apply(pack="saas", by=TESTS, at=NOW)
    happen(event("birch", "touchpoint.held", 10))
    advance(at=NOW)
    last = table.objects.filter(account=cast.birch).order_by("as_of").last()
    assert last is not None
    table.objects.filter(pk=last.pk).delete()
    assert verify(at=NOW) == ["birch"]
    assert not told().ok
    assert "1 accounts stood otherwise and were mended: birch" in told().found
    assert verify(at=NOW) == []


def test_a_signal_that_went_astray_is_found_by_the_sweep() -> None:
    world.build()
    when = {"of": "metric.days_since_touchpoint", "above": 5}
    rules.put(slug="silent", title="Silent", definition={"when": when}, by=TESTS, at=NOW)
    happen(event("birch", "touchpoint.held", 10), event("elm", "touchpoint.held", 2))
    advance(at=NOW)
    assert verify(at=NOW) == []
    Firing.objects.all().delete()
    assert verify(at=NOW) == ["birch"]
    assert Firing.objects.get().account.key == "birch"
    assert verify(at=NOW) == []
