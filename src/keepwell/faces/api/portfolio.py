"""The portfolio over the REST API: the same figures as the page, and the accounts behind each."""

from datetime import date
from typing import Annotated, Literal

from ninja import Query, Router, Schema

from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.health.queries import books, portfolio
from keepwell.health.queries.portfolio import Whose

router = Router()
Of = Annotated[str, Query(description="Whose accounts: mine, all, team:NUMBER or owner:NUMBER.")]
Segment = Annotated[str, Query(description="Only the members of this segment.")]


class FigureOut(Schema):
    """So many accounts in a figure, and what they are worth in the reporting currency.

    `figure`: band (`to` on the `day`), move (from a band on the `day` to one now), renewal (`day` begins the quarter,
    null: no date), cadence and known (`from` is the state, `to` the band). Band "none": not there then, or not any more.
    """

    figure: Literal["band", "move", "renewal", "cadence", "known"]
    day: date | None
    before: str
    to: str
    accounts: int
    arr: str
    arr_unknown: int


class PortfolioOut(Schema):
    """The figures of some accounts as of a day; `as_of` null: nothing is computed yet."""

    of: str
    title: str
    as_of: date | None
    currency: str
    figures: list[FigureOut]


class PortfolioOwnerOut(Schema):
    """One person's book: what it is worth, what of it is at risk, how many fell and rose, with how many cadence was kept."""

    owner: str
    accounts: int
    at_risk: int
    fell: int
    rose: int
    kept: int
    late: int


class PortfolioAccountOut(Schema):
    """An account of a figure; `before` is its band so many weeks ago."""

    key: str
    name: str
    before: str
    band: str
    points: float | None
    change: float | None
    arr: MoneyOut | None
    renews: date | None


class PortfolioAccountPage(Schema):
    """Some accounts of a figure, the largest ARR first; `total` counts all."""

    items: list[PortfolioAccountOut]
    total: int


def _whose(request: Asked, of: str, segment: str) -> Whose:
    usual = portfolio.ALL if request.auth.everything else portfolio.MINE
    return portfolio.whose(of or usual, seen_by=request.auth, segment=segment)


@router.get("", response={200: PortfolioOut, 401: Problem, 404: Problem, 422: Problem})
def show_portfolio(request: Asked, of: Of = "", segment: Segment = "") -> PortfolioOut:
    """Every figure of the portfolio, a row each."""
    whose = _whose(request, of, segment)
    found = portfolio.figures(whose)
    names = ("figure", "day", "before", "to", "accounts", "arr", "arr_unknown")
    rows = () if found is None else portfolio.told(found)
    figures = [
        FigureOut(**(dict(zip(names, row[:7], strict=True)) | {"day": row[1] or None})) for row in rows
    ]
    return PortfolioOut(
        of=whose.slug,
        title=whose.title,
        as_of=found.as_of if found else None,
        currency=found.currency if found else "",
        figures=figures,
    )


@router.get("/owners", response={200: list[PortfolioOwnerOut], 401: Problem, 404: Problem, 422: Problem})
def list_portfolio_owners(request: Asked, of: Of = "", weeks: int = 4) -> list[PortfolioOwnerOut]:
    """Owners side by side, the largest book first."""
    return [
        PortfolioOwnerOut(
            owner=one.name,
            accounts=one.present.accounts,
            at_risk=one.at_risk.accounts,
            fell=one.fell,
            rose=one.rose,
            kept=one.kept,
            late=one.late,
        )
        for one in books.owners(_whose(request, of, ""), weeks=weeks)
    ]


@router.get("/accounts", response={200: PortfolioAccountPage, 401: Problem, 404: Problem, 422: Problem})
def list_portfolio_accounts(
    request: Asked,
    of: Of = "",
    segment: Segment = "",
    band: str = "",
    day: date | None = None,
    before: str = "",
    weeks: int = 4,
    quarter: date | None = None,
    unrenewed: bool = False,
    cadence: str = "",
    known: str = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> PortfolioAccountPage:
    """The accounts behind a figure."""
    asked = portfolio.Asked(band, day, before, weeks, quarter, unrenewed, cadence, known)
    meant = _whose(request, of, segment)
    rows = portfolio.listed(meant, asked, limit=limit, after=offset)
    return PortfolioAccountPage(
        items=[PortfolioAccountOut.from_orm(row) for row in rows], total=portfolio.counted(meant, asked)
    )
