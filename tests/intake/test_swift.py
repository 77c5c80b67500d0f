"""The quick way says what the slow one says, or nothing."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.intake import envelopes, swift, translation
from keepwell.kernel import errors
from keepwell.ledger import parcels
from keepwell.ledger.event import Event
from tests.world import NOW

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
keys = st.one_of(st.none(), text, st.integers(-5, 10**12), st.just("k" * 201), st.just(" padded "))
stamps = st.sampled_from(
    [
        None, "", "2026-06-15T11:00:00Z", "2026-06-15T13:00:00+02:00", "2026-06-15T11:00:00.123456", "2026-06-15",
        "2026-06-16T11:59:00Z", "2026-06-17T12:00:01Z", "soon", "0001-01-01T00:00:00+05:00", "1989-12-31T00:00:00Z",
    ]
)  # fmt: skip
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), text)
props = st.dictionaries(
    st.sampled_from(["feature", "value", "revenue", "groupId", "name", "b", "a"]),
    scalars | st.lists(scalars, max_size=2) | st.dictionaries(text, scalars, max_size=2),
    max_size=4,
)
contexts = st.one_of(st.none(), st.fixed_dictionaries({}, optional={"groupId": keys, "ip": text}))
calls = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["track"] * 8 + ["page", "screen", "identify", "trak", None]),
        "messageId": st.one_of(st.uuids().map(str), keys),
        "event": st.one_of(st.sampled_from(["login", " login ", "contract.signed", "identity.linked"]), text),
        "userId": keys,
        "timestamp": stamps,
    },
    optional={
        "anonymousId": keys, "groupId": keys, "context": contexts, "properties": props | st.none(), "name": text,
        "category": text, "originalTimestamp": stamps, "properties ": st.just(1), "traits": props,
    },
)  # fmt: skip


# A clock that is ahead is counted, the slow way.
AHEAD = b"2026-06-16T11:59:00Z"


def slowly(body: bytes, *, vouches: bool) -> tuple[bool, parcels.Columns]:
    """Whether everything was taken, and the events of what was."""
    envelope = envelopes.decode(body, endpoint="batch")
    sender = translation.Sender("app", vouches, envelope.sent_at, NOW)
    whole, events = not envelope.refusals, list[Event]()
    for index, call, _ in envelope.calls:
        try:
            said = translation.translate(call, index=index, sender=sender)
        except errors.Invalid:
            whole = False
            continue
        if isinstance(said, Event):
            events.append(said)
        else:
            whole = False
    whole = whole and len({event.id for event in events}) == len(events)
    return whole, parcels.of(events, received_at=NOW)


@given(
    st.lists(calls, max_size=4),
    contexts,
    st.sampled_from([None, "2026-06-15T12:00:20Z", "2026-06-15T12:30:00Z", "soon"]),
    st.booleans(),
)
def test_both_ways_say_the_same(batch: list[Any], context: Any, sent_at: str | None, vouches: bool) -> None:
    body = json.dumps({"batch": batch, "context": context, "sentAt": sent_at}, ensure_ascii=False).encode()
    try:
        whole, expected = slowly(body, vouches=vouches)
    except errors.Invalid:
        whole, expected = False, parcels.empty(NOW)
    found = swift.columns(body, endpoint="batch", slug="app", vouches=vouches, at=NOW)
    if found is not None:
        assert whole
        assert found == expected
    elif whole:
        assert any(not call["messageId"] or not str(call["messageId"]).strip() for call in batch) or (
            b"\\u0000" in body or b"\\ud" in body or AHEAD in body
        ), "an ordinary request is read the quick way"


def test_a_large_event_among_small_ones_is_left_to_the_slow_way() -> None:
    small = {"type": "track", "event": "login", "userId": "u1"}
    large = small | {"messageId": "big", "properties": {"text": "x" * envelopes.EVENT_BYTES}}
    many = [small | {"messageId": f"m{i}"} for i in range(1000)]
    ask: dict[str, Any] = {"endpoint": "batch", "slug": "app", "vouches": False, "at": NOW}
    assert swift.columns(json.dumps({"batch": [*many, large]}).encode(), **ask) is None
    found = swift.columns(json.dumps({"batch": many}).encode(), **ask)
    assert found is not None
    assert len(found) == 1000


@pytest.mark.parametrize("endpoint", ["track", "page", "identify", "teleport"])
def test_a_call_sent_alone_is_what_its_address_says(endpoint: str) -> None:
    call = {"type": "identify", "event": "login", "name": "Home", "userId": "u1", "messageId": "m1"}
    body = json.dumps(call).encode()
    found = swift.columns(body, endpoint=endpoint, slug="app", vouches=False, at=NOW + timedelta(days=1))
    assert (found and found.name) == {"track": ["login"], "page": ["page.viewed"]}.get(endpoint)
