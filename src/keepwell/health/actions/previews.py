"""Deeds on previews of whole books: ask for one, carry it to its end."""

import logging
from datetime import datetime

from django.db import transaction

from keepwell.access.scopes import Scope, system
from keepwell.health import models
from keepwell.health.queries import kept_previews, previews
from keepwell.intake.actions.alone import alone
from keepwell.kernel.errors import Invalid, NotFound, Refused
from keepwell.metrics.queries import values

LOCK = 0x70726577
PREVIEWS = system(through="previews")

_log = logging.getLogger(__name__)


def ask(*, slug: str, by: Scope, at: datetime) -> int:
    """Ask what the draft of a card would change of the whole book on the current day; gives the preview's id.

    One that was asked of the same is given again; those of what the draft said before are forgotten. A job carries it out.
    """
    by.require("config.change")
    covered = values.extent()
    if covered is None:
        raise Invalid("No numbers are computed yet. Import facts first, then look what would change.")
    with transaction.atomic():
        version = (
            models.ScorecardVersion.objects.select_for_update()
            .filter(scorecard__slug=slug, published_at=None)
            .first()
        )
        if version is None:
            raise NotFound("%(slug)s has no draft.", slug=slug)
        rows = models.CardPreview.objects.filter(version=version)
        same = rows.filter(definition=version.definition, as_of=covered.as_of).exclude(state="failed")
        found = same.order_by("-pk").first()
        if found is None:
            rows.delete()
            found = models.CardPreview.objects.create(
                version=version, definition=version.definition, as_of=covered.as_of, asked_at=at
            )
    return found.pk


def run(*, preview_id: int, at: datetime) -> None:
    """Carry a preview to its end; one that was cut off begins again. Of several workers one carries it, others leave."""
    with alone(kind=LOCK, number=preview_id) as mine:
        going = models.CardPreview.objects.filter(pk=preview_id, state__in=("queued", "running"))
        if mine and going.update(state="running", steps_done=0):
            _carry(preview_id, at)


def _carry(preview_id: int, at: datetime) -> None:
    row = models.CardPreview.objects.select_related("version__scorecard").get(pk=preview_id)
    kept = models.CardPreview.objects.filter(pk=preview_id)

    def note(done: int, total: int) -> None:
        kept.update(steps_done=done, steps_total=total)

    try:
        found = previews.whole(
            slug=row.version.scorecard.slug, definition=row.definition, seen_by=PREVIEWS, progress=note
        )
    except Exception as failure:
        unexpected = f"An unexpected error: {type(failure).__name__}. Look again."
        why = failure.english if isinstance(failure, Refused) else unexpected
        kept.update(state="failed", error=why, finished_at=at)
        _log.error("preview %s failed", preview_id)
        if not isinstance(failure, Refused):
            raise
        return
    kept.update(state="done", found=kept_previews.written(found), as_of=found.as_of, finished_at=at, error="")
