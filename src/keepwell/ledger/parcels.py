"""Events packed for the outbox: the columns of one request or chunk in one compressed payload that names its version.

A payload is read by later versions of Keepwell than the one that wrote it: a new column goes to the end, with a default.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
import pyarrow as pa

from keepwell.ledger.event import Event, content_of

_PLAIN, _LZ4 = b"\x00", b"\x01"
_SMALL = 256  # less than this is not worth compressing


class Columns(msgspec.Struct, array_like=True, gc=False):
    """Events that arrived together, by column; every list has one entry an event."""

    received_at: datetime
    id: list[str]
    account: list[str]
    person: list[str]
    name: list[str]
    feature: list[str]
    at: list[datetime]
    known_at: list[datetime]
    value: list[float | None]
    source: list[str]
    props: list[str]
    content: list[int]
    origin: list[int | None]

    def __len__(self) -> int:
        return len(self.id)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Columns).decode


def of(events: Iterable[Event], *, received_at: datetime) -> Columns:
    """The columns of some events."""
    columns = empty(received_at)
    for e in events:
        columns.id.append(e.id)
        columns.account.append(e.account)
        columns.person.append(e.person)
        columns.name.append(e.name)
        columns.feature.append(e.feature)
        columns.at.append(e.at)
        columns.known_at.append(e.known_at(received_at))
        columns.value.append(e.value)
        columns.source.append(e.source)
        columns.props.append(e.props)
        columns.content.append(content_of(e))
        columns.origin.append(e.origin)
    return columns


def empty(received_at: datetime) -> Columns:
    """Columns without an event."""
    return Columns(received_at, [], [], [], [], [], [], [], [], [], [], [], [])


def packed(columns: Columns) -> bytes:
    """The payload of some columns."""
    plain = _encode(columns)
    if len(plain) < _SMALL:
        return _PLAIN + plain
    return _LZ4 + len(plain).to_bytes(4, "big") + pa.compress(plain, codec="lz4", asbytes=True)


def unpacked(payload: bytes) -> Columns:
    """The columns in a payload of this version or an earlier one."""
    form = payload[:1]
    if form == _PLAIN:
        return _decode(payload[1:])
    if form == _LZ4:
        size = int.from_bytes(payload[1:5], "big")
        return _decode(pa.decompress(memoryview(payload)[5:], size, codec="lz4", asbytes=True))
    raise ValueError(
        f"a payload of the unknown form {form!r}: was it written by a later version of Keepwell?"
    )


def joined(parts: Sequence[Columns]) -> tuple[Columns, list[datetime]]:
    """All parts as one, and for each event when it was received."""
    if not parts:
        raise ValueError("there is nothing to join")
    whole, received = empty(parts[0].received_at), list[datetime]()
    for part in parts:
        received.extend([part.received_at] * len(part))
        for name in LISTS:
            getattr(whole, name).extend(getattr(part, name))
    return whole, received


LISTS = tuple(name for name in Columns.__struct_fields__ if name != "received_at")
