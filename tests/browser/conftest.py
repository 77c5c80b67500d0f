"""A real browser on the pages of a lived book."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from keepwell.faces import clock, live
from tests.faces.web import book, office
from tests.world import NOW, World

# Playwright's own event loop runs in this thread, so Django would refuse to ask the database from here.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

Open = Callable[..., Page]
PATIENCE = 180_000  # ms: a busy machine is no failure
expect.set_options(timeout=PATIENCE / 3)

# What an address refuses is for the test to judge; that a form's newer question takes the place of an older is no fault. (htmx
# says of any request that ended without an answer that it is over, and in a line of its own how: aborted, failed, timed out.)
NO_FAULT = re.compile("status of (404|422)|^htmx:(sendAbort|afterRequest),")


def _note(complaints: list[str], said: ConsoleMessage) -> None:
    """Keep what the browser complains of."""
    if said.type in ("error", "warning") and not NO_FAULT.search(said.text):
        complaints.append(f"{said.page.url if said.page else ''}: {said.text}")


def _hang_up() -> None:
    """Wait until the server has answered all that the browser asked.

    A page may be left while it still asks for a part. The database is emptied next, and whoever reads then waits for it
    crosswise.
    """
    live.hub.tell('{"topic": "end", "session": null}')
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(PATIENCE / 1000)
            assert not thread.is_alive(), "the server still answers, though the browser has gone"


@pytest.fixture(scope="session", autouse=True)
def _streams_end() -> Iterator[None]:
    """Nobody listens to the database of the tests once it goes."""
    yield
    live.hub.tell('{"topic": "end", "session": null}')
    if live.hub._listener is not None:
        live.hub._listener.join(20)


@pytest.fixture
def lived(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> World:
    """The cast with a life behind it, at a moment that stands still."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }

    def now() -> datetime:
        return NOW

    monkeypatch.setattr(clock, "now", now)
    return book.build()


@pytest.fixture
def worked(lived: World) -> World:
    """The same with a desk full of work."""
    office.build()
    return lived


@pytest.fixture
def open_as(chromium: Browser, live_server: LiveServer, lived: World) -> Iterator[Open]:
    """Open a page as a person of the cast; what the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(user: Any, path: str, *, width: int = 1440, theme: str = "light", script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            locale="en-GB",
            viewport={"width": width, "height": 900 if width > 500 else 844},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=script,
        )
        context.set_default_timeout(PATIENCE / 3)
        context.set_default_navigation_timeout(PATIENCE)
        contexts.append(context)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: _note(complaints, said))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    _hang_up()
    assert not complaints, complaints
