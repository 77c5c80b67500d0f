"""Playbooks, their runs, and what is sent to the outside."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0022_hand_over'),
        ('plays', '0009_incidents_before'),
        ('signals', '0003_rehearsals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=63, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('webhook', 'Signed webhook'), ('chat', 'Chat')], max_length=10)),
                ('url', models.TextField()),
                ('secret', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Playbook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=63, unique=True)),
                ('title', models.CharField(max_length=300)),
                ('active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PlayMark',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('firing', models.BigIntegerField(default=0)),
                ('looked_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('key', models.CharField(max_length=100, unique=True)),
                ('recipient', models.CharField(blank=True, max_length=254)),
                ('subject', models.CharField(blank=True, max_length=500)),
                ('body', models.TextField()),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Given up'), ('unsure', 'Nobody knows')], default='queued', max_length=10)),
                ('tries', models.SmallIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('next_at', models.DateTimeField()),
                ('taken_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ledger.account')),
                ('channel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plays.channel')),
            ],
        ),
        migrations.CreateModel(
            name='MessageAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('status', models.IntegerField(null=True)),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='attempt', to='plays.message')),
            ],
        ),
        migrations.CreateModel(
            name='DryRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('definition', models.JSONField()),
                ('since', models.DateField()),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Stopped')], default='queued', max_length=10)),
                ('finished_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('found', models.JSONField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ledger.account')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('playbook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='plays.playbook')),
            ],
        ),
        migrations.CreateModel(
            name='PlaybookVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('definition', models.JSONField()),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('verdict', models.JSONField(null=True)),
                ('playbook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='plays.playbook')),
            ],
        ),
        migrations.AddField(
            model_name='playbook',
            name='published',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plays.playbookversion'),
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(choices=[('hand', 'By hand'), ('rule', 'A rule fired'), ('phase', 'A phase was entered')], max_length=10)),
                ('key', models.CharField(max_length=200, unique=True)),
                ('because', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('started_at', models.DateTimeField()),
                ('open', models.BooleanField(default=True)),
                ('next_at', models.DateTimeField(null=True)),
                ('looked_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ledger.account')),
                ('firing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='signals.firing')),
                ('playbook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plays.playbook')),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plays.playbookversion')),
            ],
        ),
        migrations.CreateModel(
            name='RunEnding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('reached', 'Goal reached'), ('left', 'Exit'), ('finished', 'All steps over'), ('expired', 'Out of time'), ('cancelled', 'Cancelled')], max_length=10)),
                ('at', models.DateTimeField()),
                ('because', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='ending', to='plays.run')),
            ],
        ),
        migrations.CreateModel(
            name='RunPause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('by_hand', models.BooleanField(default=False)),
                ('because', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='pause', to='plays.run')),
            ],
        ),
        migrations.CreateModel(
            name='RunStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=63)),
                ('place', models.SmallIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'To come'), ('open', 'Open'), ('done', 'Done'), ('skipped', 'Skipped'), ('failed', 'Failed')], default='waiting', max_length=10)),
                ('outcome', models.CharField(blank=True, max_length=30)),
                ('begins_at', models.DateTimeField(null=True)),
                ('began_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('because', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('said', models.JSONField(default=dict)),
                ('receipts', models.JSONField(default=list)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='step', to='plays.run')),
                ('task', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', related_query_name='play_step', to='plays.task')),
            ],
        ),
        migrations.AddField(
            model_name='message',
            name='step',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='message', to='plays.runstep'),
        ),
        migrations.AddConstraint(
            model_name='playbookversion',
            constraint=models.UniqueConstraint(fields=('playbook', 'number'), name='one_playbook_version_per_number'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(condition=models.Q(('open', True)), fields=['next_at'], name='run_next'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['account', '-started_at'], name='run_of_account'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['playbook', '-started_at'], name='run_of_playbook'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.UniqueConstraint(condition=models.Q(('open', True)), fields=('playbook', 'account'), name='one_open_run_a_playbook'),
        ),
        migrations.AddConstraint(
            model_name='runpause',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('run',), name='one_pause_of_a_run_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='runstep',
            constraint=models.UniqueConstraint(fields=('run', 'slug'), name='one_row_a_step'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['next_at'], name='message_waiting'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['-made_at'], name='message_newest'),
        ),
    ]
