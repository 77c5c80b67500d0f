"""Write which people belong to which accounts, from which day until which, each change known from its moment on."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from keepwell.ledger import domains, models
from keepwell.ledger.actions import links
from keepwell.ledger.queries import identity

Place = tuple[int, int]  # account, person
Span = tuple[date | None, date | None]


def begin(
    *, places: Mapping[Place, Span], source: str, at: datetime, always: bool, reason: str = "declared"
) -> None:
    """People belong to accounts, each from a day (None: ever) until another; one who is placed there already stays so.

    What was only guessed about them from their e-mail address no longer holds. Seven queries.
    """
    if not places:
        return
    people = {person for _, person in places}
    now = models.Placement.objects.filter(identity.known(None), person__in=people)
    if reason == "declared":
        _forget_guesses(now, places, at)
    there: dict[Place, list[Span]] = {}
    for row in now:
        there.setdefault((row.account_id, row.person_id), []).append((row.since, row.until))
    ever = set(models.Placement.objects.filter(person__in=people).values_list("account_id", "person_id"))
    models.Placement.objects.bulk_create(
        models.Placement(
            account_id=place[0],
            person_id=place[1],
            since=since,
            until=until,
            known_from=None if always and place not in ever else at,
            reason=reason,
        )
        for place, span in sorted(places.items(), key=lambda pair: pair[0])
        for since, until in without(span, there.get(place, []))
    )
    announce(person_ids=people, source=source, at=at)


def _forget_guesses(now: "QuerySet[models.Placement]", places: Collection[Place], at: datetime) -> None:
    guessed = now.filter(reason="domain")
    elsewhere = [row for row in guessed if (row.account_id, row.person_id) not in places]
    now.filter(pk__in=[row.pk for row in elsewhere]).update(known_until=at)
    for row in elsewhere:
        untold = models.Stakeholder.objects.filter(account=row.account_id, person=row.person_id)
        untold.filter(roles=[], title="", stance="", status="active", influence=None).delete()


def end(*, places: Mapping[Place, date | None], source: str, at: datetime) -> None:
    """People belong to accounts only until a day; said again, the day is set right. Five queries."""
    if not places:
        return
    people = {person for _, person in places}
    last: dict[Place, models.Placement] = {}
    for row in models.Placement.objects.filter(identity.known(None), person__in=people).order_by("pk"):
        place = (row.account_id, row.person_id)
        if place in places and (
            place not in last or (row.since or date.min) >= (last[place].since or date.min)
        ):
            last[place] = row
    models.Placement.objects.filter(pk__in=[row.pk for row in last.values()]).update(known_until=at)
    models.Placement.objects.bulk_create(
        models.Placement(
            account_id=place[0],
            person_id=place[1],
            since=row.since,
            until=places[place],
            known_from=at,
            reason=row.reason,
        )
        for place, row in sorted(last.items(), key=lambda pair: pair[0])
        if row.since is None or (day := places[place]) is None or row.since < day
    )
    announce(person_ids=people, source=source, at=at)


def withdraw(*, places: Collection[Place], at: datetime) -> None:
    """People do not belong to accounts and never did, as known from now on. Two queries."""
    asked = set(places)
    held = models.Placement.objects.filter(identity.known(None), person__in={person for _, person in asked})
    gone = [row.pk for row in held if (row.account_id, row.person_id) in asked]
    models.Placement.objects.filter(pk__in=gone).update(known_until=at)


def without(span: Span, others: Sequence[Span]) -> list[Span]:
    """What is left of a span of days where others are taken out of it."""
    left = [span]
    for since, until in others:
        rest: list[Span] = []
        for first, last in left:
            apart = (until and first and until <= first) or (last and since and last <= since)
            if apart:
                rest.append((first, last))
                continue
            if since and (first is None or first < since):
                rest.append((first, since))
            if until and (last is None or until < last):
                rest.append((until, last))
        left = rest
    return left


def by_domain(*, keys: Collection[str], source: str, at: datetime) -> int:
    """Place people who belong nowhere yet where their e-mail domain says, if it is one account's; gives how many.

    Five queries for any number of people, and those of `begin`.
    """
    placed = models.Placement.objects.filter(identity.known(None), person=OuterRef("pk"))
    people = models.Person.objects.filter(~Exists(placed), key__in=keys).exclude(email="")
    asked = {pk: domain for pk, email in people.values_list("pk", "email") if (domain := domains.of(email))}
    if not asked:
        return 0
    rows = models.AccountDomain.objects.filter(domain__in=set(asked.values()), account__merged_into=None)
    owners: dict[str, set[int]] = {}
    for domain, account in rows.values_list("domain", "account_id"):
        owners.setdefault(domain, set()).add(account)
    places: dict[Place, Span] = {
        (next(iter(owners[domain])), person): (None, None)
        for person, domain in asked.items()
        if len(owners.get(domain, ())) == 1
    }
    models.Stakeholder.objects.bulk_create(
        [models.Stakeholder(account_id=account, person_id=person) for account, person in sorted(places)],
        ignore_conflicts=True,
    )
    begin(places=places, source=source, at=at, always=False, reason="domain")
    return len(places)


def announce(*, person_ids: Collection[int], source: str, at: datetime) -> None:
    """Events of these people that name no account may count, or cease to count, wherever they ever belonged."""
    everywhere = models.Placement.objects.filter(person__in=person_ids).values_list("account", flat=True)
    links.announce(account_ids=everywhere, source=source, at=at, why="people")
