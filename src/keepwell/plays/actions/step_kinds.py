"""This stage's answer to the hooks: kinds of steps. Each writes rows alone; a job sends what is to go out."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.access.roles import ROLES
from keepwell.access.scopes import system
from keepwell.hooks import specs
from keepwell.hooks.steps import Begun, StepAsked, StepKind
from keepwell.kernel import errors
from keepwell.ledger.actions import accounts
from keepwell.ledger.models import Ownership, Stakeholder
from keepwell.plays import models
from keepwell.plays.actions import messages, notifications, triage
from keepwell.plays.queries.bulk_kinds import ATTRIBUTES, FIELD

BY = system(through="playbook")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
CHAMPION = "champion"


@dataclass(frozen=True)
class Work:
    """A task for whoever holds the role; or an approval, which is one with two ways to end."""

    slug: str
    title: str
    sentence: str
    outcomes: Sequence[str]
    is_automatic: bool = False
    needs: Sequence[str] = ()
    may: Sequence[str] = ("text",)
    texts: Sequence[str] = ("text",)

    def checked(self, said: Mapping[str, Any]) -> None:
        """Any text will do."""

    def begin(self, asked: StepAsked) -> Begun:
        """Set the task; its owner is told."""
        task = models.Task.objects.create(
            key=f"play-{asked.run}-{asked.slug}",
            account_id=asked.account_id,
            title=asked.title[:300],
            note=str(asked.said.get("text", "")),
            role=asked.role,
            assignee_id=asked.owner_id,
            due_at=asked.due_at,
            created_at=asked.at,
        )
        models.RunStep.objects.filter(pk=asked.step).update(task=task)
        if asked.owner_id is not None:
            notifications.tell(
                kind="assigned",
                user_ids=[asked.owner_id],
                key=f"play-step:{asked.step}",
                what=f"{asked.playbook}: {asked.title}",
                subject=f"task:{task.pk}",
                account_id=asked.account_id,
                at=asked.at,
            )
        return Begun()


@dataclass(frozen=True)
class Mail:
    """A mail to an address, to whoever holds a role, or to the account's champion."""

    slug: str = "mail"
    title: str = "Mail"
    sentence: str = "Sends a mail whose text is filled from facts."
    outcomes: Sequence[str] = ("sent", "failed")
    is_automatic: bool = True
    needs: Sequence[str] = ("to", "subject", "text")
    may: Sequence[str] = ()
    texts: Sequence[str] = ("subject", "text")

    def checked(self, said: Mapping[str, Any]) -> None:
        """Refuse an address that is none."""
        to = str(said["to"])
        if to != CHAMPION and to not in ROLES and not ADDRESS.fullmatch(to):
            raise errors.Invalid(
                '"to" is an e-mail address, "%(champion)s" or one of %(listed)s, not "%(to)s".',
                key="to",
                champion=CHAMPION,
                listed=", ".join(ROLES),
                to=to,
            )

    def begin(self, asked: StepAsked) -> Begun:
        """Queue it; without anybody to write to it fails."""
        to = _address(str(asked.said["to"]), asked.account_id)
        if not to:
            return Begun("failed", f"There is no address of {asked.said['to']}.")
        messages.queue(
            step=asked.step, account=asked.account_id, kind="mail", key=f"play-{asked.step}", recipient=to,
            subject=str(asked.said["subject"]), body=str(asked.said["text"]), at=asked.at,
        )  # fmt: skip
        return Begun()


def _address(to: str, account: int) -> str:
    if "@" in to:
        return to
    if to == CHAMPION:
        people = Stakeholder.objects.filter(account=account, stance=CHAMPION, status="active")
        return (
            people.exclude(person__email="").order_by("pk").values_list("person__email", flat=True).first()
            or ""
        )
    owners = Ownership.objects.filter(account=account, role=to, until=None, user__is_active=True)
    return owners.values_list("user__email", flat=True).first() or ""


@dataclass(frozen=True)
class Post:
    """A message into a channel: a chat, or a webhook that is signed by Standard Webhooks."""

    slug: str
    title: str
    sentence: str
    needs: Sequence[str]
    texts: Sequence[str]
    outcomes: Sequence[str] = ("sent", "failed")
    is_automatic: bool = True
    may: Sequence[str] = ()

    def checked(self, said: Mapping[str, Any]) -> None:
        """The channel may be made later: the step fails where there is none."""

    def begin(self, asked: StepAsked) -> Begun:
        """Queue it."""
        slug = str(asked.said["channel"])
        channel = models.Channel.objects.filter(slug=slug, kind=self.slug, retired_at=None).first()
        if channel is None:
            return Begun("failed", f'There is no channel "{slug}" of this kind.')
        messages.queue(
            step=asked.step, account=asked.account_id, kind=self.slug, key=f"play-{asked.step}",
            channel=channel, body=_body(self.slug, asked), at=asked.at,
        )  # fmt: skip
        return Begun()


def _body(kind: str, asked: StepAsked) -> str:
    if kind == "chat":
        return json.dumps({"text": asked.said["text"]})
    data = {
        "run": asked.run,
        "playbook": asked.playbook,
        "step": asked.slug,
        "title": asked.title,
        "account": asked.account_key,
        "text": asked.said.get("text", ""),
    }
    return json.dumps({"type": "playbook.step", "timestamp": asked.at.isoformat(), "data": data})


@dataclass(frozen=True)
class Field:
    """Writes a field of the account."""

    slug: str = "field"
    title: str = "Field"
    sentence: str = "Sets a field of the account."
    outcomes: Sequence[str] = ("set", "failed")
    is_automatic: bool = True
    needs: Sequence[str] = ("field", "value")
    may: Sequence[str] = ()
    texts: Sequence[str] = ()

    def checked(self, said: Mapping[str, Any]) -> None:
        """Refuse what is no field."""
        name = str(said["field"])
        if name not in ATTRIBUTES and not name.startswith(FIELD):
            raise errors.Invalid(
                '"%(name)s" is no field. Use one of %(listed)s, %(field)sNAME.',
                key="field",
                name=name,
                listed=", ".join(ATTRIBUTES),
                field=FIELD,
            )

    def begin(self, asked: StepAsked) -> Begun:
        """Set it; what the ledger refuses fails with its reason."""
        name, value = str(asked.said["field"]), asked.said["value"]
        said = {"fields": {name.removeprefix(FIELD): value}} if name.startswith(FIELD) else {name: value}
        rows = [{"key": asked.account_key, **said}]
        (verdict,) = accounts.upsert(rows=rows, source="playbook", by=BY, at=asked.at, vouched=False)
        return Begun("failed", verdict.reason or "") if verdict.outcome == "rejected" else Begun("set")


@dataclass(frozen=True)
class TriageBegins:
    """From now on somebody looks at the account's tickets before the PM does."""

    slug: str = "triage"
    title: str = "Triage begins"
    sentence: str = "Tickets of the account are triaged from that day on: its effect is counted, and Today says what waits."
    outcomes: Sequence[str] = ("set",)
    is_automatic: bool = True
    needs: Sequence[str] = ()
    may: Sequence[str] = ("pm_had_all",)
    texts: Sequence[str] = ()

    def checked(self, said: Mapping[str, Any]) -> None:
        """Refuse what is neither yes nor no."""
        if not isinstance(said.get("pm_had_all", False), bool):
            raise errors.Invalid('"pm_had_all" is true or false.')

    def begin(self, asked: StepAsked) -> Begun:
        """Note the day, unless triage began before."""
        triage.begin_with_a_deed(
            account_id=asked.account_id, by=BY, at=asked.at, pm_had_all=bool(asked.said.get("pm_had_all"))
        )
        return Begun("set")


KINDS: tuple[StepKind, ...] = (
    Work("task", "Task", "Somebody does it; it stands on their list.", ("done",)),
    Work("approval", "Approval", "Somebody approves or refuses.", ("approved", "refused")),
    Mail(),
    Post("chat", "Chat message", "Writes into a chat.", ("channel", "text"), ("text",)),
    Post("webhook", "Signed webhook", "Calls a program.", ("channel",), ("text",), may=("text",)),
    Field(),
    TriageBegins(),
)


@specs.impl
def steps() -> Sequence[StepKind]:
    """Its kinds of steps."""
    return KINDS
