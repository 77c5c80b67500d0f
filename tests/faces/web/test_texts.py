"""Every text of a template can be told in another language, and is."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.apps import apps
from django.db import models
from pytest_django import Settings

from keepwell.config import texts
from keepwell.faces.web import translating
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html
from tests.world import World

PAGES = (
    "/today/", "/accounts/", "/accounts/willow/", "/accounts/willow/health/", "/accounts/willow/people/", "/incidents/",
    "/tasks/", "/segments/", "/segments/shaky/", "/measures/", "/data/", "/settings/", "/settings/preferences/",
    "/settings/company/", "/search/?q=wilow", "/proofs/",
)  # fmt: skip
WORDS = re.compile(r"[a-z]{3,}")
# Names stay as they are, and what a chart reads out: its marks and axes are described by the library that draws them.
NAMES = re.compile(r"Keepwell|Deutsch|English|^[XY]-axis|^\w+: .*; \w+: ")
UNTOLD: frozenset[str] = frozenset()
HOLES = re.compile(r"%\(\w+\)s")
SILENT = {"script", "style", "pre", "code", "kbd", "svg"}


class Shown(HTMLParser):
    """The texts of a page, and what is read out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open += [tag] if tag in SILENT else []
        self.texts |= {" ".join(said.split()) for name, said in attrs if name in translating.LABELS and said}

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open and data.strip():
            self.texts.add(" ".join(data.split()))


@pytest.fixture
def pseudo(settings: Settings, tmp_path: Path) -> str:
    """A language, written from the right, in which each text stands between marks."""
    made = Catalog(locale="he")
    for message in texts.found().values():
        said = (
            f"⟦{message}⟧"
            if isinstance(message, str)
            else tuple(f"⟦{form}⟧" for form in (*message, message[1]))
        )
        made.add(message, said if isinstance(said, str) else said[: made.num_plurals])
    folder = tmp_path / "he" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, made)
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("en", "English"), ("he", "Pseudo")]
    return "he"


def bare(text: str) -> str:
    """A text without what stands between marks."""
    depth, left = 0, []
    for sign in text:
        depth += (sign == "⟦") - (sign == "⟧")
        if depth == 0:
            left.append(" " if sign == "⟧" else sign)
    return "".join(left)


def stored() -> set[str]:
    """All words that stand in the database: names, titles, what people wrote, what was kept in English."""
    said: list[str] = []
    for model in apps.get_models():
        kinds = (models.CharField, models.TextField, models.JSONField)
        columns = [field.attname for field in model._meta.fields if isinstance(field, kinds)]
        for row in model._default_manager.values_list(*columns) if columns else ():
            said += [str(cell) for cell in row if cell]
    return set(WORDS.findall(" ".join(said).casefold()))


def test_no_text_of_a_template_is_left_untranslated(lived: World, sign_in: SignIn, pseudo: str) -> None:
    lived.root.preferences = {"language": pseudo}
    lived.root.save()
    root = sign_in(lived.root)
    sources = {path.relative_to(path.parents[1]).as_posix(): path.read_text() for path in templates()}
    data: set[str] = set()
    untold: set[str] = set()
    for page in PAGES:
        response = root.get(page)
        said = html(response)
        assert '<html lang="he" dir="rtl"' in said, page
        shown = Shown()
        shown.feed(said)
        assert sum("⟦" in text for text in shown.texts) > 20, page
        used = {str(template.name).partition("#")[0] for template in response.templates}
        sentences = {
            text
            for name in used & set(sources)
            for text in translating.texts(sources[name])
            if len(text.split()) > 2 and not HOLES.search(text)
        }
        assert sentences, page
        assert shown.texts & sentences == set(), page
        data = data or stored()
        untold |= {
            text
            for text in shown.texts
            if set(WORDS.findall(bare(text).casefold())) - data and not NAMES.search(text)
        }
    assert sorted(untold - UNTOLD) == []


def templates() -> list[Path]:
    return sorted((texts.SOURCE / "faces").rglob("templates/**/*.html"))


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_catalogues_are_up_to_date(language: str) -> None:
    po, mo = texts.written(language)
    folder = texts.LOCALE / language / "LC_MESSAGES"
    assert (folder / "django.po").read_bytes() == po, "run python -m keepwell.config.texts"
    assert (folder / "django.mo").read_bytes() == mo


def test_translations_have_the_holes_of_their_source() -> None:
    with (texts.LOCALE / "de" / "LC_MESSAGES" / "django.po").open("rb") as file:
        german = [
            one for one in read_po(file, locale="de") if one.id and one.string and isinstance(one.id, str)
        ]
    assert len(german) > 2000
    for one in german:
        assert set(HOLES.findall(one.id)) == set(HOLES.findall(str(one.string))), one.id


def test_german_says_all_there_is_in_all_its_forms() -> None:
    with (texts.LOCALE / "de" / "LC_MESSAGES" / "django.po").open("rb") as file:
        german = {one.id: one.string for one in read_po(file, locale="de") if one.id}
    plurals = {many: said for many, said in german.items() if not isinstance(many, str)}
    assert len(plurals) > 50
    assert all(all(said) for said in plurals.values())
    untold = [one for one, said in german.items() if not said]
    assert len(untold) < len(german) / 20, untold


@pytest.mark.parametrize(
    ("source", "made", "said"),
    [
        ("<p>Two\n  words</p>", '<p>{% said "Two words" %}</p>', ["Two words"]),
        ('<b title="A {{ b.c|x }}">{{ d }}</b>', '<b title="{% said "A %(c)s" c=b.c|x %}">{{ d }}</b>', ["A %(c)s"]),
        ("{{ a.n }} of {{ b.n }} %", '{% said "%(n)s of %(n2)s %%" n=a.n n2=b.n %}', ["%(n)s of %(n2)s %%"]),
        ('<i class="Not shown">–</i>', '<i class="Not shown">–</i>', []),
        ("<!doctype html><code>rm it</code>", "<!doctype html><code>rm it</code>", []),
        ('{% empty "No one" "So." href="/a b/" %}', '{% empty _("No one") "So." href="/a b/" %}', ["No one"]),
        ('<p>{{ a|default:"Not yet" }}</p>', '<p>{{ a|default:_("Not yet") }}</p>', ["Not yet"]),
        ('By {{ a|default:"a rule" }}', '{% said "By %(a)s" a=a|default:_("a rule") %}', ["By %(a)s", "a rule"]),
        ('<i>{{ a|default:"–" }}</i><b name="{{ c|default:"5 x" }}"></b>',) * 2 + ([],),
        ('{% if x %}Yes{% endif %}"q"', '{% if x %}{% said "Yes" %}{% endif %}{% said "\\"q\\"" %}', ["Yes", '"q"']),
    ],
)  # fmt: skip
def test_texts_are_found_between_tags_and_in_labels(source: str, made: str, said: list[str]) -> None:
    assert translating.translated(source) == made
    assert translating.texts(source) == said
