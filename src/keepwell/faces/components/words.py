"""Numbers, money, days and durations as people read them; the clock is an argument, language and zone are the reader's."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from keepwell.kernel import days, figures, speech
from keepwell.kernel.figures import HARD, MINUS, figure, measured
from keepwell.kernel.moments import utc
from keepwell.kernel.money import Money

WEEK_DAYS = 7
FAR_DAYS = 120
OUTCOMES = {
    "created": speech.later("%(n)s created"),
    "updated": speech.later("%(n)s updated"),
    "unchanged": speech.later("%(n)s unchanged"),
    "rejected": speech.later("%(n)s rejected"),
}
DAY = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])")
SHORT_FORMS = {"it", "csm", "pm", "cto", "ceo", "cfo", "nps", "csat", "ces", "qbr"}


def number(value: float | None, unit: str = "") -> str:
    """A value with its unit, or a dash where it is unknown; NPS stands bare with its sign."""
    if value is None:
        return "–"
    if unit == "NPS" and value > 0:
        return f"+{figure(value)}"
    return measured(value, unit, gap=HARD)


def whole(value: float) -> str:
    """A whole number: "1,204"."""
    return figures.whole(value)


def exact(value: float, decimals: int) -> str:
    """A number with just so many decimals: "4.50"."""
    return figures.exact(value, decimals)


def plain(value: float) -> str:
    """A number as it was typed: "1.5", "24"."""
    return figures.figure(value, decimals=6)


def outcomes(each: Iterable[str]) -> str:
    """What became of the rows of a file, each created, updated, unchanged or rejected: "3 created, 1 rejected"."""
    found = Counter(each)
    return ", ".join(
        speech.told(sentence, n=found[kind]) for kind, sentence in OUTCOMES.items() if found[kind]
    )


def points(value: float | None) -> str:
    """A score as a whole number, or a dash."""
    return "–" if value is None else figures.exact(value, 0)


def percent(value: float, *, decimals: int = 0) -> str:
    """A share of a hundred: "12 %"."""
    return figures.shared(value, decimals=decimals)


def signed(value: float) -> str:
    """A change in points with its sign; nothing moved is "0"."""
    text = f"{abs(value):.0f}"
    return text if text == "0" else f"{'+' if value > 0 else MINUS}{text}"


def count(how_many: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 incident", "1,204 accounts"."""
    return f"{figures.whole(how_many)}{HARD}{speech.noun(how_many, one, many or one + 's')}"


def spoken(slug: str) -> str:
    """A slug as a word of a sentence begun: "product_owner" is "Product owner"."""
    text = slug.replace("_", " ").replace("-", " ").strip()
    return speech.told(text.upper() if text in SHORT_FORMS else text[:1].upper() + text[1:])


def remarked(text: str, *, today: date) -> str:
    """What a check found, as a sentence begun: its days are told as days, keys and addresses stay as they are."""
    said = DAY.sub(lambda found: _dated(found[0], today=today), text)
    return said[:1].upper() + said[1:]


def _dated(text: str, *, today: date) -> str:
    try:
        return day(date.fromisoformat(text), today=today, dated=True)
    except ValueError:  # a key that looks like a day
        return text


def money(amount: Money | None) -> str:
    """Money in full, or a dash."""
    return "–" if amount is None else str(amount)


def short_money(amount: Money) -> str:
    """Money to three figures for totals: "$14.2M", "CHF 340k"."""
    return amount.short


def sums(amounts: tuple[Money, ...]) -> str:
    """Totals by currency in one line, or nothing."""
    return " + ".join(short_money(amount) for amount in amounts)


def day(when: date, *, today: date, dated: bool = False) -> str:
    """A day as "3 Dec", with its year where that could be taken for another one.

    `dated` keeps the year of all but the near days of this year: for terms that begin and end in different years.
    """
    is_same_year, is_near = when.year == today.year, abs((when - today).days) < FAR_DAYS
    is_clear = is_same_year and is_near if dated else is_same_year or is_near
    return days.day_said(when) if is_clear else days.date_said(when)


def date_of(when: date, *, long: bool = False) -> str:
    """A day with its year: "3 Dec 2026"; `long` spells the month."""
    return days.date_said(when, long=long)


def away(when: date, *, today: date) -> str:
    """How far a day is: "today", "in 12 days", "34 days ago", "in 5 months"."""
    distance = (when - today).days
    size, way = abs(distance), 1 if distance > 0 else -1
    if size < 2:
        near = {0: speech.told("today"), 1: speech.told("tomorrow"), -1: speech.told("yesterday")}
        return near[distance]
    if size >= 730:
        return days.distance(way * (size // 365), "year")
    if size >= FAR_DAYS:
        return days.distance(way * round(size / 30.44), "month")
    return days.distance(distance, "day")


def local_day(at: datetime) -> date:
    """The day in which a moment lies where the reader is."""
    return timezone.localtime(utc(at)).date()


def day_when(at: datetime) -> date:
    """The day of something that happened: what is known by the day alone stands at its midnight, UTC, and stays there."""
    there = utc(at)
    return there.date() if there.time() == time.min else local_day(at)


def local_moment(day: date, clock: time) -> datetime:
    """A time of a day where the reader is, UTC."""
    return utc(datetime.combine(day, clock, tzinfo=timezone.get_current_timezone()))


def clock_time(at: datetime) -> str:
    """The time of day, in the reader's zone."""
    return days.time_said(timezone.localtime(utc(at)).time())


def clock_24(at: datetime) -> str:
    """The same as a field for times takes it: "14:00"."""
    return f"{timezone.localtime(utc(at)):%H:%M}"


def moment(at: datetime, *, today: date) -> str:
    """A day and time in the reader's zone: "3 Dec, 14:00 UTC"."""
    there = timezone.localtime(utc(at))
    return f"{days.joined(day(there.date(), today=today), clock_time(at))}{HARD}{there:%Z}"


def span(length: timedelta) -> str:
    """A duration by its two largest units: "2 d 4 h", "3 h 12 min", "40 s"; from a week on by days alone: "90 d"."""
    seconds = max(0, int(length.total_seconds()))
    whole_days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    sizes = ((whole_days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    first = next((i for i, (size, _) in enumerate(sizes) if size), 3)
    many = 1 if whole_days >= WEEK_DAYS else 2
    kept = [f"{size}{HARD}{speech.told(unit)}" for size, unit in sizes[first : first + many] if size]
    return " ".join(kept) or f"0{HARD}{speech.told('s')}"


def listed(items: list[str]) -> str:
    """Several in one sentence: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return speech.told("%(first)s and %(last)s", first=", ".join(items[:-1]), last=items[-1])


def initials(name: str) -> str:
    """Two letters for a person's mark."""
    name = name.partition("@")[0]
    parts = [part for part in name.replace(".", " ").split() if part[0].isalnum()]
    if not parts:
        return "?"
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else parts[0][1:2])).upper()
