"""From the text of a cell to a value; a refusal names the value and what is allowed.

Cells are trimmed and not empty when they get here. What is written by a parser is plain JSON except
dates, moments and decimals.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from keepwell.kernel import errors, figures, moments
from keepwell.ledger import domains as domain_names

Parser = Callable[[str], object]

KEY_LENGTH = 200
MOST = 10**13
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_AMOUNT = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_MONEY_SIGNS = "$€£¥"
_TRUE = frozenset({"true", "t", "yes", "y", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "0"})


def text(cell: str) -> str:
    """The text as it is."""
    return cell


def key(cell: str) -> str:
    """An identifier: any text of at most 200 characters."""
    if len(cell) > KEY_LENGTH:
        raise errors.Invalid(
            '"%(cell)s…" is %(n)s characters long. A key has at most %(key_length)s.',
            cell=cell[:40],
            n=len(cell),
            key_length=KEY_LENGTH,
        )
    return cell


def email(cell: str) -> str:
    """An address with one "@" between two parts; whether it exists is not asked."""
    name, at_sign, host = cell.rpartition("@")
    if not (name and at_sign and "." in host) or any(sign.isspace() for sign in cell):
        raise errors.Invalid('"%(cell)s" is no e-mail address.', cell=cell)
    return cell.lower()


def day(cell: str) -> date:
    """A day within reach; of a moment its day in UTC."""
    if not _ISO_DAY.match(cell):
        raise errors.Invalid('"%(cell)s" is no date. Use YYYY-MM-DD.', cell=cell)
    return moments.parse_day(cell) if len(cell) == 10 else moment(cell).date()


def moment(cell: str) -> datetime:
    """A moment in UTC, on a day within reach; a bare day is its first moment."""
    if not _ISO_DAY.match(cell):
        raise errors.Invalid('"%(cell)s" is no date. Use YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ.', cell=cell)
    parsed = moments.parse_moment(cell)
    moments.within_reach(parsed.date())
    return parsed


def amount(cell: str) -> Decimal:
    """A number with a decimal point; commas between thousands and a sign of currency are let through."""
    plain = cell.strip(_MONEY_SIGNS).strip()
    if not _AMOUNT.fullmatch(plain) or len(plain) > 40:
        raise errors.Invalid(
            '"%(cell)s" is no amount. Use digits and a decimal point, as in 1200.50.', cell=cell[:60]
        )
    value = Decimal(plain.replace(",", ""))
    if abs(value) >= MOST:
        raise errors.Invalid(
            '"%(cell)s" is more than can be kept (%(most)s at most).', cell=cell, most=figures.Whole(MOST)
        )
    return round(value, 2)


def rate(cell: str) -> Decimal:
    """What one unit is worth: a positive number of at most twelve places behind the point."""
    plain = cell.replace(",", "") if _AMOUNT.fullmatch(cell) else cell
    value = Decimal(plain) if _AMOUNT.fullmatch(plain) else Decimal(0)
    if not 0 < round(value, 12) < 10**12:
        raise errors.Invalid('"%(cell)s" is no rate. Use a number above 0, as in 1.0825.', cell=cell[:60])
    return round(value, 12)


def number(cell: str) -> float:
    """A number that is neither infinite nor undefined."""
    try:
        value = float(cell)
    except ValueError:
        value = float("nan")
    if not abs(value) < float("inf"):
        raise errors.Invalid(
            '"%(cell)s" is no number. Use digits and a decimal point, as in 12.5.', cell=cell
        )
    return value


def whole(cell: str) -> int:
    """A count; "12.0", as spreadsheets write it, is 12."""
    digits = cell.removesuffix(".0")
    if not (digits.isascii() and digits.removeprefix("-").isdecimal() and len(digits) < 10):
        raise errors.Invalid('"%(cell)s" is no whole number.', cell=cell)
    return int(digits)


def truth(cell: str) -> bool:
    """Yes or no in the words of spreadsheets and databases."""
    word = cell.lower()
    if word not in _TRUE | _FALSE:
        raise errors.Invalid('"%(cell)s" is neither yes nor no. Use true or false.', cell=cell)
    return word in _TRUE


def currency(cell: str) -> str:
    """An ISO 4217 code."""
    code = cell.upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise errors.Invalid('"%(cell)s" is no currency. Use a code of three letters, as in USD.', cell=cell)
    return code


def tags(cell: str) -> list[str]:
    """Words between commas or semicolons, each once."""
    return list(dict.fromkeys(word.strip() for word in re.split(r"[,;]", cell) if word.strip()))


def domains(cell: str) -> list[str]:
    """E-mail domains between commas or semicolons, each once."""
    return list(dict.fromkeys(domain_names.checked(word) for word in tags(cell)))


def limits(cell: str) -> dict[str, float]:
    """Amounts by what they limit, as in "api_calls=100000; storage_gb=50"."""
    found: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in re.split(r"[,;]", cell))):
        name, equals, size = (piece.strip() for piece in part.partition("="))
        if not (name and equals and size) or name in found or len(name) > 63:
            raise errors.Invalid(
                '"%(part)s" is no limit. Write each once, as in "api_calls=100000".', part=part[:60]
            )
        found[name] = number(size)
    return found


def keys(cell: str) -> list[str]:
    """Identifiers between commas or semicolons, each once."""
    return [key(word) for word in tags(cell)]


@dataclass(frozen=True)
class OneOf:
    """A parser for one of a few words, whatever their capitals; perhaps their first letter will do, or another name."""

    allowed: tuple[str, ...]
    initials: bool = False
    called: tuple[tuple[str, str], ...] = ()

    def __call__(self, cell: str) -> str:
        """The word as it is kept: small, with "_" between its parts."""
        word = cell.lower().replace(" ", "_")
        word = dict(self.called).get(word, word)
        if self.initials and len(word) == 1:
            word = next((each for each in self.allowed if each.startswith(word)), word)
        if word not in self.allowed:
            raise errors.Invalid(
                '"%(cell)s" is not known here. Use one of: %(listed)s.',
                cell=cell,
                listed=", ".join(self.allowed),
            )
        return word


@dataclass(frozen=True)
class Within:
    """A parser for a whole number from a least to a most."""

    least: int
    most: int

    def __call__(self, cell: str) -> int:
        """The number."""
        value = whole(cell)
        if not self.least <= value <= self.most:
            raise errors.Invalid(
                '"%(cell)s" is not from %(least)s to %(most)s.',
                cell=cell,
                least=figures.Whole(self.least),
                most=figures.Whole(self.most),
            )
        return value


def one_of(*allowed: str, called: Mapping[str, str] | None = None) -> OneOf:
    """A parser for one of a few words, or for what others call them."""
    return OneOf(allowed, called=tuple((called or {}).items()))


def initial_of(*allowed: str) -> OneOf:
    """A parser for one of a few words or its first letter."""
    return OneOf(allowed, initials=True)
