"""An import that is killed goes on where it was: nothing is lost and nothing counts twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from keepwell.intake.actions import imports, undoing
from keepwell.intake.queries import changes
from keepwell.ledger import models as ledger
from tests import outbox
from tests.intake.files import counts, found, imported, rejections, started
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 40_000
RUN = """
import sys, django
from datetime import datetime
django.setup()
from keepwell.intake.actions import imports, undoing
from keepwell.intake.queries import changes
imports.run(batch_id=int(sys.argv[1]), at=datetime.fromisoformat(sys.argv[2]))
"""

UNDO = RUN.replace("import imports", "import undoing").replace("imports.run(batch_id", "undoing.run(undo_id")


def usage() -> str:
    """Rows of which every thousandth reuses the id of the one before, and every 997th has no date."""
    lines = ["id,account,person,name,at,note"]
    for i in range(ROWS):
        day = "soon" if i % 997 == 996 else f"2026-05-{i % 28 + 1:02d}"
        lines.append(f'e{i - (i % 1000 == 999)},birch,u{i % 50},report.exported,{day},"line\n{i}"')
    return "\n".join(lines)


def worker(number: int, code: str = RUN) -> subprocess.Popen[bytes]:
    """Another process that runs an import, or an undo, on this test's database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {
        "DATABASE_URL": url.geturl(),
        "KEEPWELL_DATA": str(settings.KEEPWELL_DATA),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return subprocess.Popen([sys.executable, "-c", code, str(number), NOW.isoformat()], env=environment)


def test_a_killed_import_resumes_without_loss_or_double():
    batch_id = started("events", usage())
    process = worker(batch_id)
    deadline = time.monotonic() + 60
    while not 0 < found(batch_id).rows_done < ROWS:
        assert time.monotonic() < deadline
    process.send_signal(signal.SIGKILL)
    process.wait()
    cut = found(batch_id)
    assert cut.state == "running"
    assert 0 < cut.rows_done < ROWS
    assert sum(counts(cut).values()) == cut.rows_done
    assert len(outbox.waiting()) == cut.created
    imports.run(batch_id=batch_id, at=NOW)
    whole = found(batch_id)
    bad, reused = ROWS // 997, ROWS // 1000
    assert (whole.state, whole.rows_done) == ("done", ROWS)
    assert counts(whole) == {"created": ROWS - bad - reused, "conflicts": reused, "rejected": bad}
    assert len(outbox.waiting()) == whole.created
    assert len({letter.row for letter in rejections(whole)}) == bad + reused


def test_two_workers_on_one_import_store_each_row_once():
    batch_id = started("events", usage())
    failures: list[BaseException] = []

    def run() -> None:
        try:
            imports.run(batch_id=batch_id, at=NOW)
        except BaseException as failure:
            failures.append(failure)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    whole = found(batch_id)
    assert (whole.state, sum(counts(whole).values())) == ("done", ROWS)
    assert len(outbox.waiting()) == whole.created


def test_a_dry_run_across_chunks_counts_repeats_as_the_real_one():
    content = "key,name\n" + "".join(
        f"a{i % 6000},{'New' if i == 11_999 else 'Old'}\n" for i in range(12_000)
    )
    dry = started("accounts", content, dry_run=True)
    imports.run(batch_id=dry, at=NOW)
    assert not ledger.Account.objects.exists()
    real = started("accounts", content)
    imports.run(batch_id=real, at=NOW)
    assert counts(found(dry)) == counts(found(real)) == {"created": 6000, "updated": 1, "duplicates": 5999}


def test_a_killed_undo_goes_on_where_it_was():
    imported("accounts", "key,name\nbirch,Birch\n")
    lines = "".join(f"t{i},birch,2026-05-{i % 28 + 1:02d}\n" for i in range(6000))
    batch_id = imported("tickets", "key,account,opened_at\n" + lines).batch_id
    ledger.Ticket.objects.filter(key="t7").update(subject="By hand")
    undo_id = undoing.start(batch_id=batch_id, by=TESTS, at=NOW)
    process = worker(undo_id, UNDO)
    deadline = time.monotonic() + 120
    while not 0 < changes.undo(batch_id=batch_id, seen_by=TESTS).done < 6000:
        assert time.monotonic() < deadline
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    cut = changes.undo(batch_id=batch_id, seen_by=TESTS)
    assert cut.state == "running"
    assert ledger.Ticket.objects.count() == 6000 - cut.removed
    undoing.run(undo_id=undo_id, at=NOW)
    whole = changes.undo(batch_id=batch_id, seen_by=TESTS)
    assert (whole.state, whole.done, whole.removed, whole.left) == ("done", 6000, 5999, 1)
    assert [ticket.key for ticket in ledger.Ticket.objects.all()] == ["t7"]
