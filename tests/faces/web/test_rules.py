"""Signals: the list of rules, one rule, the form that is built without script, putting off, and the account's own."""

import re
from datetime import datetime, timedelta

from django.test import Client

from keepwell.faces.web.models import TakenAway
from keepwell.ledger.models import Account
from keepwell.plays.actions import budgets, deliveries
from keepwell.plays.models import AlertBudget, Incident, Task
from keepwell.signals.actions import rehearsals, rules
from keepwell.signals.models import Firing, Rehearsal, Rule, RuleVersion
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.plays.books import say, step
from tests.world import NOW, TESTS, World

FORM = {
    "title": "Hears of another team",
    "severity": "low",
    "foretells": "expansion",
    "owner": "csm",
    "again_after_days": "28",
    "applies": "segment:shaky",
    "kind-0": "all",
    "parts-0": "0 1",
    "kind-0-0": "leaf",
    "of-0-0": "heard.",
    "name-0-0": "another team",
    "op-0-0": "above",
    "value-0-0": "0",
    "days-0-0": "30",
    "kind-0-1": "leaf",
    "of-0-1": "change.",
    "name-0-1": "active_people",
    "op-0-1": "at_least",
    "value-0-1": "10",
    "days-0-1": "28",
}


WOLF = {
    "alarms": 60, "accounts": 50, "settled": 50, "right": 1, "by_chance": 0.05, "told": 40, "answered": 10, "acted": 3,
    "precision": {"share": 0.02, "low": 0.01, "high": 0.09}, "not_useful": 1, "acted_share": 0.1, "a_week_per_csm": 1.5,
    "renewed": 0, "renewed_arr": None, "currency": "", "retire": ["chance"],
}  # fmt: skip


def firing() -> Firing:
    return Firing.objects.get(rule__slug="falls-into-red", account__key="willow")


def test_willows_fall_stands_with_its_rule_and_with_willow(ada: Client) -> None:
    listed = text(ada.get("/signals/"))
    assert "Health falls into red" in listed
    assert "New rule" not in listed
    one = text(ada.get("/signals/falls-into-red/"))
    assert "It fires when Band is At risk and band before is one of Healthy, Watch." in one
    assert "It holds of 1 account" in one
    assert "Band At risk (At risk)" in one
    assert "Health falls into red" in text(ada.get("/accounts/willow/incidents/"))
    rows = b"".join(ada.get("/signals/falls-into-red.csv")).decode().splitlines()
    assert rows[1].startswith("willow,Willow,critical,")


def test_a_rule_is_drafted_looked_at_published_and_rolled_back(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    looked = text(root.post("/signals/new/", {**FORM, "deed": "look"}))
    assert (
        "heard another team is above 0 times in the last 30 days and active people rose by at least 10 %"
        in looked
    )
    saved = root.post("/signals/new/", {**FORM, "deed": "save"})
    assert saved.headers["Location"] == "/signals/hears-of-another-team/"
    page = html(root.get(saved.headers["Location"]))
    assert "It watches nobody until it is published." in page
    opened = html(root.get("/signals/hears-of-another-team/edit/"))
    assert 'value="segment:shaky" selected' in opened
    assert 'value="another team"' in opened
    seen = Rule.objects.get(slug="hears-of-another-team")
    root.post(f"/signals/{seen.slug}/publication/", {"number": "1"})
    assert Rule.objects.get(slug=seen.slug).published is not None
    root.post(f"/signals/{seen.slug}/edit/", {**FORM, "severity": "high", "deed": "save"})
    root.post(f"/signals/{seen.slug}/publication/", {"number": "2"})
    root.post(f"/signals/{seen.slug}/publication/", {"number": "1", "again": "1"})
    page = text(root.get(f"/signals/{seen.slug}/"))
    assert "Version 3 In force" in page
    assert "Severity Low" in page


def test_what_is_missing_is_said_beside_what_was_typed(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    refused = root.post("/signals/new/", {**FORM, "title": "", "deed": "save"})
    assert refused.status_code == 422
    assert "needs a title" in text(refused)
    wrong = root.post("/signals/new/", {**FORM, "name-0-1": "activ_people", "deed": "look"})
    assert "change.active_people" in text(wrong)


def test_a_draft_is_thrown_away_and_a_rule_rests(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    root.post("/signals/new/", {**FORM, "deed": "save"})
    gone = root.post("/signals/hears-of-another-team/discard/")
    assert gone.headers["Location"] == "/signals/"
    root.post("/signals/falls-into-red/rest/")
    assert "It rests: it watches nobody." in text(root.get("/signals/falls-into-red/"))
    root.post("/signals/falls-into-red/rest/", {"wake": "1"})
    assert Rule.objects.get(slug="falls-into-red").active


def test_a_signal_is_put_off_for_a_week_and_heard_again(ada: Client) -> None:
    path = f"/signals/{firing().pk}/snooze/"
    back = ada.post(path, {"days": "7", "back": "/accounts/willow/incidents/"})
    assert back.headers["Location"] == "/accounts/willow/incidents/"
    assert "Hear it again" in text(ada.get("/accounts/willow/incidents/"))
    ada.post(path, {"days": "0"})
    assert "Put off a week" in text(ada.get("/accounts/willow/incidents/"))


def test_ada_edits_no_rule_and_cleo_sees_no_signal_of_hers(
    lived: World, sign_in: SignIn, ada: Client
) -> None:
    assert ada.get("/signals/new/").status_code == 403
    assert ada.post("/signals/falls-into-red/rest/").status_code == 403
    cleo = sign_in(lived.cleo)
    assert "Willow" not in text(cleo.get("/signals/falls-into-red/"))
    assert cleo.post(f"/signals/{firing().pk}/snooze/", {"days": "7"}).status_code == 404


def test_no_rules_teach_what_a_rule_is(ada: Client) -> None:
    for slug in Rule.objects.values_list("slug", flat=True):
        rules.rest(slug=slug, by=TESTS, at=NOW)
    said = text(ada.get("/signals/"))
    assert "No rules yet" in said
    assert "Rules that rest" in said


def test_a_rehearsal_is_asked_for_watched_and_read(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    asked = root.post("/signals/falls-into-red/rehearsal/")
    here = asked.headers["Location"]
    assert "The rehearsal waits for its turn." in text(root.get(here))
    rehearsals.run(rehearsal_id=Rehearsal.objects.get().pk, at=NOW)
    page = text(root.get(here))
    assert "Version 1 fires when Band is At risk and band before is one of Healthy, Watch." in page
    assert "Alarms a week for each CSM" in page
    assert "each as known then" in page
    assert "Version 1: " in text(root.get("/signals/falls-into-red/"))
    assert sign_in(lived.ada).get(here).status_code == 404


def fire(*, at: datetime) -> None:
    """Signals of a rule that holds of Birch, Willow and Elm."""
    rules.put(slug="worth", title="Worth", definition={"when": {"of": "arr", "above": 1}}, by=TESTS, at=NOW)
    deliveries.plan(firings=Firing.objects.filter(rule__slug="worth"), at=at)


def test_a_signal_is_answered_on_its_page_and_the_answer_taken_back(ada: Client) -> None:
    here = f"/signals/{firing().pk}/"
    deliveries.deliver(at=NOW)
    said = text(ada.get(here))
    assert "Ada Customer success manager Told by its incident" in said
    assert "Nobody answered yet." in said
    ada.post(f"{here}response/", {"kind": "acknowledged", "note": "I call them"})
    assert "Acknowledged Ada" in text(ada.get(here))
    ada.post(f"{here}response/", {"kind": "acknowledged", "undo": "1"})
    assert "Nobody answered yet." in text(ada.get(here))
    assert ada.post(f"{here}response/", {"kind": "gossip"}).status_code == 422
    set_ = ada.post(f"{here}response/", {"kind": "task", "title": "Call Grace", "due": "2026-06-17"})
    assert set_.headers["Location"] == f"/tasks/{Task.objects.get(title='Call Grace').pk}/"
    ada.post(f"{here}response/", {"kind": "incident", "title": "They may go"})
    assert Incident.objects.filter(title="They may go", account__key="willow", open=True).exists()


def test_what_is_held_back_is_shown_and_downloaded(lived: World, sign_in: SignIn) -> None:
    ada = sign_in(lived.ada)
    assert "Nothing is held back" in text(ada.get("/signals/held/"))
    night = NOW + timedelta(hours=9)
    fire(at=night)
    deliveries.deliver(at=night)
    page = text(ada.get("/signals/held/"))
    assert "It waits for the end of the quiet hours." in page
    rows = b"".join(ada.get("/signals/held.csv")).decode().splitlines()
    assert len(rows) > 1
    assert rows[1].endswith("quiet_hours")
    assert "held back" in text(ada.get("/today/"))
    assert "quiet hours" not in text(sign_in(lived.cleo).get("/signals/held/"))


def test_a_signal_waits_in_today_and_is_answered_there(lived: World, sign_in: SignIn) -> None:
    fire(at=NOW)
    deliveries.deliver(at=NOW)
    ada = sign_in(lived.ada, htmx=True)
    shown = html(ada.get("/today/"))
    assert "Not useful (x)" in shown
    item = shown.split('value="signal:')[1].split('"')[0]
    after = html(ada.post("/today/not-useful/", {"item": f"signal:{item}"}))
    assert f'value="signal:{item}"' not in after
    assert "Not useful: " in after


def test_the_alert_budget_is_counted_shown_and_downloaded_and_a_rule_rests_with_one_press(
    lived: World, sign_in: SignIn
) -> None:
    root = sign_in(lived.root)
    assert "It was not counted yet" in text(root.get("/signals/budget/"))
    assert root.post("/signals/budget/count/").headers["Location"] == "/signals/budget/"
    budgets.count(at=NOW)
    AlertBudget.objects.filter(rule__slug="falls-into-red").update(figures=WOLF)
    page = text(root.get("/signals/budget/"))
    assert "These cry wolf" in page
    assert "It was right no more often than chance would be." in page
    assert re.search(r"2\s?% \(1\s?% to 9\s?%\)", page)
    rows = root.get("/signals/budget.csv").content.decode().splitlines()
    assert rows[1].startswith("falls-into-red,")
    assert rows[1].endswith(",chance")
    back = root.post("/signals/falls-into-red/rest/", {"back": "/signals/budget/"})
    assert back.headers["Location"] == "/signals/budget/"
    assert "These cry wolf" not in text(root.get("/signals/budget/"))
    root.post("/undo/", {"removed": f"undo-{TakenAway.objects.get().pk.hex}"})
    assert Rule.objects.get(slug="falls-into-red").active
    assert "your role sees a part of it" in text(sign_in(lived.ada).get("/signals/budget/"))


def test_what_every_rule_says_of_an_account_stands_on_a_page(ada: Client) -> None:
    assert "Ask every rule" in text(ada.get("/accounts/willow/rules/"))
    page = text(ada.get("/accounts/willow/rules/?now=1"))
    assert "What the rules say" in page
    assert "Health falls into red" in page
    assert "Cannot be told" in page
    assert "/accounts/willow/rules/" in html(ada.get("/accounts/willow/incidents/"))


def test_the_incident_that_a_rule_opens_is_said_in_its_form(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    opened = html(root.get("/signals/falls-into-red/edit/"))
    said = Rule.objects.get(slug="falls-into-red").published
    assert said is not None
    assert f'value="{said.definition["opens"]["title"]}"' in opened
    opens = {
        "opens": "They may go",
        "clock_hours": "12",
        "opens_tasks": "csm cause: Find out\nleader 1.5: Know of it",
    }
    saved = root.post("/signals/new/", {**FORM, **opens, "deed": "save"})
    assert saved.status_code == 302
    draft = RuleVersion.objects.get(rule__slug="hears-of-another-team")
    assert draft.definition["opens"] == {
        "title": "They may go",
        "clock_hours": 12,
        "tasks": [
            {"title": "Find out", "role": "csm", "clock": "cause"},
            {"title": "Know of it", "role": "leader", "hours": 1.5},
        ],
    }
    refused = root.post(
        "/signals/new/", {**FORM, **opens, "title": "Other", "opens_tasks": "Call", "deed": "save"}
    )
    assert "is no task" in text(refused)
    refused = root.post(
        "/signals/new/", {**FORM, **opens, "title": "Other", "clock_hours": "soon", "deed": "save"}
    )
    assert "must be a number of hours" in text(refused)


def test_those_of_whom_a_rule_holds_are_chosen_the_largest_first(ada: Client) -> None:
    asked = {"when": {"of": "arr", "above": 0}, "severity": "low"}
    rules.put(slug="paying", title="Paying", definition=asked, by=TESTS, at=NOW)
    told = html(ada.get("/signals/paying/?order=arr&first=1"))
    rows = re.findall(r'name="key" value="(\w+)"[^>]*?( checked)?>', told)
    largest = (
        Account.objects.filter(line__arr__isnull=False).order_by("-line__arr").values_list("key", flat=True)
    )
    assert [key for key, _ in rows] == list(largest)
    assert [bool(chosen) for _, chosen in rows] == [True] + [False] * (len(rows) - 1)
    assert len(rows) > 1
    assert ada.get("/signals/paying/?order=size").status_code == 400
    csv = b"".join(ada.get("/signals/paying.csv")).decode()  # type: ignore[arg-type]
    assert csv.splitlines()[0].endswith("arr,currency")


def test_a_playbook_started_for_those_of_whom_a_rule_holds_answers_its_signals(ada: Client) -> None:
    rules.put(slug="paying", title="Paying", definition={"when": {"of": "arr", "above": 0}}, by=TESTS, at=NOW)
    say(step("call"), slug="calls")
    page = html(ada.get("/signals/paying/"))
    assert '<input type="hidden" name="rule" value="paying">' in page
    account = re.findall(r'name="key" value="(\w+)"', page)[0]
    form = {"key": account, "rule": "paying", "kind": "play", "back": "/signals/paying/"}
    draft = ada.post("/accounts-bulk/", form).headers["Location"].partition("?")[0]
    asked = {"kind": "play", "playbook": "calls", "because": "A sweep"}
    assert ada.post(draft, asked | {"deed": "do"}).headers["Location"] == "/signals/paying/"
    signal = Firing.objects.get(rule__slug="paying", account__key=account, ended_at=None)
    said = text(ada.get(f"/signals/{signal.pk}/"))
    assert "Started the playbook “Calls” Ada" in said
    assert "Nobody answered yet" not in said
    assert ada.post("/accounts-bulk/", form | {"rule": "no-such"}).status_code == 404
