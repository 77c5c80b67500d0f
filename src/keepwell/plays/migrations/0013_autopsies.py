"""Customers that left, looked back on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0022_hand_over'),
        ('plays', '0012_next_steps_planned_anew'),
    ]

    operations = [
        migrations.CreateModel(
            name='Autopsy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('left_on', models.DateField()),
                ('written_at', models.DateTimeField()),
                ('signalled', models.BooleanField()),
                ('responded', models.BooleanField()),
                ('lead_days', models.IntegerField(null=True)),
                ('arr', models.DecimalField(decimal_places=2, max_digits=30, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('findings', models.JSONField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ledger.account')),
            ],
            options={
                'indexes': [models.Index(fields=['-left_on'], name='autopsy_latest')],
                'constraints': [models.UniqueConstraint(fields=('account', 'left_on'), name='one_autopsy_a_departure')],
            },
        ),
    ]
