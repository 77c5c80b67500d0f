"""A scorecard as a form: whatever is typed is kept, whatever a button does is done to it, and a definition is read off."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from keepwell.faces.web.pages import conditions
from keepwell.faces.web.pages.conditions import Draft
from keepwell.kernel import speech
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.conditions.vocabulary import Vocabulary

UPWARDS = (">=", "<")
SIGNS = ((">", "above"), (">=", "from"), ("<", "under"), ("<=", speech.later("up to")))
_THRESHOLD = re.compile(r"\s*(>=|<=|>|<)?\s*(.*?)\s*")
_PAIR = re.compile(r"\s*(-?[\d.]+)\s*(?:→|->|:)\s*(-?[\d.]+)\s*")
NEW = "new"
EFFECTS = (
    ("exempt", speech.later("does not apply")),
    ("weight", speech.later("has another weight")),
    ("scale", speech.later("has other thresholds")),
)


@dataclass(frozen=True)
class Scaled:
    """Thresholds or a slope as typed; `kind` is "bands" or "slope"."""

    kind: str = "bands"
    green_sign: str = ">="
    green: str = ""
    red_sign: str = "<"
    red: str = ""
    slope: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Scaled":
        """As a definition states it."""
        if "slope" in given:
            pairs = ", ".join(f"{figure:g} → {points:g}" for figure, points in given["slope"])
            return cls(kind="slope", slope=pairs)
        green, red = (_THRESHOLD.fullmatch(str(given.get(band, ""))) for band in ("green", "red"))
        assert green is not None
        assert red is not None
        return cls("bands", green[1] or ">=", green[2], red[1] or "<", red[2])

    @classmethod
    def typed(cls, form: Mapping[str, str], place: str) -> "Scaled":
        """As the form holds it."""
        names = ("kind", "green_sign", "green", "red_sign", "red", "slope")
        return cls(*(form.get(f"{place}-{name}", getattr(cls, name)).strip() for name in names))

    def stated(self) -> dict[str, Any]:
        """As a definition states it."""
        if self.kind == "slope":
            found = [_PAIR.fullmatch(pair) for pair in self.slope.split(",")]
            if not all(found):
                return {"slope": self.slope}
            return {"slope": [[number(pair[1]), number(pair[2])] for pair in found if pair]}
        return {"green": f"{self.green_sign} {self.green}", "red": f"{self.red_sign} {self.red}"}


@dataclass(frozen=True)
class Case:
    """An exception as typed."""

    when: Draft
    effect: str
    weight: str
    scale: Scaled
    why: str


@dataclass(frozen=True)
class Part:
    """A measure as typed; `kept` is what the form does not show."""

    measure: str
    label: str
    metric: str
    weight: str
    group: str
    scale: Scaled
    missing: str
    since: str
    stale: str
    source: str
    cases: tuple[Case, ...]
    kept: str


@dataclass(frozen=True)
class Group:
    """A group as typed."""

    slug: str
    label: str
    weight: str


@dataclass(frozen=True)
class Typed:
    """The whole form; `applies` None: every account."""

    slug: str
    title: str
    green: str
    red: str
    least: str
    applies: Draft | None
    groups: tuple[Group, ...]
    parts: tuple[Part, ...]


def blank() -> Typed:
    """A new scorecard with the usual edges and one measure to fill in."""
    return Typed("", "", "75", "50", "50", None, (), (_new_part(),))


def of(slug: str, title: str, definition: Mapping[str, Any]) -> Typed:
    """A definition in the form."""
    bands = definition["bands"]
    return Typed(
        slug,
        title,
        _edge(bands["green"], ">="),
        _edge(bands["red"], "<"),
        f"{definition['least_known_percent']:g}",
        conditions.drafted(definition["applies"]) if "applies" in definition else None,
        tuple(
            Group(group["group"], group["label"], f"{group['weight']:g}")
            for group in definition.get("groups", ())
        ),
        tuple(_part(part) for part in definition["parts"]),
    )


def _edge(threshold: str, usual: str) -> str:
    """The bare figure where the sign is the usual one."""
    sign, _, figure = threshold.partition(" ")
    return figure if sign == usual else threshold


def _part(given: Mapping[str, Any]) -> Part:
    kept = {"beside": given["beside"]} if "beside" in given else {}
    return Part(
        measure=given["measure"],
        label=given["label"],
        metric=given["metric"],
        weight=f"{given['weight']:g}",
        group=given.get("group", ""),
        scale=Scaled.of(given),
        missing=given.get("missing", "blind"),
        since=given.get("since", ""),
        stale=str(given.get("stale_after_days", "")),
        source=given.get("source", ""),
        cases=tuple(_case(case) for case in given.get("exceptions", ())),
        kept=msgspec.json.encode(kept).decode(),
    )


def _case(given: Mapping[str, Any]) -> Case:
    scaled = any(key in given for key in ("green", "slope"))
    effect = "exempt" if given.get("does_not_apply") else "scale" if scaled else "weight"
    weight = f"{given['weight']:g}" if "weight" in given else ""
    return Case(conditions.drafted(given["when"]), effect, weight, Scaled.of(given), given.get("why", ""))


def typed(form: Mapping[str, str]) -> Typed:
    """What the form holds."""
    slug, title, green, red, least = (
        form.get(name, "").strip() for name in ("slug", "title", "green", "red", "least")
    )
    groups = tuple(
        Group(*(form.get(f"g{n}-{name}", "").strip() for name in ("slug", "label", "weight")))
        for n in range(_count(form, "groups"))
    )
    parts = tuple(_typed_part(form, n) for n in range(_count(form, "parts")))
    applies = conditions.typed(form) if "kind-0" in form else None
    return Typed(slug, title, green, red, least, applies, groups, parts)


def named(form: Typed, metrics: Mapping[str, Metric]) -> Typed:
    """The same with each measure called as its metric is, unless somebody gave it a name of its own; and one that has no
    thresholds yet is judged the way that is better for it, unless somebody said which way.
    """
    own = {metric.title for metric in metrics.values()}
    return replace(form, parts=tuple(_named(part, metrics.get(part.metric), own) for part in form.parts))


def _named(part: Part, metric: Metric | None, own: Set[str]) -> Part:
    if metric is None:
        return part
    named = replace(part, label=metric.title) if not part.label or part.label in own else part
    scale = part.scale
    is_untouched = (scale.green_sign, scale.red_sign) == UPWARDS and not scale.green and not scale.red
    if metric.better == "up" or not is_untouched:
        return named
    return replace(named, scale=replace(part.scale, green_sign="<=", red_sign=">"))


def _count(form: Mapping[str, str], name: str) -> int:
    said = form.get(name, "0")
    return min(int(said), 100) if said.isdecimal() else 0


def _typed_part(form: Mapping[str, str], n: int) -> Part:
    def said(name: str) -> str:
        return form.get(f"p{n}-{name}", "").strip()

    cases = tuple(
        Case(
            conditions.typed(form, case_path(n, m)),
            said(f"c{m}-effect"),
            said(f"c{m}-weight"),
            Scaled.typed(form, f"p{n}-c{m}"),
            said(f"c{m}-why"),
        )
        for m in range(_count(form, f"p{n}-cases"))
    )
    return Part(
        measure=said("measure"),
        label=said("label"),
        metric=said("metric"),
        weight=said("weight"),
        group=said("group"),
        scale=Scaled.typed(form, f"p{n}"),
        missing=said("missing") or "blind",
        since=said("since"),
        stale=said("stale"),
        source=said("source"),
        cases=cases,
        kept=said("kept") or "{}",
    )


def case_path(part: int, case: int) -> str:
    """Where the condition of an exception stands in the form."""
    return f"{conditions.ROOT}p{part}c{case}"


def stated(form: Typed, words: Vocabulary) -> dict[str, Any]:
    """The definition that the form states; whatever is wrong in it is for the reader of definitions to say."""
    said: dict[str, Any] = {
        "least_known_percent": number(form.least),
        "bands": {"green": _threshold(form.green, ">="), "red": _threshold(form.red, "<")},
    }
    if form.applies is not None and not conditions.is_blank(form.applies):
        said["applies"] = conditions.stated(form.applies, words)
    if form.groups:
        said["groups"] = [
            {"group": slug, "label": group.label, "weight": number(group.weight)}
            for slug, group in zip(_slugs([g.slug or g.label for g in form.groups]), form.groups, strict=True)
        ]
    measures = _slugs([part.measure or part.label for part in form.parts])
    said["parts"] = [
        _stated_part(part, measure, words) for measure, part in zip(measures, form.parts, strict=True)
    ]
    return said


def _threshold(typed: str, usual: str) -> str:
    return typed if typed[:1] in "<>" else f"{usual} {typed}"


def _stated_part(part: Part, measure: str, words: Vocabulary) -> dict[str, Any]:
    said: dict[str, Any] = {"measure": measure, "metric": part.metric, "label": part.label}
    said |= {"group": part.group} if part.group else {}
    said |= {"weight": number(part.weight), **part.scale.stated()}
    said |= {"missing": part.missing} if part.missing != "blind" else {}
    if part.since or part.stale:
        said |= {"since": part.since, "stale_after_days": number(part.stale)}
    if part.cases:
        said["exceptions"] = [_stated_case(case, words) for case in part.cases]
    kept = msgspec.json.decode(part.kept)
    said |= kept if isinstance(kept, dict) else {}
    return said | ({"source": part.source} if part.source else {})


def _stated_case(case: Case, words: Vocabulary) -> dict[str, Any]:
    said: dict[str, Any] = {"when": conditions.stated(case.when, words)}
    if case.effect == "exempt":
        said["does_not_apply"] = True
    elif case.effect == "weight":
        said["weight"] = number(case.weight)
    else:
        said |= case.scale.stated()
    return said | ({"why": case.why} if case.why else {})


def slug_of(title: str) -> str:
    """The short name that a title suggests."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:63]


def _slugs(names: Sequence[str]) -> list[str]:
    """A slug for each name, all different."""
    found: list[str] = []
    for name in names:
        slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "measure"
        while slug in found:
            slug += "_2"
        found.append(slug)
    return found


def number(said: str) -> Any:
    """A number where it is one; an integer where that says the same."""
    try:
        value = float(said)
    except ValueError:
        return said
    return int(value) if value.is_integer() else value


def acted(form: Typed, deed: str) -> Typed:
    """After a press of a button; deeds that it does not know change nothing."""
    verb, _, at = deed.partition(":")
    if verb == "add-part":
        return replace(form, parts=(*form.parts, _new_part()))
    if verb == "add-group":
        return replace(form, groups=(*form.groups, Group("", "", "")))
    if verb == "add-applies":
        return replace(form, applies=conditions.empty())
    if verb == "drop-applies":
        return replace(form, applies=None)
    if verb in ("up-part", "down-part", "drop-part", "drop-group", "add-case") and at.isdecimal():
        return _placed(form, verb, int(at))
    return _condition(form, deed, at)


def _placed(form: Typed, verb: str, n: int) -> Typed:
    if verb == "drop-group":
        return replace(form, groups=_without(form.groups, n))
    if verb == "drop-part":
        return replace(form, parts=_without(form.parts, n))
    rows = list(form.parts)
    if n >= len(rows):
        return form
    if verb == "add-case":
        new = Case(conditions.empty(), "exempt", "", Scaled(), "")
        rows[n] = replace(rows[n], cases=(*rows[n].cases, new))
        return replace(form, parts=tuple(rows))
    to = n - 1 if verb == "up-part" else n + 1
    if 0 <= to < len(rows):
        rows[n], rows[to] = rows[to], rows[n]
    return replace(form, parts=tuple(rows))


def _condition(form: Typed, deed: str, path: str) -> Typed:
    """A button inside a condition: the card's own, or that of an exception."""
    root = path.partition("-")[0]
    if root == conditions.ROOT and form.applies is not None:
        return replace(form, applies=conditions.acted(form.applies, deed))
    found = re.fullmatch(rf"{conditions.ROOT}p(\d+)c(\d+)", root)
    if found is None:
        return form
    n, m = int(found[1]), int(found[2])
    if n >= len(form.parts) or m >= len(form.parts[n].cases):
        return form
    part = form.parts[n]
    cases = list(part.cases)
    if deed == f"remove:{root}":
        cases.pop(m)
    else:
        cases[m] = replace(cases[m], when=conditions.acted(cases[m].when, deed))
    rows = list(form.parts)
    rows[n] = replace(part, cases=tuple(cases))
    return replace(form, parts=tuple(rows))


def _without(rows: tuple[Any, ...], n: int) -> tuple[Any, ...]:
    return tuple(row for place, row in enumerate(rows) if place != n)


def _new_part() -> Part:
    return Part("", "", "", "", "", Scaled(), "blind", "", "", "", (), "{}")
