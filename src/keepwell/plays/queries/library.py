"""Reads of the knowledge library: articles, what is read, and what is looked for in vain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from keepwell.access.scopes import Scope
from keepwell.kernel import errors, folding
from keepwell.kernel.moments import DAY
from keepwell.plays import models

WINDOW_DAYS = 90
NO_WORDS = (
    "the",
    "a",
    "an",
    "to",
    "of",
    "in",
    "how",
    "do",
    "i",
    "we",
    "is",
    "can",
    "my",
    "our",
    "for",
    "and",
)


@dataclass(frozen=True)
class ArticleView:
    """An article; `read` is how often colleagues read it in 90 days, `sent` how often it answered a ticket."""

    id: int
    title: str
    body: str
    visibility: str
    tags: tuple[str, ...]
    made_by: str
    made_at: datetime
    changed_at: datetime
    is_retired: bool
    read: int
    sent: int


@dataclass(frozen=True)
class Unmet:
    """Words that were looked for and not found, by how many and when last."""

    words: str
    people: int
    searches: int
    last: date


def find(*, article_id: int, seen_by: Scope, on: date | None = None) -> ArticleView:
    """One article; every colleague may read it. One query."""
    found = _counted(_visible(seen_by).filter(pk=article_id), on).first()
    if found is None:
        raise errors.NotFound("There is no article %(article)s.", article=article_id)
    return _view(found)


def search(
    *, seen_by: Scope, on: date, text: str = "", tag: str = "", visibility: str = "", limit: int = 200
) -> tuple[ArticleView, ...]:
    """Articles that hold every word of a text, those with more of them in the title first; else all, by title. One query."""
    rows = _visible(seen_by).filter(retired_at=None)
    if tag:
        rows = rows.filter(tags__contains=[tag])
    if visibility:
        rows = rows.filter(visibility=visibility)
    found = [_view(row) for row in _counted(rows, on).order_by("title", "pk")]
    asked = [word for word in folding.words(text) if word not in NO_WORDS] or list(folding.words(text))
    if asked:
        weighed = [(_weight(one, asked), one) for one in found]
        found = [one for weight, one in sorted(weighed, key=lambda each: -each[0]) if weight]
    return tuple(found[:limit])


def choices(*, seen_by: Scope) -> tuple[tuple[int, str], ...]:
    """Articles that may be sent to customers, by title. One query."""
    rows = _visible(seen_by).filter(retired_at=None, visibility="shared").order_by("title", "pk")
    return tuple(rows.values_list("pk", "title")[:500])


def unmet(*, seen_by: Scope, on: date, limit: int = 50) -> tuple[Unmet, ...]:
    """What was looked for in 90 days and not found when it was looked for last, by how many people. One query."""
    if not (seen_by.everything or seen_by.owner_ids):
        return ()
    rows = models.LibrarySearch.objects.filter(day__gt=on - DAY * WINDOW_DAYS, day__lte=on)
    found = (
        rows.values("words")
        .annotate(
            people=Count("user", filter=Q(found=0), distinct=True),
            searches=Count("pk", filter=Q(found=0)),
            last=Max("day", filter=Q(found=0)),
            met=Max("day", filter=Q(found__gt=0)),
        )
        .filter(searches__gt=0)
        .filter(Q(met=None) | Q(met__lte=F("last")))
        .order_by("-people", "-searches", "words")
    )
    return tuple(Unmet(row["words"], row["people"], row["searches"], row["last"]) for row in found[:limit])


def tags(*, seen_by: Scope) -> tuple[str, ...]:
    """The tags that articles have. One query."""
    rows = _visible(seen_by).filter(retired_at=None).values_list("tags", flat=True)
    return tuple(sorted({tag for row in rows for tag in row}))


def _visible(seen_by: Scope) -> "QuerySet[models.Article]":
    """Articles belong to the company: every colleague sees all, nobody else any."""
    rows = models.Article.objects.all()
    return rows if seen_by.everything or seen_by.owner_ids else rows.none()


def _counted(rows: "QuerySet[models.Article]", on: date | None) -> "QuerySet[models.Article]":
    since = Q() if on is None else Q(reading__day__gt=on - DAY * WINDOW_DAYS)
    answered = models.Triage.objects.filter(article=OuterRef("pk"), deed="article", undone_at=None)
    times = answered.order_by().values("article").annotate(n=Count("pk")).values("n")
    return rows.select_related("made_by").annotate(
        read=Count("reading", filter=since & Q(reading__isnull=False), distinct=True),
        sent=Coalesce(Subquery(times, output_field=IntegerField()), Value(0)),
    )


def _weight(article: ArticleView, asked: Sequence[str]) -> int:
    """How well an article fits: nothing unless every word begins one of its own."""
    title = folding.words(article.title)
    rest = [*folding.words(article.body), *(word for tag in article.tags for word in folding.words(tag))]
    weight = 0
    for word in asked:
        if any(each.startswith(word) for each in title):
            weight += 3
        elif any(each.startswith(word) for each in rest):
            weight += 1
        else:
            return 0
    return weight


def _view(row: models.Article) -> ArticleView:
    counted = vars(row)
    return ArticleView(
        id=row.pk,
        title=row.title,
        body=row.body,
        visibility=row.visibility,
        tags=tuple(row.tags),
        made_by=str(row.made_by) if row.made_by else "",
        made_at=row.made_at,
        changed_at=row.changed_at,
        is_retired=row.retired_at is not None,
        read=counted["read"],
        sent=counted["sent"],
    )
