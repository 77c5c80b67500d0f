"""Success plans as rows: one for the plan, each outcome, indicator and step; what is written comes in again unchanged. Pure."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from keepwell.kernel import figures
from keepwell.kernel.errors import Invalid, Refused
from keepwell.kernel.moments import parse_day
from keepwell.outcomes import document
from keepwell.outcomes.document import IndicatorDoc, ObjectiveDoc, PlanDoc, StepDoc

COLUMNS = (
    "account", "piece", "slug", "outcome", "title", "text", "metric", "unit", "better", "baseline", "target", "trigger",
    "date", "ours", "theirs", "after", "cadence", "notes", "labels",
)  # fmt: skip
NEEDED = ("account", "piece", "title")
MOST_ROWS = 20_000
Row = Mapping[str, str]


def rows(account: str, doc: PlanDoc) -> Iterator[tuple[object, ...]]:
    """The rows of a plan, in the order of `COLUMNS`."""
    for told in _told(doc):
        said = {"account": account} | told
        yield tuple(said.get(name, "") for name in COLUMNS)


def _told(doc: PlanDoc) -> Iterator[dict[str, object]]:
    yield {"piece": "plan", "text": doc.vision, "cadence": doc.cadence} | _common(doc)
    for one in doc.objectives:
        yield {"piece": "outcome", "text": one.why, "date": one.target_date} | _named(one)
        for each in one.indicators:
            yield {
                "piece": "indicator", "outcome": one.slug, "metric": each.metric, "unit": each.unit, "better": each.better,
                "baseline": each.baseline, "target": each.target, "trigger": each.trigger, "date": each.target_date,
            } | _named(each)  # fmt: skip
    for step in doc.steps:
        yield {
            "piece": step.kind, "outcome": step.objective, "date": step.due_date, "ours": step.ours, "theirs": step.theirs,
            "after": " ".join(step.after),
        } | _named(step)  # fmt: skip


def _named(one: ObjectiveDoc | IndicatorDoc | StepDoc) -> dict[str, object]:
    return {"slug": one.slug, "title": one.title} | _common(one)


def _common(one: PlanDoc | ObjectiveDoc | IndicatorDoc | StepDoc) -> dict[str, object]:
    labels = " ".join(f"{name}={label}" for name, label in sorted(one.labels.items()))
    return {"notes": one.notes, "labels": labels}


def read_csv(text: str) -> list[Row]:
    """The rows of a file with a heading; refuses one that lacks a needed column, and one too many rows."""
    reader = csv.DictReader(text.lstrip("\ufeff").splitlines(keepends=True))
    if lacking := [name for name in NEEDED if name not in (reader.fieldnames or ())]:
        raise Invalid(
            "The file has no column %(lacking)s. It may have: %(known)s. Nothing was written.",
            lacking=lacking[0],
            known=", ".join(COLUMNS),
        )
    found: list[Row] = [
        {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
        for row in reader
    ]
    if len(found) > MOST_ROWS:
        raise Invalid(
            "At most %(most)s rows at once, not %(n)s. Nothing was written.",
            most=figures.Whole(MOST_ROWS),
            n=figures.Whole(len(found)),
        )
    return found


def by_account(given: Iterable[Row]) -> dict[str, list[tuple[int, Row]]]:
    """Rows with the number of their line in the file (the heading is line 1 where no text holds a break), by account."""
    found: dict[str, list[tuple[int, Row]]] = {}
    for number, row in enumerate(given, start=2):
        found.setdefault(row.get("account", ""), []).append((number, row))
    return found


def read(given: Iterable[tuple[int, Row]]) -> PlanDoc:
    """The plan that numbered rows of one account state; refuses with the row."""
    plan: dict[str, Any] = {"objectives": [], "steps": []}
    outcomes: dict[str, dict[str, Any]] = {}
    for number, row in given:
        try:
            _place(row, plan, outcomes)
        except Refused as refusal:
            raise Invalid("Row %(number)s: %(reason)s", number=number, reason=str(refusal)) from None
    return document.read(plan)


def _place(row: Row, plan: dict[str, Any], outcomes: dict[str, dict[str, Any]]) -> None:
    piece, said = row.get("piece", ""), _said(row)
    if piece == "plan":
        said.pop("title", None)
        plan.update(_filled({"vision": row.get("text", ""), "cadence": row.get("cadence", "")}) | said)
    elif piece == "outcome":
        made = said | _filled({"why": row.get("text", ""), "target_date": _day(row)}) | {"indicators": []}
        outcomes[row.get("slug", "") or row.get("title", "")] = made
        plan["objectives"].append(made)
    elif piece == "indicator":
        _outcome_of(row, outcomes)["indicators"].append(said | _indicator(row))
    elif piece in ("milestone", "task"):
        plan["steps"].append(said | _step(row, piece))
    else:
        raise Invalid(
            'The piece "%(piece)s" is none of plan, outcome, indicator, milestone, task.', piece=piece
        )


def _said(row: Row) -> dict[str, Any]:
    labels = dict(_label(word) for word in row.get("labels", "").split())
    return _filled({name: row.get(name, "") for name in ("slug", "title", "notes")}) | _filled(
        {"labels": labels}
    )


def _label(word: str) -> tuple[str, str]:
    name, sign, label = word.partition("=")
    if not sign:
        raise Invalid('A label is written as field=internal or field=shared, not "%(word)s".', word=word)
    return name, label


def _outcome_of(row: Row, outcomes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    found = outcomes.get(row.get("outcome", ""))
    if found is None:
        raise Invalid(
            'The indicator is for the outcome "%(outcome)s", which no row above it names.',
            outcome=row.get("outcome", ""),
        )
    return found


def _indicator(row: Row) -> dict[str, Any]:
    told: dict[str, Any] = {name: row.get(name, "") for name in ("metric", "unit", "better")}
    told |= {name: _number(row, name) for name in ("baseline", "target", "trigger")}
    return _filled(told | {"target_date": _day(row)})


def _step(row: Row, kind: str) -> dict[str, Any]:
    told = {
        "kind": kind,
        "objective": row.get("outcome", ""),
        "ours": row.get("ours", ""),
        "theirs": row.get("theirs", ""),
    }
    return _filled(told | {"due_date": _day(row), "after": row.get("after", "").split()})


def _filled(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in ("", None, [], {})}


def _day(row: Row) -> str | None:
    said = row.get("date", "")
    return parse_day(said).isoformat() if said else None


def _number(row: Row, name: str) -> float | None:
    said = row.get(name, "")
    try:
        return float(said) if said else None
    except ValueError:
        raise Invalid('"%(said)s" is not a number: %(name)s.', said=said, name=name) from None
