"""Which events were taken back."""

from datetime import datetime
from typing import NamedTuple

from keepwell.ledger import models


class Retracted(NamedTuple):
    """Keys of single events, and numbers of imports all of whose events no longer count."""

    keys: list[bytes]
    origins: list[int]


def known(*, known_by: datetime | None) -> Retracted:
    """What was taken back before a moment (None: ever). Two queries."""
    one, all_of = models.Retraction.objects.all(), models.OriginRetraction.objects.all()
    if known_by is not None:
        one, all_of = one.filter(known_at__lt=known_by), all_of.filter(known_at__lt=known_by)
    keys = [key.bytes for key in one.values_list("key", flat=True)]
    return Retracted(keys, list(all_of.values_list("origin", flat=True)))
