"""`keepwell serve`: prepare the house on its first start, then keep web, relay and worker running until told to stop."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError

from keepwell.access.actions import live
from keepwell.config import first_start, instance, schema

STOP_PATIENCE_SECONDS = 25
CRASHES_ALLOWED = 5
CALM_SECONDS = 60
_PR_SET_PDEATHSIG = 1


class Stopped(Exception):
    """Ctrl-C or a signal to end."""


def run(*, host: str, port: int, demo: bool, pack: str) -> None:
    """Serve until SIGINT or SIGTERM. Gives up with the child's last word when one keeps crashing."""
    _refuse_taken(host, port)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        _prepare(demo=demo, pack=pack)
        with _children(host, port) as children:
            _announce(host, port)
            _keep_running(children)
    except Stopped:
        typer.echo("\nStopped.")


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as failure:
            typer.echo(
                f"Cannot listen on {host}:{port}: {failure.strerror}. Choose another port: keepwell serve --port N",
                err=True,
            )
            raise typer.Exit(1) from None


def _prepare(*, demo: bool, pack: str) -> None:
    applied = schema.bring_up_to_date()
    if applied:
        typer.echo(f"Database ready ({applied} migrations applied).")
    _collect_static()
    first_start.run(demo=demo, pack=pack)


def _collect_static() -> None:
    """Copy the pages' files once for each state of the program, so that a later start does not pay for it."""
    stamp = Path(settings.STATIC_ROOT) / "collected.txt"
    source = Path(__file__).parents[1]
    newest = max(f.stat().st_mtime_ns for f in source.glob("faces/**/static/**/*") if f.is_file())
    state = f"{source} {newest} {os.stat(__file__).st_mtime_ns}"
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(state)


def _commands(host: str, port: int) -> dict[str, list[str]]:
    own = [sys.executable, "-m"]
    web = [*own, "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "1"]
    web += [
        "--blocking-threads",
        str(settings.KEEPWELL_THREADS + settings.KEEPWELL_LIVE_STREAMS),
        "--log-level",
        "warning",
    ]
    return {
        "web": [*web, "keepwell.config.wsgi:application"],
        "relay": [*own, "keepwell.config.carry"],
        "worker": [*own, "keepwell.config.work"],
    }


@contextmanager
def _children(host: str, port: int) -> "Iterator[dict[str, subprocess.Popen[bytes]]]":
    commands = _commands(host, port)
    children = {name: _spawn(command) for name, command in commands.items()}
    try:
        yield children
    finally:
        _end_streams()
        for child in children.values():
            child.terminate()
        deadline = time.monotonic() + STOP_PATIENCE_SECONDS
        for child in children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _end_streams() -> None:
    """Let pages that listen for changes go, so that the web process need not be waited for; they come back by themselves."""
    with suppress(DatabaseError):
        live.end(session=None)


def _spawn(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, preexec_fn=_die_with_parent, start_new_session=True)  # noqa: PLW1509


def _die_with_parent() -> None:
    """On Linux a child ends with its parent even when that is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _announce(host: str, port: int) -> None:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    typer.echo(f"\nKeepwell serves on http://{shown}:{port}/ (Ctrl-C stops it)")
    for line in first_start.sign_in_hint():
        typer.echo(line)


def _revive_database() -> None:
    """Start the folder's PostgreSQL again when it ended; as often as it takes, for a full disk may last."""
    folder = Path(settings.KEEPWELL_DATA)
    if os.environ.get("DATABASE_URL") != instance.recorded_url(folder):
        return  # a server of somebody else's
    try:
        if instance.revive(folder):
            typer.echo("The database had ended; it runs again.", err=True)
    except Exception as failure:
        typer.echo(f"The database has ended and cannot be started yet: {failure}", err=True)
        time.sleep(5)


def _keep_running(children: "dict[str, subprocess.Popen[bytes]]") -> None:
    """Start a child again when it ends by itself; a child that keeps ending is a failure to be told."""
    crashes: dict[str, list[float]] = {name: [] for name in children}
    while True:
        _revive_database()
        for name, child in children.items():
            if child.poll() is None:
                continue
            now = time.monotonic()
            crashes[name] = [c for c in crashes[name] if now - c < CALM_SECONDS]
            if (
                child.returncode != -signal.SIGKILL
            ):  # somebody else's doing: an operator, or a host short of memory
                crashes[name].append(now)
            if len(crashes[name]) > CRASHES_ALLOWED:
                typer.echo(
                    f"The {name} keeps ending (last exit code {child.returncode}); see its output above.",
                    err=True,
                )
                raise typer.Exit(1)
            typer.echo(f"The {name} ended with exit code {child.returncode}; starting it again.", err=True)
            children[name] = _spawn(list(child.args))  # type: ignore[arg-type]
        time.sleep(0.5)
