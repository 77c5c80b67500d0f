"""Events a second over HTTP, durable in PostgreSQL before the answer, and carried to the lake meanwhile."""

import base64
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import msgspec
import psycopg

from benchmarks import houses

BATCH, SENDERS, ACCOUNTS = 100, 4, 200
PACE, SECONDS = 22_000, 120
BARE_SECONDS, ALONE_SECONDS, ALONE_SENDERS = 20, 15, 16
NUMBER = b"00000000"
COUNTED = ("web", "relay", "postgres")


def body(events: int) -> bytes:
    """A batch in which `NUMBER` stands for what makes it unlike the others; encoded once, so that senders cost little."""
    stamp = datetime.now(UTC).isoformat()  # noqa: TID251 - the sender's clock
    return msgspec.json.encode({"batch": [_call(i, stamp) for i in range(events)], "sentAt": stamp})


def _call(i: int, stamp: str) -> dict[str, object]:
    return {
        "type": "track",
        "messageId": f"{NUMBER.decode()}-{i}-5f0c1d2e3a4b",
        "userId": f"user-{i % 37}",
        "event": "report.exported",
        "properties": {"feature": f"feature-{i % 11}", "rows": i, "format": "pdf"},
        "context": {"groupId": f"account-{i * 7 % ACCOUNTS}", "library": {"name": "bench", "version": "1"}},
        "timestamp": stamp,
    }


@dataclass
class Load:
    """Senders that send numbered bodies until a moment, together at most at a pace of requests a second."""

    port: int
    path: str
    key: str
    body: bytes
    seconds: float
    pace: float
    senders: int = SENDERS

    def run(self) -> tuple[int, float]:
        """How many requests were answered with 200, and in how many seconds."""
        self.numbers, self.began = count(), time.perf_counter()
        self.sent, self.failures = [0] * self.senders, list[str]()
        threads = [threading.Thread(target=self._send, args=(i,)) for i in range(self.senders)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.failures:
            raise RuntimeError(self.failures[0])
        return sum(self.sent), time.perf_counter() - self.began

    def _send(self, sender: int) -> None:
        basic = base64.b64encode(f"{self.key}:".encode()).decode()
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Basic {basic}\r\nContent-Length: {len(self.body)}\r\n\r\n"
        )
        request = head.encode() + self.body
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            while (number := next(self.numbers)) is not None:
                due = self.began + number / self.pace
                if due > self.began + self.seconds or time.perf_counter() > self.began + self.seconds:
                    return
                time.sleep(max(0.0, due - time.perf_counter()))
                connection.sendall(request.replace(NUMBER, b"%08d" % number))
                said = _answer(connection)
                if not said.startswith(b"HTTP/1.1 200"):
                    self.failures.append(f"{said[:300]!r}")
                    return
                self.sent[sender] += 1


def _answer(connection: socket.socket) -> bytes:
    """A whole answer. A library would cost the two cores as much as the server does."""
    said = connection.recv(65536)
    while (end := said.find(b"\r\n\r\n")) < 0:
        said += connection.recv(65536)
    length = int(said[:end].lower().partition(b"content-length:")[2].partition(b"\r")[0])
    while len(said) < end + 4 + length:
        said += connection.recv(65536)
    return said


def _used(house: houses.House, before: dict[str, float]) -> dict[str, float]:
    return {name: used - before.get(name, 0.0) for name, used in house.cpu_seconds().items()}


def _bare(house: houses.House) -> tuple[float, float]:
    """The yardstick on the same PostgreSQL: events a second, and a CPU-second of it and of PostgreSQL."""
    with houses.yardstick(house) as (port, process):
        before, own = house.cpu_seconds(), houses.used_by(process)
        requests, wall = Load(port, "/", "", body(BATCH), BARE_SECONDS, 1e9).run()
        cpu = _used(house, before)["postgres"] + houses.used_by(process) - own
    return requests * BATCH / wall, requests * BATCH / cpu


def _caught_up(url: str, *, patience: float = 120) -> float:
    """Seconds until nothing waits for the lake."""
    began = time.perf_counter()
    with psycopg.connect(url, autocommit=True) as connection:
        while time.perf_counter() - began < patience:
            row = connection.execute("SELECT count(*) FROM ledger_parcel").fetchone()
            if row == (0,):
                return time.perf_counter() - began
            time.sleep(0.05)
    raise RuntimeError(f"events still wait for the lake after {patience} seconds")


def _in_lake(house: houses.House) -> int:
    with psycopg.connect(house.url()) as connection:
        row = connection.execute("SELECT coalesce(sum(rows), 0) FROM ledger_relaybatch").fetchone()
    return int(row[0]) if row else 0


def accounts(house: houses.House, key: str) -> None:
    """Make the accounts that the events name, so that the numbers are computed from them meanwhile."""
    groups = [
        {
            "type": "group",
            "messageId": f"g{i}",
            "userId": "u",
            "groupId": f"account-{i}",
            "traits": {"name": f"A{i}"},
        }
        for i in range(ACCOUNTS)
    ]
    connection = http.client.HTTPConnection("127.0.0.1", house.port)
    basic = base64.b64encode(f"{key}:".encode()).decode()
    connection.request(
        "POST", "/v1/batch", json.dumps({"batch": groups}), {"Authorization": f"Basic {basic}"}
    )
    said = connection.getresponse().read()
    if json.loads(said)["accepted"] != ACCOUNTS:
        raise RuntimeError(said.decode())


def measure(*, seconds: float = SECONDS, pace: float = PACE) -> Iterator[str]:
    """One house: the yardstick on its PostgreSQL, then Keepwell, in batches and one event a request."""
    with houses.keepwell() as (house, key):
        accounts(house, key)
        _caught_up(house.url())
        bare_wall, bare_cpu = _bare(house)
        yield f"ingest, bare parse + COPY    {bare_wall:9,.0f} events/s  {bare_cpu:9,.0f} events per CPU-second"
        before, held = house.cpu_seconds(), _in_lake(house)
        requests, wall = Load(house.port, "/v1/batch", key, body(BATCH), seconds, pace / BATCH).run()
        late = _caught_up(house.url())
        used, carried = _used(house, before), _in_lake(house) - held
        rate, cpu = requests * BATCH / wall, requests * BATCH / sum(used[name] for name in COUNTED)
        yield (
            f"ingest, Keepwell, {seconds:.0f} s      {rate:9,.0f} events/s  {cpu:9,.0f} events per CPU-second  "
            f"({cpu / bare_cpu:.0%} of bare; limit 25 %, 20,000/s)"
        )
        parts = ", ".join(
            f"{name} {seconds / requests / BATCH * 1e6:.1f}" for name, seconds in sorted(used.items())
        )
        yield f"  microseconds of CPU an event: {parts}; caught up {late:.1f} s after the end (limit 10 s)"
        yield f"  sent {requests * BATCH:,} events, carried {carried:,} rows with those of the scores"
        before, own = house.cpu_seconds(), time.process_time()
        load = Load(house.port, "/v1/track", key, _alone(), ALONE_SECONDS, 1e9, ALONE_SENDERS)
        requests, wall = load.run()
        own, used = time.process_time() - own, _used(house, before)
        yield f"ingest, one event a request  {requests / wall:9,.0f} events/s of {ALONE_SENDERS} senders (limit 2,000/s)"
        parts = ", ".join(f"{name} {seconds / requests * 1e6:.0f}" for name, seconds in sorted(used.items()))
        yield f"  microseconds of CPU a request: {parts}; the senders themselves {own / requests * 1e6:.0f}"


def _alone() -> bytes:
    call = json.loads(body(1))["batch"][0]
    return msgspec.json.encode(call | {"messageId": f"one-{NUMBER.decode()}"})
