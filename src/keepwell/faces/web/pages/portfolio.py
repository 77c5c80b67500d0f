"""What the portfolio says: findings first, each figure with the way to its accounts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import AgeMark, Option, Tab
from keepwell.faces.web.pages import portfolio_charts
from keepwell.faces.web.pages.portfolio_accounts import SPANS, MoverRow, asked, mover
from keepwell.health.queries.portfolio import Mover, OwnerView, Portfolio, Whose, Worth

PERIODS = ((1, "Week"), (4, "4 weeks"), (13, "Quarter"))
BANDS = ("green", "yellow", "red", "unknown")
CADENCE = (("kept", "Kept"), ("late", "Late"), ("unknown", "Cannot be told"))
KNOWN = (("well", "Well known"), ("partly", "Partly"), ("hardly", "Hardly"), ("unknown", "Not judged"))
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


@dataclass(frozen=True)
class OwnerRow:
    """One person's book beside the others'."""

    name: str
    href: str
    accounts: str
    arr: str
    at_risk: str
    share: float
    fell: str
    rose: str
    kept: str


@dataclass(frozen=True)
class SourceRow:
    """A source and how old its last word is."""

    name: str
    href: str
    age: AgeMark


@dataclass(frozen=True)
class PortfolioPage:
    """All of it; `is_empty` while nothing is computed or nobody is there."""

    title: str
    state: str
    action: str
    csv: str
    whose: tuple[Option, ...]
    segments: tuple[Option, ...]
    periods: tuple[Tab, ...]
    weeks: int
    span: str
    is_empty: bool = True
    charts: tuple[tuple[str, str], ...] = ()
    now: Matrix | None = None
    moves: Matrix | None = None
    fell: tuple[MoverRow, ...] = ()
    rose: tuple[MoverRow, ...] = ()
    renewals: Matrix | None = None
    cadence_said: str = ""
    cadence: Matrix | None = None
    known_said: str = ""
    known: Matrix | None = None
    sources: tuple[SourceRow, ...] = ()
    owners: tuple[OwnerRow, ...] = ()
    today: str = ""


def page(
    of: Whose,
    found: Portfolio | None,
    *,
    weeks: int,
    whose: Sequence[tuple[str, str]],
    segments: Sequence[tuple[str, str]],
    fell: Sequence[Mover] = (),
    rose: Sequence[Mover] = (),
    owners: Sequence[OwnerView] = (),
    sources: Sequence[SourceRow] = (),
    today: date,
) -> PortfolioPage:
    """The whole page."""
    here = reverse("portfolio")
    frame = PortfolioPage(
        title="Portfolio",
        state="",
        action=here,
        csv=f"{reverse('portfolio-csv')}?{asked(of, weeks)}",
        whose=_options(whose, of.slug, of.title),
        segments=(Option("", "Any segment", not of.segment), *_options(segments, of.segment, of.segment)),
        periods=tuple(Tab(title, f"{here}?{asked(of, span)}", span == weeks) for span, title in PERIODS),
        weeks=weeks,
        span=SPANS[weeks],
        today=words.day(today, today=today),
    )
    if found is None or not _total(found, found.as_of).accounts:
        return frame
    names = ("arr", "accounts", "flow", "renewals") if found.currency else ("accounts", "flow")
    return PortfolioPage(
        **{
            **vars(frame),
            "state": _state(found),
            "is_empty": False,
            "charts": tuple(
                (name, f"{reverse('portfolio-chart', args=(name,))}?{asked(of, weeks)}") for name in names
            ),
            "now": _now(of, found, weeks),
            "moves": _moves(of, found, weeks),
            "fell": tuple(mover(one, today=today) for one in fell),
            "rose": tuple(mover(one, today=today) for one in rose),
            "renewals": _renewals(of, found, weeks),
            "cadence_said": _cadence_said(found),
            "cadence": _states(
                of, found, found.cadence, CADENCE, "cadence", weeks, "Touchpoints against the rhythm"
            ),
            "known_said": _known_said(found),
            "known": _states(
                of, found, found.known, KNOWN, "known", weeks, "How much of what health asks is known"
            ),
            "sources": tuple(sources),
            "owners": tuple(_owner(of, one, found, weeks) for one in owners) if len(owners) > 1 else (),
        }
    )


def _options(told: Iterable[tuple[str, str]], chosen: str, title: str) -> tuple[Option, ...]:
    rows = tuple(Option(slug, name, slug == chosen) for slug, name in told)
    known = any(row.is_chosen for row in rows)
    return rows if known or not chosen else (*rows, Option(chosen, title, is_chosen=True))


def _total(found: Portfolio, day: date) -> Worth:
    return sum((found.bands.get((day, band), Worth()) for band in BANDS), Worth())


def _said(found: Portfolio, worth: Worth) -> str:
    return words.short_money(found.money(worth)) if found.currency else words.count(worth.accounts, "account")


def _state(found: Portfolio) -> str:
    risk, before = (found.bands.get((day, "red"), Worth()) for day in (found.as_of, found.began(13)))
    total = _total(found, found.as_of)
    text = f"{words.count(risk.accounts, 'account')} of {total.accounts:,} at risk"
    if found.currency:
        moved = risk.cents - before.cents
        way = (
            "as much as"
            if not moved
            else f"{words.short_money(found.money(Worth(0, abs(moved))))} {'more' if moved > 0 else 'less'} than"
        )
        text += f", with {_said(found, risk)} of {_said(found, total)} ARR: {way} a quarter ago"
    if total.unpriced:
        text += f". Of {words.count(total.unpriced, 'account')} the ARR is not known"
    return f"{text}."


def _heat(count: int, most: int) -> str:
    return "0" if not count else str(min(HEAT_STEPS, 1 + count * HEAT_STEPS // (most + 1)))


def _cell(found: Portfolio, worth: Worth, href: str, most: int, tone: str = "") -> Cell:
    arr = _said(found, worth) if found.currency and worth.cents else ""
    return Cell(f"{worth.accounts:,}", arr, href if worth.accounts else "", _heat(worth.accounts, most), tone)


def _list(of: Whose, weeks: int, **more: object) -> str:
    return f"{reverse('portfolio-accounts')}?{asked(of, weeks, **more)}"


def _named(bands: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((band, "Not there" if band == NONE else "") for band in bands)


def _now(of: Whose, found: Portfolio, weeks: int) -> Matrix:
    days = [found.began(13), found.began(4), found.began(1), found.as_of]
    most = max((found.bands.get((day, band), Worth()).accounts for day in days for band in BANDS), default=0)
    rows = tuple(
        MatrixRow(
            words.day(day, today=found.as_of) if day != found.as_of else "Now",
            "",
            tuple(
                _cell(
                    found,
                    found.bands.get((day, band), Worth()),
                    _list(of, weeks, band=band, **({} if day == found.as_of else {"day": day.isoformat()})),
                    most,
                )
                for band in BANDS
            ),
        )
        for day in dict.fromkeys(days)
    )
    return Matrix("Accounts and ARR by band", "On", _named(BANDS), rows)


def _moves(of: Whose, found: Portfolio, weeks: int) -> Matrix:
    began, bands = found.began(weeks), (*BANDS, NONE)
    told = {(a, b): worth for (day, a, b), worth in found.moves.items() if day == began}
    most = max((worth.accounts for (a, b), worth in told.items() if a != b), default=0)
    order = {"red": 0, "yellow": 1, "green": 2}

    def cell(a: str, b: str) -> Cell:
        worth = told.get((a, b), Worth())
        if a == b:
            return Cell(
                f"{worth.accounts:,}", "", _list(of, weeks, before=a, band=b) if worth.accounts else "", "0"
            )
        moves = a in order and b in order and worth.accounts
        tone = "" if not moves else "bad" if order[b] < order[a] else "good"
        return _cell(found, worth, _list(of, weeks, before=a, band=b), most, tone)

    rows = tuple(
        MatrixRow("" if a != NONE else "Not there", a, tuple(cell(a, b) for b in bands)) for a in bands
    )
    return Matrix(
        f"Accounts by band on {words.day(began, today=found.as_of)} and now", "From", _named(bands), rows
    )


def _renewals(of: Whose, found: Portfolio, weeks: int) -> Matrix:
    told = found.renewals
    quarters = portfolio_charts.quarters(found)
    most = max(
        (told.get((quarter, band), Worth()).accounts for quarter in quarters for band in BANDS), default=0
    )
    rows = [
        MatrixRow(
            portfolio_charts.quarter(quarter),
            "",
            tuple(
                _cell(
                    found,
                    told.get((quarter, band), Worth()),
                    _list(of, weeks, band=band, quarter=quarter.isoformat()),
                    most,
                    "bad" if band == "red" and told.get((quarter, band), Worth()).accounts else "",
                )
                for band in BANDS
            ),
        )
        for quarter in quarters
    ]
    open_ended = tuple(
        _cell(found, told.get((None, band), Worth()), _list(of, weeks, band=band, unrenewed=1), most)
        for band in BANDS
    )
    rows.append(MatrixRow("No date", "", open_ended))
    return Matrix("Accounts and ARR by quarter of renewal and band", "Renews in", _named(BANDS), tuple(rows))


def _states(
    of: Whose,
    found: Portfolio,
    told: Mapping[tuple[str, str], Worth],
    states: Sequence[tuple[str, str]],
    name: str,
    weeks: int,
    caption: str,
) -> Matrix:
    most = max((worth.accounts for worth in told.values()), default=0)
    rows = tuple(
        MatrixRow(
            title,
            "",
            tuple(
                _cell(
                    found,
                    told.get((state, band), Worth()),
                    _list(of, weeks, band=band, **{name: state}),
                    most,
                )
                for band in BANDS
            ),
        )
        for state, title in states
    )
    return Matrix(caption, "", _named(BANDS), rows)


def _sum(told: Mapping[tuple[str, str], Worth], state: str) -> int:
    return sum(worth.accounts for (said, _), worth in told.items() if said == state)


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}\N{NO-BREAK SPACE}%"


def _cadence_said(found: Portfolio) -> str:
    kept, late, unknown = (_sum(found.cadence, state) for state, _ in CADENCE)
    if not kept + late:
        return "Cadence cannot be told: no touchpoint is recorded"
    text = f"Cadence kept with {_share(kept, kept + late)} of {words.count(kept + late, 'account')}"
    return f"{text}; of {unknown:,} it cannot be told" if unknown else text


def _known_said(found: Portfolio) -> str:
    well, total = _sum(found.known, "well"), _total(found, found.as_of).accounts
    return f"Health is well known of {_share(well, total)} of the accounts"


def _owner(of: Whose, one: OwnerView, found: Portfolio, weeks: int) -> OwnerRow:
    share = 100 * one.at_risk.cents / one.present.cents if one.present.cents else 0.0
    told = one.kept + one.late
    whose = Whose(f"owner:{one.user_id}", one.name, None, of.segment)
    return OwnerRow(
        one.name,
        f"{reverse('portfolio')}?{asked(whose, weeks)}",
        f"{one.present.accounts:,}",
        _said(found, one.present) if found.currency else "–",
        _said(found, one.at_risk),
        share,
        f"{one.fell:,}",
        f"{one.rose:,}",
        _share(one.kept, told) if told else "–",
    )
