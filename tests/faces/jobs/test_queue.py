"""The queue: asking twice spoils nothing, and what a killed worker had in hand is taken over."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from keepwell.faces.jobs import orphans, tasks
from keepwell.ledger.models import Account
from keepwell.pipeline import lock
from tests.stories.conftest import until

WORKER = """
import django
django.setup()
from keepwell.faces.jobs import worker
worker.run(concurrency=1)
"""


@pytest.fixture(autouse=True)
def _empty_queue(db: None) -> None:
    """Without the jobs that tests before left: committed, and in tables that no flush of Django's knows."""
    del db
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.mark.django_db
@pytest.mark.parametrize("ask", [tasks.nudge, lambda: tasks.forget(1), tasks.go_on])
def test_who_asks_twice_keeps_the_transaction(ask: Callable[[], None]) -> None:
    with transaction.atomic():
        ask()
        waiting = ProcrastinateJob.objects.count()
        ask()
        Account.objects.create(key="elm", name="Elm")
    assert Account.objects.filter(key="elm").exists()
    assert ProcrastinateJob.objects.count() == waiting == 1


@pytest.fixture
def held() -> Iterator[None]:
    """A job that a worker was killed with, as it stands in the queue; the pipeline was taken, so it had not got far."""
    with lock.exclusive():
        tasks.nudge()
        process = _worker()
        try:
            assert until(lambda: _states() == ["doing"], seconds=60)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def _worker() -> subprocess.Popen[bytes]:
    """A worker of its own on this test's database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {
        "DATABASE_URL": url.geturl(),
        "KEEPWELL_DATA": str(settings.KEEPWELL_DATA),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], env=environment)


def _states() -> list[str]:
    return sorted(ProcrastinateJob.objects.filter(task_name="advance").values_list("status", flat=True))


def _adopt(silent_seconds: float = 0) -> int:
    async def run() -> int:
        with app.replace_connector(app.connector.get_worker_connector()) as other:  # type: ignore[attr-defined]
            async with other.open_async():
                return await orphans.adopt(other.job_manager, silent_seconds=silent_seconds)

    with ThreadPoolExecutor(1) as beside:  # a browser of another test may have a loop running in this thread
        return beside.submit(asyncio.run, run()).result()


@pytest.mark.usefixtures("held")
@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_had_in_hand_waits_again() -> None:
    assert _adopt(silent_seconds=orphans.SILENT_SECONDS) == 0
    assert _states() == ["doing"]
    assert _adopt() == 1
    assert _states() == ["todo"]
    assert not ProcrastinateWorker.objects.exists()
    assert _adopt() == 0


@pytest.mark.usefixtures("held")
@pytest.mark.django_db(transaction=True)
def test_what_waits_already_is_not_queued_a_second_time() -> None:
    tasks.nudge()
    assert _states() == ["doing", "todo"]
    assert _adopt() == 1
    assert _states() == ["todo"]


@pytest.mark.usefixtures("held")
@pytest.mark.django_db(transaction=True)
def test_a_job_that_its_workers_do_not_survive_is_given_up() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s", [orphans.MOST_TRIES - 1])
    assert _adopt() == 1
    assert _states() == []
