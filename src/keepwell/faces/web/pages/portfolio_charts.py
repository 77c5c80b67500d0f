"""The charts of the portfolio, over its stored figures."""

from datetime import date, timedelta

import polars as pl

from keepwell.charts.band_flow import BandFlow
from keepwell.charts.band_history import ORDER, BandHistory
from keepwell.charts.chart import Picture
from keepwell.charts.render import picture
from keepwell.charts.renewal_quarters import RenewalQuarters
from keepwell.health.queries.portfolio import Portfolio, Worth

QUARTERS = 6


def chart(name: str, found: Portfolio, *, weeks: int) -> Picture | None:
    """One of the declared charts over these figures."""
    match name:
        case "arr" | "accounts":
            return picture(
                BandHistory(found.currency if name == "arr" else ""), _history(found, is_money=name == "arr")
            )
        case "flow":
            began = found.began(weeks)
            ways = [(a, b, worth.accounts) for (day, a, b), worth in found.moves.items() if day == began]
            frame = pl.DataFrame(
                ways, schema={"before": pl.String, "now": pl.String, "accounts": pl.Int64}, orient="row"
            )
            return None if frame.is_empty() else picture(BandFlow(began), frame)
        case _:
            rows = [
                {"place": place, "quarter": quarter(day)}
                | {band: found.renewals.get((day, band), Worth()).cents / 100 for band in ORDER}
                for place, day in enumerate(quarters(found))
            ]
            return picture(RenewalQuarters(found.currency), pl.DataFrame(rows))


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


def quarters(found: Portfolio) -> list[date]:
    """The first days of the quarters that are told, this one first."""
    first = found.as_of.replace(month=3 * ((found.as_of.month - 1) // 3) + 1, day=1)
    found_days = [first]
    for _ in range(QUARTERS - 1):
        found_days.append((found_days[-1] + timedelta(days=93)).replace(day=1))
    return found_days


def quarter(day: date) -> str:
    """A quarter as "2026 Q3"."""
    return f"{day.year} Q{(day.month + 2) // 3}"
