"""What one can do or open by its name: a line each. Others add theirs here."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.kernel import speech


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
        speech.later("Log a touchpoint for"),
        "record-new",
        ("touchpoints",),
        speech.later("call meeting note spoke"),
        "work.do",
        of_account=True,
    ),
    Deed(
        speech.later("Add a task for"),
        "task-new",
        (),
        speech.later("new todo remind"),
        "work.do",
        of_account=True,
    ),
    Deed(
        speech.later("Add a person to"),
        "record-new",
        ("people",),
        speech.later("new contact stakeholder"),
        "work.do",
        of_account=True,
    ),
    Deed(speech.later("Add a ticket for"), "record-new", ("tickets",), "new", "work.do", of_account=True),
    Deed(speech.later("Add a contract for"), "record-new", ("contracts",), "new", "work.do", of_account=True),
    Deed(speech.later("Report an incident"), "incident-new", (), speech.later("new open"), "work.do"),
    Deed(speech.later("New playbook"), "playbook-new", (), speech.later("create steps"), "config.change"),
    Deed(speech.later("New segment"), "segment-new", (), speech.later("create group"), "config.change"),
    Deed(speech.later("New measure"), "measure-new", (), speech.later("create metric"), "config.change"),
    Deed(speech.later("New scorecard"), "settings-scorecard-new", (), "create", "config.change"),
    Deed(speech.later("Import a file"), "import-new", (), speech.later("csv upload"), "data.import"),
    Deed(speech.later("Dark colours"), also=speech.later("theme mode night switch"), press="theme=dark"),
    Deed(speech.later("Light colours"), also=speech.later("theme mode day switch"), press="theme=light"),
    Deed(
        speech.later("Colours of the system"),
        also=speech.later("theme mode auto switch"),
        press="theme=system",
    ),
    Deed(speech.later("Narrow or wide rail"), also=speech.later("fold collapse sidebar"), press="rail"),
    Deed(speech.later("Keyboard shortcuts"), also=speech.later("keys help"), press="keys"),
)
PAGES = (
    Deed(speech.later("Tasks"), "tasks", (), speech.later("work todo")),
    Deed(speech.later("Office hours"), "office-hours", (), speech.later("training questions triage")),
    Deed(speech.later("Product gaps"), "gaps", (), speech.later("feature requests triage missing")),
    Deed(speech.later("Effect of triage"), "triage-effect", (), speech.later("load csat before after")),
    Deed(speech.later("Imports"), "imports", (), speech.later("data files")),
    Deed(speech.later("Rejected rows"), "rejected", (), speech.later("data errors dead letter")),
    Deed(speech.later("Data quality"), "quality", (), "missing"),
    Deed(speech.later("Records"), "record-kinds", (), speech.later("data tables facts")),
    Deed(speech.later("Exchange rates"), "rates", (), speech.later("currency money")),
    Deed(speech.later("Who is who"), "data-identity", (), speech.later("identity links aliases")),
    Deed(speech.later("Phases"), "phases", (), speech.later("journey lifecycle")),
    Deed(speech.later("Scorecards"), "settings-scorecards", (), speech.later("health settings")),
    Deed(speech.later("Currencies"), "settings-currencies", (), speech.later("settings money reporting")),
    Deed(
        speech.later("How often customers are met"),
        "settings-cadence",
        (),
        speech.later("settings rhythm phases outputs"),
    ),
    Deed(
        speech.later("The journey of customers"),
        "settings-journey",
        (),
        speech.later("settings phases criteria first value"),
    ),
    Deed(speech.later("Hand-overs"), "handovers", (), speech.later("successor leave continuity")),
    Deed(speech.later("Outputs of phases"), "cadence-outputs", (), speech.later("documents deliverables")),
    Deed(
        speech.later("How incidents are answered"),
        "settings-incidents",
        (),
        speech.later("settings escalation path clocks"),
    ),
    Deed(speech.later("Channels"), "settings-channels", (), speech.later("settings webhook chat slack")),
    Deed(speech.later("Autopsies"), "autopsies", (), speech.later("losses churn learned")),
    Deed(speech.later("Departure"), "settings-departure", (), speech.later("settings churn gone")),
    Deed(speech.later("Custom fields"), "settings-fields", (), speech.later("settings columns")),
    Deed(
        speech.later("Privacy"), "privacy", (), speech.later("settings gdpr erase export"), "privacy.manage"
    ),
    Deed(speech.later("Change password"), "account_change_password", (), speech.later("settings sign in")),
)
