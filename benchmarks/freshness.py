"""Seconds from a tracked event until the account's stored metric holds it, while a thousand events a second come in."""

import base64
import http.client
import json
import threading
import time
from collections.abc import Iterator

import psycopg

from benchmarks import houses, ingest

PACE, SECONDS = 1000, 60
VALUE = """
    SELECT v.value FROM metrics_metricvalue v JOIN ledger_account a ON a.id = v.account_id
    WHERE a.key = 'probe' AND v.metric = 'active_people' ORDER BY v.as_of DESC LIMIT 1
"""


def send(port: int, key: str, call: dict[str, object]) -> None:
    """One call over HTTP; raises unless it is taken."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    basic = base64.b64encode(f"{key}:".encode()).decode()
    connection.request("POST", f"/v1/{call['type']}", json.dumps(call), {"Authorization": f"Basic {basic}"})
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(said.decode())


def _until_counted(connection: "psycopg.Connection[tuple[float | None]]", people: int) -> float:
    started = time.perf_counter()
    while time.perf_counter() - started < 60:
        row = connection.execute(VALUE).fetchone()
        if row and row[0] is not None and row[0] >= people:  # at first nothing is known
            return time.perf_counter() - started
        time.sleep(0.01)
    raise RuntimeError(f"the metric did not reach {people} within a minute")


def _probed(house: houses.House, key: str, until: float) -> list[float]:
    """One new person of one account at a time, and how long each took to be counted."""
    taken: list[float] = []
    with psycopg.connect(house.url(), autocommit=True) as connection:
        while time.perf_counter() < until:
            call = {
                "type": "track",
                "userId": f"u{len(taken)}",
                "event": "login",
                "messageId": f"probe-{len(taken)}",
            }
            send(house.port, key, call | {"context": {"groupId": "probe"}})
            taken.append(_until_counted(connection, len(taken) + 1))
    return sorted(taken[1:])


def measure(*, seconds: float = SECONDS) -> Iterator[str]:
    """A load of 1,000 events a second on 200 accounts, and a probe beside it."""
    with houses.keepwell() as (house, key):
        ingest.accounts(house, key)
        send(house.port, key, {"type": "group", "userId": "operator", "groupId": "probe", "messageId": "g"})
        load = ingest.Load(
            house.port, "/v1/batch", key, ingest.body(ingest.BATCH), seconds, PACE / ingest.BATCH
        )
        sender = threading.Thread(target=load.run)
        sender.start()
        taken = _probed(house, key, time.perf_counter() + seconds)
        sender.join()
    middle, late = taken[len(taken) // 2], taken[int(0.95 * len(taken))]
    yield f"event to metric at {PACE:,}/s    p50 {middle:.2f} s, p95 {late:.2f} s of {len(taken)} (limit p95 2 s)"
