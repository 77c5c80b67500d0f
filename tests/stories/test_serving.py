"""One command to run: started, refused twice, stopped, killed, started again."""

import os
import signal
import subprocess
import time

import httpx
import psycopg

from keepwell.config import instance as folders
from tests.stories.conftest import Instance, free_port, until


def test_an_instance_starts_refuses_a_second_and_stops_cleanly(instance: Instance) -> None:
    instance.serve("--no-demo")
    assert httpx.get(f"{instance.url}/healthz", timeout=60).json() == {
        "ready": True,
        "web": True,
        "database": True,
        "lake": True,
        "worker": True,
        "relay": True,
        "disk": True,
    }
    second = subprocess.run(
        instance.command("serve", "--port", str(free_port())),
        env=instance.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode != 0
    assert "already serves the data folder" in second.stderr
    assert instance.stop() == 0
    assert not folders.is_served(instance.folder)
    assert until(lambda: not instance.has_a_server()), instance.last_words()


def test_a_killed_instance_leaves_nothing_that_the_next_start_cannot_mend(instance: Instance) -> None:
    instance.serve("--no-demo")
    key = instance.run("source", "create", "app").stdout.strip()
    call = {
        "type": "track",
        "userId": "u1",
        "event": "login",
        "messageId": "m1",
        "context": {"groupId": "elm"},
    }
    assert httpx.post(f"{instance.url}/v1/track", json=call, auth=(key, ""), timeout=60).status_code == 200
    assert instance.process is not None
    os.kill(instance.process.pid, signal.SIGKILL)
    instance.process.wait()
    until(lambda: not _answers(instance))
    instance.serve("--no-demo")
    again = httpx.post(f"{instance.url}/v1/track", json=call, auth=(key, ""), timeout=60)
    assert again.json()["accepted"] == 1
    assert until(lambda: _stored(instance) == 1)


def _answers(instance: Instance) -> bool:
    try:
        return httpx.get(f"{instance.url}/healthz", timeout=2).status_code > 0
    except httpx.TransportError:
        return False


def _stored(instance: Instance) -> int:
    found = instance.json("doctor")
    identity = next(check for check in found if check["name"] == "identity")
    return int(identity["found"].split()[0])


def test_a_taken_port_is_told(instance: Instance) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", instance.port))
        taken.listen()
        refused = instance.run("serve", "--no-demo", ok=False)
    assert f"Cannot listen on 127.0.0.1:{instance.port}" in refused.stderr
    assert "--port" in refused.stderr


def test_commands_work_without_a_running_instance_and_leave_no_server(instance: Instance) -> None:
    instance.run(
        "user", "create", "ada@fernhill.test", "--password", "correct horse battery", "--role", "csm"
    )
    assert instance.json("user", "list") == [{"email": "ada@fernhill.test", "name": "", "role": "csm"}]
    assert until(lambda: not instance.has_a_server()), instance.last_words()


def test_database_url_names_any_postgresql(instance: Instance) -> None:
    started = time.monotonic()
    own = os.environ["DATABASE_URL"]
    name = f"kw_{os.getpid()}_{int(started)}"
    with psycopg.connect(own, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            url = own.replace("/postgres?", f"/{name}?")
            environment = instance.environment | {"DATABASE_URL": url}
            done = subprocess.run(
                instance.command("user", "create", "x@fernhill.test", "--password", "correct horse battery"),
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            with psycopg.connect(url) as other:
                assert other.execute("SELECT email FROM access_user").fetchall() == [("x@fernhill.test",)]
            assert not (instance.folder / "postgres").exists()
        finally:
            admin.execute(f"DROP DATABASE {name}")
