"""Who may see which field: one table for every noun of this stage, and the one gate through which a customer's view is filled.

Each field has a label by its declaration: `internal` stays with us, `shared` may reach the customer. A row may label its fields
otherwise (`labels`). What a customer may reach is made of what `shared` gives and of nothing else; a noun whose first field is
internal does not exist there at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid

Label = Literal["internal", "shared"]
LABELS: dict[str, str] = {"internal": speech.later("Internal"), "shared": speech.later("Shared")}


@dataclass(frozen=True)
class Field:
    """A field of a noun: what it is called, and who may see it unless a row says otherwise."""

    slug: str
    title: str
    label: Label


def _shared(slug: str, title: str) -> Field:
    return Field(slug, title, "shared")


def _internal(slug: str, title: str) -> Field:
    return Field(slug, title, "internal")


# The first field of each says what it is: without it there is nothing to show.
NOUNS: dict[str, tuple[Field, ...]] = {
    "plan": (
        _shared("vision", speech.later("Vision")),
        _shared("cadence", speech.later("Cadence")),
        _internal("notes", speech.later("Notes")),
    ),
    "objective": (
        _shared("title", speech.later("Outcome")),
        _shared("why", speech.later("What it is worth to them")),
        _shared("target_date", speech.later("By")),
        _shared("reached", speech.later("Reached")),
        _internal("notes", speech.later("Notes")),
    ),
    "indicator": (
        _shared("title", speech.later("Indicator")),
        _shared("unit", speech.later("Unit")),
        _shared("value", speech.later("Where it stands")),
        _shared("baseline", speech.later("Baseline")),
        _shared("target", speech.later("Target")),
        _shared("target_date", speech.later("By")),
        _internal("metric", speech.later("Metric")),
        _internal("trigger", speech.later("Alarm at")),
        _internal("notes", speech.later("Notes")),
    ),
    "reading": (
        _shared("value", speech.later("Value")),
        _internal("evidence", speech.later("Evidence")),
    ),
    "step": (
        _shared("title", speech.later("What")),
        _shared("due_date", speech.later("Due")),
        _shared("ours", speech.later("Our owner")),
        _shared("theirs", speech.later("Their owner")),
        _shared("objective", speech.later("For which outcome")),
        _shared("after", speech.later("After")),
        _shared("done", speech.later("Done")),
        _internal("notes", speech.later("Notes")),
    ),
    "opinion": (
        _internal("text", speech.later("What success is to them")),
        _internal("person", speech.later("Who says so")),
        _internal("resolution", speech.later("How it was settled")),
    ),
    "review": (
        _shared("title", speech.later("Title")),
        _shared("starts_at", speech.later("When")),
        _shared("place", speech.later("Where")),
        _shared("agenda", speech.later("Agenda")),
        _shared("guests", speech.later("Guests")),
        _internal("notes", speech.later("Preparation")),
    ),
    "decision": (_shared("text", speech.later("Decision")),),
    "action": (
        _shared("title", speech.later("What")),
        _shared("due_date", speech.later("Due")),
        _shared("owner", speech.later("Owner")),
        _shared("done", speech.later("Done")),
    ),
    "score": (
        _shared("stands", speech.later("Where it stands")),
        _shared("words", speech.later("In their words")),
    ),
    "gap": (
        _shared("words", speech.later("In words for customers")),
        _shared("status", speech.later("State")),
        _shared("asked_on", speech.later("Asked")),
        _shared("shipped_on", speech.later("There since")),
        _internal("title", speech.later("Title")),
        _internal("description", speech.later("Description")),
    ),
    "agreement": (
        _shared("on", speech.later("Agreed on")),
        _shared("name", speech.later("Agreed by")),
        _shared("how", speech.later("How")),
        _internal("note", speech.later("Note")),
    ),
    "value_model": (
        _shared("title", speech.later("What is worth something")),
        _shared("kind", speech.later("Kind of value")),
        _shared("basis", speech.later("How it is counted")),
        _shared("value", speech.later("What it came to")),
        _internal("notes", speech.later("Notes")),
    ),
    "value_input": (
        _shared("title", speech.later("Input")),
        _shared("figure", speech.later("Figure")),
        _shared("baseline", speech.later("Baseline")),
        _shared("agreed_by", speech.later("Agreed by")),
        _shared("agreed_on", speech.later("Agreed on")),
        _internal("metric", speech.later("Metric")),
        _internal("evidence", speech.later("Evidence")),
    ),
    "value_confirmation": (
        _shared("name", speech.later("Confirmed by")),
        _shared("on", speech.later("Confirmed on")),
        _shared("words", speech.later("In which words")),
    ),
    "quote": (
        _internal("text", speech.later("In their words")),
        _internal("name", speech.later("Who said it")),
        _internal("evidence", speech.later("Where the permission is seen")),
    ),
    "contract": (
        _shared("product", speech.later("Product")),
        _shared("price", speech.later("Price a year")),
        _shared("since", speech.later("From")),
        _shared("until", speech.later("Until")),
        _shared("notice", speech.later("Notice")),
        _shared("renews", speech.later("Renews by itself")),
        _internal("fields", speech.later("Fields of our own")),
    ),
}


def fields(noun: str) -> tuple[Field, ...]:
    """The declared fields of a noun."""
    return NOUNS[noun]


def label(noun: str, slug: str, labels: Mapping[str, str]) -> str:
    """Who may see a field of a row."""
    declared = {field.slug: field for field in NOUNS[noun]}
    return labels.get(slug, declared[slug].label)


def checked(noun: str, labels: Mapping[str, Any]) -> dict[str, str]:
    """The labels of a row that differ from what is declared; refuses fields and labels that are not known."""
    declared = {field.slug: field.label for field in NOUNS[noun]}
    for slug, said in labels.items():
        if slug not in declared:
            raise Invalid(
                'labels: "%(slug)s" is no field of %(noun)s. Use one of %(listed)s.',
                slug=slug,
                noun=noun,
                listed=", ".join(declared),
            )
        if said not in LABELS:
            raise Invalid(
                'labels: "%(said)s" is no label. Use one of %(listed)s.', said=said, listed=", ".join(LABELS)
            )
    return {slug: said for slug, said in labels.items() if said != declared[slug]}


def whole(noun: str, *, is_internal: bool) -> dict[str, str]:
    """The labels of a row that as a whole is internal, or as it is declared."""
    return {NOUNS[noun][0].slug: "internal"} if is_internal else {}


def as_a_whole(noun: str, labels: Mapping[str, str], *, is_internal: bool) -> dict[str, str]:
    """The labels of a row that is to be internal as a whole, or no more; what is said of its other fields stays."""
    first = NOUNS[noun][0].slug
    return {slug: said for slug, said in labels.items() if slug != first} | whole(
        noun, is_internal=is_internal
    )


def is_internal(noun: str, labels: Mapping[str, str]) -> bool:
    """Whether a row as a whole is internal: without its first field there is nothing to show."""
    return label(noun, NOUNS[noun][0].slug, labels) == "internal"


def shared(noun: str, labels: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The fields of a row that its customer may see; None when the row itself is internal.

    A value under a name that is not declared is our bug: nothing goes out without a label.
    """
    declared = NOUNS[noun]
    if undeclared := sorted(values.keys() - {field.slug for field in declared}):
        raise ValueError(f"{noun} has no declared field {', '.join(undeclared)}")
    seen = {slug: value for slug, value in values.items() if label(noun, slug, labels) == "shared"}
    return seen if declared[0].slug in seen else None


def all_fields() -> Iterable[tuple[str, Field]]:
    """Every declared field with its noun."""
    return ((noun, field) for noun, declared in NOUNS.items() for field in declared)
