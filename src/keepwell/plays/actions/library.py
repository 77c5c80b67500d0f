"""Deeds on the knowledge library: articles written and put away; what is read, and what is looked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors, folding
from keepwell.kernel.moments import day_of
from keepwell.plays import models

TITLE_LENGTH, BODY_LENGTH, MOST_TAGS, TAG_LENGTH = 200, 50_000, 20, 63
VISIBILITIES = dict(models.Article._meta.get_field("visibility").choices or ())


@dataclass(frozen=True)
class Wanted:
    """What an article says."""

    title: str
    body: str = ""
    visibility: str = "internal"
    tags: Sequence[str] = ()


def write(*, wanted: Wanted, by: Scope, at: datetime) -> int:
    """Write an article; gives its number."""
    by.require("work.do")
    said = _checked(wanted)
    with transaction.atomic():
        row = models.Article.objects.create(**said, made_by_id=by.user_id, made_at=at, changed_at=at)
        audit.record(by=by, at=at, deed="article.write", subject=f"article:{row.pk}")
    return row.pk


def change(*, article_id: int, wanted: Wanted, by: Scope, at: datetime) -> None:
    """Say something else from now on."""
    by.require("work.do")
    said = _checked(wanted)
    with transaction.atomic():
        if not models.Article.objects.filter(pk=article_id).update(**said, changed_at=at):
            raise errors.NotFound("There is no article %(article)s.", article=article_id)
        audit.record(by=by, at=at, deed="article.change", subject=f"article:{article_id}")


def retire(*, article_id: int, by: Scope, at: datetime, back: bool = False) -> None:
    """Put an article away, or bring it `back`."""
    by.require("work.do")
    with transaction.atomic():
        here = models.Article.objects.filter(pk=article_id, retired_at__isnull=not back)
        if not here.update(retired_at=None if back else at):
            raise errors.NotFound("There is no article %(article)s.", article=article_id)
        deed = "article.restore" if back else "article.retire"
        audit.record(by=by, at=at, deed=deed, subject=f"article:{article_id}")


def read(*, article_id: int, by: Scope, at: datetime) -> None:
    """Count that somebody read it, once a day; programs and the machine read nothing."""
    if by.user_id is not None:
        models.ArticleReading.objects.get_or_create(article_id=article_id, user_id=by.user_id, day=day_of(at))


def searched(*, text: str, found: int, by: Scope, at: datetime) -> None:
    """Count that somebody looked for words, once a day, and how much there was."""
    words = " ".join(folding.words(text))[:200]
    if words and by.user_id is not None:
        models.LibrarySearch.objects.update_or_create(
            words=words, user_id=by.user_id, day=day_of(at), defaults={"found": found}
        )


def _checked(wanted: Wanted) -> dict[str, object]:
    title, body = wanted.title.strip(), wanted.body.strip()
    if not 1 <= len(title) <= TITLE_LENGTH:
        raise errors.Invalid("An article needs a title of 1 to %(most)s characters.", most=TITLE_LENGTH)
    if len(body) > BODY_LENGTH:
        raise errors.Invalid("An article has at most %(most)s characters.", most=BODY_LENGTH)
    if wanted.visibility not in VISIBILITIES:
        raise errors.Invalid(
            '"%(said)s" is no visibility. Use one of %(listed)s.',
            said=wanted.visibility,
            listed=", ".join(VISIBILITIES),
        )
    if wanted.visibility == "shared" and not body:
        raise errors.Invalid("A shared article needs a text: it may go to customers.")
    tags = sorted({tag.strip().lower() for tag in wanted.tags if tag.strip()})
    if len(tags) > MOST_TAGS or any(len(tag) > TAG_LENGTH for tag in tags):
        raise errors.Invalid("An article has at most 20 tags of 63 characters.")
    return {"title": title, "body": body, "visibility": wanted.visibility, "tags": tags}
