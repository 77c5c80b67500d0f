"""Deeds on playbooks: edit a draft, publish it, go back, let one rest. Runs that have begun go on by their own version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.actions.versions import Versions
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.plays import declared, models

MOST = 200
PLAYBOOKS = Versions("playbook", models.Playbook, models.PlaybookVersion)


def save(
    *, slug: str, title: str, definition: Mapping[str, Any], by: Scope, at: datetime
) -> models.PlaybookVersion:
    """Save a definition as the playbook's draft; when it says what the last version says, that version itself is given."""
    by.require("config.change")
    told = declared.read(definition)
    with transaction.atomic():
        return PLAYBOOKS.save(_playbook(slug, title, at), told.written, by=by, at=at)


def _playbook(slug: str, title: str, at: datetime) -> models.Playbook:
    is_known = models.Playbook.objects.filter(slug=slug).exists()
    if not is_known and models.Playbook.objects.filter(active=True).count() >= MOST:
        raise Invalid("%(most)s playbooks are the most. Let one rest first.", most=MOST)
    return PLAYBOOKS.named(slug=slug, title=title, created_at=at)


def discard(*, slug: str, by: Scope, at: datetime) -> None:
    """Throw the draft away; a playbook that was never published goes with it."""
    by.require("config.change")
    with transaction.atomic():
        PLAYBOOKS.discard(slug, by=by, at=at)


def publish(*, slug: str, number: int, by: Scope, at: datetime, seen: datetime | None = None) -> None:
    """Put a version in force: what starts from now on runs by it. `seen` as `Versions.to_publish` has it."""
    by.require("config.change")
    with transaction.atomic():
        playbook, version = PLAYBOOKS.to_publish(slug, number, seen=seen)
        if playbook.published_id != version.pk or not playbook.active:
            _put(playbook, version, by=by, at=at)


def put(*, slug: str, title: str, definition: Mapping[str, Any], by: Scope, at: datetime) -> models.Playbook:
    """Publish a definition at once, unless it is in force. A draft that is being edited stays, behind it."""
    by.require("config.change")
    told = declared.read(definition).written
    with transaction.atomic():
        playbook = _playbook(slug, title, at)
        published = playbook.published
        if published is None or published.definition != told:
            published = PLAYBOOKS.before_draft(playbook, told, at=at)
        elif playbook.active:
            return playbook
        _put(playbook, published, by=by, at=at)
    return playbook


def roll_back(*, slug: str, number: int, by: Scope, at: datetime) -> models.PlaybookVersion:
    """Publish what an earlier version said, as a new version. A draft that is being edited stays as it is, behind it."""
    by.require("config.change")
    with transaction.atomic():
        playbook, earlier = PLAYBOOKS.to_return_to(slug, number)
        version = PLAYBOOKS.before_draft(playbook, declared.read(earlier.definition).written, at=at)
        _put(playbook, version, by=by, at=at, rolled_back_to=number)
    return version


def rest(*, slug: str, by: Scope, at: datetime) -> None:
    """Nothing starts it any more; what runs goes on."""
    by.require("config.change")
    with transaction.atomic():
        playbook = PLAYBOOKS.locked(slug)
        if models.Playbook.objects.filter(pk=playbook.pk, active=True).update(active=False):
            audit.record(by=by, at=at, deed="playbook.rest", subject=f"playbook:{slug}")


def wake(*, slug: str, by: Scope, at: datetime) -> None:
    """It may start again, as it was published last."""
    by.require("config.change")
    with transaction.atomic():
        playbook = PLAYBOOKS.locked(slug)
        if playbook.published is None:
            raise NotFound('The playbook "%(slug)s" was never published. Publish its draft.', slug=slug)
        if not playbook.active:
            _put(playbook, playbook.published, by=by, at=at)


def _put(
    playbook: models.Playbook, version: models.PlaybookVersion, *, by: Scope, at: datetime, **details: Any
) -> None:
    models.Playbook.objects.filter(pk=playbook.pk).update(active=True)
    PLAYBOOKS.put_in_force(playbook, version, by=by, at=at, **details)
