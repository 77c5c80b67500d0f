"""What outcomes are worth: models, statements, confirmations."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


WATCHING = "SELECT search_watch('outcomes_valuemodel', 'id', '{title,basis,plan_id,dropped_at}');"


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0023_latest'),
        ('outcomes', '0004_journey_and_advocacy'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ValueTemplate',
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
            name='ValueModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=63)),
                ('place', models.SmallIntegerField(default=0)),
                ('title', models.CharField(max_length=300)),
                ('notes', models.TextField(blank=True)),
                ('labels', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('dropped_at', models.DateTimeField(null=True)),
                ('kind', models.CharField(choices=[('time_saved', 'Time saved'), ('revenue', 'Revenue'), ('cost_avoided', 'Cost avoided'), ('risk_reduced', 'Risk reduced')], max_length=20)),
                ('basis', models.TextField(blank=True)),
                ('unit', models.CharField(blank=True, max_length=40)),
                ('changed_at', models.DateTimeField()),
                ('objective', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='value_model', to='outcomes.objective')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='outcomes.successplan')),
            ],
        ),
        migrations.CreateModel(
            name='ValueInput',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=63)),
                ('place', models.SmallIntegerField(default=0)),
                ('title', models.CharField(max_length=300)),
                ('source', models.CharField(choices=[('metric', 'Metric'), ('agreed', 'Agreed'), ('fixed', 'Fixed')], max_length=10)),
                ('metric', models.CharField(blank=True, db_index=True, max_length=100)),
                ('over', models.CharField(choices=[('mean', "Mean of the quarter's weeks"), ('last', 'As the quarter ended')], default='mean', max_length=10)),
                ('unit', models.CharField(blank=True, max_length=40)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('low', models.FloatField(null=True)),
                ('likely', models.FloatField(null=True)),
                ('high', models.FloatField(null=True)),
                ('change', models.CharField(blank=True, choices=[('', 'Whole'), ('rise', 'Rise'), ('fall', 'Fall')], max_length=10)),
                ('baseline_low', models.FloatField(null=True)),
                ('baseline_likely', models.FloatField(null=True)),
                ('baseline_high', models.FloatField(null=True)),
                ('agreed_by', models.CharField(blank=True, max_length=300)),
                ('agreed_on', models.DateField(null=True)),
                ('evidence', models.TextField(blank=True)),
                ('labels', models.JSONField(default=dict)),
                ('agreed_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ledger.person')),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='input', to='outcomes.valuemodel')),
            ],
        ),
        migrations.CreateModel(
            name='ValueStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('number', models.IntegerField()),
                ('low', models.FloatField(null=True)),
                ('likely', models.FloatField(null=True)),
                ('high', models.FloatField(null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('unit', models.CharField(blank=True, max_length=40)),
                ('inputs', models.JSONField(default=list)),
                ('missing', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='statement', to='outcomes.valuemodel')),
            ],
        ),
        migrations.CreateModel(
            name='ValueConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=300)),
                ('on', models.DateField()),
                ('words', models.TextField(blank=True)),
                ('low', models.FloatField(null=True)),
                ('likely', models.FloatField(null=True)),
                ('high', models.FloatField(null=True)),
                ('labels', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ledger.person')),
                ('statement', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='confirmation', to='outcomes.valuestatement')),
            ],
        ),
        migrations.AddConstraint(
            model_name='valuemodel',
            constraint=models.UniqueConstraint(fields=('plan', 'slug'), name='one_value_model_a_slug'),
        ),
        migrations.AddConstraint(
            model_name='valueinput',
            constraint=models.UniqueConstraint(fields=('model', 'slug'), name='one_value_input_a_slug'),
        ),
        migrations.AddConstraint(
            model_name='valuestatement',
            constraint=models.UniqueConstraint(fields=('model', 'since', 'number'), name='one_value_statement_a_number'),
        ),
        migrations.RunSQL(WATCHING, migrations.RunSQL.noop),
    ]
