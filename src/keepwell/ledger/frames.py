"""Events as frames, cut at a moment: what happened before it, as it was known before another.

Narwhals lazy frames, on Polars here; the formulas above use only what Narwhals offers on Spark too.
"""

from collections.abc import Collection
from datetime import datetime

import narwhals as nw
import polars as pl

from keepwell.ledger import lake
from keepwell.ledger.queries import identity, retractions

_MOMENT = pl.Datetime("us", "UTC")


def events(
    *,
    until: datetime,
    since: datetime | None = None,
    known_by: datetime | None = None,
    accounts: Collection[int] | None = None,
    names: Collection[str] | None = None,
    kind: str | None = None,
) -> "nw.LazyFrame[pl.LazyFrame]":
    """All events with since ≤ at < until and known_at < known_by (None: as known now), with the `account_id` they mean.

    Events that mean no account yet are left out; they return once an account claims their key. Retracted events are
    left out from the moment of their retraction. `id` is the event's key, 32 hexadecimal digits. Five queries
    (identity, retractions) whatever the size.
    """
    frame = lake.scan(since=since, until=until).filter(pl.col("at") < until)
    if since is not None:
        frame = frame.filter(pl.col("at") >= since)
    if known_by is not None:
        frame = frame.filter(pl.col("known_at") < known_by)
    if kind is not None:
        frame = frame.filter(pl.col("kind") == kind)
    if names is not None:
        frame = frame.filter(pl.col("name").is_in(list(names)))
    frame = resolved(counted(frame, known_by=known_by), accounts, known_by)
    return nw.from_native(frame.with_columns(pl.col("id").bin.encode("hex")))


def contracts(
    *, until: datetime, known_by: datetime | None = None, accounts: Collection[int] | None = None
) -> "nw.LazyFrame[pl.LazyFrame]":
    """One row for each contract event: account_id, contract, at, known_at, arr, currency, seats, start_date, end_date.

    `end_date` null means open-ended, `seats` null not stated. The state of a contract at a moment is its last row before.
    """
    said = events(
        until=until, known_by=known_by, accounts=accounts, names=("contract.signed", "contract.changed")
    )
    frame = said.to_native().select(
        "account_id",
        "at",
        "known_at",
        pl.col("value").alias("arr"),
        _term("contract"),
        _term("currency"),
        _term("seats").cast(pl.Int64, strict=False),
        _term("start_date").str.to_date("%Y-%m-%d", strict=False),
        _term("end_date").str.to_date("%Y-%m-%d", strict=False),
    )
    return nw.from_native(frame)


def _term(name: str) -> pl.Expr:
    """One of a contract's terms as text; null when it is not stated. Whatever stands there, reading it never fails."""
    return pl.col("props").str.json_path_match(f"$.{name}").alias(name)


def counted(frame: pl.LazyFrame, *, known_by: datetime | None = None) -> pl.LazyFrame:
    """The lake's rows without those that were taken back before a moment (None: ever)."""
    taken_back = retractions.known(known_by=known_by)
    if taken_back.origins:
        frame = frame.filter(pl.col("origin").is_null() | ~pl.col("origin").is_in(taken_back.origins))
    if taken_back.keys:
        gone = pl.LazyFrame({"id": taken_back.keys}, schema={"id": pl.Binary})
        frame = frame.join(gone, on="id", how="anti")
    return frame


def resolved(
    frame: pl.LazyFrame, accounts: Collection[int] | None = None, known_by: datetime | None = None
) -> pl.LazyFrame:
    """Resolve raw keys as known before a moment (None: now): the person to whom theirs belongs; the account by the
    event's own account key or, where it has none, by its person's one account at that time."""
    meant = identity.links(accounts=accounts, known_by=known_by)
    key = {"key": pl.String()}
    named = pl.LazyFrame(meant.accounts, schema={**key, "account_id": pl.Int64()}, orient="row")
    span = {"since": _MOMENT, "until": _MOMENT}
    placed = pl.LazyFrame(meant.people, schema={**key, "account_id": pl.Int64(), **span}, orient="row")
    direct, indirect = (
        frame.filter(pl.col("account") != ""),
        frame.filter((pl.col("account") == "") & (pl.col("person") != "")),
    )
    if accounts is not None:
        direct = direct.filter(pl.col("account").is_in([key for key, _ in meant.accounts]))
        indirect = indirect.filter(pl.col("person").is_in(list({key for key, *_ in meant.people})))
    begun = pl.col("since").is_null() | (pl.col("at") >= pl.col("since"))
    holds = begun & (pl.col("until").is_null() | (pl.col("at") < pl.col("until")))
    indirect = indirect.join(placed, left_on="person", right_on="key").filter(holds).drop("since", "until")
    both = pl.concat([direct.join(named, left_on="account", right_on="key"), indirect])
    return _by_person(both, meant.persons)


def _by_person(frame: pl.LazyFrame, persons: list[tuple[str, str]]) -> pl.LazyFrame:
    """With the key of the person whom each raw person key means in its place."""
    if not persons:
        return frame
    meant = pl.LazyFrame(persons, schema={"person": pl.String(), "_meant": pl.String()}, orient="row")
    joined = frame.join(meant, on="person", how="left")
    return joined.with_columns(pl.coalesce("_meant", "person").alias("person")).drop("_meant")
