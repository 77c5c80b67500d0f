"""What the page of a deed on many accounts says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from keepwell.access.roles import ROLES
from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.kernel import speech
from keepwell.plays.queries.bulk import Change, DeedView, Preview
from keepwell.plays.queries.bulk_kinds import ATTRIBUTES, FIELD, KINDS

MOVING = ("queued", "running")


@dataclass(frozen=True)
class Offered:
    """What can be chosen: colleagues, custom fields, phases, playbooks, by name; and what the asker may do."""

    people: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    phases: tuple[tuple[str, str], ...]
    playbooks: tuple[tuple[str, str], ...]
    may: frozenset[str]


@dataclass(frozen=True)
class BulkPage:
    """The deed as a form with its preview, or how far it is."""

    title: str
    back: str
    action: str
    is_draft: bool
    kind: str = ""
    kinds: tuple[Option, ...] = ()
    people: tuple[Option, ...] = ()
    roles: tuple[Option, ...] = ()
    fields: tuple[Option, ...] = ()
    phases: tuple[Option, ...] = ()
    playbooks: tuple[Option, ...] = ()
    said: Mapping[str, str] | None = None
    since: str = ""
    today: str = ""
    changes: tuple[Change, ...] = ()
    summary: str = ""
    more: str = ""
    may_do: bool = False
    refused: str = ""
    is_moving: bool = False
    done: int = 0
    total: int = 0
    refusals: tuple[tuple[str, str], ...] = ()
    undo: str = ""
    hand_overs: str = ""
    progress: str = ""


def draft(
    view: DeedView,
    kind: str,
    said: Mapping[str, str],
    preview: Preview | None,
    refused: str,
    offered: Offered,
    *,
    back: str,
    today: date,
) -> BulkPage:
    """The form, and what it would change once that is asked."""
    chosen = said.get
    fields = (*ATTRIBUTES.items(), *((FIELD + slug, title) for slug, title in offered.fields))
    left = preview.changed - len(preview.some) if preview else 0
    return BulkPage(
        title=words.count(view.total, "account"),
        back=back,
        action=reverse("bulk", args=(view.id,)),
        is_draft=True,
        kind=kind,
        kinds=_options([(k.slug, k.title) for k in KINDS.values() if k.needs in offered.may], kind),
        people=_options(offered.people, chosen("user", "")),
        roles=_options([(s, r.title) for s, r in ROLES.items() if s != "customer"], chosen("role", "csm")),
        fields=_options(fields, chosen("field", "")),
        phases=_options(offered.phases, chosen("phase", "")),
        playbooks=_options(offered.playbooks, chosen("playbook", "")),
        said=said,
        since=chosen("since") or today.isoformat(),
        today=today.isoformat(),
        changes=preview.some if preview else (),
        summary=speech.told(
            "%(words)s: %(changed)s of %(accounts)s change.",
            words=preview.words,
            changed=words.whole(preview.changed),
            accounts=words.count(preview.total, "account"),
        )
        if preview
        else "",
        more=speech.told("and %(left)s more", left=words.whole(left)) if left > 0 else "",
        may_do=bool(preview and preview.changed),
        refused=refused,
    )


def _options(pairs: "tuple[tuple[str, str], ...] | list[tuple[str, str]]", chosen: str) -> tuple[Option, ...]:
    return tuple(Option(slug, title, slug == chosen) for slug, title in pairs)


def running(view: DeedView, *, back: str) -> BulkPage:
    """How far it is, what it changed, and the way back."""
    moving = view.state in MOVING
    said = speech.told(
        "%(changed)s of %(accounts)s changed",
        changed=words.whole(view.changed),
        accounts=words.count(view.total, "account"),
    )
    if view.undone_at:
        said += speech.told("; taken back")
    return BulkPage(
        title=view.words,
        back=back,
        action="",
        is_draft=False,
        summary=speech.told(
            "%(done)s of %(accounts)s done",
            done=words.whole(view.done),
            accounts=words.count(view.total, "account"),
        )
        if moving
        else f"{said}.",
        is_moving=moving,
        done=view.done,
        total=view.total,
        refusals=view.refused[:200],
        undo="" if moving or view.undone_at or not view.changed else reverse("bulk-undo", args=(view.id,)),
        hand_overs=""
        if moving or view.undone_at or not view.changed or view.kind != "assign" or view.said.get("ahead")
        else reverse("bulk-hand-overs", args=(view.id,)),
        progress=reverse("bulk-progress", args=(view.id,)),
    )
