"""When an account was a customer, worked out by hand."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.kernel.errors import Invalid
from keepwell.metrics import departures
from keepwell.metrics.formulas import spells

DAY = timedelta(days=1)
START = date(2026, 1, 1)


def used(*offsets: int, account: int = 1) -> pl.DataFrame:
    return pl.DataFrame(
        {"account_id": [account] * len(offsets), "day": [START + DAY * offset for offset in offsets]}
    )


def signed(*terms: tuple[int, int | None], account: int = 1) -> pl.DataFrame:
    rows = [(account, START + DAY * a, None if b is None else START + DAY * b) for a, b in terms]
    kinds = {"account_id": pl.Int64, "start_date": pl.Date, "end_date": pl.Date}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def told(found: pl.DataFrame) -> list[tuple[int, int | None, int | None]]:
    def offset(day: date | None) -> int | None:
        return None if day is None else (day - START).days

    return [
        (offset(a), offset(b), offset(c)) for a, b, c in found.select("since", "onset_on", "left_on").rows()
    ]


def test_a_silence_of_exactly_its_days_is_a_departure_and_one_day_less_is_none():
    until = START + DAY * 100
    assert told(spells.by_silence(used(0, 10), days=10, until=until)) == [(0, 11, 20)]
    assert told(spells.by_silence(used(0, 11), days=10, until=until)) == [(0, 1, 10), (11, 12, 21)]
    assert told(spells.by_silence(used(0, 10), days=10, until=START + DAY * 19)) == [(0, None, None)]
    assert told(spells.by_silence(used(0, 10), days=10, until=START + DAY * 20)) == [(0, 11, 20)]


def test_what_happened_after_the_last_day_says_nothing():
    assert told(spells.by_silence(used(0, 50), days=10, until=START + DAY * 9)) == [(0, None, None)]


def test_contracts_that_follow_within_the_grace_are_one_spell():
    until = START + DAY * 1000
    follow = signed((0, 365), (395, 500))
    assert told(spells.by_contracts(follow, grace_days=30, until=until)) == [(0, 500, 500)]
    late = signed((0, 365), (396, 500))
    assert told(spells.by_contracts(late, grace_days=30, until=until)) == [(0, 365, 365), (396, 500, 500)]


def test_a_contract_that_outlasts_a_later_one_holds_the_customer():
    over = signed((0, 365), (10, 100))
    assert told(spells.by_contracts(over, grace_days=30, until=START + DAY * 380)) == [(0, None, None)]
    assert told(spells.by_contracts(over, grace_days=30, until=START + DAY * 395)) == [(0, 365, 365)]
    assert told(spells.by_contracts(signed((0, None)), grace_days=30, until=START + DAY)) == [(0, None, None)]


def test_one_that_said_it_left_is_back_with_its_next_contract():
    found = spells.by_word(
        begun=used(0),
        told=used(50, 60, 200),
        contracts=signed((0, 50), (100, None)),
        until=START + DAY * 300,
    )
    assert told(found) == [(0, 50, 50), (100, 200, 200)]


def test_an_account_is_at_risk_until_the_day_before_it_has_left():
    found = spells.by_silence(used(0, 10), days=10, until=START + DAY * 100)
    days = [START + DAY * offset for offset in (-1, 0, 19, 20)]
    assert spells.at_risk(found, days)["as_of"].to_list() == days[1:3]


@given(st.sets(st.integers(0, 400), min_size=1), st.integers(1, 60), st.integers(0, 500))
def test_silence_is_what_counting_day_by_day_finds(days: set[int], silent: int, until: int):
    found = spells.by_silence(used(*days), days=silent, until=START + DAY * until)
    inside = {
        offset
        for offset in range(until + 1)
        if any(offset - silent < day <= offset for day in days if day <= until)
    }
    at_risk = spells.at_risk(found, [START + DAY * offset for offset in range(until + 1)])
    assert {(day - START).days for day in at_risk["as_of"]} == inside


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "gone"}, "kind"),
        ({"kind": "silence"}, "days"),
        ({"kind": "silence", "days": 3}, "from 7 to 730"),
        ({"kind": "silence", "days": True}, "whole number"),
        ({"kind": "told", "days": 30}, "not known"),
        (
            {"kind": "silence", "days": 90, "events": {"of": "colour", "is": "red"}},
            "departure: events: .*colour",
        ),
        ({"kind": "contract_end", "events": {"of": "name", "is": "login"}}, "not known"),
        ([], "kind"),
    ],
)
def test_what_is_no_declaration_is_refused_in_words(given: object, said: str):
    with pytest.raises(Invalid, match=said):
        departures.read(given)


def test_a_silence_may_be_of_some_events_alone():
    where = {"all": [{"of": "feature", "is": "export"}, {"of": "props.size", "above": 3.0}]}
    said = departures.read({"kind": "silence", "days": 90, "events": where})
    assert said.definition == {"kind": "silence", "days": 90, "events": where}
    assert departures.read(said.definition) == said
    assert said.kinds == ("usage",)
    assert said.sentence.startswith(
        "A customer has left when it had no event of this kind for 90 days: feature is"
    )
    asks = {"of": "kind", "is": "fact"}
    assert departures.read({"kind": "silence", "days": 90, "events": asks}).kinds == ("usage", "fact")
