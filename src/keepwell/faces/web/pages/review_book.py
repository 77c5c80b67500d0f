"""What the page of all business reviews of a book says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.web.pages.books import Sieve, sieve
from keepwell.faces.web.pages.reviews import ReviewLine, lines
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.outcomes.queries.review_book import DueRow
from keepwell.outcomes.queries.reviews import ReviewRow
from keepwell.outcomes.review_words import STATES

DUE = "due"
NOT_PLANNED = speech.later("Not planned")


@dataclass(frozen=True)
class DueLine:
    """An account whose next review is due and not planned."""

    name: str
    href: str
    plan: str
    due: str
    is_late: bool
    last: str
    rule: str
    owner: str


@dataclass(frozen=True)
class ReviewsPage:
    """The reviews of a book, or the accounts that wait for one."""

    state: str
    sieve: Sieve
    rows: tuple[ReviewLine, ...]
    due: tuple[DueLine, ...]
    is_due: bool


def page(
    rows: Sequence[ReviewRow],
    due: Sequence[DueRow],
    tally: Mapping[str, int],
    *,
    asked: Mapping[str, str],
    offset: int,
    limit: int,
    now: datetime,
) -> ReviewsPage:
    """The list with its states as a choice."""
    return ReviewsPage(
        state=speech.told(
            "%(ahead)s to come, %(overdue)s to be noted, %(held)s held.",
            ahead=words.whole(tally["planned"] + tally["invited"]), overdue=words.whole(tally["overdue"]),
            held=words.whole(tally["held"]),
        ),
        sieve=sieve(
            "reviews", states=STATES, tally=tally, asked=asked, offset=offset, limit=limit, found=len(rows),
            uncounted={DUE: NOT_PLANNED},
        ),
        rows=lines(rows[:limit], now=now),
        due=tuple(_due(row, now) for row in due),
        is_due=asked.get("state") == DUE,
    )  # fmt: skip


def _due(row: DueRow, now: datetime) -> DueLine:
    return DueLine(
        name=row.name,
        href=reverse("account-review", args=(row.key,)),
        plan=reverse("account-review-new", args=(row.key,)),
        due=date_said(row.due),
        is_late=row.due < words.local_day(now),
        last="–" if row.last is None else date_said(row.last),
        rule=row.rule or speech.told("a quarter after the last one"),
        owner=row.owner,
    )
