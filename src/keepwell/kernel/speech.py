"""In whose language something is said. Pure: who serves readers tells whom to ask (`listen`); until then it is English.

A text is a whole sentence in English with named holes, "%(done)s of %(total)s tasks", and is found by
`python -m keepwell.config.texts` where it stands in a call of `told`, `counted`, `noun` or `later`, or in a refusal.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from html import escape
from typing import Any, Protocol

from babel import Locale

ENGLISH = "en"


class Tongue(Protocol):
    """Where the reader's language, and the catalogue of its texts, are asked."""

    def language(self) -> str:
        """Its code: "en", "en-us", "de"."""

    def one(self, text: str) -> str:
        """A text in that language."""

    def many(self, one: str, many: str, count: int) -> str:
        """The form of a text that fits a count."""

    def recalled(self, sentence: str) -> str:
        """The text, with what fills its holes, that says this in English; the sentence, if there is none."""


class _English:
    def language(self) -> str:
        return ENGLISH

    def one(self, text: str) -> str:
        return text

    def many(self, one: str, many: str, count: int) -> str:
        return one if count == 1 else many

    def recalled(self, sentence: str) -> str:
        return sentence


_PLAIN = _English()


class _Heard:
    tongue: Tongue = _PLAIN


_kept: ContextVar[bool] = ContextVar("kept", default=False)


def _tongue() -> Tongue:
    return _PLAIN if _kept.get() else _Heard.tongue


@contextmanager
def kept() -> Iterator[None]:
    """What is said within is stored: it is English, whoever reads just now. `recalled` tells it again."""
    token = _kept.set(True)
    try:
        yield
    finally:
        _kept.reset(token)


def listen(tongue: Tongue) -> None:
    """Ask this one from now on."""
    _Heard.tongue = tongue


def language() -> str:
    """The reader's language."""
    return _tongue().language() or ENGLISH


def told(text: str, /, **parts: object) -> str:
    """A text in the reader's language, its holes filled."""
    said = _tongue().one(text)
    return said % parts if parts else said


def counted(how_many: int, one: str, many: str, **parts: object) -> str:
    """A text that depends on a count, its holes filled: "%(n)s task is open", "%(n)s tasks are open"."""
    said = _tongue().many(one, many, how_many)
    return said % parts if parts else said


def noun(how_many: float, one: str, many: str) -> str:
    """The word that stands beside a figure; a broken number is many."""
    whole = abs(how_many)
    return _tongue().many(one, many, int(whole) if whole == int(whole) else 2)


def has_capitals() -> bool:
    """Whether the language writes nouns with capitals within a sentence, too."""
    return language().startswith("de")


class Later(str):
    """English as a value; the reader's language where it is shown."""

    __slots__ = ("parts", "text")
    text: str
    parts: Mapping[str, object]

    @property
    def english(self) -> str:
        """As programs read it."""
        return str.__str__(self)

    def __str__(self) -> str:
        return told(self.text, **self.parts)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __html__(self) -> str:
        return escape(str(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return _later, (self.text, self.parts)


def later(text: str, /, **parts: object) -> str:
    """A text of a table, or one that is handed on: English where programs read or keep it, the reader's language where it
    is formatted or shown; so are texts in its holes.
    """
    return _later(text, parts)


def _later(text: str, parts: Mapping[str, object]) -> Later:
    said = Later.__new__(Later, filled(text, parts))
    said.text, said.parts = text, parts
    return said


def declare(thing: object, *names: str) -> None:
    """Make these texts of something that is declared ones of a table; the extraction finds them in its registry."""
    for name in names:
        object.__setattr__(thing, name, later(getattr(thing, name)))


def english(text: str, /, **parts: object) -> str:
    """A text that is only kept, by the hundred thousand perhaps: English, whoever caused it. `recalled` tells it again."""
    return filled(text, parts)


def filled(text: str, parts: Mapping[str, object]) -> str:
    """A text with its holes filled in English."""
    if not parts:
        return text
    for part in parts.values():
        if hasattr(part, "english"):
            return text % {name: getattr(given, "english", given) for name, given in parts.items()}
    return text % parts


def said(what: object) -> str:
    """Whatever it is, in the reader's language, as of now."""
    return str(str(what))


def recalled(sentence: str) -> str:
    """A sentence that was kept in English, to be told in the reader's language; one that nobody says stays as it is."""
    tongue = _tongue()
    return sentence if tongue.language().startswith(ENGLISH) else tongue.recalled(sentence)


@lru_cache(maxsize=64)
def locale(language: str) -> Locale:
    """What Unicode's CLDR knows of a language: signs, names of months, plurals."""
    return Locale.parse("en_US" if language == ENGLISH else language.replace("-", "_"))
