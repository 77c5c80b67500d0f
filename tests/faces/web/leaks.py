"""No leak: each field of what a customer may reach is marked, hidden or shared by drawing, and looked for in every output."""

import re
from collections.abc import Callable, Collection, Mapping

from django.test import Client

from keepwell.access.actions import tokens
from keepwell.outcomes import visibility
from tests.world import NOW, TESTS, World

Place = tuple[str, str]


def labels(noun: str, hidden: set[Place]) -> dict[str, str]:
    """The labels of a row of which the fields of `hidden` are internal and all others shared."""
    return {
        field.slug: "internal" if (noun, field.slug) in hidden else "shared"
        for field in visibility.fields(noun)
    }


def said(mark: str, text: str) -> bool:
    """Whether a mark stands in a text, as a word of its own."""
    plain = text.replace("\xa0", " ")
    return re.search(rf"(?<![\w.]){re.escape(mark)}(?!\w)", plain, re.I) is not None


def main(client: Client, path: str) -> str:
    """What a page says between its shell, without what differs each time."""
    page = client.get(path)
    assert page.status_code == 200
    text = page.content.decode().partition("<main")[2]
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)


def program(client: Client, path: str) -> str:
    """What the API answers."""
    told = client.get(f"/api/v1{path}")
    assert told.status_code == 200
    return told.content.decode()


def faces(cast: World) -> tuple[Client, Client]:
    """Ada in her browser, and a program of hers."""
    client = Client()
    client.force_login(cast.ada, backend="django.contrib.auth.backends.ModelBackend")
    secret = tokens.create(user=cast.ada, name="tests", by=TESTS, at=NOW, may_write=False)
    return client, Client(headers={"Authorization": f"Bearer {secret}"})


def look(
    found: Mapping[str, str],
    marks: Mapping[Place, Collection[str]],
    *,
    is_hidden: Callable[[Place], bool],
    is_said: Callable[[Place, str], bool],
) -> None:
    """What is hidden stands in no output; what is shared stands in each that says it."""
    for place, of_it in marks.items():
        for name, text in found.items():
            is_there = any(said(mark, text) for mark in of_it)
            if is_hidden(place):
                assert not is_there, f"{place} is internal and stands in {name}"
            elif is_said(place, name):
                assert is_there, f"{place} is shared and does not stand in {name}"
