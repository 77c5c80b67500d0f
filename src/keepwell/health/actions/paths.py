"""Keep the paths of accounts, and the figures of the portfolio that are sums of them, in step with scores and owners."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.db.models import Q

from keepwell.health import models
from keepwell.health.formulas import portfolio
from keepwell.health.queries import paths
from keepwell.kernel.moments import DAY, start_of
from keepwell.ledger.models import Account, Ownership
from keepwell.metrics.actions import bulk

EVERYBODY = "{0}"
BLOCK = 20_000
FORM = 3
_ADD = """
    INSERT INTO health_tally AS t (owners, facet, day, a, b, accounts, unpriced, cents)
    SELECT owners::bigint[], facet, day, a, b, accounts, unpriced, cents
    FROM unnest(%s::text[], %s::text[], %s::date[], %s::text[], %s::text[], %s::int[], %s::int[], %s::bigint[])
        AS said (owners, facet, day, a, b, accounts, unpriced, cents)
    ORDER BY owners, facet, day, a, b
    ON CONFLICT (owners, facet, day, a, b) DO UPDATE SET accounts = t.accounts + excluded.accounts,
        unpriced = t.unpriced + excluded.unpriced, cents = t.cents + excluded.cents
"""


def refresh(*, since_by_account: Mapping[int, date] | None, signed: Collection[int], as_of: date) -> int:
    """Look again at the accounts that have news, or at all (None, a new day, other rates, another way to judge).

    Of those not in `signed` the ARR of past days stands. Gives how many paths it wrote. Run it after the scores.
    """
    definition = {"form": FORM, **paths.definition(as_of=as_of)}
    with transaction.atomic():
        before = models.PathExtent.objects.select_for_update().first()
        is_same = before is not None and (before.as_of, before.definition) == (as_of, definition)
        if since_by_account is None or not is_same:
            written = _everybody(as_of)
        else:
            written = _some(_concerned(since_by_account, as_of), signed, as_of)
        models.PathExtent.objects.update_or_create(id=1, defaults={"as_of": as_of, "definition": definition})
    return written


def _everybody(as_of: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM health_path; DELETE FROM health_tally")
    said = paths.signed(as_of=as_of)
    everybody = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(everybody), BLOCK):
        block = everybody[start : start + BLOCK]
        found = paths.computed(account_ids=block, as_of=as_of, stood=paths.frame(()), said=said)
        bulk.copy_in(models.Path._meta.db_table, found)
        _add([(found, 1)], as_of)
    return len(everybody)


def _concerned(since: Mapping[int, date], as_of: date) -> list[int]:
    """Accounts with new facts, those that were handed over or overridden of late, and those that came or are gone."""
    handed = Ownership.objects.filter(Q(since__gte=as_of) | Q(until__gte=as_of))
    late = start_of(as_of) - DAY
    overridden = models.Override.objects.filter(Q(made_at__gte=late) | Q(ended_at__gte=late))
    found = {*since, *handed.values_list("account", flat=True), *overridden.values_list("account", flat=True)}
    if Account.objects.count() != models.Path.objects.count():
        known, there = (
            set(rows)
            for rows in (
                models.Path.objects.values_list("pk", flat=True),
                Account.objects.values_list("pk", flat=True),
            )
        )
        found |= known ^ there
    return sorted(found)


def _some(account_ids: Sequence[int], signed: Collection[int], as_of: date) -> int:
    if not account_ids:
        return 0
    rows = models.Path.objects.filter(pk__in=account_ids)
    stood = paths.frame(rows.values("account_id", *paths.KEPT))
    whole = set(signed) | (set(account_ids) - set(stood["account_id"].to_list()))
    kept = stood.filter(~pl.col("account_id").is_in(list(whole)))
    found = paths.computed(account_ids=account_ids, as_of=as_of, stood=kept, said=None)
    rows.delete()
    bulk.copy_in(models.Path._meta.db_table, found)
    _add([(_others(stood, found), -1), (_others(found, stood), 1)], as_of)
    return found.height


def _others(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The paths that add other figures than the known ones: most facts move points alone."""
    return rows.join(known, on=["account_id", *paths.KEPT], how="anti", nulls_equal=True)


def _add(told: Sequence[tuple[pl.DataFrame, int]], as_of: date) -> None:
    """Add the figures of paths to the tallies of their owners and of everybody, or take them off."""
    told = [(rows, sign) for rows, sign in told if not rows.is_empty()]
    if not told:
        return
    figures = pl.concat(
        portfolio.contributions(paths.listed(rows.with_columns(owners)), as_of=as_of).with_columns(
            pl.col("accounts", "unpriced", "cents") * sign
        )
        for rows, sign in told
        for owners in (pl.col("owners"), pl.lit(EVERYBODY).alias("owners"))
    )
    sums = figures.group_by(portfolio.COUNTED).agg(pl.col("accounts", "unpriced", "cents").sum())
    moved = sums.filter(pl.any_horizontal(pl.col("accounts", "unpriced", "cents") != 0))
    if moved.is_empty():
        return
    columns: list[list[Any]] = [
        moved[name].to_list() for name in (*portfolio.COUNTED, "accounts", "unpriced", "cents")
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, columns)
    models.Tally.objects.filter(accounts=0, unpriced=0, cents=0).delete()
