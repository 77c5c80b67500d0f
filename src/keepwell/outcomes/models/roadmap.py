"""What customers read of the product's gaps."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import ProductGap


class GapWording(models.Model):
    """A gap in words for those who asked for it; without this row a gap is ours alone."""

    gap = models.OneToOneField(ProductGap, models.CASCADE, related_name="+", related_query_name="wording")
    words = models.CharField(max_length=300)
    written_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.words
