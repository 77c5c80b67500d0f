"""Every chart that Keepwell declares, each with an example that the gallery draws and the tests check."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from keepwell.charts.arr_history import ArrHistory
from keepwell.charts.arrivals_history import ArrivalsHistory
from keepwell.charts.band_flow import BandFlow
from keepwell.charts.band_history import BandHistory
from keepwell.charts.chart import Chart
from keepwell.charts.deck_bars import DeckBars
from keepwell.charts.deck_lines import DeckLines
from keepwell.charts.lead_curve import LeadCurve
from keepwell.charts.median_history import MedianHistory
from keepwell.charts.member_history import MemberHistory
from keepwell.charts.part_history import PartHistory
from keepwell.charts.phase_flow import PhaseFlow
from keepwell.charts.pm_load import PmLoad
from keepwell.charts.reliability import Reliability
from keepwell.charts.renewal_quarters import RenewalQuarters
from keepwell.charts.score_history import ScoreHistory
from keepwell.charts.usage_history import UsageHistory
from keepwell.charts.value_spread import ValueSpread
from keepwell.charts.waterfall import Waterfall
from keepwell.charts.whiskers import Whiskers

FIRST = date(2026, 5, 10)
SCORES = (78, 79, 76, 77, 74, 71, None, None, 66, 61, 58, 52, 47, 41, 38, 36)
PEOPLE = (31, 33, 30, 29, 30, 27, 26, 24, 22, 21, 17, 14, 12, 11, 8, 6)


@dataclass(frozen=True)
class Declared:
    """A chart and a frame to show it with."""

    chart: Chart
    example: Callable[[], pl.DataFrame]


def _weeks() -> list[date]:
    return [FIRST + timedelta(weeks=week) for week in range(len(SCORES))]


def _band(points: int | None) -> str:
    return "unknown" if points is None else "green" if points >= 70 else "yellow" if points >= 45 else "red"


def _scores() -> pl.DataFrame:
    known = [100 if points is not None and points > 60 else 40 if points is None else 80 for points in SCORES]
    middle = [50 if points is None else points for points in SCORES]
    return pl.DataFrame(
        {
            "as_of": _weeks(),
            "points": [None if points is None else float(points) for points in SCORES],
            "band": [_band(points) for points in SCORES],
            "low": [m * k / 100 for m, k in zip(middle, known, strict=True)],
            "high": [m * k / 100 + 100.0 - k for m, k in zip(middle, known, strict=True)],
            "known_weight": [float(k) for k in known],
            "parts": ["" if points is None else f"Active people {points // 2}, NPS −25" for points in SCORES],
            "mark": ["Override: Watch, says Ada" if week == 9 else "" for week in range(len(SCORES))],
        }
    )


def _part() -> pl.DataFrame:
    values = [None if week in (6, 7) else float(people) for week, people in enumerate(PEOPLE)]
    return pl.DataFrame({"as_of": _weeks(), "value": values})


def _usage() -> pl.DataFrame:
    return pl.DataFrame({"week": _weeks(), "count": [people * 37 for people in PEOPLE]})


def _arr() -> pl.DataFrame:
    steps = ((0, "new", 40_000.0), (7, "expansion", 20_000.0), (12, "contraction", -12_000.0))
    frame = pl.DataFrame(
        {
            "day": [FIRST + timedelta(weeks=week) for week, _, _ in steps],
            "kind": [kind for _, kind, _ in steps],
            "amount": [amount for _, _, amount in steps],
        }
    )
    return frame.with_columns(arr=pl.col("amount").cum_sum())


def _causes() -> pl.DataFrame:
    labels = ["", "Active people fell from 31 to 12", "NPS became unknown", "Override"]
    return pl.DataFrame({"place": range(4), "label": labels, "change": [78.0, -30.0, -8.0, 20.0]})


def _members() -> pl.DataFrame:
    members = [41, 40, 44, 46, 45, 49, 52, 51, 55, 58, 57, 61, 66, 64, 69, 72]
    return pl.DataFrame({"day": _weeks(), "members": members, "unknown": [9] * 6 + [4] * 10})


def _arrivals() -> pl.DataFrame:
    days = [FIRST + timedelta(days=day) for day in range(28)]
    events = [(30 if day.weekday() > 4 else 400) + day.day for day in days]
    events[9], events[-1] = 0, 1200
    judged = [day >= 7 for day in range(28)]
    usual = [(10, 70) if day.weekday() > 4 else (330, 510) for day in days]
    held = [
        "unjudged" if not j else "usual" if low <= count <= high else "low" if count < low else "high"
        for j, count, (low, high) in zip(judged, events, usual, strict=True)
    ]
    return pl.DataFrame(
        {
            "day": days,
            "events": events,
            "low": [low if j else None for j, (low, _) in zip(judged, usual, strict=True)],
            "high": [high if j else None for j, (_, high) in zip(judged, usual, strict=True)],
            "verdict": held,
        }
    )


def _areas() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "place": [0, 1, 2],
            "label": ["SaaS health, version 4", "Silence alone", "Revenue alone"],
            "value": [0.81, 0.74, None],
            "low": [0.76, 0.7, None],
            "high": [0.85, 0.79, None],
            "kind": ["own", "rival", "rival"],
        }
    )


def _leads() -> pl.DataFrame:
    days = [0, 15, 30, 45, 60, 75, 90, 120, 150, 180]
    return pl.DataFrame({"days": days, "share": [0.7 - day / 300 for day in days]})


def _bins() -> pl.DataFrame:
    foretold = [0.01, 0.03, 0.06, 0.1, 0.18, 0.31]
    came = [0.0, 0.04, 0.05, 0.12, 0.16, 0.35]
    return pl.DataFrame({"foretold": foretold, "came": came, "rows": [240] * 6})


def _values() -> pl.DataFrame:
    counts = [3, 9, 14, 22, 31, 28, 17, 12, 6, 4, 2, 5]
    lows = [float(place * 4) for place in range(len(counts))]
    return pl.DataFrame({"low": lows, "high": [low + 4 for low in lows], "count": counts})


def _deck() -> pl.DataFrame:
    values = [float(people) for people in PEOPLE]
    labels = [f"{day:%-d %b}" for day in _weeks()]
    return pl.DataFrame(
        {"place": range(len(values)), "label": labels, "series": ["People"] * 16, "value": values}
    )


def _features() -> pl.DataFrame:
    names, values = ["Exports", "Reports", "Alerts"], [61.0, 55.0, None]
    return pl.DataFrame({"place": range(3), "label": names, "series": ["People"] * 3, "value": values})


def _medians() -> pl.DataFrame:
    middle = [None if points is None else float(points) for points in SCORES]
    return pl.DataFrame(
        {
            "as_of": _weeks(),
            "lower": [None if value is None else value - 9 for value in middle],
            "median": middle,
            "upper": [None if value is None else value + 6 for value in middle],
            "known": [0 if value is None else 180 for value in middle],
        }
    )


def _by_band(worth: int) -> Callable[[], pl.DataFrame]:
    def frame() -> pl.DataFrame:
        red = [4 + week // 3 for week in range(len(SCORES))]
        told = {
            "red": red,
            "yellow": [9, 8] * 8,
            "green": [40 + week for week in range(16)],
            "unknown": [3] * 16,
        }
        return pl.DataFrame({"day": _weeks(), **{band: [n * worth for n in ns] for band, ns in told.items()}})

    return frame


def _flows() -> pl.DataFrame:
    ways = [
        ("green", "green", 38), ("green", "yellow", 5), ("green", "red", 2), ("yellow", "green", 3), ("yellow", "red", 4),
        ("red", "red", 3), ("red", "none", 1), ("none", "unknown", 2), ("unknown", "green", 1),
    ]  # fmt: skip
    return pl.DataFrame(ways, schema=["before", "now", "accounts"], orient="row")


def _phases() -> pl.DataFrame:
    names = ["Onboarding", "Adoption", "Growth", "Renewal"]
    told = {
        "now": [8, 36, 127, 81],
        "entered": [8, 11, 20, 31],
        "left": [6, 9, 12, 18],
        "stalled": [2, 5, 0, 3],
    }
    return pl.DataFrame({"place": range(4), "phase": names, **told})


def _quarters() -> pl.DataFrame:
    names = ["2026 Q3", "2026 Q4", "2027 Q1", "later"]
    told = {
        "red": [48e3, 12e3, 0.0, 9e3],
        "yellow": [20e3, 31e3, 8e3, 0.0],
        "green": [90e3, 140e3, 75e3, 210e3],
    }
    return pl.DataFrame({"place": range(4), "quarter": names, **told, "unknown": [0.0, 5e3, 0.0, 0.0]})


def _reaching() -> pl.DataFrame:
    told = (22, 25, 24, 19, 12, 7, 6, 6)
    return pl.DataFrame(
        {
            "week": [FIRST + timedelta(weeks=week) for week in range(len(told))],
            "reached": told,
            "is_before": [week < 3 for week in range(len(told))],
        }
    )


CHARTS: dict[str, Declared] = {
    declared.chart.slug: declared
    for declared in (
        Declared(ScoreHistory(watch_from=45, healthy_from=70), _scores),
        Declared(PartHistory("Active people", "people"), _part),
        Declared(UsageHistory("events"), _usage),
        Declared(PmLoad(), _reaching),
        Declared(ArrHistory("USD", FIRST + timedelta(weeks=len(SCORES))), _arr),
        Declared(ArrivalsHistory(), _arrivals),
        Declared(Whiskers("AUC 0.81: surely better than silence alone", "AUC", line=0.5, least=0.3), _areas),
        Declared(LeadCurve(40), _leads),
        Declared(Reliability(), _bins),
        Declared(MemberHistory(), _members),
        Declared(ValueSpread("people", 11, 18, 26, green=(True, 20), red=(False, 8)), _values),
        Declared(MedianHistory("people"), _medians),
        Declared(BandHistory("USD"), _by_band(12_000)),
        Declared(BandHistory(), _by_band(1)),
        Declared(BandFlow(FIRST), _flows),
        Declared(PhaseFlow(), _phases),
        Declared(RenewalQuarters("USD"), _quarters),
        Declared(Waterfall("Health fell by 18", "Points", "1 Jun, as shown", "29 Jun"), _causes),
        Declared(DeckLines("People active in a week"), _deck),
        Declared(DeckBars("People by feature"), _features),
    )
}
