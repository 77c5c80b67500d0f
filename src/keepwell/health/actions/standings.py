"""Move accounts to where their current score or an override puts them, and tell what changed band."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from keepwell.health import models
from keepwell.health.formulas import weeks
from keepwell.health.formulas.scales import POINTS
from keepwell.ledger.actions import events
from keepwell.ledger.event import Event

SOURCE = "keepwell"
# Where each account stands on the current day: by the override that holds, else by its score.
_STANDS = """
    SELECT s.id, s.account_id, s.as_of, s.parts, s.known_weight, o.id AS override_id, s.points AS scored,
        CASE WHEN o.id IS NULL THEN s.band ELSE o.band END AS band,
        CASE WHEN o.id IS NULL THEN s.points ELSE o.points END AS points
    FROM health_score s
    LEFT JOIN health_override o ON o.account_id = s.account_id AND o.ended_at IS NULL
    WHERE s.account_id = ANY(%(accounts)s) AND s.as_of = %(as_of)s
"""
_CHANGES = f"""
    INSERT INTO health_bandchange (account_id, at, as_of, from_band, to_band, points, parts, score_id, override_id)
    SELECT s.account_id, %(at)s, s.as_of, p.band, s.band, s.points, s.parts, s.id, s.override_id
    FROM ({_STANDS}) s JOIN health_standing p ON p.account_id = s.account_id
    WHERE s.band <> p.band
    ORDER BY s.account_id
    RETURNING id
"""  # noqa: S608
_STANDINGS = f"""
    INSERT INTO health_standing AS p (account_id, points, band, previous_band, since, score_id, override_id,
        rank, change, known_weight, weeks)
    SELECT account_id, points, band, '', %(at)s, id, override_id,
        coalesce(points, (%(band_points)s::jsonb ->> band)::float8),
        scored - (SELECT w.points FROM health_score w WHERE w.account_id = s.account_id AND w.as_of = %(week_ago)s),
        known_weight,
        ARRAY(SELECT w.points FROM unnest(%(weeks)s::date[]) WITH ORDINALITY AS d (day, place)
            LEFT JOIN health_score w ON w.account_id = s.account_id AND w.as_of = d.day ORDER BY d.place)
    FROM ({_STANDS}) s
    ON CONFLICT (account_id) DO UPDATE SET
        previous_band = CASE WHEN p.band = excluded.band THEN p.previous_band ELSE p.band END,
        since = CASE WHEN p.band = excluded.band THEN p.since ELSE excluded.since END,
        points = excluded.points, band = excluded.band, score_id = excluded.score_id,
        override_id = excluded.override_id, rank = excluded.rank, change = excluded.change,
        known_weight = excluded.known_weight, weeks = excluded.weeks
"""  # noqa: S608
_GONE = """
    DELETE FROM health_standing p WHERE account_id = ANY(%(accounts)s) AND NOT EXISTS (
        SELECT FROM health_score s WHERE s.account_id = p.account_id AND s.as_of = %(as_of)s)
"""
_LINKS = """
    UPDATE health_bandchange c
    SET score_id = (SELECT s.id FROM health_score s WHERE s.account_id = c.account_id AND s.as_of = c.as_of)
    WHERE c.account_id = ANY(%(accounts)s)
"""


def move(*, accounts: Sequence[int], as_of: date, at: datetime) -> None:
    """Put each account where it stands on the current day; five statements however many accounts.

    A band that moves becomes a `BandChange`, which keeps the parts as they were seen, and the ledger event
    `health.band_changed`. The first standing of an account is no change. Scores that are computed again get new
    ids, so earlier changes are pointed at the score of their day again, or at none once it is not kept.
    """
    if not accounts:
        return
    given: dict[str, Any] = {
        "accounts": list(accounts),
        "as_of": as_of,
        "at": at,
        "week_ago": as_of - weeks.WEEK,
        "weeks": weeks.shown(as_of),
        "band_points": json.dumps(POINTS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LINKS, given)
        cursor.execute(_CHANGES, given)
        changes = [row[0] for row in cursor.fetchall()]
        cursor.execute(_STANDINGS, given)
        cursor.execute(_GONE, given)
    _tell(changes, at)


def _tell(changes: Sequence[int], at: datetime) -> None:
    rows = models.BandChange.objects.filter(pk__in=changes).select_related("account").order_by("pk")
    told = [
        Event(
            id=f"~health:{change.pk}:band_changed",
            name="health.band_changed",
            account=change.account.key,
            at=at,
            source=SOURCE,
            value=change.points,
            props=json.dumps({"from": change.from_band, "to": change.to_band}),
        )
        for change in rows
    ]
    events.append(events=told, received_at=at)
