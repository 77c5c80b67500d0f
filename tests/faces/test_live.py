"""Words of change: to whom they go, and when a stream ends. The listener is asked with a real PostgreSQL."""

import time
from collections.abc import Iterator

import pytest
from django.db import transaction

from keepwell.access.actions import live as deeds
from keepwell.faces import live
from keepwell.faces.live import MOST_PER_PERSON, Full, Hub, Stream

ADA, BEN = 1, 2


@pytest.fixture
def hub() -> Iterator[Hub]:
    made = Hub()
    yield made
    for stream in list(made._streams):
        stream.close()
    if made._listener is not None:
        made._listener.join(20)


def first(stream: Stream) -> Iterator[bytes]:
    """Past the greeting."""
    said = iter(stream)
    assert b"event: hello" in next(said)
    return said


def heard(stream: Stream) -> str | None:
    """The next word for a page."""
    return stream._said.get(timeout=120)


def settle(stream: Stream) -> None:
    """Until the listener hears: it is told so long until something arrives, and what was told meanwhile is passed over."""
    until = time.monotonic() + 120
    while stream._said.empty() and time.monotonic() < until:
        deeds.announce("ready", users=[stream.user_id])
        time.sleep(0.05)
    deeds.announce("settled", users=[stream.user_id])
    while heard(stream) != "settled":
        pass


@pytest.mark.django_db(transaction=True)
def test_what_is_announced_reaches_whom_it_concerns_and_sign_out_ends_it(hub: Hub) -> None:
    ada = hub.join(user_id=ADA, session="a", most=10)
    ben = hub.join(user_id=BEN, session="b", most=10)
    settle(ada)
    with transaction.atomic():
        deeds.announce("bell", users=[BEN])
    deeds.announce("incidents")
    assert heard(ada) == "incidents"
    assert [heard(ben) for _ in range(2)] == ["bell", "incidents"]
    with transaction.atomic():
        deeds.announce("bell", users=[ADA])
        transaction.set_rollback(True)
    deeds.end(session="a")
    assert heard(ada) is None, "of what was taken back nobody hears"
    assert ben._said.empty()


def test_places_are_few_and_given_back() -> None:
    hub = Hub()
    hub._listen = lambda: None  # type: ignore[method-assign] # no database is asked here
    mine = [hub.join(user_id=ADA, session="a", most=MOST_PER_PERSON + 1) for _ in range(MOST_PER_PERSON)]
    with pytest.raises(Full):
        hub.join(user_id=ADA, session="a", most=100)
    other = hub.join(user_id=BEN, session="b", most=MOST_PER_PERSON + 1)
    with pytest.raises(Full):
        hub.join(user_id=3, session="c", most=MOST_PER_PERSON + 1)
    said = first(other)
    hub.tell('{"topic": "end", "session": null}')
    assert list(said) == []
    mine[0].close()
    assert hub.count() == MOST_PER_PERSON - 1


def test_a_page_that_does_not_keep_up_looks_at_everything() -> None:
    hub = Hub()
    hub._listen = lambda: None  # type: ignore[method-assign]
    slow = hub.join(user_id=ADA, session="a", most=1)
    for _ in range(live.MOST_WAITING + 1):
        slow.put("bell")
    assert next(iter(first(slow))) == b"event: change\ndata: all\n\n"
