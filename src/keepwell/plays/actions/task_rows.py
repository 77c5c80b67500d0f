"""Tasks as rows of a file or of a program: made, or changed where their key is known."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from keepwell.access.scopes import Scope
from keepwell.kernel import errors, figures
from keepwell.kernel.moments import parse_moment
from keepwell.ledger.queries import accounts
from keepwell.plays import models
from keepwell.plays.actions import tasks
from keepwell.plays.actions.tasks import Wanted

COLUMNS = ("key", "account", "title", "due", "owner", "note", "done_at", "incident")
NEEDED = ("account", "title", "due")
MOST_ROWS = 10_000


class Verdict(NamedTuple):
    """What became of one row; `reason` says why it was rejected."""

    key: str
    outcome: str
    reason: str = ""


def read_csv(text: str) -> Iterator[Mapping[str, str]]:
    """The rows of a file with a heading; refuses one that lacks a needed column."""
    reader = csv.DictReader(text.lstrip("\ufeff").splitlines())
    lacking = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if lacking:
        raise errors.Invalid(
            "The file has no column %(listed)s. It may have: %(listed2)s. Nothing was written.",
            listed=" and ".join(lacking),
            listed2=", ".join(COLUMNS),
        )
    for row in reader:
        yield {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}


def put(*, rows: Iterable[Mapping[str, str]], by: Scope, at: datetime) -> list[Verdict]:
    """Take rows one by one: good ones are kept although others are refused. Some five queries a row."""
    by.require("work.do")
    given = list(rows)
    if len(given) > MOST_ROWS:
        raise errors.Invalid(
            "At most %(most_rows)s tasks at once, not %(n)s. Nothing was written.",
            most_rows=figures.Whole(MOST_ROWS),
            n=figures.Whole(len(given)),
        )
    return [_one(row, by, at) for row in given]


def _one(row: Mapping[str, str], by: Scope, at: datetime) -> Verdict:
    key = row.get("key", "")
    try:
        with transaction.atomic():
            return Verdict(key, _put(row, key, by, at))
    except errors.Refused as refusal:
        return Verdict(key, "rejected", str(refusal))


def _put(row: Mapping[str, str], key: str, by: Scope, at: datetime) -> str:
    lacking = [name for name in NEEDED if not row.get(name)]
    if lacking:
        raise errors.Invalid("%(lacking)s is empty.", lacking=lacking[0])
    wanted = Wanted(row["title"], parse_moment(row["due"]), row.get("owner", ""), row.get("note", ""))
    known = _known(key)
    if known is None:
        account = accounts.meant(row["account"], seen_by=by)
        incident = int(row["incident"]) if row.get("incident", "").isdecimal() else None
        number = tasks.make(
            account=account, wanted=wanted, by=by, at=at, key=key or None, incident_id=incident
        )
        outcome = "created"
    else:
        number = known.pk
        before = _said(number)
        tasks.change(task_id=number, wanted=wanted, by=by, at=at)
        outcome = "unchanged" if _said(number) == before else "updated"
    if row.get("done_at") and not models.TaskCompletion.objects.filter(task=number).exists():
        tasks.complete(task_id=number, by=by, at=at)
        outcome = "updated" if outcome == "unchanged" else outcome
    return outcome


def _known(key: str) -> models.Task | None:
    if not key:
        return None
    if len(key) > 200:
        raise errors.Invalid("A key has at most 200 characters.")
    number = key.removeprefix("task-")
    if key.startswith("task-") and number.isdecimal() and len(number) < 19:
        return models.Task.objects.filter(pk=int(number)).first()
    return models.Task.objects.filter(key=key).first()


def _said(number: int) -> object:
    return models.Task.objects.values_list("title", "note", "due_at", "assignee").get(pk=number)
