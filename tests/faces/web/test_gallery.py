"""The gallery shows every component, in every state that its style sheet knows."""

import re
from pathlib import Path

from django.test import Client

from keepwell.faces import components
from tests.faces.web.reading import html

FOLDER = Path(components.__file__).parent
SHEETS = sorted((FOLDER / "static/components").glob("*.css"))
NOT_OURS = {"htmx-added", "marks"}


def sections(page: str) -> dict[str, str]:
    """What stands in each specimen's section."""
    found = re.split(r'<section class="section" id="s-([a-z_-]+)"', page)
    return dict(zip(found[1::2], found[2::2], strict=True))


def states(sheet: Path) -> set[str]:
    """The classes and the values of attributes that a style sheet tells apart."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
    selectors = " ".join(re.findall(r"([^{};]+)\{", text))
    classes = set(re.findall(r"\.([a-z][\w-]*)", selectors)) - NOT_OURS
    return classes | {
        f'{name}="{value}"' for name, value in re.findall(r'\[(data-[a-z-]+)="([^"]*)"\]', selectors)
    }


def test_every_component_has_its_place(ada: Client) -> None:
    shown = sections(html(ada.get("/gallery/")))
    assert set(shown) >= {sheet.stem for sheet in SHEETS}, "add web/gallery/NAME.html for each style sheet"
    assert all(len(section) > 60 for section in shown.values())


def test_every_template_of_a_component_is_drawn(ada: Client) -> None:
    drawn = {template.name for template in ada.get("/gallery/").templates}
    assert drawn >= {f"components/{path.name}" for path in (FOLDER / "templates/components").glob("*.html")}


def test_every_state_of_a_style_sheet_is_shown(ada: Client) -> None:
    page = html(ada.get("/gallery/"))
    words = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', page))))
    missing = {
        sheet.stem: sorted(lacking)
        for sheet in SHEETS
        if (lacking := {state for state in states(sheet) if state not in words and state not in page})
    }
    assert not missing, missing


def test_no_two_things_in_the_gallery_have_one_id(ada: Client) -> None:
    ids = re.findall(r'\sid="([^"]+)"', re.sub(r"<svg.*?</svg>", "", html(ada.get("/gallery/")), flags=re.S))
    assert sorted(ids) == sorted(set(ids))
