"""The parts of a score as rows: what was measured, how it was judged, and why it is unknown where it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.faces.components import words
from keepwell.kernel import speech


@dataclass(frozen=True)
class PartRow:
    """One part of a score; `trend` is its last thirteen weeks, `age` when the last fact behind it happened."""

    label: str
    metric: str
    value: str
    threshold: str
    weight: str
    points: str
    band: str
    reason: str
    definition: str
    trend: tuple[float | None, ...] = ()
    age: str = ""
    href: str = ""
    facts: tuple[tuple[str, str], ...] = ()


def evidence_rows(parts: Sequence[Mapping[str, Any]]) -> tuple[PartRow, ...]:
    """Parts as they were kept with an incident."""
    return tuple(
        PartRow(
            label=str(part.get("label") or part.get("measure") or part.get("metric") or ""),
            metric=str(part.get("metric") or ""),
            value=words.number(part.get("value"), str(part.get("unit") or "")),
            threshold="",
            weight=words.number(part.get("weight")),
            points=words.points(part.get("points")),
            band=str(part.get("band") or "unknown"),
            reason=sentence(part.get("reason")),
            definition="",
        )
        for part in parts
    )


def sentence(reason: str | None) -> str:
    """A reason as it begins a cell."""
    said = speech.said(speech.recalled(reason)) if reason else ""
    return said[:1].upper() + said[1:]
