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
from keepwell.kernel import speech
from keepwell.metrics.departures import Departure, read

STATES = {
    "queued": speech.later("Waiting for its turn"),
    "running": speech.later("Replaying the past"),
    "done": speech.later("Done"),
    "failed": speech.later("Stopped"),
}
STAGES = {
    "days": (speech.later("Replaying the past as known then"), "day"),
    "days_again": (speech.later("Looking at the same days as known now"), "day"),
    "measures": (speech.later("Weighing each measure"), "measure"),
}
STEPS = (
    (28, speech.later("every four weeks")),
    (14, speech.later("every two weeks")),
    (7, speech.later("every week")),
)


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
        else speech.told(
            "%(sentence)s Nobody has declared it yet; this is the usual.", sentence=departure.sentence
        )
    )
    return ProofsPage(
        state=speech.told(
            "Does the score tell beforehand who leaves? Each proof replays a scorecard over your own past."
        ),
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
    when = words.moment(view.asked_at, today=words.local_day(now))
    told = ProofPage(
        id=view.proof_id,
        title=speech.told("%(title)s, version %(number)s", title=view.title, number=view.number),
        href=href,
        asked=speech.told("Asked %(when)s.", when=when),
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
        against=speech.told("Version %(against)s", against=view.against) if figures["other"] else "",
        difference=comparison.difference(figures),
        lines=comparison.lines(figures) if figures["other"] else (),
    )


def _row(view: ProofView, today: date) -> ProofRow:
    figures = view.figures
    return ProofRow(
        href=reverse("proof", args=(view.proof_id,)),
        card=speech.told("%(title)s, version %(number)s", title=view.title, number=view.number),
        verdict=verdicts.title(figures) if figures else STATES[view.state],
        slug=figures["verdict"] if figures else "",
        area=verdicts.area(figures["area"]) if figures else "",
        departures=words.whole(figures["departures"]) if figures else "",
        when=words.moment(view.asked_at, today=today),
    )


def _progress(view: ProofView) -> Progress:
    """How many days were replayed, then how many looked at as known now, then how many measures were weighed."""
    said, noun = STAGES[view.stage]
    far = STATES[view.state]
    if view.steps_total:
        far = speech.told(
            "%(said)s: %(steps_done)s of %(count)s",
            said=said,
            steps_done=view.steps_done,
            count=words.count(view.steps_total, noun),
        )
    return Progress(view.steps_done, view.steps_total, far, reverse("proof-progress", args=(view.proof_id,)))


def _alarm(figures: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    alarm, lead = figures["alarm"], figures["lead"]
    rows = [
        (speech.told("Reds that led to a departure"), _share(alarm["precision"])),
        (speech.told("Departures that were in red"), _share(alarm["recall"])),
        (
            speech.told("Alarms"),
            speech.told(
                "%(runs)s in %(weeks)s weeks",
                runs=words.whole(alarm["runs"]),
                weeks=format(alarm["weeks"] or 0, ".0f"),
            ),
        ),
    ]
    if alarm["per_csm_week"] is not None:
        rows.append(
            (
                speech.told("Alarms a CSM and week"),
                speech.told(
                    "%(per_csm_week)s, for %(csms)s",
                    per_csm_week=format(alarm["per_csm_week"], ".1f"),
                    csms=words.count(alarm["csms"], "CSM"),
                ),
            )
        )
    if lead["departures"]:
        rows.append(
            (
                speech.told("Lead time, missed counted as 0"),
                speech.told(
                    "%(mean_all)s days (%(low_mean)s to %(high_mean)s)",
                    mean_all=format(lead["mean_all"], ".0f"),
                    low_mean=format(lead["low_mean"], ".0f"),
                    high_mean=format(lead["high_mean"], ".0f"),
                ),
            )
        )
    if lead["median_caught"] is not None:
        rows.append(
            (
                speech.told("Lead time of those caught"),
                speech.told(
                    "%(median_caught)s days (median)", median_caught=format(lead["median_caught"], ".0f")
                ),
            )
        )
    told = [
        speech.told("%(mark)s days: %(share)s", mark=mark, share=words.percent(100 * share))
        for mark, share in lead["at_least"].items()
        if share is not None
    ]
    if told:
        rows.append((speech.told("In red at least so long before"), ", ".join(told)))
    return tuple(rows)


def _band(row: Mapping[str, Any]) -> BandRow:
    if not row["rows"]:
        return BandRow(row["band"], "–", "", "0")
    interval = speech.told(
        "%(low)s to %(high)s", low=words.exact(100 * row["low"], 0), high=words.percent(100 * row["high"])
    )
    return BandRow(
        row["band"], words.percent(100 * row["share"], decimals=1), interval, words.whole(row["rows"])
    )


def _share(share: Mapping[str, Any]) -> str:
    if share["share"] is None:
        return speech.told("none was seen")
    return speech.told(
        "%(share)s (%(low)s to %(high)s)",
        share=words.percent(100 * share["share"]),
        low=words.exact(100 * share["low"], 0),
        high=words.exact(100 * share["high"], 0),
    )
