"""Success plans: what customers want to reach, in versions."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


WATCHING = "SELECT search_watch('outcomes_objective', 'id', '{title,why,plan_id,dropped_at}');"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('search', '0001_index'),
        ('ledger', '0023_latest'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Objective',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=63)),
                ('place', models.SmallIntegerField(default=0)),
                ('title', models.CharField(max_length=300)),
                ('notes', models.TextField(blank=True)),
                ('labels', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('dropped_at', models.DateTimeField(null=True)),
                ('why', models.TextField(blank=True)),
                ('target_date', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PlanTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=63, unique=True)),
                ('title', models.CharField(max_length=300)),
                ('definition', models.JSONField()),
                ('active', models.BooleanField(default=True)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ObjectiveReach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('evidence', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('objective', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='reach', to='outcomes.objective')),
            ],
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('said_on', models.DateField()),
                ('labels', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('objective', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='outcomes.objective')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ledger.person')),
            ],
        ),
        migrations.CreateModel(
            name='OpinionResolution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opinion', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='resolution', to='outcomes.opinion')),
            ],
        ),
        migrations.CreateModel(
            name='PlanStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=63)),
                ('place', models.SmallIntegerField(default=0)),
                ('title', models.CharField(max_length=300)),
                ('notes', models.TextField(blank=True)),
                ('labels', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('dropped_at', models.DateTimeField(null=True)),
                ('kind', models.CharField(choices=[('milestone', 'Milestone'), ('task', 'Task')], default='milestone', max_length=10)),
                ('due_date', models.DateField(null=True)),
                ('after', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), default=list, size=None)),
                ('objective', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='outcomes.objective')),
                ('ours', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('theirs', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ledger.person')),
            ],
        ),
        migrations.CreateModel(
            name='PlanStepCompletion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('step', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='completion', to='outcomes.planstep')),
            ],
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('made', models.CharField(choices=[('agreed', 'Agreed'), ('refreshed', 'Refreshed')], max_length=10)),
                ('content', models.JSONField()),
                ('standing', models.JSONField(default=dict)),
                ('note', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PlanAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=300)),
                ('on', models.DateField()),
                ('how', models.CharField(blank=True, max_length=300)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ledger.person')),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='agreement', to='outcomes.planversion')),
            ],
        ),
        migrations.CreateModel(
            name='SuccessPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vision', models.TextField(blank=True)),
                ('cadence', models.CharField(blank=True, choices=[('weekly', 'Weekly'), ('biweekly', 'Biweekly'), ('monthly', 'Monthly'), ('quarterly', 'Quarterly')], max_length=20)),
                ('notes', models.TextField(blank=True)),
                ('labels', models.JSONField(default=dict)),
                ('template', models.CharField(blank=True, max_length=63)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(db_index=True, null=True)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='plan', to='ledger.account')),
                ('begun_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='planversion',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='version', to='outcomes.successplan'),
        ),
        migrations.AddField(
            model_name='planstep',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='outcomes.successplan'),
        ),
        migrations.AddField(
            model_name='opinion',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='outcomes.successplan'),
        ),
        migrations.AddField(
            model_name='objective',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='outcomes.successplan'),
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=63)),
                ('place', models.SmallIntegerField(default=0)),
                ('title', models.CharField(max_length=300)),
                ('notes', models.TextField(blank=True)),
                ('labels', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('dropped_at', models.DateTimeField(null=True)),
                ('metric', models.CharField(blank=True, db_index=True, max_length=100)),
                ('unit', models.CharField(blank=True, max_length=40)),
                ('better', models.CharField(choices=[('up', 'More is better'), ('down', 'Less is better')], default='up', max_length=4)),
                ('baseline', models.FloatField(null=True)),
                ('baseline_on', models.DateField(null=True)),
                ('target', models.FloatField(null=True)),
                ('target_date', models.DateField(null=True)),
                ('trigger', models.FloatField(null=True)),
                ('objective', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='indicator', to='outcomes.objective')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='outcomes.successplan')),
            ],
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('value', models.FloatField()),
                ('evidence', models.TextField(blank=True)),
                ('labels', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='reading', to='outcomes.indicator')),
            ],
            options={
                'indexes': [models.Index(fields=['indicator', '-on', '-id'], name='reading_latest')],
            },
        ),
        migrations.AddConstraint(
            model_name='planversion',
            constraint=models.UniqueConstraint(fields=('plan', 'number'), name='one_plan_version_a_number'),
        ),
        migrations.AddIndex(
            model_name='planstep',
            index=models.Index(condition=models.Q(('dropped_at', None)), fields=['due_date'], name='plan_step_due'),
        ),
        migrations.AddConstraint(
            model_name='planstep',
            constraint=models.UniqueConstraint(fields=('plan', 'slug'), name='one_step_a_slug'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=models.UniqueConstraint(fields=('plan', 'slug'), name='one_objective_a_slug'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.UniqueConstraint(fields=('plan', 'slug'), name='one_indicator_a_slug'),
        ),
        migrations.RunSQL(WATCHING, migrations.RunSQL.noop),
    ]
