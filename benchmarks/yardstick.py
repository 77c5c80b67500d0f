"""The least that durable ingestion can do: decode the JSON, COPY the events into one table, answer."""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import psycopg

_local = threading.local()


def _connection() -> psycopg.Connection[Any]:
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(os.environ["DATABASE_URL"])
    return _local.connection  # type: ignore[no-any-return]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI: store the batch in the body, durably."""
    batch = msgspec.json.decode(environ["wsgi.input"].read())["batch"]
    connection = _connection()
    with connection.cursor().copy("COPY yardstick (id, person, name, at, props) FROM STDIN") as copy:
        for call in batch:
            props = msgspec.json.encode(call["properties"]).decode()
            copy.write_row((call["messageId"], call["userId"], call["event"], call["timestamp"], props))
    connection.commit()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"success": true}']
