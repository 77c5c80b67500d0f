"""Which events were taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from keepwell.ledger import models


class Where(NamedTuple):
    """Where retracted events may stand: under which raw account keys, and between which first and last moment.

    None where that is not known of every one of them.
    """

    accounts: list[str] | None
    span: tuple[datetime, datetime] | None


class Retracted(NamedTuple):
    """Keys of single events and where they stand, and imports none of whose events count."""

    keys: list[bytes]
    where: Where
    origins: list[int]


def known(*, known_by: datetime | None, kind: str | None = None) -> Retracted:
    """What was taken back before a moment (None: ever), of one kind of events or of all. Two queries."""
    one, all_of = _of_kind(kind), models.OriginRetraction.objects.all()
    if known_by is not None:
        one, all_of = one.filter(known_at__lt=known_by), all_of.filter(known_at__lt=known_by)
    rows = list(one.values_list("key", "account", "at"))
    return Retracted(
        keys=[key.bytes for key, *_ in rows],
        where=_where([(account, at) for _, account, at in rows]),
        origins=list(all_of.values_list("origin", flat=True)),
    )


def _of_kind(kind: str | None) -> QuerySet[models.Retraction]:
    every = models.Retraction.objects.all()
    return every if kind is None else every.filter(Q(kind=kind) | Q(kind=None))


def _where(stated: Sequence[tuple[str | None, datetime | None]]) -> Where:
    accounts = {account for account, _ in stated if account is not None}
    moments = [at for _, at in stated if at is not None]
    return Where(
        accounts=sorted(accounts) if all(account is not None for account, _ in stated) else None,
        span=(min(moments), max(moments)) if moments and len(moments) == len(stated) else None,
    )


class Dated(NamedTuple):
    """Events that were taken back, and since when that is known: by their keys, and by the imports that brought them."""

    keys: list[tuple[bytes, datetime]]
    where: Where
    origins: list[tuple[int, datetime]]


def dated(*, kind: str | None = None) -> Dated:
    """What was ever taken back, of one kind of events or of all, each from its first retraction on. Two queries."""
    rows = list(_of_kind(kind).order_by("-known_at").values_list("key", "known_at", "account", "at"))
    keys = {key.bytes: moment for key, moment, *_ in rows}
    origins = dict(models.OriginRetraction.objects.order_by("-known_at").values_list("origin", "known_at"))
    return Dated(list(keys.items()), _where([row[2:] for row in rows]), list(origins.items()))
