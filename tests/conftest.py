"""Fixtures for all tests: a lake of one's own, and no network but the loopback."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connection
from pytest_django import Settings

from tests.chromium import chromium

__all__ = ["chromium"]  # here, so that a session has one: two would be two loops in one thread

# No test is timed: a busy machine is no failure. The same code draws the same examples everywhere; who looks for new ones
# says `--hypothesis-profile=exploring`.
UNTIMED = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture]
for name, derandomize in (("steady", True), ("exploring", False)):
    hypothesis.settings.register_profile(
        name, deadline=None, suppress_health_check=UNTIMED, derandomize=derandomize
    )
hypothesis.settings.load_profile("steady")

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def _own_lake(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Each test that touches the database has an empty lake to itself, and passwords that are quick to check."""
    marked = request.node.get_closest_marker("django_db") is not None
    if marked or {"db", "transactional_db", "live_server"} & set(request.fixturenames):
        settings: Settings = request.getfixturevalue("settings")
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        settings.KEEPWELL_DATA = tmp_path
        from keepwell.ledger.queries import erased

        erased.forget()


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """A connection to anywhere but this machine is a failure."""
    connect: Callable[[socket.socket, Any], None] = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets beside the checkout; tests that need one skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(
            f"the data sets are not at {SHARED_DATA.relative_to(SHARED_DATA.parents[2])} beside the checkout"
        )
    return SHARED_DATA


@pytest.fixture
def nothing_yet(transactional_db: None) -> Iterator[None]:
    """A schema of its own, in which no migration has run."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA upgraded; SET search_path TO upgraded")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA upgraded CASCADE; SET search_path TO public")
