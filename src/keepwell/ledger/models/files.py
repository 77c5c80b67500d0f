"""Files and links that belong to an account."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact
from keepwell.ledger.models.people import Person


class File(KeyedFact):
    """A file in the data folder, or a `link` to one elsewhere; `media_type` is what its bytes are, whatever its name says.

    `place` is where its bytes stand, empty for links. One that was removed keeps its bytes for a while, so that it can come
    back. `person` is whom it is about, if it is about one: it goes when they are erased.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=255)
    link = models.CharField(max_length=2000, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=32, blank=True)
    visibility = models.CharField(max_length=30, default="internal")
    added_by = models.CharField(max_length=254, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["removed_at"], name="file_removed")]
