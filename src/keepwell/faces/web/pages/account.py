"""What the pages about one account say, tab by tab."""

from dataclasses import dataclass

from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.faces.web.pages.incidents import IncidentRow
from keepwell.faces.web.pages.rules import SignalRow
from keepwell.faces.web.pages.runs import RunRow
from keepwell.faces.web.pages.tasks import TaskRow


@dataclass(frozen=True)
class IncidentsTab:
    """The account's incidents, signals, playbooks and tasks; signals of the present alone."""

    head: AccountHead
    incidents: tuple[IncidentRow, ...]
    tasks: tuple[TaskRow, ...]
    holding: tuple[SignalRow, ...] = ()
    over: tuple[SignalRow, ...] = ()
    runs: tuple[RunRow, ...] = ()
    startable: tuple[tuple[str, str], ...] = ()
