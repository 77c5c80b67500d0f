"""The one list of product gaps: ranked by money and pain, merged, and told back when one is shipped, each asker once."""

from datetime import date, timedelta

import pytest

from keepwell.kernel import errors
from keepwell.ledger.actions import contracts, gap_requests
from keepwell.ledger.models import GapRequest
from keepwell.plays import models
from keepwell.plays.actions import gaps
from keepwell.plays.actions import triage_ways as ways
from keepwell.plays.formulas import gaps as ranking
from keepwell.plays.formulas.gaps import Demand
from keepwell.plays.queries import gaps as reads
from tests import outbox, world
from tests.plays import desk
from tests.world import NOW, TESTS

DAY = timedelta(days=1)


@pytest.fixture
def cast(db: None) -> world.World:
    cast = world.build()
    desk.staffed(cast)
    return cast


def asked(cast: world.World, ticket: str, title: str, *, account: str = "willow", **said: object) -> None:
    desk.opened(ticket, account=account, **said)  # type: ignore[arg-type]
    ways.into_gap(tickets=[ticket], title=title, by=cast.scope("ada"), at=NOW)


def earning(key: str, arr: int) -> None:
    row = {
        "key": f"c-{key}", "account": key, "arr": arr, "currency": "USD", "start_date": date(2026, 1, 1),
        "end_date": date(2027, 1, 1),
    }  # fmt: skip
    contracts.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)


def test_the_largest_of_everything_has_a_hundred_points_and_half_of_it_fifty() -> None:
    found = ranking.ranked(
        [Demand("a", 200.0, 4, 4, 4, 40), Demand("b", 100.0, 2, 2, 2, 20), Demand("c", 0.0, 0, 0, 1, 0)]
    )
    assert found["a"].points == pytest.approx(100)
    assert found["b"].points == pytest.approx(50)
    assert found["c"].points == pytest.approx(40 * (1 / 4) / 4)


def test_what_is_not_known_is_no_zero() -> None:
    unknown, none = Demand("u", None, 2, 2, None, 10), Demand("n", 0.0, 2, 2, None, 10)
    found = ranking.ranked([unknown, none, Demand("a", 100.0, 2, 2, None, 10)])
    assert found["u"].points == pytest.approx(100), "its pain alone ranks it, and that is the largest"
    assert found["n"].points == pytest.approx(40)
    assert ranking.ranked([]) == {}


def test_the_list_is_ranked_and_a_filter_changes_no_rank(cast: world.World) -> None:
    earning("willow", 100_000)
    earning("elm", 10_000)
    asked(cast, "t1", "Dark mode", person="uma", severity="High", at=NOW - 30 * DAY)
    asked(cast, "t2", "Dark mode", person="vic")
    asked(cast, "e1", "Single sign-on", account="elm", severity="low")
    found = reads.ranked(seen_by=cast.scope("ada"), at=NOW)
    assert [gap.title for gap in found] == ["Dark mode", "Single sign-on"]
    first = found[0]
    assert (first.tickets, first.people, first.accounts, first.severity) == (2, 2, 1, "High")
    assert str(first.arr) == "$100,000"
    assert first.unstated == 0
    (alone,) = reads.ranked(seen_by=cast.scope("ada"), at=NOW, search="single")
    assert alone.rank == found[1].rank
    assert reads.ranked(seen_by=cast.scope("cleo"), at=NOW)[0].accounts == 0, (
        "what others ask is not hers to see"
    )


def test_merged_gaps_count_for_one_and_come_apart_again(cast: world.World) -> None:
    asked(cast, "t1", "Dark mode", person="uma")
    asked(cast, "t2", "Night colours", person="vic")
    gaps.merge(gap="night-colours", into="dark-mode", by=cast.scope("ada"), at=NOW)
    (gap,) = reads.ranked(seen_by=cast.scope("ada"), at=NOW)
    assert (gap.tickets, gap.merged) == (2, (("night-colours", "Night colours"),))
    assert len(reads.requests(key="dark-mode", seen_by=cast.scope("ada"))) == 2
    with pytest.raises(errors.Invalid, match="into itself"):
        gaps.merge(gap="dark-mode", into="night-colours", by=cast.scope("ada"), at=NOW)
    gaps.split(gap="night-colours", by=cast.scope("ada"), at=NOW)
    assert len(reads.ranked(seen_by=cast.scope("ada"), at=NOW)) == 2


def test_each_who_asked_is_told_once_when_it_is_shipped(cast: world.World) -> None:
    asked(cast, "t1", "Dark mode", person="uma")
    asked(cast, "t2", "Dark mode", person="uma")
    asked(cast, "t3", "Dark mode", person="vic")
    ada = cast.scope("ada")
    with pytest.raises(errors.Conflict, match="not shipped yet"):
        gaps.tell_back(gap="dark-mode", text="It is there.", by=ada, at=NOW)
    assert gaps.set_status(gap="dark-mode", status="shipped", by=ada, at=NOW) == "open"
    told = gaps.tell_back(gap="dark-mode", text="It is there.", by=ada, at=NOW)
    assert told == gaps.Told(letters=1, unwritten=1)
    assert gaps.tell_back(gap="dark-mode", text="Again.", by=ada, at=NOW) == gaps.Told(0, 1)
    assert models.Message.objects.count() == 1, "said again, nobody is written to twice"
    assert not GapRequest.objects.exclude(told_at=None).exists(), "a letter that waits has told nobody"
    assert gaps.note_sent(at=NOW) == 0
    models.Message.objects.update(state="sent")
    later = NOW + timedelta(minutes=5)
    assert gaps.note_sent(at=later) == 2
    assert len(outbox.waiting(name="gap.told")) == 2
    assert desk.ticket("t1").resolved_at == later
    assert desk.ticket("t3").resolved_at is None
    vic = GapRequest.objects.get(told_at=None)
    assert gaps.told_by_hand(requests=[vic.key], by=ada, at=later) == 1
    assert desk.ticket("t3").resolved_at == later
    (gap,) = reads.ranked(seen_by=ada, at=later)
    assert gap.untold == 0


def test_who_asked_after_the_letter_is_written_to_as_well(cast: world.World) -> None:
    ada = cast.scope("ada")
    asked(cast, "t1", "Dark mode", person="uma")
    gaps.set_status(gap="dark-mode", status="shipped", by=ada, at=NOW)
    gaps.tell_back(gap="dark-mode", text="It is there.", by=ada, at=NOW)
    row = {"key": "r2", "account": "elm", "gap": "dark-mode", "asked_at": NOW, "person": "uma"}
    gap_requests.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)
    assert gaps.tell_back(gap="dark-mode", text="It is there.", by=ada, at=NOW).letters == 1
    with pytest.raises(errors.NotFound):
        gaps.told_by_hand(requests=["r2"], by=cast.scope("cleo"), at=NOW)
