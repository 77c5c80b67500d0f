"""What the Usage tab of an account says."""

from dataclasses import dataclass
from datetime import date

from keepwell.faces.components.marks import DayMark
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.ledger.queries.usage import FeatureUse


@dataclass(frozen=True)
class Feature:
    """One feature's use over the shown span."""

    name: str
    events: str
    people: str
    last: DayMark | None


@dataclass(frozen=True)
class UsageTab:
    """How the product is used."""

    head: AccountHead
    span: str
    features: tuple[Feature, ...]
    people_chart: str
    events_chart: str


def features(uses: tuple[FeatureUse, ...], *, today: date) -> tuple[Feature, ...]:
    """Features as rows."""
    return tuple(
        Feature(
            use.feature,
            f"{use.events:,}",
            "not named" if use.people is None else f"{use.people:,}",
            DayMark.of(use.last_day, today=today),
        )
        for use in uses
    )
