"""Segments as people see them: who is in, since when and why, how many there were, what they are worth."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, cast

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts, rates
from keepwell.metrics.conditions import judging, tree, words
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.metrics.queries import values
from keepwell.segments import models
from keepwell.segments.queries import judged, vocabulary

WEEKS = 26
PREVIEWED = 12


@dataclass(frozen=True)
class Progress:
    """How far the job is that judges a segment's whole past, in accounts; a total of 0: it waits for its turn."""

    done: int
    total: int


@dataclass(frozen=True)
class SegmentView:
    """A segment with how many present members the asker may see; `computed_as_of` None: not computed yet."""

    slug: str
    title: str
    sentence: str
    condition: dict[str, Any]
    words: str
    members: int
    unknown: int
    arr: Money | None
    computed_as_of: date | None
    progress: Progress | None = None


@dataclass(frozen=True)
class MemberView:
    """An account in a segment, or one of which it cannot be told."""

    account_id: int
    key: str
    name: str
    state: Literal["member", "unknown"]
    since: date
    until: date | None
    because: tuple[str, ...]
    ended_because: tuple[str, ...]
    arr: Money | None


@dataclass(frozen=True)
class Move:
    """An account that entered or left on a day, and why."""

    key: str
    name: str
    day: date
    entered: bool
    because: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """Whom a condition would hold for now: counts of all that the asker may see, and some of them with the reasons."""

    words: str
    members: int
    unknown: int
    customers: int
    arr: Money | None
    some: tuple[MemberView, ...]


def everything(*, seen_by: Scope) -> tuple[SegmentView, ...]:
    """The segments in force by title, with counts. Three queries beyond those of the vocabulary."""
    return _views(list(_in_force().order_by("title", "slug")), seen_by)


def titles() -> tuple[tuple[str, str], ...]:
    """Slug and title of the segments in force, by title. One query."""
    return tuple(
        models.Segment.objects.filter(retired_at=None).order_by("title", "slug").values_list("slug", "title")
    )


def find(*, slug: str, seen_by: Scope) -> SegmentView:
    """One segment in force."""
    rows = list(_in_force().filter(slug=slug))
    if not rows:
        raise NotFound(f'There is no segment "{slug}".')
    return _views(rows, seen_by)[0]


def asking(metric: str) -> tuple[tuple[str, str], ...]:
    """Slug and title of the segments in force that ask for a metric, by title. One query."""
    rows = models.Segment.objects.filter(retired_at=None).order_by("title", "slug")
    named = f"{vocabulary.METRIC}{metric}"
    return tuple((row.slug, row.title) for row in rows if named in vocabulary.named(row.condition))


def _views(rows: Sequence[models.Segment], seen_by: Scope) -> tuple[SegmentView, ...]:
    if not rows:
        return ()
    counts = {
        row["segment"]: row
        for row in _present(seen_by)
        .filter(segment__in=rows)
        .values("segment")
        .annotate(
            members=Count("pk", filter=Q(state="member")),
            unknown=Count("pk", filter=Q(state="unknown")),
            arr=Sum("account__arr_reporting", filter=Q(state="member")),
        )
    }
    said, currency = vocabulary.accounts(), rates.reporting()
    return tuple(_view(row, counts.get(row.pk, {}), said, currency) for row in rows)


def _view(row: models.Segment, counted: Mapping[str, Any], said: Vocabulary, currency: str) -> SegmentView:
    arr = counted.get("arr")
    far = vars(row)  # of an account's own segments nobody asks how far they are
    progress = None if far.get("judged") is None else Progress(far["judged"], far["to_judge"])
    return SegmentView(
        row.slug,
        row.title,
        row.sentence,
        row.condition,
        words.words(tree.read(row.condition, said)),
        counted.get("members", 0),
        counted.get("unknown", 0),
        None if arr is None else Money(arr, currency),
        row.computed_as_of,
        progress,
    )


def _in_force() -> "QuerySet[models.Segment]":
    """Segments with how far the judging of their past is: `judged` of `to_judge` accounts; null once it is done."""
    judging = models.Judging.objects.filter(segment=OuterRef("pk"))
    far = {"judged": Subquery(judging.values("done")), "to_judge": Subquery(judging.values("total"))}
    return models.Segment.objects.filter(retired_at=None).annotate(**far)


def _present(seen_by: Scope) -> "QuerySet[models.Membership]":
    return models.Membership.objects.filter(until=None, account__in=accounts.visible(seen_by=seen_by))


def members(
    *,
    slug: str,
    seen_by: Scope,
    state: str = "member",
    as_of: date | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[MemberView, ...]:
    """Who is in it now, or was on a stored day, by key from the one after `after` on. Two queries."""
    if state not in dict(models.STATES):
        raise Invalid(f'"{state}" is no state. Use member or unknown.')
    segment = models.Segment.objects.filter(slug=slug, retired_at=None).first()
    if segment is None:
        raise NotFound(f'There is no segment "{slug}".')
    rows = models.Membership.objects.filter(
        segment=segment, state=state, account__in=accounts.visible(seen_by=seen_by), account__key__gt=after
    )
    if as_of is None:
        rows = rows.filter(until=None)
    else:
        rows = rows.filter(since__lte=as_of).filter(Q(until=None) | Q(until__gt=as_of))
    return tuple(_member(row) for row in rows.select_related("account").order_by("account__key")[:limit])


def _member(row: models.Membership) -> MemberView:
    return MemberView(
        row.account_id,
        row.account.key,
        row.account.name,
        cast('Literal["member", "unknown"]', row.state),
        row.since,
        row.until,
        tuple(row.because),
        tuple(row.ended_because),
        accounts.arr_reporting(row.account),
    )


def of_account(*, account_id: int, seen_by: Scope) -> tuple[tuple[SegmentView, MemberView], ...]:
    """The segments that an account is in now, with since when and why. Four queries beyond the vocabulary's."""
    rows = list(
        _present(seen_by)
        .filter(account=account_id, state="member", segment__retired_at=None)
        .select_related("segment", "account")
        .order_by("segment__title")
    )
    views = {view.slug: view for view in _views([row.segment for row in rows], seen_by)}
    return tuple((views[row.segment.slug], _member(row)) for row in rows)


def moves(*, slug: str, seen_by: Scope, since: date, limit: int = 50) -> tuple[Move, ...]:
    """Who entered or left from a day on, latest first; the first stored day of an account is no entry. Two queries."""
    rows = models.Membership.objects.filter(
        segment__slug=slug, state="member", account__in=accounts.visible(seen_by=seen_by)
    ).select_related("account")
    found = [
        Move(row.account.key, row.account.name, row.since, entered=True, because=tuple(row.because))
        for row in rows.filter(since__gte=since).order_by("-since", "account__key")[:limit]
    ]
    found += [
        Move(row.account.key, row.account.name, row.until, entered=False, because=tuple(row.ended_because))
        for row in rows.filter(until__gte=since).order_by("-until", "account__key")[:limit]
        if row.until is not None
    ]
    return tuple(sorted(found, key=lambda move: (-move.day.toordinal(), move.key))[:limit])


_COUNTS = """
    SELECT d.segment, d.day, count(m.id) FILTER (WHERE m.state = 'member'),
        count(m.id) FILTER (WHERE m.state = 'unknown')
    FROM (SELECT s.segment, d.day FROM unnest(%s::bigint[]) AS s (segment), unnest(%s::date[]) AS d (day)) AS d
    LEFT JOIN segments_membership m ON m.segment_id = d.segment AND m.since <= d.day
        AND (m.until IS NULL OR m.until > d.day) AND (%s OR m.account_id = ANY(%s))
    GROUP BY d.segment, d.day ORDER BY d.segment, d.day
"""


@dataclass(frozen=True)
class Headcount:
    """How many accounts were in a segment on a day, and of how many it could not be told."""

    day: date
    members: int
    unknown: int


def counts(
    *, seen_by: Scope, slugs: Collection[str] | None = None, weeks: int = WEEKS
) -> dict[str, tuple[Headcount, ...]]:
    """By segment the counts of the last Sundays and of the current day, ascending; of some segments or of all.

    Two queries, three for whoever does not see everything. A segment that is not computed yet is not in it.
    """
    rows = models.Segment.objects.filter(retired_at=None).exclude(computed_as_of=None)
    chosen = {row.pk: row for row in (rows if slugs is None else rows.filter(slug__in=slugs))}
    if not chosen:
        return {}
    today = max(row.computed_as_of for row in chosen.values() if row.computed_as_of is not None)
    sunday = today - timedelta(days=today.weekday() + 1)
    days = [*(sunday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)), today]
    ids = [] if seen_by.everything else list(accounts.visible(seen_by=seen_by).values_list("pk", flat=True))
    found: dict[str, list[Headcount]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [list(chosen), days, seen_by.everything, ids])
        for segment, *counted in cursor.fetchall():
            found.setdefault(chosen[segment].slug, []).append(Headcount(*counted))
    return {slug: tuple(rows) for slug, rows in found.items()}


def preview(*, condition: Any, seen_by: Scope) -> Preview:
    """Whom a condition would hold for on the current day, among those that the asker may see; nothing is kept."""
    said = vocabulary.accounts()
    read = vocabulary.read(condition, said)
    plain = vocabulary.plain(read, said)
    covered = values.extent()
    if covered is None:
        raise Invalid("No numbers are computed yet. Import accounts first.")
    ids = list(accounts.visible(seen_by=seen_by).filter(merged_into=None).values_list("pk", flat=True))
    found = judged.today(plain, account_ids=ids, day=covered.as_of)
    inside = found.filter(found["holds"].fill_null(value=False))
    worth = accounts.visible(seen_by=seen_by).filter(pk__in=inside["account_id"].to_list())
    total = worth.aggregate(sum=Sum("arr_reporting"))["sum"]
    shown = list(worth.order_by(F("arr_reporting").desc(nulls_last=True), "key")[:PREVIEWED])
    rows = {row["account_id"]: row for row in inside.iter_rows(named=True)}
    return Preview(
        words.words(read),
        inside.height,
        found["holds"].null_count(),
        found.height,
        None if total is None else Money(total, rates.reporting()),
        tuple(_previewed(account, rows[account.pk], plain, covered.as_of) for account in shown),
    )


def _previewed(account: Any, row: Mapping[str, Any], condition: tree.Condition, day: date) -> MemberView:
    because = judging.judge(condition, row, as_of=day).because
    worth = accounts.arr_reporting(account)
    return MemberView(account.pk, account.key, account.name, "member", day, None, because, (), worth)
