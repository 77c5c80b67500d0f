"""What stands in the body of a tracking request (Segment's wire format), and what is wrong with it.

Pure: bytes in, calls and refusals out. A batch is cut into its events without reading them, so that one bad
event costs its neighbours nothing.
"""

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from keepwell.kernel import errors, figures, moments, speech

EVENT_BYTES = 32 * 1024
BATCH_BYTES = 500 * 1024
BATCH_CALLS = 5000
KEPT_BYTES = 2 * 1024
TYPES = ("track", "identify", "group", "page", "screen", "alias")

Id = str | int | None


class Context(msgspec.Struct, rename="camel", gc=False):
    """Of a call's context only the group is read; addresses and devices of people are not kept."""

    group_id: Id = None


class Call(msgspec.Struct, rename="camel"):
    """One tracking call as sent."""

    type: str | None = None
    message_id: Id = None
    user_id: Id = None
    anonymous_id: Id = None
    group_id: Id = None
    previous_id: Id = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: str | None = None
    write_key: str | None = None
    context: Context | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None


class _Batch(msgspec.Struct, rename="camel"):
    batch: list[msgspec.Raw]
    sent_at: str | None = None
    write_key: str | None = None
    context: Context | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that cannot be taken: where it stood, why, and what is kept of it."""

    index: int
    message_id: str
    reason: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Envelope:
    """The readable calls of one request with their places, the refusals, and the sender's clock.

    `write_key` is for senders that cannot set headers, as a browser's beacon. `type` and `group` are what the request
    says for all of its calls.
    """

    calls: tuple[tuple[int, Call, bytes], ...]
    refusals: tuple[Refusal, ...]
    sent_at: datetime | None
    single: bool
    write_key: str = ""
    type: str = ""
    group: Id = None

    def whole(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """A call's content with what its request says for it, so that it can be sent in alone; without the write key."""
        call = {name: value for name, value in content.items() if name != "writeKey"}
        if "bytes" in call and "beginning" in call:
            return call
        if self.type:
            call["type"] = self.type
        context = call.get("context") or {}
        if self.group is not None and isinstance(context, dict) and not (context | call).get("groupId"):
            call["context"] = context | {"groupId": self.group}
        return call


_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_batches = msgspec.json.Decoder(_Batch)
_calls = msgspec.json.Decoder(Call)


def decode(body: bytes, *, endpoint: str, encoding: str = "") -> Envelope:
    """The envelope in a request to /v1/<endpoint>; `Invalid` when nothing of it can be read."""
    plain = unpacked(body, encoding=encoding.strip().lower())
    if endpoint == "batch":
        return _batch(plain)
    if endpoint not in TYPES:
        raise errors.NotFound(
            'There is no tracking call "%(endpoint)s". Use batch, %(listed)s.',
            endpoint=endpoint,
            listed=", ".join(TYPES),
        )
    return _single(plain, endpoint)


def unpacked(body: bytes, *, encoding: str) -> bytes:
    if encoding not in ("", "identity", "gzip"):
        raise errors.Invalid(
            'Content-Encoding "%(encoding)s" is not known here. Use gzip or none.', encoding=encoding
        )
    plain = _gunzipped(body) if encoding == "gzip" else body
    if len(plain) > BATCH_BYTES:
        raise errors.Invalid(
            "The body is larger than %(batch_bytes)s KB. Send fewer events at a time.",
            batch_bytes=BATCH_BYTES // 1024,
        )
    return plain


def _gunzipped(body: bytes) -> bytes:
    # Never unpacks more than one byte over the limit, whatever the body claims to hold.
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, BATCH_BYTES + 1)
    except zlib.error as failure:
        raise errors.Invalid("The body is not gzip: %(failure)s.", failure=str(failure)) from None
    if len(plain) <= BATCH_BYTES and not unpacker.eof:
        raise errors.Invalid("The body is not gzip: it ends too early.")
    return plain


def _batch(body: bytes) -> Envelope:
    try:
        outer = _batches.decode(_mended(body))
    except (ValueError, RecursionError) as failure:
        raise errors.Invalid("%(reason)s Nothing was stored.", reason=_reason(failure, body)) from None
    if len(outer.batch) > BATCH_CALLS:
        raise errors.Invalid(
            "The batch has %(n)s calls; at most %(batch_calls)s are taken. Nothing was stored.",
            n=figures.Whole(len(outer.batch)),
            batch_calls=figures.Whole(BATCH_CALLS),
        )
    group = outer.context.group_id if outer.context else None
    if isinstance(group, str) and "\x00" in group:
        raise errors.Invalid(
            "context.groupId holds the character NUL, which no text may hold. Nothing was stored."
        )
    calls: list[tuple[int, Call, bytes]] = []
    refusals: list[Refusal] = []
    for index, raw in enumerate(outer.batch):
        part = bytes(raw)
        read = call_of(index, part)
        if isinstance(read, Refusal):
            refusals.append(read)
            continue
        if (
            group is not None
            and read.group_id is None
            and (read.context is None or read.context.group_id is None)
        ):
            read.context = Context(group)
        calls.append((index, read, part))
    return Envelope(
        tuple(calls),
        tuple(refusals),
        moment_of(outer.sent_at),
        single=False,
        write_key=outer.write_key or "",
        group=group,
    )


def _mended(body: bytes) -> bytes:
    # JavaScript cuts strings in the middle of an emoji and sends half a surrogate pair, which is no text.
    # Only such bodies pay for the second, slower reader.
    if b"\\ud" not in body and b"\\uD" not in body:
        return body
    try:
        return json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return body


def _single(body: bytes, endpoint: str) -> Envelope:
    body = _mended(body)
    read = call_of(0, body)
    if isinstance(read, Refusal):
        return Envelope((), (read,), None, single=True, type=endpoint)
    read.type = endpoint
    return Envelope(
        ((0, read, body),),
        (),
        moment_of(read.sent_at),
        single=True,
        write_key=read.write_key or "",
        type=endpoint,
    )


def call_of(index: int, raw: bytes) -> Call | Refusal:
    """One call, or why it cannot be read."""
    if len(raw) > EVENT_BYTES:
        return refusal(index, raw, f"The event has {len(raw):,} bytes; at most {EVENT_BYTES:,} are taken.")
    if b"\\u0000" in raw and _NUL.search(raw):
        return refusal(index, raw, "A string holds the character NUL, which no text may hold.")
    try:
        return _calls.decode(raw)
    except (ValueError, RecursionError) as failure:
        return refusal(index, raw, _reason(failure, raw))


def refusal(index: int, raw: bytes, reason: str) -> Refusal:
    """A refused event with what can be kept of it: all when readable, else its beginning and its size."""
    content = _kept(raw)
    message_id = content.get("messageId")
    return Refusal(index, message_id if isinstance(message_id, str) else "", reason, content)


def _kept(raw: bytes) -> dict[str, Any]:
    # PostgreSQL's JSON cannot hold NUL, so an event with one is kept as text, where it stays an escape.
    if b"\\u0000" not in raw:
        try:
            parsed = msgspec.json.decode(raw)
        except (ValueError, RecursionError):
            parsed = None
        if isinstance(parsed, dict):
            return parsed
    beginning = raw[:KEPT_BYTES].decode("utf-8", "replace").replace("\x00", "�")
    return {"beginning": beginning, "bytes": len(raw)}


def _reason(failure: Exception, body: bytes) -> str:
    if isinstance(failure, RecursionError):
        return speech.english("The JSON is nested too deeply.")
    if isinstance(failure, UnicodeDecodeError):
        return speech.english("The text is not UTF-8 at byte %(start)s.", start=failure.start)
    if isinstance(failure, msgspec.ValidationError):
        return _at_field(str(failure))
    return f"{_at_position(str(failure), len(body))}."


def _at_field(message: str) -> str:
    what, _, where = message.partition(" - at `$")
    field = where.rstrip("`").lstrip(".")
    return f"{field}: {what}." if field else f"{what}."


def _at_position(message: str, size: int) -> str:
    if message == "Input data was truncated":
        return speech.english("JSON is malformed: it ends too early (byte %(size)s)", size=size)
    return message


def moment_of(text: str | None) -> datetime | None:
    """A sender's clock, if it can be read."""
    # A sender's clock that cannot be read is no reason to refuse the events: they go uncorrected.
    try:
        return moments.utc(msgspec.convert(text, datetime)) if text else None
    except (msgspec.ValidationError, OverflowError):
        return None
