"""Deeds on what people and the company decide about how Keepwell looks and counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access import decisions, models
from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors


def prefer(*, said: Mapping[str, Any], by: Scope, at: datetime) -> dict[str, Any]:
    """A person decides for themselves; what is not mentioned stays. Gives all that they decided."""
    kept = decisions.read(decisions.PERSONS, said)
    if by.user_id is None:
        raise errors.Forbidden("Only a person has preferences. Sign in, or use a person's token.")
    with transaction.atomic():
        user = models.User.objects.select_for_update().get(pk=by.user_id)
        changed = {slug: value for slug, value in kept.items() if user.preferences.get(slug) != value}
        if changed:
            user.preferences |= changed
            user.save(update_fields=["preferences"])
            audit.record(by=by, at=at, deed="user.prefer", subject=f"user:{user.email}", **changed)
    return dict(user.preferences)


def decide(*, said: Mapping[str, Any], by: Scope, at: datetime) -> dict[str, Any]:
    """Decide for the company; what is not mentioned stays. Gives all that was decided."""
    by.require("config.change")
    kept = decisions.read(decisions.COMPANYS, said)
    with transaction.atomic():
        row, _ = models.CompanySetting.objects.select_for_update().get_or_create(
            key=models.COMPANY, defaults={"value": {}, "changed_at": at}
        )
        changed = {slug: value for slug, value in kept.items() if row.value.get(slug) != value}
        if changed:
            before = {slug: row.value.get(slug) for slug in changed}
            row.value |= changed
            row.changed_at = at
            row.save(update_fields=["value", "changed_at"])
            audit.record(
                by=by, at=at, deed="company.decide", subject=models.COMPANY, before=before, after=changed
            )
    return dict(row.value)
