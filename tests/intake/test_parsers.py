"""Cells become values, or are refused by name."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.intake import parsers
from keepwell.kernel import errors, moments


@given(st.dates(moments.EARLIEST, moments.LATEST))
def test_every_iso_day_reads_back(day: date):
    assert parsers.day(day.isoformat()) == day


@given(st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_iso_moment_reads_back(moment: datetime):
    assert parsers.moment(moment.isoformat()) == moment
    assert parsers.moment(moment.isoformat(sep=" ")) == moment


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_every_amount_reads_back(amount: Decimal):
    assert parsers.amount(f"{amount:f}") == amount
    assert parsers.amount(f"{amount:,f}") == amount


@given(st.text(max_size=60))
def test_any_text_is_a_value_or_a_refusal(text: str):
    reasons = []
    for parser in (parsers.day, parsers.moment, parsers.amount, parsers.number, parsers.whole, parsers.truth):
        try:
            parser(text)
        except errors.Invalid as refusal:
            reasons.append(str(refusal))
    assert all(reason.startswith('"') for reason in reasons)


@pytest.mark.parametrize(
    ("parser", "cell", "reason"),
    [
        (parsers.day, "31/02/2026", '"31/02/2026" is no date. Use YYYY-MM-DD.'),
        (parsers.day, "2026-02-31", '"2026-02-31" is no date. Use YYYY-MM-DD.'),
        (parsers.day, "2026-W01-1", '"2026-W01-1" is no date. Use YYYY-MM-DD.'),
        (
            parsers.day,
            "0001-06-01",
            '"0001-06-01" is out of reach. Use YYYY-MM-DD from 1970-01-01 to 2199-12-31.',
        ),
        (
            parsers.moment,
            "9999-12-31T23:59:59Z",
            '"9999-12-31" is out of reach. Use YYYY-MM-DD from 1970-01-01 to 2199-12-31.',
        ),
        (parsers.moment, "yesterday", '"yesterday" is no date. Use YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ.'),
        (
            parsers.amount,
            "12.000,50",
            '"12.000,50" is no amount. Use digits and a decimal point, as in 1200.50.',
        ),
        (
            parsers.amount,
            "10000000000000",
            '"10000000000000" is more than can be kept (10,000,000,000,000 at most).',
        ),
        (parsers.number, "nan", '"nan" is no number. Use digits and a decimal point, as in 12.5.'),
        (parsers.number, "-inf", '"-inf" is no number. Use digits and a decimal point, as in 12.5.'),
        (parsers.whole, "1.5", '"1.5" is no whole number.'),
        (parsers.truth, "maybe", '"maybe" is neither yes nor no. Use true or false.'),
        (parsers.currency, "dollars", '"dollars" is no currency. Use a code of three letters, as in USD.'),
        (parsers.email, "ada at birch", '"ada at birch" is no e-mail address.'),
        (parsers.one_of("nps", "csat"), "sus", '"sus" is not known here. Use one of: nps, csat.'),
    ],
)
def test_a_refusal_names_the_value_and_what_is_allowed(parser: parsers.Parser, cell: str, reason: str):
    with pytest.raises(errors.Invalid) as refusal:
        parser(cell)
    assert str(refusal.value) == reason


def test_what_spreadsheets_write_is_understood():
    assert parsers.amount("$1,200.5") == Decimal("1200.50")
    assert parsers.whole("12.0") == 12
    assert parsers.truth("Yes") is True
    assert parsers.truth("f") is False
    assert parsers.day("2026-03-01T23:30:00-02:00") == date(2026, 3, 2)
    assert parsers.tags("key account; beta, beta") == ["key account", "beta"]
    assert parsers.one_of("on_leave")("On leave") == "on_leave"
