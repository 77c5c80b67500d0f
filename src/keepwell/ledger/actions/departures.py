"""Note which accounts said that they left."""

import narwhals as nw
from django.db.models import Q

from keepwell.ledger import frames, lake, models
from keepwell.ledger.engines import EMBEDDED


def note(*, after_batch: int) -> list[int]:
    """Keep the last `account.churned` of each account that new batches tell of; gives those accounts.

    One query an account that left.

    What an account said that was merged into another since says nothing about that one.

    Whether the account is former is restated from this and its contracts: one that began later brings it back.
    """
    told = EMBEDDED.scan(lake.snapshot(after_batch=after_batch).files).filter(
        (nw.col("batch") > after_batch) & (nw.col("name") == "account.churned")
    )
    rows = EMBEDDED.collected(told)
    if rows.is_empty():
        return []
    merged = models.Account.objects.exclude(merged_into=None).values_list("key", flat=True)
    told = nw.from_native(rows.lazy()).filter(~nw.col("account").is_in(list(merged)))
    left = frames.resolution().of(frames.counted(told)).group_by("account_id").agg(nw.col("at").max())
    found = EMBEDDED.collected(left)
    for account_id, at in found.iter_rows():
        models.Account.objects.filter(pk=account_id).filter(Q(left_at=None) | Q(left_at__lt=at)).update(
            left_at=at
        )
    return found["account_id"].to_list()
