"""Tasks as a file, for pages and the API alike."""

import csv
from collections.abc import Iterator

from keepwell.faces.web.downloads import Echo, safe
from keepwell.plays.actions.task_rows import COLUMNS
from keepwell.plays.queries.tasks import TaskItem

HEADERS = {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": 'attachment; filename="tasks.csv"',
}


def lines(items: Iterator[TaskItem]) -> Iterator[str]:
    """One line a task, in columns that come in unchanged."""
    writer = csv.writer(Echo())
    yield writer.writerow(COLUMNS)
    for task in items:
        told = (task.key, task.account_key, task.title, task.due_at.isoformat(), task.owner, task.note)
        done = task.done_at.isoformat() if task.done_at else ""
        yield writer.writerow((*map(safe, told), done, task.incident_id or ""))
