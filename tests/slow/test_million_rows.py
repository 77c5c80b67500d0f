"""A file of a million rows goes in at a steady pace, in a worker whose memory does not grow with the file."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from django.conf import settings
from django.db import connection

from keepwell.intake.actions import imports
from keepwell.ledger.actions import accounts
from keepwell.ledger.models import Ticket
from keepwell.ledger.queries import state
from tests.intake.files import counts, found
from tests.intake.test_crash import RUN
from tests.world import NOW, TESTS

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROWS = 1_000_000
ACCOUNTS = 2000
EVERY_SECONDS = 0.25
# What a worker that is warm may still grow by: fragments, caches. A file of a million rows is 60 MB and more.
MOST_GROWTH = 48 * 1024 * 1024
HEADS = {"events": "id,account,person,name,at,value", "tickets": "key,account,subject,opened_at,resolved_at"}


def line(kind: str, i: int) -> str:
    day = f"2026-{i % 5 + 1:02d}-{i % 28 + 1:02d}"
    if kind == "events":
        return f"e{i},a{i % ACCOUNTS},u{i % 50_000},report.exported,{day}T09:30:00Z,{i % 97}\n"
    return f"t{i},a{i % ACCOUNTS},Question {i % 997},{day},{day}T17:00:00Z\n"


def queued(kind: str, folder: Path) -> int:
    accounts.upsert(
        rows=[{"key": f"a{i}", "name": f"Account {i}"} for i in range(ACCOUNTS)],
        source="tests",
        by=TESTS,
        at=NOW,
        vouched=False,
    )
    path = folder / f"{kind}.csv"
    with path.open("w") as file:
        file.write(HEADS[kind] + "\n")
        file.writelines(line(kind, i) for i in range(ROWS))
    with path.open("rb") as file:
        batch_id = imports.prepare(
            kind=kind, file=file, file_name=path.name, source="tests", by=TESTS, at=NOW
        )
    imports.start(
        batch_id=batch_id,
        mapping=imports.suggest(batch_id),
        constants={},
        dry_run=False,
        vouched=False,
        by=TESTS,
        at=NOW,
    )
    return batch_id


def worker(batch_id: int) -> subprocess.Popen[bytes]:
    """Another process that runs the import on this test's database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {
        "DATABASE_URL": url.geturl(),
        "KEEPWELL_DATA": str(settings.KEEPWELL_DATA),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return subprocess.Popen([sys.executable, "-c", RUN, str(batch_id), NOW.isoformat()], env=environment)


@pytest.mark.parametrize("kind", list(HEADS))
def test_a_million_rows_go_in_without_growth(kind: str, tmp_path: Path):
    batch_id = queued(kind, tmp_path)
    process = worker(batch_id)
    watched = psutil.Process(process.pid)
    begun, seen = time.monotonic(), []
    while process.poll() is None:
        seen.append((found(batch_id).rows_done, watched.memory_info().rss))
        time.sleep(EVERY_SECONDS)
    seconds = time.monotonic() - begun
    whole = found(batch_id)
    assert (process.returncode, whole.state, counts(whole)) == (0, "done", {"created": ROWS})
    early = max(rss for done, rss in seen if 0 < done <= ROWS // 10)
    late = max(rss for done, rss in seen if done >= ROWS // 10)
    print(
        f"\n{kind}: {ROWS / seconds:,.0f} rows/s over {seconds:,.0f} s; memory {early / 2**20:,.0f} MB in the first "
        f"tenth, at most {late / 2**20:,.0f} MB after it"
    )
    assert late - early < MOST_GROWTH
    assert (state.waiting() >= ROWS) if kind == "events" else Ticket.objects.count() == ROWS
