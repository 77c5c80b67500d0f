"""Deeds on sources."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.intake import models
from keepwell.intake.actions import vouching
from keepwell.kernel import errors, figures, slugs

PREFIX_LENGTH = 10
NAME_LENGTH = 200
# The ids of Keepwell's own events begin with these.
RESERVED = frozenset(
    {
        "account",
        "contract",
        "health",
        "identity",
        "incident",
        "keepwell",
        "retract",
        "surveyanswer",
        "ticket",
        "touchpoint",
    }
)


def create(*, slug: str, name: str, vouches: bool, by: Scope, at: datetime) -> str:
    """A new source that may send events; gives its write key, which is shown once and never stored."""
    by.require("data.import")
    name = name.strip() or slug
    if len(name) > NAME_LENGTH:
        raise errors.Invalid(
            "The name has %(n)s characters; at most %(name_length)s are taken.",
            n=figures.Whole(len(name)),
            name_length=NAME_LENGTH,
        )
    write_key = _new_key()
    with transaction.atomic():
        if models.Source.objects.filter(slug=slug).exists():
            raise errors.Conflict('A source "%(slug)s" already exists. Use another slug.', slug=slug)
        source = models.Source.objects.create(
            slug=_free(slug),
            name=name,
            vouches=vouches,
            created_at=at,
            **_kept(write_key),
        )
        if vouches:
            vouching.note(source_id=source.pk, vouches=True, by=by, at=at)
        audit.record(by=by, at=at, deed="source.create", subject=f"source:{slug}", vouches=vouches)
    return write_key


def rekey(*, slug: str, by: Scope, at: datetime) -> str:
    """A new write key for a source; the old one is no longer known."""
    by.require("data.import")
    write_key = _new_key()
    with transaction.atomic():
        if not models.Source.objects.filter(slug=slug).update(**_kept(write_key)):
            raise errors.NotFound('There is no source "%(slug)s".', slug=slug)
        audit.record(by=by, at=at, deed="source.rekey", subject=f"source:{slug}")
    return write_key


def for_files(*, slug: str, at: datetime) -> models.Source:
    """The source with this slug, made without a write key if it is new: files need none."""
    source, _ = models.Source.objects.get_or_create(
        slug=_free(slug), defaults={"name": slug, "created_at": at, "vouches": False}
    )
    return source


def heard(*, source_id: int, at: datetime) -> None:
    """Note that a source sent something."""
    models.Source.objects.filter(pk=source_id).update(last_event_at=at)


def _free(slug: str) -> str:
    if slug in RESERVED:
        raise errors.Invalid(
            '"%(slug)s" is a name that Keepwell keeps for itself. Use another slug.', slug=slug
        )
    return slugs.checked(slug)


def _new_key() -> str:
    return "kwk_" + secrets.token_urlsafe(24)


def _kept(write_key: str) -> dict[str, str]:
    return {
        "write_key_hash": sha256(write_key.encode()).hexdigest(),
        "write_key_prefix": write_key[:PREFIX_LENGTH],
    }
