"""Seconds from the answer to a tracked event until the account's stored metric and score hold it."""

import base64
import json
import time
from collections.abc import Iterator

import httpx
import psycopg

from benchmarks import houses

EVENTS = 25
VALUE = "SELECT value FROM metrics_metricvalue WHERE metric = 'active_people' ORDER BY as_of DESC LIMIT 1"
SCORED = """
    SELECT count(*) FROM health_standing p JOIN health_score s ON s.id = p.score_id
    WHERE s.batch = (SELECT max(batch) FROM pipeline_watermark)
"""


def _send(client: httpx.Client, **call: object) -> None:
    client.post("/v1/" + str(call.pop("to")), content=json.dumps(call)).raise_for_status()


def _until_counted(connection: "psycopg.Connection[tuple[float]]", people: int) -> float:
    started = time.perf_counter()
    while time.perf_counter() - started < 60:
        row = connection.execute(VALUE).fetchone()
        if row and row[0] == people and connection.execute(SCORED).fetchone() == (1,):
            return time.perf_counter() - started
        time.sleep(0.01)
    raise RuntimeError(f"the metric did not reach {people} within a minute")


def measure() -> Iterator[str]:
    """One account, one new person at a time."""
    with houses.keepwell() as (house, key):
        url = json.loads((house.folder / "postgres.json").read_text())["url"]
        basic = base64.b64encode(f"{key}:".encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/json"}
        with (
            psycopg.connect(url, autocommit=True) as connection,
            httpx.Client(base_url=f"http://127.0.0.1:{house.port}", headers=headers) as client,
        ):
            _send(client, to="group", userId="operator", groupId="elm", traits={"name": "Elm"})
            taken = []
            for person in range(1, EVENTS + 1):
                _send(client, to="track", userId=f"u{person}", event="login", context={"groupId": "elm"})
                taken.append(_until_counted(connection, person))
    ordered = sorted(taken[1:])
    yield f"fact to score                p50 {ordered[len(ordered) // 2]:.2f} s, p95 {ordered[int(0.95 * len(ordered))]:.2f} s"
