"""Load on an instance whose processes are killed outright, and the count of what came through."""

import base64
import http.client
import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl
import psutil
import psycopg

from keepwell.ledger.event import bytes_of
from tests.stories.conftest import Instance, until

BATCH, SENDERS = 20, 3
PARTS = {"web": "granian", "relay": "config.carry", "worker": "config.work"}


@dataclass
class Load:
    """Senders that number their events and send a batch again until it is acknowledged, as an SDK does."""

    instance: Instance
    key: str
    acknowledged: list[str] = field(default_factory=list)
    repeated: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin to send."""
        self._threads = [threading.Thread(target=self._send, args=(i,)) for i in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End once every batch that was begun is acknowledged."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _send(self, sender: int) -> None:
        number = 0
        while not self._stop.is_set():
            names = [f"{sender}-{number}-{i}" for i in range(BATCH)]
            body = json.dumps({"batch": [self._call(name) for name in names]}).encode()
            while not self._accepted(body):
                self.repeated += 1
                time.sleep(0.1)
            self.acknowledged.extend(names)
            number += 1
            time.sleep(0.005)

    def _call(self, name: str) -> dict[str, object]:
        who = {"userId": f"u{name[-1]}", "context": {"groupId": "elm"}}
        return {
            "type": "track",
            "event": "login",
            "messageId": name,
            "timestamp": "2026-01-05T10:00:00Z",
        } | who

    def _accepted(self, body: bytes) -> bool:
        basic = base64.b64encode(f"{self.key}:".encode()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", self.instance.port, timeout=60)
        try:
            connection.request("POST", "/v1/batch", body, {"Authorization": f"Basic {basic}"})
            answer = connection.getresponse()
            answer.read()
            return answer.status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def victims(instance: Instance) -> dict[str, psutil.Process]:
    """The processes of an instance that may die at any time, by name."""
    assert instance.process is not None
    children = psutil.Process(instance.process.pid).children()
    found: dict[str, psutil.Process] = {}
    for child in children:
        try:
            words = " ".join(child.cmdline())
        except psutil.Error:  # dead, and not yet noticed by who started it
            continue
        found |= {name: child for name, sign in PARTS.items() if sign in words}
    return found


def kill(instance: Instance, name: str) -> None:
    """Kill one of them outright, with everything it started."""
    assert until(lambda: name in victims(instance)), f"no {name} runs"
    victim = victims(instance)[name]
    family = [victim, *victim.children(recursive=True)]
    for process in family:
        try:
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def whom(kills: int, *, seed: int) -> Iterator[tuple[str, float]]:
    """Who dies next, and after how many seconds: the relay most often, for it has the most to lose."""
    draw = random.Random(seed)
    names = ["relay", "web", "worker", *draw.choices(["relay", "web", "worker"], [3, 2, 1], k=kills)]
    for name in names[:kills]:
        yield name, draw.uniform(0.2, 1.5)


def nothing_waits(instance: Instance) -> bool:
    """Whether the relay has carried everything."""
    with psycopg.connect(_url(instance)) as connection:
        waiting = connection.execute("SELECT count(*) FROM ledger_parcel").fetchone()
        unfinished = connection.execute(
            "SELECT count(*) FROM ledger_relaybatch WHERE lake_version IS NULL"
        ).fetchone()
    return (waiting, unfinished) == ((0,), (0,))


def scores_rest_on(instance: Instance) -> list[tuple[int, int]]:
    """The lake's batches and versions that the stored scores say they were computed from."""
    with psycopg.connect(_url(instance)) as connection:
        return connection.execute("SELECT DISTINCT batch, lake_version FROM health_score").fetchall()


def versions(instance: Instance) -> dict[int, int]:
    """The lake's version that each batch of the relay made."""
    with psycopg.connect(_url(instance)) as connection:
        return dict(connection.execute("SELECT number, lake_version FROM ledger_relaybatch").fetchall())


def came_through_once(instance: Instance, acknowledged: list[str]) -> None:
    """Each acknowledged event is in the lake, once, and nothing else of this source is."""
    exported = instance.folder / "export"
    instance.run("export", str(exported))
    stored = pl.read_parquet(exported / "events.parquet").filter(pl.col("source") == "app")
    ids = stored.filter(pl.col("kind") == "usage")["id"]
    expected = {bytes_of(f"app:{name}") for name in acknowledged}
    assert len(acknowledged) == len(expected)
    assert ids.n_unique() == ids.len(), "an event is in the lake twice"
    assert set(ids.to_list()) == expected


def _url(instance: Instance) -> str:
    return str(json.loads((instance.folder / "postgres.json").read_text())["url"])
