"""What is declared of the journey of customers, and the path of accounts through their phases."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, OuterRef, Subquery

from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.ledger.knowledge import Knowledge
from keepwell.ledger.models import Account, Contract
from keepwell.ledger.queries import attributes
from keepwell.metrics.conditions import tree
from keepwell.metrics.queries import catalogue
from keepwell.outcomes import journey, models
from keepwell.outcomes.formulas import pathing
from keepwell.outcomes.formulas.pathing import Stay, Told
from keepwell.outcomes.journey import Journey
from keepwell.plays.cadence import Cadence
from keepwell.plays.queries import cadences
from keepwell.segments.models import Membership, PhaseOverride, Segment
from keepwell.segments.queries import phases, vocabulary

FEW = 50


@dataclass(frozen=True)
class JourneyDeclarationView:
    """A journey that was declared: since when, by whom, until when. Nothing declared: no day."""

    journey: Journey
    declared_at: datetime | None
    declared_by: str
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Phases:
    """All that tells phases apart: how long and by what they are declared, the days of the cadence, titles in order."""

    journey: Journey
    cadence: Cadence
    titles: Mapping[str, str]

    def title(self, slug: str) -> str:
        """How a phase is called; one that nobody declared by itself."""
        return self.titles.get(slug) or (
            slug.replace("-", " ").replace("_", " ").capitalize() if slug else speech.told("Cannot be told")
        )

    def expected(self, slug: str) -> int | None:
        """How many days a phase is expected to take; None where nothing is expected."""
        return self.journey.phase(slug).expected_days


def read(definition: Any) -> Journey:
    """The journey that is stated; refuses with the place and what is allowed there. Nothing is written. Some five queries."""
    words = vocabulary.accounts()

    def condition(given: Any) -> Any:
        found = vocabulary.read(given, words)
        vocabulary.plain(found, words)
        return tree.written(found)

    return journey.read(
        definition, condition=condition, metrics={one.slug: one for one in catalogue.answering()}
    )


def problems(definition: Mapping[str, Any]) -> dict[str, Invalid]:
    """What is wrong with a journey that a form states, by its row: "value", "phase-0"; each is read by itself."""
    said = {"value": {"first_value": definition["first_value"]}}
    said |= {f"phase-{n}": {"phases": [one]} for n, one in enumerate(definition["phases"])}
    found: dict[str, Invalid] = {}
    for place, one in said.items():
        try:
            read(one)
        except Invalid as refusal:
            found[place] = refusal
    return found


def in_force() -> Journey:
    """What holds now; nothing declared: no criteria, and first value as usual. One query."""
    row = models.JourneyDeclaration.objects.filter(ended_at=None).first()
    return journey.stored({} if row is None else row.definition)


def declared() -> dict[str, Any] | None:
    """What is declared as it is written; None where nothing is. One query."""
    row = models.JourneyDeclaration.objects.filter(ended_at=None).first()
    return None if row is None else journey.stored(row.definition).written


def everything() -> tuple[JourneyDeclarationView, ...]:
    """What holds, then what was declared before, the latest first: everybody may know it. One query."""
    rows = models.JourneyDeclaration.objects.select_related("declared_by").order_by("-declared_at", "-pk")
    told = [
        JourneyDeclarationView(
            journey.stored(row.definition), row.declared_at, str(row.declared_by or ""), row.ended_at
        )
        for row in rows
    ]
    holds = [one for one in told if one.ended_at is None] or [
        JourneyDeclarationView(journey.stored({}), None, "")
    ]
    return (*holds, *(one for one in told if one.ended_at is not None))


def known_phases() -> Phases:
    """The phases that there are, in their order. Four queries."""
    said, cadence = in_force(), cadences.in_force()
    titles = {one.slug: one.title for one in cadence.phases}
    ruled = {pathing.named(cadence, slug): title for slug, title in phases.titles().items()}
    order = [*(one.slug for one in said.phases), *ruled, *titles]
    told = {**ruled, **titles}
    return Phases(said, cadence, {slug: told.get(slug, "") for slug in dict.fromkeys(order)})


def definition(known: Phases) -> dict[str, Any]:
    """What paths depend on besides facts: the phases of the cadence, and what the memberships of phases were computed by."""
    order = phases.declared()
    computed = Segment.objects.filter(slug__in=order).values_list("slug", "computed") if order else ()
    return {"cadence": known.cadence.written, "order": list(order), "computed": dict(computed)}


def paths(
    *, account_ids: Collection[int], known: Phases, day: date, known_by: datetime | None = None
) -> dict[int, tuple[Stay, ...]]:
    """The phases of accounts in their order until a day. Four to seven queries and a scan of what changed, however many.

    Renewal and the first day of a customer are today's; what somebody said by hand counts from when it was said.
    """
    told = _told(list(account_ids), known_by)
    return {pk: pathing.path(one, known.cadence, day=day) for pk, one in told.items()}


def _told(account_ids: list[int], known_by: datetime | None) -> dict[int, Told]:
    rows = Account.objects.filter(pk__in=account_ids)
    said, held, order = _said(account_ids, known_by), _held(account_ids), phases.declared()
    listed = list(rows.values_list("pk", "key", "since", "renewal_date", "phase"))
    gone = left_on(account_ids=account_ids)
    changed = _changes(account_ids, known_by) if listed else {}
    return {
        pk: Told(
            since, renewal, gone.get(pk), phase, tuple(said.get(pk, ())), tuple(held.get(pk, ())),
            tuple(changed.get(key, ())), order,
        )
        for pk, key, since, renewal, phase in listed
    }  # fmt: skip


def left_on(*, account_ids: Collection[int]) -> dict[int, date]:
    """On which day those left who are customers no more: as it was said, else when their last contract ended. One query."""
    theirs = Contract.objects.filter(account=OuterRef("pk")).order_by().values("account")
    rows = Account.objects.filter(pk__in=account_ids, former=True).annotate(
        begun=Subquery(theirs.annotate(day=Max("start_date")).values("day")),
        ended=Subquery(theirs.annotate(day=Max("end_date")).values("day")),
    )
    found: dict[int, date] = {}
    for pk, left_at, begun, ended in rows.values_list("pk", "left_at", "begun", "ended"):
        said = None if left_at is None else left_at.date()
        day = ended if said is None or (begun is not None and begun > said) else said
        if day is not None:
            found[pk] = day
    return found


def _said(account_ids: list[int], known_by: datetime | None) -> dict[int, list[pathing.Spoken]]:
    rows = PhaseOverride.objects.filter(account__in=account_ids).order_by("since", "pk")
    if known_by is not None:
        rows = rows.filter(made_at__lt=known_by)
    found: dict[int, list[pathing.Spoken]] = {}
    for row in rows:
        is_over = row.ended_at is not None and (known_by is None or row.ended_at < known_by)
        found.setdefault(row.account_id, []).append((row.since, row.until if is_over else None, row.phase))
    return found


def _held(account_ids: list[int]) -> dict[int, list[tuple[str, date, date | None, bool]]]:
    order = phases.declared()
    if not order:
        return {}
    rows = Membership.objects.filter(account__in=account_ids, segment__slug__in=order)
    found: dict[int, list[tuple[str, date, date | None, bool]]] = {}
    for account, slug, state, since, until in rows.values_list(
        "account", "segment__slug", "state", "since", "until"
    ):
        found.setdefault(account, []).append((slug, since, until, state == "member"))
    return found


def _changes(account_ids: list[int], known_by: datetime | None) -> dict[str, list[tuple[date, str]]]:
    """What was said of the phase as it came in, by the account's key; of many accounts everybody's are read."""
    asked = attributes.changes(
        names=["phase"],
        known=Knowledge(by=known_by),
        accounts=account_ids if len(account_ids) <= FEW else None,
    )
    found: dict[str, list[tuple[date, str]]] = {}
    for key, day, was in asked.rows.select("key", "day", "before").iter_rows():
        found.setdefault(key, []).append((day, pathing.before(was)))
    return {key: sorted(rows, key=lambda one: one[0]) for key, rows in found.items()}
