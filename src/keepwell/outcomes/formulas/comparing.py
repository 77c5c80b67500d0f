"""Two states of a plan beside each other, line by line. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.outcomes import visibility

SKIPPED = ("slug", "labels")
CHILDREN = {"objectives": "objective", "indicators": "indicator", "steps": "step"}


@dataclass(frozen=True)
class Line:
    """A field in both states; empty where it was not there."""

    of: str
    field: str
    before: str
    after: str


def lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Line, ...]:
    """What differs between two documents, in the order of the later one."""
    was, now = dict(_leaves(before)), dict(_leaves(after))
    places = [*now, *(place for place in was if place not in now)]
    return tuple(
        Line(*_said(place, now if place in now else was), _value(was.get(place)), _value(now.get(place)))
        for place in places
        if _value(was.get(place)) != _value(now.get(place))
    )


def _leaves(
    given: Mapping[str, Any], noun: str = "plan", at: str = ""
) -> Iterator[tuple[tuple[str, str, str], Any]]:
    """(noun, slug, field) with its value, and under "" what it is called."""
    yield (noun, at, ""), str(given.get("title", ""))
    for key, value in given.items():
        if key in CHILDREN:
            for child in value:
                yield from _leaves(child, CHILDREN[key], child["slug"])
        elif key not in SKIPPED:
            yield (noun, at, key), value
    for slug, said in sorted(given.get("labels", {}).items()):
        yield (noun, at, f"label:{slug}"), said


def _said(place: tuple[str, str, str], told: Mapping[tuple[str, str, str], Any]) -> tuple[str, str]:
    noun, slug, key = place
    titles = {field.slug: field.title for field in visibility.fields(noun)}
    name = key.removeprefix("label:")
    return str(told.get((noun, slug, ""), "")), titles.get(name, name.replace("_", " "))


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
