"""Do one thing to many accounts: as a draft first, then in blocks, and take it back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.models import User
from keepwell.access.queries import scopes, users
from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from keepwell.ledger.actions import accounts as ledger
from keepwell.ledger.actions import hand_overs, owners, removals
from keepwell.ledger.models import Account, Ownership
from keepwell.ledger.queries import accounts
from keepwell.plays.actions import responses, runs
from keepwell.plays.models import BulkChange, BulkDeed, Run
from keepwell.plays.queries import bulk_kinds
from keepwell.plays.queries.bulk import BLOCK
from keepwell.plays.queries.bulk_kinds import FIELD, Kind
from keepwell.segments.actions import phases
from keepwell.signals.models import Rule

SOURCE = "web"
AT_ONCE = 200
PLAYED_AT_ONCE = 40  # starting a run writes its steps, tasks and messages
TAKEN_BACK = speech.later("The deed that started it was taken back.")
Values = Mapping[int, Any]
Refusals = list[tuple[str, str]]


def draft(*, account_ids: Sequence[int], by: Scope, at: datetime, rule: str = "") -> int:
    """Note which accounts are meant, and by which rule they were found; whom the asker may not see is not among them.

    Gives the deed's number.
    """
    by.require("work.do")
    if by.user_id is None:
        raise Invalid("A deed on many accounts is a person's: sign in.")
    seen = set(accounts.visible(seen_by=by).filter(pk__in=account_ids).values_list("pk", flat=True))
    ids = [pk for pk in account_ids if pk in seen]
    if not ids:
        raise Invalid("No account is selected.")
    found = Rule.objects.filter(slug=rule).first() if rule else None
    if rule and found is None:
        raise NotFound('There is no rule "%(slug)s".', slug=rule)
    return BulkDeed.objects.create(accounts=ids, by_id=by.user_id, asked_at=at, rule=found).pk


def start(*, deed_id: int, kind: str, said: Mapping[str, Any], by: Scope, at: datetime) -> bool:
    """Do it: at once to some hundred accounts, else it waits for a job; tells whether it does."""
    deed = bulk_kinds.find(kind)
    by.require(deed.needs)
    read = deed.read(said, at.date())
    taken = BulkDeed.objects.filter(pk=deed_id, by=by.user_id, state="draft").update(
        kind=kind, said=read, state="queued"
    )
    if not taken:
        raise Conflict("This was started already.")
    row = BulkDeed.objects.get(pk=deed_id)
    audit.record(
        by=by, at=at, deed="accounts.bulk", subject=f"bulk:{deed_id}", kind=kind, rows=len(row.accounts)
    )
    if len(row.accounts) > (min(AT_ONCE, PLAYED_AT_ONCE) if kind == "play" else AT_ONCE):
        return True
    run(deed_id=deed_id, at=at)
    return False


def run(*, deed_id: int, at: datetime) -> None:
    """Carry a deed on to its end, block by block, from wherever it was stopped."""
    while _step(deed_id, at):
        pass


def _step(deed_id: int, at: datetime) -> bool:
    """One block in one transaction; tells whether there is more."""
    with transaction.atomic():
        row = BulkDeed.objects.select_for_update().get(pk=deed_id)
        if row.state not in ("queued", "running"):
            return False
        by, deed, said = _by(row.by), bulk_kinds.find(row.kind), _in_full(row)
        block = row.accounts[row.done : row.done + BLOCK]
        found = bulk_kinds.rows(
            list(accounts.visible(seen_by=by).filter(pk__in=block).values_list("pk", flat=True))
        )
        news = bulk_kinds.changes(deed, said, found)
        refused = _write(
            deed,
            [a for a in found if a.pk in news],
            {pk: pair[1] for pk, pair in news.items()},
            said,
            by,
            at,
        )
        not_done = {key for key, _ in refused}
        keys = {a.pk: a.key for a in found}
        told = [
            BulkChange(deed=row, account=pk, was=pair[0], now=pair[1])
            for pk, pair in news.items()
            if keys[pk] not in not_done
        ]
        BulkChange.objects.bulk_create(told)
        done = row.done + len(block)
        over = done >= len(row.accounts)
        BulkDeed.objects.filter(pk=deed_id).update(
            done=done,
            changed=row.changed + len(told),
            refused=[*row.refused, *refused],
            state="done" if over else "running",
            finished_at=at if over else None,
        )
    return not over


def undo(*, deed_id: int, by: Scope, at: datetime) -> tuple[int, int]:
    """Take it back where it still stands as the deed left it; gives for how many, and how many went on since."""
    with transaction.atomic():
        row = BulkDeed.objects.select_for_update().filter(pk=deed_id, by=by.user_id).first()
        if row is None or row.state != "done":
            raise NotFound("There is no such deed of yours that could be taken back.")
        if row.undone_at is not None:
            raise Conflict("It was taken back already.")
        deed = bulk_kinds.find(row.kind)
        by.require(deed.needs)
        back, said = 0, _in_full(row)
        changes = {c.account: c for c in BulkChange.objects.filter(deed=row)}
        pks = sorted(changes)
        for begin in range(0, len(pks), BLOCK):
            found = bulk_kinds.rows(pks[begin : begin + BLOCK])
            stands = deed.stands(found, said)
            same = [a for a in found if stands.get(a.pk) == changes[a.pk].now]
            was = {a.pk: changes[a.pk].was for a in same}
            refused = _take_back(deed, same, was, said, by, at)
            back += len(same) - len(refused)
        BulkDeed.objects.filter(pk=deed_id).update(undone_at=at)
        audit.record(by=by, at=at, deed="accounts.bulk_undo", subject=f"bulk:{deed_id}", rows=back)
    return back, len(pks) - back


def _in_full(row: BulkDeed) -> dict[str, Any]:
    """What is said of a deed, with which one it is and by which rule its accounts were found."""
    return {**row.said, "deed": row.pk, "rule": row.rule_id}


def _by(user: User) -> Scope:
    return scopes.of_user(user, through="web")


def _write(
    deed: Kind, found: Sequence[Account], values: Values, said: Mapping[str, Any], by: Scope, at: datetime
) -> Refusals:
    """Let accounts be what they are to be; gives where that was refused, and why."""
    if not found:
        return []
    if deed.slug == "assign":
        return _assigned(found, said, by, at)
    if deed.slug == "play":
        return [refusal for account in found for refusal in _played(account, said, by, at)]
    if deed.slug in ("phase", "unphase"):
        return [refusal for account in found for refusal in _phased(account, values[account.pk], by, at)]
    rows = [{"key": account.key, **_row(deed, said, values[account.pk])} for account in found]
    verdicts = ledger.upsert(rows=rows, source=SOURCE, by=by, at=at, vouched=False)
    return _refusals(found, verdicts)


def _row(deed: Kind, said: Mapping[str, Any], value: Any) -> dict[str, Any]:
    if deed.slug in ("tag", "untag"):
        return {"tags": value}
    name = said["field"]
    return {"fields": {name.removeprefix(FIELD): value}} if name.startswith(FIELD) else {name: value}


def _assigned(found: Sequence[Account], said: Mapping[str, Any], by: Scope, at: datetime) -> Refusals:
    """Hand over today or on a day to come, or since an earlier day, unless somebody else came since then."""
    since, role = date.fromisoformat(said["since"]), said["role"]
    if said.get("ahead") and since > at.date():
        ids, user = [account.pk for account in found], users.by_email(said["user"])
        hand_overs.plan(account_ids=ids, user=user, role=role, since=since, by=by, at=at)
        return []
    if since >= at.date():
        _hand_over({account.pk: said["user"] for account in found}, role, at)
        return []
    present = Ownership.objects.filter(account__in=found, role=role, until=None, since__gte=since)
    later = dict(present.values_list("account", "since"))
    free = [account for account in found if account.pk not in later]
    rows = [
        {
            "key": owners.key_of(account.key, role, since),
            "account": account.key,
            "role": role,
            "user": said["user"],
            "since": since,
        }
        for account in free
    ]
    refused = [
        (account.key, f"who owns it has done so since {later[account.pk]}: hand it over later than that")
        for account in found
        if account.pk in later
    ]
    return refused + _refusals(free, owners.upsert(rows=rows, source=SOURCE, by=by, at=at, vouched=False))


def _hand_over(wanted: Mapping[int, str | None], role: str, at: datetime) -> None:
    """Make people, by their e-mail addresses, or nobody the owners from today on."""
    people = {email: users.by_email(email).pk for email in {email for email in wanted.values() if email}}
    places = {(pk, role): people[email] if email else None for pk, email in wanted.items()}
    owners.hand_over(wanted=places, on=at.date())


def _refusals(found: Sequence[Account], verdicts: Sequence[Any]) -> Refusals:
    pairs = zip(found, verdicts, strict=True)
    return [(account.key, verdict.reason) for account, verdict in pairs if verdict.outcome == "rejected"]


def _phased(account: Account, value: Any, by: Scope, at: datetime) -> Refusals:
    """Say the phase of one account, or no longer; what somebody said before ends."""
    try:
        with transaction.atomic():
            if bulk_kinds.KINDS["phase"].stands([account], {}):
                phases.end(account=account.key, by=by, at=at)
            if value is not None:
                phase, reason = value
                phases.override(account=account.key, phase=phase, reason=reason, by=by, at=at)
    except Refused as refused:
        return [(account.key, str(refused))]
    return []


def _played(account: Account, said: Mapping[str, Any], by: Scope, at: datetime) -> Refusals:
    """Start a playbook for one account; the deed starts it there once, however often it is carried on."""
    key = _mark(said, account)
    try:
        run = runs.start(
            playbook=said["playbook"], account=account.key, because=said["because"], key=key, by=by, at=at
        )
    except Refused as refused:
        return [(account.key, str(refused))]
    if said["rule"] is not None:
        responses.played(rule_id=said["rule"], account_id=account.pk, run_id=run, by=by, at=at)
    return []


def _mark(said: Mapping[str, Any], account: Account) -> str:
    return f"bulk-{said['deed']}:{account.pk}"


def _stopped(account: Account, said: Mapping[str, Any], by: Scope, at: datetime) -> Refusals:
    """Cancel the run that the deed started, if that is the one which still goes on."""
    begun = Run.objects.filter(key=f"hand:{_mark(said, account)}", open=True).first()
    if begun is None:
        return [(account.key, "the run that goes on was started otherwise")]
    runs.cancel(run_id=begun.pk, because=speech.told(TAKEN_BACK), by=by, at=at)
    responses.played_no_more(run_id=begun.pk, by=by, at=at)
    return []


def _take_back(
    deed: Kind, found: Sequence[Account], was: Values, said: Mapping[str, Any], by: Scope, at: datetime
) -> Refusals:
    if deed.slug == "play":
        return [refusal for account in found for refusal in _stopped(account, said, by, at)]
    if deed.slug != "assign":
        return _write(deed, found, was, said, by, at)
    role = said["role"]
    if said.get("ahead"):
        return _planned_before(found, was, role, by, at)
    taken = Ownership.objects.filter(account__in=found, role=role, until=None, user__email=said["user"])
    removals.remove_owners(Ownership, keys=list(taken.values_list("key", flat=True)), by=by, at=at)
    stands = deed.stands(found, said)
    left = {account.pk: was[account.pk] for account in found if stands.get(account.pk) != was[account.pk]}
    if left:
        _hand_over(left, role, at)
    return []


def _planned_before(found: Sequence[Account], was: Values, role: str, by: Scope, at: datetime) -> Refusals:
    """Let hand-overs to come be as they were said before the deed."""
    hand_overs.drop(account_ids=[account.pk for account in found], role=role, by=by, at=at)
    for account in found:
        if was[account.pk] is not None:
            email, day = was[account.pk]
            user, since = users.by_email(email), date.fromisoformat(day)
            hand_overs.plan(account_ids=[account.pk], user=user, role=role, since=since, by=by, at=at)
    return []
