"""What a person and the company may decide about how Keepwell looks and counts: each a line, with what it may hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from keepwell.kernel import calendars, speech
from keepwell.kernel.errors import Invalid

LANGUAGES = {
    "": speech.later("As the company says, else the browser"),
    "en": "English",
    "en-us": "English (US)",
    "de": "Deutsch",
    "ar": "العربية",
}
COMPANY_LANGUAGES = LANGUAGES | {"": speech.later("As the browser says")}
THEMES = {
    "": speech.later("As on this device"),
    "system": speech.later("As the system"),
    "light": speech.later("Light"),
    "dark": speech.later("Dark"),
}
DENSITIES = {"comfortable": speech.later("Comfortable"), "compact": speech.later("Compact")}
DIGESTS = {
    "never": speech.later("Never"),
    "daily": speech.later("Every working day"),
    "weekly": speech.later("Every Monday"),
}
HOURS = {"": speech.later("Never")} | {f"{hour:02}": f"{hour:02}:00" for hour in range(24)}
MOST_SIGNALS = 1000
MONTHS = {
    1: speech.later("January"),
    2: speech.later("February"),
    3: speech.later("March"),
    4: speech.later("April"),
    5: speech.later("May"),
    6: speech.later("June"),
    7: speech.later("July"),
    8: speech.later("August"),
    9: speech.later("September"),
    10: speech.later("October"),
    11: speech.later("November"),
    12: speech.later("December"),
}


@dataclass(frozen=True)
class Decision:
    """Something to decide: `default` until somebody does; `read` turns what is typed or sent into what is kept, or refuses."""

    slug: str
    title: str
    help: str
    default: Any
    read: Callable[[Any], Any]
    choices: Mapping[Any, str] | None = None
    form: str = "text"


def _one_of(choices: Mapping[Any, str]) -> Callable[[Any], Any]:
    def read(said: Any) -> Any:
        known = {str(key): key for key in choices}
        if str(said) not in known:
            raise Invalid(
                '"%(said)s" is not one of: %(listed)s.',
                said=said,
                listed=", ".join(key or "(empty)" for key in known),
            )
        return known[str(said)]

    return read


def _text(said: Any) -> str:
    text = str(said).strip()
    if len(text) > 100 or "\x00" in text:
        raise Invalid("Use at most 100 letters.")
    return text


def _zone(said: Any) -> str:
    if str(said) not in {"", *available_timezones()}:
        raise Invalid('"%(said)s" is no time zone. Use a name as in Europe/Berlin.', said=said)
    return str(said)


def _working_days(said: Any) -> list[int]:
    try:
        wanted = sorted({int(day) for day in said})
    except (TypeError, ValueError):
        raise Invalid("Working days are numbers from 1 (Monday) to 7 (Sunday).") from None
    calendars.WorkCalendar(frozenset(wanted))
    return wanted


def _signals(said: Any) -> int:
    text = str(said).strip()
    if isinstance(said, bool) or not text.isdecimal() or not 1 <= int(text[:9]) <= MOST_SIGNALS:
        raise Invalid("Use a whole number from 1 to %(most_signals)s.", most_signals=MOST_SIGNALS)
    return int(text)


def _holidays(said: Any) -> list[str]:
    if not isinstance(said, str | list):
        raise Invalid("Holidays are a list of days as 2026-12-25.")
    texts = said.split() if isinstance(said, str) else [str(day) for day in said]
    if len(texts) > 500:
        raise Invalid("At most 500 holidays are kept; take out those that are over.")
    return sorted(day.isoformat() for day in calendars.days(texts))


OF_PERSON = (
    Decision("language", "Language", "Of all texts, dates and numbers.", "", _one_of(LANGUAGES), LANGUAGES),
    Decision("time_zone", "Time zone", "As in Europe/Berlin; empty: the company’s.", "", _zone, form="zone"),
    Decision("theme", "Colours", "Light or dark, on every device.", "", _one_of(THEMES), THEMES),
    Decision("density", "Density", "How close rows stand.", "comfortable", _one_of(DENSITIES), DENSITIES),
    Decision(
        "digest", "Digest by mail", "What waits for you, in one mail.", "daily", _one_of(DIGESTS), DIGESTS
    ),
    Decision(
        "quiet_from",
        "Quiet from",
        "Signals wait from this hour of your day, unless they are critical.",
        "19",
        _one_of(HOURS),
        HOURS,
    ),
    Decision("quiet_until", "Quiet until", "Then they are told.", "07", _one_of(HOURS), HOURS),
    Decision("start", "First page", "Where Keepwell opens.", "", _text, form="place"),
)
OF_COMPANY = (
    Decision("name", "Name", "As customers know you.", "", _text),
    Decision(
        "language",
        "Language",
        "Of whoever has chosen none.",
        "",
        _one_of(COMPANY_LANGUAGES),
        COMPANY_LANGUAGES,
    ),
    Decision(
        "fiscal_year_start",
        "Fiscal year begins in",
        "Quarters are counted from there.",
        1,
        _one_of(MONTHS),
        MONTHS,
    ),
    Decision(
        "working_days",
        "Working days",
        "Clocks of whole weeks stand still on the others.",
        [1, 2, 3, 4, 5],
        _working_days,
        form="days",
    ),
    Decision("holidays", "Holidays", "One a line, as 2026-12-25.", [], _holidays, form="dates"),
    Decision(
        "time_zone",
        "Time zone",
        "Where its working days begin and end, and of whoever has chosen none.",
        "UTC",
        _zone,
        form="zone",
    ),
    Decision(
        "signals_a_day",
        "Signals a person a day",
        "What is beyond waits for the next working day; critical ones are told anyway.",
        10,
        _signals,
    ),
)
PERSONS = {decision.slug: decision for decision in OF_PERSON}
COMPANYS = {decision.slug: decision for decision in OF_COMPANY}


def read(known: Mapping[str, Decision], said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, as it is kept; refuses what is not known or may not be so, by its title."""
    kept = {}
    for slug, value in said.items():
        if slug not in known:
            raise Invalid(
                '"%(slug)s" cannot be decided. Known: %(listed)s.', slug=slug, listed=", ".join(known)
            )
        try:
            kept[slug] = known[slug].read(value)
        except Invalid as refusal:
            raise Invalid("%(title)s: %(refusal)s", title=known[slug].title, refusal=str(refusal)) from None
    return kept
