"""Formulas over business events: rates, recency, means, answers to surveys."""

import narwhals as nw

from keepwell.metrics.formulas import calendar
from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.rolling import KEYS, Asked, answers, rolled
from keepwell.metrics.measures import DaysSince, MeanValue, MonthlyRate, NetPromoter

PROMOTER_FROM = 9
DETRACTOR_TO = 6


def monthly_rate(measure: MonthlyRate, asked: Asked) -> Frame:
    """Events of the window × 30 / window days, per month of 30 days; 0 or more once the feed speaks."""
    events = asked.daily.business.filter(nw.col("name") == measure.name)
    counts = rolled(events, asked.days, measure.window_days).group_by(*KEYS).agg(events=nw.len())
    feed = asked.daily.feed.filter(nw.col("name").is_in(list(measure.feed)))
    rows = asked.spine.join(feed.select(speaks=nw.col("day").min()), how="cross")
    return answers(
        rows.join(counts, on=list(KEYS), how="left"),
        known=(nw.col("speaks") <= nw.col("as_of")).fill_null(False),
        value=nw.col("events").fill_null(0).cast(nw.Float64) * 30.0 / float(measure.window_days),
        reason=asked.reason,
    )


def net_promoter(measure: NetPromoter, asked: Asked) -> Frame:
    """100 × (promoters − detractors) / people, over each person's last answer in the window: −100 … 100.

    Promoters answer 9 or 10, detractors 0 to 6 (F. Reichheld, "The One Number You Need to Grow", Harvard
    Business Review, December 2003). The last answer is the last by (at, known_at, id); an answer without
    a person is one person's. Unknown when the window holds no answer.
    """
    answered = asked.daily.business.filter(
        (nw.col("name") == "survey.answered") & (nw.col("feature") == "nps") & ~nw.col("value").is_null()
    ).with_columns(
        nameless=nw.col("person") == "", who=nw.when(nw.col("person") == "").then("id").otherwise("person")
    )
    held = rolled(answered, asked.days, measure.window_days)
    place = nw.col("id").cum_count(reverse=True)
    last = held.with_columns(
        place=place.over(*KEYS, "nameless", "who", order_by=["at", "known_at", "id"])
    ).filter(nw.col("place") == 1)
    counts = (
        last.with_columns(
            promoter=(nw.col("value") >= PROMOTER_FROM).cast(nw.Int64),
            detractor=(nw.col("value") <= DETRACTOR_TO).cast(nw.Int64),
        )
        .group_by(*KEYS)
        .agg(promoters=nw.col("promoter").sum(), detractors=nw.col("detractor").sum(), people=nw.len())
    )
    lead = (nw.col("promoters") - nw.col("detractors")).cast(nw.Float64)
    return answers(
        asked.spine.join(counts, on=list(KEYS), how="left"),
        known=~nw.col("people").is_null(),
        value=lead * 100.0 / nw.col("people").cast(nw.Float64),
        reason=asked.reason,
    )


def days_since(measure: DaysSince, asked: Asked) -> Frame:
    """Whole days from the last event to the asked day: 0 on the day itself. Unknown before the first one.

    Each event is put on the first asked day that follows it; the running maximum over the asked days does
    the rest.
    """
    first = min(asked.days)
    events = asked.daily.business.filter(nw.col("name") == measure.name).select(
        "account_id", happened=calendar.ordinal("day"), day=nw.max_horizontal("day", nw.lit(first))
    )
    placed = events.join(calendar.next_asked(events, asked.days), on="day")
    latest = placed.group_by(*KEYS).agg(latest=nw.col("happened").max())
    rows = asked.spine.join(latest, on=list(KEYS), how="left").with_columns(
        latest=nw.col("latest").fill_null(0)
    )
    rows = rows.with_columns(last=nw.col("latest").cum_max().over("account_id", order_by="as_of"))
    return answers(
        rows, known=nw.col("last") > 0, value=calendar.ordinal("as_of") - nw.col("last"), reason=asked.reason
    )


def mean_value(measure: MeanValue, asked: Asked) -> Frame:
    """Scale × the mean value of the window's events that have one; unknown when there is none.

    Rounded to six decimals, so that the order in which an engine adds up cannot show.
    """
    events = asked.daily.business.filter((nw.col("name") == measure.name) & ~nw.col("value").is_null())
    held = rolled(events, asked.days, measure.window_days)
    totals = held.group_by(*KEYS).agg(total=nw.col("value").sum(), events=nw.len())
    return answers(
        asked.spine.join(totals, on=list(KEYS), how="left"),
        known=~nw.col("events").is_null(),
        value=(nw.col("total") * measure.scale / nw.col("events").cast(nw.Float64)).round(6),
        reason=asked.reason,
    )
