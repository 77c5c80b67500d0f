"""What a proof rests on, what it left out, and what in it is too thin to tell."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from keepwell.health.queries.proofs import ProofView
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.figures import shared, whole
from keepwell.metrics.departures import read


def rests(view: ProofView) -> list[tuple[str, str]]:
    """What was replayed and judged, in which state of the lake, and how much of it somebody vouched for."""
    figures = view.figures or {}
    vouched = (
        speech.told("unknown")
        if view.vouched_percent is None
        else speech.told("%(shared)s of the events", shared=shared(view.vouched_percent))
    )
    return [
        (
            speech.told("Replayed"),
            speech.told(
                "%(figures)s days from %(day)s to %(day2)s, %(step_days)s days apart, each as known then",
                figures=figures["days"],
                day=_day(figures["from"]),
                day2=_day(figures["to"]),
                step_days=view.step_days,
            ),
        ),
        (
            speech.told("Judged"),
            speech.told(
                "%(whole)s days of %(whole2)s accounts",
                whole=whole(figures["rows"]),
                whole2=whole(figures["accounts"]),
            ),
        ),
        (
            speech.told("Departures foretold"),
            speech.told(
                "%(whole)s within %(horizon_days)s days",
                whole=whole(figures["departures"]),
                horizon_days=view.horizon_days,
            ),
        ),
        (speech.told("Known in time because somebody vouched"), vouched),
        (
            speech.told("Lake version"),
            speech.told("unknown") if view.lake_version is None else str(view.lake_version),
        ),
        (speech.told("Fingerprint"), view.fingerprint[:12]),
    ]


def left_out(view: ProofView) -> list[str]:
    """What was left out and why, and what is too thin to tell."""
    figures = view.figures or {}
    out = figures["left_out"]
    said = [
        *(
            []
            if view.is_as_proven
            else [speech.told("The draft was changed since; this is the proof of what it said before.")]
        ),
        speech.told(
            "%(whole)s days of accounts are left out: their %(horizon_days)s days are not over by "
            "%(day)s, so nobody knows yet what came.",
            whole=whole(out["open"]),
            horizon_days=view.horizon_days,
            day=_day(figures["settled_on"]),
        ),
        speech.told(
            "%(whole)s days of accounts had no score, because too little was known or the card does not "
            "judge them.",
            whole=whole(out["unknown"]),
        ),
        speech.told(
            "Customers that left are in it until the day they left; nobody is left out for having gone."
        ),
    ]
    if read(view.departure).kind == "silence":
        said.append(
            speech.told(
                "Lead time is counted to the first day of the silence, not to the day on which it was long enough to count."
            )
        )
    lead = figures["lead"]["departures"]
    if lead:
        said.append(
            speech.told(
                "Lead time speaks of the %(whole)s departures that a replayed day came before; days lie "
                "%(step_days)s apart.",
                whole=whole(lead),
                step_days=view.step_days,
            )
        )
    few = [f"{one['group'] or speech.told('none')} ({one['departures']})" for one in _few(figures)]
    if few:
        said.append(speech.told("Too few departures to tell inside: %(listed)s.", listed=", ".join(few)))
    said += [
        speech.told("%(rival)s: too little to rank.", rival=rival["title"])
        for rival in figures["rivals"]
        if not rival["told"]
    ]
    if figures["calibration"] is None:
        said.append(
            speech.told("Calibration cannot be told: it needs departures in both halves of the past.")
        )
    return said


def _day(said: str) -> str:
    return date_said(date.fromisoformat(said))


def _few(figures: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for groups in figures["groups"].values() for one in groups if one["area"] is None]
