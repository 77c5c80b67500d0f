"""What the portfolio says: findings first, each figure with the way to its accounts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import AgeMark, Option, Tab
from keepwell.faces.web.pages import portfolio_matrices as matrices
from keepwell.faces.web.pages.portfolio_accounts import SPANS, MoverRow, asked, mover, way
from keepwell.health.queries.books import OwnerView
from keepwell.health.queries.portfolio import Mover, Portfolio, Whose, Worth
from keepwell.kernel import speech

PERIODS = ((1, speech.later("Week")), (4, speech.later("4 weeks")), (13, speech.later("Quarter")))
CADENCE = (
    ("kept", speech.later("Kept")),
    ("late", speech.later("Broken")),
    ("unknown", speech.later("Cannot be told")),
    ("unasked", speech.later("Nothing is asked")),
)
KNOWN = (
    ("well", speech.later("Well known")),
    ("partly", speech.later("Partly")),
    ("hardly", speech.later("Hardly")),
    ("unknown", speech.later("Not judged")),
)


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
    now: matrices.Matrix | None = None
    moves: matrices.Matrix | None = None
    fell: tuple[MoverRow, ...] = ()
    rose: tuple[MoverRow, ...] = ()
    renewals: matrices.Matrix | None = None
    cadence_said: str = ""
    cadence: matrices.Matrix | None = None
    known_said: str = ""
    known: matrices.Matrix | None = None
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
        title=speech.told("Portfolio"),
        state="",
        action=here,
        csv=f"{reverse('portfolio-csv')}?{asked(of, weeks)}",
        whose=_options(whose, of.slug, of.title),
        segments=(
            Option("", speech.told("Any segment"), not of.segment),
            *_options(segments, of.segment, of.segment),
        ),
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
            "now": matrices.now(of, found, weeks),
            "moves": matrices.moves(of, found, weeks),
            "fell": tuple(mover(one, today=today) for one in fell),
            "rose": tuple(mover(one, today=today) for one in rose),
            "renewals": matrices.renewals(of, found, weeks),
            "cadence_said": _cadence_said(found),
            "cadence": _states(
                of,
                found,
                found.cadence,
                CADENCE,
                "cadence",
                weeks,
                speech.told("Touchpoints against the rhythm"),
                speech.told("Last touch"),
            ),
            "known_said": _known_said(found),
            "known": _states(
                of,
                found,
                found.known,
                KNOWN,
                "known",
                weeks,
                speech.told("How much of what health asks is known"),
                speech.told("Known"),
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
    return sum((found.bands.get((day, band), Worth()) for band in matrices.BANDS), Worth())


def _state(found: Portfolio) -> str:
    risk, before = (found.bands.get((day, "red"), Worth()) for day in (found.as_of, found.began(13)))
    total = _total(found, found.as_of)
    text = speech.told(
        "%(accounts)s of %(accounts2)s at risk",
        accounts=words.count(risk.accounts, "account"),
        accounts2=words.whole(total.accounts),
    )
    if found.currency:
        moved = risk.cents - before.cents
        way = (
            speech.told("as much as")
            if not moved
            else speech.told(
                "%(worth)s more than" if moved > 0 else "%(worth)s less than",
                worth=words.short_money(found.money(Worth(0, abs(moved)))),
            )
        )
        text += speech.told(
            ", with %(said)s of %(said2)s ARR: %(way)s a quarter ago",
            said=matrices.money_said(found, risk),
            said2=matrices.money_said(found, total),
            way=way,
        )
    if total.unpriced:
        text += speech.told(
            ". Of %(accounts)s the ARR is not known", accounts=words.count(total.unpriced, "account")
        )
    return f"{text}."


def _states(
    of: Whose,
    found: Portfolio,
    told: Mapping[tuple[str, str], Worth],
    states: Sequence[tuple[str, str]],
    name: str,
    weeks: int,
    caption: str,
    corner: str,
) -> matrices.Matrix:
    most = max((worth.accounts for worth in told.values()), default=0)
    rows = tuple(
        matrices.MatrixRow(
            title,
            "",
            tuple(
                matrices.one_cell(
                    found,
                    told.get((state, band), Worth()),
                    way(of, weeks, band=band, **{name: state}),
                    most,
                )
                for band in matrices.BANDS
            ),
        )
        for state, title in states
    )
    return matrices.Matrix(caption, corner, matrices.named(matrices.BANDS), rows)


def _sum(told: Mapping[tuple[str, str], Worth], state: str) -> int:
    return sum(worth.accounts for (said, _), worth in told.items() if said == state)


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}\N{NO-BREAK SPACE}%"


def _cadence_said(found: Portfolio) -> str:
    kept, late, unknown = (_sum(found.cadence, state) for state in ("kept", "late", "unknown"))
    if not kept + late:
        return speech.told("Cadence cannot be told: no touchpoint is recorded")
    text = speech.told(
        "Cadence kept with %(share)s of %(accounts)s",
        share=_share(kept, kept + late),
        accounts=words.count(kept + late, "account"),
    )
    return (
        speech.told("%(said)s; of %(unknown)s it cannot be told", said=text, unknown=words.whole(unknown))
        if unknown
        else text
    )


def _known_said(found: Portfolio) -> str:
    well, total = _sum(found.known, "well"), _total(found, found.as_of).accounts
    return speech.told("Health is well known of %(share)s of the accounts", share=_share(well, total))


def _owner(of: Whose, one: OwnerView, found: Portfolio, weeks: int) -> OwnerRow:
    share = 100 * one.at_risk.cents / one.present.cents if one.present.cents else 0.0
    told = one.kept + one.late
    whose = Whose(f"owner:{one.user_id}", one.name, None, of.segment)
    return OwnerRow(
        one.name,
        f"{reverse('portfolio')}?{asked(whose, weeks)}",
        words.whole(one.present.accounts),
        matrices.money_said(found, one.present) if found.currency else "–",
        matrices.money_said(found, one.at_risk),
        share,
        words.whole(one.fell),
        words.whole(one.rose),
        _share(one.kept, told) if told else "–",
    )
