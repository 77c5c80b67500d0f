"""Segments by rule: who is in, since when and why; as facts come, and as if all were computed anew."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from keepwell.kernel.errors import Invalid
from keepwell.ledger.actions import accounts, contracts, relay
from keepwell.metrics.actions import values
from keepwell.segments.actions import memberships, segments
from keepwell.segments.models import Membership, Turnover
from keepwell.segments.queries import segments as reads
from tests import world
from tests.metrics.happenings import event, happen, uses
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
QUIET = {"of": "metric.active_days", "below": 2}
RETAIL = {"of": "industry", "is": "Retail"}


@pytest.fixture
def cast() -> World:
    return world.build()


def say(slug: str, condition: dict[str, Any], *, at: datetime = NOW) -> None:
    segments.save(slug=slug, title=slug.title(), condition=condition, by=TESTS, at=at)


def refresh(since: dict[int, date] | None = None, *, as_of: date = TODAY) -> None:
    values.refresh(since_by_account=since, as_of=as_of)
    memberships.refresh(since_by_account=since, as_of=as_of)


def change(key: str, *, at: datetime = NOW, **said: Any) -> None:
    accounts.upsert(rows=[{"key": key, **said}], source="tests", by=TESTS, at=at, vouched=False)
    relay.all_waiting(at=at)


def inside(slug: str, **asked: Any) -> dict[str, str]:
    """The members by key, with the state of each."""
    found = {}
    for state in ("member", "unknown"):
        found |= {m.key: state for m in reads.members(slug=slug, seen_by=TESTS, state=state, **asked)}
    return found


def stored() -> list[tuple[Any, ...]]:
    rows = Membership.objects.order_by("segment__slug", "account__key", "since")
    return list(
        rows.values_list(
            "segment__slug", "account__key", "state", "since", "until", "because", "ended_because"
        )
    )


def test_willow_enters_when_use_falls_and_the_reason_is_told(cast: World) -> None:
    happen(*(uses("willow", ago) for ago in (40, 39, 38, 37)), *(uses("birch", ago) for ago in range(1, 9)))
    say("quiet", QUIET)
    refresh()
    assert inside("quiet") == {"willow": "member", "elm": "unknown", "ash": "unknown"}
    willow = reads.members(slug="quiet", seen_by=TESTS)[0]
    assert willow.because == ("Active days 1 day (below 2 days)",)
    assert TODAY - timedelta(days=12) <= willow.since <= TODAY - timedelta(days=9)


def test_a_new_fact_moves_only_its_account_and_leaves_the_rows_of_a_rebuild(cast: World) -> None:
    happen(*(uses("willow", ago) for ago in (40, 39, 5)), uses("elm", 3), uses("birch", 300))
    say("quiet", QUIET)
    say("retail", {"any": [RETAIL, {"of": "segment.quiet", "true": True}]})
    refresh()
    happen(uses("willow", 4, "p2"), uses("willow", 3, "p2"))
    change("elm", industry="Retail")
    refresh({cast.willow.pk: TODAY - 5 * DAY, cast.elm.pk: TODAY})
    step = stored()
    assert inside("retail")["elm"] == "member"
    Membership.objects.all().delete()
    refresh()
    assert stored() == step


def test_the_next_day_continues_what_stands(cast: World) -> None:
    happen(*(uses("willow", ago) for ago in (27, 26)))
    say("quiet", QUIET)
    refresh()
    assert "willow" not in inside("quiet")
    tomorrow = TODAY + 2 * DAY
    refresh({}, as_of=tomorrow)
    assert inside("quiet")["willow"] == "member"
    step = stored()
    Membership.objects.all().delete()
    refresh(as_of=tomorrow)
    assert stored() == step


def test_a_past_day_is_asked_with_what_was_said_then(cast: World) -> None:
    change("birch", industry="Health", at=NOW - 9 * DAY)
    change("birch", industry="Retail")
    say("retail", RETAIL)
    refresh()
    assert inside("retail")["birch"] == "member"
    assert reads.members(slug="retail", seen_by=TESTS)[0].since == TODAY
    assert "birch" not in inside("retail", as_of=TODAY - 3 * DAY)


def test_who_left_is_no_member_any_more_and_it_says_so(cast: World) -> None:
    contracts.upsert(
        rows=[
            {
                "key": "c1", "account": "ash", "arr": 12000, "currency": "EUR",
                "start_date": date(2025, 6, 1), "end_date": TODAY - 7 * DAY,
            }
        ],
        source="tests", by=TESTS, at=NOW, vouched=True,
    )  # fmt: skip
    relay.all_waiting(at=NOW)
    say("all", {"of": "key", "known": True})
    say("gone", {"of": "former", "true": True})
    refresh()
    assert inside("gone") == {"ash": "member"}
    assert "ash" not in inside("all")
    left = reads.moves(slug="all", seen_by=TESTS, since=TODAY - 20 * DAY)
    assert [(move.key, move.entered, move.because) for move in left] == [
        ("ash", False, ("Is no customer any more",))
    ]


def test_contracts_owners_and_events_can_be_asked(cast: World) -> None:
    terms = {"currency": "EUR", "start_date": date(2025, 6, 1), "end_date": TODAY + 40 * DAY}
    rows = [
        {"key": f"c-{key}", "account": key, "arr": arr, **terms}
        for key, arr in (("elm", 90000), ("ash", 4000))
    ]
    contracts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    happen(
        *(event("elm", "report.exported", ago, person="p") for ago in (1, 2, 30)),
        event("ash", "report.exported", 9),
    )
    say("big", {"all": [{"of": "arr", "at_least": 50000}, {"of": "renewal_date", "within_days": 60}]})
    say("adas", {"of": "owner.csm", "is": "ada@fernhill.test"})
    say("exporting", {"of": "event.report.exported", "at_least": 2, "in_days": 14})
    refresh()
    assert inside("big") == {"elm": "member", "birch": "unknown", "willow": "unknown"}
    assert set(inside("adas").values()) == {"member"}
    assert len(inside("adas")) == 4
    assert inside("exporting") == {"elm": "member"}
    accounts.assign(account=cast.ash, user=cast.ben, role="csm", by=TESTS, at=NOW)
    refresh({})
    assert "ash" not in inside("adas")


def test_a_segment_says_how_many_there_were(cast: World) -> None:
    happen(*(uses("willow", ago) for ago in (40, 39)), uses("birch", 1), uses("birch", 2))
    say("quiet", QUIET)
    refresh()
    history = reads.counts(seen_by=TESTS, weeks=4)["quiet"]
    assert len(history) == 5
    assert history[-1] == reads.Headcount(TODAY, 1, 2)
    assert reads.everything(seen_by=TESTS)[0].members == 1
    cleo = cast.scope("cleo")
    assert reads.counts(seen_by=cleo, weeks=1)["quiet"][-1] == reads.Headcount(TODAY, 0, 0)
    assert reads.members(slug="quiet", seen_by=cleo) == ()


def test_a_preview_counts_without_keeping(cast: World) -> None:
    happen(uses("willow", 40), uses("birch", 1))
    values.refresh(since_by_account=None, as_of=TODAY)
    found = reads.preview(condition=QUIET, seen_by=TESTS)
    assert (found.members, found.unknown, found.customers) == (2, 2, 4)
    assert found.words == "Active days is below 2 days"
    assert {view.key for view in found.some} == {"birch", "willow"}
    assert not Membership.objects.exists()


def test_a_segment_cannot_rest_on_itself(cast: World) -> None:
    say("one", RETAIL)
    say("two", {"of": "segment.one", "true": True})
    with pytest.raises(Invalid, match="cannot rest on itself: one → two → one"):
        say("one", {"not": {"of": "segment.two", "true": True}})
    with pytest.raises(Invalid, match=r"Two \(segment:two\) rests on it"):
        segments.retire(slug="one", by=TESTS, at=NOW)


def summed(slug: str) -> tuple[int, int, Decimal | None, dict[tuple[str, date], int]]:
    """Of a segment its members, those of whom it cannot be told, the members' ARR, and by state and day how many there were."""
    rows = list(Membership.objects.filter(segment__slug=slug).select_related("account"))
    now = [row for row in rows if row.until is None]
    inside = [row.account.arr_reporting for row in now if row.state == "member"]
    worth = [arr for arr in inside if arr is not None]
    days = [count.day for count in reads.counts(seen_by=TESTS, slugs=[slug])[slug]]
    there = {
        (state, day): sum(
            row.state == state and row.since <= day and (row.until is None or day < row.until) for row in rows
        )
        for state in ("member", "unknown")
        for day in days
    }
    return len(inside), len(now) - len(inside), sum(worth, Decimal(0)) if worth else None, there


def told(slug: str) -> tuple[int, int, Decimal | None, dict[tuple[str, date], int]]:
    """The same as the stored sums say."""
    view = reads.find(slug=slug, seen_by=TESTS)
    counted = reads.counts(seen_by=TESTS, slugs=[slug])[slug]
    there = {("member", count.day): count.members for count in counted} | {
        ("unknown", count.day): count.unknown for count in counted
    }
    return view.members, view.unknown, view.arr.amount if view.arr else None, there


def test_stored_sums_of_a_segment_say_what_its_memberships_say(
    cast: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(*(uses("willow", ago) for ago in (40, 39, 5)), uses("elm", 3), uses("birch", 300))
    say("quiet", QUIET)
    refresh()
    assert told("quiet") == summed("quiet")
    rows = [
        {"key": f"c-{key}", "account": key, "arr": Decimal(arr), "currency": "USD", "start_date": TODAY - 9 * DAY}
        for key, arr in (("birch", 50_000), ("willow", 9_000), ("elm", 120_000))
    ]  # fmt: skip
    contracts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    accounts.restate(on=TODAY)
    assert told("quiet") == summed("quiet")
    happen(uses("willow", 4, "p2"), uses("willow", 3, "p2"))
    refresh({cast.willow.pk: TODAY - 5 * DAY})
    assert told("quiet") == summed("quiet")
    monkeypatch.setattr(memberships, "MOST_DIFFERENCES", 0)
    memberships.settle_turnover()
    assert not Turnover.objects.filter(settled=False).exists()
    assert told("quiet") == summed("quiet")
    cast.birch.delete()
    Membership.objects.filter(account=cast.willow).update(until=TODAY)
    assert told("quiet") == summed("quiet")


def test_of_many_members_the_first_by_key_are_told(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    happen(*(uses("willow", ago) for ago in (40, 39, 38, 37)), *(uses("birch", ago) for ago in range(1, 9)))
    say("quiet", QUIET)
    refresh()
    every = [row.key for row in reads.members(slug="quiet", seen_by=TESTS, state="unknown")]
    monkeypatch.setattr(reads, "FEW", 1)
    some = [row.key for row in reads.members(slug="quiet", seen_by=TESTS, state="unknown", limit=1)]
    rest = [row.key for row in reads.members(slug="quiet", seen_by=TESTS, state="unknown", after=some[-1])]
    assert some + rest == every == sorted(every)
