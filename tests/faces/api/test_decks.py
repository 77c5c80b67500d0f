"""Decks of a book over the REST API, and the company's own paper."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pptx import Presentation

from keepwell.faces import clock
from keepwell.faces.jobs import decking
from tests import world
from tests.faces.api.test_rules import BASE, client, send
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
HERE = "/reviews/decks"
PERIOD = {"since": "2026-03-16", "until": "2026-06-14"}


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.KEEPWELL_DATA = tmp_path
    return world.build()


def test_a_book_is_asked_for_watched_and_taken_and_nobody_else_sees_it(cast: World) -> None:
    ada, ben = client(cast, "ada"), client(cast, "ben")
    asked = send(ada, "post", HERE, of="mine", **PERIOD)
    assert asked.status_code == 201, asked.content
    run = asked.json()
    assert (run["state"], run["done"], run["total"], run["form"]) == ("queued", 0, 4, "pptx")
    here = f"{BASE}{HERE}/{run['id']}"
    assert ada.get(f"{here}/decks.zip").status_code == 404, "there is no file yet"
    decking.run(run_id=run["id"])
    done = ada.get(here).json()
    assert (done["state"], done["done"], done["refused"]) == ("done", 4, [])
    file = ada.get(f"{here}/decks.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(file.streaming_content))) as archive:  # type: ignore[attr-defined]
        assert len(archive.namelist()) == 4
    assert [one["id"] for one in ada.get(f"{BASE}{HERE}").json()] == [run["id"]]
    assert ada.delete(here).status_code == 409, "it is over"
    for part in ("", "/decks.zip"):
        assert ben.get(f"{here}{part}").status_code == 404
    assert ben.get(f"{BASE}{HERE}").json() == []


def test_a_run_is_stopped_and_what_is_not_known_is_refused(cast: World) -> None:
    ada = client(cast, "ada")
    run = send(ada, "post", HERE, of="all", form="pdf", **PERIOD).json()
    assert ada.delete(f"{BASE}{HERE}/{run['id']}").json()["state"] == "failed"
    assert send(ada, "post", HERE, of="segment:none", **PERIOD).status_code in (400, 422)
    assert send(ada, "post", HERE, of="mine", since="2026-06-01", until="2026-12-31").status_code in (
        400,
        422,
    )


def test_the_paper_is_looked_at_taken_and_dropped(cast: World) -> None:
    root = client(cast, "root")
    own = io.BytesIO()
    Presentation().save(own)

    def put(content: bytes) -> Any:
        return root.post(f"{BASE}/settings/decks", {"file": SimpleUploadedFile("house.pptx", content)})

    assert root.get(f"{BASE}/settings/decks").json()["name"] == ""
    assert put(b"no zip").status_code in (400, 422)
    taken = put(own.getvalue())
    assert (taken.status_code, taken.json()["name"]) == (200, "house.pptx"), taken.content
    assert root.delete(f"{BASE}/settings/decks").status_code == 204
    assert root.delete(f"{BASE}/settings/decks").status_code == 409
    assert client(cast, "ada").get(f"{BASE}/settings/decks").status_code == 403
