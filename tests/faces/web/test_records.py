"""Records of every kind by hand: read, made, changed, taken away and brought back."""

import re

import pytest
from django.test import Client

from keepwell.faces.web.pages.record_columns import NEWEST
from keepwell.intake.kinds import KINDS
from keepwell.ledger.models import Stakeholder, Ticket, Touchpoint
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import World

pytestmark = pytest.mark.django_db

KEPT = [kind for kind in KINDS.values() if kind.store is not None]
TICKETS = "/data/records/tickets/"
NEW = "/data/records/touchpoints/new/?account=elm"
CALL = {"kind": "call", "subject": "Renewal", "held_at": "2026-06-14T10:00", "minutes": "30"}


@pytest.mark.parametrize("kind", KEPT, ids=[kind.slug for kind in KEPT])
def test_every_kind_has_a_list_a_form_and_a_file(kind, lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    assert kind.title in text(root.get("/data/records/"))
    assert root.get(f"/data/records/{kind.slug}/").status_code == 200
    page = html(root.get(f"/data/records/{kind.slug}/new/"))
    for field in kind.fields:
        assert f'name="{field.slug}"' in page
    head = root.get(f"/data/records/{kind.slug}.csv").getvalue().decode().splitlines()[0]
    assert head.split(",")[: len(kind.fields)] == [field.slug for field in kind.fields]


def test_events_are_no_records(ada: Client) -> None:
    assert ada.get("/data/records/events/").status_code == 404
    assert ada.get("/data/records/nothing/").status_code == 404


def test_ada_logs_a_call_and_is_sent_back_to_where_she_was(ada: Client) -> None:
    assert "Of Elm" in text(ada.get(NEW))
    answer = ada.post(NEW, CALL | {"back": "/accounts/elm/timeline/"}, follow=True)
    assert answer.redirect_chain == [("/accounts/elm/timeline/", 302)]
    assert "Touchpoint “Renewal” is there." in text(answer)
    call = Touchpoint.objects.get(account__key="elm")
    assert (call.kind, call.minutes, call.source) == ("call", 30, "web")


def test_nobody_is_sent_to_another_site(ada: Client) -> None:
    answer = ada.post(NEW, CALL | {"back": "https://evil.test/"})
    assert answer.headers["Location"] == "/data/records/touchpoints/?account=elm"


def test_what_was_typed_stays_and_each_fault_stands_at_its_field(ada: Client) -> None:
    answer = ada.post(NEW, CALL | {"minutes": "half an hour", "held_at": ""})
    assert answer.status_code == 422
    page = html(answer)
    assert 'value="half an hour"' in page
    assert "is no number. Use digits" in page
    assert re.search(r'id="f-held_at-error">.*?This is needed\.', page, re.S)
    assert 'value="Renewal"' in page
    assert not Touchpoint.objects.filter(account__key="elm").exists()


def test_a_row_is_changed_and_its_custom_fields_with_it(ada: Client) -> None:
    page = ada.get(f"{TICKETS}rows/w0/")
    assert 'value="Export times out"' in html(page)
    typed = {
        "subject": "Export is slow",
        "opened_at": "2026-06-15T08:00",
        "custom_name": "Squad",
        "custom_value": "B",
    }
    assert "is saved" in text(ada.post(f"{TICKETS}rows/w0/", typed, follow=True))
    ticket = Ticket.objects.get(key="w0")
    assert (ticket.subject, ticket.fields) == ("Export is slow", {"Squad": "B"})
    assert 'name="custom.Squad" type="text" value="B"' in html(ada.get(f"{TICKETS}rows/w0/"))


def test_what_was_taken_away_comes_back_by_undo(ada: Client) -> None:
    gone = ada.post(f"{TICKETS}rows/w0/removal/", follow=True)
    assert "Ticket “Export times out” is gone." in text(gone)
    assert not Ticket.objects.filter(key="w0").exists()
    undo = undo_of(gone)
    back = ada.post("/undo/", {"removed": undo}, follow=True)
    assert "Ticket “Export times out” is back." in text(back)
    assert Ticket.objects.get(key="w0").account.key == "willow"
    assert ada.post("/undo/", {"removed": undo}).status_code == 404


def test_a_part_of_a_page_brings_what_there_is_to_say_along(lived: World, sign_in: SignIn) -> None:
    swift = sign_in(lived.ada, htmx=True)
    swift.post(f"{TICKETS}rows/w0/removal/")
    part = swift.get("/measures/")
    assert 'id="notices" hx-swap-oob="afterbegin"' in html(part)
    assert "is gone." in text(part)
    assert undo_of(part)
    assert "hx-swap-oob" not in html(swift.get("/measures/")), "it is said once"


def test_a_list_is_searched_filtered_and_paged(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keepwell.faces.web.views.records.SHOWN", 4)
    first = ada.get(TICKETS)
    assert text(first).count("Export times out") == 4
    (more,) = re.findall(r'href="([^"]+)">Next', html(first))
    assert text(ada.get(more)).count("Export times out") == 4
    assert text(ada.get(f"{TICKETS}?account=birch")).count("Export times out") == 1
    assert "Nothing fits" in text(ada.get(f"{TICKETS}?q=nowhere"))


def test_what_one_may_not_see_does_not_exist(lived: World, sign_in: SignIn) -> None:
    cleo = sign_in(lived.cleo)
    assert "Export times out" not in text(cleo.get(TICKETS))
    assert cleo.get(f"{TICKETS}rows/w0/").status_code == 404
    assert cleo.post(f"{TICKETS}rows/w0/removal/").status_code == 404
    assert cleo.get(NEW).status_code == 404
    assert cleo.post(NEW, CALL).status_code in (404, 422)
    assert Ticket.objects.filter(key="w0").exists()
    assert not Touchpoint.objects.filter(account__key="elm").exists()


@pytest.mark.parametrize("name", ["service", "delivery", "training", "contracts", "timeline"])
def test_every_tab_of_records_opens(name: str, ada: Client) -> None:
    assert ada.get(f"/accounts/willow/{name}/").status_code == 200


def test_the_service_tab_shows_tickets_and_how_long_they_are_open(ada: Client) -> None:
    page = ada.get("/accounts/willow/service/")
    assert "Export times out" in text(page)
    assert "opened today" in text(page)
    assert "/data/records/tickets/new/?account=willow&amp;back=%2Faccounts%2Fwillow%2Fservice%2F" in html(
        page
    )


def test_the_timeline_leads_to_the_form_of_a_touchpoint(ada: Client) -> None:
    page = html(ada.get("/accounts/elm/timeline/?now=1"))
    (form,) = re.findall(r'href="([^"]+)" data-key="n"', page)
    answer = ada.post(form.replace("&amp;", "&"), CALL, follow=True)
    assert answer.redirect_chain == [("/accounts/elm/timeline/", 302)]


def test_rows_name_people_accounts_and_colleagues_as_they_are_called(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    page = html(root.get("/data/records/surveys/"))
    place = "/data/records/people/rows/p1/?account=willow"
    assert f'<a class="link" href="{place}" title="p1"><bdi>Grace Hopper</bdi></a>' in page
    assert '<a class="link" href="/accounts/willow/" title="willow"><bdi>Willow</bdi></a>' in page
    risk = {"title": "Delay", "owner": "ada@fernhill.test", "raised_at": "2026-06-01"}
    root.post("/data/records/risks/new/?account=willow", risk)
    for page in (root.get("/data/records/risks/"), root.get("/accounts/willow/delivery/")):
        assert '<bdi title="ada@fernhill.test">Ada</bdi>' in html(page)
    assert "ada@fernhill.test" in root.get("/data/records/risks.csv").getvalue().decode()


def test_people_courses_and_colleagues_are_chosen_by_name(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    root.post("/data/records/courses/new/", {"key": "c1", "title": "First steps"})
    form = html(root.get("/data/records/enrolments/new/?account=willow"))
    assert '<option value="c1">First steps</option>' in form
    assert '<option value="p1">Grace Hopper</option>' in form
    assert '<option value="ada@fernhill.test">Ada</option>' in form
    typed = {"course": "c1", "person": "p1", "enrolled_at": "2026-06-01T09:00"}
    root.post("/data/records/enrolments/new/?account=willow", typed)
    assert "Grace Hopper" in text(root.get("/data/records/enrolments/"))
    assert "First steps" in text(root.get("/data/records/enrolments/"))


def test_who_may_only_read_reads(lived: World, sign_in: SignIn) -> None:
    lived.cleo.role = "executive"
    lived.cleo.save()
    cleo = sign_in(lived.cleo)
    page = cleo.get(f"{TICKETS}rows/w0/")
    assert "Export times out" in text(page)
    assert "Escalated Yes" in text(page)
    assert '<form class="form' not in html(page)
    assert "Delete" not in text(page)
    listed = cleo.get(TICKETS)
    assert "New ticket" not in text(listed)
    assert cleo.get(f"{TICKETS}new/").status_code == 403
    assert cleo.post(f"{TICKETS}rows/w0/", {"subject": "x"}).status_code == 403
    assert cleo.post(f"{TICKETS}rows/w0/removal/").status_code == 403


def test_a_csm_corrects_an_account_but_does_not_hand_it_over(ada: Client, lived: World) -> None:
    place = "/data/records/accounts/rows/elm/"
    assert 'name="owner"' not in html(ada.get(place))
    assert "Delete" not in text(ada.get(place))
    assert "is saved" in text(ada.post(place, {"name": "Elm", "industry": "Heat"}, follow=True))
    assert ada.post(place, {"owner": "ben@fernhill.test"}).status_code == 403
    lived.elm.refresh_from_db()
    assert lived.elm.industry == "Heat"


def test_a_person_in_two_accounts_is_read_changed_and_removed_in_the_right_one(ada: Client) -> None:
    here, there = "/data/records/people/rows/p1/?account=willow", "/data/records/people/rows/p1/?account=elm"
    ada.post("/data/records/people/new/?account=elm", {"key": "p1", "title": "Adviser"})
    assert 'value="COO"' in html(ada.get(here))
    assert 'value="Adviser"' in html(ada.get(there))
    ada.post(there, {"title": "Board"})
    stakes = Stakeholder.objects.filter(person__key="p1")
    assert dict(stakes.values_list("account__key", "title")) == {"willow": "COO", "elm": "Board"}
    gone = ada.post("/data/records/people/rows/p1/taking-off/?account=elm", follow=True)
    assert "Person “Grace Hopper” no longer belongs to Elm." in text(gone)
    assert list(stakes.values_list("account__key", flat=True)) == ["willow"]
    back = ada.post("/undo/", {"removed": undo_of(gone)}, follow=True)
    assert "They belong to the account again." in text(back)
    assert dict(stakes.values_list("account__key", "title")) == {"willow": "COO", "elm": "Board"}
    gone = ada.post("/data/records/people/rows/p1/removal/", follow=True)
    assert not stakes.exists()
    ada.post("/undo/", {"removed": undo_of(gone)})
    assert dict(stakes.values_list("account__key", "title")) == {"willow": "COO", "elm": "Board"}


def test_an_account_is_found_by_typing_its_name(ada: Client, lived: World, sign_in: SignIn) -> None:
    found = html(ada.get("/account-suggestions/?in=account&account=wil"))
    assert found.strip() == '<option value="willow">Willow</option>'
    assert not html(sign_in(lived.cleo).get("/account-suggestions/?in=account&account=wil")).strip()
    assert text(ada.get(f"{TICKETS}?account=Willow")).count("Export times out") == 10
    typed = CALL | {"account": "Elm"}
    assert ada.post("/data/records/touchpoints/new/", typed).status_code == 302
    assert Touchpoint.objects.get(subject="Renewal").account.key == "elm"


def test_an_account_by_hand_has_a_name_a_key_to_read_and_a_page(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    nameless = root.post("/data/records/accounts/new/", {"industry": "Timber"})
    assert nameless.status_code == 422
    assert re.search(r'id="f-name-error">.*?This is needed\.', html(nameless), re.S)
    made = root.post("/data/records/accounts/new/", {"name": "Hazel & Sons"})
    assert re.fullmatch(r"/accounts/hazel-sons-[0-9a-f]{4}/", made.headers["Location"])
    assert "Account “Hazel & Sons” is there." in text(root.get(made.headers["Location"]))


def undo_of(answer: object) -> str:
    """The mark of the button that brings back."""
    (undo,) = re.findall(r'name="removed" value="([^"]+)"', html(answer))
    return str(undo)


@pytest.mark.parametrize("kind", sorted(NEWEST))
def test_the_order_of_a_list_of_facts_stands_in_an_index(kind: str) -> None:
    store = KINDS[kind].store
    assert store is not None
    ordered = [index.expressions for index in store.model._meta.indexes if len(index.expressions) == 2]
    assert NEWEST[kind] in {day.expression.name for day, _ in ordered}
