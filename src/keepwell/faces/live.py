"""Words of change, fanned out within this process to the pages that are looked at.

One connection to PostgreSQL listens for all; a stream itself holds none, only a thread that sleeps. What goes out is the name
of what changed, never the change: the page asks for its part again, with its own rights.
"""

import json
import logging
import queue
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import psycopg
from django.db import connection

from keepwell.access.actions.live import CHANNEL

HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 600.0
RETRY_MILLISECONDS = 3000
MOST_PER_PERSON = 6
MOST_WAITING = 100
AGAIN_SECONDS = (1, 2, 5, 10)

log = logging.getLogger(__name__)


class Full(Exception):
    """All places for streams are taken; the page asks now and then instead."""


class Stream:
    """One page that is looked at: an iterator of server-sent events that ends by itself, or when its person signs out."""

    def __init__(self, hub: "Hub", user_id: int, session: str) -> None:
        self.user_id, self.session = user_id, session
        self._hub = hub
        self._said: queue.Queue[str | None] = queue.Queue(MOST_WAITING)
        self._until = time.monotonic() + LONGEST_SECONDS

    def put(self, topic: str | None) -> None:
        """Pass on what changed, or None for the end; a page that does not keep up is told to look at everything."""
        try:
            self._said.put_nowait(topic)
        except queue.Full:
            while not self._said.empty():
                self._said.get_nowait()
            self._said.put_nowait("all" if topic is not None else None)

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield f"retry: {RETRY_MILLISECONDS}\nevent: hello\ndata: all\n\n".encode()
            while time.monotonic() < self._until:
                try:
                    topic = self._said.get(timeout=HEARTBEAT_SECONDS)
                except queue.Empty:
                    yield b": still here\n\n"
                    continue
                if topic is None:
                    return
                yield f"event: change\ndata: {topic}\n\n".encode()
        finally:
            self.close()

    def close(self) -> None:
        """Give the place back; Django calls this too when the browser has gone."""
        self._hub.leave(self)


class Hub:
    """The streams of this process, and the one listener that feeds them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams: set[Stream] = set()
        self._listener: threading.Thread | None = None

    def join(self, *, user_id: int, session: str, most: int) -> Stream:
        """A new stream; refuses when all places, or all of this person's, are taken."""
        with self._lock:
            own = sum(stream.user_id == user_id for stream in self._streams)
            if len(self._streams) >= most or own >= MOST_PER_PERSON:
                raise Full
            stream = Stream(self, user_id, session)
            self._streams.add(stream)
            if self._listener is None or not self._listener.is_alive():
                self._listener = threading.Thread(target=self._listen, name="live", daemon=True)
                self._listener.start()
        return stream

    def leave(self, stream: Stream) -> None:
        """The page is not looked at any more."""
        with self._lock:
            self._streams.discard(stream)

    def count(self) -> int:
        """How many pages are looked at."""
        with self._lock:
            return len(self._streams)

    def tell(self, payload: str) -> None:
        """Pass a notification on to those whom it concerns."""
        said = json.loads(payload)
        topic, users, session = said["topic"], said.get("users"), said.get("session")
        with self._lock:
            streams = list(self._streams)
        for stream in streams:
            if topic == "end":
                if session is None or stream.session == session:
                    stream.put(None)
            elif users is None or stream.user_id in users:
                stream.put(topic)

    def _listen(self) -> None:
        """Listen as long as anybody looks; after a break everybody looks anew, for something may have been missed."""
        failures = 0
        while self.count():
            try:
                with psycopg.connect(**_parameters(), autocommit=True) as listening:
                    listening.execute(f"LISTEN {CHANNEL}")
                    if failures:
                        self.tell(json.dumps({"topic": "all"}))
                    failures = 0
                    while self.count():
                        for word in listening.notifies(timeout=1.0):
                            self.tell(word.payload)
            except psycopg.Error as failure:
                log.warning("live updates lost the database and try again: %s", failure)
                time.sleep(AGAIN_SECONDS[min(failures, len(AGAIN_SECONDS) - 1)])
                failures += 1


def _parameters() -> dict[str, Any]:
    """Where Django's database is, without what concerns only Django's own connections."""
    known = connection.get_connection_params()
    return {name: value for name, value in known.items() if name not in ("context", "cursor_factory")}


def digest(session_key: str | None) -> str:
    """A session as it is named in notifications."""
    return sha256((session_key or "").encode()).hexdigest()


hub = Hub()
