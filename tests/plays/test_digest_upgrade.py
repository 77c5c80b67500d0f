"""What people chose of the digest survives that it stands with their preferences."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.world import NOW

BEFORE = [("plays", "0005_next_step"), ("access", "0003_preferences")]
CHOSEN = {
    "ada": ({}, ("weekly", "Europe/Berlin"), {"digest": "weekly", "time_zone": "Europe/Berlin"}),
    "ben": ({"time_zone": "Asia/Tokyo", "digest": "daily"}, ("none", "UTC"), {"time_zone": "Asia/Tokyo", "digest": "never"}),
    "cleo": ({"digest": "weekly"}, None, {"digest": "weekly"}),
}  # fmt: skip


@pytest.mark.usefixtures("nothing_yet")
def test_each_keeps_the_digest_and_the_zone_that_they_had() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    old: Any = executor.loader.project_state(BEFORE).apps
    for name, (preferences, digest, _) in CHOSEN.items():
        user = old.get_model("access", "User").objects.create(
            email=name, role="csm", created_at=NOW, preferences=preferences
        )
        if digest is not None:
            cadence, zone = digest
            old.get_model("plays", "DigestChoice").objects.create(user=user, cadence=cadence, time_zone=zone)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("plays"))
    from keepwell.access.models import User

    kept = dict(User.objects.values_list("email", "preferences"))
    assert kept == {name: after for name, (_, _, after) in CHOSEN.items()}
