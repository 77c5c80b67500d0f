"""Keep memberships in step with facts: on stored days, with the reason for each entry and exit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import polars as pl
from django.db import connection, transaction

from keepwell.ledger.models import Account
from keepwell.metrics.conditions import judging, tree
from keepwell.metrics.conditions.tree import Condition
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.metrics.formulas import increments
from keepwell.metrics.queries import catalogue, values
from keepwell.segments import models
from keepwell.segments.formulas import spans
from keepwell.segments.queries import columns, judged, vocabulary

BLOCK = 1000
GONE = "Is no customer any more"
MOST_DIFFERENCES = 2000
_SETTLE = """
    WITH told AS (
        DELETE FROM segments_turnover WHERE (SELECT count(*) FROM segments_turnover WHERE NOT settled) > %s
        RETURNING segment_id, state, day, accounts, worth, rated
    )
    INSERT INTO segments_turnover (segment_id, state, day, accounts, worth, rated, settled)
    SELECT segment_id, state, day, sum(accounts), sum(worth), sum(rated), TRUE FROM told GROUP BY 1, 2, 3
    HAVING sum(accounts) <> 0 OR sum(worth) <> 0 OR sum(rated) <> 0
"""


@dataclass(frozen=True)
class _Judged:
    """A segment, its condition without other segments, and what must be computed of it."""

    segment: models.Segment
    condition: Condition
    computed: Mapping[str, Any]
    plan: increments.Plan

    @property
    def is_new(self) -> bool:
        """Whether it was not judged yet, or says something else now."""
        return self.segment.computed != self.computed


@dataclass(frozen=True)
class Whole:
    """A segment whose whole past was judged: by what, and from which values."""

    segment_id: int
    computed: Mapping[str, Any]
    covered: increments.Coverage


Progress = Callable[[int, int], None]


def waiting() -> bool:
    """Whether any segment waits to be judged. One query."""
    return models.Judging.objects.exists()


def refresh(*, since_by_account: Mapping[int, date] | None, as_of: date, defer: bool = False) -> int:
    """Judge again what new facts changed, from each account's day on (None: everything); gives how many rows it wrote.

    Run it after the refresh of the metric values, with the same arguments. A segment that was not computed yet, or says
    something else now, is judged on all stored days, with `defer` by `judge` later; the others only where facts, owners or the
    day moved. Boundaries lie on stored days: daily for three weeks back, Sundays before. One transaction.
    """
    covered = values.extent()
    rows = list(models.Segment.objects.filter(retired_at=None).order_by("slug"))
    if covered is None or not rows:
        return 0
    with transaction.atomic():
        list(models.Segment.objects.select_for_update().filter(pk__in=[row.pk for row in rows]))
        words = vocabulary.accounts()
        planned = [_planned(row, words, covered, since_by_account, as_of) for row in rows]
        later = [one for one in planned if defer and since_by_account is not None and one.is_new]
        _wait(later)
        work = [one for one in planned if one not in later]
        written = sum(_alike(alike) for alike in _by_plan(work))
        for one in work:
            _note_judged(one, covered)
    settle_turnover()
    return written


def settle_turnover() -> None:
    """Add up the differences of segments once they are many; what is told meanwhile stays beside the sums. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [MOST_DIFFERENCES])


def judge() -> list[Whole]:
    """Judge the whole past of the segments that wait for it, in blocks that are there at once; gives what it rests on.

    How far it is stands in their rows. Cut off, it begins again. Members are shown meanwhile as far as it is.
    """
    covered = values.extent()
    rows = list(models.Judging.objects.select_related("segment").order_by("segment__slug"))
    if covered is None or not rows:
        return []
    words = vocabulary.accounts()
    work = [_planned(row.segment, words, covered, None, covered.as_of) for row in rows]
    for alike in _by_plan(work):
        _alike(alike, note=_noting(alike))
    return [Whole(one.segment.pk, one.computed, covered) for one in work]


def settle(found: Sequence[Whole], *, since_by_account: Mapping[int, date]) -> None:
    """Bring what was judged up to the facts that came since; nothing else may refresh meanwhile.

    What says something else by now goes on waiting.
    """
    with transaction.atomic():
        covered, words = values.extent(), vocabulary.accounts()
        rows = models.Segment.objects.select_for_update().in_bulk([whole.segment_id for whole in found])
        for whole in found:
            if covered is None or rows[whole.segment_id].retired_at is not None:
                continue
            now = _planned(rows[whole.segment_id], words, covered, since_by_account, covered.as_of)
            if now.computed == whole.computed:
                _alike([replace(now, plan=_since(whole, now, covered, since_by_account))])
                _note_judged(now, covered)


def _since(
    whole: Whole, now: _Judged, covered: increments.Coverage, since: Mapping[int, date]
) -> increments.Plan:
    before = increments.Coverage(whole.covered.as_of, whole.computed, whole.covered.beginnings)
    told = columns.with_hand_overs(since, conditions=[now.condition], before=before)
    after = increments.Coverage(covered.as_of, now.computed, covered.beginnings)
    return increments.plan(since_by_account=told, before=before, now=after)


def _note_judged(one: _Judged, covered: increments.Coverage) -> None:
    models.Segment.objects.filter(pk=one.segment.pk).update(
        computed=dict(one.computed), computed_as_of=covered.as_of, beginnings=covered.beginnings
    )
    models.Judging.objects.filter(segment=one.segment).delete()


def _wait(later: Sequence[_Judged]) -> None:
    """Leave word of what is judged later, unless the same waits already."""
    models.Judging.objects.exclude(segment__in=[one.segment.pk for one in later]).delete()
    waiting = dict(models.Judging.objects.values_list("segment", "computed"))
    for one in later:
        if waiting.get(one.segment.pk) != one.computed:
            said = {"computed": dict(one.computed), "done": 0, "total": 0}
            models.Judging.objects.update_or_create(segment=one.segment, defaults=said)


def _noting(work: Sequence[_Judged]) -> Progress:
    rows = models.Judging.objects.filter(segment__in=[one.segment.pk for one in work])

    def note(done: int, total: int) -> None:
        rows.update(done=done, total=total)

    return note


def _planned(
    segment: models.Segment,
    words: Vocabulary,
    covered: increments.Coverage,
    since_by_account: Mapping[int, date] | None,
    as_of: date,
) -> _Judged:
    condition = vocabulary.plain(tree.read(segment.condition, words), words, own=segment.slug)
    used = vocabulary.metrics_of(condition)
    computed = {
        "condition": tree.written(condition),
        "metrics": {slug: covered.definition.get(slug) for slug in sorted(used)},
    }
    before = None
    if segment.computed is not None and segment.computed_as_of is not None:
        before = increments.Coverage(segment.computed_as_of, segment.computed, segment.beginnings)
    since = columns.with_hand_overs(since_by_account, conditions=[condition], before=before)
    now = increments.Coverage(as_of, computed, covered.beginnings)
    return _Judged(
        segment, condition, computed, increments.plan(since_by_account=since, before=before, now=now)
    )


def _by_plan(work: Sequence[_Judged]) -> Iterator[list[_Judged]]:
    """Segments with the same plan together, so that what they ask is read once."""
    groups: list[list[_Judged]] = []
    for one in work:
        same = next((group for group in groups if group[0].plan == one.plan), None)
        if same is None:
            groups.append([one])
        else:
            same.append(one)
    yield from groups


def _alike(work: Sequence[_Judged], *, note: Progress | None = None) -> int:
    plan = work[0].plan
    since = dict(plan.since_by_account)
    if plan.everybody_since is not None:
        for account in Account.objects.order_by("pk").values_list("pk", flat=True):
            since[account] = min(since.get(account, plan.everybody_since), plan.everybody_since)
    days = plan.days_from(min(since.values())) if since else ()
    if not days:
        return 0
    accounts, written = sorted(since), 0
    only = accounts if len(accounts) <= BLOCK else None
    held = columns.held([one.condition for one in work], days=days, accounts=only)
    for start in range(0, len(accounts), BLOCK):
        block = {account: since[account] for account in accounts[start : start + BLOCK]}
        with transaction.atomic():
            written += _block(work, block, held)
        if note is not None:
            note(start + len(block), len(accounts))
    return written


def _block(work: Sequence[_Judged], since: Mapping[int, date], held: columns.Held) -> int:
    always = catalogue.all_metrics()[0].slug
    asked = values.stored(since=since, metrics=[always]).select(*columns.KEYS)
    table = columns.table(asked, held)
    return sum(_replace(one, table, since) for one in work)


def _replace(one: _Judged, table: pl.DataFrame, since: Mapping[int, date]) -> int:
    """Let the rows of these accounts from their days on say what is true now; those that do already stay. Two writes."""
    answers = judged.answers(table, one.condition)
    everywhere = table.select(*columns.KEYS).join(answers, on=columns.KEYS, how="left", coalesce=True)
    left = table.join(answers, on=columns.KEYS, how="anti").select(*columns.KEYS, _gone=pl.lit(value=True))
    states = everywhere.join(left, on=columns.KEYS, how="left").with_columns(
        holds=pl.when(pl.col("_gone").is_not_null()).then(pl.lit(value=False)).otherwise(pl.col("holds"))
    )
    turned = spans.turns(states.select(*columns.KEYS, "holds"))
    stood = _stood(one.segment, since)
    moved = _moved(turned, stood, since)
    why = _reasons(moved, table, one.condition)
    changes = _changes(stood, why, since)
    if changes.gone:
        models.Membership.objects.filter(pk__in=changes.gone).delete()
    rows = [
        models.Membership(segment=one.segment, account_id=account, **span._asdict())
        for account, span in changes.new
    ]
    models.Membership.objects.bulk_create(rows, batch_size=5000)
    return len(rows)


class _Span(NamedTuple):
    """One time in a state: what a row says beside whose it is."""

    state: str
    since: date
    because: tuple[str, ...]
    until: date | None = None
    ended_because: tuple[str, ...] = ()


class _Changes(NamedTuple):
    """Keys of rows that go, and the spans of accounts that come."""

    gone: list[int]
    new: list[tuple[int, _Span]]


_Stood = Mapping[int, Sequence[models.Membership]]
_Turn = tuple[date, str, tuple[str, ...]]


def _stood(segment: models.Segment, since: Mapping[int, date]) -> dict[int, list[models.Membership]]:
    """The rows that lasted until the account's day or longer: those that ended before stay as they are. One query."""
    found: dict[int, list[models.Membership]] = {}
    rows = models.Membership.objects.filter(segment=segment, account__in=list(since)).order_by("since")
    for row in rows.exclude(until__lt=min(since.values())):
        if row.until is None or row.until >= since[row.account_id]:
            found.setdefault(row.account_id, []).append(row)
    return found


def _moved(turned: pl.DataFrame, stood: _Stood, since: Mapping[int, date]) -> pl.DataFrame:
    """The turns that say something else than what stood before an account's day, or than the turn before."""
    states = [
        (account, row.state) for account, rows in stood.items() for row in rows if row.since < since[account]
    ]
    before = pl.DataFrame(states, schema={"account_id": pl.Int64, "_before": pl.String}, orient="row")
    joined = turned.join(before, on="account_id", how="left").sort(*columns.KEYS)
    earlier = pl.col("state").shift().over("account_id").fill_null(pl.col("_before")).fill_null("")
    return joined.filter(pl.col("state") != earlier).drop("_before")


def _reasons(turned: pl.DataFrame, table: pl.DataFrame, condition: Condition) -> dict[int, list[_Turn]]:
    """By account its turns in order: the day, the state, and why."""
    found: dict[int, list[_Turn]] = {}
    for row in turned.join(table, on=columns.KEYS).sort(*columns.KEYS).iter_rows(named=True):
        because = tuple(judging.judge(condition, row, as_of=row["as_of"]).because)
        if row["former"] and row["state"] == "":
            because = (GONE,)
        found.setdefault(row["account_id"], []).append((row["as_of"], row["state"], because))
    return found


def _changes(stood: _Stood, why: Mapping[int, Sequence[_Turn]], since: Mapping[int, date]) -> _Changes:
    """The rows that are wrong now, and the spans that no row says."""
    gone: list[int] = []
    new: list[tuple[int, _Span]] = []
    for account, day in since.items():
        had = {_said(row): row.pk for row in stood.get(account, ())}
        wanted = _joined(list(had), day, why.get(account, ()))
        gone += [pk for span, pk in had.items() if span not in wanted]
        new += [(account, span) for span in wanted if span not in had]
    return _Changes(gone, new)


def _said(row: models.Membership) -> _Span:
    return _Span(row.state, row.since, tuple(row.because), row.until, tuple(row.ended_because))


def _joined(stood: Sequence[_Span], day: date, turns: Sequence[_Turn]) -> list[_Span]:
    """What lasted until a day as it stood, then the spans of the turns from it on."""
    spans = [span._replace(until=None, ended_because=()) for span in stood if span.since < day]
    for as_of, state, because in turns:
        if spans and spans[-1].until is None:
            spans[-1] = spans[-1]._replace(until=as_of, ended_because=because)
        if state:
            spans.append(_Span(state, as_of, because))
    return spans
