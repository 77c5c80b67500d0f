"""Which column of a file means which field: a suggestion from the header, and a check of what was chosen."""

import re
from collections.abc import Mapping, Sequence

from keepwell.intake.kinds import KINDS, Field, ImportKind
from keepwell.kernel import errors

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_ASIDE = re.compile(r"(?<=\S)\s*[(\[].*?[)\]]")


def plain(column: str) -> str:
    """A column's name in lower case with underscores: "Signup Date", "signupDate (UTC)" are signup_date."""
    return _NOT_WORD.sub("_", _WORD_START.sub("_", _ASIDE.sub("", column)).lower()).strip("_")


def suggest(kind: ImportKind, columns: Sequence[str]) -> dict[str, str]:
    """The likely column of each field; a column means at most one field, the best match wins."""
    noun = kind.slug.removesuffix("s")
    matches = sorted(
        (rank, place, position)
        for place, field in enumerate(kind.fields)
        for position, column in enumerate(columns)
        if (rank := _rank(field, plain(column), noun)) is not None
    )
    chosen: dict[str, str] = {}
    for _, place, position in matches:
        slug, column = kind.fields[place].slug, columns[position]
        if slug not in chosen and column not in chosen.values():
            chosen[slug] = column
    return chosen


def ignored(kind: ImportKind, columns: Sequence[str]) -> list[str]:
    """The columns that say what follows from others: they are given out with rows, and not taken in."""
    derived = {field.slug for field in kind.derived}
    return [column for column in columns if plain(column) in derived]


def _rank(field: Field, column: str, noun: str) -> int | None:
    if column == field.slug:
        return 0
    if column in field.aliases:
        return 10 + field.aliases.index(column)
    if column == f"{noun}_{field.slug}":
        return 50
    return 60 if column.endswith(field.suffixes) else None


def likelier(kind: ImportKind, columns: Sequence[str]) -> str:
    """Another kind that the columns fit clearly better, "" if there is none."""
    own = _fit(kind, columns)
    best = max(KINDS.values(), key=lambda other: _fit(other, columns))
    found = suggest(best, columns)
    complete = all(field.slug in found for field in best.fields if field.required)
    return best.slug if complete and best is not kind and _fit(best, columns) >= own + 2 else ""


def _fit(kind: ImportKind, columns: Sequence[str]) -> int:
    """How many columns it understands, less twice the fields that it needs and does not find."""
    found = suggest(kind, columns)
    lacks = sum(field.required and field.slug not in found for field in kind.fields)
    return len(found) - 2 * lacks


def check(
    kind: ImportKind,
    columns: Sequence[str],
    *,
    mapping: Mapping[str, str],
    constants: Mapping[str, str],
    file_name: str,
) -> None:
    """Refuse a mapping that names what is not there, uses a column twice or leaves out what is needed."""
    for slug, column in mapping.items():
        kind.field(slug)
        if column not in columns:
            raise errors.Invalid(
                '%(file_name)s has no column "%(column)s". It has: %(listed)s.',
                file_name=file_name,
                column=column,
                listed=", ".join(columns),
            )
    twice = [column for column in mapping.values() if list(mapping.values()).count(column) > 1]
    if twice:
        raise errors.Invalid('Column "%(twice)s" is mapped to two fields. Map it to one.', twice=twice[0])
    for slug, text in constants.items():
        _constant(kind.field(slug), text, mapping)
    _complete(kind, {*mapping, *constants}, columns, file_name)


def _constant(field: Field, text: str, mapping: Mapping[str, str]) -> None:
    if field.slug in mapping:
        raise errors.Invalid(
            '%(title)s comes from column "%(mapping)s" and cannot be set for all rows too.',
            title=field.title,
            mapping=mapping[field.slug],
        )
    if "\x00" in text:
        raise errors.Invalid(
            "%(title)s for all rows holds the character NUL, which no text may hold.", title=field.title
        )
    try:
        field.parse(text.strip())
    except errors.Invalid as refusal:
        raise errors.Invalid(
            "%(title)s for all rows: %(refusal)s", title=field.title, refusal=str(refusal)
        ) from None


def _complete(kind: ImportKind, given: set[str], columns: Sequence[str], file_name: str) -> None:
    missing = [field.title for field in kind.fields if field.required and field.slug not in given]
    if missing:
        raise errors.Invalid(
            "%(file_name)s: no column is mapped to %(listed)s. Map one of: %(listed2)s; or set a "
            "value for all rows.",
            file_name=file_name,
            listed=" and ".join(missing),
            listed2=", ".join(columns),
        )
    if kind.one_of and not given.intersection(kind.one_of):
        raise errors.Invalid(
            "%(file_name)s: map a column to at least one of %(listed)s.",
            file_name=file_name,
            listed=", ".join(kind.one_of),
        )
