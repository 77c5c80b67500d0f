"""Who can be asked for what, who was asked when, and what came of it; customers that are alike."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from keepwell.access.queries import settings
from keepwell.access.scopes import Scope
from keepwell.health.models import Standing
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.kernel.money import Money
from keepwell.ledger.models import Account, Contract, Stakeholder, SurveyAnswer
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models
from keepwell.outcomes.formulas import advocating
from keepwell.outcomes.formulas.advocating import Asking, Bar, Candidate, Reason
from keepwell.outcomes.models.advocacy import ANSWERS, KINDS
from keepwell.outcomes.queries import journey_book
from keepwell.plays.models import Incident

KEY = "advocacy_rest_days"
KIND_SLUGS = tuple(slug for slug, _ in KINDS)
ANSWER_SLUGS = tuple(slug for slug, _ in ANSWERS)
STATES = ("open", "yes", "later", "no", "never", "came")
MOST = 500


@dataclass(frozen=True)
class AskView:
    """An ask with its answer ("" while there is none) and what came of it."""

    id: int
    account: str
    account_name: str
    person: str
    person_name: str
    kind: str
    for_whom: str
    note: str
    asked_on: date
    asked_by: str
    answer: str
    answered_on: date | None
    again_on: date | None
    answer_note: str
    outcome: str
    outcome_on: date | None
    link: str


@dataclass(frozen=True)
class Suggestion:
    """Somebody whom one may ask: what speaks for it, and what for not now (`bars`)."""

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


@dataclass(frozen=True)
class Alike:
    """A customer that is like another, in what, and what it did for us or who there may be asked."""

    account: str
    account_name: str
    alike: tuple[str, ...]
    arr: Money | None
    stories: tuple[AskView, ...]
    suggestions: tuple[Suggestion, ...]


def rest_days() -> int:
    """For how long an account that was asked is not asked again. One query."""
    found = settings.get(KEY)
    return found if isinstance(found, int) else advocating.REST_DAYS


def asks(
    *, of: Whose, seen_by: Scope, state: str = "", kind: str = "", account: str = ""
) -> tuple[AskView, ...]:
    """The asks of a book's accounts, the latest first; those in a state or of a kind. Two queries."""
    for said, allowed in ((state, STATES), (kind, KIND_SLUGS)):
        if said and said not in allowed:
            raise Invalid(
                '"%(said)s" is not known. Use one of %(listed)s.', said=said[:20], listed=", ".join(allowed)
            )
    inside = journey_book.chosen(of, seen_by=seen_by)
    rows = models.AdvocateAsk.objects.filter(account__in=inside.values("pk"))
    if account:
        rows = rows.filter(account__key=account)
    if kind:
        rows = rows.filter(kind=kind)
    if state == "open":
        rows = rows.filter(answer=None)
    elif state == "came":
        rows = rows.filter(outcome__isnull=False)
    elif state:
        rows = rows.filter(answer__answer=state)
    return tuple(_views(rows.order_by("-asked_on", "-pk")))


def find(*, ask_id: int, seen_by: Scope) -> AskView:
    """One ask; what one may not see does not exist. Two queries."""
    rows = models.AdvocateAsk.objects.filter(
        pk=ask_id, account__in=accounts.visible(seen_by=seen_by).values("pk")
    )
    found = next(iter(_views(rows)), None)
    if found is None:
        raise NotFound("There is no ask %(number)s.", number=ask_id)
    return found


def _views(rows: "QuerySet[models.AdvocateAsk]") -> Iterable[AskView]:
    told = rows.annotate(
        said=F("answer__answer"), said_on=F("answer__on"), later_on=F("answer__again_on"), said_note=F("answer__note"),
        came=F("outcome__text"), came_on=F("outcome__on"), at_link=F("outcome__link"),
    )  # fmt: skip
    one: Any
    for one in told.select_related("account", "person", "by"):
        yield AskView(
            one.pk, one.account.key, one.account.name or one.account.key, one.person.key if one.person else "",
            (one.person.name or one.person.key) if one.person else "", one.kind, one.for_whom, one.note, one.asked_on,
            str(one.by or ""), one.said or "", one.said_on, one.later_on, one.said_note or "", one.came or "",
            one.came_on, one.at_link or "",
        )  # fmt: skip


def suggestions(
    *, of: Whose, seen_by: Scope, day: date, also_barred: bool = False, account: str = ""
) -> tuple[Suggestion, ...]:
    """Whom one may ask, the best first, 500 at most; with `also_barred` those whom one may not ask now. Some ten queries."""
    inside = journey_book.chosen(of, seen_by=seen_by).filter(former=False)
    if account:
        inside = inside.filter(key=account)
    healthy = Standing.objects.filter(account=OuterRef("account"), band="green")
    promoter = SurveyAnswer.objects.filter(
        person=OuterRef("person"), account=OuterRef("account"), kind="nps", score__gte=advocating.PROMOTER
    )
    rows = (
        Stakeholder.objects.filter(Exists(healthy), account__in=inside.values("pk"), status="active")
        .filter(Q(stance="champion") | Exists(promoter))
        .exclude(stance__in=("detractor", "opponent"))
        .select_related("account", "person")
        .order_by("pk")
    )
    found = list(rows)
    facts = _Facts(found, day)
    rest = rest_days()
    told = [_suggested(one, facts.of(one), day, rest) for one in found]
    good = [one for one in told if advocating.is_suggested(one.reasons) and (also_barred or not one.bars)]
    return tuple(sorted(good, key=lambda one: (bool(one.bars), -one.points, one.account, one.person))[:MOST])


class _Facts:
    """What is known of the accounts and people of some stakeholders, read at once."""

    def __init__(self, rows: Collection[Stakeholder], day: date) -> None:
        ids, people = {row.account_id for row in rows}, {row.person_id for row in rows}
        self.nps: dict[tuple[int, int], float] = {}
        answers = SurveyAnswer.objects.filter(
            account__in=ids, person__in=people, kind="nps", answered_at__date__lte=day
        )
        for account, person, score in answers.order_by("answered_at").values_list(
            "account", "person", "score"
        ):
            self.nps[account, person] = score
        reached = models.ObjectiveReach.objects.filter(objective__plan__account__in=ids)
        self.outcomes = list(reached.values_list("objective__plan__account", flat=True))
        self.incidents = set(
            Incident.objects.filter(account__in=ids, open=True).values_list("account", flat=True)
        )
        self.bands = dict(Standing.objects.filter(account__in=ids).values_list("account", "band"))
        self.asked: dict[int, list[tuple[int | None, Asking]]] = {}
        past = models.AdvocateAsk.objects.filter(account__in=ids, asked_on__lte=day).order_by(
            "asked_on", "pk"
        )
        for account, person, on, answer, again, came in past.values_list(
            "account", "person", "asked_on", "answer__answer", "answer__again_on", "outcome__pk"
        ):
            one = Asking(on, answer or "", again, came is not None)
            self.asked.setdefault(account, []).append((person, one))

    def of(self, row: Stakeholder) -> Candidate:
        """What is known of one of them."""
        asked = self.asked.get(row.account_id, [])
        return Candidate(
            band=self.bands.get(row.account_id, ""),
            stance=row.stance,
            nps=self.nps.get((row.account_id, row.person_id)),
            outcomes=self.outcomes.count(row.account_id),
            incidents=1 if row.account_id in self.incidents else 0,
            renewal=row.account.renewal_date,
            asked=tuple(one for person, one in asked if person == row.person_id),
            account_asked_on=max((one.on for _, one in asked), default=None),
        )


def _suggested(row: Stakeholder, told: Candidate, day: date, rest: int) -> Suggestion:
    found = advocating.reasons(told, day=day)
    account = row.account
    return Suggestion(
        account.key, account.name or account.key, row.person.key, row.person.name or row.person.key, row.title,
        account.industry, account.tier, accounts.arr_reporting(account), told.nps,
        max((one.on for one in told.asked), default=None), found,
        advocating.bars(told, day=day, rest_days=rest), advocating.points(found),
    )  # fmt: skip


def alike(*, account: str, of: Whose, seen_by: Scope, day: date) -> tuple[Alike, ...]:
    """Customers like this one (industry, tier, size, product) that spoke for us or may be asked, the most alike first."""
    meant = accounts.visible(seen_by=seen_by).filter(key=account).first()
    if meant is None:
        raise NotFound('There is no account "%(key)s".', key=account)
    told = asks(of=of, seen_by=seen_by, state="came")
    may = suggestions(of=of, seen_by=seen_by, day=day)
    keys = {one.account for one in told} | {one.account for one in may}
    rows = list(Account.objects.filter(key__in=keys - {account}, former=False))
    bought = _products([meant.pk, *(row.pk for row in rows)])
    found = []
    for row in rows:
        same = _same(meant, row, bought)
        if same:
            found.append(
                Alike(
                    row.key, row.name or row.key, same, accounts.arr_reporting(row),
                    tuple(one for one in told if one.account == row.key),
                    tuple(one for one in may if one.account == row.key),
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-len(one.alike), not one.stories, one.account)))


def _products(ids: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for account, product in Contract.objects.filter(account__in=ids).values_list("account", "product"):
        if product:
            found.setdefault(account, set()).add(product)
    return found


def _same(one: Account, other: Account, bought: dict[int, set[str]]) -> tuple[str, ...]:
    """In what they are alike; of a size where neither has three times the ARR of the other."""
    worth, others = one.arr_reporting, other.arr_reporting
    told = {
        "industry": bool(one.industry) and one.industry == other.industry,
        "tier": bool(one.tier) and one.tier == other.tier,
        "size": bool(worth and others) and max(worth or 0, others or 0) < 3 * min(worth or 0, others or 0),
        "product": bool(bought.get(one.pk, set()) & bought.get(other.pk, set())),
    }
    return tuple(name for name, holds in told.items() if holds)
