"""Clients of the pages: who is signed in, at a moment that stands still."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from keepwell.faces import clock
from tests.faces.web import book
from tests.world import NOW, World

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _pages(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at the cast's moment, and static files need no collecting."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    monkeypatch.setattr(clock, "now", _now)


def _now() -> datetime:
    return NOW


@pytest.fixture
def lived(db: None) -> World:
    """The cast with a life behind it."""
    return book.build()


@pytest.fixture
def sign_in() -> SignIn:
    """A client of a person of the cast; with `htmx=True` it asks as HTMX does."""

    def as_person(user: object, *, htmx: bool = False) -> Client:
        client = Client(headers={"HX-Request": "true"} if htmx else None)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
        return client

    return as_person


@pytest.fixture
def ada(lived: World, sign_in: SignIn) -> Client:
    """Ada, who owns the book."""
    return sign_in(lived.ada)
