"""What is missing before a case study may be published. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from keepwell.kernel import speech

_GAP = re.compile(r"\[[^\]\n]+\](?!\()")

# Without these it is not published.
NEEDED = {
    "consent": speech.later("The customer’s consent: an ask for a case study that was answered with yes."),
    "value": speech.later("A value that somebody of theirs confirmed."),
    "gaps": speech.later("The places in square brackets are still to be filled."),
    "unpermitted": speech.later("The text has words of theirs that nobody permitted to use."),
}
# These make it better.
WANTED = {
    "reached": speech.later("An outcome that is noted as reached."),
    "quote": speech.later("Words of theirs that may be used."),
    "stale": speech.later("The facts have changed since it was drafted. Draft it anew, or check the text."),
}


@dataclass(frozen=True)
class Ready:
    """What is known of a draft and of what it rests on."""

    text: str
    has_consent: bool
    has_value: bool
    has_reached: bool
    permitted: Collection[str]
    unpermitted: Collection[str]
    is_stale: bool


def gaps(text: str) -> tuple[str, ...]:
    """The places in square brackets; a link is none."""
    return tuple(found[0] for found in _GAP.finditer(text))


def missing(told: Ready) -> tuple[str, ...]:
    """What is needed and not there, by slug, in the order of `NEEDED`."""
    found = {
        "consent": not told.has_consent,
        "value": not told.has_value,
        "gaps": bool(gaps(told.text)),
        "unpermitted": any(_stands(words, told.text) for words in told.unpermitted),
    }
    return tuple(slug for slug in NEEDED if found[slug])


def advice(told: Ready) -> tuple[str, ...]:
    """What would make it better, by slug."""
    found = {"reached": not told.has_reached, "quote": not told.permitted, "stale": told.is_stale}
    return tuple(slug for slug in WANTED if found[slug])


def _stands(words: str, text: str) -> bool:
    """Whether words stand in a text, however its lines are broken."""
    said, told = (" ".join(one.split()).casefold() for one in (words, text))
    return bool(said) and said in told
