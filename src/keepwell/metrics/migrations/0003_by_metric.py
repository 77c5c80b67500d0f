from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('metrics', '0002_definitions'),
    ]

    operations = [
        migrations.AlterField('metricvalue', 'metric', models.CharField(max_length=191)),
        migrations.AddIndex(
            'metricvalue',
            models.Index(
                fields=['metric', 'as_of', 'account'], include=['value'], name='metricvalue_by_metric'
            ),
        ),
    ]
