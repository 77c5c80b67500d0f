"""The matrices of the portfolio: bands, moves between bands, renewals, as accounts and money."""

from collections.abc import Iterable
from dataclasses import dataclass

from keepwell.faces.components import words
from keepwell.faces.web.pages import portfolio_charts
from keepwell.faces.web.pages.portfolio_accounts import way
from keepwell.health.queries.portfolio import Portfolio, Whose, Worth
from keepwell.kernel import speech

BANDS = ("green", "yellow", "red", "unknown")


NONE = "none"


HEAT_STEPS = 4


@dataclass(frozen=True)
class Cell:
    """A figure in a matrix: how many, what they are worth, the way to them, how strong it is."""

    count: str
    arr: str
    href: str
    heat: str
    tone: str = ""


@dataclass(frozen=True)
class MatrixRow:
    """A row of a matrix."""

    title: str
    band: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """A table whose every figure opens."""

    caption: str
    corner: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[MatrixRow, ...]


def money_said(found: Portfolio, worth: Worth) -> str:
    """A sum in the currency of the portfolio."""
    return words.short_money(found.money(worth)) if found.currency else words.count(worth.accounts, "account")


def _heat(count: int, most: int) -> str:
    return "0" if not count else str(min(HEAT_STEPS, 1 + count * HEAT_STEPS // (most + 1)))


def one_cell(found: Portfolio, worth: Worth, href: str, most: int, tone: str = "") -> Cell:
    """How many, and how much, with a heat."""
    arr = money_said(found, worth) if found.currency and worth.cents else ""
    return Cell(
        words.whole(worth.accounts), arr, href if worth.accounts else "", _heat(worth.accounts, most), tone
    )


def named(bands: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Bands as heads of columns."""
    return tuple((band, speech.told("Not there") if band == NONE else "") for band in bands)


def now(of: Whose, found: Portfolio, weeks: int) -> Matrix:
    """Bands on some days."""
    days = [found.began(13), found.began(4), found.began(1), found.as_of]
    most = max((found.bands.get((day, band), Worth()).accounts for day in days for band in BANDS), default=0)
    rows = tuple(
        MatrixRow(
            words.day(day, today=found.as_of) if day != found.as_of else speech.told("Now"),
            "",
            tuple(
                one_cell(
                    found,
                    found.bands.get((day, band), Worth()),
                    way(of, weeks, band=band, **({} if day == found.as_of else {"day": day.isoformat()})),
                    most,
                )
                for band in BANDS
            ),
        )
        for day in dict.fromkeys(days)
    )
    return Matrix(speech.told("Accounts and ARR by band"), speech.told("On"), named(BANDS), rows)


def moves(of: Whose, found: Portfolio, weeks: int) -> Matrix:
    """Who moved from which band into which."""
    began, bands = found.began(weeks), (*BANDS, NONE)
    told = {(a, b): worth for (day, a, b), worth in found.moves.items() if day == began}
    most = max((worth.accounts for (a, b), worth in told.items() if a != b), default=0)
    order = {"red": 0, "yellow": 1, "green": 2}

    def cell(a: str, b: str) -> Cell:
        worth = told.get((a, b), Worth())
        if a == b:
            return Cell(
                words.whole(worth.accounts),
                "",
                way(of, weeks, before=a, band=b) if worth.accounts else "",
                "0",
            )
        moves = a in order and b in order and worth.accounts
        tone = "" if not moves else "bad" if order[b] < order[a] else "good"
        return one_cell(found, worth, way(of, weeks, before=a, band=b), most, tone)

    rows = tuple(
        MatrixRow("" if a != NONE else speech.told("Not there"), a, tuple(cell(a, b) for b in bands))
        for a in bands
    )
    return Matrix(
        speech.told("Accounts by band on %(began)s and now", began=words.day(began, today=found.as_of)),
        speech.told("From"),
        named(bands),
        rows,
    )


def renewals(of: Whose, found: Portfolio, weeks: int) -> Matrix:
    """What renews when."""
    told = found.renewals
    quarters = found.fiscal_year.begin(found.as_of, count=portfolio_charts.QUARTERS)
    most = max(
        (told.get((quarter, band), Worth()).accounts for quarter in quarters for band in BANDS), default=0
    )
    rows = [
        MatrixRow(
            portfolio_charts.quarter(quarter, found.fiscal_year),
            "",
            tuple(
                one_cell(
                    found,
                    told.get((quarter, band), Worth()),
                    way(of, weeks, band=band, quarter=quarter.isoformat()),
                    most,
                    "bad" if band == "red" and told.get((quarter, band), Worth()).accounts else "",
                )
                for band in BANDS
            ),
        )
        for quarter in quarters
    ]
    open_ended = tuple(
        one_cell(found, told.get((None, band), Worth()), way(of, weeks, band=band, unrenewed=1), most)
        for band in BANDS
    )
    rows.append(MatrixRow(speech.told("No date"), "", open_ended))
    return Matrix(
        speech.told("Accounts and ARR by quarter of renewal and band"),
        speech.told("Renews in"),
        named(BANDS),
        tuple(rows),
    )
