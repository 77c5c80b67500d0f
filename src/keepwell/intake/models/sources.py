"""Where facts come from."""

from django.db import models


class Source(models.Model):
    """A sender of facts. One that vouches is believed: its events count as known when they happened."""

    slug = models.SlugField(max_length=63, unique=True)
    name = models.CharField(max_length=200)
    write_key_hash = models.CharField(max_length=64, null=True, unique=True)
    write_key_prefix = models.CharField(max_length=12, blank=True)
    vouches = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    last_event_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.slug
