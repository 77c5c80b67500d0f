"""Which days are stored, and accounts as they stood on one of them."""

from datetime import date, timedelta

from django.db.models import Case, F, FilteredRelation, FloatField, Q, Value, When
from django.db.models.functions import Coalesce

from keepwell.health import models
from keepwell.health.formulas.scales import POINTS
from keepwell.health.formulas.weeks import WEEK
from keepwell.health.queries.sheet.joins import Rows
from keepwell.kernel.moments import end_of
from keepwell.ledger.queries import accounts

FORTNIGHT = timedelta(days=14)
BEFORE_ANYTHING = date(1970, 1, 1)
# Who was put into a band without points stands among those with the points of the band.
_IN_BAND = [When(band=band, then=Value(points)) for band, points in POINTS.items()]


def current() -> date | None:
    """The day of the standings. One query."""
    return models.Extent.objects.values_list("as_of", flat=True).first()


def stored(as_of: date | None, *, now: date | None) -> date:
    """The stored day at or before the asked one: a day of the last fortnight, or a Sunday; `now` is the current one."""
    if now is None:
        return as_of or BEFORE_ANYTHING
    if as_of is None or as_of >= now:
        return now
    if now - as_of < FORTNIGHT:
        return as_of
    return as_of - timedelta(days=(as_of.weekday() + 1) % 7)


def scored(rows: Rows, day: date) -> Rows:
    """Accounts with the points and the band of a day: by the override that held at its end, else by the score."""
    ends = end_of(day)
    held = Q(override__made_at__lt=ends) & (Q(override__ended_at=None) | Q(override__ended_at__gte=ends))
    found: Rows = rows.annotate(
        that_day=FilteredRelation("health_score", condition=Q(health_score__as_of=day)),
        held=FilteredRelation("override", condition=held),
        overridden=F("held__pk"),
        points=Case(When(held__pk__isnull=False, then=F("held__points")), default=F("that_day__points")),
        band=Coalesce(F("held__band"), F("that_day__band"), Value("unknown")),
    )
    return found


def customers_then(visible: Rows, day: date) -> Rows:
    """Who was a customer and scored on a past day, as it stood then, with `rank` and the change of its `week`.

    Both days are read from an index of the scores; where nobody asks for the week, the database leaves it out.
    """
    found = scored(accounts.customers_on(visible, day), day).annotate(is_scored=F("that_day__pk"))
    then: Rows = found.filter(is_scored__isnull=False).annotate(
        week_before=FilteredRelation("health_score", condition=Q(health_score__as_of=day - WEEK)),
        rank=Coalesce(F("points"), Case(*_IN_BAND, default=None, output_field=FloatField())),
        week=F("points") - F("week_before__points"),
    )
    return then
