"""What the page of all business reviews of a book says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Tab
from keepwell.faces.web.pages.reviews import ReviewLine, lines
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.outcomes.queries.review_book import DueRow
from keepwell.outcomes.queries.reviews import ReviewRow
from keepwell.outcomes.review_words import STATES

DUE = "due"


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
    tabs: tuple[Tab, ...]
    whose: tuple[Tab, ...]
    rows: tuple[ReviewLine, ...]
    due: tuple[DueLine, ...]
    is_due: bool
    search: str
    chosen: str
    of: str
    csv: str
    before: str
    after: str
    said: str


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
    chosen, of = asked.get("state", ""), asked.get("of", "")
    more, shown = len(rows) > limit, rows[:limit]

    def address(**other: str) -> str:
        said = {name: value for name, value in {**asked, **other}.items() if value}
        return reverse("reviews") + (f"?{urlencode(said)}" if said else "")

    tabs = [Tab(speech.told("All"), address(state=""), not chosen, sum(tally.values()))]
    tabs += [
        Tab(speech.said(title), address(state=slug), slug == chosen, tally[slug])
        for slug, title in STATES.items()
    ]
    tabs.append(Tab(speech.told("Not planned"), address(state=DUE), chosen == DUE))
    kept = {name: value for name, value in asked.items() if value}
    return ReviewsPage(
        state=speech.told(
            "%(ahead)s to come, %(overdue)s to be noted, %(held)s held.",
            ahead=words.whole(tally["planned"] + tally["invited"]), overdue=words.whole(tally["overdue"]),
            held=words.whole(tally["held"]),
        ),
        tabs=tuple(tabs),
        whose=(
            Tab(speech.told("Mine"), address(of="mine"), of == "mine"),
            Tab(speech.told("All I see"), address(of=""), of != "mine"),
        ),
        rows=lines(shown, now=now),
        due=tuple(_due(row, now) for row in due),
        is_due=chosen == DUE,
        search=asked.get("q", ""),
        chosen=chosen,
        of=of,
        csv=reverse("reviews-csv") + (f"?{urlencode(kept)}" if kept else ""),
        before=address(offset=str(max(0, offset - limit))) if offset else "",
        after=address(offset=str(offset + limit)) if more else "",
        said=speech.told("%(first)s to %(last)s", first=offset + 1, last=offset + len(shown)) if offset or more else "",
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
