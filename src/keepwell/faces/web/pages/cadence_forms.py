"""A cadence as a form of rows: whatever is typed is kept, a declaration is read off, errors stand beside their row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.account_cadence import KINDS as SAID_KINDS
from keepwell.faces.web.pages.roles import role_title
from keepwell.kernel import slugs, speech
from keepwell.kernel.errors import Invalid
from keepwell.plays.cadence import BANDS, MOST_OF_PHASE, MOST_PHASES, MOST_TIERS, Cadence, Rhythm
from keepwell.plays.cadence_words import KINDS, LEADING
from keepwell.plays.queries.cadences import BANDS as BAND_TITLES

COUNTED = {"calendar": speech.later("calendar days"), "working": speech.later("working days")}
LISTS = ("owner", "kinds", "tiers")
OF_ROW: dict[str, tuple[str, ...]] = {
    "band": ("times", "every_days", "counts"),
    "tier": ("slug", "title", "names", "automated", "times", "every_days", "counts"),
    "phase": ("slug", "title", "names", "owner", "from_day", "until_day", "before_renewal_days"),
    "touch": (
        "slug", "title", "kinds", "times", "every_days", "counts", "from_day", "until_day", "tiers",
    ),
    "output": ("slug", "title", "due_days", "owner"),
}  # fmt: skip
MOST = {"tier": MOST_TIERS, "phase": MOST_PHASES, "touch": MOST_OF_PHASE, "output": MOST_OF_PHASE}
NEW: dict[str, dict[str, Any]] = {
    "tier": {"times": "1", "every_days": "30", "counts": "calendar"},
    "phase": {"owner": ("csm",)},
    "touch": {"times": "1", "every_days": "30", "counts": "calendar"},
    "output": {"due_days": "30"},
}
Values = Mapping[str, Any]  # a text by field; of lists the chosen ones


@dataclass(frozen=True)
class TypedPhase:
    """A phase with its rows."""

    own: Values
    touches: tuple[Values, ...] = ()
    outputs: tuple[Values, ...] = ()


@dataclass(frozen=True)
class Typed:
    """The form as it was typed."""

    bands: Mapping[str, Values]
    tiers: tuple[Values, ...]
    phases: tuple[TypedPhase, ...]


@dataclass(frozen=True)
class RowField:
    """A row: `at` begins the names of its fields and is its place on the page."""

    at: str
    title: str
    values: Values
    counts: tuple[Option, ...]
    owners: tuple[Option, ...]
    kinds: tuple[Option, ...]
    tiers: tuple[Option, ...]
    error: str


@dataclass(frozen=True)
class PhaseField:
    """A phase with its conversations and outputs."""

    at: str
    row: RowField
    touches: tuple[RowField, ...]
    outputs: tuple[RowField, ...]


@dataclass(frozen=True)
class CadenceForm:
    """The whole form; `faults` lead to their rows."""

    bands: tuple[RowField, ...]
    tiers: tuple[RowField, ...]
    phases: tuple[PhaseField, ...]
    faults: tuple[tuple[str, str], ...]


def of(said: Cadence) -> Typed:
    """A declaration in the form."""
    return Typed(
        {band: _rhythm(one) for band, one in said.bands.items()},
        tuple(
            {"slug": one.slug, "title": one.title, "names": ", ".join(one.names), **_rhythm(one.rhythm)}
            for one in said.tiers.values()
        ),
        tuple(
            TypedPhase(
                _shown({**one.written, "names": ", ".join(one.names)}),
                tuple(_shown({**touch.written, **_rhythm(touch.rhythm)}) for touch in one.touchpoints),
                tuple(_shown(made.written) for made in one.outputs),
            )
            for one in said.phases
        ),
    )


def _rhythm(one: Rhythm | None) -> dict[str, str]:
    if one is None:
        return {"automated": "on", "times": "1", "every_days": "", "counts": "calendar"}
    return {"times": str(one.times), "every_days": str(one.every_days), "counts": one.counts}


def _shown(written: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(one) if key in LISTS else str(one) for key, one in written.items()}


def typed(form: QueryDict) -> Typed:
    """What the form holds."""
    return Typed(
        {band: _row(form, "band", f"band-{band}") for band in BANDS},
        tuple(_row(form, "tier", f"tier-{n}") for n in range(_count(form, "tiers", MOST_TIERS))),
        tuple(_typed_phase(form, f"phase-{n}") for n in range(_count(form, "phases", MOST_PHASES))),
    )


def _typed_phase(form: QueryDict, at: str) -> TypedPhase:
    touches, outputs = (_count(form, f"{at}-{name}", MOST_OF_PHASE) for name in ("touches", "outputs"))
    return TypedPhase(
        _row(form, "phase", at),
        tuple(_row(form, "touch", f"{at}-touch-{n}") for n in range(touches)),
        tuple(_row(form, "output", f"{at}-output-{n}") for n in range(outputs)),
    )


def _row(form: QueryDict, kind: str, at: str) -> Values:
    return {
        name: tuple(form.getlist(f"{at}-{name}")) if name in LISTS else form.get(f"{at}-{name}", "").strip()
        for name in OF_ROW[kind]
    }


def _count(form: QueryDict, name: str, most: int) -> int:
    said = form.get(name, "")
    return min(int(said), most) if said.isdecimal() and len(said) < 4 else 0


def acted(form: Typed, deed: str) -> Typed:
    """After a press of a button: add-tier, add-phase, add-touch:1, add-output:1, drop:phase-1-touch-0."""
    verb, _, at = deed.partition(":")
    kind = verb.removeprefix("add-")
    if verb == "add-tier" and len(form.tiers) < MOST[kind]:
        return replace(form, tiers=(*form.tiers, NEW[kind]))
    if verb == "add-phase" and len(form.phases) < MOST[kind]:
        return replace(form, phases=(*form.phases, TypedPhase(NEW[kind])))
    if verb in ("add-touch", "add-output") and at.isdecimal():
        grown = [_grown(one, kind) if str(n) == at else one for n, one in enumerate(form.phases)]
        return replace(form, phases=tuple(grown))
    return _dropped(form, at) if verb == "drop" else form


def _grown(phase: TypedPhase, kind: str) -> TypedPhase:
    if kind == "touch" and len(phase.touches) < MOST[kind]:
        return replace(phase, touches=(*phase.touches, NEW[kind]))
    if kind == "output" and len(phase.outputs) < MOST[kind]:
        return replace(phase, outputs=(*phase.outputs, NEW[kind]))
    return phase


def _dropped(form: Typed, at: str) -> Typed:
    """Without the row of a place."""
    return replace(
        form,
        tiers=tuple(one for n, one in enumerate(form.tiers) if at != f"tier-{n}"),
        phases=tuple(
            replace(
                one,
                touches=tuple(each for k, each in enumerate(one.touches) if at != f"phase-{n}-touch-{k}"),
                outputs=tuple(each for k, each in enumerate(one.outputs) if at != f"phase-{n}-output-{k}"),
            )
            for n, one in enumerate(form.phases)
            if at != f"phase-{n}"
        ),
    )


def stated(form: Typed) -> dict[str, Any]:
    """The declaration that the form states; what is wrong in it is for the cadence to say."""
    tiers: dict[str, Any] = {}
    for one in form.tiers:
        slug = _slug(one, tiers)
        told = {"automated": True} if one.get("automated") else _often(one)
        tiers[slug] = {"title": one.get("title", ""), "names": _names(one, slug), **told}
    phases: list[dict[str, Any]] = []
    for phase in form.phases:
        taken = {said["slug"] for said in phases}
        slug = _slug(phase.own, taken)
        phases.append(
            {
                "slug": slug,
                "title": phase.own.get("title", ""),
                "names": _names(phase.own, slug),
                "owner": list(phase.own.get("owner", ())),
                **_numbers(phase.own, "from_day", "until_day", "before_renewal_days"),
                "touchpoints": _rows(phase.touches, _touch),
                "outputs": _rows(phase.outputs, _output),
            }
        )
    return {
        "bands": {band: _often(one) for band, one in form.bands.items()}, "tiers": tiers, "phases": phases,
    }  # fmt: skip


def _rows(given: Sequence[Values], read: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in given:
        slug = _slug(one, {row["slug"] for row in found})
        found.append({"slug": slug, "title": one.get("title", ""), **read(one)})
    return found


def _touch(one: Values) -> dict[str, Any]:
    chosen = {key: list(one[key]) for key in ("kinds", "tiers") if one.get(key)}
    return {**_often(one), **_numbers(one, "from_day", "until_day"), **chosen}


def _output(one: Values) -> dict[str, Any]:
    return {
        "due_days": _number(one.get("due_days", "")),
        **({"owner": list(one["owner"])} if one.get("owner") else {}),
    }


def _often(one: Values) -> dict[str, Any]:
    return {
        "times": _number(one.get("times", "") or "1"),
        "every_days": _number(one.get("every_days", "")),
        "counts": one.get("counts") or "calendar",
    }


def _numbers(one: Values, *names: str) -> dict[str, Any]:
    return {name: _number(one[name]) for name in names if one.get(name)}


def _number(said: str) -> Any:
    return int(said) if said.isdecimal() and len(said) < 10 else said


def _names(one: Values, slug: str) -> list[str]:
    return [name.strip() for name in one.get("names", "").split(",") if name.strip()] or [slug]


def _slug(one: Values, taken: Collection[str]) -> str:
    """Its own; a new one's is made of its title."""
    if one.get("slug") and one["slug"] not in taken:
        return str(one["slug"])
    try:
        made = slugs.made_of(one.get("title", ""))
    except Invalid:
        made = "row"
    while made in taken:
        made += "-2"
    return made


def form(said: Typed, problems: Mapping[str, Invalid]) -> CadenceForm:
    """The form with what is wrong beside its rows."""
    errors = {at: speech.said(refusal) for at, refusal in problems.items()}
    tiers = [(slug, one["title"]) for slug, one in stated(said)["tiers"].items()]

    def row(at: str, values: Values, title: str = "") -> RowField:
        return RowField(
            at, title or values.get("title", ""), values,
            tuple(Option(slug, speech.told(one), slug == values.get("counts")) for slug, one in COUNTED.items()),
            _chosen([(role, role_title(role)) for role in LEADING], values.get("owner", ())),
            _chosen([(kind, speech.told(SAID_KINDS[kind])) for kind in KINDS], values.get("kinds", ())),
            _chosen(tiers, values.get("tiers", ())),
            errors.get(at, ""),
        )  # fmt: skip

    return CadenceForm(
        tuple(row(f"band-{band}", one, speech.said(BAND_TITLES[band])) for band, one in said.bands.items()),
        tuple(row(f"tier-{n}", one) for n, one in enumerate(said.tiers)),
        tuple(
            PhaseField(
                str(n),
                row(f"phase-{n}", one.own),
                tuple(row(f"phase-{n}-touch-{k}", each) for k, each in enumerate(one.touches)),
                tuple(row(f"phase-{n}-output-{k}", each) for k, each in enumerate(one.outputs)),
            )
            for n, one in enumerate(said.phases)
        ),
        tuple(errors.items()),
    )


def _chosen(known: Sequence[tuple[str, str]], chosen: Collection[str]) -> tuple[Option, ...]:
    """Those that are chosen come first: their order is kept."""
    titles = dict(known)
    order = [*(slug for slug in chosen if slug in titles), *(slug for slug in titles if slug not in chosen)]
    return tuple(Option(slug, titles[slug], slug in chosen) for slug in order)
