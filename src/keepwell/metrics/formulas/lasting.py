"""What stands on a day: the last of something, what is open, what contracts say."""

import narwhals as nw

from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.reach import DUE, column, fulfils
from keepwell.metrics.formulas.rolling import (
    KEYS,
    Asked,
    facts,
    firsts,
    furthest,
    last_of,
    lasts,
    numbers,
    repeated,
)
from keepwell.metrics.measures import First, Last, NetPromoter, Open, Since, Standing, Tenure, Terms

PROMOTER_FROM = 9
DETRACTOR_TO = 6


def since(leaf: Since, asked: Asked, base: Frame, name: str) -> Frame:
    """Whole days from the last event to the asked day: 0 on the day itself. Unknown before the first one."""
    found = lasts(asked, leaf.events, name).with_columns(start=asked.since(name, leaf.ago))
    rows = furthest(asked, base, found, name)
    return rows.with_columns(**{name: nw.col("asked") - leaf.ago - nw.col(name)})


def first(leaf: First, asked: Asked, base: Frame, name: str) -> Frame:
    """Whole days from the account's first day (`begun`) to the first event; unknown before that."""
    found = firsts(asked, leaf.events, name).with_columns(start=asked.since(name, leaf.ago))
    rows = furthest(asked, base, found, name, least=True)
    return rows.with_columns(**{name: nw.col(name) - nw.col(f"begun_{leaf.ago}")})


def tenure(leaf: Tenure, asked: Asked, base: Frame, name: str) -> Frame:
    """Whole days since the account's first day."""
    del asked
    return base.with_columns(**{name: nw.col("asked") - leaf.ago - nw.col(f"begun_{leaf.ago}")})


def last(leaf: Last, asked: Asked, base: Frame, name: str) -> Frame:
    """The value of the last event of the window that has one."""
    told = facts(asked, leaf.events).filter(~nw.col("value").is_null())
    held = last_of(repeated(asked, told, leaf.days, leaf.ago), *KEYS)
    return base.join(held.select(*KEYS, **{name: nw.col("value")}), on=list(KEYS), how="left")


def net_promoter(leaf: NetPromoter, asked: Asked, base: Frame, name: str) -> Frame:
    """100 × (promoters − detractors) / people, over each person's last answer in the window: −100 … 100.

    Promoters answer 9 or 10, detractors 0 to 6 (F. Reichheld, "The One Number You Need to Grow", Harvard
    Business Review, December 2003). The last answer is the last by (at, known_at, id); an answer without
    a person is one person's. Unknown when the window holds no answer.
    """
    answered = facts(asked, leaf.events).filter(~nw.col("value").is_null())
    answered = answered.with_columns(
        nameless=nw.col("person") == "", who=nw.when(nw.col("person") == "").then("id").otherwise("person")
    )
    held = last_of(repeated(asked, answered, leaf.days, leaf.ago), *KEYS, "nameless", "who")
    promoter = (nw.col("value") >= PROMOTER_FROM).cast(nw.Int64)
    detractor = (nw.col("value") <= DETRACTOR_TO).cast(nw.Int64)
    counts = (
        held.with_columns(_lead=promoter - detractor)
        .group_by(*KEYS)
        .agg(_lead=nw.col("_lead").sum(), _people=nw.len())
    )
    share = nw.col("_lead").cast(nw.Float64) * 100.0 / nw.col("_people").cast(nw.Float64)
    joined = base.join(counts, on=list(KEYS), how="left")
    return joined.with_columns(**{name: share}).drop("_lead", "_people")


def open_(leaf: Open, asked: Asked, base: Frame, name: str) -> Frame:
    """Things told of and not closed: how many, the age of the oldest in days, or how many are past due. 0 when none is.

    Telling a thing from another needs its key; what was told without one is left out.
    """
    key = column(leaf.key)
    columns = [*KEYS, key]
    opened = facts(asked, leaf.opened).filter(~nw.col(key).is_null())
    closed = facts(asked, leaf.closed).filter(~nw.col(key).is_null())
    told = repeated(asked, opened, None, leaf.ago)
    done = repeated(asked, closed, None, leaf.ago).select(*columns).unique()
    stands = told.join(done, on=columns, how="anti")
    day = nw.col("asked") - leaf.ago
    if leaf.how == "overdue":
        late = last_of(stands, *columns).filter(nw.col(DUE) < day)
        found = late.group_by(*KEYS).agg(**{name: nw.len()})
    elif leaf.how == "oldest":
        ages = stands.select(*KEYS, _age=day - nw.col("day"))
        found = ages.group_by(*KEYS).agg(**{name: nw.col("_age").max()})
    else:
        found = stands.select(*columns).unique().group_by(*KEYS).agg(**{name: nw.len()})
    return base.join(found, on=list(KEYS), how="left").with_columns(**{name: nw.col(name).fill_null(0)})


def standing(leaf: Standing, asked: Asked, base: Frame, name: str) -> Frame:
    """How many people's last event fulfils the condition; unknown before any of the events."""
    told = facts(asked, leaf.events).filter(nw.col("person") != "")
    held = last_of(repeated(asked, told, None, leaf.ago), *KEYS, "person")
    found = (
        held.with_columns(_so=fulfils(leaf.where).cast(nw.Int64))
        .group_by(*KEYS)
        .agg(**{name: nw.col("_so").sum()})
    )
    return base.join(found, on=list(KEYS), how="left")


def terms(leaf: Terms, asked: Asked, base: Frame, name: str) -> Frame:
    """What the contracts say that are active on the day; unknown where none says it.

    The state of a contract on a day is its last event by (at, known_at); it is active when start_date ≤ day < end_date, an
    empty end being open. ARR is told in the reporting currency by the rates of the day, unknown where one has none.
    """
    day = nw.col("asked") - leaf.ago
    active = _active(asked, leaf.ago)
    if leaf.what == "seats":
        found = active.group_by(*KEYS).agg(**{name: nw.col("seats").sum()}).filter(nw.col(name) > 0)
    elif leaf.what == "arr":
        found = _priced(active.with_columns(day=day), asked, name)
    else:
        ends = active.filter(~nw.col("end_date").is_null()).group_by(*KEYS).agg(_end=nw.col("end_date").min())
        found = ends.select(*KEYS, **{name: nw.col("_end") - day})
    return base.join(found, on=list(KEYS), how="left")


def _priced(active: Frame, asked: Asked, name: str) -> Frame:
    """The sum of what contracts are worth on their day, of accounts whose every currency has a rate then."""
    stated = active.filter(~nw.col("arr").is_null())
    worth = stated.join(asked.daily.rates, on=["day", "currency"], how="left")
    lacks = (nw.col("unit").is_null() & (nw.col("arr") != 0)).cast(nw.Int64)
    told = worth.with_columns(_worth=(nw.col("arr") * nw.col("unit")).fill_null(0.0), _lacks=lacks)
    sums = told.group_by(*KEYS).agg(**{name: nw.col("_worth").sum()}, _lacks=nw.col("_lacks").sum())
    return sums.filter(nw.col("_lacks") == 0).select(*KEYS, nw.col(name).round(6))


def _active(asked: Asked, ago: int) -> Frame:
    """The last word on each contract that is active on the day. Contract changes × asked days rows pass through."""
    contracts = asked.daily.contracts
    beside = contracts.join(numbers(contracts, asked.days), how="cross")
    states = beside.filter((nw.col("day") + ago <= nw.col("asked")) & asked.counts_on_asked())
    ended = nw.col("end_date").fill_null(nw.col("start_date"))
    order = states.with_columns(ended=ended, bought=nw.col("seats").fill_null(-1))
    place = nw.col("contract").cum_count(reverse=True)
    last_ = order.with_columns(
        place=place.over(*KEYS, "contract", order_by=["at", "known_at", "start_date", "ended", "bought"])
    ).filter(nw.col("place") == 1)
    day = nw.col("asked") - ago
    open_ended = nw.col("end_date").is_null() | (nw.col("end_date") > day)
    return last_.filter((nw.col("start_date") <= day) & open_ended)
