"""The journey of customers, frictions on it, and who is asked to speak for us."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0023_latest'),
        ('outcomes', '0002_reviews'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AdvocateAsk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reference', 'Reference call'), ('case_study', 'Case study'), ('review', 'Review'), ('speaking', 'Speaking'), ('referral', 'Referral'), ('logo', 'Logo')], max_length=20)),
                ('for_whom', models.CharField(blank=True, max_length=300)),
                ('note', models.TextField(blank=True)),
                ('asked_on', models.DateField(db_index=True)),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='advocate_ask', to='ledger.account')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ledger.person')),
            ],
        ),
        migrations.CreateModel(
            name='AdvocateAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('yes', 'Yes'), ('later', 'Later'), ('no', 'No'), ('never', 'Never ask again')], max_length=10)),
                ('on', models.DateField()),
                ('again_on', models.DateField(null=True)),
                ('note', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ask', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='answer', to='outcomes.advocateask')),
            ],
        ),
        migrations.CreateModel(
            name='AdvocateOutcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('text', models.CharField(max_length=500)),
                ('link', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('ask', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='outcome', to='outcomes.advocateask')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Friction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ledger.account')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='FrictionSettlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('friction', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='settlement', to='outcomes.friction')),
            ],
        ),
        migrations.CreateModel(
            name='JourneyDeclaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('definition', models.JSONField()),
                ('declared_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('declared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='advocateask',
            index=models.Index(fields=['account', '-asked_on'], name='ask_of_account'),
        ),
        migrations.AddIndex(
            model_name='friction',
            index=models.Index(fields=['account', 'on'], name='friction_of_account'),
        ),
        migrations.AddConstraint(
            model_name='journeydeclaration',
            constraint=models.UniqueConstraint(models.Value(1), condition=models.Q(('ended_at', None)), name='one_journey_in_force'),
        ),
    ]
