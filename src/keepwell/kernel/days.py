"""Days, months and times of day as people read them: in the order, and with the names, of the reader's language."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from babel import dates

from keepwell.kernel import speech
from keepwell.kernel.figures import HARD

HOUSE = {
    "MMMd": "d MMM",
    "yMMMd": "d MMM y",
    "yMMMMd": "d MMMM y",
    "short": "HH:mm",
}  # of the house's English
Unit = Literal["day", "month", "year"]
SECONDS: dict[Unit, int] = {"day": 86400, "month": 86400 * 30, "year": 86400 * 365}
COUNTED = re.compile(r"(?<=\d) ")


def date_said(when: date, *, long: bool = False) -> str:
    """A day with its year: "3 Dec 2026"; `long` spells the month."""
    return _date(_plain(when), "yMMMMd" if long else "yMMMd", speech.language())


def day_said(when: date) -> str:
    """A day of a year that is clear: "3 Dec"."""
    return _date(_plain(when), "MMMd", speech.language())


def month_said(when: date) -> str:
    """A month of a year: "Dec 2026"."""
    return _date(_plain(when), "yMMM", speech.language())


def time_said(when: time) -> str:
    """A time of day: "14:00"."""
    return _time(when.replace(second=0, microsecond=0, tzinfo=None), speech.language())


def joined(day: str, clock: str) -> str:
    """A day with a time of day: "3 Dec, 14:00"."""
    pattern: str = speech.locale(speech.language()).datetime_formats["medium"].format(clock, day)
    return pattern


def distance(how_many: int, unit: Unit) -> str:
    """How far ahead, or back where negative, in days, months or years: "in 12 days", "34 days ago"."""
    return _distance(how_many, unit, speech.language())


def weekday(number: int, *, short: bool = False) -> str:
    """A day of the week; 1 is Monday."""
    width = "abbreviated" if short else "wide"
    name: str = speech.locale(speech.language()).days["stand-alone"][width][number - 1]
    return name


def month(number: int) -> str:
    """A month by its number; 1 is January."""
    name: str = speech.locale(speech.language()).months["stand-alone"]["wide"][number]
    return name


def day_pattern(language: str) -> str:
    """The order of day and month, in the letters of Unicode's patterns: "d MMM"."""
    skeletons = speech.locale(language).datetime_skeletons
    return HOUSE["MMMd"] if language == speech.ENGLISH else str(skeletons["MMMd"].pattern)


def _plain(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when


@lru_cache(maxsize=8192)
def _date(when: date, skeleton: str, language: str) -> str:
    locale = speech.locale(language)
    if language == speech.ENGLISH and skeleton in HOUSE:
        said = dates.format_date(when, HOUSE[skeleton], locale=locale)
    elif skeleton in locale.datetime_skeletons:
        said = dates.format_skeleton(skeleton, when, locale=locale)
    else:
        said = dates.format_date(when, "long", locale=locale)
    return said.replace(" ", HARD)


@lru_cache(maxsize=2048)
def _time(when: time, language: str) -> str:
    pattern = HOUSE["short"] if language == speech.ENGLISH else "short"
    return dates.format_time(when, pattern, locale=speech.locale(language)).replace("\u202f", HARD)


@lru_cache(maxsize=8192)
def _distance(how_many: int, unit: Unit, language: str) -> str:
    span = timedelta(seconds=how_many * SECONDS[unit])
    said = dates.format_timedelta(
        span, granularity=unit, threshold=10**9, add_direction=True, locale=speech.locale(language)
    )
    return COUNTED.sub(HARD, said)
