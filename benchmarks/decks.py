"""What the review decks of a whole book cost: 500 accounts in one run, as a worker carries it, each with all of its slides.

The instance is made once and kept: 500 accounts with two years of use in the lake, scores and measures, and of each a success
plan, a value that was counted and confirmed, and a review that was held. Then one run makes the decks of all of them into one
file. CPU is this process's and PostgreSQL's; the limit is of the clock, on two cores that have nothing else to do. DECKS=40
makes fewer decks, DECKS_FORM=pdf PDFs.
"""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import ground
from benchmarks.account_page import DAY, NOON

ACCOUNTS, EVENTS = 500, int(os.environ.get("DECKS_EVENTS", "1000000"))
DECKS = int(os.environ.get("DECKS", str(ACCOUNTS)))
FORM = os.environ.get("DECKS_FORM", "pptx")
MOST_SECONDS = 500
AGREED = {"agreed_by": "Dora", "agreed_on": "2025-02-01"}
VALUE: dict[str, Any] = {
    "title": "Hours saved on reports",
    "kind": "time_saved",
    "objective": "reports",
    "inputs": [
        {"title": "Hours", "unit": "hours", "low": 90, "likely": 100, "high": 120, **AGREED},
        {"title": "Cost of an hour", "currency": "EUR", "low": 50, "likely": 60, "high": 80, **AGREED},
    ],
}
PLAN: dict[str, Any] = {
    "vision": "Every site reports by itself.",
    "objectives": [
        {"title": f"Outcome {number}", "slug": slug, "target_date": "2026-06-30",
         "indicators": [{"title": "Hours a report takes", "unit": "hours", "better": "down", "baseline": 9, "target": 2}]}
        for number, slug in enumerate(("reports", "storage", "sites"), 1)
    ],
    "steps": [{"title": f"Step {number}", "due_date": f"2026-0{number}-15"} for number in range(1, 6)],
}  # fmt: skip


def measure() -> Iterator[str]:
    """Make the instance if it is not there; then one run of decks."""
    folder = ground.kept(f"decks-{ACCOUNTS}-{EVENTS}")
    given = {"PAGE_ACCOUNTS": str(ACCOUNTS), "PAGE_EVENTS": str(EVENTS)}
    ground.part("benchmarks.account_page", "make", folder, **given)
    with ground.database(folder):
        for module, name in (("benchmarks.account_page", "lay"), ("benchmarks.decks", "plan")):
            if not (folder / name).exists():
                ground.part(module, name, folder, **given)
                (folder / name).touch()
        found = ground.part("benchmarks.decks", "run", folder, **given)
    busy = os.getloadavg()[1]
    yield (
        f"decks: {found['decks']:,.0f} decks ({FORM}, {found['size']:.1f} MB) in one run: {found['wall']:.0f} s of the clock "
        f"at a load of {busy:.1f} (limit {MOST_SECONDS} s for {ACCOUNTS} on two free cores), {found['cpu']:.0f} s of CPU, "
        f"{1000 * found['cpu'] / found['decks']:.0f} ms each"
    )


def plan() -> ground.Figures:
    """A plan, a value and a review of each account."""
    from keepwell.access.scopes import system
    from keepwell.config import schema
    from keepwell.ledger.actions import people, relay
    from keepwell.ledger.queries import accounts
    from keepwell.outcomes import document, quarters, value_document
    from keepwell.outcomes.actions import holdings, plans, reviews, value_models, value_statements

    schema.bring_up_to_date()
    by = system(through="bench")
    then = NOON - timedelta(days=40)
    for key in accounts.book(seen_by=by):
        told: dict[str, Any] = {"account": key, "by": by, "at": NOON}
        who = f"dora-{key}"
        rows = [{"key": who, "name": "Dora Klein", "account": key}]
        people.upsert(rows=rows, source="bench", by=by, at=NOON, vouched=True)
        plans.save(doc=document.read(PLAN), **told)
        value_models.save(doc=value_document.read(VALUE), **told)
        for slug in ("2025-Q1", "2025-Q2", "2025-Q3"):
            (number,) = value_statements.count(quarter=quarters.read(slug), **told)
            value_statements.confirm(
                statement=number, who=who, on=then.date(), words="So we count it too.", **told
            )
        wanted = reviews.Wanted(starts_at=then, theirs=(who,))
        review = reviews.schedule(account=key, wanted=wanted, by=by, at=then - timedelta(days=3))
        held = holdings.Held(
            theirs=(who,), decisions=("Roll out to all sites.", "Old exports stay until March."),
            todos=[holdings.Todo(f"Item {n}", then.date() + timedelta(days=20 * n), theirs=who) for n in range(1, 4)],
            scores=[holdings.Judged("reports", "behind", "Two sites are missing.")],
        )  # fmt: skip
        holdings.hold(review_id=review, held=held, by=by, at=then)
    relay.all_waiting(at=NOON)
    return {}


def run() -> ground.Figures:
    """One run: seconds of the clock and of CPU."""
    from django.conf import settings

    from keepwell.access.queries import scopes, users
    from keepwell.config import schema
    from keepwell.faces import clock
    from keepwell.faces.jobs import decking
    from keepwell.ledger.queries import accounts
    from keepwell.outcomes.actions import deck_runs
    from keepwell.outcomes.queries import deck_runs as runs

    schema.bring_up_to_date()
    clock.now = lambda: NOON  # type: ignore[assignment] # the day of the tables
    by = scopes.of_user(users.by_email("csm@example.com"), through="bench")
    until = DAY - timedelta(days=1)
    keys = accounts.book(seen_by=by)[:DECKS]
    number = deck_runs.ask(
        keys=keys, whose="All", since=until - timedelta(days=90), until=until, form=FORM, by=by, at=NOON
    )
    folder = Path(settings.KEEPWELL_DATA)
    served, own, begun = ground.served(folder), time.process_time(), time.monotonic()
    decking.run(run_id=number)
    wall = time.monotonic() - begun
    cpu = time.process_time() - own + ground.served(folder) - served
    view = runs.find(run_id=number, seen_by=by)
    assert view.state == "done", view.error
    assert not view.refused, view.refused[:3]
    size = (view.size or 0) / 1_000_000
    decking.path(view.place).unlink()
    return {"decks": float(view.done), "wall": wall, "cpu": cpu, "size": size}


if __name__ == "__main__":
    ground.answer({"plan": plan, "run": run})
