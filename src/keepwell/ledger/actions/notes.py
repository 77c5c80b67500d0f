"""Deeds on notes: written and reworded with the earlier wording kept, and whom they mention."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from keepwell.access.models import User
from keepwell.access.queries import scopes
from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says
from keepwell.ledger.queries import accounts

MENTION = re.compile(r"(?<![\w.@])@([\w.+-]*\w(?:@[\w.-]*\w)?)")
MOST_MENTIONS = 20

_upsert = service.upserting(models.Note)


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update notes by `key` (account, text, author, written_at, visibility, pinned).

    Some fifteen queries for any number of rows, and two for each colleague that is mentioned anew.
    """
    with transaction.atomic():
        keys = [row["key"] for row in rows]
        before = models.Note.objects.in_bulk(keys, field_name="key")
        was = {key: (note.text, note.visibility) for key, note in before.items()}
        who = _asker(by)
        verdicts = _upsert(rows=rows, source=source, by=by, at=at, vouched=vouched)
        done = {
            row["key"] for row, v in zip(rows, verdicts, strict=True) if v.outcome in ("created", "updated")
        }
        notes = list(models.Note.objects.filter(key__in=done).select_related("account"))
        _keep_wordings(notes, was, who, at)
        _mention(notes, who, at)
    return verdicts


@says(models.Note)
def _says(note: models.Note) -> list[Said]:
    told = {"text": note.text, "by": note.author}
    props = json.dumps({name: said for name, said in told.items() if said})
    return [Said("note.written", note.written_at, note.visibility, props=props)]


def _asker(by: Scope) -> str:
    user = User.objects.filter(pk=by.user_id).first() if by.user_id else None
    return user.email if user else ""


def _keep_wordings(
    notes: Sequence[models.Note], was: Mapping[str, tuple[str, str]], who: str, at: datetime
) -> None:
    models.NoteWording.objects.bulk_create(
        models.NoteWording(
            note=note.key, text=was[note.key][0], visibility=was[note.key][1], changed_by=who, changed_at=at
        )
        for note in notes
        if note.key in was and was[note.key] != (note.text, note.visibility)
    )


def _mention(notes: Sequence[models.Note], who: str, at: datetime) -> None:
    """Note who is mentioned anew and may see the account."""
    meant = {note.pk: set(MENTION.findall(note.text)) for note in notes}
    if not any(meant.values()):
        return
    colleagues = _colleagues()
    known = set(models.NoteMention.objects.filter(note__in=meant).values_list("note", "user"))
    anew = [
        (note, user)
        for note in notes
        for user in _users(meant[note.pk], colleagues)[:MOST_MENTIONS]
        if (note.pk, user.pk) not in known
    ]
    theirs = {note.account_id for note, _ in anew}
    seen = {user: _visible(user, theirs) for user in dict.fromkeys(user for _, user in anew)}
    models.NoteMention.objects.bulk_create(
        [
            models.NoteMention(note=note, user=user, mentioned_by=who, mentioned_at=at)
            for note, user in anew
            if note.account_id in seen[user]
        ],
        ignore_conflicts=True,
    )


def _colleagues() -> dict[str, list[User]]:
    """Those who may sign in by what may stand after an @: address, its first part, name without spaces."""
    found: dict[str, list[User]] = {}
    for user in User.objects.filter(is_active=True).exclude(role="customer").order_by("pk"):
        address = user.email.lower()
        name = user.name.lower()
        for called in {address, address.partition("@")[0], name.replace(" ", ""), name.replace(" ", ".")}:
            if called:
                found.setdefault(called, []).append(user)
    return found


def _users(meant: set[str], colleagues: Mapping[str, list[User]]) -> list[User]:
    """The colleagues that are meant; a name that several have means none of them."""
    named = (colleagues.get(called.lower(), []) for called in sorted(meant))
    return list(dict.fromkeys(users[0] for users in named if len(users) == 1))


def _visible(user: User, among: set[int]) -> set[int]:
    """Which of some accounts a colleague may see."""
    scope = scopes.of_user(user, through="mention")
    return set(accounts.visible(seen_by=scope).filter(pk__in=among).values_list("pk", flat=True))
