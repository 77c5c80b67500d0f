"""Events as frames for many moments of knowledge at once: each row says from when and until when it counted as known.

`frames` cuts the lake at one moment. Here nothing is cut: a row counts from `seen_at` (when it was known, and its key was
known to mean the account) until `gone_at` (when it was taken back, or its key meant another account), and whoever counts
asks of each day what counted at its end. One pass over the lake serves every day.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import narwhals as nw

from keepwell.ledger import frames, lake
from keepwell.ledger.engines import EMBEDDED, Dialect, Frame
from keepwell.ledger.queries import identity_history, retractions
from keepwell.ledger.schema import SCHEMA

MOMENT = nw.Datetime("us", "UTC")
_KNOWN = {"_from": MOMENT, "_until": MOMENT}
_ACCOUNTS = {"account": nw.String, "account_id": nw.Int64, **_KNOWN}
_PEOPLE = {"person": nw.String, "account_id": nw.Int64, "_since": MOMENT, "_before": MOMENT, **_KNOWN}
_PERSONS = {"person": nw.String, "_meant": nw.String, "_also_from": MOMENT, "_also_until": MOMENT}
_DAY = nw.col("at").dt.date()


@dataclass(frozen=True)
class Resolution:
    """What raw keys meant at each moment; as `frames.Resolution`, but a row may come once for each account it ever meant."""

    links: identity_history.Links
    narrowed: bool
    engine: Dialect = EMBEDDED

    def of(self, frame: Frame, *, day: nw.Expr = _DAY) -> Frame:
        """The rows that ever meant an account, with its `account_id`, and `_from` and `_until`: the moments between which
        they did (null: always, still).
        """
        return ever_meant(self.only(frame) if self.narrowed else frame, self.tables, day=day)

    @property
    def tables(self) -> dict[str, Frame]:
        """The lists as frames, by name; those of people only where there are any."""
        found = {"named": self._table(self.links.accounts, _ACCOUNTS)}
        if self.links.people:
            found["placed"] = self._table(self.links.people, _PEOPLE)
        if self.links.persons:
            found["persons"] = self._table(self.links.persons, _PERSONS)
        return found

    def only(self, frame: Frame) -> Frame:
        """The rows whose raw keys can mean one of the asked accounts, by filters that files are skipped by."""
        return frames.either(
            frame, {key for key, *_ in self.links.accounts}, {key for key, *_ in self.links.people}
        )

    def _table(self, rows: Sequence[Sequence[Any]], schema: dict[str, Any]) -> Frame:
        columns = {name: [row[place] for row in rows] for place, name in enumerate(schema)}
        return self.engine.frame_of(columns, schema)


def ever_meant(frame: Frame, tables: Mapping[str, Frame], *, day: nw.Expr = _DAY) -> Frame:
    """The rows that ever meant an account, by the tables of a resolution."""
    named = frame.join(tables["named"], on="account")
    if "placed" in tables:
        asks = frame.filter((nw.col("account") == "") & (nw.col("person") != ""))
        placed = asks.join(tables["placed"], on="person")
        begun = nw.col("_since").is_null() | (day >= nw.col("_since").dt.date())
        ended = nw.col("_before").is_null() | (day < nw.col("_before").dt.date())
        here = placed.filter(begun & ended).drop("_since", "_before")
        columns = [*named.collect_schema().names()]
        named = nw.concat([named.select(*columns), here.select(*columns)])
    return _by_person(named, tables["persons"]) if "persons" in tables else named


def _by_person(frame: Frame, persons: Frame) -> Frame:
    """With the key of the person whom each raw person key meant in its place."""
    joined = frame.join(persons, on="person", how="left")
    since = nw.max_horizontal(nw.col("_from"), nw.col("_also_from"))
    until = nw.min_horizontal(nw.col("_until"), nw.col("_also_until"))
    meant = joined.with_columns(person=nw.coalesce("_meant", "person"), _from=since, _until=until)
    some = nw.col("_from").is_null() | nw.col("_until").is_null() | (nw.col("_from") < nw.col("_until"))
    return meant.filter(some).drop("_meant", "_also_from", "_also_until")


class Past(NamedTuple):
    """All that keys ever meant, and all that was ever taken back: for whoever reads several times."""

    links: identity_history.Links
    taken_back: retractions.Dated


def past() -> Past:
    """Ask for it once. Five queries."""
    return Past(identity_history.links(), retractions.dated())


def resolution(
    *, accounts: Collection[int] | None = None, engine: Dialect = EMBEDDED, past: Past | None = None
) -> Resolution:
    """What raw keys meant at each moment, of some accounts or all. Three queries unless the past is given."""
    if past is None:
        links = identity_history.links(accounts=accounts)
    else:
        links = past.links if accounts is None else identity_history.of_accounts(past.links, accounts)
    return Resolution(links, accounts is not None, engine)


def told(
    *,
    until: datetime,
    names: Collection[str] | None = None,
    kind: str | None = None,
    engine: Dialect = EMBEDDED,
    past: Past | None = None,
) -> Frame:
    """The lake's rows with at < until, under their raw keys, with `seen_at` and `gone_at`. Two queries unless the past is
    given.

    Ids are half of a row on disk, so they are read only where an event of that kind was taken back.
    """
    asked = nw.col("at") < until
    if kind is not None:
        asked &= nw.col("kind") == kind
    frame = frames.of_files(lake.snapshot(until=until, kind=kind), asked, engine)
    if names is not None:
        frame = frame.filter(nw.col("name").is_in(list(names)))
    taken_back = retractions.dated(kind=kind) if past is None else past.taken_back
    gone = nw.lit(None, dtype=MOMENT)
    if taken_back.keys:
        keys = [key for key, _ in taken_back.keys], [moment for _, moment in taken_back.keys]
        table = engine.frame_of({"id": keys[0], "_gone": keys[1]}, {"id": nw.Binary, "_gone": MOMENT})
        others, among = frames.apart(frame, taken_back.where)
        stay = [rows.with_columns(_gone=gone) for rows in others]
        order = [*SCHEMA.names, "_gone"]
        some = [rows.select(*order) for rows in (*stay, among.join(table, on="id", how="left"))]
        frame, gone = nw.concat(some), nw.col("_gone")
    if taken_back.origins:
        origins = [origin for origin, _ in taken_back.origins], [m for _, m in taken_back.origins]
        schema = {"origin": nw.Int64, "_import_gone": MOMENT}
        table = engine.frame_of({"origin": origins[0], "_import_gone": origins[1]}, schema)
        frame = frame.join(table, on="origin", how="left")
        gone = nw.min_horizontal(gone, nw.col("_import_gone"))
    dated = frame.with_columns(seen_at=nw.col("known_at"), gone_at=gone)
    return dated.drop("_gone", "_import_gone", strict=False)


def events(
    *,
    until: datetime,
    accounts: Collection[int] | None = None,
    names: Collection[str] | None = None,
    kind: str | None = None,
    engine: Dialect = EMBEDDED,
    past: Past | None = None,
) -> Frame:
    """All events with at < until, with the `account_id` they ever meant, between `seen_at` and `gone_at`.

    Five queries unless the past is given.
    """
    rows = told(until=until, names=names, kind=kind, engine=engine, past=past)
    return meant(rows, resolution(accounts=accounts, engine=engine, past=past), engine)


def meant(rows: Frame, resolution: Resolution, engine: Dialect) -> Frame:
    """Rows of `told` with the `account_id` that they ever meant, between `seen_at` and `gone_at`."""
    meant = resolution.of(rows)
    seen = nw.max_horizontal(nw.col("seen_at"), nw.col("_from"))
    gone = nw.min_horizontal(nw.col("gone_at"), nw.col("_until"))
    return engine.keyed(meant.with_columns(seen_at=seen, gone_at=gone).drop("_from", "_until"))


def contracts(
    *, until: datetime, accounts: Collection[int] | None = None, engine: Dialect = EMBEDDED
) -> Frame:
    """As `frames.contracts`, with `seen_at` and `gone_at`."""
    said = events(until=until, accounts=accounts, names=frames.CONTRACTS, kind="fact", engine=engine)
    return frames.stated(said, engine, "seen_at", "gone_at")
