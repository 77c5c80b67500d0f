"""Where Ada's time goes: what is told, what is assumed, whose it is, and when it is a queue."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.access.models import AuditEntry
from keepwell.coverage.actions import time as deeds
from keepwell.coverage.formulas import time_shares
from keepwell.coverage.queries import time
from keepwell.health.queries import portfolio
from keepwell.kernel import errors
from keepwell.ledger.actions import touchpoints
from keepwell.ledger.models import Account
from keepwell.plays.actions import tasks
from keepwell.plays.actions.tasks import Wanted
from tests import world
from tests.world import NOW, TESTS, TODAY


@pytest.fixture
def cast() -> world.World:
    return world.build()


def spoke(account: str, kind: str = "call", **said: Any) -> None:
    row = {"key": f"{account}-{kind}-{said}", "account": account, "kind": kind, "held_at": NOW, **said}
    (verdict,) = touchpoints.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)
    assert verdict.outcome == "created", verdict


def of_ada(cast: world.World, weeks: int = 1) -> time.Spent:
    seen_by = cast.scope("ada")
    mine = portfolio.whose(portfolio.MINE, seen_by=seen_by)
    return time.spent(mine, until=TODAY, weeks=weeks, seen_by=seen_by)


def noted(cast: world.World, minutes: int, activity: str, **said: Any) -> int:
    return deeds.note(day=TODAY, minutes=minutes, activity=activity, by=cast.scope("ada"), at=NOW, **said).pk


@pytest.mark.django_db
def test_calls_tasks_and_notes_add_up_and_what_is_assumed_is_said(cast: world.World) -> None:
    spoke("birch", minutes=50, initiative="proactive")
    spoke("birch", initiative="reactive")
    spoke("willow", kind="meeting")
    spoke("elm", declined=True, minutes=60)
    spoke("elm", kind="note")
    task = tasks.make(
        account="elm", wanted=Wanted("Write", NOW + timedelta(days=1), "ada@fernhill.test", ""),
        by=cast.scope("ada"), at=NOW,
    )  # fmt: skip
    tasks.complete(task_id=task, by=cast.scope("ada"), at=NOW)
    noted(cast, 90, "planning")
    shares = of_ada(cast).shares
    assert shares.minutes == 50 + 30 + 45 + 30 + 90
    assert shares.assumed == 30 + 45 + 30
    assert shares.by_side == {"customer": 125, "internal": 30, "planning": 90}
    assert shares.by_initiative == {"": 45, "proactive": 50 + 30 + 90, "reactive": 30}
    assert shares.proactive == pytest.approx(100 * 170 / 200)
    assert shares.verdict == "little"
    assert shares.side("planning") == pytest.approx(100 * 90 / 245)


def test_without_anything_but_talks_the_other_sides_cannot_be_told() -> None:
    only = time_shares.Shares(60, 0, {"customer": 60}, {"proactive": 60}, {"red": 60})
    assert (only.side("customer"), only.side("internal"), only.work("red")) == (None, None, 100)


@pytest.mark.django_db
def test_a_week_of_other_peoples_questions_is_a_queue(cast: world.World) -> None:
    for day in range(5):
        spoke("birch", minutes=150, initiative="reactive", held_at=NOW - timedelta(hours=day))
    spoke("birch", minutes=100, initiative="proactive")
    assert of_ada(cast).shares.verdict == "queue"
    noted(cast, 500, "planning")
    assert of_ada(cast).shares.verdict == "short"
    noted(cast, 600, "customer", account="Birch")
    assert of_ada(cast).shares.verdict == "kept"


@pytest.mark.django_db
def test_time_is_of_whoever_owned_the_account_and_only_they_and_theirs_see_it(cast: world.World) -> None:
    spoke("birch", minutes=50)
    everything = portfolio.whose(portfolio.ALL, seen_by=cast.scope("root"))
    (ada,) = time.spent(everything, until=TODAY, weeks=4, seen_by=cast.scope("root")).people
    assert (ada.name, ada.shares.minutes) == ("Ada", 50)
    cleos = portfolio.whose(portfolio.ALL, seen_by=cast.scope("cleo"))
    assert time.spent(cleos, until=TODAY, weeks=4, seen_by=cast.scope("cleo")).shares.minutes == 0
    before = time.spent(everything, until=TODAY - timedelta(days=7), weeks=1, seen_by=cast.scope("root"))
    assert before.shares.minutes == 0


@pytest.mark.django_db
def test_new_accounts_reviews_and_the_rest(cast: world.World) -> None:
    Account.objects.filter(key="ash").update(since=TODAY - timedelta(days=89))
    Account.objects.filter(key="elm").update(since=TODAY - timedelta(days=90))
    spoke("ash", minutes=10)
    spoke("elm", minutes=20)
    spoke("birch", kind="review", minutes=40)
    noted(cast, 80, "internal")
    assert of_ada(cast).shares.by_work == {"internal": 120, "onboarding": 10, "unknown": 20}


@pytest.mark.django_db
def test_notes_are_checked_audited_and_come_back(cast: world.World) -> None:
    ada = cast.scope("ada")
    entry = noted(cast, 45, "support", account="willow", note="Exports")
    assert [view.account_key for view in time.entries(seen_by=ada)] == ["willow"]
    assert time.entries(seen_by=cast.scope("ben")) == ()
    with pytest.raises(errors.NotFound):
        deeds.remove(entry_id=entry, by=cast.scope("ben"), at=NOW)
    deeds.remove(entry_id=entry, by=ada, at=NOW)
    assert of_ada(cast).shares.minutes == 0
    deeds.restore(entry_id=entry, by=ada, at=NOW)
    assert of_ada(cast).shares.minutes == 45
    told = AuditEntry.objects.filter(deed__startswith="time.").order_by("pk").values_list("deed", flat=True)
    assert list(told) == ["time.note", "time.remove", "time.restore"]
    for said, why in (
        ({"minutes": 0}, "whole minutes"),
        ({"minutes": 1441}, "whole minutes"),
        ({"activity": "lunch"}, "no activity"),
        ({"day": TODAY + timedelta(days=2)}, "92 days before"),
        ({"day": TODAY - timedelta(days=93)}, "92 days before"),
        ({"note": "x" * 301}, "at most 300"),
    ):
        usual: dict[str, Any] = {"day": TODAY, "minutes": 5, "activity": "planning", "by": ada, "at": NOW}
        with pytest.raises(errors.Invalid, match=why):
            deeds.note(**usual | said)
    with pytest.raises(errors.NotFound):
        deeds.note(day=TODAY, minutes=5, activity="planning", account="birch", by=cast.scope("cleo"), at=NOW)


BANDS = st.sampled_from(("red", "yellow", "green"))
DAYS = st.integers(0, 40).map(lambda n: date(2026, 1, 1) + timedelta(days=n))


@given(st.dictionaries(DAYS, BANDS, max_size=5), BANDS, st.lists(DAYS, min_size=1, max_size=8))
def test_the_band_of_a_day_is_the_one_that_the_last_change_left(
    turns: dict[date, str], first: str, asked: list[date]
) -> None:
    ordered, band, changes = sorted(turns), first, []
    for day in ordered:
        changes.append((1, day, band, turns[day]))
        band = turns[day]
    schema = {"account_id": pl.Int64, "as_of": pl.Date, "from_band": pl.String, "to_band": pl.String}
    spells = pl.DataFrame({"account_id": [1] * len(asked), "day": asked})
    found = time_shares.banded(
        spells,
        pl.DataFrame(changes, schema=schema, orient="row"),
        pl.DataFrame({"account_id": [1], "band": [band]}),
    )
    for day, said in found.select("day", "band").iter_rows():
        before = [turns[turn] for turn in ordered if turn <= day]
        assert said == (before[-1] if before else first)
