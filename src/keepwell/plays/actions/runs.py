"""Deeds on runs: start one by hand, pause it, skip a step, decide an approval, cancel it and take that back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.hooks import registry
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.ledger.queries import accounts
from keepwell.plays import declared, models
from keepwell.plays.actions import playing, steering, tasks
from keepwell.plays.actions.playing import Start
from keepwell.plays.actions.telling import tell
from keepwell.plays.playbook import OF_FLOW
from keepwell.plays.queries import truths

WORDS = 2000


class AlreadyRuns(Conflict):
    """An account has one open run of a playbook."""


class AlreadyOver(Conflict):
    """Somebody or something was faster."""


def start(*, playbook: str, account: str, by: Scope, at: datetime, because: str = "", key: str = "") -> int:
    """Start a playbook for an account by hand; gives the run's number. The same `key` starts it once."""
    by.require("work.do")
    found = accounts.visible(seen_by=by).filter(key=account).first()
    if found is None:
        raise NotFound('There is no account "%(account)s".', account=account)
    book = models.Playbook.objects.select_related("published").filter(slug=playbook).first()
    if book is None or book.published is None or not book.active:
        raise NotFound(
            'There is no playbook "%(playbook)s" that may start. Publish it or wake it.', playbook=playbook
        )
    said = declared.read(book.published.definition)
    told = truths.told(said, accounts=[found.pk], day=truths.current(at), names=("goal", "exit"))[found.pk]
    for name, words in (("goal", "Its goal is reached already"), ("exit", "It would end at once")):
        if name in told and told[name].holds:
            raise Conflict("%(words)s: %(listed)s.", words=words, listed="; ".join(told[name].because))
    if known := models.Run.objects.filter(key=f"hand:{key}").first() if key else None:
        return known.pk
    try:
        with transaction.atomic():
            mark = key or f"{playbook}:{found.pk}:{at.isoformat()}"
            why = [because.strip()[:WORDS]] if because.strip() else []
            run = playing.begin(
                book, said, found, Start(found.pk, "hand", f"hand:{mark}", why), by_id=by.user_id, at=at
            )
            audit.record(
                by=by, at=at, deed="run.start", subject=f"account:{account}", playbook=playbook, run=run
            )
    except IntegrityError:
        raise AlreadyRuns(
            "%(playbook)s runs for %(account)s already.", playbook=book.title, account=found.name
        ) from None
    playing.carry(run_ids=[run], at=at)
    return run


def cancel(*, run_id: int, because: str, by: Scope, at: datetime) -> None:
    """End a run before its time; `take_back` takes that back."""
    _needs(because)
    with transaction.atomic():
        run = _locked(run_id, by)
        if not steering.end(run, "cancelled", (because.strip()[:WORDS],), at=at, by_id=by.user_id):
            raise AlreadyOver("This run is over already.")
        audit.record(by=by, at=at, deed="run.cancel", subject=f"run:{run_id}")


def take_back(*, run_id: int, by: Scope, at: datetime) -> None:
    """Let a cancelled run go on where it was."""
    try:
        with transaction.atomic():
            run = _locked(run_id, by)
            deleted, _ = models.RunEnding.objects.filter(run=run, how="cancelled").delete()
            if not deleted:
                raise Conflict("This run was not cancelled.")
            models.Run.objects.filter(pk=run.pk).update(open=True, next_at=at)
            _set_again(run, at)
            tell(account=run.account.key, name="playbook.resumed", of="run", number=run.pk, at=at, again=True)
            audit.record(by=by, at=at, deed="run.take_back", subject=f"run:{run_id}")
    except IntegrityError:
        raise AlreadyRuns("Another run of this playbook was started meanwhile.") from None
    playing.carry(run_ids=[run_id], at=at)


def _set_again(run: models.Run, at: datetime) -> None:
    """The tasks of open steps, which were taken off people's lists."""
    said = declared.read(run.version.definition)
    for row in models.RunStep.objects.filter(run=run, state="open", task=None):
        step = said.step(row.slug)
        if not step.is_flow and not registry.steps()[step.kind].is_automatic:
            registry.steps()[step.kind].begin(steering.asked_of(row, run, step.role, row.said, (), at))


def pause(*, run_id: int, because: str, by: Scope, at: datetime) -> None:
    """Let a run rest until somebody lets it go on; what is due moves by as long."""
    _needs(because)
    with transaction.atomic():
        run = _open(run_id, by)
        if models.RunPause.objects.filter(run=run, until=None).exists():
            raise Conflict("It rests already.")
        models.RunPause.objects.create(
            run=run, since=at, by_hand=True, by_id=by.user_id, because=[because.strip()[:WORDS]]
        )
        models.Run.objects.filter(pk=run.pk).update(next_at=None)
        audit.record(by=by, at=at, deed="run.pause", subject=f"run:{run_id}")


def go_on(*, run_id: int, by: Scope, at: datetime) -> None:
    """Let a run go on."""
    with transaction.atomic():
        run = _open(run_id, by)
        rest = models.RunPause.objects.filter(run=run, until=None).first()
        if rest is None:
            raise Conflict("It does not rest.")
        steering.resume(rest, at=at)
        audit.record(by=by, at=at, deed="run.go_on", subject=f"run:{run_id}")
    playing.carry(run_ids=[run_id], at=at)


def skip(*, run_id: int, step: str, because: str, by: Scope, at: datetime) -> None:
    """Leave a step out, with the reason; what comes after it goes on."""
    _needs(because)
    _settle(run_id, step, "skipped", "", (because.strip()[:WORDS],), by, at)


def refuse(*, run_id: int, step: str, because: str, by: Scope, at: datetime) -> None:
    """Say no where an approval is asked."""
    _needs(because)
    _settle(run_id, step, "done", "refused", (because.strip()[:WORDS],), by, at)


def complete(*, run_id: int, step: str, by: Scope, at: datetime, note: str = "") -> None:
    """Do a step whose task is open, or say yes where an approval is asked: as completing its task."""
    with transaction.atomic():
        row = _step(_open(run_id, by), step, ("open",))
        if row.task_id is None:
            raise Invalid("Nobody has to do this step: it goes on by itself.")
        tasks.complete(task_id=row.task_id, by=by, at=at, note=note)
    playing.carry(run_ids=[run_id], at=at)


def _settle(
    run_id: int, slug: str, state: str, outcome: str, because: Sequence[str], by: Scope, at: datetime
) -> None:
    with transaction.atomic():
        run = _open(run_id, by)
        row = _step(run, slug, ("open", "waiting") if state == "skipped" else ("open",))
        kind = declared.read(run.version.definition).step(slug).kind
        if outcome and (kind in OF_FLOW or outcome not in registry.steps()[kind].outcomes):
            raise Invalid("Nobody is asked to approve this step. Skip it instead.")
        said = {
            "state": state,
            "outcome": outcome,
            "ended_at": at,
            "because": list(because),
            "by_id": by.user_id,
        }
        models.RunStep.objects.filter(pk=row.pk).update(**said)
        if row.task_id is not None:
            models.Task.objects.filter(pk=row.task_id, completion=None).delete()
        models.Message.objects.filter(step=row, state="queued").update(state="failed", ended_at=at)
        steering.note_step(run, row, at)
        audit.record(by=by, at=at, deed=f"run.{outcome or state}", subject=f"run:{run_id}", step=slug)
    playing.carry(run_ids=[run_id], at=at)


def _needs(because: str) -> None:
    if not because.strip():
        raise Invalid("Say why: whoever looks at the run reads it.")


def _step(run: models.Run, slug: str, states: Sequence[str]) -> models.RunStep:
    row = models.RunStep.objects.filter(run=run, slug=slug).first()
    if row is None:
        raise NotFound('The run has no step "%(slug)s".', slug=slug)
    if row.state not in states:
        raise AlreadyOver("This step is over, or has not begun.")
    return row


def _locked(run_id: int, by: Scope) -> models.Run:
    by.require("work.do")
    seen = models.Run.objects.filter(pk=run_id, account__in=accounts.visible(seen_by=by))
    run = seen.select_for_update(of=("self",)).select_related("account", "playbook", "version").first()
    if run is None:
        raise NotFound("There is no run %(run_id)s.", run_id=run_id)
    return run


def _open(run_id: int, by: Scope) -> models.Run:
    run = _locked(run_id, by)
    if not run.open:
        raise AlreadyOver("This run is over.")
    return run
