"""What the pages about one account say, tab by tab."""

from dataclasses import dataclass

from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.faces.web.pages.incidents import IncidentRow
from keepwell.faces.web.pages.tasks import TaskRow


@dataclass(frozen=True)
class IncidentsTab:
    """The account's incidents and tasks."""

    head: AccountHead
    incidents: tuple[IncidentRow, ...]
    tasks: tuple[TaskRow, ...]
