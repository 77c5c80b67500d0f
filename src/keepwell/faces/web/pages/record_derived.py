"""What a table says of a row beyond its fields: how late, how long ago, how much of it, and whether that is well."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from keepwell.faces.components import words
from keepwell.faces.web.pages.record_cells import NOTHING, Cell
from keepwell.kernel import speech
from keepwell.kernel.moments import day_of

Values = Mapping[str, Any]
# A criterion or an obligation that was not confirmed for so long drifts (SPEC D5).
DRIFT_DAYS = 14


@dataclass(frozen=True)
class Derived:
    """A column that is computed from a row as of a day; `wrong` counts rows whose cell is bad, in words."""

    title: str
    of: Callable[[Values, date], Cell]
    wrong: str = ""


def _slip(row: Values, today: date) -> Cell:
    """Days from what was promised first to what was done; where it is open, to the day it is due now, or to today."""
    due, done = row.get("due_date"), row.get("done_date")
    first = row.get("first_due_date") or due
    if first is None:
        return Cell(NOTHING, label=speech.told("Slippage"))
    late = ((done or max(due or first, today)) - first).days
    said, tone = _lateness(late, is_done=done is not None, is_over=today > (due or first))
    moves = row.get("times_moved") or 0
    moved = speech.told(", moved %(times)s", times=words.count(moves, "time")) if moves else ""
    return Cell(said + moved, tone=tone, label=speech.told("Slippage"))


def _lateness(late: int, *, is_done: bool, is_over: bool) -> tuple[str, str]:
    if is_done and late <= 0:
        return speech.told("on time") if late == 0 else speech.told(
            "%(days)s early", days=words.count(-late, "day")
        ), "good"
    if is_done or is_over:
        return speech.told("%(days)s late", days=words.count(late, "day")), "warn" if is_done else "bad"
    return (
        (speech.told("%(days)s slipped", days=words.count(late, "day")), "warn")
        if late > 0
        else (speech.told("on time so far"), "quiet")
    )


def _confirmed(row: Values, today: date) -> Cell:
    at = row.get("confirmed_at") or row.get("agreed_at")
    if not isinstance(at, datetime):
        return Cell(speech.told("never agreed"), tone="bad", label=speech.told("Confirmed"))
    ago = (today - day_of(at)).days
    said = words.away(min(today, day_of(at)), today=today)
    return Cell(said, tone="bad" if ago > DRIFT_DAYS else "good", label=speech.told("Confirmed"))


def _evidenced(row: Values, today: date) -> Cell:
    at, due, every = row.get("evidenced_at"), row.get("due_date"), row.get("renew_days")
    if isinstance(at, datetime):
        age = (today - day_of(at)).days
        if every and age > every:
            return Cell(
                speech.told("%(days)s stale", days=words.count(age - every, "day")),
                tone="bad",
                label=speech.told("Evidence"),
            )
        return Cell("fresh", tone="good", label=speech.told("Evidence"))
    if due is not None and due < today:
        return Cell(
            speech.told("%(days)s overdue", days=words.count((today - due).days, "day")),
            tone="bad",
            label=speech.told("Evidence"),
        )
    return Cell(speech.told("none yet"), tone="warn", label=speech.told("Evidence"))


def _scope(row: Values, today: date) -> Cell:
    del today
    in_scope = row.get("in_scope")
    said = {True: speech.told("in scope"), False: speech.told("scope creep"), None: NOTHING}[in_scope]
    return Cell(said, tone="warn" if in_scope is False else "", label=speech.told("Scope"))


def _points(row: Values, today: date) -> Cell:
    del today
    planned, done = row.get("planned_points"), row.get("done_points")
    if not planned or done is None:
        return Cell(NOTHING, align="end", label=speech.told("Kept"))
    share = round(done / planned * 100)
    return Cell(f"{share} %", align="end", tone="bad" if share < 70 else "", label=speech.told("Kept"))


def _weight(row: Values, today: date) -> Cell:
    del today
    likelihood, impact = row.get("likelihood"), row.get("impact")
    if likelihood is None or impact is None:
        return Cell(NOTHING, align="end", label=speech.told("Weight"))
    weight = likelihood * impact
    tone = "bad" if weight >= 15 else "warn" if weight >= 8 else ""
    return Cell(
        str(weight),
        align="end",
        tone=tone if row.get("state") != "closed" else "",
        label=speech.told("Weight"),
    )


def _overdue(row: Values, today: date) -> Cell:
    due, paid = row.get("due_date"), row.get("paid_date")
    if paid is not None:
        late = (paid - due).days if due else 0
        return Cell(
            speech.told("paid %(days)s late", days=words.count(late, "day")) if late > 0 else "paid",
            tone="good",
            label=speech.told("Payment"),
        )
    if row.get("state") in ("void", "cancelled", "paid"):
        return Cell(words.spoken(str(row["state"])), tone="quiet", label=speech.told("Payment"))
    if due is not None and due < today:
        return Cell(
            speech.told("%(days)s overdue", days=words.count((today - due).days, "day")),
            tone="bad",
            label=speech.told("Payment"),
        )
    return Cell("open", label=speech.told("Payment"))


def _open(row: Values, today: date) -> Cell:
    opened, resolved = row.get("opened_at"), row.get("resolved_at")
    if not isinstance(opened, datetime):
        return Cell(NOTHING, label=speech.told("State"))
    days = ((day_of(resolved) if isinstance(resolved, datetime) else today) - day_of(opened)).days
    if resolved:
        told = (
            speech.told("resolved in %(days)s", days=words.count(days, "day"))
            if days
            else speech.told("resolved the same day")
        )
        return Cell(told, tone="quiet", label=speech.told("State"))
    severe = str(row.get("severity", "")).lower() in ("critical", "urgent", "high", "1", "p1")
    told = (
        speech.told("open %(days)s", days=words.count(days, "day")) if days else speech.told("opened today")
    )
    return Cell(told, tone="bad" if severe and days > 2 else "warn", label=speech.told("State"))


def _learning(row: Values, today: date) -> Cell:
    until = row.get("certified_until")
    if row.get("completed_at"):
        if until is not None and until < today:
            return Cell(speech.told("certificate expired"), tone="bad", label=speech.told("State"))
        return Cell("certified" if until else "completed", tone="good", label=speech.told("State"))
    return Cell(
        speech.told("under way") if row.get("started_at") else speech.told("not begun"),
        label=speech.told("State"),
    )


def _works(row: Values, today: date) -> Cell:
    del today
    state = str(row.get("state") or "")
    tone = {"connected": "good", "failing": "bad"}.get(state, "quiet")
    return Cell(words.spoken(state) or NOTHING, tone=tone, label=speech.told("State"))


DERIVED: dict[str, Derived] = {
    "milestones": Derived(speech.later("Slippage"), _slip, "late"),
    "criteria": Derived(
        speech.later("Confirmed"),
        _confirmed,
        speech.later("not confirmed for %(days)s days", days=DRIFT_DAYS),
    ),
    "obligations": Derived(speech.later("Evidence"), _evidenced, speech.later("without fresh evidence")),
    "change_requests": Derived(speech.later("Scope"), _scope),
    "sprints": Derived(speech.later("Kept"), _points, speech.later("that kept less than 70 %")),
    "risks": Derived(speech.later("Weight"), _weight, "heavy"),
    "integrations": Derived(speech.later("State"), _works, "failing"),
    "invoices": Derived(speech.later("Payment"), _overdue, "overdue"),
    "tickets": Derived(speech.later("State"), _open, speech.later("grave and open for days")),
    "enrolments": Derived(speech.later("State"), _learning, speech.later("whose certificate expired")),
}
