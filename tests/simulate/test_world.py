"""The invented book is the same each time, looks like a book of customers, and keeps to what it states."""

import hashlib
import pickle
import unicodedata
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest

from keepwell.simulate import catalogue, world
from keepwell.simulate.span import DAY_SECONDS
from keepwell.simulate.truth import LEAVING_SHARE, SCARE_SHARE, SHARES, Cause, Scare

LAST = date(2026, 6, 14)


@pytest.fixture(scope="module")
def book() -> world.World:
    return world.make(seed=11, last_day=LAST)


def _digest(of: world.World) -> str:
    return hashlib.sha256(pickle.dumps(of)).hexdigest()


def test_the_same_seed_gives_the_same_bytes() -> None:
    first = world.make(seed=3, last_day=LAST, accounts=25)
    assert _digest(first) == _digest(world.make(seed=3, last_day=LAST, accounts=25))
    assert _digest(first) != _digest(world.make(seed=4, last_day=LAST, accounts=25))


def test_a_book_of_three_hundred_has_its_size(book: world.World) -> None:
    assert len(book.customers) == len(book.truths) == 300
    assert 340_000 < len(book.usage) < 440_000
    assert 2_500 < len(book.people) < 6_000
    assert 2_000 < len(book.tickets) < 8_000


def test_causes_of_leaving_keep_to_their_stated_shares(book: world.World) -> None:
    ordinary = [truth for truth in book.truths if not truth.late]
    leaving = [truth for truth in ordinary if truth.leaves]
    assert len(leaving) == round(LEAVING_SHARE * 300)
    counts = Counter(truth.cause for truth in leaving)
    for cause, share in SHARES.items():
        assert abs(counts[cause] - share * len(leaving)) <= 1
    scares = Counter(truth.scare for truth in ordinary if truth.scare)
    assert sum(scares.values()) == round(SCARE_SHARE * 300)
    assert set(scares) == set(Scare)


def test_part_of_the_losses_is_still_to_come(book: world.World) -> None:
    leaving = [truth.last_day for truth in book.truths if truth.cause and not truth.late]
    past = sum(day is not None and day < LAST for day in leaving)
    # Enough losses to prove a score on, about one in ten a year, and some that are only under way.
    assert 30 <= past <= 75
    assert len(leaving) - past >= 8


def test_a_handful_slides_within_the_last_fortnight(book: world.World) -> None:
    late = [truth for truth in book.truths if truth.late]
    assert 5 <= len(late) <= 10
    for truth in late:
        assert truth.onset is not None
        assert truth.onset > LAST - timedelta(days=22)
        assert truth.last_day is not None
        assert truth.last_day > LAST


def test_each_cause_has_its_own_delay(book: world.World) -> None:
    lead: dict[Cause, list[int]] = {}
    for truth in book.truths:
        if truth.cause and truth.onset and truth.last_day and not truth.late:
            lead.setdefault(truth.cause, []).append((truth.last_day - truth.onset).days)
    assert Cause.UNSEEN not in lead
    assert np.mean(lead[Cause.BUDGET]) < np.mean(lead[Cause.SERVICE]) < np.mean(lead[Cause.NEVER_ADOPTED])


def test_prices_lie_within_their_tiers_and_most_pay_in_dollars(book: world.World) -> None:
    for customer in book.customers:
        assert customer.tier.least_arr <= customer.arr <= customer.tier.most_arr
    tiers = Counter(customer.tier.slug for customer in book.customers)
    assert tiers == {"enterprise": 45, "mid": 105, "small": 150}
    currencies = Counter(customer.currency for customer in book.customers)
    assert set(currencies) == {"USD", "EUR", "GBP"}
    assert currencies["USD"] > 150


def test_names_come_from_many_scripts_and_no_two_companies_share_one(book: world.World) -> None:
    names = [customer.name for customer in book.customers]
    assert len(set(names)) == len(names)
    letters = "".join(names) + "".join(person.name for person in book.people)
    scripts = {unicodedata.name(letter).split(" ")[0] for letter in set(letters) if letter.isalpha()}
    assert {"LATIN", "ARABIC", "HEBREW", "CJK", "HANGUL", "DEVANAGARI", "KATAKANA"} <= scripts
    assert any(unicodedata.category(letter) == "So" for letter in letters)
    assert all(customer.domain.endswith(".example") for customer in book.customers)


def test_nobody_uses_the_product_before_they_come_or_after_they_go(book: world.World) -> None:
    day = book.usage.at // DAY_SECONDS
    joined = np.array([person.joined for person in book.people])[book.usage.person]
    left = np.array([10**6 if person.left is None else person.left for person in book.people])
    ends = {c.key: 10**6 if end is None else end for c, end in zip(book.customers, book.ends, strict=True)}
    end = np.array([ends[person.account] for person in book.people])[book.usage.person]
    assert (day >= joined).all()
    assert (day < left[book.usage.person]).all()
    assert (day < end).all()


def test_weekends_and_the_turn_of_the_year_are_quiet(book: world.World) -> None:
    days = np.bincount(book.usage.at // DAY_SECONDS, minlength=book.span.days)
    weekday = np.array([book.span.weekday(day) for day in range(book.span.days)])
    assert days[weekday == 6].mean() < 0.25 * days[weekday == 2].mean()
    christmas = book.span.index(date(2025, 12, 25))
    assert days[christmas : christmas + 8].sum() < 0.5 * days[christmas - 28 : christmas - 20].sum()


def test_features_have_their_rhythm(book: world.World) -> None:
    slugs = [feature.slug for feature in catalogue.FEATURES]
    assert len(slugs) == 24
    assert len(catalogue.CORE) == 8
    used = book.usage.feature == slugs.index("schedules")
    weekday = (book.span.first.weekday() + book.usage.at[used] // DAY_SECONDS) % 7
    assert np.bincount(weekday, minlength=7)[0] > 1.5 * np.bincount(weekday, minlength=7)[2]


def test_some_events_arrive_days_late(book: world.World) -> None:
    delay = book.usage.arrived - book.usage.at
    assert (delay > 0).all()
    assert 0.01 < np.mean(delay > DAY_SECONDS) < 0.05
    assert delay.max() > 5 * DAY_SECONDS


def test_an_account_that_leaves_signs_no_further_contract(book: world.World) -> None:
    last_end: dict[str, int] = {}
    for contract in book.contracts:
        last_end[contract.account] = max(last_end.get(contract.account, contract.end), contract.end)
    for customer, end in zip(book.customers, book.ends, strict=True):
        if end is not None:
            assert last_end[customer.key] == end
        else:
            assert last_end[customer.key] >= book.span.days
