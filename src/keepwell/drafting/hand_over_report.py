"""The pack of a hand-over as a PDF: what the next one has to know of an account, on a few pages."""

from datetime import datetime
from typing import Any

from keepwell.drafting import typesetting
from keepwell.kernel.days import date_said
from keepwell.plays.queries import cadences
from keepwell.plays.queries.hand_overs import HandOverView, Pack, SpokenView

TEMPLATE = "hand_over_report.typ"
KINDS = {
    "sales_to_cs": "Sales to customer success",
    "pm_to_csm": "Project manager to CSM",
    "csm_to_csm": "CSM to CSM",
}
BANDS = {"green": "Healthy", "yellow": "Watch", "red": "At risk", "unknown": "Unknown"}
HOW = {"due": "due", "overdue": "overdue", "done": "done"}


def pdf(view: HandOverView, pack: Pack, *, at: datetime) -> bytes:
    """The PDF of a hand-over; the same pack gives the same file at the same moment."""
    return typesetting.pdf(TEMPLATE, told(view, pack, at=at), {}, at=at)


def told(view: HandOverView, pack: Pack, *, at: datetime) -> dict[str, Any]:
    """What the template is told."""
    points, band = pack.score.stands if pack.score is not None else (None, "unknown")
    health = BANDS.get(band, band) + ("" if points is None else f", {points:.0f} points")
    return {
        "account": view.account_name,
        "kind": KINDS[view.kind],
        "giver": view.giver or "not known",
        "receiver": view.receiver,
        "day": date_said(at, long=True),
        "made": date_said(view.made_at, long=True),
        "note": view.note,
        "slug": band,
        "health": health,
        "why": pack.reason,
        "lines": _lines(pack),
        "people": [
            [one.name, one.title or "–", ", ".join(one.roles) or one.role or "–", one.stance or "–", one.status or "–"]
            for one in pack.people
        ],
        "promises": [
            *([one.title, one.assignee or "nobody", date_said(one.due_at)] for one in pack.tasks),
            *([f"Incident: {one.title}", "", date_said(one.due_at)] for one in pack.incidents),
            *([f"Playbook: {one.title}", f"{one.steps_over} of {one.steps_total} steps", ""] for one in pack.runs),
        ],
        "rules": [
            [cadences.rule_said(one.duty), "–" if one.due is None else date_said(one.due), "kept" if one.kept else "broken"]
            for one in pack.cadence.standing.verdicts
            if one.wins
        ],
        "outputs": [
            [one.title, "–" if one.due is None else date_said(one.due), HOW[one.how], one.link]
            for one in pack.cadence.outputs
        ],
        "planned": [_said(one) for one in pack.planned],
        "spoken": [_said(one) for one in pack.spoken],
    }  # fmt: skip


def _lines(pack: Pack) -> list[list[str]]:
    account, newest = pack.account, pack.contracts[0] if pack.contracts else None
    here = pack.cadence.standing.within
    told = [
        ["ARR", str(account.arr or account.arr_reporting or "not known")],
        ["Renewal", date_said(account.renewal_date, long=True) if account.renewal_date else "no date"],
        ["Phase", here.phase.title if here is not None else account.phase or "not known"],
        ["Owners", ", ".join(f"{one.name} ({one.role})" for one in account.owners) or "nobody"],
    ]
    if newest is not None:
        told.append(["Contract", newest.product or newest.key])
        if newest.notice_days is not None:
            told.append(["Notice", f"{newest.notice_days} days"])
    told.append(["Incidents before", str(pack.closed_incidents)])
    return told


def _said(one: SpokenView) -> list[str]:
    return [date_said(one.at), one.kind, one.subject or "–", one.notes[:600], one.next_step]
