"""Deeds on runs that make the decks of many accounts: asked for, carried on by one worker, stopped, forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models

MOST = 2000
KEEPING = timedelta(days=7)
FORMS = ("pptx", "pdf")


@dataclass(frozen=True)
class Going:
    """A run in one worker's hand."""

    id: int
    user: User
    keys: Sequence[str]
    since: date
    until: date
    form: str
    asked_at: datetime


def ask(
    *, keys: Sequence[str], whose: str, since: date, until: date, form: str, by: Scope, at: datetime
) -> int:
    """Ask for the decks of accounts; gives the run's number. A job makes them."""
    if by.user_id is None:
        raise Forbidden("A run of decks is somebody's own. Sign in, or use the command line.")
    if form not in FORMS:
        raise Invalid('"%(said)s" is not known. Use one of %(listed)s.', said=form, listed=", ".join(FORMS))
    if not since <= until < at.date():
        raise Invalid(
            "The period %(since)s to %(until)s does not end by today. Give two days that are over.",
            since=since, until=until,
        )  # fmt: skip
    seen = set(accounts.visible(seen_by=by).filter(key__in=keys).values_list("key", flat=True))
    asked = [key for key in dict.fromkeys(keys) if key in seen]
    if not asked:
        raise Invalid("No account is like this, so that there is no deck to make.")
    if len(asked) > MOST:
        raise Invalid("One run makes at most %(most)s decks, not %(n)s.", most=MOST, n=len(asked))
    with transaction.atomic():
        row = models.DeckRun.objects.create(
            asked_by_id=by.user_id,
            asked_at=at,
            whose=whose[:300],
            keys=asked,
            since=since,
            until=until,
            form=form,
        )
        audit.record(by=by, at=at, deed="decks.ask", subject=f"decks:{row.pk}", accounts=len(asked))
    return row.pk


def begin(*, run_id: int) -> Going | None:
    """Take a run that waits or was cut off; None where it is over."""
    going = models.DeckRun.objects.filter(pk=run_id, state__in=("queued", "running"))
    if not going.update(state="running", steps_done=0, refused=[]):
        return None
    row = models.DeckRun.objects.select_related("asked_by").get(pk=run_id)
    return Going(row.pk, row.asked_by, row.keys, row.since, row.until, row.form, row.asked_at)


def note(*, run_id: int, done: int, refused: Sequence[tuple[str, str]]) -> bool:
    """Say how far it is; False where somebody has stopped it."""
    going = models.DeckRun.objects.filter(pk=run_id, state="running")
    return bool(going.update(steps_done=done, refused=[list(pair) for pair in refused]))


def done(*, run_id: int, place: str, size: int, at: datetime) -> bool:
    """Its file is there; False where somebody has stopped it meanwhile."""
    going = models.DeckRun.objects.filter(pk=run_id, state="running")
    return bool(going.update(state="done", place=place, size=size, finished_at=at))


def failed(*, run_id: int, why: str, at: datetime) -> None:
    """It ended without a file."""
    going = models.DeckRun.objects.filter(pk=run_id, state="running")
    going.update(state="failed", error=why[:500], finished_at=at)


def stop(*, run_id: int, by: Scope, at: datetime) -> None:
    """Make no further deck."""
    with transaction.atomic():
        mine = models.DeckRun.objects.filter(pk=run_id, asked_by=by.user_id)
        if not mine.exists():
            raise NotFound("There is no run of decks %(number)s.", number=run_id)
        if not mine.filter(state__in=("queued", "running")).update(
            state="failed", error="Stopped.", finished_at=at
        ):
            raise Conflict("It is over already.")
        audit.record(by=by, at=at, deed="decks.stop", subject=f"decks:{run_id}")


def forget_old(*, at: datetime) -> list[str]:
    """Forget runs after a week; gives the places of their files, which go too."""
    old = models.DeckRun.objects.filter(finished_at__lt=at - KEEPING)
    places = [place for place in old.values_list("place", flat=True) if place]
    old.delete()
    return places
