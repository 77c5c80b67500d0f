"""Ada has the decks of her book made in one run, watches it, and takes the file; the company's own paper is looked at first."""

import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pptx import Presentation
from pptx.util import Inches

from keepwell.drafting.slides import templates
from keepwell.faces.jobs import decking
from keepwell.kernel.errors import Invalid
from keepwell.outcomes.actions import deck_runs
from keepwell.outcomes.models import DeckRun
from keepwell.outcomes.queries import deck_runs as reads
from keepwell.outcomes.queries import deck_templates
from tests.drafting import decks
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.outcomes import plans
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
HERE = "/reviews/decks/"
PAPER = "/settings/decks/"


@pytest.fixture
def ada(lived: World, sign_in: SignIn) -> Client:
    plans.make()
    return sign_in(lived.ada)


@pytest.fixture(autouse=True)
def in_a_folder(settings: Any, tmp_path: Path) -> None:
    settings.KEEPWELL_DATA = tmp_path


def asked(client: Client, **other: str) -> DeckRun:
    said = {"of": "mine", "since": "2026-03-16", "until": "2026-06-14", "form": "pptx", **other}
    answer = client.post(HERE, said)
    assert answer.status_code == 302, text(answer)
    return DeckRun.objects.latest("pk")


def test_a_book_s_decks_come_as_one_file_with_progress(ada: Client, sign_in: SignIn, lived: World) -> None:
    run = asked(ada)
    page = text(ada.get(f"{HERE}{run.pk}/"))
    assert "0 of 4 accounts" in page
    decking.run(run_id=run.pk)
    moving = ada.get(f"{HERE}{run.pk}/progress/", headers={"HX-Request": "true"})
    assert moving.headers["HX-Refresh"] == "true"
    done = text(ada.get(f"{HERE}{run.pk}/"))
    assert "4 decks" in done
    file = ada.get(f"{HERE}{run.pk}/decks.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(file.streaming_content))) as archive:  # type: ignore[attr-defined]
        names = sorted(archive.namelist())
        willow = archive.read("willow-review-2026-06-14.pptx")
    assert names == [f"{key}-review-2026-06-14.pptx" for key in ("ash", "birch", "elm", "willow")]
    assert "Reports without hands" in decks.texts(willow)
    ben = sign_in(lived.ben)
    for part in ("", "progress/", "decks.zip"):
        assert ben.get(f"{HERE}{run.pk}/{part}").status_code == 404
    assert decking.forget_old() == 0


def test_a_run_that_is_stopped_keeps_no_file_and_one_cut_off_begins_again(
    ada: Client, lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = asked(ada, form="pdf")
    made = decking.reviewing.deck
    seen: list[str] = []

    def broken(**said: Any) -> Any:
        seen.append(said["account"])
        if len(seen) == 2:
            raise MemoryError
        return made(**said)

    monkeypatch.setattr(decking.reviewing, "deck", broken)
    with pytest.raises(MemoryError):
        decking.run(run_id=run.pk)
    assert reads.find(run_id=run.pk, seen_by=lived.scope("ada")).state == "failed"
    assert list(decking.path("").iterdir()) == []
    again = asked(ada, form="pdf")

    def stopping(**said: Any) -> Any:
        deck_runs.stop(run_id=again.pk, by=lived.scope("ada"), at=NOW)
        return made(**said)

    monkeypatch.setattr(decking.reviewing, "deck", stopping)
    decking.run(run_id=again.pk)
    found = reads.find(run_id=again.pk, seen_by=lived.scope("ada"))
    assert (found.state, found.place) == ("failed", "")
    assert list(decking.path("").iterdir()) == []
    cut = asked(ada)
    DeckRun.objects.filter(pk=cut.pk).update(state="running", steps_done=3)
    assert cut.pk in reads.unfinished()
    monkeypatch.setattr(decking.reviewing, "deck", made)
    decking.run(run_id=cut.pk)
    assert reads.find(run_id=cut.pk, seen_by=lived.scope("ada")).state == "done"


def test_what_cannot_be_run_is_refused_with_what_was_typed(ada: Client) -> None:
    for other, why in (
        ({"of": "segment:nothing"}, "is not known"),
        ({"until": "2026-12-31"}, "does not end by today"),
        ({"form": "doc"}, "is not known"),
    ):
        answer = ada.post(
            HERE, {"of": "mine", "since": "2026-03-16", "until": "2026-06-14", "form": "pptx", **other}
        )
        assert (answer.status_code, why in text(answer)) == (422, True), other


def house(*, wide: float = 13.333, title: bool = True) -> bytes:
    """A company's own file, its cover's layout named by them."""
    made = Presentation()
    made.slide_width = Inches(wide)
    made.slide_height = Inches(wide * 9 / 16)
    made.slide_layouts[0].name = "Fernhill cover"
    if not title:
        for layout in made.slide_layouts:
            for shape in list(layout.placeholders):
                shape._element.getparent().remove(shape._element)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_decks_are_made_on_the_company_s_own_paper(lived: World, sign_in: SignIn) -> None:
    plans.make()
    root = sign_in(lived.root)
    assert "on Keepwell’s own paper" in text(root.get(PAPER))
    told = root.post(PAPER, {"file": SimpleUploadedFile("fernhill.pptx", house())}, follow=True)
    assert "Fernhill cover" in text(told)
    assert "fernhill.pptx" in text(root.get(HERE))
    deck = decks.opened(root.get("/accounts/willow/review/deck.pptx").content)
    assert deck.slides[0].slide_layout.name == "Fernhill cover"
    gone = root.post(PAPER, {"deed": "drop"}, follow=True)
    assert "own paper again" in text(gone)
    assert deck_templates.content() is None
    assert sign_in(lived.ada).get(PAPER).status_code == 403


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no file of PowerPoint", "cannot be opened"),
        (house(title=False), "no layout with a title"),
        (house(wide=4), "A deck needs at least"),
    ],
)
def test_a_file_that_is_not_fit_is_refused_with_what_it_lacks(content: bytes, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        templates.checked(content)


def test_macros_and_files_that_are_no_presentation_are_refused() -> None:
    for name, why in (("word/document.xml", "no presentation"), ("ppt/vbaProject.bin", "macros")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, "x")
            if "vba" in name:
                archive.writestr("ppt/presentation.xml", "x")
        with pytest.raises(Invalid, match=why):
            templates.checked(out.getvalue())


def test_a_file_whose_worker_was_cut_off_is_swept_and_others_stay(ada: Client) -> None:
    run = asked(ada)
    decking.run(run_id=run.pk)
    run.refresh_from_db()
    long_ago = (NOW - timedelta(days=2)).timestamp()
    left, going = decking.path("left.zip"), decking.path("going.zip")
    for file in (left, going):
        file.write_bytes(b"half")
    os.utime(left, (long_ago, long_ago))
    os.utime(decking.path(run.place), (long_ago, long_ago))
    os.utime(going, (NOW.timestamp(), NOW.timestamp()))
    assert decking.forget_old() == 0
    assert (left.exists(), going.exists(), decking.path(run.place).exists()) == (False, True, True)
