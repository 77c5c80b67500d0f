"""What can be done to many accounts at once: how each deed reads what is said of it, and what accounts are before and after."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from keepwell.access.queries import users
from keepwell.access.roles import ROLES
from keepwell.intake import customs, kinds, objects
from keepwell.kernel import moments, speech
from keepwell.kernel.cells import as_cell
from keepwell.kernel.errors import Invalid
from keepwell.ledger.models import Account, HandOver, Ownership
from keepwell.ledger.queries import definitions
from keepwell.plays import models
from keepwell.segments.models import PhaseOverride
from keepwell.segments.queries import phases

FIELD = "field."
ATTRIBUTES = {
    "industry": speech.later("Industry"),
    "country": speech.later("Country"),
    "tier": speech.later("Tier"),
}
Said = Mapping[str, Any]
Accounts = Sequence[Account]


@dataclass(frozen=True)
class Kind:
    """A deed: who may do it, what is said of it once read, its sentence, and what each account is now."""

    slug: str
    title: str
    needs: str
    read: Callable[[Said, date], dict[str, Any]]
    words: Callable[[Said], str]
    stands: Callable[[Accounts, Said], dict[int, Any]]
    becomes: Callable[[Any, Said], Any]


def _assignment(said: Said, today: date) -> dict[str, Any]:
    role = said.get("role") or "csm"
    if role not in ROLES or role == "customer":
        raise Invalid('"%(role)s" is no role of an owner.', role=role)
    if not said.get("user"):
        raise Invalid("Say who takes the accounts over.")
    user = users.by_email(str(said["user"]))
    since = moments.parse_day(str(said["since"])) if said.get("since") else today
    told = {"role": role, "user": user.email, "name": str(user), "since": since.isoformat()}
    return {**told, "ahead": since > today}


def _owners(accounts: Accounts, said: Said) -> dict[int, Any]:
    if said.get("ahead"):
        plans = HandOver.objects.filter(account__in=accounts, role=said["role"]).select_related("user")
        return {plan.account_id: [plan.user.email, plan.since.isoformat()] for plan in plans}
    rows = Ownership.objects.filter(account__in=accounts, role=said["role"], until=None)
    return {row.account_id: row.user.email for row in rows.select_related("user")}


def _field(said: Said, today: date) -> dict[str, Any]:
    del today
    slug, value = str(said.get("field", "")), str(said.get("value", "")).strip()
    if slug in ATTRIBUTES:
        values, _ = objects.told(kinds.find("accounts"), {slug: value})
        return {"field": slug, "title": ATTRIBUTES[slug], "value": values.get(slug) or ""}
    declared = {FIELD + one.slug: one for one in definitions.of_noun("account")}
    if slug not in declared:
        raise Invalid("Choose which field is set.")
    return {"field": slug, "title": declared[slug].title, "value": customs.coerced(declared[slug], value)}


def _fields(accounts: Accounts, said: Said) -> dict[int, Any]:
    name = said["field"]
    if name in ATTRIBUTES:
        return {account.pk: getattr(account, name) for account in accounts}
    return {account.pk: account.fields.get(name.removeprefix(FIELD)) for account in accounts}


def _tag(said: Said, today: date) -> dict[str, Any]:
    del today
    tag = str(said.get("tag", "")).strip()
    if not tag or len(tag) > 63 or "," in tag:
        raise Invalid("Name one tag of at most 63 characters, without a comma.")
    return {"tag": tag}


def _tags(accounts: Accounts, said: Said) -> dict[int, Any]:
    del said
    return {account.pk: list(account.tags) for account in accounts}


def _phase(said: Said, today: date) -> dict[str, Any]:
    del today
    titles = phases.titles()
    phase, reason = str(said.get("phase", "")), str(said.get("reason", "")).strip()
    if phase not in titles:
        raise Invalid("Choose a phase; phases are declared under Segments.")
    if not reason:
        raise Invalid("Say why: everybody who sees the accounts reads it.")
    return {"phase": phase, "title": titles[phase], "reason": reason}


def _by_hand(accounts: Accounts, said: Said) -> dict[int, Any]:
    del said
    rows = PhaseOverride.objects.filter(account__in=accounts, until=None)
    return {row.account_id: [row.phase, row.reason] for row in rows}


def _play(said: Said, today: date) -> dict[str, Any]:
    del today
    slug, because = str(said.get("playbook", "")), str(said.get("because", "")).strip()
    ready = models.Playbook.objects.filter(slug=slug, active=True, published__isnull=False).first()
    if ready is None:
        raise Invalid("Choose which playbook starts; it must be published and awake.")
    return {"playbook": slug, "title": ready.title, "because": because}


def _runs(accounts: Accounts, said: Said) -> dict[int, Any]:
    rows = models.Run.objects.filter(account__in=accounts, playbook__slug=said["playbook"], open=True)
    return dict.fromkeys(rows.values_list("account", flat=True), said["title"])


def _words(text: str, **names: str) -> Callable[[Said], str]:
    """The sentence of a deed, its holes filled with what is said by these names."""
    return lambda said: speech.told(text, **{hole: said[name] for hole, name in names.items()})


def _owner_words(said: Said) -> str:
    return speech.told(
        "%(name)s is %(role)s from %(since)s",
        name=said["name"],
        role=ROLES[said["role"]].title,
        since=said["since"],
    )


def _field_words(said: Said) -> str:
    value = as_cell(said["value"]) or speech.told("empty")
    return speech.told("%(field)s is %(value)s", field=said["title"], value=value)


KINDS: Mapping[str, Kind] = {
    kind.slug: kind
    for kind in (
        Kind(
            "assign", speech.later("Assign an owner"), "accounts.assign", _assignment, _owner_words,
            _owners, lambda _, said: [said["user"], said["since"]] if said.get("ahead") else said["user"],
        ),
        Kind(
            "field", speech.later("Set a field"), "work.do", _field, _field_words,
            _fields, lambda _, said: said["value"],
        ),
        Kind(
            "tag", speech.later("Add a tag"), "work.do", _tag, _words(speech.later("Tagged “%(tag)s”"), tag="tag"),
            _tags, lambda tags, said: tags if said["tag"] in tags else [*tags, said["tag"]],
        ),
        Kind(
            "untag", speech.later("Take a tag off"), "work.do", _tag,
            _words(speech.later("No longer tagged “%(tag)s”"), tag="tag"),
            _tags, lambda tags, said: [tag for tag in tags if tag != said["tag"]],
        ),
        Kind(
            "phase", speech.later("Say the phase"), "work.do", _phase,
            _words(speech.later("Phase is %(phase)s: %(reason)s"), phase="title", reason="reason"),
            _by_hand, lambda now, said: [said["phase"], now[1] if now and now[0] == said["phase"] else said["reason"]],
        ),
        Kind(
            "unphase", speech.later("Let rules say the phase"), "work.do", lambda _said, _today: {},
            _words(speech.later("Rules say the phase again")),
            _by_hand, lambda _now, _said: None,
        ),
        Kind(
            "play", speech.later("Start a playbook"), "work.do", _play,
            _words(speech.later("Start “%(title)s”"), title="title"),
            _runs, lambda _now, said: said["title"],
        ),
    )
}  # fmt: skip


def find(slug: str) -> Kind:
    """The deed of this name."""
    if slug not in KINDS:
        raise Invalid(
            "Choose what to do: %(listed)s.", listed=", ".join(kind.title for kind in KINDS.values())
        )
    return KINDS[slug]


def changes(kind: Kind, said: Said, accounts: Accounts) -> dict[int, tuple[Any, Any]]:
    """What each account is before and after, of those that it changes."""
    stands = kind.stands(accounts, said)
    pairs = {a.pk: (stands.get(a.pk), kind.becomes(stands.get(a.pk), said)) for a in accounts}
    return {pk: pair for pk, pair in pairs.items() if pair[0] != pair[1]}


def rows(ids: Collection[int]) -> list[Account]:
    """The accounts in the order of their keys."""
    return list(Account.objects.filter(pk__in=ids).order_by("pk"))
