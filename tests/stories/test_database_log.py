"""The folder's own PostgreSQL writes a log; nothing that a customer said stands in it, whatever goes wrong."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from keepwell.config import instance as folders
from tests.stories.conftest import until

MARKER = "grace.hopper@willow.test"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder whose PostgreSQL runs."""
    made = tmp_path_factory.mktemp("kw")
    with folders.postgres(made):
        yield made


def connected(folder: Path) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(folders.recorded_url(folder), autocommit=True)


def log_of(folder: Path) -> str:
    return (folder / "postgres" / "log").read_text()


def says_a_value(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    connection.execute(f"SELECT '{MARKER}'::int")


def sends_a_parameter(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    connection.execute("SELECT 1 / length(%s::text) - length(%s::text)", ["", MARKER])


def breaks_a_key(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    connection.execute("CREATE TEMPORARY TABLE people (email text PRIMARY KEY)")
    for _ in range(2):
        connection.execute("INSERT INTO people VALUES (%s)", [MARKER])


def copies_a_bad_line(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    connection.execute("CREATE TEMPORARY TABLE scores (email text, score int)")
    with connection.cursor().copy("COPY scores FROM STDIN") as copy:
        copy.write(f"{MARKER}\tmany {MARKER}\n")


def raises_in_a_function(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    connection.execute(f"DO $$ BEGIN RAISE EXCEPTION 'nobody is called {MARKER}'; END $$")


@pytest.mark.parametrize(
    "deed", [says_a_value, sends_a_parameter, breaks_a_key, copies_a_bad_line, raises_in_a_function]
)
def test_a_failed_statement_leaves_no_value_in_the_log(folder: Path, deed: Callable[..., None]) -> None:
    with connected(folder) as connection, pytest.raises(psycopg.Error):
        deed(connection)
    assert "ready to accept connections" in log_of(folder)
    assert MARKER not in log_of(folder)


def test_a_crash_is_told_without_what_was_being_done(folder: Path) -> None:
    victim = connected(folder)
    running = threading.Thread(target=_fail_to_sleep, args=(victim,))
    running.start()
    with connected(folder) as watching:
        asked = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND state = 'active' AND query ~ 'sleep'"
        assert until(lambda: watching.execute(asked, [victim.info.backend_pid]).fetchone())
    os.kill(victim.info.backend_pid, signal.SIGKILL)
    running.join()
    assert until(lambda: "was terminated by signal 9" in log_of(folder))
    assert until(lambda: _answers(folder))
    assert MARKER not in log_of(folder)


def _fail_to_sleep(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    with suppress(psycopg.OperationalError):
        connection.execute(f"SELECT pg_sleep(60), '{MARKER}'")


def _answers(folder: Path) -> bool:
    try:
        with connected(folder) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False
