"""Which events were taken back."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from keepwell.ledger import models


class Retracted(NamedTuple):
    """Keys of single events with the raw account keys they stand under, and imports none of whose events count.

    `accounts` is None when it is not known of every event, `span` (the first and last moment at which they happened) as well.
    """

    keys: list[bytes]
    accounts: list[str] | None
    span: tuple[datetime, datetime] | None
    origins: list[int]


def known(*, known_by: datetime | None, kind: str | None = None) -> Retracted:
    """What was taken back before a moment (None: ever), of one kind of events or of all. Two queries."""
    one, all_of = models.Retraction.objects.all(), models.OriginRetraction.objects.all()
    if known_by is not None:
        one, all_of = one.filter(known_at__lt=known_by), all_of.filter(known_at__lt=known_by)
    if kind is not None:
        one = one.filter(Q(kind=kind) | Q(kind=None))
    rows = list(one.values_list("key", "account", "at"))
    stated = {account for _, account, _ in rows if account is not None}
    moments = [at for *_, at in rows if at is not None]
    complete = all(account is not None for _, account, _ in rows)
    return Retracted(
        keys=[key.bytes for key, *_ in rows],
        accounts=sorted(stated) if complete else None,
        span=(min(moments), max(moments)) if moments and len(moments) == len(rows) else None,
        origins=list(all_of.values_list("origin", flat=True)),
    )


class Dated(NamedTuple):
    """Events that were taken back, and since when that is known: by their keys, and by the imports that brought them."""

    keys: list[tuple[bytes, datetime]]
    origins: list[tuple[int, datetime]]


def dated(*, kind: str | None = None) -> Dated:
    """What was ever taken back, of one kind of events or of all, each from its first retraction on. Two queries."""
    one = (
        models.Retraction.objects.all()
        if kind is None
        else models.Retraction.objects.filter(Q(kind=kind) | Q(kind=None))
    )
    keys: dict[bytes, datetime] = {}
    for key, moment in one.order_by("-known_at").values_list("key", "known_at"):
        keys[key.bytes] = moment
    origins = dict(models.OriginRetraction.objects.order_by("-known_at").values_list("origin", "known_at"))
    return Dated(list(keys.items()), list(origins.items()))
