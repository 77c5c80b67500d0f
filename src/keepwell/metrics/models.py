"""Stored metric values, a cache that can always be rebuilt, and the settings that metrics need."""

from django.db import models

from keepwell.ledger.models import Account


class MetricValue(models.Model):
    """One metric of one account on one day: a value, or the reason why there is none."""

    pk = models.CompositePrimaryKey("account_id", "metric", "as_of")
    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", related_query_name="metric_value", db_index=False
    )
    metric = models.CharField(max_length=191)
    as_of = models.DateField()
    value = models.FloatField(null=True)
    reason = models.TextField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__isnull=True, reason__isnull=False)
                | models.Q(value__isnull=False, reason__isnull=True),
                name="value_or_reason",
            )
        ]
        indexes = [models.Index(fields=["metric", "as_of", "value", "account"], name="metricvalue_by_value")]


class MetricSetting(models.Model):
    """What a company decides about a metric, such as which features are core."""

    metric = models.CharField(max_length=63, unique=True)
    parameters = models.JSONField(default=dict)


class MetricDefinition(models.Model):
    """A metric that the company defined: the last of its versions, which is in force until it is retired."""

    slug = models.CharField(max_length=63, unique=True)
    definition = models.JSONField()
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.slug


class MetricVersion(models.Model):
    """What a defined metric said from a moment on."""

    metric = models.ForeignKey(MetricDefinition, models.CASCADE, related_name="+")
    number = models.IntegerField()
    definition = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["metric", "number"], name="metric_version_number")]


class Extent(models.Model):
    """What the stored values cover: one row, written with them.

    `as_of` is their current day, `definition` the metrics and settings they were computed by, `beginnings`
    the day from which each company-wide feed speaks, `feed` its first facts (see `metrics.queries.feeds`). When one of these
    moves, accounts change without a fact of their own; comparing tells a refresh how far.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    as_of = models.DateField()
    definition = models.JSONField()
    beginnings = models.JSONField()
    feed = models.JSONField(null=True)


class History(models.Model):
    """A metric that is new or says something else, while a job computes its history; `done` of `total` days or accounts.

    Until it is done the metric answers, where it is stored, as it was defined before. Deleted when it is.
    """

    slug = models.CharField(max_length=191, primary_key=True)
    definition = models.JSONField()
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    unit = models.CharField(max_length=10, default="days")
