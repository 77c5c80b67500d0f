"""Say to whoever looks at a page that something on it has changed; what it is, the page asks for itself.

The word goes out with the transaction. PostgreSQL lets transactions that notify commit one after the other, so nothing that
takes events in may say anything here.
"""

import json
from collections.abc import Collection

from django.db import connection

CHANNEL = "keepwell_live"
MOST_NAMED = 400  # a notification holds 8,000 bytes


def announce(topic: str, *, users: Collection[int] | None = None) -> None:
    """Say that a topic ("bell", "incidents", "today", "import:7") changed for some people; None: whoever looks. One query."""
    named = None if users is None or len(users) > MOST_NAMED else sorted(set(users))
    _notify({"topic": topic, "users": named})


def end(*, session: str | None) -> None:
    """Say that somebody signed out: whatever streams to that session ends. `session` is a digest of its key; None ends all."""
    _notify({"topic": "end", "session": session})


def _notify(said: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(said)])
