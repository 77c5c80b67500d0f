"""Segments as people see them: who is in, since when and why, how many there were, what they are worth."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
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
FEW = 2000


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
    """Whom a condition would hold for now: counts of all that the asker may see, and some of them with the reasons.

    `coming` and `going` are those who would enter and leave the segment that says otherwise so far, the largest ARR first.
    """

    words: str
    members: int
    unknown: int
    customers: int
    arr: Money | None
    some: tuple[MemberView, ...]
    comes: int = 0
    goes: int = 0
    coming: tuple[MemberView, ...] = ()
    going: tuple[MemberView, ...] = ()


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
    return some(slugs=(slug,), seen_by=seen_by)[0]


def some(*, slugs: Sequence[str], seen_by: Scope) -> tuple[SegmentView, ...]:
    """Several segments in force, in the order asked for."""
    rows = {row.slug: row for row in _in_force().filter(slug__in=slugs)}
    for slug in slugs:
        if slug not in rows:
            raise NotFound('There is no segment "%(slug)s".', slug=slug)
    return _views([rows[slug] for slug in slugs], seen_by)


def asking(metric: str) -> tuple[tuple[str, str], ...]:
    """Slug and title of the segments in force that ask for a metric, by title. One query."""
    rows = models.Segment.objects.filter(retired_at=None).order_by("title", "slug")
    named = f"{vocabulary.METRIC}{metric}"
    return tuple((row.slug, row.title) for row in rows if named in vocabulary.named(row.condition))


def _views(rows: Sequence[models.Segment], seen_by: Scope) -> tuple[SegmentView, ...]:
    if not rows:
        return ()
    counts = _counted(rows, seen_by)
    said, currency = vocabulary.accounts(), rates.reporting()
    return tuple(_view(row, counts.get(row.pk, {}), said, currency) for row in rows)


def _counted(rows: Sequence[models.Segment], seen_by: Scope) -> dict[int, Mapping[str, Any]]:
    """By segment its present members, those of whom it cannot be told, and their ARR: stored sums for who sees everything."""
    member = Q(state="member")
    if seen_by.everything:
        sums = models.Turnover.objects.filter(segment__in=rows).values("segment")
        found = sums.annotate(
            members=Sum("accounts", filter=member),
            unknown=Sum("accounts", filter=~member),
            arr=Sum("worth", filter=member),
            rated=Sum("rated", filter=member),
        )
        return {row["segment"]: row if row["rated"] else {**row, "arr": None} for row in found}
    mine = _present(seen_by).filter(segment__in=rows).values("segment")
    return {
        row["segment"]: row
        for row in mine.annotate(
            members=Count("pk", filter=member),
            unknown=Count("pk", filter=~member),
            arr=Sum("account__arr_reporting", filter=member),
        )
    }


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
        counted.get("members") or 0,
        counted.get("unknown") or 0,
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
    return _seen(seen_by).filter(until=None)


def _seen(seen_by: Scope) -> "QuerySet[models.Membership]":
    rows = models.Membership.objects.all()
    return rows if seen_by.everything else rows.filter(account__in=accounts.visible(seen_by=seen_by))


def members(
    *,
    slug: str,
    seen_by: Scope,
    state: str = "member",
    as_of: date | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[MemberView, ...]:
    """Who is in it now, or was on a stored day, by key from the one after `after` on. Three queries."""
    if state not in dict(models.STATES):
        raise Invalid('"%(state)s" is no state. Use member or unknown.', state=state)
    segment = models.Segment.objects.filter(slug=slug, retired_at=None).first()
    if segment is None:
        raise NotFound('There is no segment "%(slug)s".', slug=slug)
    rows = _seen(seen_by).filter(segment=segment, state=state)
    if as_of is None:
        rows = rows.filter(until=None)
    else:
        rows = rows.filter(since__lte=as_of).filter(Q(until=None) | Q(until__gt=as_of))
    # Few are found and put in order; of many the order of keys is followed until there are enough.
    few = list(rows.order_by().values_list("pk", flat=True)[: FEW + 1])
    rows = (rows if len(few) > FEW else rows.filter(pk__in=few)).filter(account__key__gt=after)
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


def moves(
    *, slug: str, seen_by: Scope, since: date, until: date | None = None, limit: int = 50
) -> tuple[Move, ...]:
    """Who entered or left from a day on, and until one, latest first. Two queries."""
    segment = models.Segment.objects.filter(slug=slug).values("pk")[:1]
    rows = _seen(seen_by).filter(segment=segment, state="member").select_related("account")
    came, went = rows.filter(since__gte=since), rows.filter(until__gte=since)
    if until is not None:
        came, went = came.filter(since__lte=until), went.filter(until__lte=until)
    found = [
        Move(row.account.key, row.account.name, row.since, entered=True, because=tuple(row.because))
        for row in came.order_by("-since", "account__key")[:limit]
    ]
    found += [
        Move(row.account.key, row.account.name, row.until, entered=False, because=tuple(row.ended_because))
        for row in went.order_by("-until", "account__key")[:limit]
        if row.until is not None
    ]
    return tuple(sorted(found, key=lambda move: (-move.day.toordinal(), move.key))[:limit])


# Of everybody the sums are stored; of a book who came and who left is one pass over its memberships.
_STORED = """
    SELECT segment_id, state, day, sum(accounts)::int FROM segments_turnover WHERE segment_id = ANY(%(segments)s)
    GROUP BY 1, 2, 3
"""
_COUNTS = """
    WITH there AS (
        SELECT segment_id, state, since, until FROM segments_membership
        WHERE segment_id = ANY(%(segments)s) AND account_id = ANY(%(accounts)s)
    )
    SELECT segment_id, state, since, count(*) FROM there GROUP BY 1, 2, 3
    UNION ALL SELECT segment_id, state, until, -count(*) FROM there WHERE until IS NOT NULL GROUP BY 1, 2, 3
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
    asked: dict[str, Any] = {"segments": list(chosen)}
    if not seen_by.everything:
        asked["accounts"] = list(accounts.visible(seen_by=seen_by).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_STORED if seen_by.everything else _COUNTS, asked)
        moved: dict[tuple[int, str], Counter[date]] = defaultdict(Counter)
        for segment, state, day, change in cursor.fetchall():
            moved[segment, state][day] += change
    return {
        row.slug: tuple(
            Headcount(*told)
            for told in zip(
                days, *(_until(moved[pk, state], days) for state in ("member", "unknown")), strict=True
            )
        )
        for pk, row in chosen.items()
    }


def _until(changes: Mapping[date, int], days: Sequence[date]) -> list[int]:
    """How many there were on each day: the changes up to it, summed up."""
    on = sorted(changes)
    sums = [0, *accumulate(changes[day] for day in on)]
    return [sums[bisect_right(on, day)] for day in days]


def preview(*, condition: Any, seen_by: Scope, slug: str = "", known: Vocabulary | None = None) -> Preview:
    """Whom a condition would hold for on the current day, among those that the asker may see; nothing is kept.

    With a segment's name also who would enter and leave it: two queries more. A few less where the words are given.
    """
    said = known or vocabulary.accounts()
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
    rows = {row["account_id"]: row for row in found.iter_rows(named=True)}
    now = set(inside["account_id"])
    so_far = _members_now(slug, seen_by) if slug else now
    coming, going = now - so_far, (so_far & rows.keys()) - now

    def largest(ids: set[int]) -> tuple[MemberView, ...]:
        if not ids:
            return ()
        chosen = accounts.visible(seen_by=seen_by).filter(pk__in=ids)
        ordered = chosen.order_by(F("arr_reporting").desc(nulls_last=True), "key")[:PREVIEWED]
        return tuple(_previewed(account, rows[account.pk], plain, covered.as_of) for account in ordered)

    return Preview(
        words.words(read),
        inside.height,
        found["holds"].null_count(),
        found.height,
        None if total is None else Money(total, rates.reporting()),
        largest(now),
        len(coming),
        len(going),
        largest(coming),
        largest(going),
    )


def _members_now(slug: str, seen_by: Scope) -> set[int]:
    rows = _present(seen_by).filter(segment__slug=slug, state="member")
    return set(rows.values_list("account_id", flat=True))


def _previewed(account: Any, row: Mapping[str, Any], condition: tree.Condition, day: date) -> MemberView:
    because = judging.judge(condition, row, as_of=day).because
    worth = accounts.arr_reporting(account)
    return MemberView(account.pk, account.key, account.name, "member", day, None, because, (), worth)
