"""Run the jobs."""

from datetime import timedelta

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateWorker

from keepwell.faces import clock
from keepwell.faces.jobs import tasks

LATE = timedelta(seconds=45)


def run(*, concurrency: int) -> None:
    """Work until SIGINT or SIGTERM; the job in hand is finished first. Begins with whatever a killed worker left."""
    tasks.go_on()
    with app.replace_connector(app.connector.get_worker_connector()) as with_worker:  # type: ignore[attr-defined]
        with_worker.run_worker(
            concurrency=concurrency,
            delete_jobs="always",
            install_signal_handlers=True,
            shutdown_graceful_timeout=20,
        )


def must_be_alive() -> None:
    """Raise unless a worker gave a sign of life of late."""
    if not ProcrastinateWorker.objects.filter(last_heartbeat__gte=clock.now() - LATE).exists():
        raise RuntimeError(f"no worker gave a sign of life in the last {LATE.seconds} seconds")
