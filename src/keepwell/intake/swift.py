"""The quick way from the body of a request to columns for the outbox, for requests in which nothing is out of the ordinary.

Pure. Says exactly what `envelopes` and `translation` say, without an object an event; or None, and then they are asked. A
test draws requests and compares.
"""

from datetime import UTC, datetime

import msgspec

from keepwell.intake import envelopes, names, translation
from keepwell.intake.envelopes import BATCH_CALLS, EVENT_BYTES, Context, Id
from keepwell.intake.translation import EARLIEST_YEAR, NAME_LENGTH, SKEW, Sender
from keepwell.kernel import errors, moments
from keepwell.ledger import parcels
from keepwell.ledger.event import Event, digest_of

VIEWS = ("page", "screen")
_NOT_FOR_SENDERS = names.OWN | set(names.IMPORTED)
_encode = msgspec.json.Encoder(order="deterministic").encode


class _Batch(msgspec.Struct, rename="camel", gc=False):
    batch: list[envelopes.Call]
    sent_at: str | None = None
    context: Context | None = None


class _Parts(msgspec.Struct, gc=False):
    batch: list[msgspec.Raw]


_batches = msgspec.json.Decoder(_Batch)
_singles = msgspec.json.Decoder(envelopes.Call)
_parts = msgspec.json.Decoder(_Parts)


def columns(body: bytes, *, endpoint: str, slug: str, vouches: bool, at: datetime) -> parcels.Columns | None:
    """The events of an unpacked body, which arrived at a moment from a source; None when it needs a closer look."""
    if b"\\u0000" in body or b"\\ud" in body or b"\\uD" in body:
        return None
    try:
        calls, sent_at, group = _batch(body) if endpoint == "batch" else _single(body, endpoint)
        sender = Sender(slug, vouches, envelopes.moment_of(sent_at), at)
        found = _said(calls, sender, group)
    except (ValueError, OverflowError, RecursionError, errors.Invalid):
        return None
    return found if found is not None and len(set(found.id)) == len(found) else None


def _batch(body: bytes) -> tuple[list[envelopes.Call], str | None, Id]:
    outer = _batches.decode(body)
    if len(outer.batch) > BATCH_CALLS:
        raise ValueError("too many calls")
    if len(body) > EVENT_BYTES and any(len(bytes(part)) > EVENT_BYTES for part in _parts.decode(body).batch):
        raise ValueError("too large an event")
    return outer.batch, outer.sent_at, outer.context.group_id if outer.context else None


def _single(body: bytes, endpoint: str) -> tuple[list[envelopes.Call], str | None, Id]:
    if len(body) > EVENT_BYTES:
        raise ValueError("too large an event")
    call = _singles.decode(body)
    call.type = endpoint
    return [call], call.sent_at, None


def _said(calls: list[envelopes.Call], sender: Sender, group: Id) -> parcels.Columns | None:
    slug, vouches, sent_at, received_at = sender
    skew = received_at - sent_at if sent_at is not None and abs(received_at - sent_at) > SKEW else None
    said = parcels.empty(received_at)
    # Bound once: this loop is where a busy server spends its time.
    ids, accounts, persons, event_names = said.id, said.account, said.person, said.name
    features, ats, values, written, contents = said.feature, said.at, said.value, said.props, said.content
    for index, call in enumerate(calls):
        context = call.context.group_id if call.context else None
        if context is None and group is not None and call.group_id is None:
            context = group
            call.context = Context(group)
        if call.type != "track":
            view = translation.translate(call, index=index, sender=sender) if call.type in VIEWS else None
            if not isinstance(view, Event):
                return None
            _put(said, view)
            continue
        name = call.event.strip() if call.event else ""
        if not name or name in _NOT_FOR_SENDERS:
            return None
        props = call.properties or {}
        person = _text(call.user_id) or _text(call.anonymous_id)
        account = _text(context) or translation.account_of(call, props)
        feature = translation.word(props.get("feature")) or name
        message_id = _text(call.message_id)
        if not message_id or not (person or account):
            return None
        if max(len(name), len(person), len(account), len(feature), len(message_id)) > NAME_LENGTH:
            return None
        stamp = call.timestamp or call.original_timestamp
        at = received_at
        if stamp:
            at = datetime.fromisoformat(stamp)
            at = at if at.tzinfo is UTC else moments.utc(at)
            if skew is not None:
                at += skew
            if at.year < EARLIEST_YEAR or at - received_at > SKEW:
                return None
            at = min(at, received_at)
        text = _encode(props).decode()
        content = f"{name}\x1f{person}\x1f{account}\x1f{feature}\x1f{stamp or ''}\x1f{text}"
        ids.append(f"{slug}:{message_id}")
        accounts.append(account)
        persons.append(person)
        event_names.append(name)
        features.append(feature)
        ats.append(at)
        values.append(translation.number(props.get("value"), props.get("revenue")) if props else None)
        written.append(text)
        contents.append(digest_of(content.encode()))
    said.source = [slug] * len(ids)
    said.origin = [None] * len(ids)
    said.known_at = [min(at, received_at) for at in ats] if vouches else [received_at] * len(ids)
    return said


def _put(said: parcels.Columns, event: Event) -> None:
    said.id.append(event.id)
    said.account.append(event.account)
    said.person.append(event.person)
    said.name.append(event.name)
    said.feature.append(event.feature)
    said.at.append(event.at)
    said.value.append(event.value)
    said.props.append(event.props)
    said.content.append(event.content)


def _text(given: Id) -> str:
    if given is None:
        return ""
    return given.strip() if type(given) is str else str(given)
