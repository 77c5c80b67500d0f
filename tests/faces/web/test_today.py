"""The page Today: groups, reasons, deeds with their undo."""

import re

import pytest
from django.test import Client

from keepwell.cockpit.queries import today
from keepwell.faces.web.models import TakenAway
from keepwell.faces.web.pages import today as pages
from keepwell.hooks import registry
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import World


def item(page: str, kind: str) -> str:
    found = re.search(rf'name="item" value="({kind}:[^"]+)"', page)
    assert found, kind
    return found[1]


def test_it_is_the_first_page_and_says_what_waits(ada: Client) -> None:
    assert ada.get("/").headers["Location"] == "/today/"
    said = text(ada.get("/today/"))
    assert re.search(r"\d+ things wait for you, \d+ clocks run, .* a year at stake\.", said)
    assert "Clocks running" in said
    assert re.search(r"Health was \d+ when it opened; Call the customer is next\.", said)
    assert "Look why health fell" not in said, "Willow's incident asks for that look already"
    assert "renewal in 40 days." in said
    assert "How this is ranked" in said


def test_done_answers_with_the_list_and_a_toast_that_takes_it_back(lived: World, sign_in: SignIn) -> None:
    ada, whole = sign_in(lived.ada, htmx=True), sign_in(lived.ada)
    renewal = item(html(ada.get("/today/")), "renewal")
    answer = ada.post("/today/done/", {"item": renewal})
    assert html(answer).lstrip().startswith('<div id="today"')
    assert renewal not in html(answer)
    assert "Done: Prepare the renewal" in text(answer)
    undo = TakenAway.objects.get().pk.hex
    ada.post("/undo/", {"removed": f"undo-{undo}"})
    assert renewal in html(whole.get("/today/"))


def test_snooze_and_assign_without_script(ada: Client, lived: World, sign_in: SignIn) -> None:
    page = html(ada.get("/today/"))
    renewal = item(page, "renewal")
    said = text(ada.post("/today/snooze/", {"item": renewal, "until": "2026-06-18"}, follow=True))
    assert "Snoozed until 18 Jun, 06:00 UTC: Prepare the renewal" in said
    assert "1 snoozed item." in said
    fire = item(page, "incident")
    said = text(ada.post("/today/delegation/", {"item": fire, "to": "ben@fernhill.test"}, follow=True))
    assert "Waiting on others" in said
    assert "With Ben." in said
    assert "From Ada." in text(sign_in(lived.ben).get("/today/"))
    ada.post("/today/recall/", {"item": fire})
    assert "With Ben." not in text(ada.get("/today/"))


def test_what_is_refused_is_said_and_nothing_changes(ada: Client) -> None:
    assert "not on your list" in text(ada.post("/today/done/", {"item": "fall:1:x"}, follow=True))
    renewal = item(html(ada.get("/today/")), "renewal")
    said = text(ada.post("/today/snooze/", {"item": renewal, "until": "soon"}, follow=True))
    assert '"soon" is no date' in said
    assert renewal in html(ada.get("/today/"))


def test_cleo_s_list_is_empty_and_root_sees_data_to_mend_only_if_there_is(
    lived: World, sign_in: SignIn
) -> None:
    assert "Nothing waits" in text(sign_in(lived.cleo).get("/today/"))
    assert "so this is of all that you may see" in text(sign_in(lived.root).get("/today/"))


def test_who_may_only_read_gets_the_list_without_deeds(lived: World, sign_in: SignIn) -> None:
    lived.root.role = "executive"
    lived.root.save()
    said = sign_in(lived.root).get("/today/")
    assert "Clocks running" in text(said)
    assert 'name="item"' not in html(said)


def ranks(page: str) -> list[int]:
    return [int(rank) for rank in re.findall(r'id="wait-(\d+)"', page)]


def test_a_long_list_comes_in_parts_and_stays_as_long_as_it_was(
    ada: Client, lived: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = html(ada.get("/today/"))
    last = len(ranks(whole))
    assert last > 3
    assert "data-more" not in whole
    monkeypatch.setattr(pages, "AT_ONCE", 1)
    monkeypatch.setattr(pages, "SPARE", 1)
    first, script = html(ada.get("/today/")), sign_in(lived.ada, htmx=True)
    assert ranks(first) == [1]
    assert f"{last - 1} more" in first
    assert 'href="/today/?rows=2#wait-2"' in first, "without a script the link brings more of the page"
    assert re.findall('class="count">[0-9]+<', first)[0] in whole, "a group says how many it has in all"
    told, titles = first, re.findall('<h2 id="g-', first)
    for after in range(1, last):
        part = html(script.get(f"/today/?after={after}&rows=1"))
        assert ranks(part) == [after + 1]
        told += part
        titles += re.findall('<h2 id="g-', part)
    rows = re.compile(r'<a class="what" href="([^"]+)"')
    assert rows.findall(told) == rows.findall(whole)
    assert len(titles) == len(re.findall('<h2 id="g-', whole)), "no head stands twice"
    assert "data-more" not in part
    anew = html(script.get("/today/?rows=1&rows=2"))
    assert ranks(anew) == [1, 2, 3], "one to spare, for what came meanwhile"
    assert 'name="rows" value="2"' in anew, "which does not add up"
    answer = html(script.post("/today/done/", {"item": item(whole, "renewal"), "rows": "2"}))
    assert ranks(answer) == [1, 2, 3]
    assert ranks(html(ada.get("/today/?rows=all&after=2"))) == [1]


def test_sources_that_had_more_are_named_in_the_reader_s_language(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today, "LIMIT", 1)
    ada.post("/settings/preferences/", {"language": "de"})
    said = re.search(r"Von ([^.]+) werden nur die dringendsten gezeigt\.", text(ada.get("/today/")))
    assert said, "some source has one for Ada at least"
    assert not {source.title for source in registry.waiting()} & set(said[1].split(", "))
