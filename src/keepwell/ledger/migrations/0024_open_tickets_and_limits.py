"""Open tickets, and the contracts that limit something, are found without reading the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0023_latest")]

    operations = [
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["kind", "-escalated", "opened_at", "id", "account"],
                name="ticket_open",
                condition=models.Q(resolved_at=None),
            ),
        ),
        migrations.AddIndex(
            "contract",
            models.Index(fields=["id"], name="contract_limited", condition=~models.Q(limits={})),
        ),
    ]
