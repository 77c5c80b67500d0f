"""Data of an earlier version means the same after the upgrade."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("ledger", "0004_rates_and_terms")]


@pytest.mark.usefixtures("nothing_yet")
def test_people_and_links_of_the_version_before_hold_always() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    old: Any = executor.loader.project_state(BEFORE).apps
    account = old.get_model("ledger", "Account").objects.create(key="elm", name="Elm")
    person = old.get_model("ledger", "Person").objects.create(key="dora")
    old.get_model("ledger", "Stakeholder").objects.create(account=account, person=person)
    links = old.get_model("ledger", "IdentityLink").objects
    for key in ("elm", "contract:c1"):
        links.create(key=key, account=account, linked_at=datetime(2026, 6, 1, tzinfo=UTC))

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("ledger"))
    from keepwell.ledger.queries import identity

    for known_by in (None, datetime(2020, 1, 1, tzinfo=UTC)):
        meant = identity.links(known_by=known_by)
        assert sorted(meant.accounts) == [("contract:c1", account.pk), ("elm", account.pk)]
        assert meant.people == [("dora", account.pk, None, None)]
