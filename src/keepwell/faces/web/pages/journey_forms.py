"""A journey as a form of rows: whatever is typed is kept, a declaration is read off, errors stand beside their row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from django.http import QueryDict

from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages import conditions
from keepwell.faces.web.pages.conditions import Draft, Node
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions import words as in_words
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.outcomes.journey import MOST_PHASES, Journey
from keepwell.outcomes.queries.journeys import Phases

ENDS = ("entry", "exit")
TEXTS = ("slug", "expected_days", "entry", "exit")
CLOSED = ""


@dataclass(frozen=True)
class When:
    """A condition as typed; `is_open`: its questions show, else it is carried along."""

    draft: Draft
    is_open: bool = False


@dataclass(frozen=True)
class TypedPhase:
    """A phase as typed; no condition where none is asked."""

    texts: Mapping[str, str]
    entry: When | None = None
    exit: When | None = None


@dataclass(frozen=True)
class Typed:
    """The form as it was typed."""

    value: Mapping[str, str]
    phases: tuple[TypedPhase, ...]


@dataclass(frozen=True)
class EndField:
    """By what a phase begins or ends: words, and a condition: in words and carried, or with its questions."""

    at: str
    name: str
    title: str
    said: str
    node: Node | None
    condition: str
    carried: str
    ask: str


@dataclass(frozen=True)
class PhaseField:
    """A row: `at` begins the names of its fields and is its place on the page."""

    at: str
    n: int
    title: str
    phases: tuple[Option, ...]
    expected_days: str
    ends: tuple[EndField, ...]
    error: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class JourneyForm:
    """The whole form; `faults` lead to their rows, `can_grow`: a phase is left that has no criteria yet."""

    metrics: tuple[Option, ...]
    milestone: str
    weeks: str
    value_error: str
    phases: tuple[PhaseField, ...]
    can_grow: bool
    faults: tuple[tuple[str, str], ...]


def of(said: Journey) -> Typed:
    """A declaration in the form."""
    value = said.first_value
    return Typed(
        {"metric": value.metric, "milestone": value.milestone, "weeks": str(value.weeks)},
        tuple(
            TypedPhase(
                {key: "" if (told := getattr(one, key)) is None else str(told) for key in TEXTS},
                *(_kept(getattr(one, f"{end}_when")) for end in ENDS),
            )
            for one in said.phases
        ),
    )


def _kept(condition: Any) -> When | None:
    return None if condition is None else When(conditions.drafted(condition))


def path(end: str, n: int) -> str:
    """Where a condition stands in the form."""
    return f"{conditions.ROOT}{end}{n}"


def typed(form: QueryDict) -> Typed:
    """What the form holds."""
    said = form.get("phases", "")
    count = min(int(said), MOST_PHASES) if said.isdecimal() and len(said) < 4 else 0
    return Typed(
        {key: form.get(f"value-{key}", "").strip() for key in ("metric", "milestone", "weeks")},
        tuple(_typed_phase(form, n) for n in range(count)),
    )


def _typed_phase(form: QueryDict, n: int) -> TypedPhase:
    texts = {key: form.get(f"phase-{n}-{key}", "").strip().replace("\r\n", "\n") for key in TEXTS}
    return TypedPhase(texts, *(_when(form, end, n) for end in ENDS))


def _when(form: QueryDict, end: str, n: int) -> When | None:
    if f"kind-{path(end, n)}" in form:
        return When(conditions.typed(form, path(end, n)), is_open=True)
    if not (carried := form.get(f"phase-{n}-{end}_when", "")):
        return None
    try:
        return When(msgspec.json.decode(carried, type=Draft))
    except msgspec.MsgspecError:
        raise Invalid("Row %(n)s of the form cannot be read. Open the page anew.", n=n + 1) from None


def acted(form: Typed, deed: str, known: Phases) -> Typed:
    """After a press of a button: add-phase, up:1, down:1, drop:1, ask:exit1, or one inside a condition."""
    verb, _, at = deed.partition(":")
    if verb == "add-phase":
        return _added(form, known)
    rows = list(form.phases)
    if verb in ("up", "down", "drop") and at.isdecimal() and len(at) < 4 and int(at) < len(rows):
        place = int(at)
        row = rows.pop(place)
        if verb != "drop":
            rows.insert(max(0, place - 1) if verb == "up" else place + 1, row)
        return replace(form, phases=tuple(rows))
    phases = tuple(_asked(one, n, verb, deed) for n, one in enumerate(rows))
    return replace(form, phases=phases)


def _added(form: Typed, known: Phases) -> Typed:
    left = _left(form, known)
    if not left or len(form.phases) >= MOST_PHASES:
        return form
    new = TypedPhase({key: left[0] if key == "slug" else "" for key in TEXTS})
    return replace(form, phases=(*form.phases, new))


def _left(form: Typed, known: Phases) -> list[str]:
    there = {one.texts["slug"] for one in form.phases}
    return [slug for slug in known.titles if slug not in there]


def _asked(row: TypedPhase, n: int, verb: str, deed: str) -> TypedPhase:
    """A button that opens a condition, or one inside of it; removing its root takes it away."""
    at = deed.partition(":")[2]
    for end in ENDS:
        now = getattr(row, end)
        if verb == "ask" and at == f"{end}{n}":
            opened = When(conditions.empty() if now is None else now.draft, is_open=True)
            return _with(row, end, opened)
        if now is None or at.partition("-")[0] != path(end, n):
            continue
        gone = deed == f"remove:{path(end, n)}"
        return _with(row, end, None if gone else replace(now, draft=conditions.acted(now.draft, deed)))
    return row


def _with(row: TypedPhase, end: str, when: When | None) -> TypedPhase:
    return replace(row, entry=when) if end == "entry" else replace(row, exit=when)


def stated(form: Typed, words: Vocabulary) -> dict[str, Any]:
    """The declaration that the form states; what is wrong in it is for the journey to say."""
    value = {key: one for key, one in form.value.items() if one and key != "weeks"}
    return {
        "first_value": {**value, "weeks": _number(form.value["weeks"])},
        "phases": [_stated(one, words) for one in form.phases],
    }


def _stated(row: TypedPhase, words: Vocabulary) -> dict[str, Any]:
    said: dict[str, Any] = {key: text for key in ("slug", *ENDS) if (text := row.texts[key])}
    if days := row.texts["expected_days"]:
        said["expected_days"] = _number(days)
    for end in ENDS:
        when = getattr(row, end)
        if when is not None and (condition := conditions.condition_of(when.draft, words)):
            said[f"{end}_when"] = condition
    return said


def _number(said: str) -> Any:
    return int(said) if said.isdecimal() and len(said) < 9 else said


def form(
    said: Typed,
    known: Phases,
    *,
    words: Vocabulary,
    metrics: Sequence[tuple[str, str]],
    problems: Mapping[str, Invalid],
) -> JourneyForm:
    """The form with what is wrong beside its rows."""
    errors = {at: conditions.plainly(str(refusal)) for at, refusal in problems.items()}
    editor, last = conditions.Editor.of(words), len(said.phases) - 1
    chosen = said.value["metric"]
    return JourneyForm(
        tuple(Option(slug, title, slug == chosen) for slug, title in metrics),
        said.value["milestone"],
        said.value["weeks"],
        errors.get("value", ""),
        tuple(
            PhaseField(
                at=f"phase-{n}",
                n=n,
                title=known.title(one.texts["slug"]),
                phases=_phases(one.texts["slug"], known),
                expected_days=one.texts["expected_days"],
                ends=tuple(_end(one, n, end, editor, words) for end in ENDS),
                error=errors.get(f"phase-{n}", ""),
                is_first=n == 0,
                is_last=n == last,
            )
            for n, one in enumerate(said.phases)
        ),
        bool(_left(said, known)) and len(said.phases) < MOST_PHASES,
        tuple(errors.items()),
    )


def _phases(chosen: str, known: Phases) -> tuple[Option, ...]:
    slugs = dict.fromkeys([*known.titles, *([chosen] if chosen else [])])
    return tuple(Option(slug, known.title(slug), slug == chosen) for slug in slugs)


def _end(row: TypedPhase, n: int, end: str, editor: conditions.Editor, words: Vocabulary) -> EndField:
    when = getattr(row, end)
    shows = when is not None and when.is_open
    return EndField(
        at=f"phase-{n}-{end}",
        name=f"{end}{n}",
        title=speech.told("Begins when") if end == "entry" else speech.told("Ends when"),
        said=row.texts[end],
        node=editor.node(when.draft, path(end, n)) if when is not None and shows else None,
        condition="" if when is None or shows else _told(when.draft, words),
        carried="" if when is None or shows else msgspec.json.encode(when.draft).decode(),
        ask=speech.told("Ask for a condition") if when is None else speech.told("Change the condition"),
    )


def _told(draft: Draft, words: Vocabulary) -> str:
    try:
        return in_words.words(tree.read(conditions.condition_of(draft, words), words))
    except Invalid as refusal:
        return conditions.plainly(str(refusal))
