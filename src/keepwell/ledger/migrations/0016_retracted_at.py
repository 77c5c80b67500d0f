from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0015_terms_since'),
    ]

    operations = [
        migrations.AddField('retraction', 'at', models.DateTimeField(null=True)),
    ]
