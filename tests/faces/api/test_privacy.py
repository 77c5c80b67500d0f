"""What is known about a person, over the REST API."""

import io
import zipfile
from datetime import timedelta

import pytest

from keepwell.ledger.actions import people
from keepwell.ledger.models import ErasureCertificate
from keepwell.pipeline.actions import erasing
from tests import world
from tests.faces.api.test_rest import Api
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.World:
    made = world.build()
    row = {"key": "p-1042", "name": "Grace Hopper", "email": "grace@willow.test", "account": "willow"}
    people.upsert(rows=[row], source="crm", by=TESTS, at=NOW, vouched=True)
    return made


def test_an_administrator_counts_takes_out_and_erases(cast: world.World) -> None:
    root = Api(cast.root)
    preview = root.get("/privacy/people", key="p-1042").json()
    assert (preview["names"], preview["emails"]) == (["Grace Hopper"], ["grace@willow.test"])
    packed = root.get("/privacy/people/export", key="p-1042")
    with zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))) as file:
        assert "everything.json" in file.namelist()
    ordered = root.post("/privacy/erasures", {"key": "p-1042", "note": "Letter 17"})
    assert ordered.status_code == 202
    number = ordered.json()["number"]
    assert erasing.run(certificate_id=ErasureCertificate.objects.get().pk, at=NOW + timedelta(days=365 * 9))
    certificate = root.get(f"/privacy/erasures/{number}").json()
    assert (certificate["running"], certificate["left"]) == (False, {})
    assert root.get("/privacy/erasures").json() == [certificate]
    assert root.get("/privacy/people", key="p-1042").status_code == 404
    assert root.post(f"/privacy/erasures/{number}/readmission", {}).json()["readmitted"] is True
    assert root.post(f"/privacy/erasures/{number}/readmission", {}).status_code == 409


def test_nobody_else_may(cast: world.World) -> None:
    for asker in (Api(cast.ada), Api(cast.root, may_write=False)):
        assert asker.get("/privacy/people", key="p-1042").status_code == 403
        assert asker.get("/privacy/people/export", key="p-1042").status_code == 403
        assert asker.get("/privacy/erasures").status_code == 403
        assert asker.post("/privacy/erasures", {"key": "p-1042"}).status_code == 403
    assert Api(cast.root).post("/privacy/erasures", {"key": "p-1042", "ground": "whim"}).status_code == 422
    assert Api(cast.root).get("/privacy/erasures/E-99").status_code == 404
