"""Every text of the packs' playbooks, mails and chats included, is filled from an account with no hole left."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keepwell.hooks import registry
from keepwell.packs import actions as packs
from keepwell.packs import loading
from keepwell.pipeline.actions import advance
from keepwell.plays.formulas import texts
from keepwell.plays.queries import previews
from tests import world
from tests.faces.web import book
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
HOLE = re.compile(r"[{}|]|\[[^]]* is not known\]")


def said_in(pack: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each step of each playbook with its texts."""
    kinds = registry.steps()
    for playbook in loading.find(pack).playbooks:
        for step in playbook.definition["steps"]:
            kind = kinds.get(step.get("kind", "task"))  # what only steers, as a wait, has a title alone
            keys = ("title", *(kind.texts if kind else ()))
            yield playbook.slug, step["slug"], {key: step[key] for key in keys if step.get(key)}


def filled(pack: str, account: str) -> dict[tuple[str, str, str], str]:
    """All of them as an account would get them; fails where a hole is left."""
    found: dict[tuple[str, str, str], str] = {}
    for playbook, step, said in said_in(pack):
        told = previews.filled(said, account=account, playbook=playbook, seen_by=TESTS, at=NOW)
        for key, one in told.items():
            assert one.unfilled == (), (playbook, step, key)
            assert not HOLE.search(one.text), (playbook, step, key, one.text)
            assert one.text.strip(), (playbook, step, key)
            found[playbook, step, key] = one.text
    return found


@pytest.mark.parametrize("pack", loading.shipped())
def test_an_account_of_which_nothing_is_known_gets_whole_sentences(pack: str) -> None:
    world.build()
    packs.apply(pack=pack, by=TESTS, at=NOW)
    advance(at=NOW)
    found = filled(pack, "ash")
    assert len(found) > 100
    assert "Ash" in " ".join(found.values())


def test_an_account_of_which_much_is_known_gets_its_own_facts() -> None:
    lived: World = book.build()
    found = filled("saas", "elm")
    renewal = found["renewal", "assess", "text"]
    assert "Elm renews on" in renewal
    assert "a day that nobody knows" not in renewal
    assert "ARR unknown" not in renewal
    assert str(lived.ada) == "Ada"


def test_each_mail_and_chat_of_the_packs_is_among_them() -> None:
    sent: list[Any] = [
        (pack, step)
        for pack in loading.shipped()
        for playbook in loading.find(pack).playbooks
        for step in playbook.definition["steps"]
        if step.get("kind") in ("mail", "chat", "webhook")
    ]
    walked = {(pack, step) for pack in loading.shipped() for _, step, _ in said_in(pack)}
    assert sent
    assert {(pack, step["slug"]) for pack, step in sent} <= walked
    for _, step in sent:
        assert any(texts.fields(str(step.get(key, ""))) for key in ("subject", "text")), step["slug"]


@pytest.mark.parametrize("pack", loading.shipped())
def test_what_a_rule_opens_says_everything_itself(pack: str) -> None:
    """Titles of incidents and of their tasks have no fields, so none may stand there by mistake."""
    for rule in loading.find(pack).rules:
        opens = rule.definition.get("opens") or {}
        for title in (opens.get("title", ""), *(task["title"] for task in opens.get("tasks", ()))):
            assert not HOLE.search(title), (rule.slug, title)


WALKED = {
    "rules": "tests/signals/test_shipped.py",
    "playbooks": "tests/plays/test_playbooks_shipped.py",
    "plans": "tests/outcomes/test_plans.py",
    "value": "tests/outcomes/test_value.py",
    "scorecards": "tests/packs/test_applying.py",
    "pack.toml": "tests/packs/test_applying.py",
    "cadence.toml": "tests/packs/test_applying.py",
    "journey.toml": "tests/outcomes/test_journeys.py",
}


@pytest.mark.parametrize("pack", loading.shipped())
def test_nothing_lies_in_a_pack_that_no_test_walks(pack: str) -> None:
    """A new kind of file must name the test that exercises every one of its kind."""
    there = {
        path.name for path in (Path(loading.__file__).parent / pack).iterdir() if path.name != "__pycache__"
    }
    assert there <= WALKED.keys()
    root = Path(__file__).parents[2]
    for name in there:
        assert (root / WALKED[name]).exists(), name


@pytest.mark.parametrize("pack", loading.shipped())
def test_what_nothing_fills_has_no_holes(pack: str) -> None:
    """Texts of plans, value models, cadence and journey are shown as they stand; of rules and segments too."""
    folder = Path(loading.__file__).parent / pack
    found = [path for path in sorted(folder.rglob("*.toml")) if path.parent.name != "playbooks"]
    assert len(found) > 20
    for path in found:
        for text in _texts(tomllib.loads(path.read_text())):
            assert not HOLE.search(text), (path.name, text)


def _texts(given: Any) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, dict):
        for value in given.values():
            yield from _texts(value)
    elif isinstance(given, list):
        for value in given:
            yield from _texts(value)
