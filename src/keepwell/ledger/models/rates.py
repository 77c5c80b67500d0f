"""What currencies are worth in each other, day by day."""

from django.db import models


class ExchangeRate(models.Model):
    """From a day on, one unit of `currency` is worth `rate` units of `base`, until a later day says otherwise."""

    currency = models.CharField(max_length=3)
    base = models.CharField(max_length=3)
    day = models.DateField()
    rate = models.DecimalField(max_digits=24, decimal_places=12)
    source = models.CharField(max_length=63, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "base", "day"], name="one_rate_a_pair_a_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="rate_is_positive"),
            models.CheckConstraint(
                condition=~models.Q(currency=models.F("base")), name="rate_is_between_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency}/{self.base} {self.day}"
