"""The company's own paper for decks, and runs that make many."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outcomes', '0005_value'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DeckRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('whose', models.CharField(max_length=300)),
                ('keys', models.JSONField()),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('form', models.CharField(choices=[('pptx', 'PowerPoint'), ('pdf', 'PDF')], max_length=4)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Under way'), ('done', 'Done'), ('failed', 'Stopped')], default='queued', max_length=10)),
                ('steps_done', models.IntegerField(default=0)),
                ('refused', models.JSONField(default=list)),
                ('place', models.CharField(blank=True, max_length=40)),
                ('size', models.BigIntegerField(null=True)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('finished_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'running'])), fields=['asked_at'], name='deck_run_open')],
            },
        ),
        migrations.CreateModel(
            name='DeckTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('content', models.BinaryField()),
                ('layouts', models.JSONField(default=list)),
                ('added_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.Value(1), condition=models.Q(('ended_at', None)), name='one_deck_template_in_force')],
            },
        ),
    ]
