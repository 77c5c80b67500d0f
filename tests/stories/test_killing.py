"""Processes are killed at random under load: nothing that was acknowledged is lost, nothing counts twice."""

import time

import pytest

from tests.stories import killing
from tests.stories.conftest import Instance, until


@pytest.mark.parametrize(("kills", "seed"), [(3, 11)])
def test_kills_under_load_lose_and_double_nothing(instance: Instance, kills: int, seed: int) -> None:
    survive(instance, kills=kills, seed=seed)


def survive(instance: Instance, *, kills: int, seed: int) -> None:
    """Serve, send, kill, and count."""
    instance.serve("--no-demo")
    key = instance.run("source", "create", "app").stdout.strip()
    instance.run("import", "accounts", str(_elm(instance)))
    load = killing.Load(instance, key)
    load.start()
    try:
        for name, after in killing.whom(kills, seed=seed):
            time.sleep(after)
            killing.kill(instance, name)
            assert until(lambda name=name: name in killing.victims(instance)), f"no {name} was started again"
    finally:
        load.stop()
    assert load.acknowledged
    assert until(lambda: killing.nothing_waits(instance))
    killing.came_through_once(instance, load.acknowledged)
    made = killing.versions(instance)
    assert until(lambda: killing.scores_rest_on(instance))
    for batch, version in killing.scores_rest_on(instance):
        assert made[batch] <= version, "a score names a version of the lake that does not hold its batch yet"


def _elm(instance: Instance) -> str:
    path = instance.folder / "accounts.csv"
    path.write_text("key,name\nelm,Elm\n")
    return str(path)
