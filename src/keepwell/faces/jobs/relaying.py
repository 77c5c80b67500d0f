"""The relay as a loop: outbox to lake, a few times a second, beside the worker that computes."""

import logging
import signal
import threading
import time

from django.db import connection

from keepwell.faces import clock
from keepwell.faces.jobs import tasks
from keepwell.ledger.actions import relay
from keepwell.pipeline.actions import relaying

IDLE_SECONDS = 0.15
# A batch costs the same whether it carries ten events or ten thousand; waiting a little makes fewer of them.
GATHER_SECONDS = 0.3
BUSY_ROWS, BUSY_SECONDS = 3000, 0.8
FAILED_SECONDS = (1, 2, 5, 10)
JOIN_EVERY = 20
SAID_EVERY_SECONDS = 10

log = logging.getLogger(__name__)


def run(stop: threading.Event) -> None:
    """Carry batches until told to stop. A failure is noted, told and tried again: what waits stays in the outbox."""
    failures, batches, said = 0, 0, 0.0
    while not stop.is_set():
        try:
            carried = relaying.carry(at=clock.now())
            if time.monotonic() - said > SAID_EVERY_SECONDS:
                relaying.note_alive(at=clock.now())
                said = time.monotonic()
            if carried is not None:
                tasks.nudge()
                batches += 1
                if batches % JOIN_EVERY == 0:
                    relay.join()
        except Exception as failure:
            log.warning("the relay could not go on and tries again: %s", failure)
            connection.close()
            said = 0.0
            stop.wait(FAILED_SECONDS[min(failures, len(FAILED_SECONDS) - 1)])
            failures += 1
            continue
        failures = 0
        stop.wait(_pause(carried))


def _pause(carried: relay.Relayed | None) -> float:
    if carried is None:
        return IDLE_SECONDS
    if carried.rows >= relay.MOST_ROWS:
        return 0
    return BUSY_SECONDS if carried.rows >= BUSY_ROWS else GATHER_SECONDS


def until_told() -> None:
    """Carry batches until SIGINT or SIGTERM; the batch in hand is finished first."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run(stop)
    connection.close()
