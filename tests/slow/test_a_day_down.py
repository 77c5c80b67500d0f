"""A worker that is down for a day: what came in meanwhile and what fell due is done once when it is back, by real processes.

The worker is killed and its successor held before it works. Facts come in by the web and the relay, dated over the day. That a
day passed is said in rows: what ran and when was looked is moved back, with what the queue noted of what it deferred.
"""

import base64
import json
import os
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from keepwell.faces import clock
from tests import smtp
from tests.stories import killing
from tests.stories.conftest import Instance, instance, until

__all__ = ["instance"]
ACCOUNTS, PASSWORD = 8, "correct horse battery"
CSM = "ada@fernhill.test"
RULE = {
    "severity": "critical",
    "when": {"of": "event.alarm.raised", "above": 0, "in_days": 30},
    "opens": {"title": "Alarm", "tasks": [{"title": "Call them", "role": "csm", "clock": "call"}]},
}
CARE = "care@customer.test"
LETTER = {"kind": "mail", "to": CARE, "text": "Hello."}
STEPS = [
    {"slug": "write", "title": "Write", "subject": "First {name}", **LETTER},
    {
        "slug": "again",
        "title": "Again",
        "subject": "Second {name}",
        "after": ["write:sent"],
        "day": 1,
        **LETTER,
    },
    {"slug": "call", "title": "Call {name}", "role": "csm", "after": ["write:sent"]},
]
BOOK = {"sentence": "For tests.", "starts": {"rules": ["raised"]}, "steps": STEPS}
PASSED = """
    UPDATE plays_run SET started_at = started_at - %(day)s, next_at = next_at - %(day)s, looked_at = looked_at - %(day)s;
    UPDATE plays_runstep SET begins_at = begins_at - %(day)s, began_at = began_at - %(day)s, due_at = due_at - %(day)s,
        ended_at = ended_at - %(day)s;
    UPDATE plays_playmark SET looked_at = looked_at - %(day)s;
    UPDATE plays_incident SET opened_at = opened_at - %(day)s, due_at = due_at - %(day)s;
    UPDATE signals_watch SET looked_at = looked_at - %(day)s, day = day - 1;
    UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - %(day)s;
    UPDATE procrastinate_periodic_defers SET defer_timestamp = defer_timestamp - 86400;
"""
# How often each of these happened to an account: fired, opened, called for, written to, done, told.
COUNTS = """
    SELECT a.key,
        (SELECT count(*) FROM signals_firing f WHERE f.account_id = a.id),
        (SELECT count(*) FROM plays_incident i WHERE i.account_id = a.id),
        (SELECT count(*) FROM plays_task t WHERE t.account_id = a.id AND t.title = 'Call them'),
        (SELECT count(*) FROM plays_run r WHERE r.account_id = a.id),
        (SELECT count(*) FROM plays_message m WHERE m.account_id = a.id AND m.state = 'sent'),
        (SELECT count(*) FROM plays_message m WHERE m.account_id = a.id),
        (SELECT count(*) FROM plays_task t WHERE t.account_id = a.id AND t.title = 'Call ' || a.name)
    FROM ledger_account a ORDER BY a.key
"""
ONCE, TWICE = (1, 1, 1, 1, 1, 1, 1), (1, 1, 1, 1, 2, 2, 1)


@pytest.mark.slow
def test_what_came_on_the_day_and_what_fell_due_is_done_once(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = smtp.MailServer(tmp_path)
    monkeypatch.setenv("KEEPWELL_SMTP", f"smtp://127.0.0.1:{server.port}")
    with server.running():
        key = begin(instance)
        raise_alarm(instance, key, 0, hours_ago=0)
        assert until(lambda: counted(instance)["n0"] == ONCE), counted(instance)
        assert until(lambda: len(told(server)[CARE]) == 1)
        held = hold_back(instance)
        for n in range(1, ACCOUNTS):
            raise_alarm(instance, key, n, hours_ago=24 - 3 * n)
        assert until(lambda: killing.nothing_waits(instance)), "the relay works on"
        assert {one for name, one in counted(instance).items() if name != "n0"} == {(0,) * 7}, "nobody works"
        asked(instance, PASSED)
        os.kill(held, signal.SIGKILL)
        assert until(lambda: whole(counted(instance))), counted(instance)
        settled = {name: Counter(subjects) for name, subjects in told(server).items()}
        killing.kill(instance, "worker")  # and what was done is not done again
        assert until(lambda: killing.victims(instance).get("worker"))
        raise_alarm(instance, key, ACCOUNTS, hours_ago=0)
        assert until(lambda: counted(instance)[f"n{ACCOUNTS}"] == ONCE), counted(instance)
        assert whole({name: one for name, one in counted(instance).items() if name != f"n{ACCOUNTS}"})
        assert until(lambda: len(calls(server)) > ACCOUNTS), calls(server)
    wanted = [f"First Nettle {n}" for n in range(ACCOUNTS)] + ["Second Nettle 0"]
    assert settled[CARE] == Counter(wanted)
    found = Counter(told(server)[CARE])
    assert found == Counter([*wanted, f"First Nettle {ACCOUNTS}"])
    assert Counter(calls(server)) == Counter(
        f"You are called to an incident of Nettle {n}" for n in range(ACCOUNTS + 1)
    )


def begin(instance: Instance) -> str:
    """A company that works every day, a success manager, accounts, the rule and its playbook; gives the key of a source."""
    instance.serve("--no-demo")
    instance.run("user", "create", "root@fernhill.test", "--password", PASSWORD, "--role", "admin")
    instance.run("user", "create", CSM, "--password", PASSWORD, "--role", "csm")
    path = instance.folder / "accounts.csv"
    rows = "".join(f"n{n},Nettle {n},{CSM}\n" for n in range(ACCOUNTS + 1))
    path.write_text(f"key,name,owner\n{rows}")
    instance.run("import", "accounts", str(path))
    token = instance.run("token", "create", "tests").stdout.split()[-1]
    signed = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{instance.url}/api/v1", headers=signed, timeout=60) as rest:
        rest.patch("/company", json={"working_days": [*range(1, 8)]}).raise_for_status()
        rest.put("/playbooks/care/draft", json={"title": "Care", "definition": BOOK}).raise_for_status()
        rest.post("/playbooks/care/publication", json={"number": 1}).raise_for_status()
        rest.put("/rules/raised/draft", json={"title": "Raised", "definition": RULE}).raise_for_status()
        rest.post("/rules/raised/publication", json={"number": 1}).raise_for_status()
        assert until(lambda: rest.get("/rules/raised").json()["begun_at"])
    return instance.run("source", "create", "app", "--vouch").stdout.strip()


def raise_alarm(instance: Instance, key: str, n: int, *, hours_ago: int) -> None:
    """Send one, as an SDK does."""
    at = clock.now() - timedelta(hours=hours_ago)
    call: dict[str, Any] = {
        "type": "track", "event": "alarm.raised", "messageId": f"m{n}", "userId": "u",
        "timestamp": at.isoformat(), "context": {"groupId": f"n{n}"},
    }  # fmt: skip
    basic = {"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"}
    httpx.post(
        f"{instance.url}/v1/batch", json={"batch": [call]}, headers=basic, timeout=60
    ).raise_for_status()


def hold_back(instance: Instance) -> int:
    """Kill the worker outright, and stop the one that is started in its place before it has begun; gives its process."""
    was = killing.victims(instance)["worker"].pid
    killing.kill(instance, "worker")

    def successor() -> int:
        found = killing.victims(instance).get("worker")
        return found.pid if found is not None and found.pid != was else 0

    held = int(until(successor))
    assert held, "no other worker was started"
    os.kill(held, signal.SIGSTOP)
    return held


def asked(instance: Instance, sql: str) -> list[tuple[Any, ...]]:
    """Ask the instance's database, or tell it that a day and an hour passed."""
    url = json.loads((instance.folder / "postgres.json").read_text())["url"]
    with psycopg.connect(url, autocommit=True) as connection:
        found = []
        for one in sql.split(";\n"):
            if one.strip():
                said = one.replace("%(day)s", "interval '25 hours'")
                answer = connection.execute(said)  # type: ignore[arg-type]
                found = answer.fetchall() if answer.description else []
    return found


def counted(instance: Instance) -> dict[str, tuple[int, ...]]:
    """What happened to each account, how often."""
    return {key: tuple(counts) for key, *counts in asked(instance, COUNTS)}


def whole(found: dict[str, tuple[int, ...]]) -> bool:
    """Whether everything was done once: of the first account also what fell due on the day."""
    return all(one == (TWICE if key == "n0" else ONCE) for key, one in found.items() if key != f"n{ACCOUNTS}")


def calls(server: smtp.MailServer) -> list[str]:
    """What called the success manager."""
    return [subject for subject in told(server)[CSM] if subject.startswith("You are called")]


def told(server: smtp.MailServer) -> dict[str, list[str]]:
    """What arrived, by whom it was sent to."""
    found: dict[str, list[str]] = {CSM: [], CARE: []}
    for mail in server.arrived():
        found.setdefault(str(mail["To"]), []).append(str(mail["Subject"]))
    return found
