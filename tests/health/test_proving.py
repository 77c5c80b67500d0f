"""The statistics of a proof against what counting by hand gives."""

from datetime import date, timedelta
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.health.formulas.proving import alarms, calibration, chance, indicators, ranking, shares

START = date(2026, 1, 4)
WEEK = timedelta(days=7)


def drawn(accounts: int = 60, days: int = 8, *, signal: float, seed: int = 3):
    """Rows of accounts whose risk stays much the same from day to day."""
    random = np.random.default_rng(seed)
    left = random.random(accounts) < 0.3
    level = random.normal(size=accounts) + signal * left
    risk = np.repeat(level, days) + random.normal(scale=0.2, size=accounts * days)
    return risk.round(1), np.repeat(left, days), np.repeat(np.arange(accounts), days)


def by_pairs(risk: np.ndarray, left: np.ndarray) -> float:
    pairs = [(a > b) + (a == b) / 2 for a, b in product(risk[left], risk[~left])]
    return sum(pairs) / len(pairs)


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40))
def test_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[int, bool]]):
    risk, left = np.array([r for r, _ in rows], dtype=float), np.array([y for _, y in rows])
    found = ranking.auc(risk, left)
    if left.all() or not left.any():
        assert np.isnan(found)
    else:
        assert found == pytest.approx(by_pairs(risk, left))
        assert ranking.auc(-risk, left) == pytest.approx(1 - found)


def test_delong_is_the_worked_example_of_its_kind():
    """Placements by hand: risks 3, 2 of those that left over 1, 2 of the others: V10 = 1, .75; V01 = 1, .75."""
    risk, left = np.array([3.0, 2.0, 1.0, 2.0]), np.array([True, True, False, False])
    assert ranking.auc(risk, left) == 0.875
    variance = 0.03125 / 2 + 0.03125 / 2
    assert ranking.delong_error(risk, left) == pytest.approx(variance**0.5)


def test_rows_of_one_account_do_not_narrow_the_interval():
    risk, left, accounts = drawn(signal=1.0)
    one_each = ranking.clustered_error(risk[::8], left[::8], accounts[::8])
    everything = ranking.clustered_error(risk, left, accounts)
    assert ranking.delong_error(risk, left) < everything / 2
    assert everything == pytest.approx(one_each, rel=0.2)
    drawn_error = ranking.Resampled(accounts, left).areas(risk, np.ones(left.size, dtype=bool)).std()
    assert drawn_error == pytest.approx(everything, rel=0.1)
    area = ranking.measured(risk, left, accounts)
    assert area.low < area.auc < area.high <= 1


def test_where_every_pair_is_in_order_the_interval_says_how_few_left():
    risk, left = np.array([3.0, 2.0, 2.0, 1.0, 0.0]), np.array([True, True, True, False, False])
    area = ranking.measured(risk, left, np.arange(5))
    assert (area.auc, area.low, area.high) == (1.0, shares.wilson(1.0, 3)[0], 1.0)


def test_with_one_row_an_account_the_error_by_account_is_delongs():
    risk, left, _ = drawn(days=1, signal=1.0)
    by_account = ranking.clustered_error(risk, left, np.arange(left.size))
    assert by_account == pytest.approx(ranking.delong_error(risk, left), rel=0.05)


def test_intervals_hold_the_truth_as_often_as_they_say():
    held = 0
    for seed in range(200):
        risk, left, accounts = drawn(accounts=80, days=4, signal=0.0, seed=seed)
        area = ranking.measured(risk, left, accounts)
        held += area.low <= 0.5 <= area.high
    assert 184 <= held <= 198


def test_the_same_rows_give_the_same_draws():
    risk, left, accounts = drawn(signal=0.5)
    among = np.ones(left.size, dtype=bool)
    first, again = (ranking.Resampled(accounts, left).areas(risk, among) for _ in range(2))
    assert first.tolist() == again.tolist()


def test_a_difference_to_itself_is_nothing_and_to_noise_is_sure():
    risk, left, accounts = drawn(accounts=150, signal=1.5)
    noise, _, _ = drawn(accounts=150, signal=0.0, seed=9)
    among, draws = np.ones(left.size, dtype=bool), ranking.Resampled(accounts, left)
    assert draws.difference(risk, risk, among) == (0.0, 0.0, 0.0)
    gained, low, _ = draws.difference(risk, noise, among)
    assert gained > low > 0


def test_shuffled_fates_lie_around_a_half_and_are_as_wide_as_accounts_are_few():
    risk, left, accounts = drawn(signal=2.0)
    days = np.tile(np.arange(8), 60)
    band = chance.shuffled(risk, left, accounts, days)
    assert float(band.mean()) == pytest.approx(0.5, abs=0.02)
    assert float(band.std()) == pytest.approx(
        ranking.clustered_error(band_risk(risk), left, accounts), rel=0.5
    )
    assert chance.p_value(ranking.auc(risk, left), band) == pytest.approx(1 / 201)


def band_risk(risk: np.ndarray) -> np.ndarray:
    """The same risks, handed to other accounts."""
    return np.roll(risk, 8 * 17)


def test_benjamini_and_hochberg_by_hand():
    adjusted = chance.discoveries(np.array([0.01, 0.04, 0.03, 0.5]))
    assert adjusted.tolist() == pytest.approx([0.04, 0.04 * 4 / 3, 0.04 * 4 / 3, 0.5])


def test_wilson_by_hand():
    assert shares.wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert shares.wilson(0.0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)


def test_a_share_counts_accounts_that_repeat_themselves_once():
    hit = np.repeat([True, False, False, False, True, False, False, False, False, False], 20)
    found = shares.share_of(hit, np.repeat(np.arange(10), 20))
    low, high = shares.wilson(0.2, 10)
    assert (found.share, found.rows, found.accounts) == (0.2, 200, 10)
    assert (found.low, found.high) == (pytest.approx(low, abs=0.02), pytest.approx(high, abs=0.02))


def test_logistic_finds_the_odds_of_two_groups():
    """40 of 100 at 0, 80 of 100 at 1: intercept ln(2/3), slope ln(4) - ln(2/3)."""
    score = np.repeat([0.0, 1.0], 100)
    left = np.concatenate([np.arange(100) < 40, np.arange(100) < 80])
    intercept, slope = calibration.logistic(score, left)
    assert (intercept, slope) == (pytest.approx(np.log(2 / 3), abs=1e-4), pytest.approx(np.log(6), abs=1e-4))


def test_what_was_fitted_on_alike_rows_is_calibrated():
    score = np.tile([0.0, 1.0], 100)
    left = np.tile([False, False, False, True, True, True, False, True, False, False], 20)
    found = calibration.calibrated(score, left, score, left)
    assert found is not None
    assert (found.slope, found.intercept, found.error) == (
        pytest.approx(1, abs=1e-3),
        pytest.approx(0, abs=1e-3),
        pytest.approx(0, abs=1e-6),
    )
    assert calibration.calibrated(score, left, score, np.zeros(200, dtype=bool)) is None


def weeks(*reds: str) -> pl.DataFrame:
    """One account a text, one week a letter: R red, anything else not."""
    return pl.DataFrame(
        [
            (n, START + WEEK * k, letter == "R")
            for n, text in enumerate(reds)
            for k, letter in enumerate(text)
        ],
        schema=["account_id", "as_of", "red"],
        orient="row",
    )


def gone(*weeks_: int) -> pl.DataFrame:
    rows = [(n, START, START + WEEK * k) for n, k in enumerate(weeks_)]
    return pl.DataFrame(rows, schema=["account_id", "since", "onset_on"], orient="row")


def test_the_lead_begins_with_the_run_of_red_that_lasts_until_the_end():
    rows = weeks("RRgRRR", "RRRRRg", "gggggR", "RRRRRR")
    found = alarms.leads(rows, gone(6, 6, 6, 6))
    assert found["lead_days"].to_list() == [21, 0, 7, 42]
    lead = alarms.lead(found)
    assert (lead.departures, lead.caught, lead.median_caught, lead.mean_all) == (4, 3, 21.0, 17.5)
    assert dict(lead.curve)[0] == dict(lead.curve)[0] == 0.75
    assert dict(lead.curve)[30] == 0.25


def test_days_after_leaving_began_do_not_count():
    assert alarms.leads(weeks("ggRRRR"), gone(3))["lead_days"].to_list() == [7]


def test_each_run_of_red_is_one_alarm():
    assert alarms.runs(weeks("RRgRRR", "gggggg", "gRgRgR")).height == 5


def replayed(accounts: int = 80, days: int = 6) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A third of the accounts leaves after the last day; `tells` is lower for them, `noise` is not, `flipped` is higher."""
    random = np.random.default_rng(8)
    gone = random.random(accounts) < 0.4
    end = START + WEEK * days
    keys = [(n, START + WEEK * k) for n in range(accounts) for k in range(days)]
    left = np.repeat(gone, days)
    level, noise = random.normal(size=accounts), random.normal(size=accounts)
    rows = pl.DataFrame(keys, schema=["account_id", "as_of"], orient="row").with_columns(
        left=pl.Series(left),
        left_on=pl.when(pl.Series(left)).then(pl.lit(end)),
        tells=pl.Series(np.repeat(level - 2 * gone, days)),
        flipped=pl.Series(np.repeat(level + 2 * gone, days)),
        noise=pl.Series(np.repeat(noise, days)),
        red=pl.Series(left),
    )
    numbers = [n for n in range(accounts) if gone[n]]
    departed = pl.DataFrame({"account_id": numbers}).with_columns(
        since=pl.lit(START), onset_on=pl.lit(end), left_on=pl.lit(end)
    )
    return rows.with_columns(hidden=pl.when(~pl.col("left")).then(pl.col("noise"))), departed


def test_measures_that_lead_are_told_from_those_that_do_not():
    rows, departed = replayed()
    names = ("tells", "flipped", "noise", "hidden")
    asked = [indicators.Measure(name, name.title(), "", more_is_better=True) for name in names]
    now = rows.with_columns(noise=pl.col("tells"))
    told = indicators.evidence(rows, departed, asked, values=rows.get_column, hindsight=now.get_column)
    found = {one["slug"]: one for one in told}
    assert found["tells"]["verdict"] == "leads"
    assert found["flipped"]["verdict"] == "backwards"
    assert found["noise"]["verdict"] in ("nothing", "unclear")
    assert found["noise"]["leaks"] == ["late"]
    assert found["tells"]["leaks"] == []
    assert found["hidden"]["leaks"] == ["missing"]
    assert found["hidden"]["verdict"] == "too_little"
    assert found["tells"]["lift"] > 1.8
    assert found["tells"]["lead"]["departures"] == departed.height
    told = indicators.theatre(list(found.values()), {"tells": 60.0, "flipped": 40.0})
    assert (told["weight"]["leads"], told["weight"]["backwards"], told["measures"]) == (
        60.0,
        40.0,
        ["flipped"],
    )


def test_whether_anybody_acted_on_red_is_counted_from_the_day_after():
    rows = weeks("gRRg", "RRRR", "gggg")
    acts = pl.DataFrame(
        [(0, START + WEEK + timedelta(days=14)), (1, START), (2, START + timedelta(days=1))],
        schema=["account_id", "day"],
        orient="row",
    )
    found = indicators.acted_on(rows, acts, within_days=14)
    assert (found["red"]["share"], found["red"]["rows"]) == (0.5, 2)
    assert found["calm"]["rows"] == 6
    assert found["calm"]["share"] == pytest.approx(1 / 6, abs=1e-6)
