"""Tables of the work that is done."""

from keepwell.plays.models.bulk import BulkChange, BulkDeed
from keepwell.plays.models.incidents import Incident, IncidentClosure
from keepwell.plays.models.notifications import (
    DigestChoice,
    Letter,
    NoticeChoice,
    NoticeMark,
    Notification,
)
from keepwell.plays.models.tasks import Task, TaskCompletion

__all__ = [
    "BulkChange",
    "BulkDeed",
    "DigestChoice",
    "Incident",
    "IncidentClosure",
    "Letter",
    "NoticeChoice",
    "NoticeMark",
    "Notification",
    "Task",
    "TaskCompletion",
]
