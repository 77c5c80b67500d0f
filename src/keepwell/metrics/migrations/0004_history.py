from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('metrics', '0003_by_metric'),
    ]

    operations = [
        migrations.CreateModel(
            name='History',
            fields=[
                ('slug', models.CharField(max_length=191, primary_key=True, serialize=False)),
                ('definition', models.JSONField()),
                ('done', models.IntegerField(default=0)),
                ('total', models.IntegerField(default=0)),
                ('unit', models.CharField(default='days', max_length=10)),
            ],
        ),
    ]
