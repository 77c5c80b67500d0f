"""The timeline of an account: asked by kind, person and words, page by page; notes with mentions, edits, pins and undo."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from keepwell.access.models import AuditEntry
from keepwell.intake.actions import records
from keepwell.ledger.actions import relay
from keepwell.ledger.models import Note, NoteMention, NoteWording
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, World

HERE = "/accounts/willow/timeline/"
DAY = timedelta(days=1)


def happened(client: Client, query: str = "") -> str:
    return text(client.get(HERE + (query or "?now=1")))


def undo(client: Client, page: str) -> str:
    found = re.search(r'name="removed" value="([^"]+)"', page)
    assert found is not None
    return text(client.post("/undo/", {"removed": found[1]}, follow=True))


def wrote(client: Client, words: str, **said: str) -> Note:
    answer = client.post("/accounts/willow/notes/", {"text": words, **said}, follow=True)
    assert "The note is there." in text(answer)
    return Note.objects.get(text__startswith=words)


def test_kind_person_source_and_words_are_asked_for(ada: Client) -> None:
    assert "We spoke" in happened(ada)
    tickets = happened(ada, "?kind=tickets")
    assert "Ticket escalated" in tickets
    assert "We spoke" not in tickets.split("Find", 1)[1]
    assert "Answered a survey" in happened(ada, "?person=p1").split("Find", 1)[1]
    assert "Ticket" not in happened(ada, "?source=surveys").split("Find", 1)[1]
    found = happened(ada, "?q=times out").split("Find", 1)[1]
    assert "Export times out" in found
    assert "We spoke" not in found
    assert "Nothing of that kind happened." in happened(ada, "?q=unheard of")
    assert ada.get(f"{HERE}?since=soon").status_code == 400


def test_what_was_said_in_a_conversation_is_found_and_opens(ada: Client) -> None:
    row = {
        "key": "said",
        "account": "willow",
        "kind": "call",
        "held_at": (NOW - DAY).isoformat(),
        "notes": "They fear the ÜBERGANG to the new plan.",
        "next_step": "Alan sends the list.",
        "visibility": "shared",
    }
    records.create(kind="touchpoints", said=row, source="tests", by=TESTS, at=NOW)
    relay.all_waiting(at=NOW)
    page = html(ada.get(f"{HERE}?q=übergang"))
    assert "/data/records/touchpoints/rows/said/" in page
    assert "Next: Alan sends the list." in page
    assert "Shared with the customer" in page


def test_older_facts_come_page_by_page_and_none_is_left_out(ada: Client) -> None:
    seen: list[str] = []
    rows = [
        {
            "key": f"q{n}",
            "account": "willow",
            "text": f"Thought {n:03}",
            "written_at": (NOW - DAY * 7).isoformat(),
        }
        for n in range(100)
    ]
    assert {one.outcome for one in records.put(kind="notes", rows=rows, source="t", by=TESTS, at=NOW)} == {
        "created"
    }
    address = f"{HERE}?kind=notes"
    while address:
        page = html(ada.get(address, headers={"HX-Request": "true"}))
        seen += re.findall(r"Thought \d+", page)
        older = re.search(r'hx-get="([^"]*before=[^"]*)"', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert sorted(seen) == [f"Thought {n:03}" for n in range(100)]


def test_a_note_is_written_reworded_and_its_earlier_wording_is_seen(ada: Client, lived: World) -> None:
    note = wrote(ada, "They want two years")
    assert (note.author, note.visibility) == ("ada@fernhill.test", "internal")
    assert "They want two years Ada Internal" in happened(ada)
    assert "<textarea" in html(ada.get(f"{HERE}?edit={note.key}"))
    said = {"text": "They want three", "visibility": "shared"}
    answer = ada.post(f"/accounts/willow/notes/{note.key}/", said, follow=True)
    assert "They want three Ada Shared with the customer Edited" in happened(ada)
    earlier = text(ada.get(f"/accounts/willow/notes/{note.key}/wordings/"))
    assert "changed by Ada They want two years" in earlier
    assert "The note says what it said." in undo(ada, html(answer))
    assert Note.objects.get(key=note.key).text == "They want two years"
    assert NoteWording.objects.filter(note=note.key).count() == 2
    assert AuditEntry.objects.filter(deed="note.upsert", actor=lived.ada).count() == 3
    relay.all_waiting(at=NOW)


def test_a_note_is_deleted_and_comes_back_with_its_history(ada: Client) -> None:
    note = wrote(ada, "Mind the renewal")
    ada.post(f"/accounts/willow/notes/{note.key}/", {"text": "Mind the renewal in May"}, follow=True)
    gone = ada.post(f"/data/records/notes/rows/{note.key}/removal/", {"back": HERE}, follow=True)
    assert not Note.objects.exists()
    undo(ada, html(gone))
    assert "Mind the renewal" in text(ada.get(f"/accounts/willow/notes/{note.key}/wordings/"))


def test_a_pinned_note_stands_above(ada: Client) -> None:
    note = wrote(ada, "Never call on Fridays")
    page = text(ada.post(f"/accounts/willow/notes/{note.key}/pin/", follow=True))
    assert "Pinned above the timeline." in page
    assert page.index("Never call on Fridays") < page.index("Everything Notes")
    assert "Unpinned." in text(ada.post(f"/accounts/willow/notes/{note.key}/pin/", follow=True))


def test_mentions_reach_colleagues_who_may_see_the_account(ada: Client, lived: World) -> None:
    note = wrote(ada, "@ben and @cleo, look; not@home", mention="root")
    assert note.text.endswith("@root")
    told = {mention.user_id: mention.mentioned_by for mention in NoteMention.objects.filter(note=note)}
    assert told == dict.fromkeys((lived.ben.pk, lived.root.pk), "ada@fernhill.test")
    ada.post(f"/accounts/willow/notes/{note.key}/", {"text": "@ben, look again"})
    assert NoteMention.objects.filter(user=lived.ben).count() == 1, "once a note"
    assert '<b class="mention">@ben</b>' in html(ada.get(f"{HERE}?now=1"))


def test_a_note_is_text_and_nothing_else(ada: Client) -> None:
    wrote(ada, "<script>alert(1)</script> שלום 🙂")
    page = html(ada.get(f"{HERE}?now=1"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; שלום 🙂" in page
    assert "A note needs words." in text(ada.post("/accounts/willow/notes/", {"text": "  "}))


@pytest.mark.parametrize("deed", ["", "pin/"])
def test_notes_of_others_do_not_exist(lived: World, sign_in: SignIn, ada: Client, deed: str) -> None:
    note = wrote(ada, "Ours alone")
    cleo = sign_in(lived.cleo)
    assert cleo.get(HERE).status_code == 404
    assert cleo.post("/accounts/willow/notes/", {"text": "Mine"}).status_code in (404, 422)
    assert cleo.post(f"/accounts/willow/notes/{note.key}/{deed}", {"text": "Mine"}).status_code == 404
    assert cleo.get(f"/accounts/willow/notes/{note.key}/wordings/").status_code == 404
    assert ada.post(f"/accounts/elm/notes/{note.key}/{deed}", {"text": "Moved"}).status_code == 404
    assert Note.objects.get().text == "Ours alone"
