"""Conditions as a form: a tree of groups and questions, built without script, read back whatever was typed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from keepwell.faces.components.marks import Option
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.kernel.figures import one_or_many
from keepwell.metrics.conditions import operators
from keepwell.metrics.conditions.operators import KNOWN, OPERATORS
from keepwell.metrics.conditions.vocabulary import Kind, Subject, Vocabulary

GROUPS = {
    "all": speech.later("All of these hold"),
    "any": speech.later("At least one of these holds"),
    "none": speech.later("None of these holds"),
}
ROOT = "0"
MOST_PARTS = 30
_WORDS = {
    "is": "is",
    "is_not": speech.later("is not"),
    "in": speech.later("is one of"),
    "not_in": speech.later("is none of"),
    "contains": "contains",
    "starts_with": speech.later("begins with"),
    "has": "has",
    "has_not": speech.later("has not"),
    "equals": "equals",
    "above": speech.later("is above"),
    "at_least": speech.later("is at least"),
    "below": speech.later("is below"),
    "at_most": speech.later("is at most"),
    "before": speech.later("is before"),
    "after": speech.later("is after"),
    "within_days": speech.later("is within the next days"),
    "past_days": speech.later("was in the last days"),
    "older_than_days": speech.later("was longer ago than days"),
    "true": "is",
    KNOWN: speech.later("is known"),
}
_PLACES = (
    ("metric.", speech.later("Measures")),
    ("score.", speech.later("Health")),
    ("standing.", speech.later("Health")),
    ("segment.", speech.later("Segments")),
    ("champion.", speech.later("Champions")),
    ("owner.", speech.later("Owners")),
    ("field.", speech.later("Custom fields")),
    ("props.", speech.later("Properties")),
)


@dataclass(frozen=True)
class Draft:
    """A node as it was typed: a group with parts, or a question. Nothing of it is checked yet."""

    kind: str = "leaf"
    parts: tuple["Draft", ...] = ()
    of: str = ""
    op: str = ""
    value: str = ""
    days: str = ""
    name: str = ""


@dataclass(frozen=True)
class Node:
    """A node as the form shows it; `takes` says which control its value has."""

    path: str
    draft: Draft
    is_group: bool
    is_root: bool
    kinds: tuple[Option, ...] = ()
    places: tuple[str, ...] = ()
    parts: tuple["Node", ...] = ()
    subjects: tuple[tuple[str, tuple[Option, ...]], ...] = ()
    operators: tuple[Option, ...] = ()
    choices: tuple[Option, ...] = ()
    takes: str = ""
    unit: str = ""
    wants_name: bool = False
    example: str = ""
    wants_days: bool = False


def drafted(given: Mapping[str, Any]) -> Draft:
    """The draft of a condition as it is written; always a group at the top."""
    draft = _drafted(given)
    return draft if draft.kind != "leaf" else Draft("all", (draft,))


def empty() -> Draft:
    """One question, not asked yet."""
    return Draft("all", (Draft(),))


def _drafted(given: Mapping[str, Any]) -> Draft:
    for kind in ("all", "any"):
        if kind in given:
            return Draft(kind, tuple(_drafted(part) for part in given[kind]))
    if "not" in given:
        inner = given["not"]
        parts = inner["any"] if isinstance(inner, Mapping) and "any" in inner else [inner]
        return Draft("none", tuple(_drafted(part) for part in parts))
    op = next(key for key in given if key not in ("of", "in_days"))
    said = _said(given[op])
    of = next((prefix for prefix in BY_NAME if given["of"].startswith(prefix)), given["of"])
    name = given["of"].removeprefix(of)
    return Draft("leaf", (), of, op, said, str(given.get("in_days", "")), name)


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def plainly(refusal: str) -> str:
    """A refusal of a condition without its place in a text, and with the quotation marks of a text for people."""
    said = re.sub(r"\bthe condition(?:\.(?:all|any|not)(?:\[\d+\])?)*:? ", "", speech.said(refusal))
    said = re.sub(r"(?<!\w)'([^']*)'(?!\w)", r"“\1”", said).replace("“”", "nothing")
    return re.sub(r'"([^"]*)"', r"“\1”", said)


EVENT = "event."
PROPERTY = "props."
BY_NAME = {
    EVENT: (speech.later("Events"), speech.later("Event, by its name …")),
    PROPERTY: (speech.later("Properties"), speech.later("Property, by its name …")),
    "heard.": (speech.later("What was heard"), speech.later("Words that were heard …")),
    "change.": (speech.later("How measures went"), speech.later("Change in % of a measure, by its slug …")),
    "move.": (
        speech.later("How measures went"),
        speech.later("Change of a measure in its unit, by its slug …"),
    ),
    "lowest.": (speech.later("How measures went"), speech.later("Lowest of a measure, by its slug …")),
    "highest.": (speech.later("How measures went"), speech.later("Highest of a measure, by its slug …")),
}
EXAMPLES = {EVENT: "report.exported", PROPERTY: "severity", "heard.": "legal discovery"}
USUAL_EXAMPLE = "active_people"


def typed(form: Mapping[str, str], path: str = ROOT) -> Draft:
    """What the form holds."""
    kind = form.get(f"kind-{path}", "leaf")
    if kind in GROUPS:
        places = [place for place in form.get(f"parts-{path}", "").split() if place.isdecimal()][:MOST_PARTS]
        return Draft(kind, tuple(typed(form, f"{path}-{place}") for place in places))
    names = ("of", "op", "value", "days", "name")
    return Draft("leaf", (), *(form.get(f"{name}-{path}", "").strip() for name in names))


def acted(draft: Draft, deed: str) -> Draft:
    """After a press of a button: "add:PATH", "group:PATH", "remove:PATH"; anything else changes nothing."""
    verb, _, path = deed.partition(":")
    steps = [int(step) for step in path.split("-")[1:] if step.isdecimal()]
    if verb in ("add", "group") and path.startswith(ROOT):
        new = Draft() if verb == "add" else Draft("any", (Draft(), Draft()))
        return _changed(draft, steps, lambda group: replace(group, parts=(*group.parts, new)))
    if verb == "remove" and steps:
        last = steps.pop()
        return _changed(
            draft,
            steps,
            lambda group: replace(group, parts=tuple(p for n, p in enumerate(group.parts) if n != last)),
        )
    return draft


def _changed(draft: Draft, steps: Sequence[int], change: Any) -> Draft:
    if not steps:
        return change(draft) if draft.kind != "leaf" else draft
    first, *rest = steps
    parts = tuple(_changed(part, rest, change) if n == first else part for n, part in enumerate(draft.parts))
    return replace(draft, parts=parts)


def stated(draft: Draft, vocabulary: Vocabulary) -> dict[str, Any]:
    """The condition that a draft states, as `tree.read` takes it; questions that name nothing yet are left out."""
    if draft.kind != "leaf":
        parts = [stated(part, vocabulary) for part in draft.parts if not _is_blank(part)]
        return {"not": {"any": parts}} if draft.kind == "none" else {draft.kind: parts}
    slug = f"{draft.of}{draft.name}" if draft.of in BY_NAME else draft.of
    subject = vocabulary.find(slug)
    op = _operator(draft, subject.kind)
    said: dict[str, Any] = {"of": slug, op: _value(draft.value, op)}
    if subject.windowed:
        said["in_days"] = _whole(draft.days)
    return said


def _is_blank(draft: Draft) -> bool:
    return not draft.of if draft.kind == "leaf" else all(_is_blank(part) for part in draft.parts)


def is_blank(draft: Draft) -> bool:
    """Whether nothing is asked yet."""
    return _is_blank(draft)


def _operator(draft: Draft, kind: Kind) -> str:
    allowed = operators.for_kind(kind)
    return draft.op if draft.op in allowed else allowed[0]


def _value(typed: str, op: str) -> Any:
    takes = "truth" if op == KNOWN else OPERATORS[op].takes
    if takes == "texts":
        return [part.strip() for part in typed.split(",") if part.strip()]
    if takes == "truth":
        return typed != "false"
    if takes == "number":
        return _number(typed)
    return _whole(typed) if takes == "days" else typed


def _number(typed: str) -> Any:
    try:
        return float(typed.replace(",", ""))
    except ValueError:
        return typed


def _whole(typed: str) -> Any:
    return int(typed) if typed.isdecimal() and len(typed) < 9 else typed


def condition_of(draft: Draft, vocabulary: Vocabulary) -> dict[str, Any] | None:
    """As it is written; one that names what is not there is left to the reader to refuse."""
    if is_blank(draft):
        return None
    try:
        said = stated(draft, vocabulary)
    except Invalid:
        return {"of": _unknown(draft)}
    return _plain(said)


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    """Without groups of one."""
    if "not" in said:
        return {"not": _plain(said["not"])}
    for kind in ("all", "any"):
        if kind in said:
            parts = [_plain(part) for part in said[kind]]
            return parts[0] if len(parts) == 1 else {kind: parts}
    return said


def _unknown(draft: Draft) -> str:
    """What the first question of a draft is about."""
    return (
        f"{draft.of}{draft.name}"
        if draft.kind == "leaf"
        else next(filter(None, map(_unknown, draft.parts)), "")
    )


def _unit(subject: Subject | None, takes: str) -> str:
    """What stands beside a field for a figure, whatever the figure: "days", "people"."""
    unit = "days" if takes == "days" else subject.unit if subject and takes == "number" else ""
    return one_or_many(2, unit)


@dataclass(frozen=True)
class Editor:
    """The form over a draft: subjects in their groups, made once for all questions."""

    vocabulary: Vocabulary
    groups: tuple[tuple[str, tuple[Subject, ...]], ...] = field(default=())

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "Editor":
        """Groups by what the names begin with; what has no prefix is of the account itself."""
        found: dict[str, list[Subject]] = {}
        for subject in vocabulary.subjects.values():
            title = next(
                (t for prefix, t in _PLACES if subject.slug.startswith(prefix)), speech.told("Account")
            )
            found.setdefault(title, []).append(subject)
        for subject in vocabulary.more.values():
            if place := next((t for prefix, t in _PLACES if subject.slug.startswith(prefix)), ""):
                found.setdefault(place, []).append(subject)
        for prefix, (head, title) in BY_NAME.items():
            if (like := _like(vocabulary, prefix)) is not None:
                found.setdefault(head, []).append(replace(like, slug=prefix, title=title))
        return cls(vocabulary, tuple((title, tuple(rows)) for title, rows in found.items()))

    def node(self, draft: Draft, path: str = ROOT) -> Node:
        """The draft as the form shows it."""
        if draft.kind != "leaf":
            return Node(
                path, draft, is_group=True, is_root=path == ROOT,
                kinds=tuple(Option(kind, title, kind == draft.kind) for kind, title in GROUPS.items()),
                places=tuple(str(place) for place in range(len(draft.parts))),
                parts=tuple(self.node(part, f"{path}-{place}") for place, part in enumerate(draft.parts)),
            )  # fmt: skip
        subject = self._subject(draft)
        op = _operator(draft, subject.kind) if subject else ""
        takes = "" if not subject else "known" if op == KNOWN else OPERATORS[op].takes
        return Node(
            path, draft, is_group=False, is_root=False,
            subjects=tuple(
                (title, tuple(Option(s.slug, s.title, s.slug == draft.of) for s in rows))
                for title, rows in self.groups
            ),
            operators=tuple(
                Option(slug, _WORDS[slug], slug == op) for slug in (operators.for_kind(subject.kind) if subject else ())
            ),
            choices=tuple(Option(c, subject.called(c), c == draft.value) for c in subject.choices) if subject else (),
            takes="choice" if subject and subject.choices and takes == "text" else takes,
            unit=_unit(subject, takes),
            wants_name=draft.of in BY_NAME,
            example=EXAMPLES.get(draft.of, USUAL_EXAMPLE),
            wants_days=bool(subject and subject.windowed),
        )  # fmt: skip

    def _subject(self, draft: Draft) -> Subject | None:
        if draft.of in BY_NAME:
            named = self.vocabulary.more.get(f"{draft.of}{draft.name}")
            return named or _like(self.vocabulary, draft.of)
        if draft.of in self.vocabulary.subjects or draft.of in self.vocabulary.more:
            return self.vocabulary.find(draft.of)
        return (
            self.vocabulary.find(draft.of)
            if any(draft.of.startswith(p) for p in self.vocabulary.open)
            else None
        )


def _like(vocabulary: Vocabulary, prefix: str) -> Subject | None:
    """What stands for every name after a prefix; None where none can be asked."""
    if prefix in vocabulary.open:
        return vocabulary.open[prefix]
    return next((subject for subject in vocabulary.more.values() if subject.slug.startswith(prefix)), None)
