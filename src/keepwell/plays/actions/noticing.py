"""Look at what happened since the last look, and tell those whom it concerns."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from keepwell.access.actions import live
from keepwell.health.models import BandChange
from keepwell.intake.models import Batch
from keepwell.kernel import figures, speech
from keepwell.ledger.models import Account, NoteMention, Ownership
from keepwell.plays import models
from keepwell.plays.actions.notifications import tell

OVERLAP = timedelta(
    minutes=5
)  # a transaction that was slow to commit is seen at the next look; nobody is told twice
SHORT = timedelta(hours=4)
WORSE = Q(to_band="red") | Q(to_band="yellow", from_band="green")


def look(*, at: datetime) -> int:
    """Tell of incidents, short clocks, falls, imports and mentions since the last look; gives how many notifications it made.

    A worker that was down for a day tells of that day. Six queries when nothing happened.
    """
    mark = models.NoticeMark.objects.filter(pk=1).values_list("at", flat=True).first()
    since = (mark or at) - OVERLAP
    told = (
        _incidents(since, at) + _clocks(at) + _falls(since, at) + _imports(since, at) + _mentions(since, at)
    )
    models.NoticeMark.objects.update_or_create(pk=1, defaults={"at": at})
    return told


def _owners(account: Account) -> list[int]:
    owned = Ownership.objects.filter(account=account, until=None, user__is_active=True)
    return list(owned.values_list("user", flat=True).distinct())


def _incidents(since: datetime, at: datetime) -> int:
    told = 0
    for incident in models.Incident.objects.filter(opened_at__gte=since, open=True).select_related("account"):
        owners = _owners(incident.account)
        made = tell(
            kind="incident-opened",
            user_ids=[user for user in owners if user != incident.opened_by_id],
            key=f"incident:{incident.pk}",
            what=f"{incident.account.name}: {incident.title}",
            subject=f"incident:{incident.pk}",
            account_id=incident.account_id,
            at=at,
        )
        if made:
            live.announce("incidents", users=owners)
            live.announce("today", users=owners)
        told += made
    return told


def _clocks(at: datetime) -> int:
    told = 0
    short = models.Task.objects.filter(
        incident__open=True, completion=None, due_at__gt=at, due_at__lte=at + SHORT
    )
    for task in short.select_related("account", "assignee"):
        told += tell(
            kind="clock-short",
            user_ids=[task.assignee_id] if task.assignee_id else _owners(task.account),
            key=f"clock:{task.pk}:{task.due_at.isoformat()}",
            what=speech.english(
                "%(name)s: %(title)s is due at %(due_at)s UTC",
                name=task.account.name,
                title=task.title,
                due_at=f"{task.due_at:%H:%M}",
            ),
            subject=f"incident:{task.incident_id}",
            account_id=task.account_id,
            at=at,
        )
    return told


def _falls(since: datetime, at: datetime) -> int:
    told = 0
    fell = BandChange.objects.filter(WORSE, at__gte=since, account__former=False).exclude(
        to_band=F("from_band")
    )
    for change in fell.select_related("account"):
        owners = _owners(change.account)
        if not owners:
            continue
        made = tell(
            kind="band-fell",
            user_ids=owners,
            key=f"fall:{change.pk}",
            what=speech.english(
                "%(name)s fell from %(band)s to %(band2)s",
                name=change.account.name,
                band=_band(change.from_band),
                band2=_band(change.to_band),
            ),
            subject=f"account:{change.account.key}",
            account_id=change.account_id,
            at=at,
        )
        if made:
            live.announce("today", users=owners)
        told += made
    return told


def _imports(since: datetime, at: datetime) -> int:
    told = 0
    ended = (
        Batch.objects.filter(state__in=("done", "failed"), finished_at__gte=since)
        .exclude(by=None)
        .select_related("by")
    )
    for batch in ended:
        became = speech.english("is done") if batch.state == "done" else "failed"
        told += tell(
            kind="import-ended",
            user_ids=[batch.by_id] if batch.by_id else [],
            key=f"import:{batch.pk}:{batch.state}",
            what=speech.english(
                "Import of %(file_name)s %(became)s: %(rows_done)s rows, %(rejected)s not taken",
                file_name=batch.file_name,
                became=became,
                rows_done=figures.Whole(batch.rows_done),
                rejected=figures.Whole(batch.rejected),
            ),
            subject=f"import:{batch.pk}",
            at=at,
        )
    return told


def _mentions(since: datetime, at: datetime) -> int:
    told = 0
    said = NoteMention.objects.filter(mentioned_at__gte=since, user__is_active=True)
    for mention in said.select_related("note__account"):
        account = mention.note.account
        told += tell(
            kind="mentioned",
            user_ids=[mention.user_id],
            key=f"mention:{mention.pk}",
            what=speech.english(
                "%(name)s: %(mentioned_by)s mentioned you: %(text)s",
                name=account.name,
                mentioned_by=mention.mentioned_by,
                text=mention.note.text[:200],
            ),
            subject=f"note:{account.key}",
            account_id=account.pk,
            at=at,
        )
    return told


def _band(slug: str) -> str:
    return {
        "green": speech.english("Healthy"),
        "yellow": speech.english("Watch"),
        "red": speech.english("At risk"),
    }.get(slug, speech.english("Unknown"))
