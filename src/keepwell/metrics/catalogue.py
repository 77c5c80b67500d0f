"""Every metric that Keepwell knows, declared. Pages, API, scorecards and contract tests are made from this
list.
"""

from dataclasses import dataclass
from typing import Literal

from keepwell.kernel.errors import NotFound
from keepwell.metrics.measures import (
    ActiveDays,
    DaysSince,
    DistinctPeople,
    FeatureShare,
    MeanValue,
    Measure,
    MonthlyRate,
    NetPromoter,
    Utilisation,
)


Group = Literal[
    "usage", "adoption", "relationship", "service", "voice", "value", "delivery", "commercial", "custom"
]


@dataclass(frozen=True)
class Metric:
    """One number about an account on a day.

    `sentence` says what it is, `unknown_when` when there is no answer; `parameters` are the settings it
    may have. `group` is where it stands in lists, `builtin` whether Keepwell brings it.
    """

    slug: str
    title: str
    unit: str
    better: Literal["up", "down"]
    sentence: str
    unknown_when: str
    measure: Measure
    parameters: tuple[str, ...] = ()
    group: Group = "custom"
    builtin: bool = False

    @property
    def window_days(self) -> int | None:
        """How many whole days, the asked day included, the metric looks back; None: as far as anything is
        known.
        """
        return self.measure.window_days

    @property
    def reason(self) -> str:
        """What an unknown answer says."""
        return self.unknown_when[0].upper() + self.unknown_when[1:]


TICKETS = ("ticket.opened", "ticket.escalated", "ticket.resolved")

METRICS: dict[str, Metric] = {
    metric.slug: metric
    for metric in (
        Metric(
            "active_people",
            "Active people",
            "people",
            "up",
            "How many named people used the product in the last 28 days.",
            "no usage event of the account ever named a person",
            DistinctPeople(window_days=28),
            group="usage",
            builtin=True,
        ),
        Metric(
            "active_days",
            "Active days",
            "days",
            "up",
            "On how many of the last 28 days anybody used the product.",
            "the account never had a usage event",
            ActiveDays(window_days=28),
            group="usage",
            builtin=True,
        ),
        Metric(
            "core_feature_adoption",
            "Core-feature adoption",
            "%",
            "up",
            "Which share of the declared core features was used in the last 90 days.",
            "no core feature is declared, or the account never had a usage event",
            FeatureShare(window_days=90),
            parameters=("features",),
            group="adoption",
            builtin=True,
        ),
        Metric(
            "seat_utilisation",
            "Seat utilisation",
            "%",
            "up",
            "Active people of the last 28 days against the seats of the contracts active on the day.",
            "no usage event ever named a person, or no active contract states its seats",
            Utilisation(window_days=28),
            group="adoption",
            builtin=True,
        ),
        Metric(
            "escalations_per_month",
            "Escalations a month",
            "a month",
            "down",
            "How many tickets were escalated in the last 90 days, per 30 days.",
            "no ticket of any account is known yet",
            MonthlyRate("ticket.escalated", window_days=90, feed=TICKETS),
            group="service",
            builtin=True,
        ),
        Metric(
            "latest_nps",
            "NPS",
            "NPS",
            "up",
            "Promoters less detractors in percent, over each person's last NPS answer of the last 365 days.",
            "nobody answered an NPS survey in the last 365 days",
            NetPromoter(window_days=365),
            group="voice",
            builtin=True,
        ),
        Metric(
            "days_since_touchpoint",
            "Days since last touchpoint",
            "days",
            "down",
            "Whole days since we and the customer last spoke.",
            "no touchpoint is known",
            DaysSince("touchpoint.held"),
            group="relationship",
            builtin=True,
        ),
        Metric(
            "executive_attendance",
            "Executive attendance",
            "%",
            "up",
            "In which share of the last 365 days’ business reviews an executive of the customer attended.",
            "no business review took place in the last 365 days",
            MeanValue("review.held", scale=100.0, window_days=365),
            group="relationship",
            builtin=True,
        ),
        Metric(
            "days_since_plan_confirmed",
            "Days since plan confirmed",
            "days",
            "down",
            "Whole days since the success plan was last confirmed or refreshed with the customer.",
            "the success plan was never confirmed",
            DaysSince("plan.confirmed"),
            group="value",
            builtin=True,
        ),
    )
}


def find(slug: str) -> Metric:
    """The metric of this slug."""
    try:
        return METRICS[slug]
    except KeyError:
        raise NotFound(f'"{slug}" is no metric. Known: {", ".join(METRICS)}.') from None
