"""Let playbooks start and runs go on: rows are the queue, whoever looks twice at the same does nothing twice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q

from keepwell.kernel.moments import start_of
from keepwell.ledger.models import Account
from keepwell.plays import declared, models
from keepwell.plays.actions.steering import Steering
from keepwell.plays.actions.telling import tell
from keepwell.plays.formulas.running import Truth
from keepwell.plays.playbook import Declared
from keepwell.plays.queries import truths
from keepwell.segments.models import Membership, PhaseOverride
from keepwell.segments.queries import vocabulary
from keepwell.signals.models import Firing

MOST_AT_ONCE = 500
LATELY = timedelta(days=31)


class Start(NamedTuple):
    """What would start a playbook for an account."""

    account: int
    origin: str
    key: str
    because: Sequence[str]
    firing: int | None = None


def look(*, at: datetime) -> int:
    """Start what is to start and carry on whatever stirs; gives how many runs it looked at.

    A worker that was down for a day does that day's now. A dozen queries where nothing stirs.
    """
    with transaction.atomic():
        models.PlayMark.objects.get_or_create(pk=1)
        mark = models.PlayMark.objects.select_for_update().get(pk=1)
        last = Firing.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        begun = _start_all(mark, at)
        models.PlayMark.objects.filter(pk=1).update(firing=last, looked_at=at)
    ids = {*begun, *_stirring(at)}
    for begin in range(0, len(ids), MOST_AT_ONCE):
        carry(run_ids=sorted(ids)[begin : begin + MOST_AT_ONCE], at=at)
    return len(ids)


def carry(*, run_ids: Collection[int], at: datetime) -> None:
    """Carry on some runs, each in a transaction of its own; what each version asks is asked once of all its accounts."""
    rows = models.Run.objects.filter(pk__in=run_ids, open=True).select_related("version")
    words, day = vocabulary.accounts(), truths.current(at)
    by_version: dict[int, list[models.Run]] = {}
    for row in rows.order_by("pk"):
        by_version.setdefault(row.version_id, []).append(row)
    for runs in by_version.values():
        playbook = declared.read(runs[0].version.definition, words)
        told = truths.told(playbook, accounts=[run.account_id for run in runs], day=day)
        for run in runs:
            _carry(run.pk, playbook, told[run.account_id], at)


def _carry(run_id: int, playbook: Declared, told: Mapping[str, Truth], at: datetime) -> None:
    with transaction.atomic():
        held = models.Run.objects.select_for_update(of=("self",)).select_related("account", "playbook")
        run = held.filter(pk=run_id, open=True).first()
        if run is not None:
            Steering(run, playbook, told, at).carry()


def _stirring(at: datetime) -> list[int]:
    """Runs whose time has come, of whose account facts came in, a step of which was done, and all of them on a new day."""
    runs = models.Run.objects.filter(open=True)
    heard = Q(account__line__heard_at__gte=F("looked_at"))
    stirs = Q(next_at__lte=at) | Q(looked_at=None) | Q(looked_at__lt=start_of(truths.current(at))) | heard
    done = Q(step__state="open", step__task__completion__isnull=False)
    done |= Q(step__state="done", step__task__isnull=False, step__task__completion=None)
    sent = Q(step__state="open", step__message__ended_at__isnull=False)
    return list(runs.filter(stirs | done | sent).values_list("pk", flat=True).distinct())


def _start_all(mark: models.PlayMark, at: datetime) -> list[int]:
    """Start what rules and phases ask for; gives the new runs."""
    rows = models.Playbook.objects.filter(active=True, published__isnull=False).select_related("published")
    words, begun = None, list[int]()
    for row in rows.order_by("slug"):
        assert row.published is not None
        starts = row.published.definition["starts"]
        if not starts["rules"] and not starts["phases"]:
            continue
        found = [*_fired(starts["rules"], mark, row), *_entered(starts["phases"], row, at)]
        known = models.Run.objects.filter(key__in=[one.key for one in found]).values_list("key", flat=True)
        new = [one for one in found if one.key not in set(known)]
        if new:
            words = words or vocabulary.accounts()
            begun += _started(row, declared.read(row.published.definition, words), new, at)
    return begun


def _fired(rules: Sequence[str], mark: models.PlayMark, playbook: models.Playbook) -> Iterable[Start]:
    """Alarms since the last look; none of before the first, nor of what stood."""
    if not rules or mark.looked_at is None:
        return
    rows = Firing.objects.filter(rule__slug__in=rules, pk__gt=mark.firing, stood=False, ended_at=None)
    for row in rows.select_related("rule").order_by("pk"):
        because = [f"{row.rule.title}: {'; '.join(row.because)}"]
        yield Start(row.account_id, "rule", f"{playbook.slug}:firing:{row.pk}", because, row.pk)


def _entered(phases: Sequence[str], playbook: models.Playbook, at: datetime) -> Iterable[Start]:
    """Accounts that entered a phase, by rule or by hand, since the playbook was published and lately."""
    published = playbook.published
    if not phases or published is None or published.published_at is None:
        return
    since = max(published.published_at, at - LATELY).date()
    ruled = Membership.objects.filter(segment__slug__in=phases, state="member", until=None, since__gte=since)
    said = PhaseOverride.objects.filter(phase__in=phases, until=None, since__gte=since)
    found = [
        *ruled.values_list("account", "segment__slug", "since"),
        *said.values_list("account", "phase", "since"),
    ]
    for account, phase, day in found:
        because = [f"Entered the phase {phase} on {day.isoformat()}"]
        yield Start(account, "phase", f"{playbook.slug}:phase:{account}:{phase}:{day.isoformat()}", because)


def _started(playbook: models.Playbook, said: Declared, found: Sequence[Start], at: datetime) -> list[int]:
    """Those of them that apply, whose goal is not reached, who have no run open and had none lately."""
    accounts = sorted({one.account for one in found})
    told = truths.told(said, accounts=accounts, day=truths.current(at), names=("applies", "goal", "exit"))
    lately = at - timedelta(days=said.starts.again_after_days)
    busy = models.Run.objects.filter(playbook=playbook, account__in=accounts)
    busy = busy.filter(Q(open=True) | Q(started_at__gt=lately))
    taken = set(busy.values_list("account", flat=True))
    rows = Account.objects.in_bulk(accounts)
    begun = []
    for one in found:
        answers = told[one.account]
        applies = "applies" not in said.conditions or answers["applies"].holds
        over = any(answers[name].holds for name in ("goal", "exit") if name in answers)
        if one.account in taken or not applies or over or rows[one.account].former:
            continue
        taken.add(one.account)
        begun.append(begin(playbook, said, rows[one.account], one, by_id=None, at=at))
    return begun


def begin(
    playbook: models.Playbook,
    said: Declared,
    account: Account,
    start: Start,
    *,
    by_id: int | None,
    at: datetime,
) -> int:
    """Write the rows of a run: itself, and one for each step. Within the caller's transaction."""
    version = playbook.published
    assert version is not None  # whoever starts it has looked
    run = models.Run.objects.create(
        playbook=playbook,
        version=version,
        account=account,
        origin=start.origin,
        key=start.key,
        firing_id=start.firing,
        started_by_id=by_id,
        because=list(start.because),
        started_at=at,
        next_at=at,
    )
    models.RunStep.objects.bulk_create(
        models.RunStep(run=run, slug=step.slug, place=place, said={"title": step.title})
        for place, step in enumerate(said.steps)
    )
    tell(account=account.key, name="playbook.started", of="run", number=run.pk, at=at)
    return run.pk
