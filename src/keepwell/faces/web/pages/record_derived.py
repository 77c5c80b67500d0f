"""What a table says of a row beyond its fields: how late, how long ago, how much of it, and whether that is well."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from keepwell.faces.components import words
from keepwell.faces.web.pages.record_cells import NOTHING, Cell
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
        return Cell(NOTHING, label="Slippage")
    late = ((done or max(due or first, today)) - first).days
    said, tone = _lateness(late, is_done=done is not None, is_over=today > (due or first))
    moves = row.get("times_moved") or 0
    moved = f", moved {words.count(moves, 'time')}" if moves else ""
    return Cell(said + moved, tone=tone, label="Slippage")


def _lateness(late: int, *, is_done: bool, is_over: bool) -> tuple[str, str]:
    if is_done and late <= 0:
        return "on time" if late == 0 else f"{words.count(-late, 'day')} early", "good"
    if is_done or is_over:
        return f"{words.count(late, 'day')} late", "warn" if is_done else "bad"
    return (f"{words.count(late, 'day')} slipped", "warn") if late > 0 else ("on time so far", "quiet")


def _confirmed(row: Values, today: date) -> Cell:
    at = row.get("confirmed_at") or row.get("agreed_at")
    if not isinstance(at, datetime):
        return Cell("never agreed", tone="bad", label="Confirmed")
    ago = (today - day_of(at)).days
    said = "today" if ago <= 0 else f"{words.count(ago, 'day')} ago"
    return Cell(said, tone="bad" if ago > DRIFT_DAYS else "good", label="Confirmed")


def _evidenced(row: Values, today: date) -> Cell:
    at, due, every = row.get("evidenced_at"), row.get("due_date"), row.get("renew_days")
    if isinstance(at, datetime):
        age = (today - day_of(at)).days
        if every and age > every:
            return Cell(f"{words.count(age - every, 'day')} stale", tone="bad", label="Evidence")
        return Cell("fresh", tone="good", label="Evidence")
    if due is not None and due < today:
        return Cell(f"{words.count((today - due).days, 'day')} overdue", tone="bad", label="Evidence")
    return Cell("none yet", tone="warn", label="Evidence")


def _scope(row: Values, today: date) -> Cell:
    del today
    in_scope = row.get("in_scope")
    said = {True: "in scope", False: "scope creep", None: NOTHING}[in_scope]
    return Cell(said, tone="warn" if in_scope is False else "", label="Scope")


def _points(row: Values, today: date) -> Cell:
    del today
    planned, done = row.get("planned_points"), row.get("done_points")
    if not planned or done is None:
        return Cell(NOTHING, align="end", label="Kept")
    share = round(done / planned * 100)
    return Cell(f"{share} %", align="end", tone="bad" if share < 70 else "", label="Kept")


def _weight(row: Values, today: date) -> Cell:
    del today
    likelihood, impact = row.get("likelihood"), row.get("impact")
    if likelihood is None or impact is None:
        return Cell(NOTHING, align="end", label="Weight")
    weight = likelihood * impact
    tone = "bad" if weight >= 15 else "warn" if weight >= 8 else ""
    return Cell(str(weight), align="end", tone=tone if row.get("state") != "closed" else "", label="Weight")


def _overdue(row: Values, today: date) -> Cell:
    due, paid = row.get("due_date"), row.get("paid_date")
    if paid is not None:
        late = (paid - due).days if due else 0
        return Cell(
            f"paid {words.count(late, 'day')} late" if late > 0 else "paid", tone="good", label="Payment"
        )
    if row.get("state") in ("void", "cancelled", "paid"):
        return Cell(words.spoken(str(row["state"])), tone="quiet", label="Payment")
    if due is not None and due < today:
        return Cell(f"{words.count((today - due).days, 'day')} overdue", tone="bad", label="Payment")
    return Cell("open", label="Payment")


def _open(row: Values, today: date) -> Cell:
    opened, resolved = row.get("opened_at"), row.get("resolved_at")
    if not isinstance(opened, datetime):
        return Cell(NOTHING, label="State")
    days = ((day_of(resolved) if isinstance(resolved, datetime) else today) - day_of(opened)).days
    if resolved:
        told = f"resolved in {words.count(days, 'day')}" if days else "resolved the same day"
        return Cell(told, tone="quiet", label="State")
    severe = str(row.get("severity", "")).lower() in ("critical", "urgent", "high", "1", "p1")
    told = f"open {words.count(days, 'day')}" if days else "opened today"
    return Cell(told, tone="bad" if severe and days > 2 else "warn", label="State")


def _learning(row: Values, today: date) -> Cell:
    until = row.get("certified_until")
    if row.get("completed_at"):
        if until is not None and until < today:
            return Cell("certificate expired", tone="bad", label="State")
        return Cell("certified" if until else "completed", tone="good", label="State")
    return Cell("under way" if row.get("started_at") else "not begun", label="State")


def _works(row: Values, today: date) -> Cell:
    del today
    state = str(row.get("state") or "")
    tone = {"connected": "good", "failing": "bad"}.get(state, "quiet")
    return Cell(words.spoken(state) or NOTHING, tone=tone, label="State")


DERIVED: dict[str, Derived] = {
    "milestones": Derived("Slippage", _slip, "late"),
    "criteria": Derived("Confirmed", _confirmed, f"not confirmed for {DRIFT_DAYS} days"),
    "obligations": Derived("Evidence", _evidenced, "without fresh evidence"),
    "change_requests": Derived("Scope", _scope),
    "sprints": Derived("Kept", _points, "that kept less than 70 %"),
    "risks": Derived("Weight", _weight, "heavy"),
    "integrations": Derived("State", _works, "failing"),
    "invoices": Derived("Payment", _overdue, "overdue"),
    "tickets": Derived("State", _open, "grave and open for days"),
    "enrolments": Derived("State", _learning, "whose certificate expired"),
}
