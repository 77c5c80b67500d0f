"""Accounts belong together as of any day, as known now or then."""

from datetime import date, timedelta

import pytest

from keepwell.kernel import errors
from keepwell.ledger.actions import contracts, hierarchy, mergers
from keepwell.ledger.queries import hierarchy as reads
from tests import world
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
SPRING, AUTUMN = date(2026, 3, 1), date(2026, 9, 1)
HOUR = timedelta(hours=1)


def put(
    child: str, parent: str | None, since: date | None = None, *, at: int = 0, kind: str = "legal"
) -> None:
    hierarchy.place(child=child, parent=parent, kind=kind, since=since, by=TESTS, at=NOW + at * HOUR)


def shape(account: world.Account, day: date = TODAY, known_by: int | None = None) -> list[str]:
    moment = None if known_by is None else NOW + known_by * HOUR
    found = reads.tree(account_id=account.pk, kind="legal", as_of=day, known_by=moment, seen_by=TESTS)
    return ["·" * node.depth + node.key for node in found.nodes]


def test_an_account_stands_where_it_stood_on_the_day() -> None:
    cast = world.build()
    put("elm", "birch")
    put("ash", "elm", SPRING)
    put("elm", "willow", AUTUMN)
    assert shape(cast.ash, SPRING - timedelta(days=1)) == ["ash"]
    assert shape(cast.ash, SPRING) == ["birch", "·elm", "··ash"]
    assert shape(cast.elm, AUTUMN) == ["willow", "·elm", "··ash"]
    assert shape(cast.birch, AUTUMN) == ["birch"]
    spans = reads.history(account_id=cast.elm.pk, seen_by=TESTS)
    assert [(s.parent, s.since, s.until) for s in spans] == [
        ("willow", AUTUMN, None),
        ("birch", None, AUTUMN),
    ]


def test_what_is_learned_later_changes_nothing_as_known_before() -> None:
    cast = world.build()
    put("elm", "birch", at=1)
    put("elm", "willow", SPRING, at=3)
    assert shape(cast.elm) == ["willow", "·elm"]
    assert shape(cast.elm, known_by=3) == ["birch", "·elm"]
    assert shape(cast.elm, known_by=1) == ["elm"]


def test_loops_are_refused_on_whatever_day_they_would_close() -> None:
    cast = world.build()
    put("elm", "birch", AUTUMN)
    put("ash", "elm")
    with pytest.raises(errors.Invalid, match='"ash" already stands under "birch" on 2026-09-01'):
        put("birch", "ash")
    with pytest.raises(errors.Invalid, match="under itself"):
        put("elm", "elm")
    with pytest.raises(errors.Invalid, match="no kind"):
        put("elm", "birch", kind="family")
    put("birch", "ash", kind="commercial")
    put("elm", None, AUTUMN)
    put("birch", "ash")
    assert shape(cast.birch, AUTUMN) == ["elm", "·ash", "··birch"]


def test_arr_rolls_up_by_currency_as_of_the_day() -> None:
    cast = world.build()
    put("elm", "birch")
    put("ash", "elm")
    terms = {"arr": 100, "start_date": date(2026, 1, 1), "end_date": AUTUMN}
    rows = [
        {"key": "c1", "account": "birch", "currency": "USD", **terms, "end_date": None},
        {"key": "c2", "account": "elm", "currency": "EUR", **terms},
        {"key": "c3", "account": "ash", "currency": "USD", **terms},
    ]
    contracts.upsert(rows=rows, source="crm", by=TESTS, at=NOW, vouched=True)
    found = reads.tree(account_id=cast.ash.pk, kind="legal", as_of=TODAY, seen_by=TESTS)
    assert [list(map(str, node.arr_below)) for node in found.nodes] == [
        ["€100", "$200"],
        ["€100", "$100"],
        ["$100"],
    ]
    assert [node.below for node in found.nodes] == [2, 1, 0]
    later = reads.tree(account_id=cast.ash.pk, kind="legal", as_of=AUTUMN, seen_by=TESTS)
    assert list(map(str, later.nodes[0].arr_below)) == ["$100"]


def test_what_may_not_be_seen_is_left_out() -> None:
    cast = world.build()
    put("ash", "elm")
    assert (
        reads.tree(account_id=cast.ash.pk, kind="legal", as_of=TODAY, seen_by=cast.scope("cleo")).nodes == ()
    )


def test_the_undo_of_a_move_and_of_a_merger_brings_the_tree_back() -> None:
    cast = world.build()
    put("elm", "birch")
    put("ash", "elm")
    before = shape(cast.ash)
    deed = hierarchy.place(child="ash", parent="willow", kind="legal", since=SPRING, by=TESTS, at=NOW + HOUR)
    assert shape(cast.ash) == ["willow", "·ash"]
    mergers.undo(number=deed.pk, by=TESTS, at=NOW + 2 * HOUR)
    assert shape(cast.ash) == before
    number = mergers.merge(source="elm", target="willow", by=TESTS, at=NOW + 3 * HOUR)
    assert shape(cast.ash) == ["birch", "·willow", "··ash"]
    mergers.undo(number=number, by=TESTS, at=NOW + 4 * HOUR)
    assert shape(cast.ash) == before


def test_a_file_of_parents_is_taken_in_and_what_it_repeats_is_unchanged() -> None:
    cast = world.build()
    rows = [
        {"account": "elm", "parent": "birch", "kind": "legal", "since": None},
        {"account": "ash", "parent": "nobody", "kind": "legal", "since": None},
        {"account": "birch", "parent": "elm", "kind": "legal", "since": SPRING},
    ]
    told = {"source": "crm", "by": TESTS, "at": NOW, "vouched": True}
    said = [verdict.outcome for verdict in hierarchy.upsert(rows=rows, **told)]
    assert said == ["updated", "rejected", "rejected"]
    assert hierarchy.upsert(rows=rows[:1], **told)[0].outcome == "unchanged"
    assert shape(cast.elm, known_by=-999) == ["birch", "·elm"], "a vouched source's word holds always"
