"""Deeds on how incidents are answered."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.plays import models, practice
from keepwell.plays.practice import Practice
from keepwell.segments.models import Segment


def declare(*, definition: Any, by: Scope, at: datetime, segment: str = "") -> Practice:
    """Say how incidents are answered from now on, of a segment or (none) of all others; open ones go on as they began."""
    by.require("config.change")
    said = practice.read(definition)
    with transaction.atomic():
        meant = _segment(segment)
        now = models.IncidentPractice.objects.select_for_update().filter(segment=meant, ended_at=None).first()
        if now is not None and practice.read(now.definition) == said:
            return said
        models.IncidentPractice.objects.filter(segment=meant, ended_at=None).update(ended_at=at)
        models.IncidentPractice.objects.create(
            segment=meant,
            place=_place(meant, now),
            definition=said.written,
            declared_at=at,
            declared_by_id=by.user_id,
        )
        audit.record(by=by, at=at, deed="practice.declare", subject=_subject(segment))
    return said


def withdraw(*, segment: str, by: Scope, at: datetime) -> None:
    """Let a segment be answered as all others are; for the company: as usual."""
    by.require("config.change")
    with transaction.atomic():
        rows = models.IncidentPractice.objects.filter(segment=_segment(segment), ended_at=None)
        if not rows.update(ended_at=at):
            raise errors.NotFound("Nothing is declared there.")
        audit.record(by=by, at=at, deed="practice.withdraw", subject=_subject(segment))


def _segment(slug: str) -> Segment | None:
    if not slug:
        return None
    found = Segment.objects.filter(slug=slug, retired_at=None).first()
    if found is None:
        raise errors.NotFound('There is no segment "%(slug)s".', slug=slug)
    return found


def _place(segment: Segment | None, now: models.IncidentPractice | None) -> int:
    """The company's comes first; a segment's stays where it is, a new one goes to the end."""
    if segment is None or now is not None:
        return now.place if now else 0
    last: int = models.IncidentPractice.objects.aggregate(last=Max("place"))["last"] or 0
    return last + 1


def _subject(segment: str) -> str:
    return f"segment:{segment}" if segment else "company"
