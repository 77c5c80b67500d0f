"""Keep the stored scores, the standings and the changes of band in step with the metric values."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import polars as pl
from django.db import connection, transaction

from keepwell.health import models
from keepwell.health.actions import lines, overrides, standings
from keepwell.health.formulas.encoding import FORM
from keepwell.health.queries import cards
from keepwell.health.queries.evaluation import facts, judged, needed
from keepwell.ledger.models import Account
from keepwell.metrics.actions import bulk
from keepwell.metrics.conditions import tree
from keepwell.metrics.formulas import increments
from keepwell.metrics.queries import values
from keepwell.segments.queries import columns

BLOCK = 1000
TABLE = models.Score._meta.db_table


class Read(NamedTuple):
    """What scores rest on: the last batch and the version of the lake that was read; and when."""

    batch: int
    lake_version: int | None
    at: datetime


def refresh(
    *,
    since_by_account: Mapping[int, date] | None,
    as_of: date,
    at: datetime,
    batch: int,
    lake_version: int | None = None,
) -> int:
    """Score again what changed in the stored metric values, on the same days; gives how many rows it wrote.

    Run it after the refresh of the metric values, with the same arguments. Afterwards the scores are those of a
    rebuild. The standings move to the current day; where a band moves, a change is recorded and told to the
    ledger. One transaction, in blocks of 1000 accounts: one read and two writes a block.
    """
    lines.heard(accounts=since_by_account, at=at)
    lines.count_anew() if since_by_account is None else lines.settle()
    spans = cards.spans()
    covered = values.extent()
    if not any(span.versions for span in spans) or covered is None:
        return 0
    with transaction.atomic():
        before = _before()
        now = increments.Coverage(as_of, _definition(spans, covered), covered.beginnings)
        conditions = [said for span in spans for version in span.versions for said in version.card.conditions]
        since = columns.with_hand_overs(since_by_account, conditions=conditions, before=before)
        plan = increments.plan(since_by_account=since, before=before, now=now)
        read = Read(batch, lake_version, at)
        rows = sum(_passes(plan, spans, read))
        _trim(plan.days, before)
        over = overrides.expire(as_of=as_of, at=at)
        standings.move(accounts=sorted({*_concerned(plan), *over}), as_of=as_of, at=at)
        models.Extent.objects.update_or_create(
            id=1, defaults={"as_of": as_of, "definition": now.definition, "beginnings": now.beginnings}
        )
    return rows


def _definition(spans: Sequence[cards.Span], covered: increments.Coverage) -> dict[str, object]:
    """What scores depend on besides values: who judges when, and what the metrics mean that are judged."""
    judging = [[span.since.isoformat(), *(version.version_id for version in span.versions)] for span in spans]
    versions = {str(version.version_id): version for span in spans for version in span.versions}
    asked = {key: [tree.written(c) for c in version.card.conditions] for key, version in versions.items()}
    metrics = {slug: covered.definition.get(slug) for slug in sorted(needed(spans))}
    return {"judging": judging, "asked": asked, "metrics": metrics, "form": FORM}


def _before() -> increments.Coverage | None:
    """What is stored, locked so that one refresh runs at a time."""
    extent = models.Extent.objects.select_for_update().first()
    return None if extent is None else increments.Coverage(extent.as_of, extent.definition, extent.beginnings)


def _concerned(plan: increments.Plan) -> list[int]:
    if plan.everybody_since is None:
        return sorted(plan.since_by_account)
    return list(Account.objects.order_by("pk").values_list("pk", flat=True))


def _passes(plan: increments.Plan, spans: Sequence[cards.Span], read: Read) -> Iterator[int]:
    since = dict(plan.since_by_account)
    if plan.everybody_since is not None:
        everybody = dict.fromkeys(_concerned(plan), plan.everybody_since)
        since = {account: min(day, since.get(account, day)) for account, day in everybody.items()}
    days = plan.days_from(min(since.values())) if since else ()
    if not days:
        return
    metrics, accounts = sorted(needed(spans)), sorted(since)
    asked = facts(spans, days=days, accounts=accounts if len(accounts) <= BLOCK else None)
    for start in range(0, len(accounts), BLOCK):
        block = {account: since[account] for account in accounts[start : start + BLOCK]}
        found = values.stored(since=block, metrics=metrics)
        yield _replace(judged(found, spans, facts=asked), block, read)


def _replace(scores: pl.DataFrame, since: Mapping[int, date], read: Read) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {TABLE} v USING unnest(%s::bigint[], %s::date[]) AS s (account_id, since) "  # noqa: S608
            "WHERE v.account_id = s.account_id AND v.as_of >= s.since",
            [list(since), list(since.values())],
        )
    return bulk.copy_in(
        TABLE,
        scores.with_columns(
            batch=pl.lit(read.batch),
            lake_version=pl.lit(read.lake_version, pl.Int64),
            computed_at=pl.lit(read.at.isoformat()),
        ),
    )


def _trim(days: Sequence[date], before: increments.Coverage | None) -> None:
    """Delete days that are no longer kept. One scan of the table, on the first refresh of a day only."""
    if before is not None and before.as_of != days[-1]:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE} WHERE as_of <> ALL(%s)", [list(days)])  # noqa: S608
