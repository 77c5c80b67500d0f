"""Texts without whom they are about: for a copy that is shown to somebody else. Pure."""

import re
from collections.abc import Iterable

from keepwell.kernel import speech

LEAST_WORD = 4
# Words of company names that name nobody.
GENERIC = frozenset(
    (
        "group",
        "holding",
        "holdings",
        "company",
        "corporation",
        "international",
        "global",
        "systems",
        "services",
        "solutions",
        "software",
        "technologies",
    )
)
_MONEY = re.compile(
    r"(?:[$€£¥]|\b(?:USD|EUR|GBP|CHF|JPY)\b)\s?\d[\d.,’']*\s?(?:[kmb]n?|million|billion)?\b"
    r"|\b\d[\d.,’']*\s?(?:[kKM]n?|million|billion)?\s?(?:€|\$|£|(?:USD|EUR|GBP|CHF|JPY)\b)",
    re.I,
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Redactor:
    """Takes a customer, their people and ours, amounts of money and addresses out of texts."""

    def __init__(self, *, account: Iterable[str], people: Iterable[str]) -> None:
        names = {name for name in account if name.strip()}
        parts = {word for name in names for word in re.findall(r"\w+", name) if _tells(word)}
        self._account = _any(names | parts)
        whole = {name for name in people if name.strip()}
        self._people = _any(
            whole | {word for name in whole for word in re.findall(r"\w+", name) if _tells(word)}
        )

    def clean(self, text: str) -> str:
        """The text without them."""
        said = _MAIL.sub(speech.told("somebody"), text)
        said = _MONEY.sub(speech.told("(an amount)"), said)
        if self._account is not None:
            said = self._account.sub(speech.told("the customer"), said)
        return said if self._people is None else self._people.sub(speech.told("somebody"), said)


def _tells(word: str) -> bool:
    return len(word) >= LEAST_WORD and word.lower() not in GENERIC


def _any(words: set[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    longest = sorted(words, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in longest), re.I)
