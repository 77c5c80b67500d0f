"""Events as frames, cut at a moment: what happened before it, as it was known before another.

Narwhals lazy frames, on Polars unless another engine is asked for; the formulas above use only what Narwhals offers on
every engine.

Reading an event has two steps, so that whoever counts may reduce in between: `told` gives the lake's rows with the *raw*
keys that were sent (`account`, `person`), cut by time, knowledge and retraction; a `Resolution` says what raw keys mean.
It maps any frame that has the two key columns, so a hundred million events can be brought down to distinct (account,
person, day) first and a few million rows be resolved. `events` does one after the other.
"""

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import narwhals as nw
import polars as pl

from keepwell.ledger import lake
from keepwell.ledger.engines import EMBEDDED, Dialect, Frame
from keepwell.ledger.queries import identity, retractions

CONTRACTS = ("contract.signed", "contract.changed")
TERMS = ("contract", "currency", "seats", "start_date", "end_date")
FEW = 20  # of so many accounts or fewer what was told is held, so that the lake is gone through once
_NAMED = {"account": nw.String, "_named": nw.Int64}
_PLACED = {"_asks": nw.String, "_personal": nw.Int64, "_since": nw.Date, "_until": nw.Date}
_MEANT = {"person": nw.String, "_meant": nw.String}
_WHOLE = r"^-?[0-9]{1,18}$"
_DAY = nw.col("at").dt.date()


@dataclass(frozen=True)
class Resolution:
    """What raw keys mean: the account by the event's own account key or, where it has none, by its person's one account
    at that time; and the person to whom the person's key belongs.

    The lists are small beside the events; they travel to the engine once. What is dated or renamed is decided where the
    lists are made (`queries.identity.links`), never here.
    """

    links: identity.Links
    narrowed: bool
    engine: Dialect = EMBEDDED

    def of(self, frame: Frame, *, day: nw.Expr = _DAY) -> Frame:
        """The rows that mean an account, with its `account_id`. `day` tells a row's day.

        Rows of one raw key pair may have been brought together before, except where `account` is empty: there what the
        person's key means hangs on the day.
        """
        return meant(self.only(frame) if self.narrowed else frame, self.tables, day=day)

    @property
    def tables(self) -> dict[str, Frame]:
        """The lists as frames, by name; those of people only where there are any."""
        named = {"named": self.engine.frame_of(_columns(("account", "_named"), self.links.accounts), _NAMED)}
        spans = [
            (key, account, since and since.date(), until and until.date())
            for key, account, since, until in self.links.people
        ]
        placed = {"placed": self.engine.frame_of(_columns((*_PLACED,), spans), _PLACED)} if spans else {}
        said = self.links.persons
        persons = {"persons": self.engine.frame_of(_columns((*_MEANT,), said), _MEANT)} if said else {}
        return named | placed | persons

    @property
    def keys(self) -> set[str] | None:
        """The raw account keys of all rows that can mean one of the asked accounts; None where all are asked."""
        unnamed = {""} if self.links.people else set()
        return {key for key, _ in self.links.accounts} | unnamed if self.narrowed else None

    def only(self, frame: Frame) -> Frame:
        """The rows whose raw keys can mean one of the asked accounts, by filters that files are skipped by."""
        return either(frame, {key for key, _ in self.links.accounts}, {key for key, *_ in self.links.people})


def meant(frame: Frame, tables: Mapping[str, Frame], *, day: nw.Expr = _DAY) -> Frame:
    """The rows that mean an account, with its `account_id`, by the tables of a resolution."""
    found = frame.join(tables["named"], on="account", how="left")
    found = (
        _placed(found, tables["placed"], day)
        if "placed" in tables
        else found.rename({"_named": "account_id"})
    )
    found = found.filter(~nw.col("account_id").is_null())
    if "persons" not in tables:
        return found
    joined = found.join(tables["persons"], on="person", how="left")
    return joined.with_columns(person=nw.coalesce("_meant", "person")).drop("_meant")


def _placed(found: Frame, placed: Frame, day: nw.Expr) -> Frame:
    """With the one account of the person in place of an account key that is not stated."""
    asks = nw.when((nw.col("account") == "") & (nw.col("person") != "")).then(nw.col("person"))
    both = found.with_columns(_asks=asks).join(placed, on="_asks", how="left")
    begun = nw.col("_since").is_null() | (day >= nw.col("_since"))
    holds = begun & (nw.col("_until").is_null() | (day < nw.col("_until")))
    personal = nw.when(holds).then(nw.col("_personal"))
    return both.with_columns(account_id=nw.coalesce(nw.col("_named"), personal)).drop(
        "_named", "_asks", "_personal", "_since", "_until"
    )


def either(frame: Frame, accounts: Collection[str], people: Collection[str]) -> Frame:
    """The rows of these raw account keys, and those of these raw person keys that name no account.

    One after the other: an "or" of both would read every row of the lake.
    """
    direct = frame.filter(nw.col("account").is_in(sorted(accounts)))
    if not people:
        return direct
    asks = frame.filter((nw.col("account") == "") & nw.col("person").is_in(sorted(people)))
    return nw.concat([direct, asks]) if accounts else asks


def _columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def resolution(
    *,
    accounts: Collection[int] | None = None,
    known_by: datetime | None = None,
    engine: Dialect = EMBEDDED,
) -> Resolution:
    """What raw keys mean as known before a moment (None: now), of some accounts or all. Three or four queries."""
    links = identity.links(accounts=accounts, known_by=known_by)
    return Resolution(links, accounts is not None, engine)


def resolved_few(rows: pl.DataFrame) -> pl.DataFrame:
    """As `resolved`, of some rows at hand: only what their own keys may mean is looked up."""
    unnamed = rows.filter((pl.col("account") == "") & (pl.col("person") != ""))
    keys = rows["account"].unique().to_list(), unnamed["person"].unique().to_list()
    found = identity.meant_by(accounts=keys[0], people=keys[1])
    return resolved(rows.lazy(), accounts=found).collect()


def resolved(
    frame: pl.LazyFrame, accounts: Collection[int] | None = None, known_by: datetime | None = None
) -> pl.LazyFrame:
    """Rows of the lake that mean an account, resolved, all on Polars."""
    said = resolution(accounts=accounts, known_by=known_by).of(nw.from_native(frame))
    found: pl.LazyFrame = said.to_native()
    return found


def told(
    *,
    until: datetime,
    since: datetime | None = None,
    known_by: datetime | None = None,
    names: Collection[str] | None = None,
    kind: str | None = None,
    accounts: Collection[str] | None = None,
    engine: Dialect = EMBEDDED,
) -> Frame:
    """The lake's rows with since ≤ at < until and known_at < known_by (None: as known now), under their raw keys.

    Retracted events are left out from the moment of their retraction. Two queries. `id` is 16 bytes. Files without any of the
    raw `accounts` may be left out.
    """
    rows = lake.snapshot(since=since, until=until, known_by=known_by, kind=kind, accounts=accounts)
    asked = nw.col("at") < until
    if since is not None:
        asked &= nw.col("at") >= since
    if known_by is not None:
        asked &= nw.col("known_at") < known_by
    if kind is not None:
        asked &= nw.col("kind") == kind
    # A narrow question looks at few rows anyway; two scans of each file would cost it more than the look.
    few = accounts is not None
    frame = engine.scan(rows.files).filter(asked) if few else of_files(rows, asked, engine)
    if names is not None:
        frame = frame.filter(nw.col("name").is_in(list(names)))
    return counted(frame, known_by=known_by, kind=kind, engine=engine)


def of_files(rows: lake.Snapshot, asked: nw.Expr, engine: Dialect) -> Frame:
    """The asked events of some files; those files that hold nothing else are not asked event by event."""
    partly = engine.scan(rows.partly).filter(asked)
    if not rows.whole:
        return partly
    whole = engine.scan(rows.whole)
    return nw.concat([whole, partly]) if rows.partly else whole


def events(
    *,
    until: datetime,
    since: datetime | None = None,
    known_by: datetime | None = None,
    accounts: Collection[int] | None = None,
    names: Collection[str] | None = None,
    kind: str | None = None,
    engine: Dialect = EMBEDDED,
    resolved_by: Resolution | None = None,
) -> Frame:
    """All events with since ≤ at < until and known_at < known_by (None: as known now), with the `account_id` they mean.

    Events that mean no account yet are left out; they return once an account claims their key. Retracted events are
    left out from the moment of their retraction. `id` is the event's key, 32 hexadecimal digits. Five queries
    (identity, retractions) whatever the size; two where it is known already what keys mean.
    """
    known = resolved_by or resolution(accounts=accounts, known_by=known_by, engine=engine)
    rows = told(
        until=until,
        since=since,
        known_by=known_by,
        names=names,
        kind=kind,
        accounts=known.keys,
        engine=engine,
    )
    return engine.keyed(known.of(rows))


def facts_of(
    accounts: Collection[int],
    *,
    until: datetime,
    known_by: datetime | None = None,
    engine: Dialect = EMBEDDED,
    resolved_by: Resolution | None = None,
) -> Frame:
    """As `events`, all business facts of a few accounts; in memory read once while a version of the lake is held."""
    asked: dict[str, Any] = {"until": until, "known_by": known_by, "accounts": accounts}
    said = functools.partial(events, kind="fact", engine=engine, resolved_by=resolved_by, **asked)
    if engine is not EMBEDDED:
        return said()
    key = ("facts", frozenset(accounts), until, known_by)
    rows = lake.once(key, lambda: engine.collected(said()))
    return nw.from_native(rows.lazy())


def contracts(
    *,
    until: datetime,
    known_by: datetime | None = None,
    accounts: Collection[int] | None = None,
    engine: Dialect = EMBEDDED,
) -> Frame:
    """One row for each contract event: account_id, contract, at, known_at, arr, currency, seats, start_date, end_date.

    `end_date` null means open-ended, `seats` null not stated. The state of a contract at a moment is its last row before.
    """
    said = events(
        until=until,
        known_by=known_by,
        accounts=accounts,
        names=CONTRACTS,
        kind="fact",
        engine=engine,
    )
    return stated(said, engine)


def stated(said: Frame, engine: Dialect, *more: str) -> Frame:
    """The terms that contract events state, and more of their columns."""
    terms = engine.terms(said, {name: name for name in TERMS})
    whole = nw.when(nw.col("seats").str.contains(_WHOLE)).then(nw.col("seats")).cast(nw.Int64)
    return engine.days(terms, ("start_date", "end_date")).select(
        "account_id",
        "contract",
        "at",
        "known_at",
        "currency",
        "start_date",
        "end_date",
        *more,
        arr=nw.col("value"),
        seats=whole,
    )


def counted(
    frame: Frame,
    *,
    known_by: datetime | None = None,
    kind: str | None = None,
    engine: Dialect = EMBEDDED,
) -> Frame:
    """The lake's rows (of one kind, or of all) without those that were taken back before a moment (None: ever).

    Ids are half of a row on disk, so they are read only where and when an event of that kind was taken back.
    """
    taken_back = retractions.known(known_by=known_by, kind=kind)
    if taken_back.origins:
        left = ~nw.col("origin").is_in(taken_back.origins)
        frame = frame.filter(nw.col("origin").is_null() | left)
    if not taken_back.keys:
        return frame
    gone = engine.frame_of({"id": taken_back.keys}, {"id": nw.Binary})
    others, among = apart(frame, taken_back.where)
    return nw.concat([*others, among.join(gone, on="id", how="anti")])


def apart(frame: Frame, where: retractions.Where) -> tuple[list[Frame], Frame]:
    """The rows that no retraction can concern, and those that one may: by filters that files can be skipped by.

    Only the latter need their ids, which are half of a row on disk.
    """
    others = []
    if where.span is not None:
        first, last = where.span
        others.append(frame.filter((nw.col("at") < first) | (nw.col("at") > last)))
        frame = frame.filter((nw.col("at") >= first) & (nw.col("at") <= last))
    if where.accounts is not None:
        theirs = nw.col("account").is_in(where.accounts)
        others.append(frame.filter(~theirs))
        frame = frame.filter(theirs)
    return others, frame


__all__ = [
    "CONTRACTS",
    "Resolution",
    "apart",
    "contracts",
    "counted",
    "either",
    "events",
    "facts_of",
    "meant",
    "of_files",
    "resolution",
    "resolved",
    "resolved_few",
    "stated",
    "told",
]
