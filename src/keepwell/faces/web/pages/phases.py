"""What pages say of phases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.kernel import speech
from keepwell.ledger.queries.accounts import AccountView
from keepwell.segments.queries.phases import UNTOLD, PhaseCount, PhaseSpan

ROOM = 2


@dataclass(frozen=True)
class SpanRow:
    """A phase that an account was in: from when, and why."""

    title: str
    days: str
    why: str


@dataclass(frozen=True)
class PhasePage:
    """The phases of an account; `declared` is empty while the company has none."""

    key: str
    name: str
    back: str
    action: str
    now: str
    is_by_hand: bool
    rows: tuple[SpanRow, ...]
    declared: tuple[tuple[str, str], ...]
    may_work: bool


@dataclass(frozen=True)
class OrderPart:
    """The order of phases on the page of segments."""

    rows: tuple[tuple[str, str, str], ...]
    places: tuple[tuple[Option, ...], ...] = ()


def page(
    account: AccountView, spans: Sequence[PhaseSpan], titles: Mapping[str, str], *, may_work: bool
) -> PhasePage:
    """`spans` are the latest first."""
    return PhasePage(
        account.key,
        account.name or account.key,
        reverse("account-health", args=(account.key,)),
        reverse("account-phase-override", args=(account.key,)),
        spans[0].title if spans else words.spoken(account.phase),
        bool(spans) and spans[0].by == "hand",
        tuple(_row(span) for span in spans),
        tuple(titles.items()),
        may_work,
    )


def order(counts: Sequence[PhaseCount], titles: Sequence[tuple[str, str]]) -> OrderPart:
    """With how many accounts are in each, and a choice of segments for every place in the order and one more."""
    declared = [row.phase for row in counts if row.phase != UNTOLD]
    rows = tuple(
        (
            row.title,
            reverse("segment", args=(row.phase,)) if row.phase in declared else "",
            words.whole(row.accounts),
        )
        for row in counts
    )
    return OrderPart(rows, tuple(_place(slug, titles) for slug in (*declared, *[""] * ROOM)))


def _place(chosen: str, titles: Sequence[tuple[str, str]]) -> tuple[Option, ...]:
    return (
        Option("", speech.told("No segment"), not chosen),
        *(Option(slug, title, slug == chosen) for slug, title in titles),
    )


def _row(span: PhaseSpan) -> SpanRow:
    if span.by == "hand":
        return SpanRow(
            span.title,
            _days(span),
            speech.told("%(who)s says: %(because)s", who=span.who, because=span.because[0]),
        )
    why = "; ".join(span.because) if span.by == "rule" else speech.told("As it was imported: no rule holds")
    return SpanRow(span.title, _days(span), why)


def _days(span: PhaseSpan) -> str:
    since = _day(span.since) if span.since else "always"
    return (
        speech.told("since %(since)s", since=since)
        if span.until is None
        else speech.told("%(since)s to %(day)s", since=since, day=_day(span.until))
    )


def _day(day: date) -> str:
    return words.date_of(day)
