"""A worker is killed outright again and again while playbooks run: no step is doubled, none is lost."""

import json
import random
import threading
import time

import httpx
import psycopg
import pytest

from tests.faces.jobs.test_sending import Receiver
from tests.slow.test_alarms_survive import begin, raise_alarm
from tests.stories import killing
from tests.stories.conftest import Instance, instance, until

__all__ = ["instance"]

ACCOUNTS, KILLS = 40, 8
STEPS = [
    {"slug": "first", "title": "First", "kind": "webhook", "channel": "erp"},
    {
        "slug": "mark",
        "title": "Mark",
        "kind": "field",
        "field": "tier",
        "value": "seen",
        "after": ["first:sent"],
    },
    {"slug": "second", "title": "Second", "kind": "webhook", "channel": "erp", "after": ["mark:set"]},
    {"slug": "call", "title": "Call {name}", "role": "csm", "after": ["second:sent"]},
]
BOOK = {"sentence": "For tests.", "starts": {"rules": ["raised"]}, "steps": STEPS}
# Whose run is one, whose three automatic steps are over as they should, whose messages are two and sent, whose task is one.
WHOLE = """
    SELECT count(*) FROM ledger_account a WHERE a.tier = 'seen'
        AND (SELECT count(*) FROM plays_run r WHERE r.account_id = a.id) = 1
        AND (SELECT count(*) FROM plays_runstep s JOIN plays_run r ON r.id = s.run_id WHERE r.account_id = a.id
             AND (s.slug, s.state, s.outcome) IN (('first', 'done', 'sent'), ('mark', 'done', 'set'),
                 ('second', 'done', 'sent'), ('call', 'open', ''))) = 4
        AND (SELECT count(*) FROM plays_message m WHERE m.account_id = a.id) = 2
        AND (SELECT count(*) FROM plays_message m WHERE m.account_id = a.id AND m.state = 'sent') = 2
        AND (SELECT count(*) FROM plays_task t WHERE t.account_id = a.id) = 1
"""
# Ten minutes pass for what a killed worker had in hand.
PASSED = "UPDATE plays_message SET taken_at = taken_at - interval '10 minutes' WHERE state = 'sending'"


@pytest.mark.slow
def test_each_run_does_each_of_its_steps_once(instance: Instance) -> None:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever)
    thread.start()
    try:
        key = begin(instance)
        published(instance, receiver.url)
        draw = random.Random(7)
        for number in range(KILLS):
            for n in range(number * ACCOUNTS // KILLS, (number + 1) * ACCOUNTS // KILLS):
                raise_alarm(instance, key, n)
            time.sleep(draw.uniform(0.5, 4))
            killing.kill(instance, "worker")
            assert until(lambda: "worker" in killing.victims(instance))
        assert until(lambda: whole(instance) == ACCOUNTS), whole(instance)
        time.sleep(3)
        assert whole(instance) == ACCOUNTS
        ids = [headers["webhook-id"] for headers, _ in receiver.heard]
        assert len(set(ids)) == 2 * ACCOUNTS
        assert len(ids) <= 2 * ACCOUNTS + KILLS, (
            "only what was in hand at a kill comes twice, under the same id"
        )
    finally:
        receiver.shutdown()
        thread.join()
        receiver.server_close()


def published(instance: Instance, url: str) -> None:
    """A company that works every day, a channel, and the playbook that the rule starts."""
    token = instance.run("token", "create", "playbooks").stdout.split()[-1]
    signed = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{instance.url}/api/v1", headers=signed) as rest:
        rest.patch("/company", json={"working_days": [*range(1, 8)]}).raise_for_status()
        channel = {"slug": "erp", "title": "ERP", "kind": "webhook", "url": url}
        rest.post("/channels", json=channel).raise_for_status()
        rest.put("/playbooks/care/draft", json={"title": "Care", "definition": BOOK}).raise_for_status()
        rest.post("/playbooks/care/publication", json={"number": 1}).raise_for_status()


def whole(instance: Instance) -> int:
    """For how many accounts everything was done, and done once."""
    url = json.loads((instance.folder / "postgres.json").read_text())["url"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(PASSED)
        row = connection.execute(WHOLE).fetchone()
    assert row is not None
    return int(row[0])
