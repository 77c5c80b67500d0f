"""Rules get versions in the one grammar of conditions, and a firing lasts as long as its condition holds."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A fall was asked of a change of band; now it is asked where an account stands, and where it stood before.
_VERSIONS = """
    INSERT INTO signals_ruleversion (rule_id, number, definition, sentence, created_at, changed_at, published_at)
    SELECT id, 1,
        jsonb_strip_nulls(jsonb_build_object(
            'severity', 'critical', 'foretells', 'churn', 'owner', 'csm', 'again_after_days', 0,
            'when', jsonb_build_object('all', jsonb_build_array(
                jsonb_build_object('of', 'standing.band', 'is', definition #> '{condition,to}'),
                jsonb_build_object('of', 'standing.before', 'in', definition #> '{condition,from}'))),
            'opens', definition -> 'opens')),
        'Band is ' || (definition #>> '{condition,to}') || ' and band before is one of ' || (
            SELECT string_agg(band, ', ' ORDER BY place)
            FROM jsonb_array_elements_text(definition #> '{condition,from}') WITH ORDINALITY AS b (band, place)),
        created_at, created_at, created_at
    FROM signals_rule;
    UPDATE signals_rule r SET published_id = v.id FROM signals_ruleversion v WHERE v.rule_id = r.id;
    UPDATE signals_firing f SET version_id = v.id FROM signals_ruleversion v WHERE v.rule_id = f.rule_id;
    UPDATE signals_firing f SET ended_at = f.at
    WHERE EXISTS (SELECT FROM signals_firing g WHERE g.rule_id = f.rule_id AND g.account_id = f.account_id AND g.id > f.id)
        OR EXISTS (SELECT FROM signals_rule r WHERE r.id = f.rule_id AND NOT r.active);
    INSERT INTO signals_watch (id, day, band_change, spoken)
    SELECT 1, NULL, coalesce(min(judged_through), 0), '[]'::jsonb FROM signals_rule HAVING count(*) > 0;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "__first__"),
        ("signals", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField("rule", "sentence", "title"),
        migrations.CreateModel(
            name="RuleVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("definition", models.JSONField()),
                ("sentence", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("begun_at", models.DateTimeField(null=True)),
                ("verdict", models.JSONField(null=True)),
                ("unknown", models.IntegerField(null=True)),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="signals.rule"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "number"), name="one_rule_version_per_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("day", models.DateField(null=True)),
                ("band_change", models.BigIntegerField(default=0)),
                ("looked_at", models.DateTimeField(null=True)),
                ("spoken", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="Snooze",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="signal_snooze",
                        to="ledger.account",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="signals.rule"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("rule", "account"),
                        name="one_snooze_at_a_time",
                    )
                ],
            },
        ),
        migrations.AddField(
            "rule",
            "published",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="signals.ruleversion",
            ),
        ),
        migrations.AddField(
            "firing",
            "version",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="signals.ruleversion",
            ),
        ),
        migrations.AddField("firing", "ended_at", models.DateTimeField(null=True)),
        migrations.AddField("firing", "stood", models.BooleanField(default=False)),
        migrations.AddField(
            "firing",
            "because",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            "firing",
            "ended_because",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), default=list, size=None
            ),
        ),
        migrations.AlterField("firing", "sentence", models.TextField()),
        migrations.RunSQL(_VERSIONS, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", reverse_sql=migrations.RunSQL.noop),
        migrations.RemoveConstraint("firing", "one_firing_per_change"),
        migrations.RemoveField("firing", "band_change"),
        migrations.RemoveField("rule", "definition"),
        migrations.RemoveField("rule", "judged_through"),
        migrations.AlterField(
            "firing",
            "version",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="signals.ruleversion"
            ),
        ),
        migrations.AlterField(
            "firing",
            "account",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                related_query_name="firing",
                to="ledger.account",
            ),
        ),
        migrations.AddConstraint(
            "firing",
            models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("rule", "account"),
                name="one_firing_while_it_holds",
            ),
        ),
        migrations.AddIndex("firing", models.Index(fields=["account", "-at"], name="firing_of_account")),
        migrations.AddIndex("firing", models.Index(fields=["rule", "-at"], name="firing_of_rule")),
    ]
