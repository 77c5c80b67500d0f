"""What the company and a person decided, over the REST API."""

import pytest

from keepwell.access.queries import decisions
from tests import world
from tests.faces.api.test_rules import BASE, client

pytestmark = pytest.mark.django_db


def test_the_company_s_working_days_and_one_s_own_quiet_hours_are_decided() -> None:
    cast = world.build()
    root, ada = client(cast, "root"), client(cast, "ada")
    every_day = {"working_days": [*range(1, 8)]}
    said = root.patch(f"{BASE}/company", every_day, content_type="application/json")
    assert (said.status_code, said.json()["working_days"]) == (200, [*range(1, 8)])
    assert decisions.company().calendar.working_days == set(range(1, 8))
    assert ada.patch(f"{BASE}/company", every_day, content_type="application/json").status_code == 403
    wrong = root.patch(f"{BASE}/company", {"working_days": ["never"]}, content_type="application/json")
    assert wrong.status_code == 422
    quiet = ada.patch(f"{BASE}/preferences", {"quiet_from": "20"}, content_type="application/json")
    assert "Field required" not in quiet.content.decode()
