"""What is learned about each source: how much it sends, how often, of which shape; and what of it changed."""

from django.conf import settings
from django.db import models

from keepwell.intake.models.sources import Source

DRIFTS = (
    "new_name",
    "new_property",
    "type_changed",
    "name_stopped",
    "property_stopped",
    "too_many_names",
    "too_many_properties",
)


class Cadence(models.Model):
    """How often a source sends: as declared, or as learned from its past; null where neither is known.

    `limit_hours` is the silence from which on it is overdue by what was learned.
    """

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True, related_name="+")
    declared_hours = models.IntegerField(null=True)
    usual_hours = models.FloatField(null=True)
    limit_hours = models.FloatField(null=True)
    last_arrival_at = models.DateTimeField(null=True)


class NameSeen(models.Model):
    """An event name that a source sends; of its `events`, `looked` were looked into."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    is_usage = models.BooleanField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    events = models.BigIntegerField()
    looked = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="one_seen_per_name")]

    def __str__(self) -> str:
        return self.name


class PropertySeen(models.Model):
    """A property of an event name with one JSON type, and in how many of the events looked into it stood."""

    seen = models.ForeignKey(NameSeen, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.BigIntegerField()
    missing = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seen", "name", "kind"], name="one_seen_per_type")]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"


class NameDay(models.Model):
    """How many events of a name arrived on a day (UTC)."""

    seen = models.ForeignKey(NameSeen, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    events = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seen", "day"], name="one_count_per_name_and_day")]
        indexes = [models.Index(fields=["day"], name="nameday_day")]


class Volume(models.Model):
    """A judged day of a source (`name` empty), or of one of its event names where it was unusual.

    `verdict` is usual, low or high; unjudged, with no interval, where there is too little history to tell.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=200, blank=True)
    day = models.DateField()
    events = models.BigIntegerField()
    expected = models.FloatField(null=True)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    verdict = models.CharField(max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "name", "day"], name="one_verdict_per_day")]
        indexes = [models.Index(fields=["day"], name="volume_day")]


class Drift(models.Model):
    """A change of what a source sends, told until somebody acknowledges it; `ended_at` when it went back by itself."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in DRIFTS])
    name = models.CharField(max_length=200, blank=True)
    property = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=100, blank=True)
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "name", "property", "detail"],
                condition=models.Q(ended_at=None),
                name="one_open_drift",
            )
        ]
        indexes = [models.Index(fields=["-found_at"], name="drift_found")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.property}".strip()


class QualityMark(models.Model):
    """Up to which batch of the lake was learned, and which day was judged last: one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    batch = models.BigIntegerField(default=0)
    judged_day = models.DateField(null=True)
    refreshed_at = models.DateTimeField(null=True)
