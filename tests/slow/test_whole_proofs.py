"""Whole public sets proven on the web; the normal run takes samples of them."""

import os
import signal
from pathlib import Path

import pytest

from tests.health.public_sets import folder
from tests.slow import test_proofs_on_the_web as web
from tests.slow.test_proofs_on_the_web import desk
from tests.stories.conftest import Instance, instance
from tests.stories.desk import MINUTE, Desk

__all__ = ["desk", "instance"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_all_organisations_whatever_becomes_of_the_server(
    desk: Desk, instance: Instance, shared_data: Path
) -> None:
    desk.patience = 40 * MINUTE
    events = web.organisations(folder(shared_data, "openstack_org_events"), every=1)
    web.built_activity(desk, events)
    desk.ask("activity:1", horizon=web.SILENT)
    desk.sees("Replaying the past as known then")
    assert instance.process is not None
    os.kill(instance.process.pid, signal.SIGKILL)
    instance.process.wait()
    instance.serve("--no-demo")
    desk.page.reload()
    desk.watch()
    found, counted = web.told(desk, instance), web.counted_activity(events)
    print(
        f"{counted.rows:,} days, {counted.departures:,} departures, AUC {found.auc:.4f} and {counted.auc:.4f}"
    )
    web.agrees(found, counted)
    assert desk.verdict() in ("Proven", "Weak")
    assert desk.verdict() in desk.publish("activity")


def test_all_subscriptions(desk: Desk, instance: Instance, shared_data: Path) -> None:
    desk.patience = 40 * MINUTE
    found = web.subscriptions(folder(shared_data, "cs_sim_A"), every=1)
    assert "In force" in web.weekly(desk, instance, found)
