"""Let the rules look at what changed: one firing for as long as a condition holds, whatever breaks off meanwhile."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet

from keepwell.health.models import BandChange, Standing
from keepwell.ledger.actions import events
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account, Ownership
from keepwell.metrics.conditions import tree
from keepwell.metrics.queries import values
from keepwell.segments.formulas import phasing
from keepwell.segments.models import PhaseOverride
from keepwell.segments.queries import vocabulary
from keepwell.segments.queries.vocabulary import OWNER
from keepwell.signals import declared, models
from keepwell.signals.queries import judging
from keepwell.signals.queries.judging import Judged

SOURCE = "keepwell"
MERGED = "The account became one with another"
BEGIN_AT_ONCE = 10_000  # so many accounts are looked through while somebody waits


@dataclass(frozen=True)
class Looked:
    """What a look noticed: `fired` is news, `stood` held when its rule began, `ended` holds no more."""

    fired: tuple[models.Firing, ...] = ()
    stood: tuple[models.Firing, ...] = ()
    ended: tuple[models.Firing, ...] = ()


@dataclass
class _Found:
    fired: list[models.Firing] = field(default_factory=list)
    stood: list[models.Firing] = field(default_factory=list)
    ended: list[models.Firing] = field(default_factory=list)

    @property
    def told(self) -> Looked:
        return Looked(tuple(self.fired), tuple(self.stood), tuple(self.ended))


@dataclass(frozen=True)
class _Watching:
    rule: models.Rule
    version: models.RuleVersion
    said: declared.Declared


def locked() -> models.Watch:
    """The one mark of where rules have looked: whoever holds it looks or changes rules, nobody else. Within a transaction."""
    models.Watch.objects.get_or_create(pk=1)
    return models.Watch.objects.select_for_update().get(pk=1)


def look(*, since_by_account: Mapping[int, date] | None, at: datetime) -> Looked:
    """Judge the accounts that something happened to (None: all); all of them too on a new day.

    Run it after everything that conditions ask about was computed. Two looks at the same facts notice nothing twice. One
    transaction; a few scans of the facts and a dozen queries, whatever the number of rules.
    """
    with transaction.atomic():
        watch, found = locked(), _Found()
        day, watching = _watching()
        if day is None:
            _begun([one for one in watching if one.version.begun_at is None], at)
            return found.told
        begun = [one for one in watching if one.version.begun_at is not None]
        whole = since_by_account is None or watch.day != day
        last = BandChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        touched = [] if whole else _touched(watch, set(since_by_account or ()), begun)
        spoken = _judge(begun, None if whole else touched, day, at, found)
        if not whole and set(spoken) - set(watch.spoken):
            spoken = _judge(begun, None, day, at, found)
        _begin(watching, day, at, found)
        models.Watch.objects.filter(pk=1).update(
            day=day, band_change=last, looked_at=at, spoken=sorted({*watch.spoken, *spoken})
        )
        _tell(found, at)
    return found.told


def begin(*, at: datetime) -> None:
    """Let what was published just now begin to watch, where that takes no long; the next run does otherwise.

    Within the transaction that holds the mark.
    """
    day, watching = _watching()
    new = [one for one in watching if one.version.begun_at is None]
    if day is None:
        _begun(new, at)
    elif new and Account.objects.filter(merged_into=None).count() <= BEGIN_AT_ONCE:
        found = _Found()
        _begin(watching, day, at, found)
        _tell(found, at)


def end(rows: "QuerySet[models.Firing]", *, because: str, at: datetime) -> None:
    """End firings for one reason."""
    found = _Found(ended=list(rows.select_related("account", "rule")))
    rows.update(ended_at=at, ended_because=[because])
    _tell(found, at)


def _watching() -> tuple[date | None, list[_Watching]]:
    """The current day (None: no number is computed yet), and the rules in force that can be asked on it."""
    rules = models.Rule.objects.filter(active=True, published__isnull=False)
    rows = list(rules.select_related("published").order_by("slug"))
    if not rows:
        covered = values.extent()
        return (None if covered is None else covered.as_of), []
    words, covered = vocabulary.accounts(), values.extent()
    said = [
        _Watching(row, row.published, declared.read(row.published.definition, words))
        for row in rows
        if row.published is not None
    ]
    if covered is None:
        return None, said
    measured = covered.definition.keys()
    return covered.as_of, [
        one for one in said if one.version.begun_at is not None or one.said.metrics <= measured
    ]


def _touched(watch: models.Watch, touched: set[int], watching: Sequence[_Watching]) -> list[int]:
    """Also those that moved band, and those that were handed over or put into a phase by hand, where rules ask that."""
    touched |= set(BandChange.objects.filter(pk__gt=watch.band_change).values_list("account", flat=True))
    asked = {slug for one in watching for slug in tree.subjects(one.said.condition)}
    if watch.looked_at is not None and any(slug.startswith(OWNER) for slug in asked):
        day = watch.looked_at.date()
        moved = Ownership.objects.filter(Q(since__gte=day) | Q(until__gte=day))
        touched |= set(moved.values_list("account", flat=True))
    if watch.looked_at is not None and phasing.BY_HAND.slug in asked:
        put = PhaseOverride.objects.filter(Q(made_at__gte=watch.looked_at) | Q(ended_at__gte=watch.looked_at))
        touched |= set(put.values_list("account", flat=True))
    here = Account.objects.filter(pk__in=touched, merged_into=None)
    return list(here.order_by("pk").values_list("pk", flat=True))


def _judge(
    watching: Sequence[_Watching],
    accounts: Sequence[int] | None,
    day: date,
    at: datetime,
    found: _Found,
    *,
    stood: bool = False,
) -> tuple[str, ...]:
    """Judge some accounts or all (None) and write what changed; gives the counted events that happened anywhere."""
    conditions = {one.rule.pk: one.said.condition for one in watching}
    asked = judging.everybody() if accounts is None else accounts
    unknown, spoken = dict.fromkeys(conditions, 0), tuple[str, ...]()
    for judged in judging.judged(conditions, accounts=asked, day=day, whole=accounts is None):
        spoken = judged.spoken
        holding = _open(conditions, judged.table["account_id"].to_list())
        for one in watching:
            unknown[one.rule.pk] += _settle(one, judged, holding[one.rule.pk], at, found, stood=stood)
    if accounts is None:
        for one in watching:
            models.RuleVersion.objects.filter(pk=one.version.pk).update(unknown=unknown[one.rule.pk])
        gone = models.Firing.objects.filter(
            rule__in=conditions, ended_at=None, account__merged_into__isnull=False
        )
        found.ended += list(gone.select_related("account", "rule"))
        gone.update(ended_at=at, ended_because=[MERGED])
    return spoken


def _begin(watching: Sequence[_Watching], day: date, at: datetime, found: _Found) -> None:
    """Note of whom new versions hold already."""
    new = [one for one in watching if one.version.begun_at is None]
    if new:
        _judge(new, None, day, at, found, stood=True)
        _begun(new, at)


def _begun(watching: Iterable[_Watching], at: datetime) -> None:
    models.RuleVersion.objects.filter(pk__in=[one.version.pk for one in watching]).update(begun_at=at)


def _open(rules: Collection[int], accounts: Sequence[int]) -> dict[int, dict[int, int]]:
    """The open firings of rules on accounts, as keys: by rule, by account. One query."""
    found: dict[int, dict[int, int]] = {rule: {} for rule in rules}
    rows = models.Firing.objects.filter(rule__in=rules, account__in=accounts, ended_at=None)
    for rule, account, key in rows.values_list("rule", "account", "pk"):
        found[rule][account] = key
    return found


def _settle(
    one: _Watching,
    judged: Judged,
    holding: Mapping[int, int],
    at: datetime,
    found: _Found,
    *,
    stood: bool,
) -> int:
    """Begin and end the firings of a rule; what cannot be told stays as it is. Gives of how many that is so."""
    answers = judged.answers(one.rule.pk)
    holds = set(answers.filter("holds")["account_id"].to_list())
    quiet = set(answers.filter(~answers["holds"])["account_id"].to_list())
    begun = _begun_of(one, judged, holds - holding.keys(), at, stood=stood)
    (found.stood if stood else found.fired).extend(begun)
    if ceased := [holding[account] for account in quiet & holding.keys()]:
        rows = models.Firing.objects.filter(pk__in=ceased).select_related("account", "rule")
        over = list(rows.order_by("account"))
        because = judged.because(one.rule.pk, [firing.account_id for firing in over])
        for firing in over:
            firing.ended_at, firing.ended_because = at, list(because[firing.account_id])
        models.Firing.objects.bulk_update(over, ["ended_at", "ended_because"], batch_size=2000)
        found.ended += over
    return int(answers["holds"].null_count())


def _begun_of(
    one: _Watching, judged: Judged, accounts: set[int], at: datetime, *, stood: bool
) -> list[models.Firing]:
    if accounts and one.said.again_after_days:
        lately = at - timedelta(days=one.said.again_after_days)
        again = models.Firing.objects.filter(rule=one.rule, account__in=accounts, at__gt=lately)
        accounts = accounts - set(again.values_list("account", flat=True))
    if not accounts:
        return []
    because, seen = judged.because(one.rule.pk, accounts), judged.seen(one.rule.pk, accounts)
    standing = {} if stood else _standing(accounts)
    rows = Account.objects.in_bulk(accounts)
    return models.Firing.objects.bulk_create(
        [
            models.Firing(
                rule=one.rule,
                version=one.version,
                account=rows[account],
                at=at,
                stood=stood,
                sentence=one.version.sentence,
                because=list(because[account]),
                evidence={"seen": seen[account]} | standing.get(account, {}),
            )
            for account in sorted(accounts)
        ],
        batch_size=2000,
    )


def _standing(accounts: Collection[int]) -> dict[int, dict[str, Any]]:
    """What stood of the health of accounts when a rule fired. One query."""
    rows = Standing.objects.filter(account__in=accounts).select_related("score")
    return {
        row.account_id: {
            "from": row.previous_band or row.band,
            "to": row.band,
            "points": row.points,
            "parts": row.score.parts,
        }
        for row in rows
    }


def _tell(found: _Found, at: datetime) -> None:
    """Say in the ledger what fired and what is over; what only stood there is no news."""
    said = [("signal.fired", firing) for firing in found.fired]
    said += [("signal.ended", firing) for firing in found.ended if not firing.stood]
    events.append(events=[_event(name, firing, at) for name, firing in said], received_at=at)


def _event(name: str, firing: models.Firing, at: datetime) -> Event:
    props = {"signal": firing.pk, "rule": firing.rule.slug, "because": firing.because}
    return Event(
        id=f"~signal:{firing.pk}:{name}",
        account=firing.account.key,
        name=name,
        feature=firing.rule.slug,
        at=at,
        source=SOURCE,
        props=msgspec.json.encode(props).decode(),
    )
