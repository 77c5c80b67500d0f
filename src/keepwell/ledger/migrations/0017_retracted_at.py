from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0016_terms_since'),
    ]

    operations = [
        migrations.AddField('retraction', 'at', models.DateTimeField(null=True)),
    ]
