"""Lists of facts show the newest first, however many there are; and the few accounts that are no customers are found at once."""

from django.db import migrations, models
from django.db.models import F

LATEST = {
    "contract": "start_date",
    "ticket": "opened_at",
    "surveyanswer": "answered_at",
    "touchpoint": "held_at",
    "note": "written_at",
    "sentiment": "given_at",
    "sprint": "start_date",
    "milestone": "due_date",
    "acceptancecriterion": "agreed_at",
    "changerequest": "asked_at",
    "riskentry": "raised_at",
    "obligation": "due_date",
    "integration": "since",
    "invoice": "issued_date",
    "coursesession": "held_at",
    "enrolment": "enrolled_at",
    "gaprequest": "asked_at",
}


class Migration(migrations.Migration):
    dependencies = [("ledger", "0022_hand_over")]

    operations = [
        *(
            migrations.AddIndex(
                model, models.Index(F(field).desc(nulls_last=True), "key", name=f"{model}_latest")
            )
            for model, field in LATEST.items()
        ),
        migrations.AddIndex(
            "account",
            models.Index(
                fields=["id"],
                condition=models.Q(former=True) | models.Q(merged_into__isnull=False),
                name="account_absent",
            ),
        ),
    ]
