"""Whose review of which weeks is asked for, the same on the page, over the API and on the command line."""

from dataclasses import dataclass
from datetime import date, timedelta

from keepwell.access.queries import decisions
from keepwell.access.scopes import Scope
from keepwell.drafting.review import whole
from keepwell.drafting.slides import powerpoint
from keepwell.drafting.slides.deck import Deck
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.ledger.queries import accounts
from keepwell.outcomes.actions import deck_runs
from keepwell.outcomes.queries import briefs, deck_templates
from keepwell.segments.queries import segments

QUARTER = timedelta(days=90)


@dataclass(frozen=True)
class Period:
    """The days that a review is about, both ends included."""

    since: date
    until: date


def period(*, since: date | None, until: date | None, today: date) -> Period:
    """The asked one, or the ninety days and one that ended yesterday."""
    last = until or today - timedelta(days=1)
    return Period(since or last - QUARTER, last)


def usual(today: date) -> tuple[tuple[str, Period], ...]:
    """What is most often asked: the last weeks, this fiscal quarter so far, and the one before. One query."""
    year = decisions.company().fiscal_year
    begun, yesterday = year.begins(today), today - timedelta(days=1)
    before = year.begins(begun - timedelta(days=1))
    found = [
        (speech.told("Last 13 weeks"), period(since=None, until=None, today=today)),
        (year.label(before), Period(before, begun - timedelta(days=1))),
    ]
    if begun <= yesterday:
        found.insert(
            1, (speech.told("%(quarter)s so far", quarter=year.label(today)), Period(begun, yesterday))
        )
    return tuple(found)


def chosen(said: str, *, seen_by: Scope) -> tuple[str, list[str]]:
    """Whose decks are asked for ("mine", "all", "segment:SLUG"), in words, and the keys of the accounts."""
    if said in ("", "all"):
        return speech.told("All I see"), accounts.book(seen_by=seen_by)
    if said == "mine":
        return speech.told("Mine"), accounts.book(seen_by=seen_by, owner_id=seen_by.user_id)
    kind, _, slug = said.partition(":")
    title = dict(segments.titles()).get(slug) if kind == "segment" else None
    if title is None:
        raise Invalid('"%(said)s" is not known. Choose a segment or a book.', said=said)
    members = segments.members(slug=slug, seen_by=seen_by, limit=deck_runs.MOST + 1)
    return title, [one.key for one in members]


def slides(deck: Deck) -> bytes:
    """The deck as a PowerPoint file, on the company's own paper where it has one. One query."""
    return powerpoint.pptx(deck, template=deck_templates.content())


def deck(*, account: str, asked: Period, seen_by: Scope, today: date) -> Deck:
    """The deck of an account. Reads its share of the lake twice."""
    brief = briefs.find(account=account, seen_by=seen_by, since=asked.since, until=asked.until, today=today)
    return whole.deck(brief, company=decisions.company().name)
