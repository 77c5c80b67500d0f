from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0013_sentiments'),
    ]

    operations = [
        migrations.AddField('course', 'offered_at', models.DateTimeField(null=True)),
        migrations.AddField('productgap', 'since', models.DateTimeField(null=True)),
        migrations.AddField('productgap', 'states', models.JSONField(default=list)),
        migrations.AddField('raci', 'since', models.DateTimeField(null=True)),
        migrations.AddField('raci', 'until', models.DateTimeField(null=True)),
        migrations.AddField('raci', 'states', models.JSONField(default=list)),
    ]
