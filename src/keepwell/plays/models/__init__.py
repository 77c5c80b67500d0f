"""Tables of the work that is done."""

from keepwell.plays.models.incidents import Incident, IncidentClosure
from keepwell.plays.models.tasks import Task, TaskCompletion

__all__ = ["Incident", "IncidentClosure", "Task", "TaskCompletion"]
