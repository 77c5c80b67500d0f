"""Asks and frictions can be searched for: the index is told of what is written."""

from django.db import migrations

WATCHING = """
SELECT search_watch('outcomes_advocateask', 'id', '{account_id,person_id,for_whom,note,asked_on}');
SELECT search_watch('outcomes_advocateoutcome', 'ask_id', '{text,ask_id}');
SELECT search_watch('outcomes_friction', 'id', '{account_id,text,on}');
"""


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0006_decks"), ("search", "0001_index")]

    operations = [migrations.RunSQL(WATCHING, migrations.RunSQL.noop)]
