"""What a proof rests on, what it left out, and what in it is too thin to tell."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from keepwell.health.queries.proofs import ProofView
from keepwell.metrics.departures import read


def rests(view: ProofView) -> list[tuple[str, str]]:
    """What was replayed and judged, in which state of the lake, and how much of it somebody vouched for."""
    figures = view.figures or {}
    vouched = "unknown" if view.vouched_percent is None else f"{view.vouched_percent:.0f} % of the events"
    return [
        (
            "Replayed",
            f"{figures['days']} days from {_day(figures['from'])} to {_day(figures['to'])}, {view.step_days} days apart, "
            "each as known then",
        ),
        ("Judged", f"{figures['rows']:,} days of {figures['accounts']:,} accounts"),
        ("Departures foretold", f"{figures['departures']:,} within {view.horizon_days} days"),
        ("Known in time because somebody vouched", vouched),
        ("Lake version", "unknown" if view.lake_version is None else str(view.lake_version)),
        ("Fingerprint", view.fingerprint[:12]),
    ]


def left_out(view: ProofView) -> list[str]:
    """What was left out and why, and what is too thin to tell."""
    figures = view.figures or {}
    out = figures["left_out"]
    said = [
        *(
            []
            if view.is_as_proven
            else ["The draft was changed since; this is the proof of what it said before."]
        ),
        f"{out['open']:,} days of accounts are left out: their {view.horizon_days} days are not over by "
        f"{_day(figures['settled_on'])}, so nobody knows yet what came.",
        f"{out['unknown']:,} days of accounts had no score, because too little was known or the card does not judge them.",
        "Customers that left are in it until the day they left; nobody is left out for having gone.",
    ]
    if read(view.departure).kind == "silence":
        said.append(
            "Lead time is counted to the first day of the silence, not to the day on which it was long enough to count."
        )
    lead = figures["lead"]["departures"]
    if lead:
        said.append(
            f"Lead time speaks of the {lead:,} departures that a replayed day came before; days lie {view.step_days} apart."
        )
    few = [f"{one['group'] or 'none'} ({one['departures']})" for one in _few(figures)]
    if few:
        said.append(f"Too few departures to tell inside: {', '.join(few)}.")
    said += [f"{rival['title']}: too little to rank." for rival in figures["rivals"] if not rival["told"]]
    if figures["calibration"] is None:
        said.append("Calibration cannot be told: it needs departures in both halves of the past.")
    return said


def _day(said: str) -> str:
    return f"{date.fromisoformat(said):%-d %b %Y}"


def _few(figures: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for groups in figures["groups"].values() for one in groups if one["area"] is None]
