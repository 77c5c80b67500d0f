"""Incidents of before: what each is about, and the clocks of those that are open, in calendar time."""

from django.db import migrations

KEEP = """
    UPDATE plays_incident i SET matter = left('rule:' || r.slug, 100)
    FROM signals_firing f JOIN signals_rule r ON r.id = f.rule_id WHERE f.id = i.firing_id;
    INSERT INTO plays_incidentclock (incident_id, round, kind, counts, started_at, due_at, met_at, step, next_step_at)
    SELECT i.id, 0, k.kind, 'calendar', i.opened_at, k.due_at, k.met_at, 0, k.due_at
    FROM plays_incident i CROSS JOIN LATERAL (
        SELECT 'call' AS kind, i.due_at AS due_at, (
            SELECT c.at FROM plays_task t JOIN plays_taskcompletion c ON c.task_id = t.id
            WHERE t.incident_id = i.id ORDER BY t.due_at, t.id LIMIT 1
        ) AS met_at
        UNION ALL SELECT 'cause', i.opened_at + interval '7 days', NULL
        UNION ALL SELECT 'plan', i.opened_at + interval '14 days', NULL
    ) k WHERE i.open;
"""
FORGET = "DELETE FROM plays_incidentclock"


class Migration(migrations.Migration):
    dependencies = [("plays", "0008_whole_incidents"), ("signals", "0003_rehearsals")]

    operations = [migrations.RunSQL(KEEP, FORGET)]
