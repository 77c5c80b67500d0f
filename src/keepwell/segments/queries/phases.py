"""Phases of the life of an account: segments in an order, and what somebody said instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import polars as pl
from django.db import connection

from keepwell.access.queries import settings
from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.segments import models
from keepwell.segments.formulas.phasing import BY_HAND

KEY = "phases"
UNTOLD = "unknown"
By = Literal["rule", "hand", "import"]
SPANS = {"account_id": pl.Int64, BY_HAND.slug: pl.String, "_since": pl.Date, "_until": pl.Date}


@dataclass(frozen=True)
class PhaseSpan:
    """An account was in a phase on the days with since ≤ day < until (None: still); phase "unknown": cannot be told.

    `by` says whether a rule put it there, somebody did (`who`, for the reason in `because`), or it came in as it is.
    """

    phase: str
    title: str
    since: date | None
    until: date | None
    by: By
    because: tuple[str, ...] = ()
    who: str = ""


@dataclass(frozen=True)
class PhaseCount:
    """A phase, and how many present customers are in it now."""

    phase: str
    title: str
    accounts: int


def declared() -> tuple[str, ...]:
    """The slugs of the segments that are phases, in order; empty where the company declared none. One query."""
    return tuple(settings.get(KEY, ()))


def titles() -> dict[str, str]:
    """The declared phases with their titles, in order. Two queries."""
    slugs = declared()
    found = dict(models.Segment.objects.filter(slug__in=slugs).values_list("slug", "title")) if slugs else {}
    return {slug: found.get(slug, slug) for slug in slugs}


def history(*, account_id: int, seen_by: Scope) -> tuple[PhaseSpan, ...]:
    """In which phases an account was, by stored days, the latest first. Five queries; one without phases."""
    if not (named := titles()):
        return ()
    account = accounts.visible(seen_by=seen_by).filter(pk=account_id).first()
    if account is None:
        return ()
    rows = models.Membership.objects.filter(account=account_id, segment__slug__in=named).select_related(
        "segment"
    )
    ruled = sorted(rows, key=lambda row: list(named).index(row.segment.slug))
    said = list(
        models.PhaseOverride.objects.filter(account=account_id).select_related("by").order_by("since")
    )
    turns = [(row.since, row.until) for row in ruled] + [(row.since, row.until) for row in said]
    days = sorted({day for turn in turns for day in turn if day is not None})
    spans = [_on(day, account, ruled, said, named) for day in days]
    return tuple(reversed(_joined(spans)))


def now(*, account_id: int, seen_by: Scope) -> PhaseSpan | None:
    """The phase of an account now; None where no phases are declared. As `history`."""
    found = history(account_id=account_id, seen_by=seen_by)
    return found[0] if found else None


def on_day(*, account_id: int, seen_by: Scope, day: date) -> PhaseSpan | None:
    """The phase of an account on a past day; None where no phases are declared, or none is known. As `history`."""
    found = history(account_id=account_id, seen_by=seen_by)
    return next((span for span in found if span.since is not None and span.since <= day), None)


def counts(*, seen_by: Scope) -> tuple[PhaseCount, ...]:
    """How many present customers are in each phase, in order, then those that cannot be told. Three queries, or four."""
    named = titles()
    if not named:
        return ()
    ids = [] if seen_by.everything else list(accounts.visible(seen_by=seen_by).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [list(named), list(named), seen_by.everything, ids])
        found = dict(cursor.fetchall())
    rows = [PhaseCount(slug, title, found.get(slug, 0)) for slug, title in named.items()]
    others = sum(count for slug, count in found.items() if slug not in named)
    return (
        (*rows, PhaseCount(UNTOLD, speech.told("In none, or cannot be told"), others))
        if others
        else tuple(rows)
    )


_COUNTS = """
    SELECT coalesce(o.phase, m.slug, 'unknown'), count(*) FROM ledger_account a
    LEFT JOIN segments_phaseoverride o ON o.account_id = a.id AND o.until IS NULL
    LEFT JOIN LATERAL (
        SELECT CASE WHEN m.state = 'member' THEN s.slug END AS slug FROM segments_membership m
        JOIN segments_segment s ON s.id = m.segment_id
        WHERE m.account_id = a.id AND m.until IS NULL AND s.slug = ANY(%s)
        ORDER BY array_position(%s::varchar[], s.slug) LIMIT 1
    ) m ON true
    WHERE NOT a.former AND a.merged_into_id IS NULL AND (%s OR a.id = ANY(%s)) GROUP BY 1
"""


def by_hand(account_ids: Sequence[int]) -> pl.DataFrame:
    """What somebody said of these accounts: account_id, phase, and from which day until which. One query."""
    rows = models.PhaseOverride.objects.filter(account__in=account_ids).order_by("since")
    told = [(row.account_id, row.phase, row.since, row.until or date.max) for row in rows]
    return pl.DataFrame(told, schema=SPANS, orient="row")


def _on(
    day: date,
    account: Account,
    ruled: Sequence[models.Membership],
    said: Sequence[models.PhaseOverride],
    named: Mapping[str, str],
) -> PhaseSpan:
    for row in said:
        if row.since <= day and (row.until is None or day < row.until):
            who = str(row.by) if row.by else "Keepwell"
            return PhaseSpan(
                row.phase, named.get(row.phase, row.phase), day, None, "hand", (row.reason,), who
            )
    for one in ruled:
        if one.since <= day and (one.until is None or day < one.until):
            because = tuple(one.because)
            if one.state == "member":
                return PhaseSpan(one.segment.slug, named[one.segment.slug], day, None, "rule", because)
            return PhaseSpan(
                UNTOLD,
                speech.told("Cannot be told (%(named)s?)", named=named[one.segment.slug]),
                day,
                None,
                "rule",
                because,
            )
    return PhaseSpan(account.phase or UNTOLD, account.phase or speech.told("None"), day, None, "import")


def _joined(spans: Sequence[PhaseSpan]) -> list[PhaseSpan]:
    """Neighbours of one phase as one, each until the next begins."""
    found: list[PhaseSpan] = []
    for span in spans:
        if found and (found[-1].phase, found[-1].by, found[-1].who) == (span.phase, span.by, span.who):
            continue
        if found:
            found[-1] = replace(found[-1], until=span.since)
        found.append(span)
    return found
