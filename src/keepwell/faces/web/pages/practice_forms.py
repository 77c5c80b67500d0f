"""How incidents are answered, as a form: whatever is typed is kept, a declaration is read off, errors stand at their field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.roles import role_title
from keepwell.faces.web.pages.war_room import CLOCKS, COUNTED
from keepwell.kernel import slugs, speech
from keepwell.kernel.errors import Invalid
from keepwell.plays.practice import ANSWERING, MOST_CAUSES, MOST_STEPS, Practice

LENGTHS = {"hours": speech.later("hours"), "days": speech.later("days"), "weeks": speech.later("weeks")}


@dataclass(frozen=True)
class Typed:
    """The form as it was typed."""

    clocks: Mapping[str, tuple[str, str, str]]
    called: tuple[str, ...]
    path: tuple[tuple[str, tuple[str, ...]], ...]
    stand_ins: Mapping[str, tuple[str, ...]]
    causes: tuple[tuple[str, str], ...]
    reopen_days: str


@dataclass(frozen=True)
class ClockField:
    """One clock."""

    kind: str
    title: str
    length: str
    units: tuple[Option, ...]
    counts: tuple[Option, ...]
    error: str


@dataclass(frozen=True)
class StepField:
    """One step of the escalation path."""

    n: int
    after: str
    tells: tuple[Option, ...]
    error: str


@dataclass(frozen=True)
class StandIns:
    """Who answers where nobody holds a role."""

    role: str
    title: str
    slots: tuple[tuple[Option, ...], ...]
    error: str


@dataclass(frozen=True)
class PracticeForm:
    """The whole form; `faults` lead to their fields."""

    clocks: tuple[ClockField, ...]
    called: tuple[Option, ...]
    path: tuple[StepField, ...]
    stand_ins: tuple[StandIns, ...]
    causes: tuple[tuple[int, str, str], ...]
    reopen_days: str
    errors: Mapping[str, str]
    faults: tuple[tuple[str, str], ...]


def of(said: Practice) -> Typed:
    """A declaration in the form."""
    return Typed(
        {kind: (str(one.length), one.unit, one.counts) for kind, one in said.clocks.items()},
        said.called,
        tuple((f"{step.after_hours:g}", step.tells) for step in said.path),
        said.stand_ins,
        tuple(said.causes.items()),
        str(said.reopen_days),
    )


def typed(form: QueryDict) -> Typed:
    """What the form holds; a cause without a title is gone."""
    steps, causes = (
        _count(form, name, most) for name, most in (("steps", MOST_STEPS), ("causes", MOST_CAUSES))
    )
    return Typed(
        {kind: _clock(form, kind) for kind in CLOCKS},
        tuple(form.getlist("called")),
        tuple((form.get(f"after-{n}", "").strip(), tuple(form.getlist(f"tells-{n}"))) for n in range(steps)),
        {role: tuple(filter(None, form.getlist(f"stand-{role}"))) for role in ANSWERING},
        tuple((form.get(f"cause-{n}", ""), form.get(f"cause-title-{n}", "").strip()) for n in range(causes)),
        form.get("reopen_days", "").strip(),
    )


def _clock(form: QueryDict, kind: str) -> tuple[str, str, str]:
    return (
        form.get(f"{kind}-length", "").strip(),
        form.get(f"{kind}-unit", ""),
        form.get(f"{kind}-counts", ""),
    )


def _count(form: QueryDict, name: str, most: int) -> int:
    said = form.get(name, "")
    return min(int(said), most) if said.isdecimal() and len(said) < 4 else 0


def acted(form: Typed, deed: str) -> Typed:
    """After a press of a button."""
    verb, _, at = deed.partition(":")
    if verb == "add-step" and len(form.path) < MOST_STEPS:
        return replace(form, path=(*form.path, ("", ("executive",))))
    if verb == "add-cause" and len(form.causes) < MOST_CAUSES:
        return replace(form, causes=(*form.causes, ("", "")))
    if verb == "drop-step" and at.isdecimal():
        return replace(form, path=tuple(step for n, step in enumerate(form.path) if str(n) != at))
    return form


def stated(form: Typed) -> dict[str, Any]:
    """The declaration that the form states; what is wrong in it is for the practice to say."""
    return {
        "clocks": {
            kind: {"length": _number(length), "unit": unit, "counts": counts}
            for kind, (length, unit, counts) in form.clocks.items()
        },
        "called": list(form.called),
        "path": [{"after_hours": _number(after), "tells": list(tells)} for after, tells in form.path],
        "stand_ins": {role: list(others) for role, others in form.stand_ins.items() if others},
        "causes": _causes(form.causes),
        "reopen_days": _number(form.reopen_days),
    }


def _causes(given: Sequence[tuple[str, str]]) -> dict[str, str]:
    """By slug; a new one's is made of its title."""
    found: dict[str, str] = {}
    for slug, title in given:
        if title:
            found[slug or _slug(title, found)] = title
    return found


def _slug(title: str, taken: Mapping[str, str]) -> str:
    try:
        made = slugs.made_of(title)
    except Invalid:
        made = "cause"
    while made in taken:
        made += "-2"
    return made


def _number(said: str) -> Any:
    try:
        found = float(said)
    except ValueError:
        return said
    return int(found) if found.is_integer() else found


def form(said: Typed, problems: Mapping[str, Invalid]) -> PracticeForm:
    """The form with what is wrong at its fields."""
    errors = {name: speech.said(refusal) for name, refusal in problems.items()}
    return PracticeForm(
        tuple(
            ClockField(
                kind,
                speech.told(CLOCKS[kind]),
                length,
                _options(LENGTHS, unit),
                _options(COUNTED, counts),
                errors.get(f"clocks-{kind}", ""),
            )
            for kind, (length, unit, counts) in said.clocks.items()
        ),
        _roles(said.called),
        tuple(
            StepField(n, after, _roles(tells), errors.get(f"path-{n}", ""))
            for n, (after, tells) in enumerate(said.path)
        ),
        tuple(
            StandIns(
                role, role_title(role), _slots(said.stand_ins.get(role, ())), errors.get(f"stand-{role}", "")
            )
            for role in ANSWERING
        ),
        tuple((n, slug, title) for n, (slug, title) in enumerate(said.causes)),
        said.reopen_days,
        errors,
        tuple(errors.items()),
    )


def _options(known: Mapping[str, str], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(slug, speech.told(title), slug == chosen) for slug, title in known.items())


def _roles(chosen: Sequence[str]) -> tuple[Option, ...]:
    """Those that are chosen come first: their order is kept."""
    known = [
        *(role for role in chosen if role in ANSWERING),
        *(role for role in ANSWERING if role not in chosen),
    ]
    return tuple(Option(role, role_title(role), role in chosen) for role in known)


def _slots(chosen: Sequence[str]) -> tuple[tuple[Option, ...], ...]:
    return tuple(_roles([one]) for one in (*chosen, ""))
