"""A narrow row an account, kept by triggers, by which lists of many accounts are ordered and summed."""

import django.db.models.deletion
from django.db import migrations, models

BANDS = [("green", "Healthy"), ("yellow", "Watch"), ("red", "At risk"), ("unknown", "Unknown")]
COLUMNS = "former, name, arr, currency, is_unrated, renewal_date, last_touch_at"
TOLD = (
    "{0}former, lower({0}name), {0}arr_reporting, {0}reporting_currency, cardinality({0}arr_unrated) > 0, {0}renewal_date, "
    "{0}last_touch_at"
)
WATCHED = "former, name, arr_reporting, reporting_currency, arr_unrated, renewal_date, last_touch_at"
KEEP = f"""
    CREATE FUNCTION health_line_of_account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO health_line (account_id, {COLUMNS}, band) VALUES (NEW.id, {TOLD.format("NEW.")}, 'unknown');
        ELSE
            UPDATE health_line SET ({COLUMNS}) = ROW ({TOLD.format("NEW.")})
            WHERE account_id = NEW.id AND ({COLUMNS}) IS DISTINCT FROM ({TOLD.format("NEW.")});
        END IF;
        RETURN NULL;
    END $$;
    CREATE FUNCTION health_line_of_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN
            UPDATE health_line SET band = 'unknown', rank = NULL, change = NULL WHERE account_id = OLD.account_id;
        ELSE
            UPDATE health_line SET band = NEW.band, rank = NEW.rank, change = NEW.change
            WHERE account_id = NEW.account_id AND (band, rank, change) IS DISTINCT FROM (NEW.band, NEW.rank, NEW.change);
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER health_line_account AFTER INSERT OR UPDATE OF {WATCHED} ON ledger_account
        FOR EACH ROW EXECUTE FUNCTION health_line_of_account();
    CREATE TRIGGER health_line_standing AFTER INSERT OR DELETE OR UPDATE OF band, rank, change ON health_standing
        FOR EACH ROW EXECUTE FUNCTION health_line_of_standing();
    INSERT INTO health_line (account_id, {COLUMNS}, band, rank, change)
    SELECT a.id, {TOLD.format("a.")}, coalesce(s.band, 'unknown'), s.rank, s.change
    FROM ledger_account a LEFT JOIN health_standing s ON s.account_id = a.id;
"""
FORGET = """
    DROP TRIGGER health_line_standing ON health_standing;
    DROP TRIGGER health_line_account ON ledger_account;
    DROP FUNCTION health_line_of_standing, health_line_of_account;
"""
ORDERS = ("name", "arr", "renewal_date", "last_touch_at", "rank", "change")


class Migration(migrations.Migration):
    dependencies = [("health", "0011_standing_in_lists"), ("ledger", "0021_ownership_name")]

    operations = [
        migrations.CreateModel(
            "Line",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        related_query_name="line",
                        serialize=False,
                        to="ledger.account",
                    ),
                ),
                ("former", models.BooleanField()),
                ("name", models.TextField()),
                ("arr", models.DecimalField(decimal_places=2, max_digits=30, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("is_unrated", models.BooleanField()),
                ("renewal_date", models.DateField(null=True)),
                ("last_touch_at", models.DateTimeField(null=True)),
                ("band", models.CharField(choices=BANDS, max_length=10)),
                ("rank", models.FloatField(null=True)),
                ("change", models.FloatField(null=True)),
            ],
        ),
        migrations.RunSQL(KEEP, FORGET),
        migrations.AddIndex(
            "line",
            models.Index(
                fields=["former", "band"], include=["arr", "currency", "is_unrated"], name="line_totals"
            ),
        ),
        *(
            migrations.AddIndex(
                "line", models.Index(fields=["former", column, "account"], name=f"line_{column}")
            )
            for column in ORDERS
        ),
    ]
