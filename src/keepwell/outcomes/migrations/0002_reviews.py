"""Business reviews with their guests, decisions, action items and scores."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


WATCHING = "SELECT search_watch('outcomes_review', 'id', '{title,account_id,starts_at}');"


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0001_index'),
        ('ledger', '0023_latest'),
        ('outcomes', '0001_success_plans'),
        ('plays', '0019_calendar_entries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('quarterly', 'Quarterly review'), ('executive', 'Executive review'), ('monthly', 'Monthly review'), ('renewal', 'Renewal review')], default='quarterly', max_length=20)),
                ('title', models.CharField(max_length=300)),
                ('starts_at', models.DateTimeField()),
                ('minutes', models.SmallIntegerField(default=60)),
                ('place', models.CharField(blank=True, max_length=500)),
                ('agenda', models.TextField(blank=True)),
                ('notes', models.TextField(blank=True)),
                ('labels', models.JSONField(default=dict)),
                ('uid', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('sequence', models.IntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='review', to='ledger.account')),
                ('following', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='outcomes.review')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ReviewAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.SmallIntegerField(default=0)),
                ('title', models.CharField(max_length=300)),
                ('labels', models.JSONField(default=dict)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='action', to='outcomes.review')),
                ('task', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='plays.task')),
                ('theirs', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ledger.person')),
            ],
        ),
        migrations.CreateModel(
            name='ReviewCancellation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='cancellation', to='outcomes.review')),
            ],
        ),
        migrations.CreateModel(
            name='ReviewDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.SmallIntegerField(default=0)),
                ('text', models.TextField()),
                ('labels', models.JSONField(default=dict)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='decision', to='outcomes.review')),
            ],
        ),
        migrations.CreateModel(
            name='ReviewGuest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=300)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('roles', models.JSONField(default=list)),
                ('is_ours', models.BooleanField(default=False)),
                ('told', models.IntegerField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('attended', models.BooleanField(null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ledger.person')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='guest', to='outcomes.review')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ReviewHolding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_at', models.DateTimeField()),
                ('minutes', models.SmallIntegerField()),
                ('touchpoint', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='holding', to='outcomes.review')),
            ],
        ),
        migrations.CreateModel(
            name='ReviewScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stands', models.CharField(choices=[('on_track', 'On track'), ('behind', 'Behind'), ('reached', 'Reached')], max_length=10)),
                ('words', models.TextField(blank=True)),
                ('labels', models.JSONField(default=dict)),
                ('objective', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='outcomes.objective')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', related_query_name='score', to='outcomes.review')),
            ],
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['starts_at'], name='review_when'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['account', '-starts_at'], name='review_of_account'),
        ),
        migrations.AddConstraint(
            model_name='reviewguest',
            constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('review', 'person'), name='one_guest_a_person'),
        ),
        migrations.AddConstraint(
            model_name='reviewguest',
            constraint=models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('review', 'user'), name='one_guest_a_user'),
        ),
        migrations.AddConstraint(
            model_name='reviewscore',
            constraint=models.UniqueConstraint(fields=('review', 'objective'), name='one_score_an_outcome'),
        ),
        migrations.RunSQL(WATCHING, migrations.RunSQL.noop),
    ]
