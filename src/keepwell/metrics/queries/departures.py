"""Which customers left and when, as the company declares departure."""

from dataclasses import dataclass
from datetime import date, datetime

import narwhals as nw
import polars as pl

from keepwell.access.queries import settings
from keepwell.access.scopes import Scope
from keepwell.kernel.moments import DAY, LATEST, end_of
from keepwell.ledger import frames
from keepwell.ledger.engines import EMBEDDED
from keepwell.ledger.queries import accounts
from keepwell.metrics.conditions import tree
from keepwell.metrics.departures import KEY, Departure, read
from keepwell.metrics.formulas import reach as selecting
from keepwell.metrics.formulas import spells as formulas
from keepwell.metrics.formulas.calendar import Frame

SELF = "keepwell"


@dataclass(frozen=True)
class Left:
    """An account that left: since when it was a customer, when leaving began, on which day it counted as gone."""

    key: str
    name: str
    since: date
    onset_on: date
    left_on: date


@dataclass(frozen=True)
class Found:
    """What a declaration finds: by which day, how many are customers then, and who had left, the latest first."""

    until: date
    customers: int
    left: tuple[Left, ...]


def declared() -> Departure:
    """What the company declared; a contract's end until it does. One query."""
    return read(settings.get(KEY, {"kind": "contract_end"}))


def is_declared() -> bool:
    """Whether anybody said when a customer counts as gone. One query."""
    return settings.get(KEY) is not None


def reach(*, until: date, known_by: datetime | None = None) -> date:
    """The last day until which the company's facts go, `until` at the latest: after it silence says nothing.

    The last day of usage or, where no usage was ever sent, of any fact that did not come from here. One scan.
    """
    for kind in ("usage", "fact"):
        told = frames.told(until=end_of(until), known_by=known_by, kind=kind)
        rows = told.filter(nw.col("source") != SELF)
        last: datetime | None
        (last,) = EMBEDDED.collected(rows.select(nw.col("at").max())).row(0)
        if last is not None:
            return min(last.date(), until)
    return until


def activity(*, until: date, known_by: datetime | None, departure: Departure | None = None) -> pl.DataFrame:
    """The days on which anybody used the product: account_id, day, known_on (the first day on which that was known).

    For a departure by silence the days of the events that break it. One scan for each kind of them, brought down to days
    before keys are resolved.
    """
    kinds = ("usage",) if departure is None else departure.kinds
    where = None if departure is None else departure.events
    days = nw.concat([_active(kind, where, until, known_by) for kind in kinds])
    meant = frames.resolution(known_by=known_by).of(days, day=nw.col("day"))
    known = nw.col("known_at").dt.date()
    by_account = meant.group_by("account_id", "day").agg(known_on=known.min())
    return EMBEDDED.collected(by_account).sort("account_id", "day")


def _active(kind: str, where: tree.Condition | None, until: date, known_by: datetime | None) -> Frame:
    """The raw keys of a kind's events that fulfil a condition, day by day."""
    told = frames.told(until=end_of(until), known_by=known_by, kind=kind)
    if where is not None:
        asked = [subject.removeprefix(selecting.PROPERTY) for subject in _properties(where)]
        named = EMBEDDED.terms(told, {selecting.column(name): name for name in asked}) if asked else told
        told = named.filter(selecting.fulfils(where))
    person = nw.when(nw.col("account") == "").then(nw.col("person")).otherwise(nw.lit(""))
    keyed = told.select("account", "known_at", person=person, day=nw.col("at").dt.date())
    return keyed.group_by("account", "person", "day").agg(nw.col("known_at").min())


def _properties(where: tree.Condition) -> list[str]:
    return sorted(one for one in tree.subjects(where) if one.startswith(selecting.PROPERTY))


def terms(*, known_by: datetime | None) -> pl.DataFrame:
    """Each contract by its last word: account_id, contract, start_date, end_date, arr."""
    rows = EMBEDDED.collected(frames.contracts(until=end_of(LATEST - DAY), known_by=known_by))
    last = rows.sort("at", "known_at").group_by("contract", maintain_order=True).last()
    found = last.filter(pl.col("start_date").is_not_null())
    return found.select("account_id", "contract", "start_date", "end_date", "arr").sort(
        "account_id", "start_date"
    )


def spells(*, departure: Departure, until: date, known_by: datetime | None) -> pl.DataFrame:
    """From when until when each account was a customer: account_id, since, onset_on, left_on; see `formulas.spells`."""
    if departure.kind == "silence":
        told = activity(until=until, known_by=known_by, departure=departure)
        active = told.select("account_id", "day")
        return formulas.by_silence(active, days=departure.days, until=until)
    contracts = terms(known_by=known_by)
    if departure.kind == "contract_end":
        return formulas.by_contracts(contracts, grace_days=departure.grace_days, until=until)
    begun = pl.concat(
        [_days("account.created", until, known_by), contracts.select("account_id", day=pl.col("start_date"))]
    )
    return formulas.by_word(
        begun=begun.group_by("account_id").agg(pl.col("day").min()),
        told=_days("account.churned", until, known_by),
        contracts=contracts,
        until=until,
    )


def departures(*, until: date, known_by: datetime | None, departure: Departure | None = None) -> pl.DataFrame:
    """Who left by a day: account_id, left_on, and onset_on, when leaving began. One row for each time it left."""
    found = spells(departure=departure or declared(), until=until, known_by=known_by)
    return formulas.departures(found).select("account_id", "left_on", "onset_on")


def _days(name: str, until: date, known_by: datetime | None) -> pl.DataFrame:
    rows = frames.events(until=end_of(until), known_by=known_by, names=(name,), kind="fact")
    return EMBEDDED.collected(rows.select("account_id", day=nw.col("at").dt.date()))


def found(*, departure: Departure, until: date, seen_by: Scope, known_by: datetime | None = None) -> Found:
    """Who has left by a day, or by the last that facts reach, as departure is or might be declared; as known before a moment
    (None: as known now). A few scans.
    """
    seen_by.require("config.change")
    last = reach(until=until, known_by=known_by)
    told = spells(departure=departure, until=last, known_by=known_by)
    names = accounts.keys_by_id(seen_by=seen_by)
    gone = formulas.departures(told).sort("left_on", "account_id", descending=[True, False])
    columns = ("account_id", "since", "onset_on", "left_on")
    left = tuple(
        Left(*names[row[0]], *row[1:]) for row in gone.select(columns).iter_rows() if row[0] in names
    )
    here = formulas.at_risk(told, [last]).filter(pl.col("account_id").is_in(list(names)))
    return Found(last, here["account_id"].n_unique(), left)
