"""Find every text that is shown and compile the translations: `python -m keepwell.config.texts`.

Writes `locale/en` (the complete source), brings the other catalogues up to it, and compiles all with Babel, so that neither
a user's machine nor a builder's needs the programs of GNU gettext; the compiled files are checked in beside their sources.
"""

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[1]
LOCALE = SOURCE / "locale"
LANGUAGES = ("en", "de")
# Declarations whose words are shown: by name, which of their arguments.
DECLARATIONS = {
    "Place": (1,),
    "Group": (1,),
    "Deed": (1,),
    "Shortcut": (2,),
    "Decision": (2, 3),
    "Band": (3,),
    "gettext_noop": (1,),
}


def found() -> dict[str, str | tuple[str, str]]:
    """Every text by its first form; those with a plural have both."""
    from keepwell.faces.web import translating

    said: dict[str, str | tuple[str, str]] = {}
    for path in sorted((SOURCE / "faces").rglob("templates/**/*.html")):
        said |= {text: text for text in translating.texts(path.read_text())}
    for message in _of_python():
        said[message if isinstance(message, str) else message[0]] = message
    return dict(sorted(said.items()))


def _of_python() -> Iterator[str | tuple[str, str]]:
    for folder in ("faces", "access"):
        for message in _called(folder, DEFAULT_KEYWORDS):
            yield message if isinstance(message, str) else (message[0], message[1])
        for message in _called(folder, DECLARATIONS):
            yield from (message,) if isinstance(message, str) else filter(None, message)


def _called(folder: str, keywords: Mapping[str, Any]) -> Iterator[str | tuple[str, ...]]:
    rows = extract_from_dir(SOURCE / folder, method_map=[("**.py", "python")], keywords=keywords)
    return (message for _, _, message, _, _ in rows if message)


def catalogue(language: str) -> Catalog:
    """A language's catalogue with every text that there is now; translations that are there stay."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    old = read_po(BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)
    new = Catalog(locale=language, project="Keepwell", fuzzy=False, header_comment=f"# Keepwell, {language}")
    for text, message in found().items():
        kept = old.get(text)
        new.add(message, kept.string if kept is not None and kept.string else "")
    return _dateless(new)


def _dateless(catalogue: Catalog) -> Catalog:
    """When it was written says nothing, and would change the file each time."""
    catalogue.creation_date = catalogue.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    return catalogue


def written(language: str) -> tuple[bytes, bytes]:
    """The source and the compiled catalogue, as they are checked in."""
    made, po, mo = catalogue(language), BytesIO(), BytesIO()
    write_po(po, made, width=120, omit_header=False)
    kept = b"\n".join(
        line for line in po.getvalue().split(b"\n") if b"-Date:" not in line and b"Generated-By" not in line
    )
    write_mo(mo, _dateless(read_po(BytesIO(kept), locale=language)))
    return kept, mo.getvalue()


def write() -> None:
    """Write them."""
    for language in LANGUAGES:
        folder = LOCALE / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        po, mo = written(language)
        (folder / "django.po").write_bytes(po)
        (folder / "django.mo").write_bytes(mo)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.config.settings")
    os.environ.setdefault("DATABASE_URL", "postgresql://none/none")
    django.setup()
    write()
    sys.stdout.write(f"{len(found())} texts\n")
