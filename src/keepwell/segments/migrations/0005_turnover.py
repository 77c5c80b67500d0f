"""How many came into a segment and left it on each day, and what those still in it are worth, kept by triggers.

However many accounts there are, a page then reads some rows a day instead of every membership. They are told as differences
that sum to what there is: whoever writes appends a few rows and waits for nobody.
"""

import django.db.models.deletion
from django.db import migrations, models

# A membership counts on the day it began, and off on the day it ended; its ARR counts on the first day while it lasts.
SUMS = """
    INSERT INTO segments_turnover (segment_id, state, day, accounts, worth, rated)
    SELECT k.segment_id, k.state, k.day, sum(k.accounts), sum(k.worth), sum(k.rated) FROM (
        SELECT m.segment_id, m.state, m.since AS day, m.sign AS accounts,
            CASE WHEN m.until IS NULL THEN m.sign * coalesce(a.arr_reporting, 0) ELSE 0 END AS worth,
            CASE WHEN m.until IS NULL AND a.arr_reporting IS NOT NULL THEN m.sign ELSE 0 END AS rated
        FROM ({rows}) m LEFT JOIN ledger_account a ON a.id = m.account_id
        UNION ALL SELECT m.segment_id, m.state, m.until, -m.sign, 0, 0 FROM ({rows}) m WHERE m.until IS NOT NULL
    ) k GROUP BY 1, 2, 3 HAVING sum(k.accounts) <> 0 OR sum(k.worth) <> 0 OR sum(k.rated) <> 0
"""
COLUMNS = "segment_id, account_id, state, since, until"
CAME = f"SELECT 1 AS sign, {COLUMNS} FROM new_rows"
WENT = f"SELECT -1 AS sign, {COLUMNS} FROM old_rows"
WORTH = """
    INSERT INTO segments_turnover (segment_id, state, day, accounts, worth, rated)
    SELECT m.segment_id, m.state, m.since, 0, sum(coalesce(n.arr_reporting, 0) - coalesce(o.arr_reporting, 0)),
        sum((n.arr_reporting IS NOT NULL)::int - (o.arr_reporting IS NOT NULL)::int)
    FROM new_rows n JOIN old_rows o ON o.id = n.id AND o.arr_reporting IS DISTINCT FROM n.arr_reporting
    JOIN segments_membership m ON m.account_id = n.id AND m.until IS NULL GROUP BY 1, 2, 3
"""
KEEP = f"""
    CREATE FUNCTION segments_came() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {SUMS.format(rows=CAME)};
        RETURN NULL;
    END $$;
    CREATE FUNCTION segments_went() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {SUMS.format(rows=WENT)};
        RETURN NULL;
    END $$;
    CREATE FUNCTION segments_turned() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {SUMS.format(rows=f"{CAME} UNION ALL {WENT}")};
        RETURN NULL;
    END $$;
    CREATE FUNCTION segments_worth() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {WORTH};
        RETURN NULL;
    END $$;
    CREATE FUNCTION segments_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM segments_turnover;
        RETURN NULL;
    END $$;
    CREATE FUNCTION segments_turnover_anew() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        LOCK TABLE segments_membership IN SHARE ROW EXCLUSIVE MODE;
        DELETE FROM segments_turnover;
        {SUMS.format(rows=f"SELECT 1 AS sign, {COLUMNS} FROM segments_membership")};
    END $$;
    CREATE TRIGGER segments_came AFTER INSERT ON segments_membership REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION segments_came();
    CREATE TRIGGER segments_went AFTER DELETE ON segments_membership REFERENCING OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION segments_went();
    CREATE TRIGGER segments_turned AFTER UPDATE ON segments_membership
        REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION segments_turned();
    CREATE TRIGGER segments_worth AFTER UPDATE ON ledger_account REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION segments_worth();
    CREATE TRIGGER segments_emptied AFTER TRUNCATE ON segments_membership
        FOR EACH STATEMENT EXECUTE FUNCTION segments_emptied();
    SELECT segments_turnover_anew();
"""
FORGET = """
    DROP TRIGGER segments_worth ON ledger_account;
    DROP TRIGGER segments_came ON segments_membership;
    DROP TRIGGER segments_went ON segments_membership;
    DROP TRIGGER segments_turned ON segments_membership;
    DROP TRIGGER segments_emptied ON segments_membership;
    DROP FUNCTION segments_came, segments_went, segments_turned, segments_worth, segments_emptied,
        segments_turnover_anew;
"""


class Migration(migrations.Migration):
    dependencies = [("segments", "0004_membership_name"), ("ledger", "0022_hand_over")]

    operations = [
        migrations.CreateModel(
            "Turnover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "segment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="segments.segment",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("member", "Member"), ("unknown", "Cannot be told")], max_length=10
                    ),
                ),
                ("day", models.DateField()),
                ("accounts", models.BigIntegerField()),
                ("worth", models.DecimalField(decimal_places=2, max_digits=30)),
                ("rated", models.BigIntegerField()),
                ("settled", models.BooleanField(db_default=False)),
            ],
        ),
        migrations.AddIndex(
            "turnover", models.Index(fields=["segment", "state", "day"], name="turnover_of_segment")
        ),
        migrations.AddIndex(
            "turnover",
            models.Index(fields=["id"], condition=models.Q(settled=False), name="turnover_unsettled"),
        ),
        migrations.RunSQL(KEEP, FORGET),
    ]
