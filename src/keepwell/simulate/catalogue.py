"""What Fernhill sells: a workspace for operations teams, its features, and how each is used."""

from dataclasses import dataclass
from enum import StrEnum


class Rhythm(StrEnum):
    """When in a week or a month a feature is used."""

    STEADY = "steady"
    MONDAY = "monday"
    MONTH_END = "month_end"


@dataclass(frozen=True)
class Feature:
    """One feature: the event its use sends, how common it is, and whether Fernhill counts it as core."""

    slug: str
    event: str
    weight: float
    core: bool = False
    rhythm: Rhythm = Rhythm.STEADY


FEATURES = (
    Feature("work-orders", "Work order completed", 9.0, core=True),
    Feature("inspections", "Inspection recorded", 6.0, core=True),
    Feature("schedules", "Schedule published", 4.0, core=True, rhythm=Rhythm.MONDAY),
    Feature("dashboards", "Dashboard viewed", 8.0, core=True),
    Feature("reports", "Report exported", 3.0, core=True, rhythm=Rhythm.MONTH_END),
    Feature("approvals", "Approval given", 4.0, core=True),
    Feature("mobile-app", "Mobile checklist submitted", 5.0, core=True),
    Feature("automations", "Automation run started", 3.0, core=True),
    Feature("home", "Home opened", 10.0),
    Feature("search", "Search performed", 5.0),
    Feature("comments", "Comment added", 4.5),
    Feature("attachments", "Attachment uploaded", 3.0),
    Feature("notifications", "Notification opened", 4.0),
    Feature("assets", "Asset updated", 2.5),
    Feature("parts", "Part reserved", 1.5),
    Feature("vendors", "Vendor contacted", 0.8),
    Feature("budgets", "Budget reviewed", 0.8, rhythm=Rhythm.MONTH_END),
    Feature("calendar", "Calendar opened", 2.5, rhythm=Rhythm.MONDAY),
    Feature("map", "Map opened", 1.2),
    Feature("forms", "Form edited", 0.7),
    Feature("imports", "File imported", 0.5, rhythm=Rhythm.MONTH_END),
    Feature("api", "API key used", 1.0),
    Feature("audit-trail", "Audit trail viewed", 0.4, rhythm=Rhythm.MONTH_END),
    Feature("assistant", "Assistant asked", 1.6),
)
CORE = tuple(feature.slug for feature in FEATURES if feature.core)
PRODUCT = "Fernhill Operations"
