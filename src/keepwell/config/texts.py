"""Find every text that is shown and compile the translations: `python -m keepwell.config.texts`.

Writes `locale/en` (the complete source), brings the other catalogues up to it, and compiles all with Babel, so that neither
a user's machine nor a builder's needs the programs of GNU gettext; the compiled files are checked in beside their sources.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from keepwell.kernel import errors, figures

SOURCE = Path(__file__).parents[1]
LOCALE = SOURCE / "locale"
LANGUAGES = ("en", "de")
LETTER = re.compile(r"[^\W\d_]")
HOLE = re.compile(r"%\(\w+\)s")
ENGLISH = ("/faces/cli/", "/simulate/")  # the command line is English
GALLERY = "/gallery"  # its words are examples for builders
# Declarations whose words are shown: by name, which of their arguments.
DECLARATIONS = {
    "Place": (1,),
    "Deed": (1,),
    "Shortcut": (2,),
    "Decision": (2, 3),
    "gettext_noop": (1,),
}


def found() -> dict[str, str | tuple[str, str]]:
    """Every text by its first form; those with a plural have both."""
    from keepwell.faces.web import translating

    said: dict[str, str | tuple[str, str]] = {}
    for path in sorted((SOURCE / "faces").rglob("templates/**/*.html")):
        if GALLERY not in path.as_posix():
            said |= {text: text for text in translating.texts(path.read_text())}
    for message in _of_python():
        if isinstance(message, tuple):
            said[message[0]] = message
        elif not isinstance(said.get(message), tuple):
            said[message] = message
    return dict(sorted(said.items()))


def _of_python() -> Iterator[str | tuple[str, str]]:
    trees = [
        ast.parse(path.read_text())
        for path in sorted(SOURCE.rglob("*.py"))
        if not any(room in path.as_posix() for room in ENGLISH)
    ]
    refusals = _refusals(trees)
    for folder in ("faces", "access"):
        for message in _called(folder, DEFAULT_KEYWORDS):
            yield message if isinstance(message, str) else (message[0], message[1])
        for message in _called(folder, DECLARATIONS):
            yield from (message,) if isinstance(message, str) else filter(None, message)
    for tree in trees:
        yield from _spoken(tree, refusals)
    yield from filter(None, _declared())
    yield from ((one, many) for many, one in figures.SINGLE.items())


def _declared() -> Iterator[str]:
    """What is declared in registries: metrics, kinds of rows, checks, reasons."""
    from keepwell.intake import checks, kinds, reasons
    from keepwell.metrics.catalogue import METRICS

    for metric in METRICS.values():
        yield from (metric.title, metric.sentence, metric.unknown_when, metric.reason, metric.unit)
    for kind in kinds.KINDS.values():
        yield from (kind.title, kind.help, kind.singular)
        yield from (text for field in (*kind.fields, *kind.derived) for text in (field.title, field.help))
    for check in checks.CHECKS.values():
        yield from (check.title, check.sentence, check.how)
    for reason in reasons.REASONS.values():
        yield from (reason.title, reason.advice)


def _refusals(trees: Iterable[ast.AST]) -> set[str]:
    """The names of all classes of refusals."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    known, more = set[str](), {errors.Refused.__name__}
    while more > known:
        known = more
        more = known | {node.name for node in classes if known & {_name(base) for base in node.bases}}
    return known


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _spoken(tree: ast.AST, refusals: set[str]) -> Iterator[str | tuple[str, str]]:
    """What a module says with `speech`, what it refuses with, and the nouns that it counts."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        said = [text for given in call.args for text in _texts(given)]
        deed = f"{_name(call.func.value)}.{call.func.attr}" if isinstance(call.func, ast.Attribute) else ""
        if deed in ("speech.told", "speech.later", "speech.english") or _name(call.func) in refusals:
            yield from (text for text in said if LETTER.search(HOLE.sub("", text)))
        elif deed in ("speech.counted", "speech.noun", "words.count") and said:
            yield (said[0], said[1] if len(said) > 1 else f"{said[0]}s")


def _texts(given: ast.expr) -> Iterator[str]:
    """A literal, or both of a choice between two."""
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        yield given.value
    elif isinstance(given, ast.IfExp):
        yield from _texts(given.body)
        yield from _texts(given.orelse)


def catalogue(language: str) -> Catalog:
    """A language's catalogue with every text that there is now; translations that are there stay."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    old = read_po(BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)
    new = Catalog(locale=language, project="Keepwell", fuzzy=False, header_comment=f"# Keepwell, {language}")
    for text, message in found().items():
        kept = old.get(text)
        new.add(message, _kept(message, kept, new.num_plurals))
    return _dateless(new)


def _called(folder: str, keywords: Mapping[str, Any]) -> Iterator[str | tuple[str, ...]]:
    rows = extract_from_dir(SOURCE / folder, method_map=[("**.py", "python")], keywords=keywords)
    return (message for _, _, message, _, _ in rows if message)


def _kept(message: str | tuple[str, str], old: Message | None, forms: int) -> str | tuple[str, ...]:
    """What was translated, in the number of forms that is asked now."""
    said = old.string if old is not None and old.string else ""
    if isinstance(message, str):
        return said if isinstance(said, str) else said[0]
    return tuple(said) if not isinstance(said, str) else (said,) + ("",) * (forms - 1)


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
