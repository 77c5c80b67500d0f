"""Segments judged over their whole past beside the pipeline's runs: what came meanwhile, how far it is."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from keepwell.access.actions import tokens
from keepwell.metrics.actions import values
from keepwell.pipeline.actions import advance
from keepwell.pipeline.actions import histories as jobs
from keepwell.segments.actions import memberships, segments
from keepwell.segments.models import Judging, Membership
from keepwell.segments.queries import segments as reads
from tests import world
from tests.metrics.happenings import happen, uses
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
QUIET = {"of": "metric.active_days", "below": 2}


@pytest.fixture
def cast() -> World:
    cast = world.build()
    happen(
        *(uses("willow", ago) for ago in (40, 39, 5)),
        uses("elm", 3),
        *(uses("birch", ago) for ago in range(1, 9)),
    )
    return cast


def say(condition: dict[str, Any]) -> None:
    segments.save(slug="quiet", title="Quiet", condition=condition, by=TESTS, at=NOW)


def refresh(since: Mapping[int, date] | None, *, as_of: date = TODAY) -> None:
    values.refresh(since_by_account=since, as_of=as_of)
    memberships.refresh(since_by_account=since, as_of=as_of, defer=True)


def stored() -> list[Any]:
    rows = Membership.objects.order_by("segment", "account", "since")
    return list(rows.values_list("account__key", "state", "since", "until", "because", "ended_because"))


def rebuilt(as_of: date = TODAY) -> list[Any]:
    Membership.objects.all().delete()
    memberships.refresh(since_by_account=None, as_of=as_of)
    return stored()


def test_a_new_segment_waits_and_what_came_meanwhile_is_in_it(cast: World) -> None:
    refresh(None)
    say(QUIET)
    refresh({})
    view = reads.find(slug="quiet", seen_by=TESTS)
    assert (view.computed_as_of, view.progress, stored()) == (None, reads.Progress(0, 0), [])
    judged = memberships.judge()
    assert reads.find(slug="quiet", seen_by=TESTS).progress == reads.Progress(4, 4)
    happen(uses("willow", 4), uses("willow", 2))
    late = {cast.willow.pk: TODAY - 4 * DAY}
    refresh(late)
    memberships.settle(judged, since_by_account=late)
    assert not memberships.waiting()
    assert {row.key for row in reads.members(slug="quiet", seen_by=TESTS)} == {"elm"}
    assert stored() == rebuilt()


def test_one_that_says_something_else_meanwhile_goes_on_waiting(cast: World) -> None:
    refresh(None)
    say(QUIET)
    refresh({})
    judged = memberships.judge()
    say(QUIET | {"below": 5})
    memberships.settle(judged, since_by_account={})
    assert memberships.waiting()
    refresh({})
    assert Judging.objects.get().done == 0
    memberships.settle(memberships.judge(), since_by_account={})
    assert stored() == rebuilt()
    segments.retire(slug="quiet", by=TESTS, at=NOW)
    refresh({})
    assert not memberships.waiting()


def test_the_job_of_the_worker_and_what_the_api_says(cast: World) -> None:
    token = tokens.create(user=cast.root, name="tests", by=TESTS, at=NOW, may_write=True)
    root = Client(headers={"Authorization": f"Bearer {token}"})
    advance(at=NOW)
    say(QUIET)
    advance(at=NOW, defer=True)
    assert root.get("/api/v1/segments/quiet").json()["progress"] == {"done": 0, "total": 0}
    assert jobs.compute()
    said = root.get("/api/v1/segments/quiet").json()
    assert (said["progress"], said["members"], jobs.waiting()) == (None, 2, False)
