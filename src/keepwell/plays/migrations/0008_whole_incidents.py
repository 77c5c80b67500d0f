"""Incidents with clocks, calls, findings, an escalation path and who was told."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0022_hand_over'),
        ('plays', '0007_alarms'),
        ('segments', '0004_membership_name'),
        ('signals', '0003_rehearsals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='IncidentAttendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=30)),
            ],
        ),
        migrations.CreateModel(
            name='IncidentCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.SmallIntegerField(default=0)),
                ('held_at', models.DateTimeField()),
                ('said', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='IncidentClock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.SmallIntegerField(default=0)),
                ('kind', models.CharField(max_length=10)),
                ('counts', models.CharField(max_length=10)),
                ('started_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('met_at', models.DateTimeField(null=True)),
                ('step', models.SmallIntegerField(default=0)),
                ('next_step_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='IncidentFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.SmallIntegerField(default=0)),
                ('kind', models.CharField(max_length=10)),
                ('cause_kind', models.CharField(blank=True, max_length=63)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='IncidentNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='IncidentPractice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.IntegerField(default=0)),
                ('definition', models.JSONField()),
                ('declared_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='IncidentTelling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=100)),
                ('kind', models.CharField(max_length=10)),
                ('clock', models.CharField(blank=True, max_length=10)),
                ('step', models.SmallIntegerField(default=0)),
                ('role', models.CharField(max_length=30)),
                ('as_role', models.CharField(blank=True, max_length=30)),
                ('what', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
                ('mail_state', models.CharField(blank=True, max_length=10)),
                ('mail_tries', models.SmallIntegerField(default=0)),
                ('mail_next_at', models.DateTimeField(null=True)),
                ('mail_taken_at', models.DateTimeField(null=True)),
                ('mail_ended_at', models.DateTimeField(null=True)),
                ('mail_error', models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='incident',
            name='one_open_incident_per_account',
        ),
        migrations.AddField(
            model_name='incident',
            name='matter',
            field=models.CharField(default='hand:other', max_length=100),
        ),
        migrations.AddField(
            model_name='incident',
            name='round',
            field=models.SmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='incidentclosure',
            name='cause_kind',
            field=models.CharField(blank=True, max_length=63),
        ),
        migrations.AddField(
            model_name='incidentclosure',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incidentclosure',
            name='ended_because',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='incidentclosure',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='task',
            name='clock',
            field=models.CharField(blank=True, default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='incidentclosure',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='plays.incident'),
        ),
        migrations.AddConstraint(
            model_name='incidentclosure',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('incident',), name='one_closure_of_an_incident'),
        ),
        migrations.AddField(
            model_name='incidentattendance',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incidentcall',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incidentcall',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='plays.incident'),
        ),
        migrations.AddField(
            model_name='incidentattendance',
            name='call',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='plays.incidentcall'),
        ),
        migrations.AddField(
            model_name='incidentclock',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='clock', to='plays.incident'),
        ),
        migrations.AddField(
            model_name='incidentfinding',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incidentfinding',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='plays.incident'),
        ),
        migrations.AddField(
            model_name='incidentnote',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='plays.incident'),
        ),
        migrations.AddField(
            model_name='incidentnote',
            name='note',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ledger.note'),
        ),
        migrations.AddField(
            model_name='incidentpractice',
            name='declared_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incidentpractice',
            name='segment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='segments.segment'),
        ),
        migrations.AddField(
            model_name='incident',
            name='practice',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plays.incidentpractice'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.UniqueConstraint(condition=models.Q(('open', True)), fields=('account', 'matter'), name='one_open_incident_per_matter'),
        ),
        migrations.AddField(
            model_name='incidenttelling',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incidenttelling',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='plays.incident'),
        ),
        migrations.AddField(
            model_name='incidenttelling',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='incidentattendance',
            constraint=models.UniqueConstraint(fields=('call', 'role'), name='one_attends_for_a_role'),
        ),
        migrations.AddIndex(
            model_name='incidentclock',
            index=models.Index(condition=models.Q(('met_at', None), ('next_step_at__isnull', False)), fields=['next_step_at'], name='clock_escalates'),
        ),
        migrations.AddConstraint(
            model_name='incidentclock',
            constraint=models.UniqueConstraint(fields=('incident', 'round', 'kind'), name='one_clock_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='incidentpractice',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('segment',), name='one_practice_in_force', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='incidenttelling',
            index=models.Index(condition=models.Q(('mail_state', 'queued')), fields=['mail_next_at'], name='telling_waiting'),
        ),
        migrations.AddConstraint(
            model_name='incidenttelling',
            constraint=models.UniqueConstraint(fields=('incident', 'key'), name='told_of_incident_once'),
        ),
    ]
