"""What an import changes is shown, it is undone after a preview, and how it was read is remembered."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keepwell.intake.actions import imports, undoing
from keepwell.intake.models import Batch, Undo
from keepwell.ledger.models import Account
from tests import world
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW

FILE = "key,name,since\nwillow,Willow & Sons,01/02/2025\noak,Oak,01/02/2025\n"


@pytest.fixture
def root(db: None, sign_in: SignIn) -> Client:
    return sign_in(world.build().root)


def uploaded(client: Client, content: str = FILE, kind: str = "accounts") -> str:
    file = SimpleUploadedFile("accounts.csv", content.encode())
    answer = client.post("/data/imports/new/", {"kind": kind, "source": "crm", "file": file})
    assert answer.status_code == 302, text(answer)
    return answer.headers["Location"]


def carried(client: Client, place: str, how: str) -> str:
    form = {"column:key": "key", "column:name": "name", "column:since": "since", "days": "day_first"}
    answer = client.post(place + "start/", {**form, "how": how})
    assert answer.status_code == 302, text(answer)
    imports.run(batch_id=int(place.split("/")[-2]), at=NOW)
    return text(client.get(place))


def test_a_day_that_can_be_read_two_ways_and_a_wrong_kind_are_told(root: Client) -> None:
    assert "01/02/2025 can be read two ways." in text(root.get(uploaded(root)))
    tickets = "ticket_id,account_id,subject,severity,opened_at,resolved_at\n1,willow,a,high,2026-01-01,\n"
    assert "These columns look like tickets" in text(root.get(uploaded(root, tickets)))


def test_a_dry_run_shows_each_changed_field_and_the_second_file_is_read_like_the_first(root: Client) -> None:
    place = uploaded(root)
    said = carried(root, place, "dry_run")
    assert "What would change" in said
    assert "Willow & Sons" in said
    assert "New accounts: oak." in said
    lines = root.get(place + "changes.csv").getvalue().decode().splitlines()
    assert "accounts,willow,changed,name,Willow,Willow & Sons,," in lines
    assert not Account.objects.filter(key="oak").exists()
    again = html(root.get(uploaded(root)))
    assert "was last read" in again
    assert '<option value="day_first" selected>' in again
    assert "01/02/2025 can be read two ways" not in again
    assert "name ← name" in text(root.get("/data/mappings/"))


def test_an_import_is_undone_after_a_preview(root: Client) -> None:
    place = uploaded(root)
    assert "Undo this import" in carried(root, place, "import")
    preview = text(root.get(place + "undo/"))
    assert "1 row that it created will go" in preview
    assert "1 row that it changed will get its former values back" in preview
    assert root.post(place + "undo/").status_code == 302
    assert "Waiting for its turn" in text(root.get(place + "undo/progress/"))
    undoing.run(undo_id=Undo.objects.get().pk, at=NOW)
    done = text(root.get(place + "undo/"))
    assert "Undone, by Root" in done
    assert not Account.objects.filter(key="oak").exists()
    assert Account.objects.get(key="willow").name == "Willow"
    assert root.post(place + "undo/").status_code == 422


def test_an_upload_is_discarded_and_a_kept_file_deleted(root: Client) -> None:
    place = uploaded(root)
    assert "Delete this upload" in text(root.get(place))
    root.post(place + "discard/")
    assert not Batch.objects.exists()
    place = uploaded(root)
    carried(root, place, "import")
    root.post(place + "file/")
    assert Batch.objects.get().file == ""
    assert "Delete the kept file" not in text(root.get(place))


def test_a_source_s_vouching_is_switched_with_a_reason_and_says_who(root: Client) -> None:
    root.post("/data/sources/new/", {"name": "App", "slug": "app"})
    assert "It does not vouch" in text(root.get("/data/sources/app/vouching/"))
    root.post("/data/sources/app/vouching/", {"vouches": "1", "note": "Its log is complete."})
    said = text(root.get("/data/sources/app/vouching/"))
    assert "It vouches" in said
    assert "Root, 15 Jun" in said
    assert "Its log is complete." in said
    assert root.post("/data/sources/app/vouching/", {"vouches": "1"}).status_code == 422
