"""Tables of the work that is done."""

from keepwell.plays.models.alarms import AlertBudget, Delivery, Response
from keepwell.plays.models.autopsies import Autopsy
from keepwell.plays.models.bulk import BulkChange, BulkDeed
from keepwell.plays.models.cadences import CadenceDeclaration, OutputDelivery
from keepwell.plays.models.gap_tellings import GapTelling
from keepwell.plays.models.incidents import (
    Incident,
    IncidentAttendance,
    IncidentCall,
    IncidentClock,
    IncidentClosure,
    IncidentFinding,
    IncidentNote,
    IncidentPractice,
    IncidentTelling,
)
from keepwell.plays.models.library import Article, ArticleReading, LibrarySearch
from keepwell.plays.models.messages import Channel, Message, MessageAttempt
from keepwell.plays.models.notifications import (
    Letter,
    NoticeChoice,
    NoticeMark,
    Notification,
)
from keepwell.plays.models.office_hours import OfficeHour, OfficeHourSession
from keepwell.plays.models.packs import HandOverAcceptance, HandOverPack
from keepwell.plays.models.playbooks import (
    DryRun,
    Playbook,
    PlaybookVersion,
    PlayMark,
    Run,
    RunEnding,
    RunPause,
    RunStep,
)
from keepwell.plays.models.tasks import Task, TaskCompletion
from keepwell.plays.models.triage import Triage, TriageStart

__all__ = [
    "AlertBudget",
    "Article",
    "ArticleReading",
    "Autopsy",
    "BulkChange",
    "BulkDeed",
    "CadenceDeclaration",
    "Channel",
    "Delivery",
    "DryRun",
    "GapTelling",
    "HandOverAcceptance",
    "HandOverPack",
    "Incident",
    "IncidentAttendance",
    "IncidentCall",
    "IncidentClock",
    "IncidentClosure",
    "IncidentFinding",
    "IncidentNote",
    "IncidentPractice",
    "IncidentTelling",
    "Letter",
    "LibrarySearch",
    "Message",
    "MessageAttempt",
    "NoticeChoice",
    "NoticeMark",
    "Notification",
    "OfficeHour",
    "OfficeHourSession",
    "OutputDelivery",
    "PlayMark",
    "Playbook",
    "PlaybookVersion",
    "Response",
    "Run",
    "RunEnding",
    "RunPause",
    "RunStep",
    "Task",
    "TaskCompletion",
    "Triage",
    "TriageStart",
]
