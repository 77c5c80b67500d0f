"""Files of accounts: what they are, which are not taken, removed and brought back, forgotten, and erased with a person."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from keepwell.access.models import AuditEntry
from keepwell.hooks.subjects import Subject
from keepwell.kernel import errors
from keepwell.ledger import filing, frames
from keepwell.ledger.actions import files as deeds
from keepwell.ledger.actions import people, relay
from keepwell.ledger.actions.file_erasing import AccountFiles
from keepwell.ledger.models import File
from keepwell.ledger.queries import files
from tests import world
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
SUBJECT = Subject(("p-7749ZX",), ("zelda@elm.test",), ("Zelda Quirkendorf",))


@pytest.fixture
def cast(settings: Settings, tmp_path: Path) -> World:
    settings.KEEPWELL_DATA = tmp_path
    return world.build()


def added(name: str, content: bytes, **said: str) -> str:
    told = {"account": "elm", "visibility": "internal", **said}
    return deeds.add(name=name, chunks=[content], by=TESTS, at=NOW, **told)  # type: ignore[arg-type]


def office() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"<html><script>alert(1)</script>", "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"),
        ("Grüße".encode(), "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_a_file_is_what_its_bytes_are(cast: World, content: bytes, kind: str) -> None:
    key = added("invoice.pdf", content)
    found, path = files.find(key=key, account_id=cast.elm.pk, seen_by=TESTS)
    assert (found.media_type, found.size, path.read_bytes()) == (kind, len(content), content)


@pytest.mark.parametrize(
    "content", [b"MZ\x90", b"\x7fELF", b"#!/bin/sh\n", b"", b"x" * (filing.MOST_BYTES + 1)]
)
def test_programs_empty_and_huge_files_are_refused_and_leave_nothing(cast: World, content: bytes) -> None:
    with pytest.raises(errors.Invalid, match="othing was stored"):
        added("setup.pdf", content)
    assert not File.objects.exists()
    assert list(filing.path("").iterdir()) == []


def test_a_name_is_a_name_and_no_path(cast: World) -> None:
    key = added("..\\..\\etc/pass\x00wd", b"text")
    assert File.objects.get(key=key).name == "passwd"


@pytest.mark.parametrize("href", ["javascript:alert(1)", "file:///etc/passwd", "elm.test"])
def test_a_link_leads_to_the_web_alone(cast: World, href: str) -> None:
    with pytest.raises(errors.Invalid, match="no address"):
        deeds.link(account="elm", name="x", href=href, visibility="internal", by=TESTS, at=NOW)


def test_a_removed_file_comes_back_and_after_thirty_days_no_more(cast: World) -> None:
    key = added("plan.txt", b"text")
    path = filing.path(File.objects.get(key=key).place)
    deeds.remove(key=key, by=TESTS, at=NOW)
    assert files.of_account(account_id=cast.elm.pk, seen_by=TESTS) == ()
    deeds.restore(key=key, by=TESTS, at=NOW)
    assert [one.name for one in files.of_account(account_id=cast.elm.pk, seen_by=TESTS)] == ["plan.txt"]
    deeds.remove(key=key, by=TESTS, at=NOW)
    deeds.forget_removed(at=NOW + timedelta(days=29))
    assert path.exists()
    deeds.forget_removed(at=NOW + timedelta(days=31))
    assert not path.exists()
    assert not File.objects.exists()
    with pytest.raises(errors.NotFound):
        deeds.restore(key=key, by=TESTS, at=NOW)
    assert AuditEntry.objects.filter(deed="file.remove").count() == 2


def test_the_ledger_says_that_a_file_was_added_and_takes_it_back_with_the_file(cast: World) -> None:
    key = added("plan.txt", b"text", visibility="shared")
    relay.all_waiting(at=NOW)

    def said() -> int:
        found = frames.events(until=NOW + timedelta(days=1), names=["file.added"]).collect().to_native()
        return int(found.height)

    assert said() == 1
    deeds.remove(key=key, by=TESTS, at=NOW)
    assert said() == 0


def test_who_may_not_see_the_account_may_do_nothing_with_its_files(cast: World) -> None:
    key = added("plan.txt", b"text")
    cleo = cast.scope("cleo")
    with pytest.raises(errors.NotFound):
        deeds.add(account="elm", name="x", chunks=[b"x"], visibility="internal", by=cleo, at=NOW)
    with pytest.raises(errors.NotFound):
        deeds.remove(key=key, by=cleo, at=NOW)
    with pytest.raises(errors.NotFound):
        files.find(key=key, account_id=cast.elm.pk, seen_by=cleo)


def test_an_erasure_reaches_the_bytes(cast: World) -> None:
    people.upsert(rows=[{"key": "p-7749ZX", "account": "elm"}], source="t", by=TESTS, at=NOW, vouched=False)
    about = added("cv.pdf", b"%PDF-1.7", person="p-7749ZX")
    told = added("minutes.txt", b"Zelda Quirkendorf agreed.\nOthers too.")
    eraser = AccountFiles()
    place = filing.path(File.objects.get(key=about).place)
    assert eraser.find(SUBJECT) == {"files": 1, "files that mention them": 1}
    assert {known.noun for known in eraser.export(SUBJECT)} == {"files about them", "files that mention them"}
    eraser.erase(SUBJECT, {"p-7749ZX": "erased-1"}, NOW)
    assert eraser.find(SUBJECT) == {}
    assert not place.exists()
    assert filing.path(File.objects.get(key=told).place).read_text() == "[erased] agreed.\nOthers too."
