"""Events that mean no account yet: kept, and counted as soon as an account claims their key."""

import polars as pl

from keepwell.ledger import lake
from keepwell.ledger.queries import identity


def count() -> int:
    """How many events in the lake name neither a known account nor a person of exactly one. Reads two columns once."""
    by_account, by_person = identity.links()
    accounts, people = [key for key, _ in by_account], [key for key, _ in by_person]
    named = pl.col("account") != ""
    known = (named & pl.col("account").is_in(accounts)) | (~named & pl.col("person").is_in(people))
    return int(lake.scan().select((~known).sum()).collect().item())
