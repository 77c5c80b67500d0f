"""Bring the database's tables and the lake up to this version."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def bring_up_to_date() -> int:
    """Apply the migrations that are missing, then rewrite a lake of older columns; gives how many migrations it were."""
    from keepwell.pipeline import actions as pipeline

    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        call_command("migrate", verbosity=0, interactive=False)
    pipeline.upgrade_lake()
    return missing
