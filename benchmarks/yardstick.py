"""The least that durable ingestion can do: parse the batch, COPY its events into one table, answer."""

import os
from typing import Any

import msgspec
from psycopg_pool import AsyncConnectionPool

ANSWER = b'{"success": true}'
COPY = "COPY yardstick (id, person, name, at, props) FROM STDIN"
pool = AsyncConnectionPool(os.environ["YARDSTICK_URL"], min_size=4, max_size=8, open=False)


def line(call: dict[str, Any]) -> str:
    """One event in PostgreSQL's text format."""
    props = msgspec.json.encode(call["properties"]).decode()
    values = (call["messageId"], call["userId"], call["event"], call["timestamp"], props)
    return "\t".join(values).replace("\\", "\\\\") + "\n"


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """ASGI: store the batch in the body, durably."""
    body, more = b"", scope["type"] == "http"
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await pool.open()
    async with pool.connection() as connection, connection.cursor().copy(COPY) as copy:
        await copy.write("".join(map(line, msgspec.json.decode(body)["batch"])))
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(ANSWER)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": ANSWER})
