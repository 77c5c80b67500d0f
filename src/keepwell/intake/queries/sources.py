"""Reads of sources."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from keepwell.access.scopes import Scope
from keepwell.intake import models
from keepwell.kernel import errors


@dataclass(frozen=True)
class SourceView:
    """A source as shown: its write key only by its beginning."""

    source_id: int
    slug: str
    name: str
    write_key_prefix: str
    vouches: bool
    created_at: datetime
    last_event_at: datetime | None


def all_sources(*, seen_by: Scope) -> tuple[SourceView, ...]:
    """Every source by name; none for those who may not import. One query."""
    if not seen_by.may("data.import"):
        return ()
    return tuple(view_of(source) for source in models.Source.objects.order_by("name", "slug"))


def find(*, slug: str, seen_by: Scope) -> SourceView:
    """The source with this slug."""
    source = models.Source.objects.filter(slug=slug).first() if seen_by.may("data.import") else None
    if source is None:
        raise errors.NotFound('There is no source "%(slug)s".', slug=slug)
    return view_of(source)


def by_write_key(write_key: str) -> SourceView:
    """The source that a write key belongs to; this is how a tracking request says who sends it. One query."""
    digest = sha256(write_key.encode("utf-8", "surrogateescape")).hexdigest()
    source = models.Source.objects.filter(write_key_hash=digest).first()
    if source is None:
        raise errors.Forbidden("The write key is not known. Make a source, or a new key for one, under Data.")
    return view_of(source)


def view_of(source: models.Source) -> SourceView:
    """A source that was read."""
    return SourceView(
        source.pk,
        source.slug,
        source.name,
        source.write_key_prefix,
        source.vouches,
        source.created_at,
        source.last_event_at,
    )
