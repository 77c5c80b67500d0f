from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('metrics', '0004_history'),
    ]

    operations = [
        migrations.AddField('extent', 'feed', models.JSONField(null=True)),
    ]
