"""The lines of accounts also know what lists group by: the success manager, the industry, the country, the tier."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COLUMNS = "former, name, arr, currency, is_unrated, renewal_date, last_touch_at, industry, country, tier"
TOLD = (
    "{0}former, lower({0}name), {0}arr_reporting, {0}reporting_currency, cardinality({0}arr_unrated) > 0, {0}renewal_date, "
    "{0}last_touch_at, nullif({0}industry, ''), nullif({0}country, ''), nullif({0}tier, '')"
)
WATCHED = (
    "former, name, arr_reporting, reporting_currency, arr_unrated, renewal_date, last_touch_at, industry, country, tier"
)
OWNER = "(SELECT o.user_id FROM ledger_ownership o WHERE o.account_id = {} AND o.role = 'csm' AND o.until IS NULL)"
KEEP = f"""
    CREATE OR REPLACE FUNCTION health_line_of_account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO health_line (account_id, {COLUMNS}, band) VALUES (NEW.id, {TOLD.format("NEW.")}, 'unknown');
        ELSE
            UPDATE health_line SET ({COLUMNS}) = ROW ({TOLD.format("NEW.")})
            WHERE account_id = NEW.id AND ({COLUMNS}) IS DISTINCT FROM ({TOLD.format("NEW.")});
        END IF;
        RETURN NULL;
    END $$;
    CREATE FUNCTION health_line_of_owner() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'INSERT' THEN
            UPDATE health_line SET owner_id = {OWNER.format("OLD.account_id")}
            WHERE account_id = OLD.account_id AND owner_id IS DISTINCT FROM {OWNER.format("OLD.account_id")};
        END IF;
        IF TG_OP <> 'DELETE' THEN
            UPDATE health_line SET owner_id = {OWNER.format("NEW.account_id")}
            WHERE account_id = NEW.account_id AND owner_id IS DISTINCT FROM {OWNER.format("NEW.account_id")};
        END IF;
        RETURN NULL;
    END $$;
    DROP TRIGGER health_line_account ON ledger_account;
    CREATE TRIGGER health_line_account AFTER INSERT OR UPDATE OF {WATCHED} ON ledger_account
        FOR EACH ROW EXECUTE FUNCTION health_line_of_account();
    CREATE TRIGGER health_line_owner AFTER INSERT OR DELETE OR UPDATE OF account_id, user_id, role, until
        ON ledger_ownership FOR EACH ROW EXECUTE FUNCTION health_line_of_owner();
    UPDATE health_line l SET (industry, country, tier, owner_id) =
        (SELECT nullif(a.industry, ''), nullif(a.country, ''), nullif(a.tier, ''), {OWNER.format("a.id")}
         FROM ledger_account a WHERE a.id = l.account_id);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("health", "0013_line_ahead"),
        ("ledger", "0021_ownership_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.AddField("line", name, models.TextField(null=True))
            for name in ("industry", "country", "tier")
        ),
        migrations.AddField(
            "line",
            "owner",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
