"""Words of customers with their permission, drafts of case studies, their publication."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0023_latest'),
        ('outcomes', '0012_stays'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomerQuote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=300)),
                ('text', models.TextField()),
                ('source', models.CharField(choices=[('survey', 'Answer to a survey'), ('ask', 'Answer to an ask'), ('value', 'Confirmation of value'), ('said', 'Said to us')], max_length=10)),
                ('origin', models.BigIntegerField(null=True)),
                ('said_on', models.DateField()),
                ('permitted_on', models.DateField(null=True)),
                ('evidence', models.CharField(blank=True, max_length=500)),
                ('labels', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='customer_quote', to='ledger.account')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ledger.person')),
            ],
            options={
                'indexes': [models.Index(fields=['account', '-said_on'], name='quote_of_account')],
            },
        ),
        migrations.CreateModel(
            name='CaseStudy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('former', models.TextField(blank=True)),
                ('drafted', models.TextField()),
                ('drafted_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='case_study', to='ledger.account')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CaseStudyPublication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('link', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('study', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='publication', to='outcomes.casestudy')),
            ],
        ),
    ]
