"""The book of business as one page."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keepwell.health import models
from keepwell.health.queries import book
from keepwell.health.queries.sheet import lines as sheet_lines
from keepwell.health.queries.sheet import searched
from keepwell.health.queries.sheet.question import Order, Question
from keepwell.kernel.errors import Invalid
from keepwell.kernel.money import Money
from keepwell.ledger.actions import accounts, contracts, rates
from keepwell.ledger.models import Account
from tests import world
from tests.health.test_scores import TOUCH, card, refresh
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.World:
    """Birch is healthy, Willow on watch, Elm at risk, of Ash nothing is known."""
    found = world.build()
    card(TOUCH, at=NOW - timedelta(days=900))
    rows = [
        {
            "key": f"c-{account}",
            "account": account,
            "arr": Decimal(arr),
            "currency": currency,
            "start_date": TODAY - timedelta(days=100),
            "end_date": TODAY + timedelta(days=days),
        }
        for account, arr, currency, days in (
            ("birch", 50_000, "USD", 200),
            ("willow", 9_000, "EUR", 90),
            ("elm", 120_000, "USD", 40),
        )
    ]
    contracts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    accounts.restate(on=TODAY)
    happen(
        event("birch", "touchpoint.held", 2),
        event("willow", "touchpoint.held", 20),
        event("elm", "touchpoint.held", 33),
    )
    refresh()
    return found


def page(cast: world.World, **given: Any) -> book.BookPage:
    place = {name: given.pop(name) for name in ("seen_by", "offset", "limit") if name in given}
    if "sort" in given or "descending" in given:
        given["order"] = (Order(given.pop("sort", "health"), given.pop("descending", False)),)
    return book.page(**{"seen_by": cast.scope("ada"), **place}, asked=Question(**given))


def keys(cast: world.World, **given: Any) -> list[str]:
    return [row.key for row in page(cast, **given).rows]


def test_ada_sees_the_worst_first_and_the_unknown_last(cast: world.World) -> None:
    rows = page(cast).rows
    assert [(row.key, row.points, row.band) for row in rows] == [
        ("elm", 0, "red"),
        ("willow", 50, "yellow"),
        ("birch", 100, "green"),
        ("ash", None, "unknown"),
    ]
    assert keys(cast, descending=True) == ["birch", "willow", "elm", "ash"]
    elm, willow, birch, ash = rows
    assert elm.reason == "Days since last touchpoint 33 days (above 30)"
    assert willow.reason == "Days since last touchpoint 20 days (not up to 7)"
    assert birch.reason == ""
    assert ash.reason == "Days since last touchpoint unknown: No touchpoint is known"
    assert (elm.name, elm.owner, elm.arr) == ("Elm", "Ada", Money(Decimal(120_000), "USD"))
    assert elm.renewal_date == TODAY + timedelta(days=40)
    assert (ash.known_weight, ash.low, ash.high) == (0, 0, 100)


def test_change_is_against_the_week_before_and_says_what_moved(cast: world.World) -> None:
    elm, willow, birch, _ = page(cast).rows
    assert (elm.change, elm.change_reason) == (-50, "Days since last touchpoint rose from 26 days to 33 days")
    assert (willow.change, willow.change_reason) == (0, "")
    assert (birch.change, birch.change_reason) == (None, "Days since last touchpoint became known: 2 days")
    assert keys(cast, sort="change") == ["elm", "willow", "ash", "birch"]


def test_the_spark_has_thirteen_weeks_and_ends_with_the_present_points(cast: world.World) -> None:
    elm = page(cast).rows[0]
    assert len(elm.spark) == 13
    assert elm.spark[-6:] == (100, 50, 50, 50, 0, 0)
    assert elm.spark[0] is None


def test_orders_and_filters(cast: world.World) -> None:
    assert keys(cast, sort="name") == ["ash", "birch", "elm", "willow"]
    assert keys(cast, sort="arr", descending=True) == ["elm", "birch", "willow", "ash"]
    assert keys(cast, sort="renewal") == ["elm", "willow", "birch", "ash"]
    assert keys(cast, band="red") == ["elm"]
    assert keys(cast, search="WILL") == ["willow"]
    assert keys(cast, offset=1, limit=2) == ["willow", "birch"]
    with pytest.raises(Invalid, match='"colour" is no order of a list of accounts'):
        page(cast, sort="colour")


@pytest.mark.parametrize("few", [0, searched.FEW])
def test_a_text_is_found_in_names_and_keys_whether_few_or_many_hold_it(
    cast: world.World, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    Account.objects.filter(key="birch").update(name="Bjørk 100% & Søn")
    monkeypatch.setattr(searched, "FEW", few)
    assert keys(cast, search="BJØRK") == keys(cast, search="100%") == keys(cast, search="irch") == ["birch"]
    assert keys(cast, search="100_") == keys(cast, search="nobody") == []
    assert keys(cast, search="W", seen_by=cast.scope("cleo")) == []
    assert [total.accounts for total in page(cast, search="birch").totals] == [1]


def test_totals_count_what_matches_whatever_the_band(cast: world.World) -> None:
    found = page(cast, band="red", limit=1)
    assert found.total == 1
    assert [(total.band, total.accounts, total.arr, total.unrated) for total in found.totals] == [
        ("red", 1, Money(Decimal(120_000), "USD"), 0),
        ("yellow", 1, None, 1),
        ("green", 1, Money(Decimal(50_000), "USD"), 0),
        ("unknown", 1, None, 0),
    ]
    assert page(cast).total == 4
    assert [total.band for total in page(cast, search="elm").totals] == ["red"]


def test_a_past_day_shows_that_day_within_a_fortnight(cast: world.World) -> None:
    then = TODAY - timedelta(days=3)
    rows = {row.key: row for row in page(cast, as_of=then).rows}
    assert (rows["elm"].points, rows["elm"].band) == (50, "yellow")
    assert rows["birch"].band == "unknown"
    assert rows["elm"].reason == "Days since last touchpoint 30 days (not up to 7)"
    assert rows["elm"].arr is rows["elm"].renewal_date is rows["elm"].last_touch_at is None
    later = {row.key: row.points for row in page(cast, as_of=TODAY + timedelta(days=9)).rows}
    assert later == {row.key: row.points for row in page(cast).rows}


@pytest.mark.parametrize("group", ["owner", "band", "industry", "tier"])
@pytest.mark.parametrize("sort", ["health", "arr", "renewal", "touch", "name"])
def test_lines_group_as_all_that_is_known_of_accounts_does(
    cast: world.World, group: str, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.assign(account=cast.willow, user=cast.ben, role="csm", by=TESTS, at=NOW)
    accounts.upsert(
        rows=[{"key": "elm", "industry": "Retail", "tier": "Gold"}, {"key": "ash", "industry": "Energy"}],
        source="tests", by=TESTS, at=NOW, vouched=True,
    )  # fmt: skip
    for descending in (False, True):
        lines = page(cast, group=group, sort=sort, descending=descending)
        with monkeypatch.context() as without:
            without.setattr(sheet_lines, "GROUPS", {})
            joined = page(cast, group=group, sort=sort, descending=descending)
        assert [(row.group, row.key) for row in lines.rows] == [(row.group, row.key) for row in joined.rows]
        assert [_sums(one) for one in lines.groups] == [_sums(one) for one in joined.groups]
        part = page(cast, group=group, sort=sort, descending=descending, offset=1, limit=2)
        assert part.rows == lines.rows[1:3]


def _sums(total: book.GroupTotal) -> tuple[Any, ...]:
    return total.value, total.accounts, total.arr, total.means["health"]


@pytest.mark.parametrize(
    "sort", ["health", "change", "name", "arr", "renewal", "touch", "metric.days_since_touchpoint"]
)
@pytest.mark.parametrize("descending", [False, True])
def test_an_index_orders_as_all_that_is_known_of_accounts_does(
    cast: world.World, sort: str, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined = keys(cast, sort=sort, descending=descending)
    monkeypatch.setattr(book, "FEW", 1)
    for size in range(1, 5):
        assert keys(cast, sort=sort, descending=descending, limit=size) == joined[:size]
    assert keys(cast, sort=sort, descending=descending, offset=1, limit=2) == joined[1:3]


def test_ben_sees_the_team_and_cleo_sees_nothing(cast: world.World) -> None:
    assert len(keys(cast, seen_by=cast.scope("ben"))) == 4
    empty = page(cast, seen_by=cast.scope("cleo"))
    assert (empty.rows, empty.total, empty.totals) == ((), 0, ())


def test_accounts_stand_in_the_book_before_anything_was_scored() -> None:
    cast = world.build()
    rows = page(cast).rows
    assert [row.key for row in rows] == ["ash", "birch", "elm", "willow"]
    assert {(row.band, row.points, row.change, row.reason) for row in rows} == {("unknown", None, None, "")}


def test_arr_of_other_currencies_is_sorted_and_summed_in_the_reporting_one(cast: world.World) -> None:
    assert keys(cast, sort="arr", descending=True) == ["elm", "birch", "willow", "ash"]
    told = {"currency": "EUR", "base": "USD", "day": TODAY, "rate": Decimal(10)}
    rates.upsert(rows=[told], source="tests", by=TESTS, at=NOW)
    assert keys(cast, sort="arr", descending=True) == ["elm", "willow", "birch", "ash"]
    (willow,) = page(cast, search="willow").rows
    assert (willow.arr, willow.arr_signed) == (
        Money(Decimal(90_000), "USD"),
        (Money(Decimal(9_000), "EUR"),),
    )
    assert [total.arr for total in page(cast, band="yellow").totals][1] == willow.arr


@pytest.mark.parametrize("sort", ["health", "name", "arr", "renewal", "change", "owner", "touch"])
def test_the_page_costs_eleven_queries_whatever_it_shows(cast: world.World, sort: str) -> None:
    scope = cast.scope("ada")
    with CaptureQueriesContext(connection) as one:
        page(cast, seen_by=scope, sort=sort, limit=1)
    with CaptureQueriesContext(connection) as all_of_them:
        page(cast, seen_by=scope, sort=sort)
    assert len(one) == len(all_of_them) == 11


def test_a_past_day_before_that_shows_the_sunday_before_it_and_says_so(cast: world.World) -> None:
    found = page(cast, as_of=TODAY - timedelta(days=40))
    assert found.day == TODAY - timedelta(days=43)
    assert found.day.weekday() == 6
    assert [total.arr for total in found.totals] == [None] * len(found.totals)


def test_a_past_day_lists_who_was_a_customer_then(cast: world.World) -> None:
    before_all = page(cast, as_of=TODAY - timedelta(days=2000))
    assert before_all.rows == ()
    ended = {"key": "c-elm", "account": "elm", "end_date": TODAY - timedelta(days=5)}
    contracts.upsert(rows=[ended], source="tests", by=TESTS, at=NOW, vouched=True)
    accounts.restate(on=TODAY)
    assert "elm" not in keys(cast)
    assert "elm" not in keys(cast, as_of=TODAY - timedelta(days=3))
    assert "elm" in keys(cast, as_of=TODAY - timedelta(days=9))
    assert keys(cast, former=True) == ["elm"]


def test_a_past_day_by_its_index_is_that_of_the_stored_scores(cast: world.World) -> None:
    """Bands and both orders of a past day, computed here from the rows themselves, with an override and one that had left."""
    told: dict[str, Any] = {"source": "tests", "by": TESTS, "at": NOW, "vouched": True}
    for n in range(6):
        accounts.upsert(rows=[{"key": f"more-{n}", "name": f"More {n % 3}"}], **told)
    refresh()
    left = {"key": "c-elm", "account": "elm", "end_date": TODAY - timedelta(days=5)}
    contracts.upsert(rows=[left], **told)
    accounts.restate(on=TODAY)
    day = TODAY - timedelta(days=2)
    models.Override.objects.create(
        account=cast.willow, band="yellow", points=61.5, reason="They called", by=cast.ada,
        made_at=NOW - timedelta(days=4), expires_on=TODAY + timedelta(days=9), score_points=20.0, score_band="red",
    )  # fmt: skip
    known = models.Score.objects.filter(as_of=day).exclude(account=cast.ash).order_by("pk")
    for place, pk in enumerate(list(known.values_list("pk", flat=True))):
        models.Score.objects.filter(pk=pk).update(points=10.0 * (place // 2), band="red")
    names = dict(Account.objects.values_list("pk", "name"))
    frame = pl.DataFrame(
        [
            {"account": a, "band": b, "points": p, "name": names[a].lower()}
            for a, b, p in models.Score.objects.filter(as_of=day).values_list("account", "band", "points")
            if a != cast.elm.pk
        ]
    ).with_columns(
        band=pl.when(pl.col("account") == cast.willow.pk).then(pl.lit("yellow")).otherwise(pl.col("band")),
        points=pl.when(pl.col("account") == cast.willow.pk).then(61.5).otherwise(pl.col("points")),
    )
    for band in ("", "yellow", "unknown"):
        rows = frame if not band else frame.filter(pl.col("band") == band)
        for column, by in (("health", "points"), ("name", "name")):
            for descending in (False, True):
                expected = rows.sort(by, "account", descending=descending, nulls_last=True)[
                    "account"
                ].to_list()
                asked = Question(band=band, as_of=day, order=(Order(column, descending),))
                found = book.page(seen_by=TESTS, asked=asked)
                assert [row.account_id for row in found.rows] == expected, asked
                walked = [
                    row.account_id
                    for place in range(len(expected))
                    for row in book.some(seen_by=TESTS, asked=asked, offset=place, limit=1)
                ]
                assert walked == expected, asked
                counts = dict(frame.group_by("band").len().iter_rows())
                assert {total.band: total.accounts for total in found.totals} == counts
    assert book.page(seen_by=cast.scope("cleo"), asked=Question(as_of=day)).rows == ()


def test_mine_are_those_i_own(cast: world.World) -> None:
    accounts.assign(account=cast.elm, user=cast.ben, role="csm", by=TESTS, at=NOW)
    assert keys(cast, owner_id=cast.ben.pk) == ["elm"]
    assert "elm" not in keys(cast, owner_id=cast.ada.pk)
    assert book.row(account_id=cast.elm.pk, seen_by=cast.scope("ben")) == page(cast, search="elm").rows[0]
    assert book.row(account_id=cast.elm.pk, seen_by=cast.scope("cleo")) is None
