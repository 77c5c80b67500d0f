"""Rejections and vouchings from before they were kept by reason and by person."""

from django.db import migrations

DRY = """
UPDATE intake_rejection SET state = 'rehearsed'
WHERE batch_id IN (SELECT id FROM intake_batch WHERE dry_run)
"""
UNKNOWN = """
UPDATE intake_rejection
SET why = 'account-unknown', about = left(substring(reason from 'account "(.*?)" is not known'), 200)
WHERE reason ~ 'account ".*?" is not known'
"""
SOURCES = """
INSERT INTO intake_vouching (source_id, vouches, through, at, note)
SELECT id, true, 'upgrade', created_at, 'From before it was kept who said so.' FROM intake_source WHERE vouches
"""
IMPORTS = """
INSERT INTO intake_vouching (source_id, batch_id, vouches, by_id, through, at, note)
SELECT source_id, id, true, by_id, through, coalesce(started_at, prepared_at), ''
FROM intake_batch WHERE vouched AND NOT dry_run AND state <> 'awaiting_mapping'
"""


class Migration(migrations.Migration):

    dependencies = [("intake", "0002_mending")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (DRY, UNKNOWN, SOURCES, IMPORTS)]
