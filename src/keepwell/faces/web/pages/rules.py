"""What the pages of rules and signals say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from keepwell.access.roles import ROLES
from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.conditions import Draft, Node
from keepwell.faces.web.pages.segments import Live
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import day_of
from keepwell.signals.declared import CLOCKS, OUTCOMES, SEVERITIES
from keepwell.signals.queries.firings import FiringView
from keepwell.signals.queries.rehearsals import RehearsalView
from keepwell.signals.queries.rules import RuleView, VersionView


@dataclass(frozen=True)
class RuleRow:
    """A rule in the list."""

    title: str
    href: str
    sentence: str
    severity: str
    state: str
    holds: str
    fired: str
    unknown: str


@dataclass(frozen=True)
class RulesPage:
    """All rules: those that watch, then those that rest."""

    state: str
    rows: tuple[RuleRow, ...]
    resting: tuple[RuleRow, ...]
    may_change: bool


@dataclass(frozen=True)
class SignalRow:
    """A signal of a rule or of an account; `snooze` is where it is put off, empty where it cannot be."""

    name: str
    href: str
    severity: str
    when: str
    over: str
    why: str
    arr: str
    put_off: str
    snooze: str
    signal: str
    key: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class VersionRow:
    """A version of a rule."""

    number: int
    state: str
    when: str
    sentence: str
    may_return: bool


@dataclass(frozen=True)
class RulePage:
    """One rule: what it says, of whom it holds, what it noticed before."""

    slug: str
    title: str
    sentence: str
    state: str
    facts: tuple[tuple[str, str], ...]
    draft: VersionRow | None
    draft_seen: str
    is_resting: bool
    is_waiting: bool
    holding: tuple[SignalRow, ...]
    over: tuple[SignalRow, ...]
    more: str
    versions: tuple[VersionRow, ...]
    rehearsals: tuple[tuple[str, str, str], ...]
    may_change: bool
    is_by_arr: bool = False
    first: int | None = None


@dataclass(frozen=True)
class Typed:
    """What the form of a rule holds beside its condition."""

    title: str = ""
    severity: str = "medium"
    foretells: str = "churn"
    owner: str = "csm"
    again_after_days: str = "0"
    applies: str = ""
    opens: str = ""
    clock_hours: str = ""
    opens_tasks: str = ""


@dataclass(frozen=True)
class EditPage:
    """The form of a rule; `slug` is empty while it has none."""

    slug: str
    typed: Typed
    severities: tuple[Option, ...]
    outcomes: tuple[Option, ...]
    owners: tuple[Option, ...]
    audiences: tuple[Option, ...]
    draft: Draft
    node: Node
    names: tuple[str, ...]
    live: Live
    refused: str = ""

    @property
    def action(self) -> str:
        """Where the form goes."""
        return reverse("rule-edit", args=(self.slug,)) if self.slug else reverse("rule-new")


def listing(found: Sequence[RuleView], *, may_change: bool) -> RulesPage:
    """The list, the gravest first."""
    rows = [(_row(rule), rule.active or rule.number is None) for rule in found]
    watching = sum(rule.active for rule in found)
    holds = sum(rule.holds - rule.snoozed for rule in found)
    return RulesPage(
        _listed(watching, holds) if found else "",
        tuple(row for row, is_awake in rows if is_awake),
        tuple(row for row, is_awake in rows if not is_awake),
        may_change,
    )


def _listed(watching: int, holds: int) -> str:
    rules = speech.counted(watching, "%(n)s rule watches", "%(n)s rules watch", n=words.whole(watching))
    signals = speech.counted(holds, "%(n)s signal holds now", "%(n)s signals hold now", n=words.whole(holds))
    return f"{rules}; {signals}."


def _row(rule: RuleView) -> RuleRow:
    state = "" if rule.active else speech.told("Rests") if rule.number else speech.told("Draft")
    return RuleRow(
        rule.title,
        reverse("rule", args=(rule.slug,)),
        rule.sentence,
        SEVERITIES[rule.severity],
        state or (speech.told("Waits for its first look") if rule.begun_at is None else ""),
        f"{rule.holds:,}" if rule.active else "–",
        f"{rule.fired:,}" if rule.active else "–",
        f"{rule.unknown:,}" if rule.active and rule.unknown else "",
    )


def detail(
    rule: RuleView,
    versions: Sequence[VersionView],
    holding: Sequence[FiringView],
    over: Sequence[FiringView],
    rehearsed: Sequence[RehearsalView],
    *,
    now: datetime,
    may_change: bool,
    is_by_arr: bool = False,
    first: int | None = None,
) -> RulePage:
    """One rule; `first` so many of those of whom it holds are chosen."""
    draft = next((one for one in versions if one.published_at is None), None)
    left = rule.holds - len(holding)
    return RulePage(
        slug=rule.slug,
        title=rule.title,
        sentence=rule.sentence,
        state=_state(rule),
        facts=_facts(rule),
        draft=None if draft is None else _version(draft, rule, now),
        draft_seen="" if draft is None else draft.changed_at.isoformat(),
        is_resting=not rule.active and rule.number is not None,
        is_waiting=rule.active and rule.begun_at is None,
        holding=tuple(
            signal(one, now=now, of_account=False, is_chosen=place < (first or 0))
            for place, one in enumerate(holding)
        ),
        over=tuple(signal(one, now=now, of_account=False) for one in over),
        more=speech.told("%(left)s more are in the CSV.", left=words.whole(left)) if left > 0 else "",
        versions=tuple(_version(one, rule, now) for one in versions if one.published_at is not None),
        rehearsals=tuple(_rehearsal(one, now) for one in rehearsed),
        may_change=may_change,
        is_by_arr=is_by_arr,
        first=first,
    )


def _state(rule: RuleView) -> str:
    if rule.number is None:
        return speech.told("Never published: it watches nobody.")
    if not rule.active:
        return speech.told("It rests: it watches nobody.")
    if rule.begun_at is None:
        return speech.told(
            "It waits for its first look, a minute at most, or until what it asks about is measured."
        )
    held = speech.told(
        "It holds of %(accounts)s, and fired %(times)s within 28 days.",
        accounts=words.count(rule.holds, "account"),
        times=words.count(rule.fired, "time"),
    )
    if not rule.unknown:
        return held
    blind = speech.told("Of %(accounts)s it cannot be told.", accounts=words.count(rule.unknown, "account"))
    return f"{held} {blind}"


def _facts(rule: RuleView) -> tuple[tuple[str, str], ...]:
    quiet = int(rule.definition["again_after_days"])
    opens = rule.definition.get("opens")
    told = [
        (speech.told("Severity"), SEVERITIES[rule.severity]),
        (speech.told("Foretells"), OUTCOMES[rule.foretells]),
        (speech.told("Whose work it is"), ROLES[rule.owner].title),
    ]
    if quiet:
        told.append((speech.told("Not again about an account within"), words.count(quiet, "day")))
    if opens:
        told.append((speech.told("Opens an incident"), _opened(opens)))
    return tuple(told)


def _rehearsal(view: RehearsalView, now: datetime) -> tuple[str, str, str]:
    when = words.moment(view.asked_at, today=day_of(now))
    if view.figures is None:
        said = view.error or speech.told("Not done yet.")
    else:
        found = view.figures["precision"]
        alarms = words.count(view.figures["alarms"], "alarm")
        said = (
            speech.told("Version %(number)s: %(alarms)s.", number=view.number, alarms=alarms)
            if found is None
            else speech.told(
                "Version %(number)s: %(alarms)s, %(share)s of them right.",
                number=view.number,
                alarms=alarms,
                share=words.percent(100 * found["share"]),
            )
        )
    return reverse("rehearsal", args=(view.id,)), when, said


def _version(version: VersionView, rule: RuleView, now: datetime) -> VersionRow:
    when = version.published_at or version.changed_at
    is_in_force = version.number == rule.number
    kept = speech.told("In force") if is_in_force else speech.told("Earlier")
    state = speech.told("Draft") if version.published_at is None else kept
    return VersionRow(
        version.number,
        state,
        words.moment(when, today=day_of(now)),
        version.sentence,
        version.published_at is not None and not is_in_force,
    )


def signal(one: FiringView, *, now: datetime, of_account: bool, is_chosen: bool = False) -> SignalRow:
    """A signal, in the list of its rule or of its account."""
    today = day_of(now)
    stood = speech.told("before the rule watched") if one.stood else words.moment(one.at, today=today)
    return SignalRow(
        one.title if of_account else one.account_name or one.account_key,
        reverse("rule", args=(one.rule,)) if of_account else reverse("account", args=(one.account_key,)),
        SEVERITIES[one.severity],
        stood,
        "" if one.ended_at is None else words.moment(one.ended_at, today=today),
        "; ".join(one.because),
        words.short_money(one.arr) if one.arr else "–",
        "" if one.snoozed_until is None else words.moment(one.snoozed_until, today=today),
        "" if one.ended_at is not None else reverse("signal-snooze", args=(one.id,)),
        reverse("signal", args=(one.id,)),
        one.account_key,
        is_chosen,
    )


def typed_of(title: str, definition: Mapping[str, Any], applies: str) -> Typed:
    """The form of a rule that is there."""
    opens = definition.get("opens") or {}
    return Typed(
        title,
        definition["severity"],
        definition["foretells"],
        definition["owner"],
        str(definition["again_after_days"]),
        applies,
        opens.get("title", ""),
        f"{opens['clock_hours']:g}" if "clock_hours" in opens else "",
        "\n".join(map(_task_line, opens.get("tasks", ()))),
    )


def opens_of(typed: Typed) -> dict[str, Any]:
    """The incident that a rule opens, as it was typed; what is no number stays as it is, and is refused where it is read."""
    said: dict[str, Any] = {"title": typed.opens}
    if typed.clock_hours:
        said["clock_hours"] = _number(typed.clock_hours)
    tasks = [_task(line) for line in typed.opens_tasks.splitlines() if line.strip()]
    return said | ({"tasks": tasks} if tasks else {})


def _task(line: str) -> dict[str, Any]:
    match = re.fullmatch(r"\s*(\w+)\s+(\w[\w.]*)\s*:\s*(.+?)\s*", line)
    if match is None:
        raise Invalid(
            f'"{line.strip()}" is no task. Write it as "csm 24: Call the sponsor": a role, hours or a clock of the incident '
            f"({', '.join(CLOCKS)}), what is to be done."
        )
    role, when, title = match.groups()
    due = {"clock": when} if when in CLOCKS else {"hours": _number(when)}
    return {"title": title, "role": role, **due}


def _task_line(task: Mapping[str, Any]) -> str:
    when = task["clock"] if "clock" in task else f"{task['hours']:g}"
    return f"{task['role']} {when}: {task['title']}"


def _number(text: str) -> Any:
    try:
        found = float(text)
    except ValueError:
        return text
    return int(found) if found.is_integer() else found


def edit(
    slug: str,
    typed: Typed,
    draft: Draft,
    node: Node,
    *,
    audiences: Sequence[tuple[str, str]],
    names: tuple[str, ...],
    live: Live,
    refused: str,
) -> EditPage:
    """The form."""
    return EditPage(
        slug,
        typed,
        _options(SEVERITIES, typed.severity),
        _options(OUTCOMES, typed.foretells),
        _options({name: role.title for name, role in ROLES.items()}, typed.owner),
        _options(dict(audiences), typed.applies),
        draft,
        node,
        names,
        live,
        refused,
    )


def _opened(opens: Mapping[str, Any]) -> str:
    """The incident that a rule opens, with the clock of its call where the rule has one of its own."""
    hours = opens.get("clock_hours")
    if hours is None:
        return f"“{opens['title']}”"
    return speech.told("“%(title)s”, %(hours)s hours", title=opens["title"], hours=f"{hours:g}")


def _options(known: Mapping[str, str], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(value, title, value == chosen) for value, title in known.items())
