"""A person as they are looked for: their keys, addresses and names; and how text that mentions them is scrubbed. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

LEAST_KEY = 6
LEAST_NAME = 5
GONE = "[erased]"

# Where a value alone, however short, can be nothing but the key of a person: columns and JSON names, without their signs.
PERSON_NAMES = frozenset(
    {
        "person",
        "personid",
        "personkey",
        "people",
        "user",
        "userid",
        "usermail",
        "contact",
        "contactid",
        "requester",
        "requesterid",
        "respondent",
        "respondentid",
        "previousid",
        "anonymousid",
        "distinctid",
        "invited",
        "attended",
        "attendees",
        "declinedby",
        "reportsto",
        "email",
        "mail",
        "emailaddress",
        "attendedby",
        "invitedby",
        "confirmedby",
        "askedby",
        "raisedby",
    }
)


@dataclass(frozen=True)
class Subject:
    """Whom we look for.

    `keys` are the raw keys by which sources name the person, the one that is asked for first; `emails` are addresses
    that nobody else has; `names` are full names.
    """

    keys: tuple[str, ...]
    emails: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=())

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What is looked for inside of texts: addresses, full names of two words, keys that can be nothing else."""
        keys = [key for key in self.keys if _telling(key)]
        return tuple(dict.fromkeys([*self.emails, *filter(_full, self.names), *keys]))

    @cached_property
    def not_searched(self) -> tuple[str, ...]:
        """What is too short or too common to be looked for inside of texts; there it stays."""
        return tuple(text for text in (*self.names, *self.keys) if text not in self.words)

    @cached_property
    def needles(self) -> tuple[str, ...]:
        """Lower-case pieces, at least one of which stands in every text that mentions the person, however it is encoded."""
        return tuple(sorted({text for word in self.words for text in _pieces(word)}))

    @cached_property
    def short_keys(self) -> tuple[str, ...]:
        """Keys that are not looked for inside of texts: only as values that stand under a name for a person."""
        return tuple(key for key in self.keys if key not in self.words)

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Finds a mention inside of a text; None when there is nothing to look for."""
        if not self.words:
            return None
        longest_first = sorted(self.words, key=len, reverse=True)
        return re.compile(
            r"(?<![\w.+-])(?:" + "|".join(map(_loosely, longest_first)) + r")(?![\w])", re.IGNORECASE
        )

    def is_mentioned(self, text: str) -> bool:
        """Whether a text mentions the person."""
        return bool(text) and self.pattern is not None and self.pattern.search(text) is not None

    def is_named_by(self, text: object, *, under: str = "") -> bool:
        """Whether a value is one of the person's keys or addresses; a short key only `under` a name that means a person."""
        said = str(text).strip() if isinstance(text, str | int) and not isinstance(text, bool) else ""
        if not said:
            return False
        if said.lower() in self.emails:
            return True
        return said in self.keys and (said in self.words or means_person(under))


def means_person(name: str) -> bool:
    """Whether a column or JSON name says that a value is a person's key or address."""
    return re.sub(r"[^a-z]", "", name.lower()) in PERSON_NAMES


def scrub(
    value: Any, subject: Subject, pseudonyms: Mapping[str, str], *, under: str = "", inside: str = GONE
) -> Any:
    """The value without the person: whole values that name them become the pseudonym, mentions in texts `inside`.

    Goes through lists and JSON objects; what does not mention the person comes back as it is.
    """
    if isinstance(value, dict):
        return {
            _text(name, subject, inside): scrub(part, subject, pseudonyms, under=name, inside=inside)
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return type(value)(scrub(part, subject, pseudonyms, under=under, inside=inside) for part in value)
    if subject.is_named_by(value, under=under):
        said = str(value).strip()
        first = next(iter(pseudonyms.values()), GONE)
        return pseudonyms.get(said, first)
    return _text(value, subject, inside) if isinstance(value, str) else value


def names(value: Any, subject: Subject, *, under: str = "") -> bool:
    """Whether a value, or any part of a JSON value, is a key or an address of the person."""
    if isinstance(value, dict):
        return any(names(part, subject, under=name) for name, part in value.items())
    if isinstance(value, list | tuple):
        return any(names(part, subject, under=under) for part in value)
    return subject.is_named_by(value, under=under)


def _text(text: str, subject: Subject, inside: str) -> str:
    return subject.pattern.sub(inside, text) if subject.pattern is not None and text else text


def _telling(key: str) -> bool:
    return len(key) >= LEAST_KEY and any(sign.isalpha() for sign in key)


def _full(name: str) -> bool:
    return len(name.split()) > 1 and len(name) >= LEAST_NAME


def _loosely(word: str) -> str:
    return r"\s+".join(re.escape(part) for part in word.split())


def _pieces(word: str) -> tuple[str, ...]:
    """Signs that no encoding changes, as many as stand together; else the word itself, plain and as JSON escapes it."""
    runs = re.findall(r"[a-z0-9@._-]+", word.lower())
    longest = max(runs, key=len, default="")
    if len(longest) >= min(3, len(word)):
        return (longest,)
    return (word.lower(), json.dumps(word)[1:-1].lower())
