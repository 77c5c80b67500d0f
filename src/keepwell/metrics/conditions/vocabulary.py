"""What conditions can be about: subjects with a type, by name or by the prefix of their name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid

Kind = Literal["text", "number", "day", "truth", "list", "any"]


@dataclass(frozen=True)
class Subject:
    """Something that a condition asks about; "any" is free text that is read as the operator needs it.

    `choices` are the only values it can have, if it has such; `windowed` ones are asked over a span of days (`in_days`).
    `words` say the choices, in their order. A `change` is below zero where it fell, above where it rose; sentences say it so.
    """

    slug: str
    title: str
    kind: Kind
    unit: str = ""
    choices: tuple[str, ...] = ()
    windowed: bool = False
    change: bool = False
    words: tuple[str, ...] = ()

    def called(self, value: str) -> str:
        """A value as it is said."""
        place = self.choices.index(value) if value in self.choices else len(self.words)
        return speech.said(self.words[place]) if place < len(self.words) else value


@dataclass(frozen=True)
class Vocabulary:
    """The subjects that may be asked about in one place.

    `open` has, by prefix ("props."), a subject that stands for every name that begins so. `more` are those that can be
    asked about too but are too many for a list of choices.
    """

    subjects: Mapping[str, Subject]
    open: Mapping[str, Subject] = field(default_factory=dict)
    more: Mapping[str, Subject] = field(default_factory=dict)

    def find(self, slug: str) -> Subject:
        """The subject of this name; refuses with those that are alike."""
        known = self.subjects.get(slug) or self.more.get(slug)
        if known is not None:
            return known
        for prefix, like in self.open.items():
            name = slug.removeprefix(prefix)
            if name != slug and name:
                title = f"{like.title} {name}".strip()
                return Subject(slug, title, like.kind, like.unit, like.choices, like.windowed)
        alike = get_close_matches(slug, [*self.subjects, *self.more], n=3) or sorted(self.subjects)[:12]
        raise Invalid(
            '"%(slug)s" is nothing that can be asked about here. Did you mean %(listed)s?',
            slug=slug,
            listed=", ".join(alike),
        )


EVENTS = Vocabulary(
    subjects={
        subject.slug: subject
        for subject in (
            Subject("name", "event", "text"),
            Subject("feature", "feature", "text"),
            Subject("kind", "kind", "text", choices=("fact", "usage")),
            Subject("source", "source", "text"),
            Subject("person", "person", "text"),
            Subject("value", "value", "number"),
        )
    },
    open={"props.": Subject("props.", "property", "any")},
)
