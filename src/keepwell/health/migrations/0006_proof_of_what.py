"""A proof keeps what it proved: a draft may say something else later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("health", "0005_proof_against")]

    operations = [
        migrations.AddField("Proof", "definition", models.JSONField(default=dict)),
        migrations.AddField("Proof", "against_definition", models.JSONField(null=True)),
    ]
