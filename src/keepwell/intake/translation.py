"""From a tracking call to what the ledger keeps: an event, a person, an account. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from keepwell.intake import names
from keepwell.intake.envelopes import Call, Id
from keepwell.kernel import errors, moments
from keepwell.ledger.event import Event, digest_of

NAME_LENGTH = 200
# A sender's clock that is off by less than this is right: the difference is the way over the network.
SKEW = timedelta(seconds=60)
FUTURE = timedelta(hours=24)
EARLIEST_YEAR = 1990

_encode = msgspec.json.Encoder(order="deterministic").encode


class Sender(NamedTuple):
    """Who sent a request and when, by both clocks."""

    slug: str
    vouches: bool
    sent_at: datetime | None
    received_at: datetime


class Trait(NamedTuple):
    """What an identify, group or alias call says: rows for the ledger, digests that tell repeats apart.

    `alias` is another key that means the person; `firm` if the call says so outright.
    """

    id: str
    content: int
    person: dict[str, Any] | None = None
    account: dict[str, Any] | None = None
    alias: str = ""
    firm: bool = False


def translate(call: Call, *, index: int, sender: Sender) -> Event | Trait:
    """The event or the rows that a call means; `Invalid` when it lacks what its type needs."""
    match call.type:
        case "track":
            return _track(call, index, sender)
        case "page" | "screen":
            return _view(call, index, sender)
        case "identify":
            return _identify(call, index, sender)
        case "group":
            return _group(call, index, sender)
        case "alias":
            return _alias(call, index, sender)
        case None:
            raise errors.Invalid("type is missing. Use track, identify, group, page, screen or alias.")
        case other:
            raise errors.Invalid(
                'type "%(other)s" is not known. Use track, identify, group, page, screen or alias.',
                other=other[:40],
            )


def _track(call: Call, index: int, sender: Sender) -> Event:
    name = (call.event or "").strip()
    if not name:
        raise errors.Invalid("event is missing. Name what happened, as in report.exported.")
    try:
        names.checked(name)
    except errors.Invalid as refusal:
        raise errors.Invalid("event %(refusal)s", refusal=str(refusal)) from None
    props = call.properties or {}
    return _event(call, index, sender, name=name, feature=word(props.get("feature")) or name, props=props)


def _view(call: Call, index: int, sender: Sender) -> Event:
    props = call.properties or {}
    if call.category:
        props = props | {"category": call.category}
    name = f"{call.type}.viewed"
    return _event(
        call,
        index,
        sender,
        name=name,
        feature=word(call.name) or word(props.get("name")) or name,
        props=props,
    )


def _event(
    call: Call, index: int, sender: Sender, *, name: str, feature: str, props: dict[str, Any]
) -> Event:
    person, account = _person(call), account_of(call, props)
    if not person and not account:
        raise errors.Invalid("userId and anonymousId are both missing. Say who did it, or for which groupId.")
    if len(name) > NAME_LENGTH or len(feature) > NAME_LENGTH:
        raise errors.Invalid(
            "event and feature have at most %(name_length)s characters.", name_length=NAME_LENGTH
        )
    said = _encode(props).decode()
    return Event(
        id=_id(call, index, sender, (name, person, account, feature, said)),
        name=name,
        at=_at(call, sender),
        source=sender.slug,
        account=account,
        person=person,
        feature=feature,
        value=number(props.get("value"), props.get("revenue")),
        props=said,
        vouched=sender.vouches,
        content=_content(name, person, account, feature, _stamp(call) or "", said),
    )


def _identify(call: Call, index: int, sender: Sender) -> Trait:
    key = _person(call)
    if not key:
        raise errors.Invalid("userId is missing. Say whom the traits describe.")
    traits = call.traits or {}
    row: dict[str, Any] = {"key": key, **_named(traits)}
    account = account_of(call, {})
    person = row | ({"account": account} if account else {})
    trait = _trait(call, index, sender, person=person, account=None)
    anonymous = _key(call.anonymous_id, "anonymousId")
    return trait._replace(alias=anonymous) if anonymous != key else trait


def _named(traits: Mapping[str, Any]) -> dict[str, Any]:
    rest = dict(traits)
    row: dict[str, Any] = {}
    name = word(rest.get("name")) or " ".join(
        filter(None, (word(_either(rest, k)) for k in ("firstName", "lastName")))
    )
    if name:
        row["name"] = _short(name, "name", 300)
        rest.pop("name", None)
    if word(rest.get("email")):
        row["email"] = _short(rest.pop("email").strip(), "email", 254)
    return row | {"fields": rest}


def _either(traits: Mapping[str, Any], camel: str) -> Any:
    return traits.get(camel, traits.get("".join(f"_{c.lower()}" if c.isupper() else c for c in camel)))


def _group(call: Call, index: int, sender: Sender) -> Trait:
    key = _key(call.group_id, "groupId")
    if not key:
        raise errors.Invalid("groupId is missing. Say which account the traits describe.")
    rest = dict(call.traits or {})
    row: dict[str, Any] = {"key": key}
    for slug, limit in (("name", 300), ("industry", 100), ("country", 100)):
        if said := word(rest.get(slug)):
            row[slug] = _short(said, slug, limit)
            del rest[slug]
    person = _key(call.user_id, "userId")
    link = {"key": person, "account": key} if person else None
    return _trait(call, index, sender, person=link, account=row | {"fields": rest})


def _alias(call: Call, index: int, sender: Sender) -> Trait:
    key, previous = _key(call.user_id, "userId"), _key(call.previous_id, "previousId")
    if not key or not previous:
        raise errors.Invalid("userId and previousId are both needed.")
    person = {"key": key, "fields": {"previous_id": previous}}
    return _trait(call, index, sender, person=person, account=None)._replace(alias=previous, firm=True)


def _trait(
    call: Call, index: int, sender: Sender, *, person: dict[str, Any] | None, account: dict[str, Any] | None
) -> Trait:
    said = (str(call.type), _encode((person, account)).decode())
    return Trait(_id(call, index, sender, said), _content(*said), person, account)


def _id(call: Call, index: int, sender: Sender, said: tuple[str, ...]) -> str:
    """The messageId within its source; without one, a digest of what was said and when.

    Without a time of its own an event is told from its twin by when it was sent and its place in the batch.
    """
    if given := _key(call.message_id, "messageId"):
        return f"{sender.slug}:{given}"
    when = _stamp(call) or f"{sender.sent_at or sender.received_at}#{index}"
    return f"{sender.slug}:~{_content(*said, when) & (2**64 - 1):016x}"


def _content(*said: str) -> int:
    return digest_of("\x1f".join(said).encode())


def is_ahead(call: Call, sender: Sender) -> bool:
    """Whether a call is said to have happened more than a minute after it arrived, even by a clock set right."""
    stamp = _stamp(call)
    try:
        return bool(stamp) and _by_our_clock(stamp or "", sender) - sender.received_at > SKEW
    except (ValueError, OverflowError):
        return False


def _by_our_clock(stamp: str, sender: Sender) -> datetime:
    at = moments.utc(datetime.fromisoformat(stamp))
    if sender.sent_at is not None and abs(sender.received_at - sender.sent_at) > SKEW:
        at = sender.received_at - (sender.sent_at - at)
    return at


def _at(call: Call, sender: Sender) -> datetime:
    """When it happened, by our clock: a sender's that is off by more than a minute is set right by sentAt."""
    stamp = _stamp(call)
    if not stamp:
        return sender.received_at
    try:
        at = _by_our_clock(stamp, sender)
    except (ValueError, OverflowError):
        raise errors.Invalid(
            'timestamp "%(stamp)s" is no date. Use ISO 8601, as in 2026-08-03T09:30:00Z.', stamp=stamp[:40]
        ) from None
    if at.year < EARLIEST_YEAR:
        raise errors.Invalid(
            'timestamp "%(stamp)s" is before %(earliest_year)s. Leave it out if the time is not known.',
            stamp=stamp,
            earliest_year=EARLIEST_YEAR,
        )
    if at - sender.received_at > FUTURE:
        raise errors.Invalid(
            'timestamp "%(stamp)s" is more than a day in the future. Check the clock of the sender.',
            stamp=stamp,
        )
    return min(at, sender.received_at)


def _stamp(call: Call) -> str | None:
    return call.timestamp or call.original_timestamp


def _person(call: Call) -> str:
    return _key(call.user_id, "userId") or _key(call.anonymous_id, "anonymousId")


def account_of(call: Call, props: Mapping[str, Any]) -> str:
    """The key of the account that a call names, wherever it does."""
    in_context = call.context.group_id if call.context else None
    in_props = props.get("groupId")
    return (
        _key(in_context, "context.groupId")
        or _key(in_props if isinstance(in_props, str | int) else None, "properties.groupId")
        or _key(call.group_id, "groupId")
    )


def _key(given: Id, name: str) -> str:
    key = "" if given is None else str(given).strip()
    return _short(key, name, NAME_LENGTH)


def _short(text: str, name: str, limit: int) -> str:
    if len(text) > limit:
        raise errors.Invalid(
            "%(name)s has %(n)s characters; at most %(limit)s are taken.", name=name, n=len(text), limit=limit
        )
    return text


def word(given: Any) -> str:
    """A text without the blanks around it; empty for anything else."""
    return given.strip() if isinstance(given, str) else ""


def number(*candidates: Any) -> float | None:
    """The first that is a number which can be reckoned with."""
    for given in candidates:
        if isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < 1e300:
            return float(given)
    return None
