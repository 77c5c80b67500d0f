"""What the page of an account's value says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from keepwell.charts.value_bars import Bar, value_bars
from keepwell.drafting import value_words
from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.kernel import speech
from keepwell.kernel.figures import figure
from keepwell.outcomes import quarters, visibility
from keepwell.outcomes.quarters import Quarter
from keepwell.outcomes.queries.value import ModelView, StatementView, ValueView
from keepwell.outcomes.queries.value_sums import Sum, Totals
from keepwell.outcomes.value_document import KINDS, Range, ValueInputDoc

SHOWN = 8


@dataclass(frozen=True)
class InputLine:
    """A factor in words."""

    title: str
    said: str
    agreed: str
    is_internal: bool


@dataclass(frozen=True)
class StatementRow:
    """A quarter of a model. It may be confirmed where `may_confirm`; `newer` says that it was counted again since."""

    id: int
    quarter: str
    range: str
    likely: str
    state: str
    tone: str
    more: str
    words: str
    newer: str
    may_confirm: bool
    is_confirmed: bool
    first_day: str


@dataclass(frozen=True)
class ModelCard:
    """A model: how it is counted, and what it came to."""

    slug: str
    title: str
    kind: str
    objective: str
    href: str
    basis: str
    notes: str
    inputs: tuple[InputLine, ...]
    picture: SafeString
    rows: tuple[StatementRow, ...]
    is_internal: bool
    is_dropped: bool


@dataclass(frozen=True)
class Fact:
    """A figure at the top."""

    title: str
    first: str
    more: str


@dataclass(frozen=True)
class ValuePage:
    """The whole page."""

    head: AccountHead
    facts: tuple[Fact, ...]
    lacking: str
    models: tuple[ModelCard, ...]
    dropped: tuple[tuple[str, str], ...]
    quarters: tuple[Option, ...]
    people: tuple[tuple[str, str], ...]
    today: str
    may_write: bool
    has_outcomes: bool
    compared: str


def page(
    head: AccountHead,
    found: ValueView,
    totals: Totals,
    *,
    people: Sequence[tuple[str, str]],
    metrics: Mapping[str, str],
    today: date,
    may_write: bool,
) -> ValuePage:
    """From what the stage knows."""
    last = quarters.last(today, SHOWN)
    usual = last[-2].slug
    return ValuePage(
        head=head,
        facts=facts(totals) if found.models else (),
        lacking=_lacking(totals.confirmed) or _lacking(totals.counted),
        models=tuple(_model(one, found.account_key, metrics, today) for one in found.models),
        dropped=found.dropped,
        quarters=tuple(
            Option(one.slug, value_words.quarter(one), one.slug == usual) for one in reversed(last)
        ),
        people=tuple(people),
        today=today.isoformat(),
        may_write=may_write,
        has_outcomes=bool(found.objectives),
        compared=speech.said(value_words.COMPARED),
    )


def facts(totals: Totals) -> tuple[Fact, ...]:
    """Confirmed and only counted apart; what was paid, and how many times that the confirmed value is."""
    cost = "–" if totals.cost is None else totals.cost.short
    paid = ", ".join(value_words.quarter(one) for one in totals.paid_quarters)
    return (
        Fact(speech.told("Confirmed, last four quarters"), *said_sum(totals.confirmed)),
        Fact(speech.told("Counted, not confirmed"), *said_sum(totals.counted)),
        Fact(
            speech.told("Paid in the confirmed quarters"),
            cost,
            paid if totals.cost else speech.said(value_words.LACKS[totals.lacks]),
        ),
        Fact(
            speech.told("Confirmed value over cost"),
            "–" if totals.ratio is None else value_words.times(totals.ratio),
            "" if totals.ratio is None else speech.told("likely %(n)s", n=figure(totals.ratio.likely)),
        ),
    )


def said_sum(told: Sum) -> tuple[str, str]:
    """The range, and what else there is to say of it."""
    others = [value_words.whole(found, "", unit) for unit, found in told.others]
    if not told.money:
        return (others[0], "; ".join(others[1:])) if others else ("–", speech.told("nothing yet"))
    apart = [value_words.whole(found, currency) for currency, found in told.money]
    if told.whole is None and len(apart) == 1:
        return value_words.span(told.money[0][1], told.money[0][0]), "; ".join(
            [speech.told("likely %(n)s", n=value_words.likely(told.money[0][1], told.money[0][0])), *others]
        )
    more = apart if told.is_mixed else []
    if told.whole is None:
        return speech.told("several currencies"), "; ".join([*more, *others])
    first = value_words.span(told.whole, told.into)
    likely = speech.told("likely %(n)s", n=value_words.likely(told.whole, told.into))
    return first, "; ".join([likely, *more, *others])


def _lacking(told: Sum) -> str:
    if not told.lacking or not told.into:
        return ""
    return speech.told(
        "No rate is known from %(currencies)s into %(into)s, so no sum of all can be told. Add it under Currencies.",
        currencies=", ".join(told.lacking),
        into=told.into,
    )


def _model(one: ModelView, key: str, metrics: Mapping[str, str], today: date) -> ModelCard:
    doc = one.doc
    rows = one.standing[-SHOWN:]
    internal = visibility.label("value_model", "title", doc.labels) == "internal"
    return ModelCard(
        slug=doc.slug,
        title=doc.title,
        kind=speech.said(KINDS[doc.kind]),
        objective=one.objective,
        href=reverse("account-value-model", args=(key, doc.slug)),
        basis=doc.basis,
        notes=doc.notes,
        inputs=tuple(_input(each, metrics, today) for each in doc.inputs),
        picture=picture(
            [(each.quarter, each.counts, each.currency, each.unit, each.confirmation is not None) for each in rows],
            title=doc.title,
        ),
        rows=tuple(_row(each, one, today) for each in reversed(rows)),
        is_internal=internal,
        is_dropped=one.is_dropped,
    )  # fmt: skip


def picture(rows: Sequence[tuple[Quarter, Range | None, str, str, bool]], *, title: str) -> SafeString:
    """Bars by quarter."""
    bars = [
        Bar(
            value_words.quarter(quarter),
            found.low if found else None,
            found.likely if found else None,
            found.high if found else None,
            value_words.span(found, currency, unit),
            sure,
        )
        for quarter, found, currency, unit, sure in rows
    ]
    told = speech.told("%(title)s by quarter; the figures are in the table.", title=title)
    return mark_safe(value_bars(bars, told=told))  # noqa: S308 # made of numbers and escaped texts


def _input(one: ValueInputDoc, metrics: Mapping[str, str], today: date) -> InputLine:
    if one.source == "metric":
        how = speech.told("as the quarter ended") if one.over == "last" else speech.told("mean of its weeks")
        said = f"{metrics.get(one.metric, one.metric)}, {how}"
    else:
        said = value_words.whole(one.figure, one.currency, one.unit)
    if one.change:
        base = value_words.whole(one.baseline, one.currency, one.unit)
        if one.change == "rise":
            said = speech.told(
                "%(figure)s; what lies above the baseline of %(base)s counts", figure=said, base=base
            )
        else:
            said = speech.told(
                "%(figure)s; what lies below the baseline of %(base)s counts", figure=said, base=base
            )
    agreed = ""
    if one.agreed_by and one.agreed_on is not None:
        agreed = speech.told(
            "agreed by %(who)s, %(on)s", who=one.agreed_by, on=words.day(one.agreed_on, today=today)
        )
    elif one.source == "agreed" or one.change:
        agreed = speech.told("not agreed with the customer yet")
    internal = visibility.label("value_input", "figure", one.labels) == "internal"
    return InputLine(one.title, said, agreed, internal)


def _row(one: StatementView, model: ModelView, today: date) -> StatementRow:
    titles = {each["slug"]: each["title"] for each in one.inputs}
    said = one.confirmation
    if said is not None:
        state, tone = speech.told("Confirmed by %(who)s", who=said.name), "good"
        more = words.day(said.on, today=today)
        if said.figure is not None:
            counted = value_words.whole(one.range, one.currency, one.unit)
            more = speech.told(
                "%(on)s, with their own figure; counted was %(counted)s", on=more, counted=counted
            )
    elif one.range is None:
        state, tone = speech.told("Unknown"), "unknown"
        more = value_words.missing((titles.get(slug, slug), why) for slug, why in one.missing)
    else:
        state, tone = speech.told("Counted, not confirmed"), "unknown"
        more = "" if one.is_whole else speech.told("so far, to %(on)s", on=words.day(one.until, today=today))
    newer, again = model.later(one), ""
    if newer is not None:
        counted = value_words.whole(newer.range, newer.currency, newer.unit)
        again = speech.told("Counted again since: %(range)s", range=counted)
    return StatementRow(
        id=one.id,
        quarter=value_words.quarter(one.quarter),
        range=value_words.span(one.counts, one.currency, one.unit),
        likely=value_words.likely(one.counts, one.currency, one.unit),
        state=state,
        tone=tone,
        more=more,
        words=said.words if said else "",
        newer=again,
        may_confirm=said is None and one.is_whole and not model.is_dropped,
        is_confirmed=said is not None,
        first_day=one.until.isoformat(),
    )
