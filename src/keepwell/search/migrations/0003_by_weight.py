"""Where much fits a few letters, what weighs most is found without sorting all of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0002_people_of_no_account")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["-weight"], name="entry_weight"),
        ),
    ]
