"""What the page of a book's value says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from keepwell.drafting import value_words
from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.faces.web.asking import READ
from keepwell.faces.web.pages.account_value import Fact, said_sum
from keepwell.faces.web.pages.books import Sieve, at, sieve
from keepwell.kernel import speech
from keepwell.kernel.figures import figure
from keepwell.outcomes.queries.value_book import LACKS, STATES, ValueRow
from keepwell.outcomes.queries.value_book_totals import BookTotals

TONES = {"confirmed": "good", "counted": "unknown", "modelled": "unknown", "none": "unknown"}


@dataclass(frozen=True)
class ValueLine:
    """An account in the list."""

    name: str
    href: str
    state: str
    tone: str
    confirmed: str
    likely: str
    counted: str
    cost: str
    ratio: str
    last: str
    missing: str
    renewal: DayMark | None
    owner: str


@dataclass(frozen=True)
class ValueBookPage:
    """The value of a book; `later`: where its sums are asked for, once the rows stand."""

    state: str
    facts: tuple[Fact, ...]
    lacking: str
    later: str
    sieve: Sieve
    rows: tuple[ValueLine, ...]
    compared: str


def page(
    rows: Sequence[ValueRow],
    sums: tuple[BookTotals, Mapping[str, int]] | None,
    *,
    asked: Mapping[str, str],
    offset: int,
    limit: int,
    today: date,
) -> ValueBookPage:
    """The list, with its states as a choice; the sums of all of it and how many are in each state, once these are asked for."""
    totals, tally = sums or (None, None)
    later = {**asked, "offset": str(offset or ""), READ: "1"}
    return ValueBookPage(
        state="" if tally is None else _state(tally),
        facts=() if totals is None else facts(totals),
        lacking="" if totals is None else _lacking(totals),
        later="" if sums else at("value-book", later),
        sieve=sieve(
            "value-book", states=STATES, tally=tally, asked=asked, offset=offset, limit=limit, found=len(rows)
        ),
        rows=tuple(_line(row, today) for row in rows[:limit]),
        compared=speech.said(value_words.COMPARED),
    )  # fmt: skip


def _state(tally: Mapping[str, int]) -> str:
    return speech.told(
        "Of %(whole)s, %(confirmed)s confirmed a value in the last four quarters; %(none)s have no value model.",
        whole=words.count(sum(tally.values()), "account"),
        confirmed=words.whole(tally["confirmed"]),
        none=words.whole(tally["none"]),
    )


def facts(totals: BookTotals) -> tuple[Fact, ...]:
    """Confirmed and only counted apart; what was paid where that is known, and how many times that the value is."""
    of = speech.told(
        "%(priced)s of %(pairs)s confirmed quarters have a known price",
        priced=words.whole(totals.priced),
        pairs=words.whole(totals.pairs),
    )
    return (
        Fact(speech.told("Confirmed, last four quarters"), *said_sum(totals.confirmed)),
        Fact(speech.told("Counted, not confirmed"), *said_sum(totals.counted)),
        Fact(
            speech.told("Paid in the confirmed quarters"),
            "–" if totals.cost is None else totals.cost.short,
            of if totals.pairs else speech.said(value_words.LACKS[""]),
        ),
        Fact(
            speech.told("Confirmed value over cost"),
            "–" if totals.ratio is None else value_words.times(totals.ratio),
            ""
            if totals.ratio is None
            else speech.told("likely %(n)s, where the price is known", n=figure(totals.ratio.likely)),
        ),
    )


def _lacking(totals: BookTotals) -> str:
    lacking = sorted({*totals.confirmed.lacking, *totals.counted.lacking})
    into = totals.confirmed.into
    if not lacking or not into:
        return ""
    return speech.told(
        "No rate is known from %(currencies)s into %(into)s, so no sum of all can be told. Add it under Currencies.",
        currencies=", ".join(lacking),
        into=into,
    )


def _line(row: ValueRow, today: date) -> ValueLine:
    confirmed, likely = said_sum(row.confirmed) if row.confirmed.count else ("–", "")
    return ValueLine(
        name=row.name,
        href=reverse("account-value", args=(row.key,)),
        state=speech.said(STATES[row.state]),
        tone=TONES[row.state],
        confirmed=confirmed,
        likely=likely,
        counted=said_sum(row.counted)[0] if row.counted.count else "–",
        cost="–" if row.cost is None else row.cost.short,
        ratio="–" if row.ratio is None else value_words.times(row.ratio),
        last="–" if row.last is None else value_words.quarter(row.last),
        missing="; ".join(speech.said(LACKS[slug]) for slug in row.missing),
        renewal=DayMark.of(row.renewal_date, today=today),
        owner=row.owner,
    )
