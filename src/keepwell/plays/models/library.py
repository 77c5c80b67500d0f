"""What is asked often, written down once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.access.models import User

VISIBILITIES = [("internal", "Internal"), ("shared", "Shared")]


class Article(models.Model):
    """An answer to a common question; `body` is text with simple marks. Only a shared one may go to a customer."""

    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    visibility = models.CharField(max_length=10, choices=VISIBILITIES, default="internal")
    tags = ArrayField(models.CharField(max_length=63), default=list)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class ArticleReading(models.Model):
    """Somebody of ours read an article on a day, once a day."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="+", related_query_name="reading")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user", "day"], name="one_reading_a_day")]


class LibrarySearch(models.Model):
    """Somebody looked for something on a day: the words, folded, and how much was found."""

    words = models.CharField(max_length=200)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    day = models.DateField()
    found = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["words", "user", "day"], nulls_distinct=False, name="one_search_a_day"
            )
        ]
        indexes = [models.Index(fields=["day"], name="library_search_day")]
