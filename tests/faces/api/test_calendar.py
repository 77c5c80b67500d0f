"""One's calendar over the REST API."""

import pytest
from django.test import Client
from icalendar import Calendar

from tests import world
from tests.faces.api.test_rules import BASE, client

pytestmark = pytest.mark.django_db


def test_an_address_is_made_told_of_replaced_and_ended() -> None:
    cast = world.build()
    ada = client(cast, "ada")
    assert ada.get(f"{BASE}/calendar/address").status_code == 404
    made = ada.post(f"{BASE}/calendar/address")
    assert made.status_code == 201
    first = made.json()["address"].removeprefix("http://testserver")
    assert ada.get(f"{BASE}/calendar/address").json()["last_read_at"] is None
    Calendar.from_ical(Client().get(first).content)
    assert ada.get(f"{BASE}/calendar/address").json()["last_read_at"] is not None
    second = ada.post(f"{BASE}/calendar/address").json()["address"].removeprefix("http://testserver")
    assert Client().get(first).status_code == 404
    assert ada.delete(f"{BASE}/calendar/address").status_code == 204
    assert Client().get(second).status_code == 404
    assert ada.delete(f"{BASE}/calendar/address").status_code == 404


def test_what_stands_in_it_is_ones_own() -> None:
    cast = world.build()
    said = client(cast, "ada").get(f"{BASE}/calendar").json()
    assert isinstance(said, list)
    assert client(cast, "cleo").get(f"{BASE}/calendar").json() == []
