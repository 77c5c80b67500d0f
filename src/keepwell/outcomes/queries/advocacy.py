"""Who of the customers was asked to speak for us, when, and what came of it; how long an account that was asked rests."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from keepwell.access.queries import settings
from keepwell.access.scopes import Scope
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel import paging
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models
from keepwell.outcomes.formulas import advocating
from keepwell.outcomes.models.advocacy import ANSWERS, KINDS
from keepwell.outcomes.queries import journey_book

KEY = "advocacy_rest_days"
KIND_SLUGS = tuple(slug for slug, _ in KINDS)
ANSWER_SLUGS = tuple(slug for slug, _ in ANSWERS)
AT_ONCE = 500
STATES = ("open", "yes", "later", "no", "never", "came")


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
    account_id: int = 0


def rest_days() -> int:
    """For how long an account that was asked is not asked again. One query."""
    found = settings.get(KEY)
    return found if isinstance(found, int) else advocating.REST_DAYS


def asks(
    *, of: Whose, seen_by: Scope, state: str = "", kind: str = "", account: str = "", search: str = "",
    offset: int = 0, limit: int | None = None,
) -> tuple[AskView, ...]:  # fmt: skip
    """The asks of a book's accounts, the latest first; those in a state or of a kind, some of them. One or two queries."""
    rows = _asked(of, seen_by, state, kind, account, search).order_by("-asked_on", "-pk")
    return tuple(views(rows[offset : None if limit is None else offset + limit]))


def each(
    *, of: Whose, seen_by: Scope, state: str = "", kind: str = "", account: str = "", search: str = ""
) -> Iterator[AskView]:
    """All of them, in constant memory."""
    told: dict[str, Any] = {"state": state, "kind": kind, "account": account, "search": search}
    return paging.each(lambda offset: asks(of=of, seen_by=seen_by, offset=offset, limit=AT_ONCE, **told))


def tally(
    *, of: Whose, seen_by: Scope, kind: str = "", account: str = "", search: str = ""
) -> dict[str, int]:
    """How many asks there are in each state; "came" are also among those with a yes. One query."""
    rows = _asked(of, seen_by, "", kind, account, search).order_by().values("answer__answer")
    counted: dict[str, int] = dict.fromkeys(STATES, 0)
    for answer, came in rows.values_list("answer__answer", "outcome__pk"):
        counted[answer or "open"] += 1
        counted["came"] += came is not None
    return counted


def _asked(
    of: Whose, seen_by: Scope, state: str, kind: str, account: str, search: str
) -> "QuerySet[models.AdvocateAsk]":
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
    if search:
        theirs = Q(account__name__icontains=search) | Q(account__key__icontains=search)
        rows = rows.filter(theirs | Q(person__name__icontains=search) | Q(for_whom__icontains=search))
    if state == "open":
        return rows.filter(answer=None)
    if state == "came":
        return rows.filter(outcome__isnull=False)
    return rows.filter(answer__answer=state) if state else rows


def of_account(
    *, account: str, seen_by: Scope, day: date, known_by: datetime | None = None
) -> tuple[AskView, ...]:
    """The asks of an account until a day, each as it stood then, perhaps as it was noted by then. Two queries."""
    row = accounts.visible(seen_by=seen_by).filter(key=account).first()
    if row is None:
        raise NotFound('There is no account "%(key)s".', key=account)
    rows = models.AdvocateAsk.objects.filter(account=row, asked_on__lte=day)
    if known_by is not None:
        rows = rows.filter(at__lt=known_by)
    return tuple(views(rows.order_by("-asked_on", "-pk"), day=day, known_by=known_by))


def find(*, ask_id: int, seen_by: Scope) -> AskView:
    """One ask; what one may not see does not exist. Two queries."""
    rows = models.AdvocateAsk.objects.filter(
        pk=ask_id, account__in=accounts.visible(seen_by=seen_by).values("pk")
    )
    found = next(iter(views(rows)), None)
    if found is None:
        raise NotFound("There is no ask %(number)s.", number=ask_id)
    return found


def views(
    rows: "QuerySet[models.AdvocateAsk]", *, day: date | None = None, known_by: datetime | None = None
) -> Iterable[AskView]:
    """What was answered and came, perhaps only until a day, and noted before a moment."""
    told = rows.annotate(
        said=F("answer__answer"), said_on=F("answer__on"), later_on=F("answer__again_on"), said_note=F("answer__note"),
        said_at=F("answer__at"), came=F("outcome__text"), came_on=F("outcome__on"), came_at=F("outcome__at"),
        at_link=F("outcome__link"),
    )  # fmt: skip

    def is_there(on: date | None, at: datetime | None) -> bool:
        if on is None or at is None or (day is not None and on > day):
            return False
        return known_by is None or at < known_by

    one: Any
    for one in told.select_related("account", "person", "by"):
        said, came = is_there(one.said_on, one.said_at), is_there(one.came_on, one.came_at)
        yield AskView(
            one.pk, one.account.key, one.account.name or one.account.key, one.person.key if one.person else "",
            (one.person.name or one.person.key) if one.person else "", one.kind, one.for_whom, one.note, one.asked_on,
            str(one.by or ""), one.said if said else "", one.said_on if said else None, one.later_on if said else None,
            one.said_note if said else "", one.came if came else "", one.came_on if came else None,
            one.at_link if came else "", one.account_id,
        )  # fmt: skip
