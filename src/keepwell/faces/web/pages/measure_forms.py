"""A measure as a form: whatever is typed is kept, whatever a button does is done to it, and a definition is read off.

It says all that a definition can: a measure of others (a ratio, a change) has theirs inside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from keepwell.faces.web.pages import conditions
from keepwell.faces.web.pages.conditions import Draft
from keepwell.faces.web.pages.scorecard_forms import number
from keepwell.metrics.conditions.vocabulary import EVENTS
from keepwell.metrics.declaring import FORMS, MOST_DEPTH, WHOLE

ROOT = "m"
FIGURES = ("days", "per_days", "step_days", "times", "key", "ago")
SELECTIONS = ("events", "opened", "closed")
PARTS = ("of", "to", "less")
TEXTS = ("title", "unit", "sentence", "unknown_when")
NOTHING = Draft("all")
USUAL_DAYS = "28"


@dataclass(frozen=True)
class Selection:
    """Which events, as typed; names stand between commas."""

    kind: str = "usage"
    names: str = ""
    core: bool = False
    where: Draft = NOTHING


@dataclass(frozen=True)
class Measured:
    """A measure as typed: what it takes, and what that needs."""

    take: str = "count"
    figures: Mapping[str, str] = field(default_factory=dict)
    selections: Mapping[str, Selection] = field(default_factory=dict)
    where: Draft = NOTHING
    parts: Mapping[str, "Measured"] = field(default_factory=dict)


@dataclass(frozen=True)
class Typed:
    """The whole form; `slug` is what a text in TOML named it."""

    slug: str = ""
    title: str = ""
    unit: str = ""
    sentence: str = ""
    unknown_when: str = ""
    better: str = "up"
    group: str = "custom"
    kept: bool = True
    measure: Measured = Measured(figures={"days": USUAL_DAYS})
    per_of: str = ""
    per_among: str = ""
    rollup_how: str = ""
    rollup_kind: str = ""


def fields(take: str) -> tuple[str, ...]:
    """What a measure of this kind may be told, needed first."""
    form = FORMS.get(take)
    return () if form is None else (*form.needs, *form.may)


def of(definition: Mapping[str, Any]) -> Typed:
    """The form of a definition as it is written."""
    return Typed(
        slug=str(definition.get("slug", "")),
        **{name: str(definition.get(name, "")) for name in TEXTS},
        better=str(definition.get("better", "up")),
        group=str(definition.get("group", "custom")),
        kept=bool(definition.get("kept", True)),
        measure=_measure(definition.get("measure")),
        per_of=str(_table(definition, "per").get("of", "")),
        per_among=", ".join(map(str, _table(definition, "per").get("among", ()))),
        rollup_how=str(_table(definition, "rollup").get("how", "")),
        rollup_kind=str(_table(definition, "rollup").get("kind", "")),
    )


def _table(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = given.get(name)
    return found if isinstance(found, Mapping) else {}


def _measure(given: Any) -> Measured:
    if not isinstance(given, Mapping):
        return Measured()
    return Measured(
        str(given.get("take", "")),
        {name: _said(given[name]) for name in FIGURES if name in given},
        {name: _selection(given[name]) for name in SELECTIONS if name in given},
        _drafted(given.get("where")),
        {name: _measure(given[name]) for name in PARTS if name in given},
    )


def _selection(given: Any) -> Selection:
    if not isinstance(given, Mapping):
        return Selection()
    names = ", ".join(map(str, given.get("names", ())))
    return Selection(
        str(given.get("kind", "usage")), names, bool(given.get("core", False)), _drafted(given.get("where"))
    )


def _drafted(given: Any) -> Draft:
    return NOTHING if given is None else conditions.drafted(given)


def _said(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def typed(form: Mapping[str, str]) -> Typed:
    """What the form holds."""
    return Typed(
        slug=form.get("slug", "").strip(),
        **{name: form.get(name, "").strip() for name in TEXTS},
        better=form.get("better", "up"),
        group=form.get("group", "custom"),
        kept="kept" in form,
        measure=_typed(form, ROOT, 1),
        **{name: form.get(name, "").strip() for name in ("per_of", "per_among", "rollup_how", "rollup_kind")},
    )


def _typed(form: Mapping[str, str], path: str, depth: int) -> Measured:
    """One measure; where another kind was just chosen, what was typed for the one before goes into it or comes out."""
    take = form.get(f"{path}-take", "count")
    if "of" not in fields(take) and f"{path}.of-take" in form:
        path = f"{path}.of"
    return _read(form, path, take, depth)


def _read(form: Mapping[str, str], path: str, take: str, depth: int) -> Measured:
    asked = fields(take)
    return Measured(
        take,
        {name: form.get(f"{path}-{name}", _usual(take, name)).strip() for name in FIGURES if name in asked},
        {name: _typed_selection(form, f"{path}.{name}", take) for name in SELECTIONS if name in asked},
        _typed_condition(form, f"{path}.where") if "where" in asked else NOTHING,
        {name: _typed_part(form, path, name, depth + 1) for name in PARTS if name in asked}
        if depth < MOST_DEPTH
        else {},
    )


def _typed_part(form: Mapping[str, str], path: str, name: str, depth: int) -> Measured:
    was = form.get(f"{path}-was", "")
    if name == "of" and f"{path}.of-take" not in form and was and "of" not in fields(was):
        return _read(form, path, was, depth)
    return _typed(form, f"{path}.{name}", depth)


def _usual(take: str, name: str) -> str:
    """What a figure says before anybody has seen its field."""
    usual = {"days": USUAL_DAYS, "step_days": "7"}
    return usual.get(name, "") if take == "count" or name in FORMS[take].needs else ""


def _typed_selection(form: Mapping[str, str], path: str, take: str) -> Selection:
    return Selection(
        form.get(f"{path}-kind", "fact" if take in WHOLE else "usage"),
        form.get(f"{path}-names", "").strip(),
        f"{path}-core" in form,
        _typed_condition(form, path),
    )


def condition_path(path: str) -> str:
    """Where the condition of a selection stands in the form."""
    return f"{conditions.ROOT}{path}"


def _typed_condition(form: Mapping[str, str], path: str) -> Draft:
    at = condition_path(path)
    return conditions.typed(form, at) if f"kind-{at}" in form else NOTHING


def acted(form: Typed, deed: str) -> Typed:
    """After a press of a button in one of the conditions; deeds that it does not know change nothing."""
    return replace(form, measure=_acted(form.measure, ROOT, deed))


def _acted(measure: Measured, path: str, deed: str) -> Measured:
    root = deed.partition(":")[2].split("-")[0]

    def changed(draft: Draft, at: str) -> Draft:
        return conditions.acted(draft, deed) if condition_path(at) == root else draft

    selections = {
        name: replace(selection, where=changed(selection.where, f"{path}.{name}"))
        for name, selection in measure.selections.items()
    }
    return replace(
        measure,
        selections=selections,
        where=changed(measure.where, f"{path}.where"),
        parts={name: _acted(part, f"{path}.{name}", deed) for name, part in measure.parts.items()},
    )


def stated(form: Typed, slug: str) -> dict[str, Any]:
    """The definition that the form states; whatever is wrong in it is for the reader of definitions to say."""
    said = {
        "slug": slug,
        **{name: getattr(form, name) for name in TEXTS},
        "better": form.better,
        "group": form.group,
        "kept": form.kept,
        "measure": _stated(form.measure),
    }
    if form.per_of or form.per_among:
        said["per"] = {
            "of": form.per_of,
            "among": [v.strip() for v in form.per_among.split(",") if v.strip()],
        }
    if form.rollup_how:
        kind = {"kind": form.rollup_kind} if form.rollup_kind else {}
        said["rollup"] = {"how": form.rollup_how} | kind
    return said


def _stated(measure: Measured) -> dict[str, Any]:
    said: dict[str, Any] = {"take": measure.take}
    said |= {
        name: value if name == "key" else number(value) for name, value in measure.figures.items() if value
    }
    for name, selection in measure.selections.items():
        told = _stated_selection(selection)
        if told or name in FORMS[measure.take].needs:
            said[name] = told
    if "where" in fields(measure.take) and not conditions.is_blank(measure.where):
        said["where"] = conditions.stated(measure.where, EVENTS)
    return said | {name: _stated(part) for name, part in measure.parts.items()}


def _stated_selection(selection: Selection) -> dict[str, Any]:
    names = [name.strip() for name in selection.names.split(",") if name.strip()]
    said: dict[str, Any] = {} if selection.kind == "usage" else {"kind": selection.kind}
    said |= {"names": names} if names else {}
    said |= {"core": True} if selection.core and selection.kind == "usage" else {}
    if not conditions.is_blank(selection.where):
        said["where"] = conditions.stated(selection.where, EVENTS)
    return said
