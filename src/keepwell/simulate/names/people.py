"""Full names and mail addresses of invented people."""

import unicodedata

from numpy.random import Generator

from keepwell.simulate.names.cultures import Culture

_SPECIAL = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ð": "d", "þ": "th", "Þ": "Th", "æ": "ae", "ı": "i"}
)


def ascii_word(text: str) -> str:
    """Lower-case letters and digits of a Latin word, accents taken off."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPECIAL))
    return "".join(letter for letter in plain.lower() if letter.isascii() and letter.isalnum())


def _draw(rng: Generator, pool: tuple[str, ...]) -> tuple[str, str]:
    native, _, latin = pool[int(rng.integers(len(pool)))].partition("|")
    return native, latin or native


def full_name(rng: Generator, culture: Culture) -> tuple[str, str]:
    """A name in its own script and order, and the local part of a mail address."""
    given, given_latin = _draw(rng, culture.given)
    family, family_latin = _draw(rng, culture.family)
    order = (family, given) if culture.family_first else (given, family)
    return culture.joiner.join(order), f"{ascii_word(given_latin)}.{ascii_word(family_latin)}"
