"""What is due next for an account, in its line: triggers of the database look again wherever work or its clock changes."""

from django.db import migrations

KEEP = """
    CREATE FUNCTION plays_next_step(asked bigint[]) RETURNS void LANGUAGE sql AS $$
        UPDATE health_line l SET next_at = n.at, next_kind = coalesce(n.kind, ''), next_what = coalesce(left(n.what, 500), '')
        FROM unnest(asked) AS one (id) LEFT JOIN LATERAL (
            SELECT at, kind, what FROM (
                SELECT t.due_at AS at, 'task' AS kind, t.title AS what FROM plays_task t
                WHERE t.account_id = one.id
                    AND NOT EXISTS (SELECT FROM plays_taskcompletion c WHERE c.task_id = t.id)
                UNION ALL SELECT i.due_at, 'incident', i.title FROM plays_incident i WHERE i.account_id = one.id AND i.open
                UNION ALL SELECT p.held_at, 'meeting', coalesce(nullif(p.subject, ''), replace(p.kind, '_', ' '))
                FROM ledger_touchpoint p WHERE p.account_id = one.id AND p.held_at > now() AND NOT p.declined
                UNION ALL SELECT a.renewal_date::timestamp AT TIME ZONE 'UTC', 'renewal', '' FROM ledger_account a
                WHERE a.id = one.id AND NOT a.former AND a.renewal_date IS NOT NULL
            ) AS each ORDER BY at, kind, what LIMIT 1
        ) AS n ON true
        WHERE l.account_id = one.id AND (l.next_at, l.next_kind, l.next_what)
            IS DISTINCT FROM (n.at, coalesce(n.kind, ''), coalesce(left(n.what, 500), ''))
    $$;
    CREATE FUNCTION plays_next_of_work() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM plays_next_step(ARRAY[CASE WHEN TG_OP = 'DELETE' THEN OLD.account_id ELSE NEW.account_id END]);
        IF TG_OP = 'UPDATE' AND OLD.account_id <> NEW.account_id THEN PERFORM plays_next_step(ARRAY[OLD.account_id]); END IF;
        RETURN NULL;
    END $$;
    CREATE FUNCTION plays_next_of_completion() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM plays_next_step(ARRAY(SELECT t.account_id FROM plays_task t
            WHERE t.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.task_id ELSE NEW.task_id END));
        RETURN NULL;
    END $$;
    CREATE FUNCTION plays_next_of_account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM plays_next_step(ARRAY[NEW.id]);
        RETURN NULL;
    END $$;
    CREATE TRIGGER plays_next_task AFTER INSERT OR DELETE OR UPDATE OF account_id, due_at, title ON plays_task
        FOR EACH ROW EXECUTE FUNCTION plays_next_of_work();
    CREATE TRIGGER plays_next_incident AFTER INSERT OR DELETE OR UPDATE OF account_id, due_at, title, open ON plays_incident
        FOR EACH ROW EXECUTE FUNCTION plays_next_of_work();
    CREATE TRIGGER plays_next_completion AFTER INSERT OR DELETE ON plays_taskcompletion
        FOR EACH ROW EXECUTE FUNCTION plays_next_of_completion();
    CREATE TRIGGER plays_next_planned AFTER INSERT ON ledger_touchpoint
        FOR EACH ROW WHEN (NEW.held_at > now()) EXECUTE FUNCTION plays_next_of_work();
    CREATE TRIGGER plays_next_moved AFTER UPDATE OF account_id, held_at, declined, subject ON ledger_touchpoint
        FOR EACH ROW WHEN (OLD.held_at > now() OR NEW.held_at > now()) EXECUTE FUNCTION plays_next_of_work();
    CREATE TRIGGER plays_next_dropped AFTER DELETE ON ledger_touchpoint
        FOR EACH ROW WHEN (OLD.held_at > now()) EXECUTE FUNCTION plays_next_of_work();
    CREATE TRIGGER plays_next_told AFTER INSERT ON ledger_account
        FOR EACH ROW WHEN (NEW.renewal_date IS NOT NULL) EXECUTE FUNCTION plays_next_of_account();
    CREATE TRIGGER plays_next_renewal AFTER UPDATE OF renewal_date, former ON ledger_account
        FOR EACH ROW WHEN ((OLD.renewal_date, OLD.former) IS DISTINCT FROM (NEW.renewal_date, NEW.former))
        EXECUTE FUNCTION plays_next_of_account();
    SELECT plays_next_step(ARRAY(SELECT account_id FROM health_line));
"""
FORGET = """
    DROP TRIGGER plays_next_renewal ON ledger_account;
    DROP TRIGGER plays_next_told ON ledger_account;
    DROP TRIGGER plays_next_dropped ON ledger_touchpoint;
    DROP TRIGGER plays_next_moved ON ledger_touchpoint;
    DROP TRIGGER plays_next_planned ON ledger_touchpoint;
    DROP TRIGGER plays_next_completion ON plays_taskcompletion;
    DROP TRIGGER plays_next_incident ON plays_incident;
    DROP TRIGGER plays_next_task ON plays_task;
    DROP FUNCTION plays_next_of_account, plays_next_of_completion, plays_next_of_work, plays_next_step;
"""


class Migration(migrations.Migration):
    dependencies = [("plays", "0004_bulk"), ("health", "0013_line_ahead"), ("ledger", "0021_ownership_name")]

    operations = [migrations.RunSQL(KEEP, FORGET)]
