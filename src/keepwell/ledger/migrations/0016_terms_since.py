from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0015_keyed_owners'),
    ]

    operations = [
        migrations.AddField('contract', 'terms_since', models.DateField(null=True)),
    ]
