"""What arrived from each source on each day, in numbers."""

from django.db import models

COUNTS = (
    "events",
    "late",
    "future",
    "out_of_order",
    "duplicates",
    "conflicts",
    "rejected",
    "rows",
)


class Arrivals(models.Model):
    """One source's arrivals on one day (UTC) by our clock.

    `events` reached the lake. Of them `late` had happened more than a day before, and `out_of_order` are older than what the
    source had sent before them. `future` are those whose clock was ahead, set right or refused. `duplicates`, `conflicts`
    and `rejected` did not reach the lake. `rows` are those of files. `hours` has bit h set when something arrived in
    hour h of the day; `newest_at` is the latest moment that any event of the day tells of.
    """

    source = models.TextField()
    day = models.DateField()
    events = models.BigIntegerField(default=0)
    late = models.BigIntegerField(default=0)
    future = models.BigIntegerField(default=0)
    out_of_order = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    conflicts = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    hours = models.IntegerField(default=0)
    newest_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "day"], name="one_arrivals_per_day")]
        indexes = [models.Index(fields=["day"], name="arrivals_day")]

    def __str__(self) -> str:
        return f"{self.source} {self.day}"
