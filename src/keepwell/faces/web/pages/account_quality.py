"""What the quality tab of an account says."""

from dataclasses import dataclass
from datetime import datetime

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.faces.web.pages import mending
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.faces.web.pages.quality import MENDERS
from keepwell.health.queries.scores import ScoreView
from keepwell.intake.queries.findings import FindingView
from keepwell.kernel import speech

KINDS = {
    "missing": speech.later("Missing"),
    "stale": speech.later("Out of date"),
    "contradictory": speech.later("Contradictory"),
}


@dataclass(frozen=True)
class InputRow:
    """An input of the score: its weight, and why it is not known where it is not."""

    label: str
    percent: int
    reason: str


@dataclass(frozen=True)
class FindingRow:
    """Something that is wrong with what is known of the account."""

    title: str
    sentence: str
    detail: str
    kind: str
    severity: str
    since: DayMark | None
    mender: str
    how: str
    mend_href: str
    mend: str


@dataclass(frozen=True)
class QualityTab:
    """What is known of an account, and how much of its score rests on that."""

    head: AccountHead
    blind: str
    inputs: tuple[InputRow, ...]
    findings: tuple[FindingRow, ...]
    looked: str


def tab(
    head: AccountHead,
    *,
    score: ScoreView | None,
    found: tuple[FindingView, ...],
    looked_at: datetime | None,
    now: datetime,
) -> QualityTab:
    """Health's inputs beside what intake found."""
    parts = score.parts if score else ()
    whole = sum(part.weight for part in parts) or 1.0
    rows = tuple(
        InputRow(part.label, round(100 * part.weight / whole), part.reason or speech.told("not known"))
        for part in parts
        if part.points is None
    )
    return QualityTab(
        head=head,
        blind=blind(score),
        inputs=rows,
        findings=tuple(_finding(row, now=now) for row in found),
        looked=speech.told(
            "Looked at %(looked_at)s.", looked_at=words.moment(looked_at, today=words.local_day(now))
        )
        if looked_at
        else "",
    )


def blind(score: ScoreView | None) -> str:
    """How much of the score rests on what is not known."""
    if score is None:
        return speech.told("There is no score yet.")
    unknown = sum(part.points is None for part in score.parts)
    if not unknown:
        return speech.told(
            "All %(inputs)s of the score are known.", inputs=words.count(len(score.parts), "input")
        )
    weight = round(100 - score.known_weight)
    return speech.counted(
        unknown,
        "%(unknown)s of %(inputs)s is missing: %(weight)s %% of the score’s weight is blind.",
        "%(unknown)s of %(inputs)s are missing: %(weight)s %% of the score’s weight is blind.",
        unknown=unknown,
        inputs=words.count(len(score.parts), "input"),
        weight=weight,
    )


def _finding(row: FindingView, *, now: datetime) -> FindingRow:
    check = row.check
    place = mending.place(check.place, row.account)
    return FindingRow(
        check.title,
        check.sentence,
        words.remarked(row.detail, today=words.local_day(now)),
        KINDS[check.kind],
        check.severity,
        DayMark.of(row.found_at, today=words.local_day(now)),
        MENDERS[check.mender],
        check.how,
        place.href,
        place.title,
    )
