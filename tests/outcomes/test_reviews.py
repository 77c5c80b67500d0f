"""Reviews are planned, guests invited and told of changes, held once with all that came of it, and taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from keepwell.access.models import AuditEntry
from keepwell.kernel import errors
from keepwell.ledger import frames
from keepwell.ledger.actions import relay
from keepwell.ledger.models import Touchpoint
from keepwell.outcomes import models
from keepwell.outcomes.actions import holdings, invitations, review_labels, reviews
from keepwell.outcomes.queries import review_proposals, shared_reviews
from keepwell.outcomes.queries import reviews as reads
from keepwell.pipeline.actions import advance
from keepwell.plays.actions import cadences
from keepwell.plays.models import Message, Task, TaskCompletion
from keepwell.signals.actions import rules
from keepwell.signals.models import Firing
from tests import outbox
from tests.outcomes.meetings import AFTER, THEN, cast, found, held, make, wanted
from tests.world import NOW, TESTS, World

__all__ = ["cast"]
pytestmark = pytest.mark.django_db


def invite(cast: World, number: int, at: datetime = NOW) -> invitations.Invited:
    return invitations.invite(review_id=number, by=cast.scope("ada"), at=at)


def entries() -> list[tuple[str, Any]]:
    """The waiting mails: to whom, and their calendar."""
    rows = Message.objects.filter(state="queued").order_by("pk").values_list("recipient", "calendar")
    return [(to, Calendar.from_ical(text)) for to, text in rows]


def event(calendar: Any) -> Any:
    return calendar.walk("VEVENT")[0]


def test_guests_are_invited_once_and_told_of_each_change_with_the_next_sequence(cast: World) -> None:
    number = make(cast)
    told = invite(cast, number)
    assert (told.count, told.unwritten) == (3, ("Finn",))
    assert invite(cast, number).count == 0, "who knows of it is not written to again"
    first = entries()
    assert [to for to, _ in first] == ["dora@willow.test", "emil@willow.test", "ada@fernhill.test"]
    said = event(first[0][1])
    assert (first[0][1]["METHOD"], said["SEQUENCE"], said.decoded("DTSTART")) == ("REQUEST", 0, THEN)
    assert said["ORGANIZER"] == "mailto:ada@fernhill.test"
    assert {str(one) for one in said["ATTENDEE"]} == {
        f"mailto:{to}" for to in ("dora@willow.test", "emil@willow.test", "ada@fernhill.test")
    }
    Message.objects.update(state="sent", tries=1)
    later = THEN + timedelta(days=1)
    moved = wanted(starts_at=later, theirs=("dora", "finn"))
    assert reviews.change(review_id=number, wanted=moved, by=cast.scope("ada"), at=NOW) == 3
    second = dict(entries())
    assert second["emil@willow.test"]["METHOD"] == "CANCEL"
    anew = event(second["dora@willow.test"])
    assert (anew["SEQUENCE"], anew.decoded("DTSTART"), anew["UID"]) == (1, later, said["UID"])
    assert reviews.cancel(review_id=number, by=cast.scope("ada"), at=NOW, reason="Budget") == 2
    off = dict(entries())["dora@willow.test"]
    assert (off["METHOD"], event(off)["SEQUENCE"], event(off)["STATUS"]) == ("CANCEL", 2, "CANCELLED")
    assert "Budget" not in str(off)
    assert found(cast, number).row.state == "cancelled"
    assert reviews.plan_again(review_id=number, by=cast.scope("ada"), at=NOW) == 2
    assert event(dict(entries())["dora@willow.test"])["SEQUENCE"] == 3
    assert found(cast, number).row.state == "invited"


def test_what_waits_of_an_earlier_state_is_not_sent(cast: World) -> None:
    number = make(cast)
    invite(cast, number)
    reviews.change(
        review_id=number, wanted=wanted(starts_at=THEN + timedelta(days=2)), by=cast.scope("ada"), at=NOW
    )
    assert [event(one)["SEQUENCE"] for _, one in entries()] == [1, 1, 1]


def test_a_change_that_no_guest_sees_is_told_to_nobody(cast: World) -> None:
    number = make(cast)
    invite(cast, number)
    Message.objects.update(state="sent")
    quiet = wanted(notes="They will ask for a discount.", title=found(cast, number).row.title)
    assert reviews.change(review_id=number, wanted=quiet, by=cast.scope("ada"), at=NOW) == 0
    assert entries() == []


def test_what_is_internal_stands_in_no_invitation(cast: World) -> None:
    labels = {"agenda": "internal", "place": "internal", "guests": "internal"}
    number = make(cast, labels=labels, agenda="markagenda", place="markplace", notes="marknotes")
    invite(cast, number)
    for row in Message.objects.all():
        for mark in ("markagenda", "markplace", "marknotes"):
            assert mark not in row.body + row.calendar + row.subject
    by_person = dict(entries())
    assert str(event(by_person["dora@willow.test"])["ATTENDEE"]) == "mailto:dora@willow.test"
    hidden = make(cast, labels={"title": "internal"})
    with pytest.raises(errors.Invalid, match="internal"):
        invite(cast, hidden)


def test_what_is_held_is_a_conversation_with_tasks_scores_and_the_next_one(cast: World) -> None:
    number = make(cast)
    invite(cast, number)
    following = holdings.hold(review_id=number, held=held(), by=cast.scope("ada"), at=AFTER)
    touchpoint = Touchpoint.objects.get(kind="review")
    assert (touchpoint.held_at, touchpoint.minutes, touchpoint.executive_attended) == (THEN, 50, True)
    assert (touchpoint.invited, touchpoint.attended) == (["dora", "emil"], ["dora", "emil"])
    assert touchpoint.outcomes == ["Reports without hands"]
    told = found(cast, number, AFTER)
    assert (told.row.state, told.row.attended, told.held_minutes) == ("held", 3, 50)
    assert told.decisions == ("Roll out to all sites.",)
    assert [(one.title, one.owner, one.theirs) for one in told.todos] == [
        ("Send the offer", "Ada", ""),
        ("Name a sponsor", "", "Dora Klein"),
    ]
    assert [(one.title, one.stands, one.words) for one in told.scores] == [
        ("Reports without hands", "behind", "It is not there yet.")
    ]
    assert told.following == following
    assert following is not None
    then = found(cast, following, AFTER)
    assert (then.row.state, then.row.starts_at, len(then.guests)) == (
        "planned",
        AFTER + timedelta(days=91),
        4,
    )
    with pytest.raises(errors.Conflict, match="was held"):
        holdings.hold(review_id=number, held=held(), by=cast.scope("ben"), at=AFTER)
    relay.all_waiting(at=AFTER)
    names = frames.of_accounts(["willow"]).filter(kind="fact") if hasattr(frames, "of_accounts") else None
    assert names is None or "review.held" in names["name"].to_list()


def test_nobody_of_theirs_in_the_room_is_no_review_and_no_executive_is_said_so(cast: World) -> None:
    number = make(cast)
    with pytest.raises(errors.Conflict, match="still to come"):
        holdings.hold(review_id=number, held=held(), by=cast.scope("ada"), at=NOW)
    with pytest.raises(errors.Invalid, match="was there"):
        holdings.hold(review_id=number, held=held(theirs=()), by=cast.scope("ada"), at=AFTER)
    holdings.hold(review_id=number, held=held(theirs=("dora",), next_at=None), by=cast.scope("ada"), at=AFTER)
    assert Touchpoint.objects.get(kind="review").executive_attended is False


def test_it_is_taken_back_as_one_and_what_is_done_stays(cast: World) -> None:
    number = make(cast)
    following = holdings.hold(review_id=number, held=held(), by=cast.scope("ada"), at=AFTER)
    done = Task.objects.get(title="Send the offer")
    TaskCompletion.objects.create(task=done, at=AFTER)
    holdings.take_back(review_id=number, by=cast.scope("ada"), at=AFTER)
    assert not Touchpoint.objects.filter(kind="review").exists()
    assert list(Task.objects.values_list("title", flat=True)) == ["Send the offer"]
    assert not models.Review.objects.filter(pk=following).exists()
    told = found(cast, number, AFTER)
    assert (told.row.state, told.decisions, told.scores, told.row.attended) == ("overdue", (), (), 0)
    again = holdings.hold(review_id=number, held=held(next_at=None, todos=()), by=cast.scope("ada"), at=AFTER)
    assert again is None
    assert Touchpoint.objects.filter(kind="review").count() == 1
    with pytest.raises(errors.Conflict, match="was not held"):
        holdings.take_back(review_id=make(cast), by=cast.scope("ada"), at=NOW)


def shared(cast: World) -> shared_reviews.SharedReview | None:
    return shared_reviews.last(
        account="willow", seen_by=cast.scope("ada"), until=AFTER.date(), today=AFTER.date()
    )


def test_who_may_see_what_was_noted_is_switched_later_and_the_customer_reads_what_is_shared(
    cast: World,
) -> None:
    number = make(cast)
    said = held(internal_decisions=("Ours alone.",), next_at=None)
    holdings.hold(review_id=number, held=said, by=cast.scope("ada"), at=AFTER)
    told = found(cast, number, AFTER)
    lines = {one.text: one for one in told.decided}
    asked: dict[str, Any] = {"review_id": number, "by": cast.scope("ada"), "at": AFTER}
    for noun, line, label in (
        ("decision", lines["Roll out to all sites."].id, "internal"),
        ("decision", lines["Ours alone."].id, "shared"),
        ("action", told.todos[0].id, "internal"),
        ("score", told.scores[0].id, "internal"),
    ):
        assert review_labels.label(**asked, noun=noun, number=line, label=label) is True
        assert review_labels.label(**asked, noun=noun, number=line, label=label) is False, "it is so already"
    seen = shared(cast)
    assert seen is not None
    assert (seen.decisions, [one.title for one in seen.actions], seen.scores) == (
        ("Ours alone.",), ["Name a sponsor"], (),
    )  # fmt: skip
    assert found(cast, number, AFTER).internal_decisions == ("Roll out to all sites.",)
    assert AuditEntry.objects.filter(deed="review.labelled").count() == 4
    labelled = [one.feature for one in outbox.waiting() if one.name == "review.labelled"]
    assert sorted(labelled) == ["action", "decision", "decision", "score"]
    for other, why in (
        ({"noun": "guest", "number": 1, "label": "shared"}, errors.Invalid),
        ({"noun": "decision", "number": told.decided[0].id, "label": "secret"}, errors.Invalid),
        ({"noun": "decision", "number": 0, "label": "shared"}, errors.NotFound),
        ({"noun": "score", "number": told.scores[0].id, "label": "shared", "by": cast.scope("cleo")}, errors.NotFound),
    ):  # fmt: skip
        with pytest.raises(why):
            review_labels.label(**{**asked, **other})  # type: ignore[arg-type]


def test_rules_hear_what_was_decided_and_noted_until_it_is_taken_back(cast: World) -> None:
    words = ("all sites", "nine percent", "legal discovery")
    for place, said in enumerate(words):
        when = {"of": f"heard.{said}", "above": 0, "in_days": 30}
        rules.put(slug=f"heard-{place}", title=said, definition={"when": when}, by=TESTS, at=NOW)
    advance(at=AFTER)
    assert not Firing.objects.exists()
    number = make(cast)
    how = held(
        note="They ask for legal discovery.", internal_decisions=("Not below nine percent.",), next_at=None
    )
    holdings.hold(review_id=number, held=how, by=cast.scope("ada"), at=AFTER)
    advance(at=AFTER)
    holding = Firing.objects.filter(account__key="willow", ended_at=None).order_by("rule__slug")
    assert tuple(holding.values_list("rule__title", flat=True)) == words
    holdings.take_back(review_id=number, by=cast.scope("ada"), at=AFTER + timedelta(minutes=5))
    advance(at=AFTER + timedelta(minutes=5))
    assert not holding.exists()
    again = held(note="Nothing new.", decisions=("All sites, in May.",), next_at=None)
    holdings.hold(review_id=number, held=again, by=cast.scope("ada"), at=AFTER + timedelta(minutes=5))
    advance(at=AFTER + timedelta(minutes=9))
    assert [one.rule.title for one in holding] == ["all sites"]


def test_a_review_is_proposed_for_a_working_day_when_the_cadence_asks_for_it(cast: World) -> None:
    asked: dict[str, Any] = {"account": "willow", "seen_by": cast.scope("ada"), "zone": "Europe/Berlin"}
    none = review_proposals.find(**asked, now=NOW)
    assert (none.due, none.rule) == (None, "")
    holdings.hold(review_id=make(cast), held=held(next_at=None), by=cast.scope("ada"), at=AFTER)
    quarter = review_proposals.find(**asked, now=AFTER)
    assert (quarter.last, quarter.due) == (THEN.date(), THEN.date() + timedelta(days=91))
    said = {
        "phases": [{
            "slug": "use", "title": "Use", "from_day": 0,
            "touchpoints": [{"slug": "review", "title": "Review", "kinds": ["review"], "every_days": 30}],
        }],
    }  # fmt: skip
    cadences.declare(definition=said, by=cast.scope("root"), at=NOW)
    monthly = review_proposals.find(**asked, now=AFTER)
    assert monthly.due == THEN.date() + timedelta(days=30)
    assert "Review" in monthly.rule
    # The 25th of July 2026 is a Saturday: the Friday before at ten in Berlin.
    assert monthly.starts_at == datetime(2026, 7, 24, 8, 0, tzinfo=UTC)


def test_the_list_says_where_each_stands_and_cleo_finds_nothing(cast: World) -> None:
    first, second = make(cast), make(cast, starts_at=THEN + timedelta(days=5))
    invite(cast, second)
    told = reads.page(asked=reads.Asked(), seen_by=cast.scope("ada"), now=NOW)
    assert [(one.id, one.state, one.guests) for one in told] == [
        (first, "planned", 4),
        (second, "invited", 4),
    ]
    tally = reads.tally(seen_by=cast.scope("ada"), now=THEN + timedelta(days=1))
    assert (tally["overdue"], tally["invited"], tally["held"]) == (1, 1, 0)
    cleo = cast.scope("cleo")
    assert reads.page(asked=reads.Asked(), seen_by=cleo, now=NOW) == ()
    for deed in (
        lambda: reads.find(review_id=first, seen_by=cleo, now=NOW),
        lambda: reviews.cancel(review_id=first, by=cleo, at=NOW),
        lambda: reviews.schedule(account="willow", wanted=wanted(), by=cleo, at=NOW),
        lambda: holdings.hold(review_id=first, held=held(), by=cleo, at=AFTER),
    ):
        with pytest.raises(errors.NotFound):
            deed()


def test_what_is_no_review_is_refused(cast: World) -> None:
    for other, why in (
        ({"starts_at": NOW - timedelta(days=1)}, "still to come"),
        ({"starts_at": NOW + timedelta(days=2000)}, "three years"),
        ({"kind": "party"}, "no kind of review"),
        ({"minutes": 0}, "minutes"),
        ({"theirs": ("nobody",)}, "nobody with the key"),
        ({"ours": ("nobody@fernhill.test",)}, "Nobody who may"),
        ({"labels": {"price": "shared"}}, "no field"),
    ):
        with pytest.raises(errors.Invalid, match=why):
            make(cast, **other)  # type: ignore[arg-type]
    with pytest.raises(errors.Invalid, match="Nobody is to be there"):
        invite(cast, make(cast, theirs=(), ours=()))
