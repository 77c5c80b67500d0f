"""Conditions as a form: a tree of groups and questions, built without script, read back whatever was typed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from keepwell.faces.components.marks import Option
from keepwell.metrics.conditions import operators
from keepwell.metrics.conditions.operators import KNOWN, OPERATORS
from keepwell.metrics.conditions.vocabulary import Kind, Subject, Vocabulary

GROUPS = {"all": "All of these hold", "any": "At least one of these holds", "none": "None of these holds"}
ROOT = "0"
MOST_PARTS = 30
_WORDS = {
    "is": "is", "is_not": "is not", "in": "is one of", "not_in": "is none of", "contains": "contains",
    "starts_with": "begins with", "has": "has", "has_not": "has not", "equals": "equals", "above": "is above",
    "at_least": "is at least", "below": "is below", "at_most": "is at most", "before": "is before",
    "after": "is after", "within_days": "is within the next days", "past_days": "was in the last days",
    "older_than_days": "was longer ago than days", "true": "is", KNOWN: "is known",
}  # fmt: skip
_PLACES = (
    ("metric.", "Measures"), ("score.", "Health"), ("segment.", "Segments"), ("owner.", "Owners"),
    ("field.", "Custom fields"), ("props.", "Properties"),
)  # fmt: skip


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
    said = re.sub(r"\bthe condition(?:\.(?:all|any|not)(?:\[\d+\])?)*:? ", "", refusal)
    said = re.sub(r"(?<!\w)'([^']*)'(?!\w)", r"“\1”", said).replace("“”", "nothing")
    return re.sub(r'"([^"]*)"', r"“\1”", said)


EVENT = "event."
PROPERTY = "props."
BY_NAME = {EVENT: ("Events", "Event, by its name …"), PROPERTY: ("Properties", "Property, by its name …")}


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
            title = next((t for prefix, t in _PLACES if subject.slug.startswith(prefix)), "Account")
            found.setdefault(title, []).append(subject)
        for prefix, (head, title) in BY_NAME.items():
            if prefix in vocabulary.open:
                found[head] = [replace(vocabulary.open[prefix], slug=prefix, title=title)]
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
            choices=tuple(Option(c, c, c == draft.value) for c in (subject.choices if subject else ())),
            takes="choice" if subject and subject.choices and takes == "text" else takes,
            unit="days" if takes == "days" else subject.unit if subject and takes == "number" else "",
            wants_name=draft.of in BY_NAME,
            wants_days=bool(subject and subject.windowed),
        )  # fmt: skip

    def _subject(self, draft: Draft) -> Subject | None:
        if draft.of in BY_NAME and draft.of in self.vocabulary.open:
            return self.vocabulary.open[draft.of]
        if draft.of in self.vocabulary.subjects:
            return self.vocabulary.subjects[draft.of]
        return (
            self.vocabulary.find(draft.of)
            if any(draft.of.startswith(p) for p in self.vocabulary.open)
            else None
        )
