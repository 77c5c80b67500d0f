"""Ask what a playbook would have done for an account, and find it out. Nothing is done."""

from datetime import date, datetime, timedelta

from keepwell.access.queries import decisions
from keepwell.access.scopes import Scope
from keepwell.hooks import registry
from keepwell.kernel.errors import Invalid, NotFound, Refused
from keepwell.ledger.queries import accounts, state
from keepwell.plays import declared, models
from keepwell.plays.formulas import trying
from keepwell.plays.queries import past


def ask(*, slug: str, account: str, since: date, by: Scope, at: datetime, draft: bool = False) -> int:
    """Note what is asked; `run` finds it out. Gives its number."""
    by.require("work.do")
    book = models.Playbook.objects.filter(slug=slug).first()
    found = accounts.visible(seen_by=by).filter(key=account).first()
    if book is None or found is None:
        raise NotFound(
            'There is no playbook "%(slug)s".' if book is None else 'There is no account "%(key)s".',
            slug=slug,
            key=account,
        )
    rows = models.PlaybookVersion.objects.filter(playbook=book)
    version = rows.filter(published_at=None).first() if draft else book.published
    if version is None:
        raise NotFound(
            'The playbook "%(slug)s" has no draft.'
            if draft
            else 'The playbook "%(slug)s" has no version in force.',
            slug=slug,
        )
    if not since < at.date():
        raise Invalid("A dry run begins on a past day, not on %(isoformat)s.", isoformat=since.isoformat())
    row = models.DryRun.objects.create(
        playbook=book,
        definition=version.definition,
        account=found,
        since=since,
        asked_at=at,
        by_id=by.user_id,
    )
    return row.pk


def run(*, dry_run_id: int, at: datetime) -> None:
    """Find it out; one that was cut off begins again."""
    rows = models.DryRun.objects.filter(pk=dry_run_id, state__in=("queued", "running"))
    if not rows.update(state="running"):
        return
    row = models.DryRun.objects.get(pk=dry_run_id)
    try:
        found = _found(row, at)
    except Refused as refusal:
        rows.update(state="failed", error=str(refusal), finished_at=at)
        return
    rows.update(state="done", found={"days": found}, finished_at=at)


def _found(row: models.DryRun, at: datetime) -> list[dict[str, object]]:
    playbook, kinds = declared.read(row.definition), registry.steps()
    yesterday = at.date() - timedelta(days=1)
    until = min(yesterday, row.since + timedelta(days=min(playbook.most_days, past.MOST_DAYS)))
    with state.held():
        told = past.truths(playbook, account=row.account_id, since=row.since, until=until)
    happened = trying.days(
        playbook,
        since=row.since,
        until=until,
        truths=told,
        usual={kind.slug: kind.outcomes[0] for kind in kinds.values()},
        automatic={kind.slug: kind.is_automatic for kind in kinds.values()},
        calendar=decisions.company().calendar,
    )
    return [
        {
            "day": one.day.isoformat(),
            "step": one.step.slug if one.step else "",
            "title": one.step.title if one.step else "",
            "kind": one.step.kind if one.step else "",
            "role": one.step.role if one.step else "",
            "what": one.what,
            "because": list(one.because),
        }
        for one in happened
    ]
