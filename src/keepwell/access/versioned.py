"""The shape of everything that is defined in versions: a draft that is edited in place, then published, never changed after."""

from django.db import models


class Defined(models.Model):
    """Something with a slug that people define; each has a foreign key `published`: its version in force."""

    slug = models.CharField(max_length=63, unique=True)
    title = models.CharField(max_length=300)
    published: "models.ForeignKey[Version | None, Version | None]"
    published_id: int | None

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """One state of a definition: a draft that is edited in place until `published_at`, never changed afterwards.

    `verdict` is what was found of this very definition where it was tried over the past.
    """

    number = models.IntegerField()
    definition = models.JSONField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    verdict = models.JSONField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"version {self.number}"
