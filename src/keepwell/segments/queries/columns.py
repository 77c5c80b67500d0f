"""The columns that conditions ask about, for accounts on days: each from the place where it stands."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from keepwell.hooks import registry
from keepwell.kernel.moments import end_of
from keepwell.ledger import knowledge
from keepwell.ledger.knowledge import NOW, Knowledge
from keepwell.ledger.models import Ownership
from keepwell.ledger.queries import attributes, terms
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions.tree import Condition, Leaf
from keepwell.metrics.formulas.increments import Coverage
from keepwell.metrics.queries import values
from keepwell.segments.formulas import phasing, windows
from keepwell.segments.queries import champions, heard, phases
from keepwell.segments.queries.vocabulary import EVENT, FIELD, METRIC, OWNER

KEYS = ["account_id", "as_of"]
TERMS = ("arr", "renewal_date", "former")


@dataclass(frozen=True)
class Held:
    """What is read once for many accounts: the ledger's changes of attributes, terms of contracts, counted events."""

    day: date
    leaves: tuple[Leaf, ...]
    changes: attributes.Changes
    terms: terms.Terms
    events: Mapping[str, pl.DataFrame]
    people: pl.DataFrame | None = None
    heard: pl.DataFrame | None = None

    @property
    def asked(self) -> frozenset[str]:
        """The slugs of all subjects."""
        return frozenset(leaf.subject.slug for leaf in self.leaves)


def held(
    conditions: Collection[Condition],
    *,
    days: Sequence[date],
    known: Knowledge = NOW,
    accounts: Collection[int] | None = None,
) -> Held:
    """What these conditions need on these days, as known now or then, perhaps of some accounts only.

    Five scans of the facts at most, and one of a counted event's, of everybody: whether it is sent at all hangs on that.

    Owners and what stages add (scores) are as known now: neither keeps since when it is known.
    """
    leaves = tuple({leaf.column: leaf for said in conditions for leaf in tree.leaves(said)}.values())
    asked, until = {leaf.subject.slug for leaf in leaves}, end_of(max(days))
    said = {slug for slug in asked if slug in attributes.ATTRIBUTES or slug.startswith(FIELD)}
    counted = {
        leaf.subject.slug.removeprefix(EVENT) for leaf in leaves if leaf.subject.slug.startswith(EVENT)
    }
    return Held(
        day=max(days),
        leaves=leaves,
        changes=attributes.changes(names=said, known=known, accounts=accounts),
        terms=terms.spans(until=until, known=known, accounts=accounts),
        events={name: _by_day(name, until, known) for name in sorted(counted)},
        people=champions.told(until=until, known=known, accounts=accounts)
        if asked & champions.SLUGS
        else None,
        heard=heard.said(until=until, known=known, accounts=accounts)
        if any(slug.startswith(heard.HEARD) for slug in asked)
        else None,
    )


def table(asked: pl.DataFrame, held: Held) -> pl.DataFrame:
    """`asked` (account_id, as_of) with a column for each question, named as its leaf says; null is unknown.

    `former` is always there. One query for each place that is asked.
    """
    found = terms.on_days(asked, terms=held.terms, day=held.day)
    said = sorted(s for s in held.asked if s in attributes.ATTRIBUTES or s.startswith(FIELD))
    if said:
        found = attributes.on_days(found, names=said, changes=held.changes)
        found = found.with_columns(
            _typed(leaf) for leaf in held.leaves if leaf.subject.slug.startswith(FIELD)
        )
    found = _with_metrics(found, sorted(s for s in held.asked if s.startswith(METRIC)))
    for role in sorted(slug.removeprefix(OWNER) for slug in held.asked if slug.startswith(OWNER)):
        found = _with_owner(found, role)
    for leaf in held.leaves:
        if leaf.subject.slug.startswith(EVENT):
            found = _with_count(found, leaf, held.events[leaf.subject.slug.removeprefix(EVENT)])
    found = _with_windows(found, [leaf for leaf in held.leaves if windows.metric_of(leaf.subject.slug)])
    if held.people is not None:
        theirs = [leaf for leaf in held.leaves if leaf.subject.slug in champions.SLUGS]
        found = champions.with_columns(found, theirs, held.people)
    if held.heard is not None:
        for leaf in held.leaves:
            if leaf.subject.slug.startswith(heard.HEARD):
                found = heard.with_count(found, leaf, held.heard)
    if phasing.BY_HAND.slug in held.asked:
        found = _with_phase_by_hand(found)
    for source in registry.columns():
        declared = {column.slug for column in source.declared}
        if names := {leaf.column for leaf in held.leaves if leaf.subject.slug in declared}:
            found = source.on_days(found, names)
    return found


def _with_phase_by_hand(found: pl.DataFrame) -> pl.DataFrame:
    """In which phase somebody said that an account is. One query."""
    spans = phases.by_hand(found["account_id"].unique().to_list())
    held = found.select(KEYS).join(spans, on="account_id")
    on = held.filter((pl.col("_since") <= pl.col("as_of")) & (pl.col("as_of") < pl.col("_until")))
    said = on.select(*KEYS, phasing.BY_HAND.slug).unique(KEYS, keep="last")
    return found.join(said, on=KEYS, how="left")


def with_hand_overs(
    since: Mapping[int, date] | None, *, conditions: Collection[Condition], before: Coverage | None
) -> Mapping[int, date] | None:
    """The days from which accounts have news, with those of owners that changed since it was last looked, if any condition
    asks for them. One query then.
    """
    asks = any(leaf.subject.slug.startswith(OWNER) for said in conditions for leaf in tree.leaves(said))
    if since is None or before is None or not asks:
        return since
    moved = Ownership.objects.filter(Q(since__gte=before.as_of) | Q(until__gte=before.as_of))
    handed_over = dict.fromkeys(moved.values_list("account", flat=True).distinct(), before.as_of)
    return {**handed_over, **{pk: min(day, handed_over.get(pk, day)) for pk, day in since.items()}}


_READS: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {
    "number": lambda said: said.str.json_decode(pl.Float64),
    "truth": lambda said: said.str.json_decode(pl.Boolean),
    "day": lambda said: said.str.json_decode(pl.String).str.to_date("%Y-%m-%d", strict=False),
}


def _typed(leaf: Leaf) -> pl.Expr:
    """A custom field from its JSON to what it is declared to hold; what is not declared is text."""
    said = pl.col(leaf.subject.slug)
    read = _READS.get(leaf.subject.kind)
    return (_bare(said) if read is None else read(said)).alias(leaf.column)


def _bare(said: pl.Expr) -> pl.Expr:
    """JSON text without its quotes; anything else as it stands."""
    quoted = said.str.starts_with('"')
    return pl.when(quoted).then(pl.when(quoted).then(said).str.json_decode(pl.String)).otherwise(said)


def _with_metrics(found: pl.DataFrame, slugs: Sequence[str]) -> pl.DataFrame:
    if not slugs:
        return found
    since = dict(found.group_by("account_id").agg(pl.col("as_of").min()).iter_rows())
    names = [slug.removeprefix(METRIC) for slug in slugs]
    rows = values.known(since=since, metrics=names)
    wide = rows.pivot("metric", index=KEYS, values="value")
    missing = [pl.lit(None, pl.Float64).alias(name) for name in names if name not in wide.columns]
    wide = wide.with_columns(missing).rename({name: METRIC + name for name in names})
    return found.join(wide.select(*KEYS, *slugs), on=KEYS, how="left")


def _with_windows(found: pl.DataFrame, leaves: Sequence[Leaf]) -> pl.DataFrame:
    """How metrics went, from their stored values. One statement, or a few of many accounts, as long as the longest span."""
    if leaves:
        history = _history(found, leaves)
        for leaf in leaves:
            found = windows.answered(found, history, leaf)
    return found


def _history(found: pl.DataFrame, leaves: Sequence[Leaf]) -> pl.DataFrame:
    """What was stored, as far back as the spans reach; of many accounts on one day, of changes, the compared days alone."""
    asked = [(leaf, windows.metric_of(leaf.subject.slug)) for leaf in leaves]
    told = [(leaf, *named) for leaf, named in asked if named is not None]
    longest = timedelta(days=max(leaf.in_days or 1 for leaf in leaves)) + windows.SLACK
    first = dict(found.group_by("account_id").agg(pl.col("as_of").min()).iter_rows())
    since = {account: day - longest for account, day in first.items()}
    names = {metric for _, _, metric in told}
    days = found["as_of"].unique().to_list()
    if len(days) > 1 or len(first) <= values.FEW:
        return values.known(since=since, metrics=sorted(names))
    compared = names - {metric for _, how, metric in told if how not in windows.COMPARING}
    spans = {timedelta(days=leaf.in_days or 1) for leaf, _, metric in told if metric in compared}
    parts = [values.known(since=since, metrics=sorted(names - compared))]
    for begin, end in [(days[0], days[0]), *((days[0] - s - windows.SLACK, days[0] - s) for s in spans)]:
        these = dict.fromkeys(first, begin)
        parts.append(values.known(since=these, until=end, metrics=sorted(compared)))
    return pl.concat(parts).unique([*KEYS, "metric"])


def _with_owner(found: pl.DataFrame, role: str) -> pl.DataFrame:
    """The e-mail address of who owned the account in a role on each day. One query."""
    rows = Ownership.objects.filter(
        role=role, account__in=found["account_id"].unique().to_list()
    ).values_list("account", "user__email", "since", Coalesce(F("until"), Value(date.max)))
    spans = pl.DataFrame(
        list(rows),
        schema={"account_id": pl.Int64, OWNER + role: pl.String, "_since": pl.Date, "_until": pl.Date},
        orient="row",
    )
    held = found.select(KEYS).join(spans, on="account_id")
    on = held.filter((pl.col("_since") <= pl.col("as_of")) & (pl.col("as_of") < pl.col("_until")))
    return found.join(on.select(*KEYS, OWNER + role).unique(KEYS, keep="last"), on=KEYS, how="left")


def _by_day(name: str, until: datetime, known: Knowledge) -> pl.DataFrame:
    """How often an event happened in an account on a day, and for which days that counts: account_id, day, _from, _until."""
    told = knowledge.events(known, until=until, names=(name,))
    keys = ("account_id", pl.col("at").dt.date().alias("day"), "_from", "_until")
    counted: pl.DataFrame = told.group_by(*keys).agg(times=pl.len().cast(pl.Float64)).collect()
    return counted


def _with_count(found: pl.DataFrame, leaf: Leaf, counted: pl.DataFrame) -> pl.DataFrame:
    """How often it happened in the window; unknown before it ever happened in any account, for it may not be sent yet.

    An event comes into the count when it counts, and leaves it when the window has passed or it was taken back.
    """
    passed = pl.col("day") + timedelta(days=leaf.in_days or 1)
    spans = counted.with_columns(_until=pl.min_horizontal("_until", passed)).filter(
        pl.col("_from") < pl.col("_until")
    )
    steps = [
        spans.select("account_id", "times", on="_from"),
        spans.select("account_id", -pl.col("times"), on="_until"),
    ]
    running = (
        pl.concat(steps).group_by("account_id", "on").agg(pl.col("times").sum()).sort("account_id", "on")
    )
    running = running.with_columns(pl.col("times").cum_sum().over("account_id")).sort("on")
    rows = found.sort("as_of").join_asof(
        running, left_on="as_of", right_on="on", by="account_id", check_sortedness=False
    )  # fmt: skip
    first = counted["_from"].min()
    speaks = pl.lit(False) if first is None else pl.col("as_of") >= first
    return rows.with_columns(pl.when(speaks).then(pl.col("times").fill_null(0.0)).alias(leaf.column)).drop(
        "times", "on"
    )
