"""Tracking calls arrive once, in full, and whatever is wrong with one is said."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from keepwell.intake import envelopes
from keepwell.intake.actions import clashes, tracking
from keepwell.intake.actions import sources as source_actions
from keepwell.intake.actions.tracking import Receipt
from keepwell.intake.queries import batches, sources
from keepwell.kernel import errors
from keepwell.ledger import lake
from keepwell.ledger import models as ledger
from keepwell.ledger.actions import relay
from keepwell.ledger.queries import erased, identity
from tests import outbox
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db

CLICK = {
    "type": "track",
    "event": "report.exported",
    "messageId": "m1",
    "userId": "u1",
    "context": {"groupId": "birch"},
    "timestamp": "2026-06-15T11:59:00Z",
    "properties": {"feature": "reports", "value": 3, "format": "pdf"},
}


@pytest.fixture
def write_key() -> str:
    return source_actions.create(slug="app", name="Fernhill's app", vouches=False, by=TESTS, at=NOW)


def sent(write_key: str, *events: Any, at: datetime = NOW, **rest: Any) -> Receipt:
    body = json.dumps({"batch": events, **rest}).encode()
    return tracking.receive(
        source=sources.by_write_key(write_key), calls=envelopes.decode(body, endpoint="batch"), at=at
    )


def stored(**wanted: Any) -> list[outbox.Waiting]:
    return outbox.waiting(source="app", **wanted)


def kept() -> int:
    """How many events the lake holds once the relay has seen to them."""
    relay.all_waiting(at=NOW)
    return lake.scan().collect().height


def counted() -> ledger.Arrivals:
    return ledger.Arrivals.objects.get(source="app", day=NOW.date())


def dead_letters() -> list[tuple[str, str]]:
    return [(letter.verdict, letter.reason) for letter in batches.tracked_rejections(seen_by=TESTS)]


def test_a_track_call_becomes_one_event_with_all_it_says(write_key: str):
    receipt = sent(write_key, CLICK)
    assert json.loads(receipt.encoded()) == {"success": True, "accepted": 1, "duplicates": 0, "rejected": []}
    (event,) = stored()
    assert (event.event_id, event.name, event.feature, event.kind) == (
        "app:m1",
        "report.exported",
        "reports",
        "usage",
    )
    assert (event.account, event.person, event.value) == ("birch", "u1", 3.0)
    assert event.at == datetime.fromisoformat("2026-06-15T11:59:00Z")
    assert (event.known_at, event.received_at) == (NOW, NOW)
    assert json.loads(event.props) == CLICK["properties"]


@pytest.mark.parametrize(
    ("change", "account", "person"),
    [
        ({"context": {}, "properties": {"groupId": "elm"}}, "elm", "u1"),
        ({"context": None, "groupId": "ash"}, "ash", "u1"),
        ({"context": None}, "", "u1"),
        ({"userId": None, "anonymousId": "browser-1"}, "birch", "browser-1"),
        ({"userId": 17}, "birch", "17"),
        ({"userId": None}, "birch", ""),
    ],
)
def test_the_account_and_the_person_are_found_where_segment_puts_them(write_key, change, account, person):
    sent(write_key, {**CLICK, **change})
    (event,) = stored()
    assert (event.account, event.person) == (account, person)


def test_revenue_stands_in_for_a_value_and_a_word_is_none(write_key: str):
    sent(
        write_key,
        {**CLICK, "messageId": "a", "properties": {"revenue": 12.5}},
        {**CLICK, "messageId": "b", "properties": {"value": "many"}},
        {**CLICK, "messageId": "c", "properties": {"value": True}},
    )
    assert [(event.value, event.feature) for event in stored()] == [
        (12.5, "report.exported"),
        (None, "report.exported"),
        (None, "report.exported"),
    ]


def test_a_catalogued_name_is_a_fact(write_key: str):
    sent(write_key, {**CLICK, "event": "plan.confirmed"})
    assert [event.kind for event in stored()] == ["fact"]


def test_page_and_screen_calls_are_views_of_their_name(write_key: str):
    sent(
        write_key,
        {"type": "page", "name": "Pricing", "userId": "u1", "messageId": "a", "category": "Docs"},
        {"type": "screen", "name": "Home", "userId": "u1", "messageId": "b"},
    )
    page, screen = stored()
    assert (page.name, page.feature, json.loads(page.props)) == (
        "page.viewed",
        "Pricing",
        {"category": "Docs"},
    )
    assert (screen.name, screen.feature) == ("screen.viewed", "Home")


def test_a_retried_batch_is_counted_and_dropped(write_key: str):
    sent(write_key, CLICK, {**CLICK, "messageId": "m2"})
    receipt = sent(write_key, CLICK, {**CLICK, "messageId": "m2"}, {**CLICK, "messageId": "m3"})
    assert (receipt.accepted, receipt.duplicates, receipt.rejected) == (3, 0, ())
    assert kept() == 3
    assert (counted().duplicates, counted().conflicts) == (2, 0)


def test_a_repeat_within_one_batch_is_counted_and_dropped(write_key: str):
    receipt = sent(write_key, CLICK, CLICK)
    assert (receipt.accepted, receipt.duplicates) == (1, 1)


def test_a_retry_is_known_although_the_senders_clock_is_set_right_anew(write_key: str):
    sent(write_key, CLICK, sentAt="2026-06-15T10:00:00Z")
    sent(write_key, CLICK, sentAt="2026-06-15T10:00:09Z", at=NOW + timedelta(seconds=10))
    assert (kept(), counted().duplicates, counted().conflicts) == (1, 1, 0)


def test_the_order_of_properties_does_not_make_a_conflict(write_key: str):
    turned = dict(reversed(CLICK["properties"].items()))
    sent(write_key, CLICK)
    sent(write_key, {**CLICK, "properties": turned})
    assert (kept(), counted().duplicates, counted().conflicts) == (1, 1, 0)


def test_a_message_id_with_other_content_is_a_conflict_kept_in_the_dead_letter(write_key: str):
    changed = {**CLICK, "properties": {"value": 4}}
    sent(write_key, CLICK)
    reason = 'messageId "m1" was received before with other content. The first one was kept.'
    assert sent(write_key, changed).accepted == 1
    assert kept() == 1
    assert clashes.collect() == 1
    assert dead_letters() == [("conflict", reason)]
    (letter,) = batches.tracked_rejections(seen_by=TESTS)
    assert letter.content == {**changed, "timestamp": "2026-06-15T11:59:00+00:00"}
    assert lake.scan().collect()["value"].to_list() == [3.0]
    assert clashes.collect() == 0


def test_a_message_id_with_other_content_in_one_request_is_told_at_once(write_key: str):
    receipt = sent(write_key, CLICK, {**CLICK, "properties": {"value": 4}})
    reason = 'messageId "m1" was received before with other content. The first one was kept.'
    assert [(r.index, r.message_id, r.reason) for r in receipt.rejected] == [(1, "m1", reason)]
    assert dead_letters() == [("conflict", reason)]
    assert [event.value for event in stored()] == [3.0]


def test_of_very_many_clashes_the_first_are_kept_and_the_others_counted(write_key: str):
    calls = [{**CLICK, "messageId": f"m{i}"} for i in range(250)]
    sent(write_key, *calls)
    sent(write_key, *({**call, "event": "report.printed"} for call in calls))
    assert (kept(), counted().conflicts, clashes.collect()) == (250, 250, 201)
    letters = batches.tracked_rejections(seen_by=TESTS, limit=300)
    assert [x.reason for x in letters if "more" in x.reason] == [
        "50 more events reused an id for other content; they were not kept."
    ]


def test_events_without_message_id_are_told_by_content_and_time(write_key: str):
    click = {k: v for k, v in CLICK.items() if k != "messageId"}
    later = {**click, "timestamp": "2026-06-15T11:59:30Z"}
    assert sent(write_key, click, later).accepted == 2
    sent(write_key, click)
    assert (kept(), counted().duplicates) == (2, 1)


def test_twins_without_id_and_time_both_count_and_their_retry_does_not(write_key: str):
    click = {"type": "track", "event": "button.pressed", "userId": "u1"}
    assert sent(write_key, click, click, sentAt="2026-06-15T11:59:59Z").accepted == 2
    assert sent(write_key, click, click, sentAt="2026-06-15T11:59:59Z").duplicates == 0
    assert (kept(), counted().duplicates) == (2, 2)


@pytest.mark.parametrize(
    ("sent_at", "at"),
    [
        (None, "2026-06-15T11:59:00Z"),
        ("2026-06-15T11:59:58Z", "2026-06-15T11:59:00Z"),
        ("2026-06-15T11:00:00Z", "2026-06-15T12:00:00Z"),  # would be 12:59: nothing happens after it arrived
        ("2026-06-15T12:30:00Z", "2026-06-15T11:29:00Z"),
        ("2026-06-15T12:30:00", "2026-06-15T11:29:00Z"),
        ("0001-01-01T00:00:00+05:00", "2026-06-15T11:59:00Z"),
    ],
)
def test_a_clock_that_is_off_by_more_than_a_minute_is_set_right(write_key: str, sent_at: str | None, at: str):
    sent(write_key, CLICK, sentAt=sent_at)
    assert [event.at for event in stored()] == [datetime.fromisoformat(at)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"event": " "}, "event is missing. Name what happened, as in report.exported."),
        (
            {"event": "identity.linked"},
            'event "identity.linked" is written by Keepwell alone. Use another name.',
        ),
        (
            {"event": "incident.closed"},
            'event "incident.closed" is written by Keepwell alone. Use another name.',
        ),
        (
            {"event": "contract.signed"},
            'event "contract.signed" follows from the table of contracts. Import contracts instead.',
        ),
        (
            {"userId": None, "context": None},
            "userId and anonymousId are both missing. Say who did it, or for which groupId.",
        ),
        ({"type": None}, "type is missing. Use track, identify, group, page, screen or alias."),
        (
            {"type": "trak"},
            'type "trak" is not known. Use track, identify, group, page, screen or alias.',
        ),
        ({"type": "group"}, "groupId is missing. Say which account the traits describe."),
        ({"type": "alias"}, "userId and previousId are both needed."),
        (
            {"timestamp": "15/06/2026"},
            'timestamp "15/06/2026" is no date. Use ISO 8601, as in 2026-08-03T09:30:00Z.',
        ),
        (
            {"timestamp": "0001-01-01T00:00:00Z"},
            'timestamp "0001-01-01T00:00:00Z" is before 1990. Leave it out if the time is not known.',
        ),
        (
            {"timestamp": "2026-06-17T00:00:00Z"},
            'timestamp "2026-06-17T00:00:00Z" is more than a day in the future. '
            "Check the clock of the sender.",
        ),
        ({"userId": "u" * 201}, "userId has 201 characters; at most 200 are taken."),
        ({"event": "e" * 201}, "event and feature have at most 200 characters."),
        ({"properties": []}, "properties: Expected `object | null`, got `array`."),
    ],
)
def test_what_is_wrong_with_an_event_is_said_and_kept_and_the_others_are_stored(write_key, change, reason):
    receipt = sent(write_key, CLICK, {**CLICK, "messageId": "m2", **change})
    assert receipt.accepted == 1
    assert receipt.status == 200
    assert [(r.index, r.message_id, r.reason) for r in receipt.rejected] == [(1, "m2", reason)]
    assert dead_letters() == [("rejected", reason)]


def test_of_very_many_refusals_the_first_are_kept_and_the_others_counted(write_key: str):
    receipt = sent(write_key, CLICK, *[2] * 250)
    assert (receipt.accepted, len(receipt.rejected), receipt.not_listed) == (1, 200, 50)
    assert json.loads(receipt.encoded())["notListed"] == 50
    letters = batches.tracked_rejections(seen_by=TESTS, limit=300)
    assert len(letters) == 201
    assert [x.reason for x in letters if "more calls" in x.reason] == [
        "50 more calls of this request could not be taken; they were not kept."
    ]


def test_a_single_call_that_is_refused_is_a_bad_request_and_kept(write_key: str):
    body = json.dumps({"messageId": "m1", "properties": {"text": "x" * 40_000}}).encode()
    receipt = tracking.receive(
        source=sources.by_write_key(write_key), calls=envelopes.decode(body, endpoint="track"), at=NOW
    )
    assert (receipt.success, receipt.status) == (False, 400)
    (letter,) = batches.tracked_rejections(seen_by=TESTS, source="app")
    assert letter.reason == "The event has 40,047 bytes; at most 32,768 are taken."
    assert len(letter.content["properties"]["text"]) > 32_768


def test_group_and_identify_describe_the_account_and_the_person(write_key: str):
    sent(
        write_key,
        {
            "type": "identify",
            "messageId": "i1",
            "userId": "u1",
            "context": {"groupId": "birch"},
            "traits": {"firstName": "Noor", "lastName": "Haddad", "email": "noor@birch.test", "plan": "pro"},
        },
        {
            "type": "group",
            "messageId": "g1",
            "groupId": "birch",
            "userId": "u2",
            "traits": {"name": "Birch Ltd", "industry": "Paper", "employees": 40},
        },
    )
    account = ledger.Account.objects.get(key="birch")
    assert (account.name, account.industry, account.fields) == ("Birch Ltd", "Paper", {"employees": 40})
    person = ledger.Person.objects.get(key="u1")
    assert (person.name, person.email) == ("Noor Haddad", "noor@birch.test")
    assert person.fields == {"firstName": "Noor", "lastName": "Haddad", "plan": "pro"}
    linked = ledger.Stakeholder.objects.filter(account=account).values_list("person__key", flat=True)
    assert set(linked) == {"u1", "u2"}


def test_a_group_call_without_a_name_leaves_the_name(write_key: str):
    sent(write_key, {"type": "group", "messageId": "g1", "groupId": "birch", "traits": {"name": "Birch Ltd"}})
    sent(write_key, {"type": "group", "messageId": "g2", "groupId": "birch", "traits": {"industry": "Paper"}})
    account = ledger.Account.objects.get(key="birch")
    assert (account.name, account.industry) == ("Birch Ltd", "Paper")


def test_repeated_and_conflicting_identify_calls_are_told(write_key: str):
    call = {"type": "identify", "messageId": "i1", "userId": "u1", "traits": {"name": "Noor"}}
    sent(write_key, call)
    receipt = sent(write_key, call, {**call, "traits": {"name": "Nora"}})
    assert (receipt.accepted, receipt.duplicates, len(receipt.rejected)) == (0, 1, 1)
    assert ledger.Person.objects.get(key="u1").name == "Noor"


def test_an_identify_call_for_an_unknown_account_is_refused_and_taken_once_it_is_known(write_key: str):
    call = {"type": "identify", "messageId": "i1", "userId": "u1", "context": {"groupId": "elm"}}
    assert [r.reason for r in sent(write_key, call).rejected] == [
        'account "elm" is not known. Import accounts first, then this row again.'
    ]
    sent(write_key, {"type": "group", "messageId": "g1", "groupId": "elm"})
    assert sent(write_key, call).accepted == 1


def test_an_alias_is_noted_with_the_person(write_key: str):
    sent(write_key, {"type": "alias", "messageId": "a1", "userId": "u1", "previousId": "browser-1"})
    assert ledger.Person.objects.get(key="u1").fields == {"previous_id": "browser-1"}
    assert identity.aliases() == {"browser-1": "u1"}


def test_an_identify_call_joins_the_anonymous_visitor_to_the_person(write_key: str):
    sent(write_key, {"type": "identify", "messageId": "i1", "userId": "u1", "anonymousId": "browser-1"})
    sent(write_key, {"type": "identify", "messageId": "i2", "userId": "u2", "anonymousId": "browser-1"})
    assert identity.aliases() == {"browser-1": "u1"}


def test_what_a_source_vouches_for_was_known_when_it_happened():
    key = source_actions.create(slug="app", name="", vouches=True, by=TESTS, at=NOW)
    sent(key, CLICK)
    assert [event.known_at for event in stored()] == [datetime.fromisoformat("2026-06-15T11:59:00Z")]


def test_a_batch_of_a_hundred_events_costs_one_statement(write_key: str, django_assert_num_queries):
    sent(write_key)
    source = sources.by_write_key(write_key)
    events = [{**CLICK, "messageId": f"m{i}"} for i in range(100)]
    calls = envelopes.decode(json.dumps({"batch": events}).encode(), endpoint="batch")
    erased.refusals([{"person": "p"}], "person")  # whom to keep out is remembered for some seconds
    with django_assert_num_queries(2) as captured:
        tracking.receive(source=source, calls=calls, at=NOW)
    # Within a test a savepoint stands for BEGIN and COMMIT; the parcel passes Django by.
    assert [query["sql"].split()[0] for query in captured] == ["SAVEPOINT", "RELEASE"]
    assert ledger.Parcel.objects.count() == 1
    assert len(stored()) == 100


def test_a_source_is_known_by_its_key_alone_and_the_key_is_not_kept(write_key: str):
    source = sources.by_write_key(write_key)
    assert source.slug == "app"
    assert write_key.startswith(source.write_key_prefix)
    assert len(source.write_key_prefix) == 10
    with pytest.raises(errors.Forbidden, match="The write key is not known"):
        sources.by_write_key(write_key + "x")
    renewed = source_actions.rekey(slug="app", by=TESTS, at=NOW)
    assert sources.by_write_key(renewed).source_id == source.source_id
    with pytest.raises(errors.Forbidden):
        sources.by_write_key(write_key)


def test_the_last_sign_of_life_is_noted_once_a_minute(write_key: str):
    sent(write_key, CLICK)
    sent(write_key, {**CLICK, "messageId": "m2"}, at=NOW + timedelta(seconds=30))
    assert sources.by_write_key(write_key).last_event_at == NOW
    sent(write_key, {**CLICK, "messageId": "m3"}, at=NOW + timedelta(seconds=61))
    assert sources.by_write_key(write_key).last_event_at == NOW + timedelta(seconds=61)
