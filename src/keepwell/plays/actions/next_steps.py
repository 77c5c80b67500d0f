"""What is due next for accounts, where time alone changes it."""

from datetime import datetime

from django.db import connection

PASSED = """
    SELECT plays_next_step(ARRAY(SELECT account_id FROM health_line WHERE next_kind = 'meeting' AND next_at <= %s))
"""


def look_again(*, at: datetime) -> None:
    """Where the next step was a meeting that is past by now, say the next one; all else triggers see to. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(PASSED, [at])
