"""What the lines of accounts come to, kept by triggers; and the lines themselves are kept a statement at a time.

Totals are told as differences that sum to what there is: whoever writes appends a few rows and waits for nobody. Lines are read
by one process alone, for helpers cost twice what the pass over them does.
"""

from django.db import migrations, models

COLUMNS = "former, name, arr, currency, is_unrated, renewal_date, last_touch_at, industry, country, tier"
TOLD = (
    "{0}former, lower({0}name), {0}arr_reporting, {0}reporting_currency, cardinality({0}arr_unrated) > 0, {0}renewal_date, "
    "{0}last_touch_at, nullif({0}industry, ''), nullif({0}country, ''), nullif({0}tier, '')"
)
LINES = ", ".join(f"l.{name}" for name in COLUMNS.split(", "))
SUMMED = "by, value, former, band, currency, accounts, worth, rated, unrated, points, scored"
COUNTED = "former, band, currency, arr, is_unrated, rank, owner_id, industry, country, tier"
# A line counts once among all, and once in each of its groups.
SUMS = """
    SELECT k.by, k.value, l.former, l.band, l.currency, sum(l.sign), coalesce(sum(l.sign * l.arr), 0),
        sum(l.sign) FILTER (WHERE l.arr IS NOT NULL), sum(l.sign) FILTER (WHERE l.is_unrated),
        coalesce(sum(l.sign * l.rank::numeric), 0), sum(l.sign) FILTER (WHERE l.rank IS NOT NULL)
    FROM ({lines}) l CROSS JOIN LATERAL (VALUES ('', ''), ('owner', l.owner_id::text), ('industry', l.industry),
        ('country', l.country), ('tier', l.tier)) AS k (by, value)
    GROUP BY 1, 2, 3, 4, 5
"""
DIFFERENCES = f"""
    INSERT INTO health_total ({SUMMED})
    SELECT by, value, former, band, currency, accounts, worth, coalesce(rated, 0), coalesce(unrated, 0), points, coalesce(scored, 0)
    FROM ({{sums}}) AS s ({SUMMED})
    WHERE (accounts, worth, coalesce(rated, 0), coalesce(unrated, 0), points, coalesce(scored, 0))
        IS DISTINCT FROM (0, 0, 0, 0, 0, 0)
"""


def counting(*parts: str) -> str:
    """What lines of these kinds add: each a select of their columns with the sign of what they count."""
    return DIFFERENCES.format(sums=SUMS.format(lines=" UNION ALL ".join(parts)))


ADDED = f"SELECT 1 AS sign, {COUNTED} FROM new_rows"
TAKEN = f"SELECT -1 AS sign, {COUNTED} FROM old_rows"
KEEP = f"""
    ALTER TABLE health_line SET (parallel_workers = 0);

    CREATE FUNCTION health_total_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {counting(ADDED)};
        RETURN NULL;
    END $$;
    CREATE FUNCTION health_total_taken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {counting(TAKEN)};
        RETURN NULL;
    END $$;
    CREATE FUNCTION health_total_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT FROM (SELECT account_id, {COUNTED} FROM new_rows EXCEPT SELECT account_id, {COUNTED} FROM old_rows) c)
        THEN
            {counting(ADDED, TAKEN)};
        END IF;
        RETURN NULL;
    END $$;
    CREATE FUNCTION health_total_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM health_total;
        RETURN NULL;
    END $$;
    CREATE FUNCTION health_total_anew() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        LOCK TABLE health_line IN SHARE ROW EXCLUSIVE MODE;
        DELETE FROM health_total;
        {counting(f"SELECT 1 AS sign, {COUNTED} FROM health_line")};
    END $$;
    CREATE TRIGGER health_total_added AFTER INSERT ON health_line REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION health_total_added();
    CREATE TRIGGER health_total_taken AFTER DELETE ON health_line REFERENCING OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION health_total_taken();
    CREATE TRIGGER health_total_changed AFTER UPDATE ON health_line REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION health_total_changed();
    CREATE TRIGGER health_total_emptied AFTER TRUNCATE ON health_line
        FOR EACH STATEMENT EXECUTE FUNCTION health_total_emptied();

    DROP TRIGGER health_line_account ON ledger_account;
    DROP TRIGGER health_line_standing ON health_standing;
    DROP TRIGGER health_line_owner ON ledger_ownership;
    DROP FUNCTION health_line_of_account, health_line_of_standing, health_line_of_owner;

    CREATE FUNCTION health_line_of_account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO health_line (account_id, {COLUMNS}, band) SELECT n.id, {TOLD.format("n.")}, 'unknown' FROM new_rows n;
        ELSE
            UPDATE health_line l SET ({COLUMNS}) = ROW ({TOLD.format("n.")}) FROM new_rows n
            WHERE l.account_id = n.id AND ({LINES}) IS DISTINCT FROM ({TOLD.format("n.")});
        END IF;
        RETURN NULL;
    END $$;
    CREATE FUNCTION health_line_of_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN
            UPDATE health_line l SET band = 'unknown', rank = NULL, change = NULL FROM old_rows o
            WHERE l.account_id = o.account_id;
        ELSE
            UPDATE health_line l SET band = n.band, rank = n.rank, change = n.change FROM new_rows n
            WHERE l.account_id = n.account_id AND (l.band, l.rank, l.change) IS DISTINCT FROM (n.band, n.rank, n.change);
        END IF;
        RETURN NULL;
    END $$;
    CREATE FUNCTION health_line_owned(asked bigint[]) RETURNS void LANGUAGE sql AS $$
        UPDATE health_line l SET owner_id = n.owner_id
        FROM (SELECT a.id, o.user_id AS owner_id FROM (SELECT DISTINCT unnest(asked)) AS a (id)
            LEFT JOIN ledger_ownership o ON o.account_id = a.id AND o.role = 'csm' AND o.until IS NULL) n
        WHERE l.account_id = n.id AND l.owner_id IS DISTINCT FROM n.owner_id
    $$;
    CREATE FUNCTION health_line_of_owner() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'INSERT' THEN
            PERFORM health_line_owned(ARRAY(SELECT account_id FROM new_rows));
        ELSIF TG_OP = 'DELETE' THEN
            PERFORM health_line_owned(ARRAY(SELECT account_id FROM old_rows));
        ELSE
            PERFORM health_line_owned(ARRAY(SELECT account_id FROM new_rows UNION SELECT account_id FROM old_rows));
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER health_line_told AFTER INSERT ON ledger_account REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION health_line_of_account();
    CREATE TRIGGER health_line_changed AFTER UPDATE ON ledger_account REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION health_line_of_account();
    CREATE TRIGGER health_line_stood AFTER INSERT ON health_standing REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION health_line_of_standing();
    CREATE TRIGGER health_line_moved AFTER UPDATE ON health_standing REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION health_line_of_standing();
    CREATE TRIGGER health_line_gone AFTER DELETE ON health_standing REFERENCING OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION health_line_of_standing();
    CREATE TRIGGER health_line_given AFTER INSERT ON ledger_ownership REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION health_line_of_owner();
    CREATE TRIGGER health_line_passed AFTER UPDATE ON ledger_ownership REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION health_line_of_owner();
    CREATE TRIGGER health_line_released AFTER DELETE ON ledger_ownership REFERENCING OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION health_line_of_owner();
    SELECT health_total_anew();
"""


class Migration(migrations.Migration):
    dependencies = [("health", "0015_path_of_score")]

    operations = [
        migrations.RemoveIndex("line", "line_totals"),
        migrations.CreateModel(
            "Total",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(max_length=10)),
                ("value", models.TextField(null=True)),
                ("former", models.BooleanField()),
                ("band", models.CharField(max_length=10)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("accounts", models.BigIntegerField()),
                ("worth", models.DecimalField(decimal_places=2, max_digits=30)),
                ("rated", models.BigIntegerField()),
                ("unrated", models.BigIntegerField()),
                ("points", models.DecimalField(decimal_places=20, max_digits=60)),
                ("scored", models.BigIntegerField()),
            ],
        ),
        migrations.AddIndex("total", models.Index(fields=["by", "former"], name="total_by")),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
