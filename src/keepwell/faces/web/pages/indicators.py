"""What the page of leading indicators says: each measure's own evidence, and what is theatre."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from keepwell.charts.chart import Picture
from keepwell.charts.render import picture
from keepwell.charts.whiskers import Whiskers
from keepwell.drafting import proof_pictures as charts
from keepwell.faces.components import words
from keepwell.health import verdicts
from keepwell.health.queries.proofs import ProofView
from keepwell.kernel import speech

SHOWN = 12
VERDICTS = {
    "leads": speech.later("Leads"),
    "backwards": speech.later("Wrong way round"),
    "nothing": speech.later("Foretells nothing"),
    "unclear": speech.later("Unclear"),
    "too_little": speech.later("Too little known"),
}
MARKS = {
    "leads": "proven",
    "backwards": "chance",
    "nothing": "chance",
    "unclear": "weak",
    "too_little": "too_little",
}
LEAKS = {
    "calendar": speech.later("it is the contract’s own calendar: whose contract does not end cannot leave"),
    "too_good": speech.later("too good to be true: it may be the departure itself"),
    "late": speech.later("much better in hindsight: it becomes known too late"),
    "missing": speech.later("that it is unknown is what tells: look at how it is gathered"),
}


@dataclass(frozen=True)
class MeasureRow:
    """One measure's evidence."""

    title: str
    href: str
    verdict: str
    slug: str
    area: str
    known: str
    lift: str
    lead: str
    leaks: tuple[str, ...]


@dataclass(frozen=True)
class IndicatorsPage:
    """All measures, those of which too little is known by their names alone, and the theatre check of the card."""

    title: str
    href: str
    state: str
    theatre: tuple[str, ...]
    picture: Picture | None
    rows: tuple[MeasureRow, ...]
    unknown: tuple[str, ...]


def page(view: ProofView) -> IndicatorsPage:
    """The page of a proof that is done."""
    figures = view.figures or {}
    found: Sequence[Mapping[str, Any]] = figures.get("indicators", ())
    told = [one for one in found if one["area"]["auc"] is not None]
    return IndicatorsPage(
        title=speech.told("%(title)s, version %(number)s", title=view.title, number=view.number),
        href=reverse("proof", args=(view.proof_id,)),
        state=_state(found, figures),
        theatre=tuple(verdicts.theatre(figures)) if figures else (),
        picture=_picture(told),
        rows=tuple(row(one) for one in found if one["verdict"] != "too_little"),
        unknown=tuple(sorted(one["title"] for one in found if one["verdict"] == "too_little")),
    )


def _state(found: Sequence[Mapping[str, Any]], figures: Mapping[str, Any]) -> str:
    leading = sum(1 for one in found if one["verdict"] == "leads")
    if not leading and not any(one["verdict"] == "backwards" for one in found):
        seen = words.count(figures.get("departures", 0), "departure")
        return speech.told(
            "No measure beats chance: %(measures)s asked, %(seen)s seen.",
            measures=words.count(len(found), "measure"),
            seen=seen,
        )
    return speech.told(
        "%(measures)s of %(n)s told beforehand who would leave, after allowing for how many were asked.",
        measures=words.count(leading, "measure"),
        n=len(found),
    )


def _picture(told: Sequence[Mapping[str, Any]]) -> Picture | None:
    if not told:
        return None
    rows: list[charts.Row] = [
        (one["title"], *charts.interval_of(one["area"]), "own" if one["verdict"] == "leads" else "rival")
        for one in told[:SHOWN]
    ]
    first = next((one for one in told if not one["leaks"]), told[0])
    chart = Whiskers(
        speech.told(
            "%(title)s tells most: AUC %(auc)s", title=first["title"], auc=format(first["area"]["auc"], ".2f")
        ),
        speech.told("AUC alone"),
        line=0.5,
        least=round(min(0.3, *(row[2] or 0.3 for row in rows)), 1),
        said=speech.told(
            "Left of the line a measure points the wrong way. Only the darker ones are surely not chance."
        ),
    )
    return picture(chart, charts.frame(rows))


def row(one: Mapping[str, Any]) -> MeasureRow:
    """One measure's evidence, as words."""
    area, lead = one["area"], one["lead"]
    caught = ""
    if lead is not None and lead["departures"]:
        caught = speech.told(
            "%(caught)s of %(departures)s", caught=lead["caught"], departures=lead["departures"]
        )
        if lead["median_caught"] is not None:
            caught += speech.told(
                ", %(median_caught)s days", median_caught=format(lead["median_caught"], ".0f")
            )
    return MeasureRow(
        title=one["title"],
        href=reverse("measure", args=(one["slug"],)),
        verdict=VERDICTS[one["verdict"]],
        slug=MARKS[one["verdict"]],
        area="–" if area["auc"] is None else verdicts.area(area),
        known=_percent(one["known"]),
        lift="–" if one["lift"] is None else f"{one['lift']:.1f} ×",
        lead=caught or "–",
        leaks=tuple(LEAKS[leak] for leak in one["leaks"]),
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else words.percent(100 * share)
