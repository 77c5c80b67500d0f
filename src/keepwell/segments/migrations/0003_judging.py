import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('segments', '0002_phases'),
    ]

    operations = [
        migrations.CreateModel(
            name='Judging',
            fields=[
                ('segment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='segments.segment')),
                ('computed', models.JSONField()),
                ('done', models.IntegerField(default=0)),
                ('total', models.IntegerField(default=0)),
            ],
        ),
    ]
