"""A progress bar for an import that runs in this very process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from django.db import connection

from keepwell.faces.cli.common import OPERATOR
from keepwell.intake.queries import batches

EVERY_SECONDS = 0.5


@contextmanager
def shown(batch_id: int, *, quiet: bool) -> Iterator[None]:
    """Show how far an import is while the block runs, from what it commits."""
    if quiet:
        yield
        return
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(batch_id, stop), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


def _watch(batch_id: int, stop: threading.Event) -> None:
    try:
        view = batches.find(batch_id=batch_id, seen_by=OPERATOR)
        while view.rows_total is None and not stop.wait(EVERY_SECONDS / 5):
            view = batches.find(batch_id=batch_id, seen_by=OPERATOR)
        with typer.progressbar(length=max(view.rows_total or 0, 1), label=view.file_name, width=30) as bar:
            told = 0
            while True:
                stopped = stop.wait(EVERY_SECONDS)
                view = batches.find(batch_id=batch_id, seen_by=OPERATOR)
                bar.update(view.rows_done - told)
                told = view.rows_done
                if stopped:
                    return
    finally:
        connection.close()
