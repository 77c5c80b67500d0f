"""Deeds on declared custom fields."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger import models
from keepwell.ledger.queries.definitions import KINDS

MOST_CHOICES = 100


def define(
    *,
    noun: str,
    slug: str,
    title: str,
    kind: str,
    choices: Sequence[str] = (),
    required: bool = False,
    help: str = "",
    by: Scope,
    at: datetime,
) -> None:
    """Declare a custom field, or declare it anew; from now on every way in holds rows to it."""
    by.require("config.change")
    words = list(dict.fromkeys(word.strip() for word in choices if word.strip()))
    _check(slug, kind, words)
    told = {"title": title.strip() or slug, "kind": kind, "choices": words, "required": required}
    with transaction.atomic():
        models.FieldDefinition.objects.update_or_create(
            noun=noun, slug=slug, defaults=told | {"help": help, "retired_at": None}
        )
        audit.record(by=by, at=at, deed="field.define", subject=f"field:{noun}.{slug}"[:200], **told)


def retire(*, noun: str, slug: str, by: Scope, at: datetime) -> None:
    """Stop holding rows to a custom field; what they say in it stays."""
    by.require("config.change")
    with transaction.atomic():
        held = models.FieldDefinition.objects.filter(noun=noun, slug=slug, retired_at=None)
        if not held.update(retired_at=at):
            raise errors.NotFound('There is no declared field "%(slug)s" there.', slug=slug)
        audit.record(by=by, at=at, deed="field.retire", subject=f"field:{noun}.{slug}"[:200])


def _check(slug: str, kind: str, words: Sequence[str]) -> None:
    if not slug.strip() or slug != slug.strip() or len(slug) > 200 or "\x00" in slug:
        raise errors.Invalid(
            '"%(slug)s" is no name of a field. Use 1 to 200 characters, as in your files.', slug=slug[:40]
        )
    if kind not in KINDS:
        raise errors.Invalid(
            '"%(kind)s" is no type of field. Use one of: %(listed)s.', kind=kind, listed=", ".join(KINDS)
        )
    if (kind == "choice") != bool(words):
        raise errors.Invalid("A choice needs its words, and only a choice has any. Give them between commas.")
    if len(words) > MOST_CHOICES or any(len(word) > 100 for word in words):
        raise errors.Invalid(
            "At most %(most_choices)s words of at most 100 characters are taken.", most_choices=MOST_CHOICES
        )
