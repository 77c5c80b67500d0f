"""The reference pages say what the registries say."""

from pathlib import Path

from keepwell.config import reference

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


def test_every_reference_page_is_up_to_date() -> None:
    made = reference.pages()
    assert {path.name for path in FOLDER.glob("*.md")} == set(made)
    for name, text in made.items():
        assert (FOLDER / name).read_text() == text, f"{name} is out of date; run: make docs"
