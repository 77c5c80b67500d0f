"""What the form of a playbook shows: its steps, of which one is open, what is wrong at its field, and what it comes to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from keepwell.access.roles import ROLES
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages import conditions, playbook_forms
from keepwell.faces.web.pages.conditions import Node
from keepwell.faces.web.pages.playbook_forms import CLOSED, OF_STEP, Step, Typed, path
from keepwell.faces.web.pages.playbooks import OF_FLOW, StepLine, kind_of, outcome
from keepwell.hooks import registry
from keepwell.kernel import speech
from keepwell.kernel.errors import Refused
from keepwell.plays.declared import Problem
from keepwell.plays.playbook import OF_FLOW as WAYS
from keepwell.plays.playbook import WAIT
from keepwell.plays.queries.previews import FilledText

LABELS = {
    "title": speech.later("Title"),
    "kind": speech.later("Kind"),
    "role": speech.later("Whose work it is"),
    "day": speech.later("Begins after"),
    "days": speech.later("Has"),
    "after": speech.later("Comes after"),
    "when": speech.later("Only when"),
    "asks": speech.later("What it asks"),
    "to": speech.later("To"),
    "subject": speech.later("Subject"),
    "text": speech.later("Text"),
    "channel": speech.later("Channel"),
    "field": speech.later("Field"),
    "value": speech.later("Value"),
    "goal": speech.later("Goal"),
    "exit": speech.later("Ends early when"),
    "pauses": speech.later("Rests while"),
    "applies": speech.later("Only for accounts of which"),
    "most_days": speech.later("Ends at the latest after"),
    "again_after_days": speech.later("Not again within"),
}
OWN = {
    "goal": speech.later("Add a goal"),
    "exit": speech.later("Add an early end"),
    "pauses": speech.later("Add when it rests"),
    "applies": speech.later("Only for some accounts"),
}
AREAS = ("text",)
PLACE = re.compile(r"^(?:steps\[\d+\]|the playbook|starts|the text)(?:\.\w+)?:? ")


@dataclass(frozen=True)
class Control:
    """A field of a step's kind; `how` is line, area, to or select."""

    name: str
    label: str
    how: str
    value: str
    error: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A condition of the playbook or of a step: there with its questions, or only the button that adds it."""

    name: str
    title: str
    add: str
    node: Node | None
    error: str


@dataclass(frozen=True)
class Opened:
    """The step whose fields show."""

    n: int
    step: Step
    kinds: tuple[Option, ...]
    sentence: str
    roles: tuple[Option, ...]
    after: tuple[tuple[Option, ...], ...]
    days_label: str
    controls: tuple[Control, ...]
    asked: tuple[Asked, ...]
    errors: Mapping[str, str]
    filled: tuple[tuple[str, str, str], ...]
    unfilled: str


@dataclass(frozen=True)
class Row:
    """A step in the list; `carried` is what the form takes along of it."""

    n: int
    slug: str
    title: str
    detail: str
    error: str
    carried: str
    opened: Opened | None


@dataclass(frozen=True)
class FormPage:
    """The whole form, the way to its other face, and what it comes to."""

    here: str
    back: str
    slug: str
    typed: Typed
    rules: tuple[tuple[Option, ...], ...]
    phases: tuple[tuple[Option, ...], ...]
    asked: tuple[Asked, ...]
    rows: tuple[Row, ...]
    kinds: tuple[Option, ...]
    errors: Mapping[str, str]
    faults: tuple[tuple[str, str], ...]
    refused: str
    lines: tuple[StepLine, ...]
    facts: tuple[tuple[str, str], ...]
    problem: str
    recipients: tuple[Option, ...]


@dataclass(frozen=True)
class Known:
    """What the form offers, asked once a request: rules and phases, channels and fields, and the words of conditions."""

    rules: Sequence[tuple[str, str]]
    phases: Sequence[tuple[str, str]]
    channels: Sequence[tuple[str, str, str]]
    fields: Sequence[tuple[str, str]]
    editor: conditions.Editor


def address(slug: str) -> str:
    """Where the form goes."""
    return reverse("playbook-edit", args=(slug,)) if slug else reverse("playbook-new")


def page(
    slug: str,
    typed: Typed,
    *,
    known: Known,
    problems: Sequence[Problem],
    refused: str = "",
    filled: Mapping[str, FilledText] | None = None,
    unfilled: str = "",
    lines: tuple[StepLine, ...] = (),
    facts: tuple[tuple[str, str], ...] = (),
) -> FormPage:
    """The form with everything around it."""
    shown = problems if typed.checked else ()
    own = {one.key or "starts": _plainly(one) for one in shown if one.step is None}
    of_steps = {
        n: {one.key or "title": _plainly(one) for one in shown if one.step == n}
        for n in range(len(typed.steps))
    }
    return FormPage(
        here=address(slug),
        back=reverse("playbook", args=(slug,)) if slug else reverse("playbooks"),
        slug=slug,
        typed=typed,
        rules=_slots(typed.rules, known.rules),
        phases=_slots(typed.phases, known.phases),
        asked=tuple(_asked(name, title, typed.asked.get(name), known, own) for name, title in OWN.items()),
        rows=tuple(
            _row(n, step, typed, known, of_steps[n], filled or {}, unfilled)
            for n, step in enumerate(typed.steps)
        ),
        kinds=_kinds(""),
        errors=own,
        faults=tuple((_field(one, typed), _named(one, typed)) for one in shown),
        refused=refused,
        lines=lines,
        facts=facts,
        problem="" if typed.checked or not problems else _named(problems[0], typed),
        recipients=_roles(""),
    )


def _plainly(one: Problem) -> str:
    """A refusal as it stands at its field: without its place in a text, the key as the field is called."""
    said = plainly(one.refusal)
    label = LABELS.get(one.key)
    said = said.replace(f"“{one.key}”", f"“{label}”") if label else said
    return said[:1].upper() + said[1:]


def plainly(refusal: Refused) -> str:
    """A refusal without its place in a text."""
    return PLACE.sub("", conditions.plainly(str(refusal)))


def _named(one: Problem, typed: Typed) -> str:
    """The same with the step it is of."""
    if one.step is None:
        return _plainly(one)
    title = typed.steps[one.step].title or speech.told("Step %(n)s", n=one.step + 1)
    return f"{title}: {_plainly(one)}"


def _field(one: Problem, typed: Typed) -> str:
    """The id of the field that a problem stands at; of a step that is closed its row."""
    if one.step is None:
        return f"kind-{path(one.key)}" if one.key in typed.asked else one.key or "starts"
    if one.step != typed.opened:
        return f"open-{typed.steps[one.step].slug}"
    is_asked = one.key in OF_STEP and getattr(typed.steps[one.step], one.key) is not None
    return f"kind-{path(one.key)}" if is_asked else f"step-{one.key or 'title'}"


def _slots(chosen: Sequence[str], offered: Sequence[tuple[str, str]]) -> tuple[tuple[Option, ...], ...]:
    """A list to choose from for each that is chosen, and one more."""
    known = dict(offered)
    titles = [*offered, *((slug, slug) for slug in chosen if slug not in known)]
    return tuple(tuple(Option(slug, title, slug == one) for slug, title in titles) for one in (*chosen, ""))


def _kinds(chosen: str) -> tuple[Option, ...]:
    own = [(kind.slug, speech.told(kind.title)) for kind in registry.steps().values()]
    own.sort(key=lambda one: one[0] != "task")
    flow = [(slug, speech.told(title)) for slug, title in OF_FLOW.items()]
    return tuple(Option(slug, title, slug == chosen) for slug, title in (*own, *flow))


def _asked(
    name: str, add: str, draft: conditions.Draft | None, known: Known, errors: Mapping[str, str]
) -> Asked:
    node = None if draft is None else known.editor.node(draft, path(name))
    return Asked(name, speech.told(LABELS[name]), speech.told(add), node, errors.get(name, ""))


def _row(
    n: int,
    step: Step,
    typed: Typed,
    known: Known,
    errors: Mapping[str, str],
    filled: Mapping[str, FilledText],
    unfilled: str,
) -> Row:
    own = registry.steps().get(step.kind)
    who = (
        ROLES[step.role].title if step.role in ROLES else step.said.get("to") or step.said.get("channel", "")
    )
    kind = kind_of(step.kind) if own or step.kind in OF_FLOW else step.kind
    detail = " · ".join(filter(None, (speech.said(kind), speech.said(who), _span(step))))
    is_open = n == typed.opened
    opened = _opened(n, step, typed, known, errors, filled, unfilled) if is_open else None
    title = step.title or speech.told("Step %(n)s", n=n + 1)
    return Row(
        n, step.slug, title, detail, next(iter(errors.values()), ""), playbook_forms.carried(step), opened
    )


def _span(step: Step) -> str:
    """On which working days, counted from the steps before it."""
    if not (step.day.isdecimal() and step.days.isdecimal()):
        return ""
    first, last = int(step.day), int(step.day) + int(step.days)
    return (
        speech.told("days %(first)s to %(last)s", first=first, last=last)
        if last > first
        else speech.told("at once")
    )


def _opened(
    n: int,
    step: Step,
    typed: Typed,
    known: Known,
    errors: Mapping[str, str],
    filled: Mapping[str, FilledText],
    unfilled: str,
) -> Opened:
    own = registry.steps().get(step.kind)
    waits = step.kind == WAIT
    sentences = {
        WAIT: speech.told("Goes on once its question holds, or when its time is over."),
        "branch": speech.told("Asks at once, and ends as yes or no."),
    }
    names = [name for name in OF_STEP if name == "when" or step.kind in WAYS]
    adds = {"when": speech.told("Only on a condition"), "asks": ""}
    return Opened(
        n,
        step,
        _kinds(step.kind),
        sentences.get(step.kind) or (speech.told(own.sentence) if own else ""),
        _roles(step.role),
        _slots(step.after, _before(step, typed)),
        speech.told("Waits at most")
        if waits
        else ""
        if step.kind == "branch"
        else speech.told(LABELS["days"]),
        tuple(_control(key, step, known, errors) for key in playbook_forms.keys_of(step.kind)),
        tuple(_asked(name, adds[name], getattr(step, name), known, errors) for name in reversed(names)),
        errors,
        tuple((_label(key), one.text, ", ".join(one.unfilled)) for key, one in filled.items() if one.text),
        unfilled,
    )


def _roles(chosen: str) -> tuple[Option, ...]:
    return tuple(Option(role, speech.said(one.title), role == chosen) for role, one in ROLES.items())


def _before(step: Step, typed: Typed) -> list[tuple[str, str]]:
    """What a step may come after: each other one, however it ends or in one way only."""
    found = []
    for n, one in enumerate(typed.steps):
        if one.slug == step.slug:
            continue
        title = one.title or speech.told("Step %(n)s", n=n + 1)
        found.append((one.slug, title))
        own = registry.steps().get(one.kind)
        ways = WAYS.get(one.kind) or (own.outcomes if own else ())
        if len(ways) > 1:
            found += [(f"{one.slug}:{way}", f"{title}: {outcome(way)}") for way in ways]
    return found


def _label(key: str) -> str:
    return speech.told(LABELS[key]) if key in LABELS else key.replace("_", " ").capitalize()


def _control(key: str, step: Step, known: Known, errors: Mapping[str, str]) -> Control:
    value = step.said.get(key, "")
    offered = {
        "channel": [(slug, title) for slug, title, kind in known.channels if kind == step.kind],
        "field": list(known.fields),
    }.get(key)
    how = "area" if key in AREAS else "to" if key == "to" else "line" if offered is None else "select"
    options: tuple[Option, ...] = ()
    if offered is not None:
        (options, *_) = _slots((value,) if value else (), offered)
    return Control(key, _label(key), how, value, errors.get(key, ""), options)


def opened_texts(typed: Typed) -> dict[str, str]:
    """The texts of the step whose fields show."""
    if typed.opened == CLOSED:
        return {}
    step = typed.steps[typed.opened]
    own = registry.steps().get(step.kind)
    return {"title": step.title, **{key: step.said.get(key, "") for key in (own.texts if own else ())}}
