"""What is counted: events, people, days, features, unbroken spans; and what adds up."""

from collections.abc import Mapping

import narwhals as nw

from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.rolling import KEYS, Asked, days, facts, moves, repeated, rows, summed
from keepwell.metrics.measures import Amount, CoreShare, Count, Distinct, Streak


def count(leaves: Mapping[str, Count], asked: Asked, base: Frame) -> Frame:
    """Events of the window; × per_days / days where that is asked. 0 or more. The leaves have one kind and window."""
    leaf = next(iter(leaves.values()))
    found = rows(asked, {name: each.events for name, each in leaves.items()}, "n")
    spans = found.select(
        "account_id",
        *leaves,
        start=asked.since("day", leaf.ago),
        end=asked.until("day", leaf.ago, leaf.days),
    )
    counted = summed(asked, base, moves(asked, spans, *leaves), *leaves)
    per = {
        name: nw.col(name).cast(nw.Float64) * float(each.per_days) / float(each.days)
        for name, each in leaves.items()
        if each.per_days and each.days
    }
    return counted.with_columns(**per) if per else counted


def distinct(leaf: Distinct, asked: Asked, base: Frame, name: str) -> Frame:
    """Distinct people, features, days or days of people of the window: 0 or more."""
    found, thing = _things(leaf, asked)
    spans = found.select(
        "account_id", *thing, start=asked.since("day", leaf.ago), end=asked.until("day", leaf.ago, leaf.days)
    )
    return summed(asked, base, moves(asked, _apart(asked, spans, thing, name), name), name)


def _things(leaf: Distinct, asked: Asked) -> tuple[Frame, list[str]]:
    if leaf.thing == "features":
        found = facts(asked, leaf.events) if leaf.events.kind == "fact" else _of_features(asked, leaf)
        return found.filter(nw.col("feature") != ""), ["feature"]
    found = days(asked, leaf.events)
    if leaf.thing == "days":
        return found, ["day"]
    named = found.filter(nw.col("person") != "")
    return named, ["person"] if leaf.thing == "people" else ["person", "day"]


def _of_features(asked: Asked, leaf: Distinct) -> Frame:
    return asked.daily.features.filter(nw.col(f"n{asked.reach.place(leaf.events)}") > 0)


def core_share(leaf: CoreShare, asked: Asked, base: Frame, name: str) -> Frame:
    """100 × distinct declared features used in the window / declared features: 0 none, 100 all, in percent."""
    declared = sorted(asked.features)
    used = asked.daily.features.filter(nw.col("feature").is_in(declared))
    spans = used.select(
        "account_id",
        "feature",
        start=asked.since("day", leaf.ago),
        end=asked.until("day", leaf.ago, leaf.days),
    )
    counted = summed(asked, base, moves(asked, _apart(asked, spans, ["feature"], name), name), name)
    share = nw.col(name).cast(nw.Float64) * 100.0 / float(max(len(declared), 1))
    return counted.with_columns(**{name: share})


def _apart(asked: Asked, spans: Frame, thing: list[str], name: str) -> Frame:
    """The spans of each thing without their overlaps, so that each adds one to every asked day that it counts on.

    In the order of their beginnings, each begins where the furthest of those before it ended.
    """
    group = ["account_id", *thing]
    first, last = asked.days[0], asked.days[-1]
    held = spans.filter(
        (nw.col("end") > first) & (nw.col("start") <= last) & (nw.col("start") < nw.col("end"))
    )
    if first == last:
        whole = held.select(*group).unique()
        return whole.select(
            "account_id",
            start=nw.lit(first).cast(nw.Int64),
            end=nw.lit(first + 1).cast(nw.Int64),
            **{name: nw.lit(1).cast(nw.Int64)},
        )
    once = held.group_by(*group, "start").agg(end=nw.col("end").max())
    reached = once.with_columns(_reached=nw.col("end").cum_max().over(*group, order_by="start"))
    before = reached.with_columns(_before=nw.col("_reached").shift(1).over(*group, order_by="start"))
    begun = nw.max_horizontal(nw.col("start"), nw.col("_before"))
    return before.select("account_id", "end", start=begun, **{name: nw.lit(1).cast(nw.Int64)})


def amount(leaves: Mapping[str, Amount], asked: Asked, base: Frame) -> Frame:
    """The sum (0 where none is told), or the mean (unknown then), of the window's values, times a factor.

    Rounded to six decimals, so that the order in which an engine adds up cannot show. The leaves have one kind and window.
    """
    leaf = next(iter(leaves.values()))
    chosen = {name: each.events for name, each in leaves.items()}
    told = [f"_c{name}" for name in leaves]
    held = repeated(asked, rows(asked, chosen, "v", "c"), leaf.days, leaf.ago)
    sums = {column: nw.col(column).sum() for column in (*(f"_v{name}" for name in leaves), *told)}
    joined = base.join(held.group_by(*KEYS).agg(**sums), on=list(KEYS), how="left")
    values = {name: _amount(each, f"_v{name}", f"_c{name}") for name, each in leaves.items()}
    return joined.with_columns(**values).drop(*sums)


def _amount(leaf: Amount, total: str, told: str) -> nw.Expr:
    summed_ = nw.col(total) * leaf.times
    if leaf.how == "sum":
        return summed_.fill_null(0.0).round(6)
    return nw.when(nw.col(told) > 0).then((summed_ / nw.col(told).cast(nw.Float64)).round(6))


def streak(leaf: Streak, asked: Asked, base: Frame, name: str) -> Frame:
    """How many spans in a row had any of the events, counted back from the asked day: 0 … days / step_days."""
    held = repeated(asked, days(asked, leaf.events), leaf.days, leaf.ago)
    back = (nw.col("asked") - leaf.ago - nw.col("day")) // leaf.step_days
    spans = held.select(*KEYS, _back=back).unique()
    placed = spans.with_columns(_place=nw.col("_back").cum_count().over(*KEYS, order_by="_back"))
    unbroken = placed.filter(nw.col("_place").cast(nw.Int64) == nw.col("_back") + 1)
    found = unbroken.group_by(*KEYS).agg(**{name: nw.len()})
    return base.join(found, on=list(KEYS), how="left").with_columns(**{name: nw.col(name).fill_null(0)})
