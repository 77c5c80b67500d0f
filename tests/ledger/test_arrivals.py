"""What arrives is counted, by source and day, once."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.ledger import lake, models
from keepwell.ledger.actions import arrivals, events, relay
from keepwell.ledger.arrivals import AHEAD, LATE, OUT_OF_ORDER, Arrived, tally
from keepwell.ledger.event import Event
from keepwell.ledger.queries import arrivals as queries
from tests.world import NOW, TESTS

START = datetime(2026, 6, 1, tzinfo=UTC)
MOMENT = pl.Datetime("us", "UTC")
SCHEMA = {"source": pl.String, "kind": pl.String, "at": MOMENT, "received_at": MOMENT}

arriving = st.builds(
    lambda source, minute, behind, kind: (
        source,
        kind,
        START + timedelta(minutes=minute - behind),
        START + timedelta(minutes=minute),
    ),
    source=st.sampled_from(["app", "desk"]),
    minute=st.integers(0, 4000),
    behind=st.integers(-30, 3000),
    kind=st.sampled_from(["usage", "fact"]),
)


def frame(rows: list[tuple[str, str, datetime, datetime]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def by_hand(rows: list[tuple[str, str, datetime, datetime]]) -> list[Arrived]:
    """One event at a time, in the order of arrival."""
    days: dict[tuple[str, object], Arrived] = {}
    for source, kind, at, received_at in sorted(rows, key=lambda row: (row[0], row[3])):
        told = [min(a, r) for s, _, a, r in rows if s == source and r < received_at]
        day = received_at.date()
        so_far = days.get((source, day), Arrived(source, day))
        newest = min(at, received_at)
        days[source, day] = so_far._replace(
            events=so_far.events + 1,
            late=so_far.late + (received_at - at > LATE),
            future=so_far.future + (kind == "usage" and at - received_at > AHEAD),
            out_of_order=so_far.out_of_order + (bool(told) and max(told) - at > OUT_OF_ORDER),
            hours=so_far.hours | 1 << received_at.hour,
            newest_at=newest if so_far.newest_at is None else max(so_far.newest_at, newest),
        )
    return [days[key] for key in sorted(days, key=str)]


@given(st.lists(arriving, max_size=40))
def test_the_tally_is_what_one_counts_by_hand(rows: list[tuple[str, str, datetime, datetime]]) -> None:
    assert tally(frame(rows), newest={}) == by_hand(rows)


@given(st.lists(arriving, max_size=30), st.integers(0, 4000))
def test_two_batches_count_what_one_does(
    rows: list[tuple[str, str, datetime, datetime]], minute: int
) -> None:
    cut = START + timedelta(minutes=minute)
    first = tally(frame([row for row in rows if row[3] < cut]), newest={})
    newest = {
        source: max(r.newest_at for r in first if r.source == source and r.newest_at)
        for source in {r.source for r in first}
    }
    second = tally(frame([row for row in rows if row[3] >= cut]), newest=newest)
    whole = tally(frame(rows), newest={})
    for count in ("events", "late", "future", "out_of_order"):
        assert sum(getattr(r, count) for r in first + second) == sum(getattr(r, count) for r in whole)


def told(count: int, *, prefix: str = "e", at: datetime = NOW) -> list[Event]:
    return [
        Event(id=f"app:{prefix}{i}", account="birch", name="report.exported", at=at, source="app")
        for i in range(count)
    ]


def counted() -> list[tuple[int, int]]:
    return list(models.Arrivals.objects.order_by("day").values_list("events", "out_of_order"))


@pytest.mark.django_db
@pytest.mark.parametrize("killed_in", [(lake, "append"), (arrivals, "add")])
def test_a_batch_that_was_killed_counts_once(killed_in: tuple[object, str]) -> None:
    events.append(events=told(3), received_at=NOW)
    for _ in range(2):
        with patch.object(*killed_in, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
            relay.run(at=NOW)
        assert counted() == []
    relay.all_waiting(at=NOW)
    relay.all_waiting(at=NOW)
    assert counted() == [(3, 0)]


@pytest.mark.django_db
def test_counts_add_up_over_batches_and_remember_the_newest() -> None:
    events.append(events=told(2), received_at=NOW)
    relay.all_waiting(at=NOW)
    hour = timedelta(hours=1)
    old, fresh = (
        told(1, prefix="old", at=NOW - hour),
        told(1, prefix="fresh", at=NOW + timedelta(minutes=1)),
    )
    events.append(events=[*old, *fresh], received_at=NOW + 2 * hour)
    relay.all_waiting(at=NOW + 2 * hour)
    assert counted() == [(4, 1)]
    assert queries.newest(sources=["app", "desk"]) == {"app": NOW + timedelta(minutes=1)}
    [day] = queries.by_day(seen_by=TESTS, since=NOW.date(), until=NOW.date() + timedelta(days=1))
    assert (day.source, day.day, day.events) == ("app", NOW.date(), 4)
    assert models.Arrivals.objects.get().hours == 1 << 12 | 1 << 14
