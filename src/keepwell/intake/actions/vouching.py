"""Who says that history was known when it happened."""

from datetime import datetime

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.intake import models
from keepwell.kernel import errors

NOTE_LENGTH = 500


def note(
    *, source_id: int, vouches: bool, by: Scope, at: datetime, batch_id: int | None = None, said: str = ""
) -> None:
    """Keep who said so, in the transaction of the deed that rests on it."""
    models.Vouching.objects.create(
        source_id=source_id, batch_id=batch_id, vouches=vouches, by_id=by.user_id, through=by.through[:20],
        at=at, note=said,
    )  # fmt: skip


def switch(*, slug: str, vouches: bool, by: Scope, at: datetime, said: str = "") -> None:
    """From now on a source is believed about when its events were known, or no longer. What it sent before stays."""
    by.require("data.import")
    said = said.strip()
    if len(said) > NOTE_LENGTH:
        raise errors.Invalid(
            "The reason has %(n)s characters; at most %(note_length)s are taken.",
            n=len(said),
            note_length=NOTE_LENGTH,
        )
    with transaction.atomic():
        source = models.Source.objects.select_for_update().filter(slug=slug).first()
        if source is None:
            raise errors.NotFound('There is no source "%(slug)s".', slug=slug)
        if not models.Source.objects.filter(pk=source.pk).exclude(vouches=vouches).update(vouches=vouches):
            raise errors.Conflict(
                '"%(slug)s" vouches already.' if vouches else '"%(slug)s" does not vouch already.', slug=slug
            )
        note(source_id=source.pk, vouches=vouches, by=by, at=at, said=said)
        audit.record(by=by, at=at, deed="source.vouch", subject=f"source:{slug}", vouches=vouches, note=said)
