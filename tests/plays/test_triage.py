"""Tickets are looked at before anybody works on them: set, settled in one of four ways, and taken back."""

from datetime import timedelta

import pytest

from keepwell.kernel import errors
from keepwell.ledger.models import GapRequest, ProductGap
from keepwell.plays import models
from keepwell.plays.actions import library, office_hours, triage
from keepwell.plays.actions import triage_ways as ways
from keepwell.plays.queries import library as articles
from keepwell.plays.queries import triage as inbox
from tests import outbox, world
from tests.plays import desk
from tests.world import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> world.World:
    cast = world.build()
    desk.staffed(cast)
    return cast


def waiting(cast: world.World, name: str = "ada", **asked: str) -> list[tuple[str, str]]:
    found = inbox.page(asked=inbox.read(**asked), seen_by=cast.scope(name))  # type: ignore[arg-type]
    assert [one.key for one in found] == [
        one.key
        for one in inbox.each(asked=inbox.read(**asked), seen_by=cast.scope(name))  # type: ignore[arg-type]
    ]
    return [(one.kind, one.key) for one in found]


def article(cast: world.World, visibility: str = "shared") -> int:
    wanted = library.Wanted("How to export", "Press export.", visibility)
    return library.write(wanted=wanted, by=cast.scope("ada"), at=NOW)


def test_the_inbox_has_unknown_kinds_first_then_escalated_then_oldest(cast: world.World) -> None:
    desk.opened("t1", kind="question")
    desk.opened("t2", kind="Incident report")
    desk.opened("t3", kind="defect", at=NOW - 3 * DAY)
    desk.opened("t4", kind="defect", escalated=True)
    desk.opened("t5", kind="question", resolved_at=NOW)
    assert waiting(cast) == [("unknown", "t2"), ("defect", "t4"), ("defect", "t3"), ("question", "t1")]
    assert waiting(cast, kind="question") == [("question", "t1")]
    assert waiting(cast, search="t3") == [("defect", "t3")]
    counted = inbox.counts(asked=inbox.read(), seen_by=cast.scope("ada"))
    assert counted == {"unknown": 1, "defect": 2, "question": 1, "training_request": 0, "product_gap": 0}
    assert waiting(cast, "cleo") == []


def test_a_kind_is_set_for_several_and_taken_back(cast: world.World) -> None:
    desk.opened("t1")
    desk.opened("t2", kind="defect")
    done = triage.set_kind(tickets=["t1", "t2"], kind="defect", by=cast.scope("ada"), at=NOW)
    assert len(done.ids) == 1, "what is of that kind already stays as it is"
    assert desk.ticket("t1").kind == "defect"
    assert waiting(cast) == [("defect", "t1"), ("defect", "t2")], "a kind does not settle it"
    triage.undo(ids=done.ids, by=cast.scope("ada"), at=NOW)
    assert desk.ticket("t1").kind == ""
    with pytest.raises(errors.Invalid, match="no kind of ticket"):
        triage.set_kind(tickets=["t1"], kind="rant", by=cast.scope("ada"), at=NOW)


def test_what_one_may_not_see_is_not_triaged(cast: world.World) -> None:
    desk.opened("t1")
    with pytest.raises(errors.NotFound, match='no ticket "t1"'):
        triage.set_kind(tickets=["t1"], kind="defect", by=cast.scope("cleo"), at=NOW)
    done = ways.to_pm(tickets=["t1"], by=cast.scope("ada"), at=NOW)
    with pytest.raises(errors.NotFound):
        triage.undo(ids=done.ids, by=cast.scope("cleo"), at=NOW)


def test_an_article_answers_resolves_and_writes_a_letter_that_undo_stops(cast: world.World) -> None:
    desk.opened("t1", person="uma")
    desk.opened("t2", person="vic")
    number = article(cast)
    done = ways.answer(tickets=["t1", "t2"], article=number, by=cast.scope("ada"), at=NOW, note="Hello")
    assert (len(done.ids), done.unwritten) == (2, 1), "of Vic no address is known, and that is said"
    letter = models.Message.objects.get()
    assert (letter.recipient, letter.subject, letter.step) == ("uma@willow.test", "Re: About t1", None)
    assert "Press export." in letter.body
    assert letter.next_at > NOW, "so that undo comes in time"
    assert desk.ticket("t1").resolved_at == NOW
    assert waiting(cast) == []
    assert articles.find(article_id=number, seen_by=cast.scope("ada")).sent == 2
    assert triage.undo(ids=done.ids, by=cast.scope("ada"), at=NOW) == (2, 0)
    assert not models.Message.objects.exists()
    assert desk.ticket("t1").resolved_at is None
    assert len(waiting(cast)) == 2
    assert len(outbox.waiting(name="ticket.triaged", feature="article")) == 2
    assert len(outbox.waiting(name="ticket.untriaged")) == 2


def test_a_letter_that_is_out_is_not_called_back_and_undo_says_so(cast: world.World) -> None:
    desk.opened("t1", person="uma")
    done = ways.answer(tickets=["t1"], article=article(cast), by=cast.scope("ada"), at=NOW)
    models.Message.objects.update(state="sent")
    assert triage.undo(ids=done.ids, by=cast.scope("ada"), at=NOW) == (1, 1)
    assert models.Message.objects.count() == 1


def test_an_internal_article_goes_to_no_customer(cast: world.World) -> None:
    desk.opened("t1", person="uma")
    with pytest.raises(errors.Conflict, match="is internal"):
        ways.answer(tickets=["t1"], article=article(cast, "internal"), by=cast.scope("ada"), at=NOW)
    assert not models.Message.objects.exists()
    assert len(waiting(cast)) == 1


def test_a_ticket_is_settled_once(cast: world.World) -> None:
    desk.opened("t1")
    ways.to_pm(tickets=["t1"], by=cast.scope("ada"), at=NOW)
    with pytest.raises(errors.Conflict, match="triaged already"):
        ways.to_pm(tickets=["t1"], by=cast.scope("ben"), at=NOW)
    desk.opened("t2", resolved_at=NOW)
    with pytest.raises(errors.Conflict, match="is resolved"):
        ways.to_pm(tickets=["t2"], by=cast.scope("ada"), at=NOW)


def test_the_pm_gets_it_and_is_told_and_without_one_it_is_refused(cast: world.World) -> None:
    desk.opened("t1", assignee="desk@fernhill.test")
    desk.opened("e1", account="elm")
    done = ways.to_pm(tickets=["t1"], by=cast.scope("ada"), at=NOW)
    assert desk.ticket("t1").assignee == "pia@fernhill.test"
    told = models.Notification.objects.get()
    assert (told.user.name, told.subject) == ("Pia", "account:willow")
    with pytest.raises(errors.Conflict, match="Elm has no PM"):
        ways.to_pm(tickets=["e1"], by=cast.scope("ada"), at=NOW)
    ways.to_pm(tickets=["e1"], to="ben@fernhill.test", by=cast.scope("ada"), at=NOW)
    triage.undo(ids=done.ids, by=cast.scope("ada"), at=NOW)
    assert desk.ticket("t1").assignee == "desk@fernhill.test"


def test_tickets_become_requests_for_a_gap_and_undo_takes_them_away(cast: world.World) -> None:
    desk.opened("t1", person="uma", severity="high")
    desk.opened("t2", person="vic")
    first = ways.into_gap(tickets=["t1"], title="Dark mode", by=cast.scope("ada"), at=NOW)
    second = ways.into_gap(tickets=["t2"], title="dark MODE", by=cast.scope("ada"), at=NOW)
    gap = ProductGap.objects.get()
    assert (gap.key, GapRequest.objects.count()) == ("dark-mode", 2)
    assert desk.ticket("t1").kind == "product_gap"
    assert desk.ticket("t1").resolved_at is None, "it is resolved when the gap is shipped and they were told"
    triage.undo(ids=[*first.ids, *second.ids], by=cast.scope("ada"), at=NOW)
    assert not GapRequest.objects.exists()
    assert desk.ticket("t1").kind == ""
    again = ways.into_gap(tickets=["t1"], gap="dark-mode", by=cast.scope("ada"), at=NOW)
    assert len(again.ids) == 1


def test_nothing_is_half_done_when_one_of_several_is_refused(cast: world.World) -> None:
    desk.opened("t1")
    desk.opened("e1", account="elm")
    with pytest.raises(errors.Conflict):
        ways.to_pm(tickets=["t1", "e1"], by=cast.scope("ada"), at=NOW)
    assert len(waiting(cast)) == 2
    assert not models.Triage.objects.exists()


def test_triage_begins_with_the_first_deed_or_on_the_day_that_is_said(cast: world.World) -> None:
    desk.opened("t1")
    ways.to_pm(tickets=["t1"], by=cast.scope("ada"), at=NOW)
    start = models.TriageStart.objects.get()
    assert (start.began_on, start.declared, start.pm_had_all) == (NOW.date(), False, False)
    earlier = (NOW - 20 * DAY).date()
    triage.begin(account="willow", began_on=earlier, pm_had_all=True, by=cast.scope("ada"), at=NOW)
    start.refresh_from_db()
    assert (start.began_on, start.declared, start.pm_had_all) == (earlier, True, True)
    with pytest.raises(errors.Invalid, match="begins today or began before"):
        triage.begin(
            account="willow", began_on=(NOW + DAY).date(), pm_had_all=True, by=cast.scope("ada"), at=NOW
        )


def test_without_an_office_hour_a_request_is_refused_with_what_to_do(cast: world.World) -> None:
    desk.opened("t1")
    with pytest.raises(errors.Conflict, match="Set one up"):
        ways.into_office_hour(tickets=["t1"], by=cast.scope("ada"), at=NOW)
    assert not models.OfficeHourSession.objects.exists()
    assert office_hours.visible(cast.scope("ada")).count() == 0
