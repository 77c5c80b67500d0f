"""What a cause of leaving does is seen in behaviour, and what has no visible cause is not."""

from datetime import date

import numpy as np
import pytest

from keepwell.simulate import world
from keepwell.simulate.span import DAY_SECONDS
from keepwell.simulate.truth import Cause, Scare

WINDOW = 56
Counts = np.ndarray[tuple[int, int], np.dtype[np.int64]]


@pytest.fixture(scope="module")
def book() -> world.World:
    return world.make(seed=5, last_day=date(2026, 6, 14), accounts=600, events=500_000)


@pytest.fixture(scope="module")
def counts(book: world.World) -> Counts:
    """Usage events by account and day."""
    places = {customer.key: n for n, customer in enumerate(book.customers)}
    account = np.array([places[person.account] for person in book.people])[book.usage.person]
    grid = np.zeros((len(book.customers), book.span.days), dtype=np.int64)
    np.add.at(grid, (account, book.usage.at // DAY_SECONDS), 1)
    return grid


def _changes(counts: Counts, end: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """How much each account did in the days before a day, against the same number of days before those."""
    late = counts[:, end - WINDOW : end].sum(axis=1)
    early = counts[:, end - 2 * WINDOW : end - WINDOW].sum(axis=1)
    return np.asarray(np.log((late + 1) / (early + 1)))


def _ranks(book: world.World, counts: Counts, chosen: list[int]) -> list[float]:
    """Where each leaver's last change stands among the quiet stayers over the same days: uniform if it is alike."""
    stayers = [n for n, truth in enumerate(book.truths) if truth.cause is None and truth.scare is None]
    ranks = []
    for n in chosen:
        end = book.ends[n]
        if end is None or not 2 * WINDOW <= end <= book.span.days:
            continue
        alive = [m for m in stayers if book.customers[m].start < end - 3 * WINDOW]
        changes = _changes(counts, end)
        ranks.append(float(np.mean(changes[alive] < changes[n])))
    return ranks


def _z(ranks: list[float]) -> float:
    return float((np.mean(ranks) - 0.5) * np.sqrt(12 * len(ranks)))


def _of(book: world.World, *causes: Cause) -> list[int]:
    return [n for n, truth in enumerate(book.truths) if truth.cause in causes and not truth.late]


def test_losses_without_a_visible_cause_use_the_product_like_those_that_stay(
    book: world.World, counts: Counts
) -> None:
    ranks = _ranks(book, counts, _of(book, Cause.UNSEEN))
    assert len(ranks) >= 15
    assert abs(_z(ranks)) < 1.96


@pytest.mark.parametrize("cause", [Cause.SILENT, Cause.CHAMPION_LEFT])
def test_the_same_test_finds_those_with_a_cause(book: world.World, counts: Counts, cause: Cause) -> None:
    assert _z(_ranks(book, counts, _of(book, cause))) < -3


def test_service_trouble_is_loud_before_usage_falls(book: world.World) -> None:
    raised = [
        sum(
            ticket.account == truth.account and ticket.escalated is not None and ticket.opened > begin
            for ticket in book.tickets
        )
        for truth in book.truths
        if truth.cause is Cause.SERVICE and not truth.late and truth.onset
        for begin in [book.span.index(truth.onset) * DAY_SECONDS]
        if 0 < begin < (book.span.days - 60) * DAY_SECONDS
    ]
    assert np.mean(raised) > 1.5


def test_a_budget_cut_takes_people_away_at_once(book: world.World) -> None:
    day = book.usage.at // DAY_SECONDS
    falls = []
    for truth in book.truths:
        onset = truth.onset and book.span.index(truth.onset)
        if truth.cause is not Cause.BUDGET or not onset or not 60 < onset < book.span.days - 40:
            continue
        theirs = np.array([person.account == truth.account for person in book.people])[book.usage.person]
        before = len(set(book.usage.person[theirs & (day >= onset - 28) & (day < onset)].tolist()))
        after = len(set(book.usage.person[theirs & (day >= onset + 10) & (day < onset + 38)].tolist()))
        falls.append(after / max(1, before))
    assert np.median(falls) < 0.75


def test_false_scares_look_bad_and_stay(book: world.World, counts: Counts) -> None:
    dips = []
    for n, truth in enumerate(book.truths):
        if truth.scare is not None:
            assert book.ends[n] is None
        onset = truth.onset and book.span.index(truth.onset)
        if truth.scare is Scare.DIP and onset and 40 < onset < book.span.days - 60:
            trough = counts[n, onset + 28 : onset + 56].sum()
            dips.append(trough / max(1, counts[n, onset - 28 : onset].sum()))
    assert np.median(dips) < 0.7
