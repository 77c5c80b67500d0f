"""How numbers, money, days and durations read."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from keepwell.faces.components import words
from keepwell.kernel.money import Money

TODAY = date(2026, 6, 15)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u2212", "-")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (12.4, "%", "12.4 %"),
        (71.6, "%", "71.6 %"),
        (1.0, "days", "1 day"),
        (18.0, "people", "18 people"),
        (22.24, "%", "22.2 %"),
        (1.0, "people", "1 person"),
        (0.333, "a month", "0.3 a month"),
        (40.0, "NPS", "+40"),
        (-12.0, "NPS", "-12"),
        (-0.001, "", "0"),
        (1204.0, "", "1,204"),
        (None, "%", "–"),
    ],
)
def test_numbers_are_rounded_to_what_is_worth_saying(value: float | None, unit: str, said: str) -> None:
    assert plain(words.number(value, unit)) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (12, "in 12 days"),
        (-34, "34 days ago"),
        (200, "in 7 months"),
        (-800, "2 years ago"),
        (-913, "2 years ago"),
        (730, "in 2 years"),
    ],
)
def test_days_are_said_by_their_distance(days: int, said: str) -> None:
    assert plain(words.away(TODAY + timedelta(days=days), today=TODAY)) == said


def test_a_day_of_another_year_says_its_year() -> None:
    assert plain(words.day(date(2026, 12, 3), today=TODAY)) == "3 Dec"
    assert plain(words.day(date(2027, 1, 3), today=TODAY)) == "3 Jan 2027"
    assert plain(words.day(date(2026, 2, 1), today=TODAY, dated=True)) == "1 Feb 2026"
    assert plain(words.day(date(2026, 7, 1), today=TODAY, dated=True)) == "1 Jul"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("14230000", "$14.2M"),
        ("999600", "$1M"),
        ("340000", "$340k"),
        ("12000", "$12k"),
        ("950", "$950"),
        ("0", "$0"),
    ],
)
def test_totals_are_short(amount: str, said: str) -> None:
    assert words.short_money(Money(Decimal(amount), "USD")) == said


def test_totals_of_different_currencies_stay_apart() -> None:
    sums = (Money(Decimal(1_500_000), "EUR"), Money(Decimal(20_000), "CHF"))
    assert plain(words.sums(sums)) == "€1.5M + CHF 20k"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(days=2, hours=4, minutes=9), "2 d 4 h"),
        (timedelta(days=6, hours=23), "6 d 23 h"),
        (timedelta(days=90, hours=3), "90 d"),
        (timedelta(hours=3, minutes=12), "3 h 12 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(seconds=40), "40 s"),
        (timedelta(0), "0 s"),
    ],
)
def test_durations_are_said_by_their_two_largest_units(length: timedelta, said: str) -> None:
    assert plain(words.span(length)) == said


def test_a_moment_says_its_zone() -> None:
    assert plain(words.moment(datetime(2026, 6, 3, 14, 0, tzinfo=UTC), today=TODAY)) == "3 Jun, 14:00 UTC"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Lovelace", "AL"),
        ("Ada", "AD"),
        ("ben@fernhill.test", "BE"),
        ("grace.hopper@navy.mil", "GH"),
        ("", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert words.initials(name) == letters


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("", ""),
        ("last on 2026-05-13", "Last on 13 May"),
        ("left on 2025-11-02, used on 2026-06-01", "Left on 2 Nov 2025, used on 1 Jun"),
        ("contract c-2026-05-13_a", "Contract c-2026-05-13_a"),
        ("contract 2026-13-45", "Contract 2026-13-45"),
    ],
)
def test_what_a_check_found_tells_days_and_leaves_keys_as_they_are(found: str, said: str) -> None:
    assert plain(words.remarked(found, today=TODAY)) == said
