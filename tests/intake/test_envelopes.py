"""Bodies of tracking requests: what can be read of them, and what is said about the rest."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.intake import envelopes
from keepwell.kernel import errors

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def batch(*events: Any, **rest: Any) -> bytes:
    return json.dumps({"batch": events, **rest}).encode()


@given(st.binary(max_size=200), st.sampled_from(["batch", "track"]), st.sampled_from(["", "gzip"]))
def test_any_body_is_an_envelope_or_a_refusal(body: bytes, endpoint: str, encoding: str):
    try:
        reasons = [
            refused.reason
            for refused in envelopes.decode(body, endpoint=endpoint, encoding=encoding).refusals
        ]
    except errors.Invalid as refusal:
        reasons = [str(refusal)]
    assert all(reasons)


@given(st.lists(JSON, max_size=6))
def test_every_event_of_a_batch_is_a_call_or_a_refusal_in_its_place(events: list[Any]):
    envelope = envelopes.decode(batch(*events), endpoint="batch")
    places = [index for index, _, _ in envelope.calls] + [refused.index for refused in envelope.refusals]
    assert sorted(places) == list(range(len(events)))


@given(st.lists(JSON, max_size=4))
def test_gzip_changes_nothing(events: list[Any]):
    plain = envelopes.decode(batch(*events), endpoint="batch")
    assert (
        envelopes.decode(gzip.compress(batch(*events), mtime=0), endpoint="batch", encoding="gzip") == plain
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "JSON is malformed: it ends too early (byte 0). Nothing was stored."),
        (
            b'{"batch": [{"type": "track"}',
            "JSON is malformed: it ends too early (byte 28). Nothing was stored.",
        ),
        (
            b'{"batch": [{"a": 1,}]}',
            "JSON is malformed: trailing comma in object (byte 19). Nothing was stored.",
        ),
        (b'{"batch": [NaN]}', "JSON is malformed: invalid character (byte 11). Nothing was stored."),
        (b'{"batch": 3}', "batch: Expected `array`, got `int`. Nothing was stored."),
        (b"{}", "Object missing required field `batch`. Nothing was stored."),
        (b"[]", "Expected `object`, got `array`. Nothing was stored."),
        (b'{"batch": ' + b"[" * 100_000, "The JSON is nested too deeply. Nothing was stored."),
        (batch(*[2] * 5001), "The batch has 5,001 calls; at most 5,000 are taken. Nothing was stored."),
        (
            batch({"event": "a"}, context={"groupId": "a\x00b"}),
            "context.groupId holds the character NUL, which no text may hold. Nothing was stored.",
        ),
        (b" " * (envelopes.BATCH_BYTES + 1), "The body is larger than 500 KB. Send fewer events at a time."),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_the_place(body: bytes, message: str):
    with pytest.raises(errors.Invalid) as refusal:
        envelopes.decode(body, endpoint="batch")
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            gzip.compress(b" " * 100_000_000, mtime=0),
            "The body is larger than 500 KB. Send fewer events at a time.",
        ),
        (gzip.compress(batch(), mtime=0)[:-4], "The body is not gzip: it ends too early."),
        (batch(), "The body is not gzip: Error -3 while decompressing data: incorrect header check."),
    ],
)
def test_a_gzip_bomb_and_what_is_no_gzip_are_refused(body: bytes, message: str):
    with pytest.raises(errors.Invalid) as refusal:
        envelopes.decode(body, endpoint="batch", encoding="gzip")
    assert str(refusal.value) == message


def test_an_unknown_encoding_and_an_unknown_call_are_refused():
    with pytest.raises(errors.Invalid, match='Content-Encoding "br" is not known here'):
        envelopes.decode(batch(), endpoint="batch", encoding="br")
    with pytest.raises(errors.NotFound, match='There is no tracking call "import"'):
        envelopes.decode(batch(), endpoint="import")


def test_a_bad_event_costs_its_neighbours_nothing():
    good = {"type": "track", "event": "report.exported", "userId": "u1", "messageId": "m1"}
    envelope = envelopes.decode(batch(good, {**good, "event": 7, "messageId": "m2"}, good), endpoint="batch")
    assert [index for index, _, _ in envelope.calls] == [0, 2]
    (refused,) = envelope.refusals
    assert (refused.index, refused.message_id) == (1, "m2")
    assert refused.reason == "event: Expected `str | null`, got `int`."
    assert refused.content["event"] == 7


def test_an_event_that_is_too_large_is_refused_and_kept_whole():
    large = {"messageId": "m1", "properties": {"text": "x" * envelopes.EVENT_BYTES}}
    (refused,) = envelopes.decode(batch(large), endpoint="batch").refusals
    assert refused.reason == "The event has 32,815 bytes; at most 32,768 are taken."
    assert (refused.message_id, refused.content) == ("m1", large)


def test_nul_is_refused_but_an_escaped_backslash_before_u0000_is_not():
    body = b'{"batch": [{"event": "a\\u0000b"}, {"event": "a\\\\u0000b"}]}'
    envelope = envelopes.decode(body, endpoint="batch")
    assert [index for index, _, _ in envelope.calls] == [1]
    assert envelope.refusals[0].reason == "A string holds the character NUL, which no text may hold."
    assert envelope.refusals[0].content == {"beginning": '{"event": "a\\u0000b"}', "bytes": 21}


def test_half_an_emoji_becomes_a_question_mark():
    body = b'{"batch": [{"event": "cut \\ud83d"}, {"event": "whole \\ud83d\\ude00"}]}'
    envelope = envelopes.decode(body, endpoint="batch")
    assert [call.event for _, call, _ in envelope.calls] == ["cut ?", "whole \U0001f600"]


def test_the_endpoint_says_what_a_single_call_is_and_the_body_may_carry_the_key():
    body = b'{"type": "track", "userId": 7, "writeKey": "kwk_1", "sentAt": "2026-06-15T12:00:00Z"}'
    envelope = envelopes.decode(body, endpoint="identify")
    ((_, call, _),) = envelope.calls
    assert (call.type, call.user_id, envelope.write_key, envelope.single) == ("identify", 7, "kwk_1", True)
    assert envelope.sent_at is not None


def test_the_group_of_a_batch_holds_for_its_events_unless_they_say_otherwise():
    body = batch({"event": "a"}, {"event": "b", "context": {"groupId": "elm"}}, context={"groupId": "birch"})
    envelope = envelopes.decode(body, endpoint="batch")
    assert [call.context and call.context.group_id for _, call, _ in envelope.calls] == ["birch", "elm"]
