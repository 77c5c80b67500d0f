"""Keep the stays of accounts in their phases in step with what tells them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl
from django.db import connection, transaction
from django.db.models import Q

from keepwell.kernel.moments import DAY, start_of
from keepwell.ledger.models import Account
from keepwell.metrics.actions import bulk
from keepwell.outcomes import models
from keepwell.outcomes.formulas import pathing
from keepwell.outcomes.formulas.pathing import Stay
from keepwell.outcomes.queries import journeys
from keepwell.outcomes.queries.journeys import Phases
from keepwell.segments.models import Membership, PhaseOverride
from keepwell.segments.queries import phases

BLOCK = 20_000
FORM = 1
COLUMNS = {
    "account_id": pl.Int64, "phase": pl.String, "since": pl.Date, "until": pl.Date, "is_dated": pl.Boolean,
    "after": pl.String, "came": pl.Boolean,
}  # fmt: skip
_NOTED = """
    INSERT INTO outcomes_walk (account_id, since, renewal_date, left_at, phase, former, is_merged)
    SELECT id, since, renewal_date, left_at, phase, former, merged_into_id IS NOT NULL FROM ledger_account WHERE id = ANY(%s)
"""
_MOVED = """
    SELECT a.id FROM ledger_account a LEFT JOIN outcomes_walk w ON w.account_id = a.id
    WHERE a.id = ANY(%s) AND (w.account_id IS NULL
        OR (w.since, w.renewal_date, w.left_at, w.phase, w.former, w.is_merged)
        IS DISTINCT FROM (a.since, a.renewal_date, a.left_at, a.phase, a.former, a.merged_into_id IS NOT NULL))
"""


def refresh(*, since_by_account: Mapping[int, date] | None, as_of: date, signed: Collection[int] = ()) -> int:
    """Look again at accounts that have news by which phases are told, or at all (None, a new day, other phases).

    Contracts of those in `signed` may tell when they left. Gives of how many accounts it wrote the stays. Run it after the
    memberships. An account whose row came before the fact that changed it is told again at the next day's turn.
    """
    known = journeys.known_phases()
    definition = {"form": FORM, **journeys.definition(known)}
    with transaction.atomic():
        before = models.StayExtent.objects.select_for_update().first()
        is_same = before is not None and (before.as_of, before.definition) == (as_of, definition)
        if since_by_account is None or not is_same:
            asked = list(Account.objects.order_by("pk").values_list("pk", flat=True))
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM outcomes_stay; DELETE FROM outcomes_walk")
        else:
            asked = sorted(_concerned(since_by_account, as_of) | set(signed))
            models.Stay.objects.filter(account__in=asked).delete()
            models.Walk.objects.filter(account__in=asked).delete()
        for start in range(0, len(asked), BLOCK):
            _write(asked[start : start + BLOCK], known, as_of)
        if not is_same:
            said = {"as_of": as_of, "definition": definition}
            models.StayExtent.objects.update_or_create(id=1, defaults=said)
    return len(asked)


def _concerned(since: Mapping[int, date], as_of: date) -> set[int]:
    """Accounts of which another row tells, those of which somebody or a rule says another phase of late."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [list(since)])
        found = {pk for (pk,) in cursor.fetchall()}
    late = start_of(as_of) - DAY
    said = PhaseOverride.objects.filter(Q(made_at__gte=late) | Q(ended_at__gte=late))
    return found | set(said.values_list("account", flat=True)) | _ruled(since)


def _ruled(since: Mapping[int, date]) -> set[int]:
    """Those whose phase by rule began or ended, or did so before, from the day on which their numbers may be others."""
    order = phases.declared()
    if not order or not since:
        return set()
    first = min(since.values())
    lately = Q(since__gte=first) | Q(until__gte=first)
    held = Membership.objects.filter(lately, account__in=list(since), segment__slug__in=order)
    stood = models.Stay.objects.filter(lately, account__in=list(since))
    rows = [*held.values_list("account", "since", "until"), *stood.values_list("account", "since", "until")]
    return {pk for pk, began, ended in rows if max(began, ended or began) >= since[pk]}


def _write(account_ids: Collection[int], known: Phases, as_of: date) -> None:
    present = list(Account.objects.filter(pk__in=account_ids, merged_into=None).values_list("pk", flat=True))
    told = journeys.paths(account_ids=present, known=known, day=as_of) if present else {}
    rows = [_row(pk, path, place) for pk, path in told.items() for place in range(len(path))]
    bulk.copy_in(models.Stay._meta.db_table, pl.DataFrame(rows, schema=COLUMNS, orient="row"))
    with connection.cursor() as cursor:
        cursor.execute(_NOTED, [list(account_ids)])


def _row(account_id: int, path: Sequence[Stay], place: int) -> tuple[object, ...]:
    one = path[place]
    after = path[place + 1] if place + 1 < len(path) else None
    return (
        account_id, one.phase, one.since, one.until, one.is_dated, "" if after is None else after.phase,
        pathing.came(one, after),
    )  # fmt: skip
