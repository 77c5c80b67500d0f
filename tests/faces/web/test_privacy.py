"""Settings, Privacy: an administrator looks for a person, hands everything out, erases them and keeps the proof."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from keepwell.ledger.models import ErasureCertificate, Person
from keepwell.pipeline.actions import erasing
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, World

PRIVACY = "/settings/privacy/"


@pytest.fixture
def root(lived: World, sign_in: SignIn) -> Client:
    """The administrator."""
    return sign_in(lived.root)


def content_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_only_administrators_come_here(ada: Client, root: Client) -> None:
    for address in (PRIVACY, f"{PRIVACY}E-000001/"):
        assert ada.get(address).status_code == 403
    assert (
        ada.post(f"{PRIVACY}erasure/", {"key": "p1", "again": "p1", "ground": "request"}).status_code == 403
    )
    assert "Privacy" not in text(ada.get("/settings/"))
    assert "Privacy" in text(root.get("/settings/"))


def test_a_person_is_found_by_key_or_address_and_counted(root: Client) -> None:
    for key in ("p1", "GRACE@willow.test"):
        page = text(root.post(PRIVACY, {"key": key}))
        assert "Grace Hopper · grace@willow.test" in page
        assert "people: 1" in page
        assert "Too short to be looked for inside of texts: p1" in page
    assert "Nothing is known" in text(root.post(PRIVACY, {"key": "unheard-of"}))


def test_everything_is_handed_out_in_one_file(root: Client) -> None:
    packed = root.post(f"{PRIVACY}export/", {"key": "p1"})
    assert packed["Content-Disposition"] == 'attachment; filename="person.zip"'
    with zipfile.ZipFile(io.BytesIO(content_of(packed))) as file:
        everything = json.loads(file.read("everything.json"))
        assert everything["person"][0]["name"] == "Grace Hopper"
        assert {row["score"] for row in everything["survey answers"]} == {9.0, 1.0}
        assert {row["name"] for row in everything["events"]} >= {"survey.answered"}
        assert b"Looked for under the keys: p1" in file.read("about.txt")
        assert file.read("person.csv").decode().splitlines()[0].startswith("key,")


def test_an_erasure_is_confirmed_watched_and_certified(root: Client, sign_in: SignIn, lived: World) -> None:
    form = {"key": "p1", "again": "p2", "ground": "request", "note": "Letter 17"}
    assert root.post(f"{PRIVACY}erasure/", form).status_code == 422
    assert Person.objects.filter(key="p1").exists()
    done = root.post(f"{PRIVACY}erasure/", form | {"again": "p1"})
    certificate = ErasureCertificate.objects.get()
    address = f"{PRIVACY}{certificate.number}/"
    assert done["Location"] == address
    assert ProcrastinateJob.objects.filter(task_name="erase").exists()
    assert "Running" in text(root.get(address))
    htmx = sign_in(lived.root, htmx=True)
    assert "HX-Refresh" not in htmx.get(address).headers
    assert erasing.run(certificate_id=certificate.pk, at=NOW + timedelta(minutes=1))
    assert htmx.get(address).headers["HX-Refresh"] == "true"
    page = text(root.get(address))
    assert "A second look at every place found nothing." in page
    assert "Letter 17" in page
    assert "Grace" not in html(root.get(address))
    assert root.get(f"{address}json/").json()["left"] == {}
    assert "Grace" not in text(root.get("/accounts/willow/people/"))
    assert "Nothing is known" in text(root.post(PRIVACY, {"key": "p1"}))
    assert certificate.number in text(root.get(PRIVACY))
    assert root.post(f"{address}readmission/").status_code == 302
    assert "re-admitted" in text(root.get(PRIVACY))
