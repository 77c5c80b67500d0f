"""The form of a value model: each field beside the label that says who may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.components.marks import Option
from keepwell.kernel import speech
from keepwell.outcomes import visibility
from keepwell.outcomes.value_document import CHANGES, KINDS, MOST_INPUTS, ValueInputDoc, ValueModelDoc

LEAST_ROWS = 4
SOURCES = {
    "agreed": speech.later("Agreed with the customer"),
    "metric": speech.later("Measured"),
    "fixed": speech.later("Fixed by what it is"),
}
OVER = {
    "mean": speech.later("Mean of the quarter’s weeks"),
    "last": speech.later("As the quarter ended"),
}
HELP = {
    "basis": speech.later("In a sentence that the customer would sign. Say what it is compared with."),
    "unit": speech.later("Only where no input is money: what the value is counted in, such as hours."),
    "baseline": speech.later("What it was before, agreed with the customer."),
    "agreed_by": speech.later("Without a name and a day the figure counts as not known."),
    "evidence": speech.later("Where the agreement is seen: a mail, a call, a signed copy."),
}
TRIPLES = {
    "figure": ("low", "likely", "high"),
    "baseline": ("baseline_low", "baseline_likely", "baseline_high"),
}
THREE = (speech.later("Low"), speech.later("Likely"), speech.later("High"))


@dataclass(frozen=True)
class Part:
    """One of the boxes of a field."""

    name: str
    title: str
    value: str


@dataclass(frozen=True)
class Field:
    """A field of the form: its boxes or its choice, and who may see it."""

    name: str
    title: str
    kind: str
    help: str
    parts: tuple[Part, ...]
    options: tuple[Option, ...] = ()
    labels: tuple[Option, ...] = ()
    label_name: str = ""


@dataclass(frozen=True)
class InputForm:
    """The fields of one input; `is_open` while something stands in it."""

    number: int
    slug: str
    title: str
    fields: tuple[Field, ...]
    is_open: bool


@dataclass(frozen=True)
class ModelPage:
    """The form of a model."""

    key: str
    name: str
    title: str
    fields: tuple[Field, ...]
    inputs: tuple[InputForm, ...]
    templates: tuple[tuple[str, str], ...]
    refused: str
    may_drop: bool
    back: str


@dataclass(frozen=True)
class Choices:
    """What the form offers: slug and title of each."""

    objectives: Sequence[tuple[str, str]]
    metrics: Sequence[tuple[str, str]]
    templates: Sequence[tuple[str, str]] = ()


Typed = Mapping[str, str]


def page(*, key: str, name: str, slug: str, typed: Typed, choices: Choices, refused: str = "") -> ModelPage:
    """The form with what is typed in it."""
    known = sum(bool(typed.get(f"in{number}-title")) for number in range(MOST_INPUTS))
    count = min(MOST_INPUTS, max(LEAST_ROWS, known + 1))
    here = reverse("account-value-model", args=(key, "new"))
    return ModelPage(
        key=key,
        name=name,
        title=speech.told("New value model") if slug == "new" else speech.told("Value model"),
        fields=_head(typed, choices),
        inputs=tuple(_input(number, typed, choices) for number in range(count)),
        templates=tuple(
            (title, f"{here}?{urlencode({'template': one, 'objective': typed.get('objective', '')})}")
            for one, title in choices.templates
        ),
        refused=refused,
        may_drop=slug != "new",
        back=reverse("account-value", args=(key,)),
    )


def typed_of(doc: ValueModelDoc) -> dict[str, str]:
    """What stands in a model, as the form has it."""
    told = {
        name: str(getattr(doc, name)) for name in ("title", "kind", "objective", "basis", "unit", "notes")
    }
    told |= {f"label-{slug}": said for slug, said in doc.labels.items()}
    for number, one in enumerate(doc.inputs):
        told |= {f"in{number}-{name}": said for name, said in _typed_input(one).items()}
    return told


def _typed_input(one: ValueInputDoc) -> dict[str, str]:
    names = [name for name in ValueInputDoc.__struct_fields__ if name != "labels"]
    return {name: _text(getattr(one, name)) for name in names} | {
        f"label-{slug}": said for slug, said in one.labels.items()
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.12g}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _head(typed: Typed, choices: Choices) -> tuple[Field, ...]:
    titles = {field.slug: speech.said(field.title) for field in visibility.fields("value_model")}

    def field(slug: str, kind: str, offered: Sequence[tuple[str, str]] = ()) -> Field:
        return _field("", slug, titles[slug], kind, typed, offered, noun="value_model")

    return (
        field("title", "text"),
        _field("", "objective", speech.told("Of which outcome"), "choice", typed, choices.objectives),
        field("kind", "choice", list(KINDS.items())),
        field("basis", "long"),
        field("value", "label"),
        _field("", "unit", speech.told("Unit of the value"), "text", typed),
        field("notes", "long"),
    )


def _input(number: int, typed: Typed, choices: Choices) -> InputForm:
    at = f"in{number}-"
    titles = {field.slug: speech.said(field.title) for field in visibility.fields("value_input")}

    def field(slug: str, kind: str, offered: Sequence[tuple[str, str]] = ()) -> Field:
        return _field(at, slug, titles[slug], kind, typed, offered, noun="value_input")

    metrics = [("", speech.told("None")), *choices.metrics]
    fields = (
        field("title", "text"),
        _field(at, "source", speech.told("Where it is from"), "choice", typed, list(SOURCES.items())),
        field("figure", "three"),
        _field(at, "unit", speech.told("Unit"), "text", typed),
        _field(at, "currency", speech.told("Currency, where it is money"), "text", typed),
        field("metric", "choice", metrics),
        _field(at, "over", speech.told("Which value of the quarter"), "choice", typed, list(OVER.items())),
        _field(at, "change", speech.told("What of it counts"), "choice", typed, list(CHANGES.items())),
        field("baseline", "three"),
        field("agreed_by", "text"),
        field("agreed_on", "day"),
        field("evidence", "text"),
    )
    said = typed.get(f"{at}title", "")
    return InputForm(
        number,
        typed.get(f"{at}slug", ""),
        said or speech.told("Input %(n)s", n=number + 1),
        fields,
        bool(said) or number == 0,
    )


def _field(
    at: str,
    slug: str,
    title: str,
    kind: str,
    typed: Typed,
    offered: Sequence[tuple[str, str]] = (),
    *,
    noun: str = "",
) -> Field:
    names = TRIPLES.get(slug, (slug,)) if kind == "three" else (slug,)
    parts = tuple(
        Part(at + name, speech.said(THREE[place]) if kind == "three" else title, typed.get(at + name, ""))
        for place, name in enumerate(names)
    )
    value = typed.get(at + slug, "")
    options = tuple(Option(one, speech.said(said), one == value) for one, said in offered)
    labels: tuple[Option, ...] = ()
    if noun:
        declared = {field.slug: field.label for field in visibility.fields(noun)}
        chosen = typed.get(f"{at}label-{slug}", declared[slug])
        labels = tuple(
            Option(one, speech.said(said), one == chosen) for one, said in visibility.LABELS.items()
        )
    name = "" if at and slug == "unit" else slug  # its help is about the value's own unit
    return Field(
        f"{at}{slug}",
        title,
        kind,
        speech.said(HELP.get(name, "")),
        parts,
        options,
        labels,
        f"{at}label-{slug}",
    )
