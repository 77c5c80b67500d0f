"""The reasons why something was not taken, each with a stable slug: read from the sentence that a sender is told.

The sentence stays the one statement of what is wrong; a slug only groups sentences that one deed can mend. A sentence
that nothing here knows is "other".
"""

import re
from dataclasses import dataclass

from keepwell.kernel import speech

ABOUT_LENGTH = 200


@dataclass(frozen=True)
class Reason:
    """A group of refusals: what it is called, what to do, and how its sentences are told; group 1 is what it is about."""

    slug: str
    title: str
    advice: str
    pattern: re.Pattern[str]


def _reason(slug: str, title: str, advice: str, pattern: str) -> Reason:
    return Reason(slug, speech.later(title), speech.later(advice), re.compile(pattern, re.DOTALL))


_REASONS = (
    _reason(
        "field-misfit",
        "A value does not fit its custom field",
        "Mend the value, or declare the field with another type; then replay.",
        r'custom field "(.+?)" (?!is empty)',
    ),
    _reason(
        "account-unknown",
        "The account is not known",
        "Import the account, or mend its key; then replay.",
        r'account "(.+?)" is not known',
    ),
    _reason(
        "owner-unknown",
        "The owner cannot sign in",
        "Make the user, then replay.",
        r'owner "(.+?)" cannot sign in',
    ),
    _reason(
        "id-taken",
        "The id was used for other content",
        "Give it an id of its own if it is another event; else dismiss it.",
        r"with other content",
    ),
    _reason(
        "date-unreadable",
        "A date cannot be read",
        "Write it as YYYY-MM-DD, or choose the file's date format.",
        r'"(.{0,200}?)" (?:is no date|is no day|is out of reach|fits no)',
    ),
    _reason(
        "date-out-of-reach",
        "A time is too early or in the future",
        "Mend the time, or leave it out.",
        r'timestamp "(.*?)" is (?:before|more than)',
    ),
    _reason(
        "figure-unreadable",
        "A figure cannot be read",
        "Use digits and a decimal point, or choose the file's decimal sign.",
        r'"(.{0,200}?)" is (?:no amount|no number|no whole number|more than can be kept)',
    ),
    _reason(
        "word-not-allowed",
        "A word is not one of those allowed",
        "Use one of the words that the reason lists.",
        r'"(.{0,200}?)" (?:is not known here|is neither yes nor no|is no currency|is not known\. Use)',
    ),
    _reason(
        "address-unreadable",
        "An e-mail address cannot be read",
        "Mend the address, or leave it out.",
        r'"(.{0,200}?)" is no e-mail address',
    ),
    _reason(
        "name-not-allowed",
        "The name is not for a sender to say",
        "Use another name, or import the table that it follows from.",
        r'"(.{0,200}?)" (?:is written by Keepwell alone|follows from the table)',
    ),
    _reason(
        "value-missing",
        "Something that is needed is missing",
        "Fill it in, for one row or for all of these at once.",
        r"(\S+) (?:is empty, but|is missing|are both (?:missing|needed))|(?:none of .* is given|arr without since)",
    ),
    _reason(
        "order-of-days",
        "One day is before another that must come first",
        "Mend one of the two.",
        r"is (?:before|not after) (?:\w+ )?\d{4}-\d\d-\d\d|(?:is before|is not after) (?:opened_at|start_date|since)",
    ),
    _reason(
        "off-the-scale",
        "A score is not on its scale",
        "Mend the score or the survey.",
        r"is not on the .* scale",
    ),
    _reason(
        "too-long",
        "A text is too long",
        "Shorten it.",
        r"characters long|has (?:more than )?[\d,]+ (?:characters|bytes)|have at most [\d,]+ characters",
    ),
    _reason(
        "row-unreadable",
        "The row or call cannot be read",
        "Mend the quotes, or the JSON.",
        r"quote|cells, but the header|JSON|UTF-8|NUL|Expected|a line has more than",
    ),
    _reason(
        "not-kept",
        "More than can be kept",
        "Send these again: their content was not kept.",
        r"they were not kept",
    ),
    _reason(
        "person-erased",
        "The person was erased",
        "Nothing, as it was their wish; an administrator re-admits them if they came back.",
        r"was erased at their own request",
    ),
    _reason(
        "overtaken",
        "A later import told the row anew",
        "Dismiss it: what came later stands. Or import the row again if it is right after all.",
        r"was told anew by import (\d+)",
    ),
    _reason(
        "not-storable",
        "The database refused it",
        "Look for a figure or a day that is far off.",
        r"it cannot be stored",
    ),
)
OTHER = _reason("other", "Another reason", "Read the sentence of each.", r"")
REASONS: dict[str, Reason] = {reason.slug: reason for reason in (*_REASONS, OTHER)}


def told(sentence: str) -> tuple[str, str]:
    """The slug of a sentence, and the value that it names ("" if none)."""
    for reason in _REASONS:
        if found := reason.pattern.search(sentence):
            about = next((group for group in found.groups() if group), "")
            return reason.slug, about[:ABOUT_LENGTH]
    return OTHER.slug, ""


def columns(sentence: str) -> dict[str, str]:
    """The same, as the dead letter keeps it."""
    why, about = told(sentence)
    return {"why": why, "about": about}


def find(slug: str) -> Reason:
    """The reason with this slug; one that is no longer known reads as "other"."""
    return REASONS.get(slug, OTHER)
