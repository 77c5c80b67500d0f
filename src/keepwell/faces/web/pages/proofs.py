"""What the proof pages say: the verdict first, then what it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from keepwell.charts.chart import Picture
from keepwell.drafting import comparison
from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.health import grounds, verdicts
from keepwell.health.queries.proofs import ProofView
from keepwell.metrics.departures import Departure, read

STATES = {
    "queued": "Waiting for its turn",
    "running": "Replaying the past",
    "done": "Done",
    "failed": "Stopped",
}
STAGES = {
    "days": ("Replaying the past as known then", "day"),
    "days_again": ("Looking at the same days as known now", "day"),
    "measures": ("Weighing each measure", "measure"),
}
STEPS = ((28, "every four weeks"), (14, "every two weeks"), (7, "every week"))


@dataclass(frozen=True)
class ProofRow:
    """A proof in the list."""

    href: str
    card: str
    verdict: str
    slug: str
    area: str
    departures: str
    when: str


@dataclass(frozen=True)
class ProofsPage:
    """All proofs, and the form to ask for one."""

    state: str
    departure: str
    proofs: tuple[ProofRow, ...]
    versions: tuple[Option, ...]
    rivals: tuple[Option, ...]
    steps: tuple[Option, ...]
    horizon: int
    may_ask: bool
    refused: str = ""


@dataclass(frozen=True)
class Progress:
    """How far a proof is."""

    done: int
    total: int | None
    far: str
    href: str


@dataclass(frozen=True)
class BandRow:
    """What a band meant."""

    band: str
    left: str
    interval: str
    rows: str


@dataclass(frozen=True)
class ProofPage:
    """One proof, in whatever state it is."""

    id: int
    title: str
    href: str
    asked: str
    state: str
    progress: Progress | None
    error: str
    verdict: str = ""
    slug: str = ""
    answer: str = ""
    warning: str = ""
    departure: str = ""
    pictures: Mapping[str, Picture | None] | None = None
    facts: tuple[tuple[str, str], ...] = ()
    alarm: tuple[tuple[str, str], ...] = ()
    bands: tuple[BandRow, ...] = ()
    thin: tuple[str, ...] = ()
    theatre: tuple[str, ...] = ()
    report: str = ""
    against: str = ""
    difference: str = ""
    lines: tuple[comparison.Line, ...] = ()


def listing(
    proofs: Sequence[ProofView],
    *,
    versions: Sequence[tuple[str, str]],
    departure: Departure,
    is_declared: bool,
    may_ask: bool,
    today: date,
    chosen: str = "",
    against: str = "",
    refused: str = "",
) -> ProofsPage:
    """The list, newest first; `versions` are values and titles of what can be proven."""
    said = (
        departure.sentence
        if is_declared
        else f"{departure.sentence} Nobody has declared it yet; this is the usual."
    )
    return ProofsPage(
        state="Does the score tell beforehand who leaves? Each proof replays a scorecard over your own past.",
        departure=said,
        proofs=tuple(_row(view, today) for view in proofs),
        versions=tuple(Option(value, title, value == chosen) for value, title in versions),
        rivals=tuple(Option(value, title, value == against) for value, title in versions),
        steps=tuple(Option(str(days), title, days == 28) for days, title in STEPS),
        horizon=departure.usual_horizon_days,
        may_ask=may_ask,
        refused=refused,
    )


def page(view: ProofView, *, pictures: Mapping[str, Picture | None], now: datetime) -> ProofPage:
    """One proof's page."""
    href = reverse("proof", args=(view.proof_id,))
    when = words.moment(view.asked_at, today=now.date())
    told = ProofPage(
        id=view.proof_id,
        title=f"{view.title}, version {view.number}",
        href=href,
        asked=f"Asked {when}.",
        state=STATES[view.state],
        progress=_progress(view) if view.state in ("queued", "running") else None,
        error=view.error,
    )
    figures = view.figures
    if figures is None:
        return told
    return ProofPage(
        **{
            name: getattr(told, name)
            for name in ("id", "title", "href", "asked", "state", "progress", "error")
        },
        verdict=verdicts.title(figures),
        slug=figures["verdict"],
        answer=verdicts.answer(figures),
        warning=verdicts.warning(figures),
        departure=read(view.departure).sentence,
        pictures=pictures,
        facts=tuple(grounds.rests(view)),
        alarm=_alarm(figures),
        bands=tuple(_band(row) for row in figures["bands"]),
        thin=tuple(grounds.left_out(view)),
        theatre=tuple(verdicts.theatre(figures)),
        report=reverse("proof-report", args=(view.proof_id,)),
        against=f"Version {view.against}" if figures["other"] else "",
        difference=comparison.difference(figures),
        lines=comparison.lines(figures) if figures["other"] else (),
    )


def _row(view: ProofView, today: date) -> ProofRow:
    figures = view.figures
    return ProofRow(
        href=reverse("proof", args=(view.proof_id,)),
        card=f"{view.title}, version {view.number}",
        verdict=verdicts.title(figures) if figures else STATES[view.state],
        slug=figures["verdict"] if figures else "",
        area=verdicts.area(figures["area"]) if figures else "",
        departures=f"{figures['departures']:,}" if figures else "",
        when=words.moment(view.asked_at, today=today),
    )


def _progress(view: ProofView) -> Progress:
    """How many days were replayed, then how many looked at as known now, then how many measures were weighed."""
    said, noun = STAGES[view.stage]
    far = STATES[view.state]
    if view.steps_total:
        far = f"{said}: {view.steps_done} of {words.count(view.steps_total, noun)}"
    return Progress(view.steps_done, view.steps_total, far, reverse("proof-progress", args=(view.proof_id,)))


def _alarm(figures: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    alarm, lead = figures["alarm"], figures["lead"]
    rows = [
        ("Reds that led to a departure", _share(alarm["precision"])),
        ("Departures that were in red", _share(alarm["recall"])),
        ("Alarms", f"{alarm['runs']:,} in {alarm['weeks'] or 0:.0f} weeks"),
    ]
    if alarm["per_csm_week"] is not None:
        rows.append(
            ("Alarms a CSM and week", f"{alarm['per_csm_week']:.1f}, for {words.count(alarm['csms'], 'CSM')}")
        )
    if lead["departures"]:
        rows.append(
            (
                "Lead time, missed counted as 0",
                f"{lead['mean_all']:.0f} days ({lead['low_mean']:.0f} to {lead['high_mean']:.0f})",
            )
        )
    if lead["median_caught"] is not None:
        rows.append(("Lead time of those caught", f"{lead['median_caught']:.0f} days (median)"))
    told = [
        f"{mark} days: {100 * share:.0f} %" for mark, share in lead["at_least"].items() if share is not None
    ]
    if told:
        rows.append(("In red at least so long before", ", ".join(told)))
    return tuple(rows)


def _band(row: Mapping[str, Any]) -> BandRow:
    if not row["rows"]:
        return BandRow(row["band"], "–", "", "0")
    interval = f"{100 * row['low']:.0f} to {100 * row['high']:.0f} %"
    return BandRow(row["band"], f"{100 * row['share']:.1f} %", interval, f"{row['rows']:,}")


def _share(share: Mapping[str, Any]) -> str:
    if share["share"] is None:
        return "none was seen"
    return f"{100 * share['share']:.0f} % ({100 * share['low']:.0f} to {100 * share['high']:.0f})"
