"""Histories computed beside the pipeline's runs: what stands meanwhile, what came meanwhile, how far it is."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from keepwell.access.actions import tokens
from keepwell.metrics.actions import definitions, histories, values
from keepwell.metrics.formulas.increments import stored_days
from keepwell.metrics.models import History, MetricValue
from keepwell.metrics.queries import catalogue
from keepwell.pipeline.actions import advance, rebuild
from keepwell.pipeline.actions import histories as jobs
from tests import world
from tests.metrics.happenings import happen, uses
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SHARES: dict[str, Any] = {
    "slug": "shares",
    "title": "Shares",
    "unit": "events",
    "sentence": "How often something was shared.",
    "unknown_when": "the account never had a usage event",
    "measure": {"take": "count", "days": 30, "events": {"where": {"of": "feature", "is": "share"}}},
}
USES = SHARES | {"measure": {"take": "count", "days": 30}}


@pytest.fixture
def cast() -> World:
    cast = world.build()
    happen(uses("willow", 3, feature="share"), uses("willow", 4), uses("birch", 40, feature="share"))
    return cast


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "histories"
    found.mkdir()
    return found


def refresh(since: Mapping[int, date] | None, *, as_of: date = TODAY) -> None:
    values.refresh(since_by_account=since, as_of=as_of, defer=True)


def stored() -> list[Any]:
    rows = MetricValue.objects.order_by("account", "as_of", "metric")
    return list(rows.values_list("account", "as_of", "metric", "value", "reason"))


def value(key: str, as_of: date = TODAY) -> float | None:
    row = MetricValue.objects.filter(account__key=key, metric="shares", as_of=as_of).first()
    return None if row is None else row.value


def rebuilt(as_of: date = TODAY) -> list[Any]:
    values.refresh(since_by_account=None, as_of=as_of)
    return stored()


def test_a_new_metric_is_left_for_a_job_that_says_how_far_it_is(cast: World, folder: Path) -> None:
    refresh(None)
    before = stored()
    definitions.save(definition=SHARES, by=TESTS, at=NOW)
    refresh({cast.willow.pk: TODAY})
    assert stored() == before
    found = catalogue.definition("shares")
    assert (found.computed, found.progress) == (False, catalogue.Progress(0, 0, "days"))
    computed = histories.computed(into=folder)
    assert computed is not None
    days = len(stored_days(TODAY))
    assert catalogue.definition("shares").progress == catalogue.Progress(days, days, "days")
    assert value("willow") is None
    histories.adopt(computed, since_by_account={})
    assert (value("willow"), catalogue.definition("shares").computed, histories.waiting()) == (1, True, False)
    assert stored() == rebuilt()


def test_blocks_of_accounts_are_counted_where_there_are_several(
    cast: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh(None)
    definitions.save(definition=SHARES, by=TESTS, at=NOW)
    refresh({})
    monkeypatch.setattr(values, "BLOCK", 3)
    computed = histories.computed(into=folder)
    assert computed is not None
    assert catalogue.definition("shares").progress == catalogue.Progress(4, 4, "accounts")
    histories.adopt(computed, since_by_account={})
    assert stored() == rebuilt()


def test_a_changed_metric_stands_as_it_was_until_its_history_is_there(cast: World, folder: Path) -> None:
    definitions.save(definition=SHARES, by=TESTS, at=NOW)
    refresh(None)
    definitions.save(definition=USES, by=TESTS, at=NOW)
    happen(uses("willow", 2, feature="share"))
    refresh({cast.willow.pk: TODAY - 2 * DAY})
    assert value("willow") == 2
    computed = histories.computed(into=folder)
    assert computed is not None
    happen(uses("willow", 1), uses("ash", 9))
    late = {cast.willow.pk: TODAY - DAY, cast.ash.pk: TODAY - 9 * DAY}
    refresh(late, as_of=TODAY + DAY)
    assert (value("willow"), value("willow", TODAY + DAY)) == (2, 2)
    histories.adopt(computed, since_by_account=late)
    assert (value("willow"), value("ash"), value("ash", TODAY + DAY)) == (4, 1, 1)
    assert stored() == rebuilt(TODAY + DAY)


def test_what_is_defined_anew_meanwhile_goes_on_waiting(cast: World, folder: Path) -> None:
    refresh(None)
    definitions.save(definition=SHARES, by=TESTS, at=NOW)
    refresh({})
    computed = histories.computed(into=folder)
    assert computed is not None
    definitions.save(definition=USES, by=TESTS, at=NOW)
    histories.adopt(computed, since_by_account={})
    assert value("willow") is None
    refresh({})
    assert History.objects.get().done == 0
    definitions.retire(slug="shares", by=TESTS, at=NOW)
    refresh({})
    assert not histories.waiting()


def test_a_parent_s_answers_follow_with_the_history(cast: World, folder: Path) -> None:
    refresh(None)
    definitions.save(definition=SHARES | {"rollup": {"how": "sum"}}, by=TESTS, at=NOW)
    refresh({})
    assert set(History.objects.values_list("slug", flat=True)) == {"shares:own"}
    assert catalogue.definition("shares").progress is not None
    computed = histories.computed(into=folder)
    assert computed is not None
    histories.adopt(computed, since_by_account={})
    assert (value("willow"), catalogue.definition("shares").computed) == (1, True)
    increment = stored()
    refresh({})
    assert stored() == increment == rebuilt()


def test_by_whom_somebody_judges_is_computed_at_once(cast: World) -> None:
    refresh(None)
    definitions.save(definition=SHARES, by=TESTS, at=NOW)
    values.refresh(since_by_account={}, as_of=TODAY, keep=["shares"], defer=True)
    assert (value("willow"), histories.waiting()) == (1, False)


def test_the_job_of_the_worker_and_what_the_api_says(cast: World) -> None:
    token = tokens.create(user=cast.root, name="tests", by=TESTS, at=NOW, may_write=True)
    root = Client(headers={"Authorization": f"Bearer {token}"})
    advance(at=NOW)
    definitions.save(definition=SHARES, by=TESTS, at=NOW)
    assert not jobs.compute()
    advance(at=NOW, defer=True)
    said = root.get("/api/v1/metrics/shares/definition").json()
    assert (said["computed"], said["progress"]) == (False, {"done": 0, "total": 0, "unit": "days"})
    assert jobs.compute()
    assert not jobs.waiting()
    said = root.get("/api/v1/metrics/shares/definition").json()
    assert (said["computed"], said["progress"]) == (True, None)
    before = stored()
    rebuild(at=NOW)
    assert stored() == before
