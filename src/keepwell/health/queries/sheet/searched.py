"""Accounts whose name or key holds a text."""

from django.db.models import Q, Value
from django.db.models.functions import Lower

from keepwell.health import models
from keepwell.ledger.models import Account

FEW = 1000


def holding(text: str) -> Q:
    """What to narrow accounts by; a few that hold the text are named by their ids, so that they are looked for once.

    Of many the condition itself is given: the look stops as soon as it has met too many. One query.
    """
    named = models.Line.objects.filter(name__contains=Lower(Value(text))).values_list("account", flat=True)
    keyed = Account.objects.filter(key__icontains=text).values_list("pk", flat=True)
    met = set(named.union(keyed, all=True)[: 2 * FEW])
    if len(met) < FEW:
        return Q(pk__in=met)
    return Q(name__icontains=text) | Q(key__icontains=text)
