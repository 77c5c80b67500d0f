"""Deeds on segments: say one, say it otherwise, retire it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.hooks import registry
from keepwell.kernel import slugs
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.metrics.conditions import tree
from keepwell.segments import models
from keepwell.segments.queries import vocabulary

MOST = 200


def save(
    *, slug: str, title: str, condition: Mapping[str, Any], by: Scope, at: datetime, sentence: str = ""
) -> models.Segment:
    """Say what a segment is, or say it otherwise; a retired one comes back. Memberships follow with the next run."""
    by.require("config.change")
    if not title.strip():
        raise Invalid("A segment needs a title that people read.")
    read = vocabulary.read(condition)
    vocabulary.plain(read, own=slugs.checked(slug))
    said = {"title": title.strip()[:200], "sentence": sentence.strip()[:500], "condition": tree.written(read)}
    with transaction.atomic():
        segment = models.Segment.objects.select_for_update().filter(slug=slug).first()
        if segment is None:
            if models.Segment.objects.filter(retired_at=None).count() >= MOST:
                raise Invalid("%(most)s segments are the most. Retire one first.", most=MOST)
            segment = models.Segment.objects.create(slug=slug, created_at=at, changed_at=at, **said)
            audit.record(by=by, at=at, deed="segment.save", subject=f"segment:{slug}", after=said)
            return segment
        before = {name: getattr(segment, name) for name in said}
        if before != said or segment.retired_at is not None:
            for name, value in said.items():
                setattr(segment, name, value)
            segment.changed_at, segment.retired_at = at, None
            segment.save(update_fields=[*said, "changed_at", "retired_at"])
            audit.record(
                by=by, at=at, deed="segment.save", subject=f"segment:{slug}", before=before, after=said
            )
    return segment


def retire(*, slug: str, by: Scope, at: datetime) -> None:
    """Ask a segment no more. Refused while other segments, scorecards or drafts rest on it; saving it again brings it back."""
    by.require("config.change")
    with transaction.atomic():
        segment = models.Segment.objects.select_for_update().filter(slug=slug, retired_at=None).first()
        if segment is None:
            raise NotFound('There is no segment "%(slug)s".', slug=slug)
        if resting := [str(use) for use in registry.uses() if slug in use.segments]:
            raise Invalid("%(listed)s rests on it. Say that without it first.", listed=", ".join(resting))
        models.Segment.objects.filter(pk=segment.pk).update(retired_at=at, computed=None)
        models.Membership.objects.filter(segment=segment).delete()
        audit.record(by=by, at=at, deed="segment.retire", subject=f"segment:{slug}")
