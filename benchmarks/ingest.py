"""Events a second over HTTP, in batches of 100, durable in PostgreSQL before the answer."""

import base64
import http.client
import threading
import time
from collections.abc import Iterator

import msgspec

from benchmarks import houses

BATCHES = 600
BATCH = 100
SENDERS = 4


def bodies(sender: int) -> list[bytes]:
    """The batches of one sender, encoded beforehand so that the sender costs little."""
    return [
        msgspec.json.encode(
            {"batch": [_call(sender, number, i) for i in range(BATCH)], "sentAt": "2026-01-05T10:00:00Z"}
        )
        for number in range(BATCHES // SENDERS)
    ]


def _call(sender: int, number: int, i: int) -> dict[str, object]:
    return {
        "type": "track",
        "messageId": f"{sender}-{number}-{i}-5f0c1d2e3a4b",
        "userId": f"user-{i % 37}",
        "event": "report.exported",
        "properties": {"feature": f"feature-{i % 11}", "rows": i, "format": "pdf"},
        "context": {"groupId": f"account-{number % 50}", "library": {"name": "bench", "version": "1"}},
        "timestamp": "2026-01-05T10:00:00.000Z",
    }


def _send(port: int, path: str, key: str, batches: list[bytes]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {
        "Content-Type": "application/json",
        "Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode(),
    }
    for body in batches:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {said[:200]!r}")


def _rates(house: houses.House, path: str, key: str) -> tuple[float, float]:
    """(events a second, events a CPU-second of the server and its PostgreSQL)."""
    ready = [bodies(sender) for sender in range(SENDERS)]
    senders = [threading.Thread(target=_send, args=(house.port, path, key, batches)) for batches in ready]
    before, started = house.cpu_seconds(), time.perf_counter()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    wall = time.perf_counter() - started
    return BATCHES * BATCH / wall, BATCHES * BATCH / (house.cpu_seconds() - before)


def measure() -> Iterator[str]:
    """Keepwell and the yardstick, one after the other."""
    with houses.yardstick() as bare:
        bare_wall, bare_cpu = _rates(bare, "/", "")
    with houses.keepwell() as (house, key):
        wall, cpu = _rates(house, "/v1/batch", key)
    yield f"ingest, bare decode + COPY   {bare_wall:9,.0f} events/s  {bare_cpu:9,.0f} events per CPU-second"
    share = f"({cpu / bare_cpu:.0%} of bare)"
    yield f"ingest, Keepwell             {wall:9,.0f} events/s  {cpu:9,.0f} events per CPU-second  {share}"
