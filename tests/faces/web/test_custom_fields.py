"""Custom fields in Settings, and where they show."""

import pytest
from django.test import Client

from keepwell.ledger.models import Account, FieldDefinition
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import World

pytestmark = pytest.mark.django_db

HERE = "/settings/fields/"
LEVEL = {"kind": "accounts", "slug": "lvl", "title": "Level", "type": "choice", "choices": "Gold, Silver"}


def test_root_looks_what_fits_declares_and_the_account_shows_it(lived: World, sign_in: SignIn) -> None:
    Account.objects.filter(key="elm").update(fields={"lvl": "Gold"})
    Account.objects.filter(key="ash").update(fields={"lvl": "lead"})
    root = sign_in(lived.root)
    look = root.post(f"{HERE}declaration/", LEVEL | {"deed": "look"})
    assert "1 of 2 stored values fit. These do not: “lead”" in text(look)
    assert 'value="Gold, Silver"' in html(look)
    assert not FieldDefinition.objects.exists()
    assert root.post(f"{HERE}declaration/", LEVEL | {"deed": "declare"}).status_code == 302
    assert "Choice: Gold, Silver" in text(root.get(HERE))
    assert "Level Gold" in text(root.get("/accounts/elm/"))
    form = root.get("/data/records/accounts/rows/elm/")
    assert '<option value="Gold" selected>Gold</option>' in html(form)
    wrong = root.post("/data/records/accounts/rows/elm/", {"custom.lvl": "Lead"})
    assert wrong.status_code == 422
    assert 'does not know "Lead"' in text(wrong)
    assert root.post(f"{HERE}retirement/", {"kind": "accounts", "slug": "lvl"}).status_code == 302
    assert "retired" in text(root.get(HERE))


def test_a_csm_declares_nothing(ada: Client) -> None:
    assert "See what fits" not in text(ada.get(HERE))
    assert ada.post(f"{HERE}declaration/", LEVEL | {"deed": "declare"}).status_code == 403
    assert not FieldDefinition.objects.exists()
