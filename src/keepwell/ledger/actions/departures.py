"""Note which accounts said that they left."""

import polars as pl
from django.db.models import Q

from keepwell.ledger import frames, lake, models


def note(*, after_batch: int) -> list[int]:
    """Keep the last `account.churned` of each account that new batches tell of; gives those accounts.

    One query an account that left.

    Whether the account is former is restated from this and its contracts: one that began later brings it back.
    """
    told = lake.scan(after_batch=after_batch).filter(
        (pl.col("batch") > after_batch) & (pl.col("name") == "account.churned")
    )
    left = frames.resolved(frames.counted(told)).group_by("account_id").agg(pl.col("at").max())
    found = left.collect()
    for account_id, at in found.iter_rows():
        models.Account.objects.filter(pk=account_id).filter(Q(left_at=None) | Q(left_at__lt=at)).update(
            left_at=at
        )
    return found["account_id"].to_list()
