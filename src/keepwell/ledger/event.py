"""The one shape of everything that happens to a customer."""

import re
from datetime import datetime
from hashlib import blake2b

import msgspec

from keepwell.ledger import catalogue

_KEY = re.compile("[0-9a-f]{32}")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened.

    `id` is the deduplication key: "SOURCE:ID of the source", or "~…" for what Keepwell says itself, which no source's slug
    can begin with. `account` is a raw key (an account's key or "contract:KEY"; empty when only the
    person is known). `props` is JSON text. `content` tells a repeat from a conflict; 0 means: derive it from the rest.
    `origin` is the number of the import that brought it, if one did.
    """

    id: str
    name: str
    at: datetime
    source: str
    account: str = ""
    person: str = ""
    feature: str = ""
    value: float | None = None
    props: str = "{}"
    vouched: bool = False
    content: int = 0
    origin: int | None = None

    @property
    def kind(self) -> str:
        """Business fact or tracked usage."""
        return catalogue.kind_of(self.name)

    def known_at(self, received_at: datetime) -> datetime:
        """When the event counts as known: on arrival, or when it happened if its source vouches for that."""
        return self.at if self.vouched and self.at < received_at else received_at


def bytes_of(event_id: str) -> bytes:
    """A 128-bit digest (BLAKE2b) of an event's id, as the lake keeps it: 16 raw bytes."""
    return blake2b(event_id.encode(), digest_size=16).digest()


def key_of(event_id: str) -> str:
    """The same digest as 32 hexadecimal digits, as PostgreSQL keeps it and people read it."""
    return bytes_of(event_id).hex()


def key_named(text: str) -> str:
    """The key that somebody means who writes an event's id, or the key itself as timeline and export show it."""
    return text if _KEY.fullmatch(text) else key_of(text)


def content_of(event: Event) -> int:
    """A 64-bit digest of what an event says, signed as PostgreSQL's bigint."""
    if event.content:
        return event.content
    said = (
        event.account,
        event.person,
        event.name,
        event.feature,
        event.at.isoformat(),
        repr(event.value),
        event.props,
    )
    return digest_of("\x1f".join(said).encode())


def digest_of(content: bytes) -> int:
    """A 64-bit digest, signed as PostgreSQL's bigint."""
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big", signed=True)
