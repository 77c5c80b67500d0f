"""Text as it is compared when somebody searches: without case, accents, signs that cannot be seen. Pure."""

import re
import unicodedata
from itertools import groupby

# Letters that Unicode does not take apart, as people type them.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "ى": "ي", "ة": "ه"}
)
LETTERS = "LNM"


def fold(text: str) -> str:
    """Lower case, without accents, vowel points and joiners: "Ångström" is "angstrom", "Weiß" is "weiss"."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = (sign for sign in apart if unicodedata.category(sign) not in ("Mn", "Cf"))
    return "".join(kept).translate(PLAIN)


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded, in their order; a picture sign (an emoji) is a word of its own."""
    folded = fold(text)
    if folded.isascii():
        return tuple(re.findall(r"[a-z0-9]+", folded))
    found: list[str] = []
    for kind, run in groupby(folded, key=_kind):
        if kind == "symbol":
            found.extend(run)
        elif kind == "letter":
            found.append("".join(run))
    return tuple(found)


def _kind(sign: str) -> str:
    category = unicodedata.category(sign)
    if category[0] in LETTERS:
        return "letter"
    return "symbol" if category == "So" else ""


def is_within(typed: str, word: str, *, slips: int) -> bool:
    """Whether a word begins with what was typed but for some slips: a letter wrong, missing, too many, or two turned round.

    Costs the product of both lengths.
    """
    return least_slips(typed, word[: len(typed) + slips]) <= slips


def least_slips(typed: str, word: str) -> int:
    """How many slips lie between what was typed and the nearest beginning of a word (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, sign in enumerate(typed, 1):
        last, row, older = row, [i], before
        for j, other in enumerate(word, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (sign != other))
            if older and j > 1 and sign == word[j - 2] and typed[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        before = last
    return min(row)
