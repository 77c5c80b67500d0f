"""The accounts behind a figure of the portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.health.queries.portfolio import Mover, Whose
from keepwell.kernel import speech

SPANS = {1: speech.later("a week"), 4: speech.later("4 weeks"), 13: speech.later("a quarter")}


@dataclass(frozen=True)
class MoverRow:
    """An account whose health changed."""

    name: str
    href: str
    before: str
    band: str
    change: str
    points: str
    arr: str
    renews: str


@dataclass(frozen=True)
class ListPage:
    """The accounts of one figure."""

    title: str
    state: str
    back: str
    csv: str
    rows: tuple[MoverRow, ...]
    span: str


def asked(of: Whose, weeks: int, **more: object) -> str:
    """The query of an address that keeps whose accounts are looked at, and over how many weeks."""
    told = {"of": of.slug, "segment": of.segment, "weeks": weeks, **more}
    return urlencode({name: value for name, value in told.items() if value not in ("", None)})


def way(of: Whose, weeks: int, **more: object) -> str:
    """The address of the accounts of a figure."""
    return f"{reverse('portfolio-accounts')}?{asked(of, weeks, **more)}"


def mover(one: Mover, *, today: date) -> MoverRow:
    """The account as a row."""
    return MoverRow(
        one.name,
        reverse("account", args=(one.key,)),
        one.before,
        one.band,
        "" if one.change is None else words.signed(one.change),
        words.points(one.points),
        words.short_money(one.arr) if one.arr else "–",
        words.day(one.renews, today=today) if one.renews else "–",
    )


def listing(
    of: Whose, rows: Sequence[Mover], count: int, *, said: str, query: str, weeks: int, today: date
) -> ListPage:
    """The accounts of one figure."""
    state = (
        words.count(count, "account")
        if count <= len(rows)
        else speech.told("The %(n)s largest of %(count)s accounts", n=len(rows), count=words.whole(count))
    )
    return ListPage(
        said,
        f"{of.title}: {state}.",
        f"{reverse('portfolio')}?{asked(of, weeks)}",
        f"{reverse('portfolio-accounts-csv')}?{query}",
        tuple(mover(row, today=today) for row in rows),
        SPANS[weeks],
    )
