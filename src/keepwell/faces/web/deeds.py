"""What one can do or open by its name: a line each. Others add theirs here."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True)
class Deed:
    """A page or a deed by its name, found by other words too (`also`), for those whose role may do what it `needs`.

    With `of_account` it is done for an account: its address has that as `account`, and what follows its name is searched
    for. `press` names a switch of the frame ("theme=dark") instead of an address.
    """

    title: str
    name: str = ""
    args: tuple[str, ...] = ()
    also: str = ""
    needs: str = ""
    of_account: bool = False
    press: str = ""

    def address(self, *, account: str = "") -> str:
        """Where it is done."""
        if not self.name:
            return ""
        query = "?" + urlencode({"account": account}) if account else ""
        return reverse(self.name, args=self.args) + query


DEEDS = (
    Deed(
        "Log a touchpoint for",
        "record-new",
        ("touchpoints",),
        "call meeting note spoke",
        "work.do",
        of_account=True,
    ),
    Deed("Add a task for", "task-new", (), "new todo remind", "work.do", of_account=True),
    Deed("Add a person to", "record-new", ("people",), "new contact stakeholder", "work.do", of_account=True),
    Deed("Add a ticket for", "record-new", ("tickets",), "new", "work.do", of_account=True),
    Deed("Add a contract for", "record-new", ("contracts",), "new", "work.do", of_account=True),
    Deed("Report an incident", "incident-new", (), "new open", "work.do"),
    Deed("New segment", "segment-new", (), "create group", "config.change"),
    Deed("New measure", "measure-new", (), "create metric", "config.change"),
    Deed("New scorecard", "settings-scorecard-new", (), "create", "config.change"),
    Deed("Import a file", "import-new", (), "csv upload", "data.import"),
    Deed("Dark colours", also="theme mode night switch", press="theme=dark"),
    Deed("Light colours", also="theme mode day switch", press="theme=light"),
    Deed("Colours of the system", also="theme mode auto switch", press="theme=system"),
    Deed("Narrow or wide rail", also="fold collapse sidebar", press="rail"),
    Deed("Keyboard shortcuts", also="keys help", press="keys"),
)
PAGES = (
    Deed("Tasks", "tasks", (), "work todo"),
    Deed("Imports", "imports", (), "data files"),
    Deed("Rejected rows", "rejected", (), "data errors dead letter"),
    Deed("Data quality", "quality", (), "missing"),
    Deed("Records", "record-kinds", (), "data tables facts"),
    Deed("Exchange rates", "rates", (), "currency money"),
    Deed("Who is who", "data-identity", (), "identity links aliases"),
    Deed("Phases", "phases", (), "journey lifecycle"),
    Deed("Scorecards", "settings-scorecards", (), "health settings"),
    Deed("Currencies", "settings-currencies", (), "settings money reporting"),
    Deed("Departure", "settings-departure", (), "settings churn gone"),
    Deed("Custom fields", "settings-fields", (), "settings columns"),
    Deed("Privacy", "privacy", (), "settings gdpr erase export", "privacy.manage"),
    Deed("Change password", "account_change_password", (), "settings sign in"),
)
