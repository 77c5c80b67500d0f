"""Deeds on rules: edit a draft, publish it, roll back, let one rest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.actions.versions import Versions
from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.signals import declared, models
from keepwell.signals.actions import looking

MOST = 200
RESTS = "The rule watches no more"


RULES = Versions("rule", models.Rule, models.RuleVersion)


def save(
    *, slug: str, title: str, definition: Mapping[str, Any], by: Scope, at: datetime
) -> models.RuleVersion:
    """Save a definition as the rule's draft: the one that is being edited, or a new one after the last published version.

    When it says what the last version says, that version itself is given.
    """
    by.require("config.change")
    told = declared.read(definition)
    with transaction.atomic():
        return RULES.save(_rule(slug, title, at), told.written, sentence=_kept(told), by=by, at=at)


def _rule(slug: str, title: str, at: datetime) -> models.Rule:
    is_known = models.Rule.objects.filter(slug=slug).exists()
    if not is_known and models.Rule.objects.filter(active=True).count() >= MOST:
        raise Invalid("%(most)s rules are the most. Let one rest first.", most=MOST)
    return RULES.named(slug=slug, title=title, created_at=at)


def discard(*, slug: str, by: Scope, at: datetime) -> None:
    """Throw the draft away; a rule that was never published goes with it."""
    by.require("config.change")
    with transaction.atomic():
        RULES.discard(slug, by=by, at=at)


def publish(*, slug: str, number: int, by: Scope, at: datetime, seen: datetime | None = None) -> None:
    """Put a version in force: it watches from now on; of whom it holds already is noted, and is no news.

    `seen` is when the draft that was looked at was last changed: if it changed since, it is refused.
    """
    by.require("config.change")
    with transaction.atomic():
        looking.locked()
        rule, version = RULES.to_publish(slug, number, seen=seen)
        if rule.published_id == version.pk and rule.active:
            return
        _put(rule, version, by=by, at=at)
        looking.begin(at=at)


def put(
    *, slug: str, title: str, definition: Mapping[str, Any], by: Scope, at: datetime, begin: bool = True
) -> models.Rule:
    """Publish a definition at once and let it watch, unless it does. A draft that is being edited stays, behind it.

    Whoever puts several begins them together afterwards (`looking.begin`).
    """
    by.require("config.change")
    told = declared.read(definition)
    with transaction.atomic():
        looking.locked()
        rule = _rule(slug, title, at)
        if rule.published is not None and rule.published.definition == told.written:
            if not rule.active:
                _put(rule, rule.published, by=by, at=at)
        else:
            _put_before_draft(rule, told, by=by, at=at)
        if begin:
            looking.begin(at=at)
    return rule


def roll_back(*, slug: str, number: int, by: Scope, at: datetime) -> models.RuleVersion:
    """Publish what an earlier version said, as a new version. A draft that is being edited stays as it is, behind it."""
    by.require("config.change")
    with transaction.atomic():
        looking.locked()
        rule, earlier = RULES.to_return_to(slug, number)
        told = declared.read(earlier.definition)
        version = _put_before_draft(rule, told, by=by, at=at, rolled_back_to=number)
        looking.begin(at=at)
    return version


def rest(*, slug: str, by: Scope, at: datetime) -> None:
    """Let a rule watch no more; what it noticed stays as history, and publishing it again wakes it."""
    by.require("config.change")
    with transaction.atomic():
        looking.locked()
        rule = RULES.locked(slug)
        if not rule.active:
            return
        models.Rule.objects.filter(pk=rule.pk).update(active=False)
        looking.end(models.Firing.objects.filter(rule=rule, ended_at=None), because=RESTS, at=at)
        audit.record(by=by, at=at, deed="rule.rest", subject=f"rule:{slug}")


def wake(*, slug: str, by: Scope, at: datetime) -> None:
    """Let a resting rule watch again as it was published last."""
    by.require("config.change")
    with transaction.atomic():
        looking.locked()
        rule = RULES.locked(slug)
        if rule.published is None:
            raise NotFound('The rule "%(slug)s" was never published. Publish its draft.', slug=slug)
        if not rule.active:
            _put(rule, rule.published, by=by, at=at)
            looking.begin(at=at)


def note_verdict(*, version_id: int, definition: Mapping[str, Any], verdict: Mapping[str, Any]) -> None:
    """Keep with a version what its rehearsal said of this definition; one that says something else by now has none."""
    RULES.note_verdict(version_id, definition=definition, verdict=verdict)


def _put_before_draft(
    rule: models.Rule, told: declared.Declared, *, by: Scope, at: datetime, **details: Any
) -> models.RuleVersion:
    version = RULES.before_draft(rule, told.written, at=at, sentence=_kept(told))
    _put(rule, version, by=by, at=at, **details)
    return version


def _put(rule: models.Rule, version: models.RuleVersion, *, by: Scope, at: datetime, **details: Any) -> None:
    models.RuleVersion.objects.filter(pk=version.pk).update(begun_at=None)
    models.Rule.objects.filter(pk=rule.pk).update(active=True)
    RULES.put_in_force(rule, version, by=by, at=at, **details)


def _kept(told: declared.Declared) -> str:
    """Its sentence as it is kept, whoever saves it."""
    with speech.kept():
        return told.sentence
