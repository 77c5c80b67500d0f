"""What a sheet asks of each account, by the name of its subject: joined once each, as an expression."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    F,
    FilteredRelation,
    FloatField,
    Func,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Cast, Coalesce, Lower, NullIf

from keepwell.health.formulas import weeks
from keepwell.health.queries.columns import CHANGE, HELD
from keepwell.health.queries.sheet.truth import compared
from keepwell.kernel.errors import Invalid
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.segments.models import Segment
from keepwell.segments.queries import phases
from keepwell.segments.queries.vocabulary import EVENT, FIELD, METRIC, OWNER, PHASE, SEGMENT

Rows = QuerySet[Any, Any]  # of accounts; annotations are beyond what types can say
Said = Any  # an expression
OWNER_NAME = "owner_name."
NUMBER = r"^\s*-?\d+(\.\d+)?\s*$"
DAY = r"^\d{4}-\d\d-\d\d$"
TEXTS = ("industry", "country", "tier")


@dataclass
class Sheet:
    """Accounts on the current day, and what was asked of them so far. `rows` grows by a join a subject."""

    rows: Rows
    day: date
    vocabulary: Vocabulary
    past: bool = False
    _said: dict[str, Said] = field(default_factory=dict)
    _joined: dict[str, str] = field(default_factory=dict)

    def value(self, column: str) -> Said:
        """The expression of a subject, by the name of its column ("metric.active_days", "score.change@30")."""
        if column not in self._said:
            self._said[column] = self._read(column)
        return self._said[column]

    def _read(self, column: str) -> Said:
        plain = _THEN if self.past else _PLAIN
        slug, _, days = column.partition("@")
        if self.past and column not in plain and not slug.startswith(METRIC):
            raise Invalid(
                '"%(slug)s" is known only as of today. A past day is asked for its name, health and '
                "measures.",
                slug=slug,
            )
        if column in plain:
            return plain[column]()
        if slug == HELD:
            return _days_held(self.day)
        if slug == CHANGE:
            return self._change(int(days))
        if slug == PHASE:
            return self._phase()
        for prefix, read in self._prefixed().items():
            if slug.startswith(prefix):
                return read(slug.removeprefix(prefix))
        raise Invalid('"%(column)s" is nothing that a list of accounts can show.', column=column)

    def _prefixed(self) -> Mapping[str, Callable[[str], Said]]:
        return {
            METRIC: self._metric,
            SEGMENT: self._segment,
            OWNER: lambda role: F(f"{self._owner(role)}__user__email"),
            OWNER_NAME: self._name,
            FIELD: self._field,
            EVENT: _refuse_event,
        }

    def _join(self, relation: str, name: str, **only: object) -> str:
        """The alias of a relation joined with what it is narrowed to."""
        if name not in self._joined:
            alias = f"j{len(self._joined)}"
            condition = Q(**{f"{relation}__{key}": value for key, value in only.items()})
            self.rows = self.rows.annotate(**{alias: FilteredRelation(relation, condition=condition)})
            self._joined[name] = alias
        return self._joined[name]

    def _metric(self, slug: str) -> Said:
        return F(f"{self._join('metric_value', METRIC + slug, metric=slug, as_of=self.day)}__value")

    def _owner(self, role: str) -> str:
        return self._join("ownership", OWNER + role, role=role, until=None)

    def _name(self, role: str) -> Said:
        user = f"{self._owner(role)}__user"
        return Coalesce(NullIf(F(f"{user}__name"), Value("")), F(f"{user}__email"), output_field=CharField())

    def _field(self, slug: str) -> Said:
        kind = self.vocabulary.find(FIELD + slug).kind
        told = Func(F("fields"), Value(slug), function="jsonb_extract_path_text", output_field=TextField())
        if kind == "number":
            return Case(
                When(compared(told, "~", Value(NUMBER)), then=Cast(told, FloatField())),
                output_field=FloatField(),
            )
        if kind == "day":
            return Case(
                When(compared(told, "~", Value(DAY)), then=Cast(told, DateField())), output_field=DateField()
            )
        if kind == "truth":
            yes, no = (compared(told, "=", Value(text)) for text in ("true", "false"))
            return Case(When(yes, then=Value(True)), When(no, then=Value(False)))
        return NullIf(told, Value(""))

    def _segment(self, slug: str) -> Said:
        segment = Segment.objects.filter(slug=slug, retired_at=None).first()
        if segment is None or segment.computed_as_of is None:
            return Case(When(pk=None, then=Value(True)), default=Value(None))
        state = self._state(segment)
        return Case(
            When(**{state: "member"}, then=Value(True)),
            When(**{state: "unknown"}, then=Value(None)),
            default=Value(False),
        )

    def _state(self, segment: Segment) -> str:
        alias = self._join("membership", SEGMENT + segment.slug, segment=segment.pk, until=None)
        return f"{alias}__state"

    def _phase(self) -> Said:
        """What somebody said, else the first phase whose rule holds, else as imported; see `segments.formulas.phasing`."""
        imported = NullIf(F("phase"), Value(""))
        declared = phases.declared()
        if not declared:
            return imported
        said = f"{self._join('phase_override', PHASE, until=None)}__phase"
        found = {one.slug: one for one in Segment.objects.filter(slug__in=declared)}
        ruled = []
        for slug in declared:
            state = self._state(found[slug])
            ruled += [
                When(**{state: "unknown"}, then=Value(None)),
                When(**{state: "member"}, then=Value(slug)),
            ]
        by_rule = Case(*ruled, default=imported, output_field=CharField())
        return Case(
            When(**{f"{said}__isnull": False}, then=F(said)), default=by_rule, output_field=CharField()
        )

    def _change(self, days: int) -> Said:
        if days == weeks.WEEK.days:
            return F("line__change")
        then = weeks.against(self.day, days)
        shown = weeks.shown(self.day)
        if then not in shown:
            most = (self.day - shown[0]).days // 7 * 7
            raise Invalid(
                "A list looks at the change of health over %(most)s days at most, not %(days)s.",
                most=most,
                days=days,
            )
        return _week(weeks.SHOWN) - _week(shown.index(then) + 1)


def _week(place: int) -> Said:
    return Func(F("standing__weeks"), template=f"(%(expressions)s)[{place}]", output_field=FloatField())


def _days_held(day: date) -> Said:
    """How long an account is in its band; not known of one that never moved."""
    since = Func(
        F("standing__since"),
        template=f"('{day.isoformat()}'::date - (%(expressions)s AT TIME ZONE 'UTC')::date)::float8",
        output_field=FloatField(),
    )
    return Case(When(standing__previous_band="", then=Value(None)), default=since, output_field=FloatField())


def _refuse_event(name: str) -> Said:
    raise Invalid(
        "How often “%(name)s” happened is not stored for each account. Make a segment or a measure "
        "of it, and use that here.",
        name=name,
    )


# Of a past day the rows carry what stood then; see `book.then`.
_THEN: Mapping[str, Callable[[], Said]] = {
    "key": lambda: F("key"),
    "name": lambda: F("name"),
    "lower_name": lambda: Lower("name"),
    "score.points": lambda: F("points"),
    "score.band": lambda: F("band"),
    "score.known_weight": lambda: F("that_day__known_weight"),
    "rank": lambda: F("rank"),
    "week": lambda: F("week"),
    f"{CHANGE}@{weeks.WEEK.days}": lambda: F("week"),
}
_PLAIN: Mapping[str, Callable[[], Said]] = {
    "key": lambda: F("key"),
    "name": lambda: F("name"),
    "lower_name": lambda: F("line__name"),
    **{name: partial(F, f"line__{name}") for name in TEXTS},
    "since": lambda: F("since"),
    "tags": lambda: F("tags"),
    "arr": lambda: F("line__arr"),
    "renewal_date": lambda: F("line__renewal_date"),
    "former": lambda: F("line__former"),
    "last_touch": lambda: F("line__last_touch_at"),
    "next_step": lambda: F("line__next_at"),
    "heard": lambda: F("line__heard_at"),
    "score.points": lambda: F("standing__points"),
    "score.band": lambda: F("line__band"),
    "score.known_weight": lambda: F("standing__known_weight"),
    "standing.band": lambda: F("line__band"),
    "standing.before": lambda: Case(
        When(standing__previous_band="", then=Value("none")), default=F("standing__previous_band")
    ),
    "rank": lambda: F("line__rank"),
    "week": lambda: F("line__change"),
}
