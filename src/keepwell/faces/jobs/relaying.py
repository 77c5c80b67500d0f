"""The relay as a loop: outbox to lake, a few times a second while events come, beside the worker that computes."""

import logging
import math
import signal
import threading
import time
from dataclasses import dataclass

from django.db import connection

from keepwell.faces import clock
from keepwell.faces.jobs import tasks
from keepwell.ledger.actions import relay, upkeep, waking
from keepwell.pipeline.actions import relaying

# Asleep it is woken; it looks by itself this often, and this often where it may not sleep, for somebody is just writing.
IDLE_SECONDS, RESTLESS_SECONDS = 5.0, (0.1, 0.2, 0.4, 1.0)
# A batch costs the same whether it carries ten events or ten thousand; waiting a little makes fewer of them.
GATHER_SECONDS = 0.3
BUSY_ROWS, BUSY_SECONDS = 3000, 0.8
FAILED_SECONDS = (1, 2, 5, 10)
JOIN_EVERY = 20
SAID_EVERY_SECONDS = 10

log = logging.getLogger(__name__)


def run(stop: threading.Event) -> None:
    """Carry batches until told to stop. A failure is noted, told and tried again: what waits stays in the outbox."""
    failures, carrier = 0, _Carrier(stop)
    while not stop.is_set():
        try:
            carrier.turn()
        except Exception as failure:
            log.warning("the relay could not go on and tries again: %s", failure)
            connection.close()
            stop.wait(FAILED_SECONDS[min(failures, len(FAILED_SECONDS) - 1)])
            failures, carrier = failures + 1, _Carrier(stop)
        else:
            failures = 0


@dataclass
class _Carrier:
    """What a relay remembers while all goes well."""

    stop: threading.Event
    looked: bool = False
    said: float = -math.inf
    batches: int = 0
    restless: int = 0

    def turn(self) -> None:
        """Carry one batch, or rest."""
        if not self.looked:
            upkeep.after_power_cut()
            self.looked = True
        carried = relaying.carry(at=clock.now())
        if time.monotonic() - self.said > SAID_EVERY_SECONDS:
            relaying.note_alive(at=clock.now())
            self.said = time.monotonic()
        if carried is None:
            self._sleep()
            return
        tasks.nudge()
        self.restless = 0
        self.batches += 1
        if self.batches % JOIN_EVERY == 0:
            relay.join()
        if carried.rows < relay.MOST_ROWS:
            self.stop.wait(BUSY_SECONDS if carried.rows >= BUSY_ROWS else GATHER_SECONDS)

    def _sleep(self) -> None:
        taken = RESTLESS_SECONDS[min(self.restless, len(RESTLESS_SECONDS) - 1)]
        self.restless += 1
        waking.sleep(seconds=IDLE_SECONDS, taken_seconds=taken, told=self.stop.is_set)


def until_told() -> None:
    """Carry batches until SIGINT or SIGTERM; the batch in hand is finished first."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run(stop)
    connection.close()
