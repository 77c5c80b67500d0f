"""What a person prefers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0002_kept_answers")]

    operations = [
        migrations.AddField(model_name="user", name="preferences", field=models.JSONField(default=dict)),
    ]
