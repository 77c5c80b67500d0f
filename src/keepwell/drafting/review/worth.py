"""What outcomes were worth: confirmed by whom, or only counted; and how that went over the quarters."""

from collections.abc import Sequence
from datetime import date

from keepwell.drafting import value_words
from keepwell.drafting.slides.deck import Graph, Grid, Receipt, Series, Slide, Stat
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.outcomes.formulas import ranges
from keepwell.outcomes.formulas.ranges import Range
from keepwell.outcomes.quarters import Quarter
from keepwell.outcomes.queries.briefs import Brief
from keepwell.outcomes.queries.shared_value import SharedModel, SharedStatement

QUARTERS = 4
Pair = tuple[SharedModel, SharedStatement]


def told(brief: Brief) -> tuple[Pair, ...]:
    """What stands of the last quarters that have a statement, the latest first."""
    known = sorted({each.quarter for one in brief.value for each in one.statements})[-QUARTERS:]
    pairs = [(one, each) for one in brief.value for each in one.statements if each.quarter in known]
    return tuple(sorted(pairs, key=lambda pair: pair[1].quarter, reverse=True))


def value(brief: Brief) -> Slide | None:
    """Each statement with its range and who stands by it; confirmed and counted are two sums."""
    found = told(brief)
    if not found:
        return None
    rows = tuple(_row(model, one) for model, one in found)
    heads = (
        speech.told("What is worth something"),
        speech.told("Quarter"),
        speech.told("Range"),
        speech.told("Likely"),
        speech.told("Confirmed by"),
    )
    return Slide(
        title=_finding([one for _, one in found]),
        stats=_stats([one for _, one in found]),
        blocks=(Grid(heads, rows, frozenset({3})),),
        receipts=(*_receipts(found), Receipt(speech.said(value_words.COMPARED), _as_of(brief.today))),
    )


def by_quarter(brief: Brief) -> Slide | None:
    """The confirmed value of the quarters in which everything was confirmed, else the counted one; one quarter is no course."""
    found = told(brief)
    for is_confirmed in (True, False):
        some = [(model, one) for model, one in found if one.is_confirmed == is_confirmed]
        quarters = _quarters(some)
        if len(quarters) > 1:
            return _charted(brief, quarters, some[0][1], is_confirmed=is_confirmed)
    return None


def _charted(
    brief: Brief,
    quarters: Sequence[tuple[Quarter, Range]],
    like: SharedStatement,
    *,
    is_confirmed: bool,
) -> Slide:
    (first, before), (last, now) = quarters[0], quarters[-1]
    currency, unit = like.currency, like.unit
    said = {
        "before": value_words.amount(before.likely, currency, unit), "first": value_words.quarter(first),
        "now": value_words.amount(now.likely, currency, unit), "last": value_words.quarter(last),
    }  # fmt: skip
    if is_confirmed:
        title = speech.told("You confirmed %(now)s for %(last)s, after %(before)s for %(first)s", **said)
        what = speech.told("Likely figure of what you confirmed, %(unit)s", unit=currency or unit)
    else:
        title = speech.told(
            "%(now)s is counted for %(last)s, after %(before)s for %(first)s; nobody has confirmed it yet",
            **said,
        )
        what = speech.told("Likely figure, counted and not confirmed, %(unit)s", unit=currency or unit)
    labels = tuple(value_words.quarter(quarter) for quarter, _ in quarters)
    values = tuple(round(one.likely, 2) for _, one in quarters)
    return Slide(
        title=title,
        blocks=(Graph("bars", what, labels, (Series(what, values),)),),
        receipts=(
            Receipt(
                speech.told(
                    "The sum of the statements of each quarter; their ranges stand with each of them."
                ),
                _as_of(brief.today),
            ),
        ),
    )


def _quarters(found: Sequence[Pair]) -> list[tuple[Quarter, Range]]:
    """The sums of the quarters of which all the same is known, ascending; none where currencies or units would be added."""
    known = [(model.title, one, one.range) for model, one in found if one.range is not None]
    if len({(one.currency, one.unit) for _, one, _ in known}) != 1:
        return []
    whole = {title for title, _, _ in known}
    sums = []
    for quarter in sorted({one.quarter for _, one, _ in known}):
        here = {title: told for title, one, told in known if one.quarter == quarter}
        if here.keys() == whole:
            sums.append((quarter, ranges.total(list(here.values()))))
    return sums


def _row(model: SharedModel, one: SharedStatement) -> tuple[str, ...]:
    span = value_words.span(one.range, one.currency, one.unit)
    if one.range is None and one.missing:
        span = f"{span}: {value_words.missing(one.missing)}"
    likely = value_words.likely(one.range, one.currency, one.unit) or "–"
    return (model.title, value_words.quarter(one.quarter), span, likely, _by(one))


def _by(one: SharedStatement) -> str:
    """Who stands by it, when, in which words; as far as that is shared."""
    if not one.is_confirmed:
        return speech.told("nobody yet")
    named = one.by or speech.told("one of yours")
    said = f"{named}, {date_said(one.on)}" if one.on else named
    if one.is_theirs:
        said = speech.told("%(said)s, with a figure of their own", said=said)
    return f"{said}: “{one.words}”" if one.words else said


def _finding(found: Sequence[SharedStatement]) -> str:
    sure, loose = _sums(found, is_confirmed=True), _sums(found, is_confirmed=False)
    quarters = [one.quarter for one in found if one.is_confirmed == bool(sure) and one.range is not None]
    if not quarters:
        return speech.told("What your outcomes were worth is not known yet")
    when = _between(min(quarters), max(quarters))
    if sure:
        return speech.told("You confirmed a value of %(sum)s for %(quarters)s", sum=sure, quarters=when)
    return speech.told(
        "A value of %(sum)s is counted for %(quarters)s; nobody has confirmed it yet",
        sum=loose,
        quarters=when,
    )


def _between(first: Quarter, last: Quarter) -> str:
    if first == last:
        return value_words.quarter(first)
    return f"{value_words.quarter(first)} – {value_words.quarter(last)}"


def _stats(found: Sequence[SharedStatement]) -> tuple[Stat, ...]:
    stats = [
        Stat(title, said, _count(found, is_confirmed=is_confirmed))
        for title, is_confirmed in (
            (speech.told("Confirmed"), True),
            (speech.told("Counted, not confirmed"), False),
        )
        if (said := _sums(found, is_confirmed=is_confirmed))
    ]
    unknown = sum(one.range is None for one in found)
    if unknown:
        stats.append(
            Stat(speech.told("Not known yet"), str(unknown), speech.told("of %(of)s", of=len(found)))
        )
    return tuple(stats)


def _count(found: Sequence[SharedStatement], *, is_confirmed: bool) -> str:
    n = sum(one.is_confirmed == is_confirmed and one.range is not None for one in found)
    return speech.counted(n, "%(n)s statement", "%(n)s statements", n=n)


def _sums(found: Sequence[SharedStatement], *, is_confirmed: bool) -> str:
    """By currency and unit, apart."""
    parts: dict[tuple[str, str], list[Range]] = {}
    for one in found:
        if one.range is not None and one.is_confirmed == is_confirmed:
            parts.setdefault((one.currency, "" if one.currency else one.unit), []).append(one.range)
    return "; ".join(
        value_words.span(ranges.total(some), currency, unit)
        for (currency, unit), some in sorted(parts.items())
    )


def _receipts(found: Sequence[Pair]) -> tuple[Receipt, ...]:
    """How each model is counted, with the inputs of its latest statement and who agreed to them."""
    latest: dict[str, Pair] = {}
    for pair in found:
        latest.setdefault(pair[0].title, pair)
    return tuple(
        Receipt(f"{model.title}: {model.basis}".strip().removesuffix(":"), _inputs(one))
        for model, one in latest.values()
    )


def _inputs(one: SharedStatement) -> str:
    """Each input with its figure, and who agreed to it."""
    told = []
    for each in one.inputs:
        if each.figure is not None:
            figure = value_words.whole(each.figure, each.currency, each.unit)
            said = speech.told("%(input)s %(figure)s", input=each.title, figure=figure)
            agreed = speech.told("agreed by %(who)s", who=each.agreed_by) if each.agreed_by else ""
            told.append(f"{said} ({agreed})" if agreed else said)
    return "; ".join(told)


def _as_of(day: date) -> str:
    return speech.told("As of %(day)s.", day=date_said(day, long=True))
