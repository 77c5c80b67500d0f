"""A customer that left is looked back on: what was knowable when, the first signal, the missed alarm, what was done."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from keepwell.drafting import autopsy_report
from keepwell.faces import incident_files
from keepwell.faces.web.pages import autopsies as pages
from keepwell.ledger.actions import contracts, relay, touchpoints
from keepwell.packs import actions as packs
from keepwell.plays.actions import autopsies as deeds
from keepwell.plays.formulas import autopsy
from keepwell.plays.formulas.autopsy import Act, Answer, Departed, Health, Signal, Told
from keepwell.plays.models import Autopsy, Delivery, Response
from keepwell.plays.queries import autopsies
from keepwell.signals.models import Firing, Rule
from tests import world
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY

DAY = timedelta(days=1)
LEFT = TODAY - 40 * DAY
GONE = Departed(LEFT, LEFT, "A customer has left when its contract ended.")


def ago(days: int) -> datetime:
    """So many days before it left."""
    return NOW - (40 + days) * DAY


def signal(days: int) -> Signal:
    return Signal(ago(days), "champion-left", "A champion left", "high", "A champion left", False)


@pytest.mark.parametrize(
    ("signals", "acts", "watched", "missed", "lead", "response"),
    [
        ([], [], False, "no_rule", None, None),
        ([], [Act(ago(30), "touchpoint", "Call")], True, "no_firing", None, None),
        ([signal(60)], [], True, "no_response", 60, None),
        ([signal(60)], [Act(ago(50), "incident", "Red"), Act(ago(70), "task", "Old")], True, "no_response", 60, None),
        ([signal(60), signal(90)], [Act(ago(70), "touchpoint", "Call")], True, "late_response", 90, 20),
        ([signal(60)], [Act(ago(46), "task", "Call them")], True, "none", 60, 14),
    ],
)  # fmt: skip
def test_the_missed_alarm_has_a_name(
    signals: list[Signal], acts: list[Act], watched: bool, missed: str, lead: int | None, response: int | None
) -> None:
    found = autopsy.findings(GONE, health=[], signals=signals, acts=acts, watched=watched)
    assert (found["missed"], found["lead_days"], found["response_days"]) == (missed, lead, response)


@pytest.mark.parametrize(
    ("bands", "knowable"),
    [
        (["green", "yellow", "red"], 56),
        (["yellow", "green", "red"], 28),
        (["yellow", "unknown", "red"], 84),
        (["red", "red", "green"], None),
        (["unknown", "unknown", "unknown"], None),
    ],
)
def test_what_was_knowable_is_since_when_it_was_never_healthy_again(
    bands: list[str], knowable: int | None
) -> None:
    days: list[date] = [LEFT - timedelta(days=28 * n) for n in (3, 2, 1)]
    health = [Health(day, 50.0, band) for day, band in zip(days, bands, strict=True)]
    found = autopsy.findings(GONE, health=health, signals=[], acts=[], watched=True)
    assert found["known_lead_days"] == knowable


@pytest.mark.parametrize(
    ("kinds", "missed", "counted"),
    [
        ([], "no_response", (1, 1, 0, 0)),
        (["snoozed"], "put_aside", (1, 1, 0, 1)),
        (["not_useful"], "put_aside", (1, 1, 0, 1)),
        (["snoozed", "acknowledged"], "none", (1, 1, 1, 0)),
        (["acted"], "none", (1, 1, 1, 0)),
    ],
)
def test_an_answer_to_the_alarm_counts_and_putting_it_off_is_none(
    kinds: list[str], missed: str, counted: tuple[int, ...]
) -> None:
    answers = tuple(Answer(ago(55), kind, "Ada") for kind in kinds)
    told = (Told(ago(60), "Ada"),)
    fired = Signal(ago(60), "r", "A champion left", "high", "A champion left", False, 7, told, answers)
    found = autopsy.findings(GONE, health=[], signals=[fired], acts=[], watched=True)
    alarms = found["alarms"]
    assert found["missed"] == missed
    assert tuple(alarms[what] for what in ("fired", "delivered", "answered", "put_aside")) == counted
    assert [act["what"] for act in found["acts"]] == ["A champion left"] * len(kinds)


@pytest.mark.django_db
def test_who_answered_which_alarm_comes_from_the_three_records() -> None:
    cast = _elm_left()
    firing = Firing.objects.get()
    given: dict[str, Any] = {"firing": firing, "made_at": ago(60), "due_at": ago(60)}
    Delivery.objects.create(user=cast.ada, state="delivered", role="csm", ended_at=ago(59), **given)
    Delivery.objects.create(user=cast.ben, state="withdrawn", role="pm", ended_at=ago(59), **given)
    Response.objects.create(firing=firing, kind="acknowledged", by=cast.ada, at=ago(58))
    Response.objects.create(firing=firing, kind="acted", by=cast.ben, at=ago(57), taken_back_at=ago(56))
    Response.objects.create(firing=firing, kind="acted", by=cast.ben, at=NOW)
    assert deeds.look(at=NOW) == 1
    (found,) = autopsies.everything(seen_by=cast.scope("ada"))
    (signal,) = found.findings["signals"]
    assert signal["number"] == firing.pk
    assert [one["person"] for one in signal["told"]] == [str(cast.ada)]
    assert [(one["kind"], one["by"]) for one in signal["answers"]] == [("acknowledged", str(cast.ada))]
    told = autopsies.lessons((found,))
    assert (told.fired, told.delivered, told.answered, told.put_aside) == (1, 1, 1, 0)
    (line,) = pages.detail(found, today=TODAY).signals
    assert f"Told to {cast.ada}" in line.answered
    assert f"{cast.ada} acknowledged it" in line.answered
    said = autopsy_report.answered(signal)
    assert f"{cast.ada} acknowledged it on" in said
    assert autopsy_report.pdf(found, at=NOW).startswith(b"%PDF")


@pytest.mark.django_db
def test_an_autopsy_of_before_is_looked_at_anew_and_says_until_then_that_it_was_not_counted() -> None:
    cast = _elm_left()
    deeds.look(at=NOW)
    row = Autopsy.objects.get()
    del row.findings["alarms"]
    for signal in row.findings["signals"]:
        for part in ("number", "told", "answers"):
            del signal[part]
    row.save(update_fields=["findings"])
    (old,) = autopsies.everything(seen_by=cast.scope("ada"))
    assert autopsies.lessons((old,)).fired == 0
    assert autopsy_report.answered(old.findings["signals"][0]) == ""
    assert "Alarms answered" not in [title for title, _, _ in pages.detail(old, today=TODAY).figures]
    assert autopsy_report.pdf(old, at=NOW).startswith(b"%PDF")
    assert next(incident_files.autopsies((old,)))[-3:] == ("", "", "")
    assert deeds.look(at=NOW) == 1
    assert deeds.look(at=NOW) == 0
    (new,) = autopsies.everything(seen_by=cast.scope("ada"))
    assert (new.id, new.findings["alarms"]["fired"]) == (old.id, 1)


def _elm_left() -> world.World:
    """Elm left 40 days ago, and a rule had fired 60 days before."""
    cast = world.build(at=NOW - 400 * DAY)
    packs.apply(pack="saas", by=TESTS, at=NOW - 300 * DAY)
    given: dict[str, Any] = {"source": "crm", "by": TESTS, "at": NOW - 300 * DAY, "vouched": True}
    terms = {"arr": 45_000, "start_date": TODAY - 400 * DAY, "end_date": LEFT}
    contracts.upsert(rows=[{"key": "c", "account": "elm", **terms}], **given)
    happen(event("elm", "used", 300, person="p"), event("birch", "used", 1, person="q"))
    relay.all_waiting(at=NOW)
    rule = Rule.objects.select_related("published").get(slug="champion-left")
    assert rule.published is not None
    fired = {"version": rule.published, "sentence": "A champion left", "evidence": {}}
    Firing.objects.create(rule=rule, account=cast.elm, at=ago(60), **fired)
    return cast


@pytest.mark.django_db
def test_elm_left_and_is_looked_back_on_once() -> None:
    cast = _elm_left()
    given: dict[str, Any] = {"source": "crm", "by": TESTS, "vouched": True}
    call = {"key": "t", "account": "elm", "kind": "call", "subject": "Check-in", "held_at": ago(55)}
    touchpoints.upsert(rows=[call], at=ago(55), **given)
    relay.all_waiting(at=NOW)
    assert deeds.look(at=NOW) == 1
    assert deeds.look(at=NOW) == 0
    (found,) = autopsies.everything(seen_by=cast.scope("ada"))
    assert (found.account_key, found.left_on, found.missed, found.lead_days) == ("elm", LEFT, "none", 60)
    assert str(found.arr) == "$45,000"
    assert [act["what"] for act in found.findings["acts"]] == ["Check-in"]
    told = autopsies.lessons((found,))
    assert (told.count, told.signalled, told.responded, told.in_time, told.median_lead_days) == (
        1,
        1,
        1,
        1,
        60,
    )
    assert autopsies.everything(seen_by=cast.scope("cleo")) == ()
    report = autopsy_report.pdf(found, at=NOW)
    assert report.startswith(b"%PDF")
    assert report == autopsy_report.pdf(found, at=NOW)
    assert Autopsy.objects.count() == 1
