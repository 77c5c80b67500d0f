"""The charts of the portfolio, over its stored figures; each mark opens into its accounts."""

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from keepwell.charts.band_flow import ORDER as FLOWS
from keepwell.charts.band_flow import BandFlow
from keepwell.charts.band_history import ORDER, BandHistory
from keepwell.charts.chart import Picture
from keepwell.charts.render import picture
from keepwell.charts.renewal_quarters import RenewalQuarters
from keepwell.health.queries.portfolio import Portfolio, Worth
from keepwell.kernel import speech
from keepwell.kernel.calendars import FiscalYear

QUARTERS, LAST = 6, 2


Way = Callable[..., str]


def chart(name: str, found: Portfolio, *, weeks: int, way: Way) -> Picture | None:
    """One of the declared charts over these figures; `way` gives the address of the accounts of a figure."""
    match name:
        case "arr" | "accounts":
            frame = _history(found, is_money=name == "arr")
            drawn = picture(BandHistory(found.currency if name == "arr" else ""), frame)
            return by_day(drawn, frame["day"].to_list(), way)
        case "flow":
            began = found.began(weeks)
            ways = [(a, b, worth.accounts) for (day, a, b), worth in found.moves.items() if day == began]
            frame = pl.DataFrame(
                ways, schema={"before": pl.String, "now": pl.String, "accounts": pl.Int64}, orient="row"
            )
            if frame.is_empty():
                return None
            told = [(before, now) for before, now, _ in sorted(ways, key=_place)]
            return picture(BandFlow(began), frame).opening(
                lambda row, column: way(before=told[row][0], band=told[row][1]) if column == LAST else ""
            )
        case _:
            starts = found.fiscal_year.begin(found.as_of, count=QUARTERS)
            rows = [
                {"place": place, "quarter": quarter(day, found.fiscal_year)}
                | {band: found.renewals.get((day, band), Worth()).cents / 100 for band in ORDER}
                for place, day in enumerate(starts)
            ]
            return picture(RenewalQuarters(found.currency), pl.DataFrame(rows)).opening(
                lambda row, column: (
                    way(quarter=starts[row].isoformat(), band=ORDER[column - 1]) if column else ""
                )
            )


def by_day(drawn: Picture, days: Sequence[date], way: Way) -> Picture:
    """Bands over time, of which each day's open into who was in the band then."""
    newest_first = sorted(days, reverse=True)
    return drawn.opening(
        lambda row, column: way(day=newest_first[row].isoformat(), band=ORDER[column - 1]) if column else ""
    )


def _place(told: tuple[str, str, int]) -> tuple[int, int]:
    return FLOWS.index(told[0]), FLOWS.index(told[1])


def _history(found: Portfolio, *, is_money: bool) -> pl.DataFrame:
    def said(worth: Worth) -> float:
        return worth.cents / 100 if is_money else float(worth.accounts)

    days = [day for day in found.days if any((day, band) in found.bands for band in ORDER)]
    return pl.DataFrame(
        {
            "day": days,
            **{band: [said(found.bands.get((day, band), Worth())) for day in days] for band in ORDER},
        }
    )


def quarter(day: date, of: FiscalYear) -> str:
    """A quarter as "2026 Q3", or "FY27 Q3" where the year is not the calendar's."""
    year, number = of.quarter(day)
    if of.first_month == 1:
        return speech.told("%(year)s Q%(month)s", year=year, month=number)
    return speech.told("FY%(year)s Q%(number)s", year=f"{year % 100:02}", number=number)
