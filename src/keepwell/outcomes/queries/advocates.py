"""Who of the customers can be asked to speak for us, and why: of a book, or of one account at a moment."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from keepwell.access.scopes import Scope
from keepwell.health.models import Standing
from keepwell.health.queries import proofs
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel.errors import Invalid
from keepwell.kernel.money import Money
from keepwell.ledger.models import Stakeholder, SurveyAnswer
from keepwell.ledger.queries import accounts
from keepwell.ledger.queries.accounts import AccountView
from keepwell.ledger.queries.people import StakeholderView
from keepwell.outcomes import models
from keepwell.outcomes.formulas import advocating
from keepwell.outcomes.formulas.advocating import Asking, Bar, Candidate, Reason
from keepwell.outcomes.queries import advocacy, confirmed, journey_book
from keepwell.outcomes.queries.confirmed import Confirmed
from keepwell.plays.models import Incident

Who = tuple[int, str]  # an account's number, a person's key


@dataclass(frozen=True)
class Judged:
    """What an account's health rests on: the card and its version, and how its proof ended ("": none; "hand": overridden)."""

    band: str
    card: str = ""
    version: int = 0
    proof: str = ""


@dataclass(frozen=True)
class Suggestion:
    """Somebody whom one may ask: what speaks for it, and what for not now (`bars`).

    `value` is what the customer confirmed within the year, in the reporting currency; None where nothing, or no rate.
    """

    account: str
    account_name: str
    person: str
    person_name: str
    title: str
    industry: str
    tier: str
    arr: Money | None
    nps: float | None
    last_asked_on: date | None
    reasons: tuple[Reason, ...]
    bars: tuple[Bar, ...]
    points: int
    value: Money | None
    value_on: date | None
    judged: Judged

    @property
    def proof(self) -> str:
        """How the proof of the card ended that calls the account healthy."""
        return self.judged.proof


@dataclass(frozen=True)
class Stood:
    """An account at a moment, as the pages about it have read it: health, people, whether an incident was open."""

    account: AccountView
    band: str
    card: str
    title: str
    version: int
    is_overridden: bool
    is_burning: bool
    people: Sequence[StakeholderView]


@dataclass(frozen=True)
class _Person:
    """Somebody of an account, before it is told what speaks for them."""

    account_id: int
    account: str
    account_name: str
    industry: str
    tier: str
    arr: Money | None
    renewal: date | None
    person: str
    name: str
    title: str
    stance: str


def of_book(
    *, of: Whose, seen_by: Scope, day: date, also_barred: bool = False, account: str = "", kind: str = "",
    search: str = "",
) -> tuple[Suggestion, ...]:  # fmt: skip
    """Whom one may ask, the best first, perhaps for a kind; with `also_barred` those whom one may not ask now.

    Some twelve queries, whoever many; reads everybody who is a champion or promoter of a healthy account.
    """
    if kind and kind not in advocacy.KIND_SLUGS:
        raise Invalid(
            '"%(said)s" is not known. Use one of %(listed)s.',
            said=kind[:20], listed=", ".join(advocacy.KIND_SLUGS),
        )  # fmt: skip
    inside = journey_book.chosen(of, seen_by=seen_by).filter(former=False)
    if account:
        inside = inside.filter(key=account)
    found = [_person(row) for row in _liked(inside.values("pk"), search)]
    ids = {one.account_id for one in found}
    facts = _Facts(ids, {one.person for one in found}, day, _judged(ids), _burning(ids))
    rest = advocacy.rest_days()
    told = [_suggested(one, facts, day, rest, kind) for one in found]
    return _ordered(one for one in told if also_barred or not one.bars)


def at_account(
    *, stood: Stood, seen_by: Scope, day: date, known_by: datetime | None = None
) -> tuple[Suggestion, ...]:
    """Of one account everybody who is known to like us, also while it is not healthy, which is then why not now.

    As the account stood at the end of a day, perhaps as it was known then. Some nine queries.
    """
    accounts.require(key=stood.account.key, seen_by=seen_by)
    found = [_at(stood, one) for one in stood.people if one.status == "active"]
    found = [one for one in found if one.stance not in ("detractor", "opponent")]
    account_id = stood.account.id
    verdict = proofs.verdict_of(slug=stood.card, number=stood.version) if stood.card else ""
    judged = Judged(stood.band, stood.title, stood.version, "hand" if stood.is_overridden else verdict)
    burning = {account_id} if stood.is_burning else set[int]()
    facts = _Facts({account_id}, {one.person for one in found}, day, {account_id: judged}, burning, known_by)
    rest = advocacy.rest_days()
    told = [_suggested(one, facts, day, rest, "") for one in found]
    return _ordered(one for one in told if advocating.is_liked(one.reasons))


def _ordered(found: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """The best first; of equals where more value is confirmed."""

    def place(one: Suggestion) -> Any:
        return (bool(one.bars), -one.points, -(one.value.amount if one.value else 0), one.account, one.person)

    return tuple(sorted(found, key=place))


def _liked(inside: Any, search: str) -> "QuerySet[Stakeholder]":
    healthy = Standing.objects.filter(account=OuterRef("account"), band="green")
    promoter = SurveyAnswer.objects.filter(
        person=OuterRef("person"), account=OuterRef("account"), kind="nps", score__gte=advocating.PROMOTER
    )
    rows = (
        Stakeholder.objects.filter(Exists(healthy), account__in=inside, status="active")
        .filter(Q(stance="champion") | Exists(promoter))
        .exclude(stance__in=("detractor", "opponent"))
        .select_related("account", "person")
        .order_by("pk")
    )
    if not search:
        return rows
    theirs = Q(account__name__icontains=search) | Q(account__key__icontains=search)
    return rows.filter(theirs | Q(person__name__icontains=search) | Q(account__industry__icontains=search))


def _person(row: Stakeholder) -> _Person:
    one = row.account
    return _Person(
        one.pk, one.key, one.name or one.key, one.industry, one.tier, accounts.arr_reporting(one), one.renewal_date,
        row.person.key, row.person.name or row.person.key, row.title, row.stance,
    )  # fmt: skip


def _at(stood: Stood, who: StakeholderView) -> _Person:
    one = stood.account
    return _Person(
        one.id, one.key, one.name or one.key, one.industry, one.tier, one.arr_reporting, one.renewal_date, who.key,
        who.name or who.key, who.title, who.stance,
    )  # fmt: skip


def _judged(ids: Collection[int]) -> dict[int, Judged]:
    rows = Standing.objects.filter(account__in=ids).values_list(
        "account", "band", "override", "score__version", "score__version__scorecard__title", "score__version__number"
    )  # fmt: skip
    found = list(rows)
    verdicts = proofs.verdicts(version_ids={version for _, _, _, version, _, _ in found})
    return {
        account: Judged(band, title, number, "hand" if override else verdicts.get(version, ""))
        for account, band, override, version, title, number in found
    }


def _burning(ids: Collection[int]) -> set[int]:
    return set(Incident.objects.filter(account__in=ids, open=True).values_list("account", flat=True))


@dataclass
class _Facts:
    """What is known of some accounts and people on a day, read at once."""

    ids: Collection[int]
    people: Collection[str]
    day: date
    judged: Mapping[int, Judged]
    burning: Collection[int]
    known_by: datetime | None = None
    nps: dict[Who, float] = field(init=False)
    outcomes: Counter[int] = field(init=False)
    asked: dict[int, list[tuple[str, Asking]]] = field(init=False)
    values: Mapping[int, Confirmed] = field(init=False)

    def __post_init__(self) -> None:
        answers = SurveyAnswer.objects.filter(
            account__in=self.ids, person__key__in=self.people, kind="nps", answered_at__date__lte=self.day
        ).order_by("answered_at")
        self.nps = {
            (account, person): score
            for account, person, score in answers.values_list("account", "person__key", "score")
        }
        reached = models.ObjectiveReach.objects.filter(
            objective__plan__account__in=self.ids, on__lte=self.day, **self._known
        )
        self.outcomes = Counter(reached.values_list("objective__plan__account", flat=True))
        self.asked = self._asked()
        self.values = confirmed.within_year(account_ids=self.ids, day=self.day, known_by=self.known_by)

    @property
    def _known(self) -> dict[str, datetime]:
        return {} if self.known_by is None else {"at__lt": self.known_by}

    def _asked(self) -> dict[int, list[tuple[str, Asking]]]:
        found: dict[int, list[tuple[str, Asking]]] = {}
        past = models.AdvocateAsk.objects.filter(account__in=self.ids, asked_on__lte=self.day, **self._known)
        for one in advocacy.views(past.order_by("asked_on", "pk"), day=self.day, known_by=self.known_by):
            told = Asking(one.asked_on, one.answer, one.again_on, bool(one.outcome), one.kind)
            found.setdefault(one.account_id, []).append((one.person, told))
        return found

    def of(self, one: _Person) -> Candidate:
        """What is known of one of them."""
        asked = self.asked.get(one.account_id, [])
        value = self.values.get(one.account_id)
        judged = self.judged.get(one.account_id)
        return Candidate(
            band=judged.band if judged else "",
            stance=one.stance,
            nps=self.nps.get((one.account_id, one.person)),
            outcomes=self.outcomes[one.account_id],
            incidents=1 if one.account_id in self.burning else 0,
            renewal=one.renewal,
            asked=tuple(each for person, each in asked if person == one.person),
            account_asked_on=max((each.on for _, each in asked), default=None),
            value_on=value.on if value else None,
        )


def _suggested(one: _Person, facts: _Facts, day: date, rest: int, kind: str) -> Suggestion:
    told = facts.of(one)
    found = advocating.reasons(told, day=day)
    value = facts.values.get(one.account_id)
    return Suggestion(
        one.account, one.account_name, one.person, one.name, one.title, one.industry, one.tier, one.arr, told.nps,
        max((each.on for each in told.asked), default=None), found,
        advocating.bars(told, day=day, rest_days=rest, kind=kind), advocating.points(found, kind=kind),
        value.sum if value else None, value.on if value else None, facts.judged.get(one.account_id, Judged("")),
    )  # fmt: skip
